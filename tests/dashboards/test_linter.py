"""
The dashboards are built alike: the rules of Grafana's own linter that fit a monitor whose labels are its own, and ours.

Of the linter's rules these are left out: labels and matchers named ``job`` and ``instance`` (a check has neither), and
those on logs (there are none).
"""

import json
import re
import shlex
import shutil
import subprocess
from collections.abc import Iterator
from itertools import combinations
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from monitor.core.cause import Cause
from tests.dashboards.dashboard import (
    DASHBOARDS,
    FOLDER,
    Panel,
    Query,
    all_panels,
    all_queries,
    expanded,
    labels_in,
    query_variables,
    text_variables,
)
from tests.tools import require

_PANELS = [pytest.param(panel, id=panel.name) for panel in all_panels()]
_BOARDS = [pytest.param(name, board, id=name) for name, board in DASHBOARDS.items()]
README = FOLDER.parent / "README.md"
_SOURCE = {"type": "prometheus", "uid": "${datasource}"}
# Of Grafana's many units.
_UNITS = {"none", "s", "dtdurations", "dateTimeFromNow", "percentunit", "bytes"}
# Windows that stand in a query as they are, and why: the reason of a failure is looked for at two ages.
_OWN_WINDOWS = {("overview", "Checks that fail"): {"10m", "6h"}}
_COUNTER = re.compile(r"(\w+)\(\w+_(?:total|bucket|sum)(?:\{[^}]*\})?\[([^\]]+)\]")
_BARE_COUNTER = re.compile(r"\w+_(?:total|bucket|sum)\b(?!(?:\{[^}]*\})?\[)")
# What Grafana puts in by itself, in queries and in links.
_BUILT_IN = {"__rate_interval", "__range", "__interval", "__field", "__data", "__all"}
# Every series and result that has a meaning of its own has the colour of that meaning.
_COLOURS = {
    "passed": {"green"},
    "delivered": {"green"},
    "degraded": {"yellow"},
    "late": {"yellow"},
    "additive": {"yellow"},
    "ticket": {"yellow"},
    "failed": {"red"},
    "lost": {"red"},
    "breaking": {"red"},
    "page": {"red"},
    "leaked": {"dark-red"},
    "errored": {"purple"},
    "missed": {"#808080"},
}


def named_in(text: str) -> set[str]:
    """
    Return the names of the variables in *text*.
    """
    return {found[1] or found[2] for found in re.finditer(r"\$(?:\{(\w+)[^}]*\}|(\w+))", text)}


def fields_of(panel: Panel) -> Iterator[dict[str, Any]]:
    """
    Return the settings of all its fields: the defaults, and each override as one.
    """
    yield panel.json["fieldConfig"]["defaults"]
    for override in panel.json["fieldConfig"]["overrides"]:
        yield {each["id"]: each["value"] for each in override["properties"]}


def links_of(panel: Panel) -> list[str]:
    return [link["url"] for field in fields_of(panel) for link in field.get("links", ())]


@pytest.mark.parametrize(("name", "board"), _BOARDS)
def test_a_dashboard_is_fixed_found_and_linked(name: str, board: dict[str, Any]) -> None:
    assert board["editable"] is False
    assert board["uid"] == f"monitor-{ {'monitor': 'itself'}.get(name, name) }"
    assert "id" not in board
    [others, status_page] = board["links"]
    assert (others["type"], others["includeVars"], others["keepTime"]) == ("dashboards", True, True)
    assert set(others["tags"]) <= set(board["tags"])
    assert status_page["url"] == "${monitor_url}/"


def test_each_dashboard_has_a_name_of_its_own() -> None:
    assert len({board["uid"] for board in DASHBOARDS.values()}) == len(DASHBOARDS)
    assert len({board["title"] for board in DASHBOARDS.values()}) == len(DASHBOARDS)


@pytest.mark.parametrize(("name", "board"), _BOARDS)
def test_variables_choose_the_source_and_many_of_everything(name: str, board: dict[str, Any]) -> None:
    first, *rest = board["templating"]["list"]

    assert (first["name"], first["type"], first["query"]) == ("datasource", "datasource", "prometheus")
    assert {"target", "location"} <= {each["name"] for each in rest}
    for each in rest:
        if each["type"] == "query":
            assert each["datasource"] == _SOURCE
            # When the time range changes: a new check is there at the next look.
            assert each["refresh"] == 2
            assert each["multi"]
            assert each["includeAll"]
    for each in board["templating"]["list"]:
        assert each["label"]
        assert each["description"].endswith(".")


@pytest.mark.parametrize(("name", "board"), _BOARDS)
def test_every_variable_is_declared_and_used(name: str, board: dict[str, Any]) -> None:
    declared = {each["name"] for each in board["templating"]["list"]}
    used = named_in(json.dumps(board)) - _BUILT_IN | {panel["repeat"] for panel in board["panels"] if "repeat" in panel}

    assert used == declared


