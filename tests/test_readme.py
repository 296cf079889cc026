"""
What the README promises is compared with the code.
"""

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import get_args

from monitor.cli import cli, demo, sandbox
from monitor.config import Settings, load_settings
from monitor.config.web import Web
from monitor.core.cause import Cause
from monitor.core.check import Check
from monitor.core.clock import SystemClock
from monitor.core.duration import show_duration
from monitor.core.severity import Severity
from monitor.incidents.settings import Alerts
from monitor.registry import load_registry
from monitor.sandbox.faults.phrases import parse_fault
from monitor.sandbox.incidents.catalogue import INCIDENTS
from monitor.sinks.incident_families import Queue
from monitor.sinks.prometheus import Metrics
from monitor.sinks.settings import SinkSettings
from monitor.web.server import Backstage, WebServer
from tests.web.serving import settings_of

README = Path(__file__).parents[1] / "README.md"


def section(title: str) -> str:
    """
    Return what stands under *title*, up to the next one of its rank.
    """
    return README.read_text().partition(f"\n## {title}\n")[2].partition("\n## ")[0]


class Nothing:
    """
    No incident, and no sink.
    """

    def open_findings(self) -> Mapping[tuple[str, str], bool]:
        return {}

    def open_incidents(self) -> Sequence[tuple[Severity, Cause]]:
        return []

    def queues(self) -> Mapping[str, Queue]:
        return {}

    def proved_at(self) -> Mapping[str, datetime]:
        return {}


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
    table = section("Configuration")

    assert set(re.findall(r"^\| `(\w+)` \|", table, re.MULTILINE)) == Settings.model_fields.keys()


def test_every_sink_is_listed_and_no_other_with_every_setting() -> None:
    rows = re.findall(r"^\| `(\w+)` \|(.*)\|(.*)\|$", section("Incidents").partition("| sink |")[2], re.MULTILINE)
    settings = {
        name: {each.removesuffix("_seconds") for each in get_args(field.annotation)[0].model_fields} - {"severities"}
        for name, field in SinkSettings.model_fields.items()
    }

    assert [name for name, _, _ in rows] == list(settings)
    for name, text, _ in rows:
        assert settings[name] <= set(re.findall(r"`(\w+)`", text)), name


def test_every_setting_of_alerts_is_listed_with_its_default() -> None:
    rows = dict(re.findall(r"^\| `(\w+)` \| (\w*) ?\|", section("Incidents").partition("| sink |")[0], re.MULTILINE))
    defaults = {name.removesuffix("_seconds"): field.default for name, field in Alerts.model_fields.items()}

    assert {name: rows.pop(name) for name in ("maintenance", "canary")} == {"maintenance": "", "canary": ""}
    assert rows.keys() == defaults.keys() - {"maintenance", "canary"}
    for name, text in rows.items():
        assert text in {str(defaults[name]), show_duration(float(defaults[name]))}, name


def test_every_setting_of_the_web_server_is_listed_with_its_default() -> None:
    rows = re.findall(r"^\| (`\w+`(?:, `\w+`)*) \| ([^|]*) ?\|", section("Status page and API"), re.MULTILINE)
    listed = {name: default.strip() for names, default in rows for name in re.findall(r"\w+", names)}

    assert listed.keys() == Web.model_fields.keys()
    for name, default in listed.items():
        assert default == str(Web.model_fields[name].default or ""), name


def test_every_path_shown_for_the_api_is_served() -> None:
    backstage = Backstage(page=Metrics(target="t", location="l").page, run_now=_nothing, unready=str)
    routes = WebServer(settings_of(), SystemClock(), backstage).routes
    patterns = [re.sub(r"\{\w+\}", r"[\\w-]+", route.path) for route in routes]
    text = section("Status page and API")

    shown = re.findall(r"localhost:9464(/[\w/-]*)", text)
    beside = re.findall(r"/\w+(?:/NAME|/ID)?", text.partition("# all of it; ")[2].partition("\n")[0])

    assert len(beside) == 6
    for path in [*shown, *(f"/api/v1{path}" for path in beside)]:
        assert any(re.fullmatch(pattern, path) for pattern in patterns), path


async def _nothing(_check: Check) -> None:
    return None


def test_every_metric_is_listed_and_no_other() -> None:
    table = section("Metrics")
    metrics = Metrics(target="t", location="l")
    metrics.expect(Check.model_validate({"name": "a"}), reasons=[], steps=[])
    metrics.count_leftovers(dict)
    metrics.count_incidents(Nothing())

    exported = {
        f"{family.name}{'_total' if family.type == 'counter' else '_info' if family.type == 'info' else ''}"
        for family in metrics.collect()
    }

    assert set(re.findall(r"(?:synthetic|process)_\w+", table)) == exported


def test_every_fault_and_option_shown_for_the_sandbox_exists() -> None:
    text = section("The sandbox")
    options = {name for parameter in sandbox.params for name in parameter.opts}

    faults = re.findall(r"--fault ([a-z]\S+)", text)
    shown = set(re.findall(r"(?<![\w-])--[a-z-]+", text))

    assert [parse_fault(each) for each in faults]
    assert shown <= options | {"--help"}


def test_every_incident_that_can_be_replayed_is_listed_and_no_other() -> None:
    text = section("The demo")
    options = {name for parameter in demo.params for name in parameter.opts}

    assert re.findall(r"^\| `([\w-]+)` \|", text, re.MULTILINE) == list(INCIDENTS)
    assert set(re.findall(r"(?<![\w-])--[a-z][a-z-]+", text)) <= options


def test_every_command_and_option_shown_for_incidents_exists() -> None:
    shown = re.findall(r"^\$ monitor (\w+)([^#\n]*)", section("Incidents"), re.MULTILINE)

    assert {name for name, _ in shown} == {"incidents", "history", "silence", "page"}
    for name, words in shown:
        options = {option for parameter in cli.commands[name].params for option in parameter.opts}
        assert set(re.findall(r"(?<!\S)--?[a-z-]+", words)) <= options, name
