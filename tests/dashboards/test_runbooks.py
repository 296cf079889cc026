"""
The runbooks: every one has what whoever is woken needs, every command in them exists, and every link leads somewhere.

That those of the causes are as the rules have them is held in ``tests/diagnosis/test_runbook.py``.
"""

import re
from pathlib import Path

import click
import pytest

from monitor.cli import cli
from monitor.core.cause import Cause
from monitor.diagnosis.consequence import CONSEQUENCES
from monitor.registry import load_registry
from tests.dashboards.exported import exported
from tests.dashboards.files import FOLDER, alerts, read, rules

RUNBOOKS = FOLDER / "runbooks"
_PAGES = sorted(path for path in RUNBOOKS.glob("*.md") if path.name != "README.md")
_BY_HAND = [path for path in _PAGES if path.stem not in set(Cause)]
_DASHBOARDS = {"overview", "journey", "realtime", "access", "monitor"}


def _name(path: Path) -> str:
    return path.stem


@pytest.mark.parametrize("path", _PAGES, ids=_name)
def test_it_says_where_to_look_what_to_do_and_when_it_is_over(path: Path) -> None:
    titles = re.findall(r"^## (.*)$", path.read_text(), re.MULTILINE)

    assert [title for title in titles if title in {"Look here", "Do this", "When it is over"}] == [
        "Look here",
        "Do this",
        "When it is over",
    ]


@pytest.mark.parametrize("path", [*_PAGES, RUNBOOKS / "README.md"], ids=_name)
def test_its_links_lead_somewhere(path: Path) -> None:
    links = re.findall(r"\]\(([^)]*)\)", path.read_text())
    dashboards = {Path(link).stem for link in links if link.endswith(".json")}

    assert all((RUNBOOKS / link).is_file() for link in links if link.endswith(".md"))
    assert all(link.endswith((".md", ".json")) for link in links)
    assert dashboards <= _DASHBOARDS


@pytest.mark.parametrize("path", _PAGES, ids=_name)
def test_its_commands_metrics_and_kinds_exist(path: Path) -> None:
    text = path.read_text()
    recorded = {rule["record"] for rule in rules() if "record" in rule}

    for words in re.findall(r"`monitor ([a-z][^`]*)`", text):
        _assert_command(words.split())
    assert set(re.findall(r"\bsynthetic[_:][\w:]+", text)) <= exported() | recorded
    assert set(re.findall(r"--kind (\w+)", text)) <= load_registry().kinds.keys()


def _assert_command(words: list[str]) -> None:
    command: click.Command = cli
    while isinstance(command, click.Group):
        command = command.commands[words.pop(0)]
    options = {option for parameter in command.params for option in parameter.opts}
    assert {word for word in words if re.fullmatch(r"--?[a-z-]+", word)} <= options, words


def test_each_one_written_by_hand_is_led_to_by_an_alert_and_names_all_that_lead_to_it() -> None:
    led: dict[str, set[str]] = {}
    for name, alert in alerts().items():
        led.setdefault(Path(alert["annotations"]["runbook_url"]).stem, set()).add(name)
    titles = {path.stem: path.read_text().partition("\n")[0] for path in _BY_HAND}

    assert titles.keys() <= led.keys()
    for stem in titles.keys() - {"paging"}:
        assert set(titles[stem].removeprefix("# ").split(", ")) == led[stem]


def test_the_index_has_every_page_once() -> None:
    links = re.findall(r"\]\((\w+)\.md\)", (RUNBOOKS / "README.md").read_text())

    assert sorted(links) == [path.stem for path in _PAGES]


def test_every_cause_has_consequences() -> None:
    assert CONSEQUENCES.keys() == set(Cause)


def test_a_dashboard_is_called_what_it_calls_itself() -> None:
    views = {consequence.view for consequence in CONSEQUENCES.values()}

    assert {view.dashboard for view in views} == _DASHBOARDS
    for view in views:
        assert read(FOLDER / f"{view.dashboard}.json")["title"] == view.title