@pytest.mark.parametrize(("name", "board"), _BOARDS)
def test_panels_have_ids_and_places_of_their_own(name: str, board: dict[str, Any]) -> None:
    places = [panel["gridPos"] for panel in board["panels"]]

    assert len({panel["id"] for panel in board["panels"]}) == len(places)
    assert all(place["x"] + place["w"] <= 24 for place in places)
    for one, other in combinations(places, 2):
        beside = one["x"] + one["w"] <= other["x"] or other["x"] + other["w"] <= one["x"]
        assert beside or one["y"] + one["h"] <= other["y"] or other["y"] + other["h"] <= one["y"], (one, other)


@pytest.mark.parametrize("panel", _PANELS)
def test_a_panel_says_what_it_is_and_what_nothing_means(panel: Panel) -> None:
    description = panel.json["description"]

    assert panel.title[0].isupper() or panel.title.startswith("$")
    assert len(description) > 60
    assert description.endswith((".", ";", "?"))
    assert panel.json["fieldConfig"]["defaults"]["noValue"]


@pytest.mark.parametrize(
    "panel", [pytest.param(panel, id=panel.name) for panel in all_panels() if panel.is_of_a_moment]
)
def test_what_is_at_one_moment_is_asked_of_one_moment(panel: Panel) -> None:
    # The last value of a range is that of a monitor which may be long dead.
    for target in panel.json["targets"]:
        assert (target["instant"], target["range"]) == (True, False)


@pytest.mark.parametrize("panel", [pytest.param(panel, id=panel.name) for panel in all_panels() if panel.is_about_now])
def test_nothing_is_never_said_to_be_well(panel: Panel) -> None:
    # Nothing is there when all is well, or when there is no monitor.
    assert "heard" in panel.no_value


@pytest.mark.parametrize(("name", "board"), _BOARDS)
def test_panels_have_titles_of_their_own(name: str, board: dict[str, Any]) -> None:
    # Or one would stand for the other in these tests, too.
    titles = [panel["title"] for panel in board["panels"]]

    assert len(set(titles)) == len(titles)


@pytest.mark.parametrize("panel", _PANELS)
def test_a_panel_asks_the_chosen_source(panel: Panel) -> None:
    assert panel.json["datasource"] == _SOURCE
    assert panel.json["targets"]
    assert all(target["datasource"] == _SOURCE for target in panel.json["targets"])
    refs = [target["refId"] for target in panel.json["targets"]]
    assert len(set(refs)) == len(refs)


@pytest.mark.parametrize("panel", _PANELS)
def test_a_panel_has_units_or_words_for_its_values(panel: Panel) -> None:
    fields = list(fields_of(panel))
    units = [field["unit"] for field in fields if "unit" in field]

    assert set(units) <= _UNITS
    assert units or any("mappings" in field for field in fields)


@pytest.mark.parametrize("panel", _PANELS)
def test_colours_have_one_meaning(panel: Panel) -> None:
    for override in panel.json["fieldConfig"]["overrides"]:
        for each in override["properties"]:
            if each["id"] == "color" and (expected := _COLOURS.get(override["matcher"]["options"])):
                assert each["value"]["fixedColor"] in expected
    for field in fields_of(panel):
        for mapping in field.get("mappings", ()):
            # What is special, such as nothing, is not called by a word.
            for option in mapping["options"].values() if mapping["type"] == "value" else ():
                assert option.get("color") in _COLOURS.get(option["text"], {option.get("color")})


@pytest.mark.parametrize("query", [pytest.param(query, id=query.name) for query in all_queries()])
def test_a_query_reads_counters_as_rates_over_windows_that_fit_the_graph(query: Query) -> None:
    for function, window in _COUNTER.findall(query.expr):
        assert function in {"rate", "increase"}
        fitting = {"$__rate_interval"} if function == "rate" else {"$__rate_interval", "$__range"}
        assert window in fitting | _OWN_WINDOWS.get((query.dashboard, query.panel), set())
        # A window over the whole range is one figure, of which each point of a graph would be another one.
        assert window != "$__range" or query.is_instant
    assert not _BARE_COUNTER.findall(query.expr)


@pytest.mark.parametrize("panel", _PANELS)
def test_bars_are_as_wide_as_what_they_count(panel: Panel) -> None:
    # A rate is taken over a minute at least: of closer bars each would count what the one beside it has counted.
    if panel.json["fieldConfig"]["defaults"].get("custom", {}).get("drawStyle") == "bars":
        assert all(query.least_step_seconds for query in panel.queries())


