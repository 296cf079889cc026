"""
Grafana understands every key of the dashboards: they fit the types that it publishes.
"""

import json
from collections.abc import Callable, Mapping
from copy import deepcopy
from typing import Any

import jsonschema
import pytest

from tests.dashboards.dashboard import DASHBOARDS, all_panels
from tests.dashboards.grafana_schema import Schemas, schemas_of

pytestmark = pytest.mark.slow

_TYPES = sorted({panel.json["type"] for panel in all_panels()})


@pytest.fixture(scope="module")
def schemas() -> Schemas:
    return schemas_of(_TYPES)


def faults_in(dashboard: Mapping[str, Any], schemas: Schemas) -> list[str]:
    """
    Return what of *dashboard* does not fit: as a whole, and the options of each panel by its type.
    """
    found = _faults(_without_plugins_own(dashboard), schemas.dashboard)
    for panel in dashboard["panels"]:
        if panel["type"] == "row":
            continue
        parts = {
            "Options": panel["options"],
            "FieldConfig": panel["fieldConfig"]["defaults"].get("custom", {}),
        }
        for part, value in parts.items():
            if schema := schemas.panels[panel["type"]].get(part):
                # What is left out Grafana fills in.
                found += [f"{panel['title']}: {fault}" for fault in _faults(value, _without_required(schema))]
            elif value:
                found.append(f"{panel['title']}: {panel['type']} has no {part}, and is given {sorted(value)}")
    return found


def _faults(value: object, schema: Mapping[str, Any]) -> list[str]:
    validator = jsonschema.Draft7Validator(schema)
    return [f"{error.json_path}: {error.message[:200]}" for error in validator.iter_errors(value)]


def _without_required(schema: object) -> Any:
    if isinstance(schema, Mapping):
        return {key: _without_required(value) for key, value in schema.items() if key != "required"}
    return [_without_required(each) for each in schema] if isinstance(schema, list) else schema


def _without_plugins_own(dashboard: Mapping[str, Any]) -> dict[str, Any]:
    """
    Return it without what belongs to the data source's plugin: of an annotation, its query.
    """
    whole = deepcopy(dict(dashboard))
    for each in whole["annotations"]["list"]:
        for key in ("expr", "step", "titleFormat", "textFormat"):
            each.pop(key, None)
    return whole


@pytest.mark.parametrize("name", DASHBOARDS)
def test_a_dashboard_fits_the_types_of_grafana(name: str, schemas: Schemas) -> None:
    assert faults_in(DASHBOARDS[name], schemas) == []


def test_it_is_of_the_newest_form_that_these_types_know(schemas: Schemas) -> None:
    # Those of older forms are converted when they are loaded, which no test here sees.
    assert {board["schemaVersion"] for board in DASHBOARDS.values()} == {schemas.version}


def _series(board: dict[str, Any]) -> dict[str, Any]:
    return next(panel for panel in board["panels"] if panel["type"] == "timeseries")


@pytest.mark.parametrize(
    "spoil",
    [
        pytest.param(lambda board: _series(board).update(fieldConfg={}), id="a key of a panel"),
        pytest.param(lambda board: _series(board)["fieldConfig"]["defaults"].update(unit=1), id="the type of a unit"),
        pytest.param(lambda board: _series(board)["options"]["legend"].update(displayMode="lst"), id="a legend's mode"),
        pytest.param(
            lambda board: _series(board)["fieldConfig"]["defaults"]["custom"].update(lineWdth=1), id="a drawing option"
        ),
        pytest.param(lambda board: board["templating"]["list"][1].update(refresh=9), id="a variable's refresh"),
    ],
)
def test_a_slip_is_found(spoil: Callable[[dict[str, Any]], None], schemas: Schemas) -> None:
    board = json.loads(json.dumps(DASHBOARDS["overview"]))
    spoil(board)

    assert faults_in(board, schemas)
