"""
What the README promises is compared with the code.
"""

import re
from pathlib import Path

from monitor.cli import sandbox
from monitor.config import Settings, load_settings
from monitor.core.check import Check
from monitor.registry import load_registry
from monitor.sandbox.faults.phrases import parse_fault
from monitor.sinks.prometheus import Metrics

README = Path(__file__).parents[1] / "README.md"


def test_the_smallest_configuration_is_valid(tmp_path: Path) -> None:
    example = re.search(r"```yaml\n(.*?)```", README.read_text(), re.DOTALL)
    assert example is not None
    path = tmp_path / "monitor.yaml"
    path.write_text(example.group(1))

    settings = load_settings(path, load_registry(), {})

    assert list(settings.checks) == ["bookings-exist", "realtime-connect", "chat-delivery"]


def test_every_other_configuration_is_valid(tmp_path: Path) -> None:
    _, *others = re.findall(r"```yaml\n(.*?)```", README.read_text(), re.DOTALL)
    path = tmp_path / "monitor.yaml"

    for example in others:
        path.write_text(example)

        assert load_settings(path, load_registry(), {}).checks


def test_every_kind_is_listed_and_no_other() -> None:
    table = README.read_text().partition("## Checks")[2].partition("### Journeys")[0]

    assert set(re.findall(r"^\| `(\w+)` \|", table, re.MULTILINE)) == load_registry().kinds.keys()


def test_every_section_of_the_configuration_is_listed() -> None:
    table = README.read_text().partition("## Configuration")[2].partition("## Metrics")[0]

    assert set(re.findall(r"^\| `(\w+)` \|", table, re.MULTILINE)) == Settings.model_fields.keys()


def test_every_metric_is_listed_and_no_other() -> None:
    table = README.read_text().partition("## Metrics")[2].partition("## When")[0]
    metrics = Metrics(target="t", location="l")
    metrics.expect(Check.model_validate({"name": "a"}), reasons=[], steps=[])
    metrics.count_leftovers(dict)

    exported = {
        f"{family.name}{'_total' if family.type == 'counter' else '_info' if family.type == 'info' else ''}"
        for family in metrics.collect()
    }

    assert set(re.findall(r"synthetic_\w+", table)) == exported


def test_every_fault_and_option_shown_for_the_sandbox_exists() -> None:
    section = README.read_text().partition("## The sandbox")[2].partition("\n## ")[0]
    options = {name for parameter in sandbox.params for name in parameter.opts}

    faults = re.findall(r"--fault ([a-z]\S+)", section)
    shown = set(re.findall(r"(?<![\w-])--[a-z-]+", section))

    assert [parse_fault(each) for each in faults]
    assert shown <= options | {"--help"}