@pytest.mark.parametrize("query", [pytest.param(query, id=query.name) for query in all_queries()])
def test_a_query_asks_for_what_is_chosen_and_names_nothing(query: Query) -> None:
    for selector in re.findall(r"\b(?:synthetic[\w:]*)\{([^}]*)\}", query.expr):
        matchers = dict(re.findall(r'(\w+)(?:=~|!=|=)"([^"]*)"', selector))
        for label in ("target", "location"):
            assert matchers[label] == f"${label}"
        for label in ("check", "kind"):
            assert matchers.get(label, f"${label}") == f"${label}"


@pytest.mark.parametrize("panel", _PANELS)
def test_quotients_are_guarded_against_nothing(panel: Panel) -> None:
    for query in panel.queries():
        for divisor in re.findall(r"/ ?(\S.{0,40})", query.expr):
            assert divisor.startswith(("(", "clamp_min(")), divisor
        if "histogram_quantile" in query.expr and query.is_instant:
            # Of no observations it is not a number, which a single value would show.
            assert query.expr.rstrip().endswith(">= 0")


@pytest.mark.parametrize("panel", _PANELS)
def test_only_where_zero_is_true_nothing_becomes_zero(panel: Panel) -> None:
    # There, nothing fresh beside checks that are configured is zero fresh ones.
    allowed = {"overview: Without a fresh run"}

    assert panel.name in allowed or not any("vector(0)" in query.expr for query in panel.queries())


@pytest.mark.parametrize("panel", _PANELS)
def test_histograms_that_know_their_runs_show_them(panel: Panel) -> None:
    shown = [target["exemplar"] for target in panel.json["targets"] if not target["instant"]]
    asked = " ".join(query.expr for query in panel.queries() if not query.is_instant)
    # Of the others no exemplar is exported: a step is part of a run that has one, and the rest are no runs.
    knows = re.search(r"synthetic_(check_duration|realtime_delivery)_seconds_bucket", asked)

    assert any(shown) is bool(knows)
    assert ("The dots are single" in panel.json["description"]) is bool(knows)


@pytest.mark.parametrize("panel", _PANELS)
def test_links_lead_from_a_check_to_its_runs_and_from_a_cause_to_its_runbook(panel: Panel) -> None:
    checks_shown = any("check" in labels_in(query.legend) for query in panel.queries())

    links = links_of(panel)

    assert all(link.startswith(("${monitor_url}/", "${runbook_url}/")) for link in links)
    assert any("/checks/" in link for link in links) or not checks_shown


def test_a_cause_of_every_name_leads_to_a_runbook_that_exists() -> None:
    [link] = [link for panel in all_panels() for link in links_of(panel) if link.startswith("${runbook_url}/")]

    for cause in Cause:
        page = Path(urlsplit(link.replace("${__data.fields.cause}", cause)).path).name
        assert (FOLDER / "runbooks" / page).exists()


def test_links_lead_to_the_status_page_until_the_command_of_the_readme_has_said_where(tmp_path: Path) -> None:
    [command] = re.findall(r"^\$ (sed -i .*) dashboards/\*\.json$", README.read_text(), re.MULTILINE)
    copies = [Path(shutil.copy(path, tmp_path)) for path in FOLDER.glob("*.json")]

    subprocess.run([*shlex.split(command), *copies], check=True, timeout=30)

    addresses = {value for name in DASHBOARDS for value in text_variables(name).values()}
    said = {each for path in copies for each in re.findall(r"https?://[^\"]*", path.read_text())}
    # What follows a # is the reader's own: the status page itself opens, and tells what to do.
    assert {url.partition("/#")[0] for url in addresses} == {"http://127.0.0.1:9464"}
    assert said == {"https://monitor.example.com", "https://git.example.com/dashboards/runbooks"}


def test_every_query_is_promql(tmp_path: Path) -> None:
    built_in = {"__rate_interval": "1m", "__range": "6h", "__interval": "15s"}
    exprs = {query.name: query.expr for query in all_queries()}
    for name in DASHBOARDS:
        for variable, question in query_variables(name):
            exprs[f"{name}: ${variable}"] = re.sub(r"^\w+\((.*?)(, \w+)?\)$", r"\1", question)
    values = {each["name"]: ".+" for board in DASHBOARDS.values() for each in board["templating"]["list"]}
    rules = [
        {"record": f"query:{number}", "expr": expanded(expr, {**values, **built_in})}
        for number, expr in enumerate(exprs.values())
    ]
    path = tmp_path / "queries.json"
    path.write_text(json.dumps({"groups": [{"name": "queries", "rules": rules}]}))

    done = subprocess.run(
        [require("promtool"), "check", "rules", "--lint=none", str(path)],
        check=False,
        capture_output=True,
        text=True,
        timeout=30,
    )

    assert done.returncode == 0, done.stderr
    assert f"{len(exprs)} rules found" in done.stdout
