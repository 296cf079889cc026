"""
The list of faults: complete as far as causes and the failure history go, and fit to be read.
"""

import re

import pytest

from monitor.core.cause import Cause
from monitor.sandbox.faults.catalogue import FAULTS
from monitor.sandbox.faults.listing import list_faults

# No server and no page can show them: they are tested on the network, or are the lack of an answer.
NOT_SHOWN = {Cause.MONITOR_NETWORK, Cause.DNS, Cause.TCP, Cause.TLS, Cause.UNKNOWN}
# The rows of the failure history of the booking platform.
ROWS = {f"F{number:02}" for number in range(1, 26)}
# Nothing was broken: somebody looked in the wrong way, which the sandbox lets him do without any fault.
MISREAD = {
    "F07": "an inventory that reads its first page again and again: lists are cut into pages here too",
    "F08": "existence asked for without the scope: the 401 that says so is the same here",
}
# What a page alone does wrong, while the server answers as it should.
BY_PAGE_ONLY = {
    "F01": "the page's configuration names another collection",
    "F03": "the page's configuration has an empty id",
    "F16": "the event is delivered, and the page does not show it",
    "F17": "the page never subscribes",
    "F18": "the dashboard never subscribes",
    "F20": "the page shows as sent what it never wrote",
    "F21": "the form's own submit leaves the page",
    "F22": "the page's validator refuses its own values",
}


def test_there_is_a_fault_for_every_cause_that_can_be_shown() -> None:
    shown = {each.cause for each in FAULTS.values()}

    assert shown == set(Cause) - NOT_SHOWN


def test_there_is_a_fault_for_every_row_of_the_failure_history() -> None:
    by_server = {row for name, each in FAULTS.items() if not name.startswith("page_") for row in each.rows}
    by_anything = {row for each in FAULTS.values() for row in each.rows}

    assert by_anything == ROWS - MISREAD.keys()
    assert by_server == ROWS - MISREAD.keys() - BY_PAGE_ONLY.keys()


def test_only_what_wakes_nobody_does_not_page() -> None:
    quiet = {name for name, each in FAULTS.items() if not each.pages}

    assert quiet == {
        "slow",
        "rate_limited",
        "key_invalid",
        "key_scope",
        "login_method_disabled",
        "realtime_worker_killed",
        "realtime_late",
        "realtime_duplicate",
        "page_feature_disabled",
    }


@pytest.mark.parametrize("name", FAULTS)
def test_says_what_it_is_in_sentences(name: str) -> None:
    described = FAULTS[name]

    assert re.fullmatch(r"[a-z_]+", name)
    assert described.summary.endswith(".")
    assert all(each.description and each.takes for each in described.parameters.values())


@pytest.mark.parametrize("name", [name for name in FAULTS if not name.startswith("page_")])
def test_every_number_is_bounded_and_every_text_has_an_end(name: str) -> None:
    shapes = FAULTS[name].fault.model_json_schema().get("properties", {})

    loose = [key for key, shape in shapes.items() if not is_bounded(shape)]

    assert loose == []


def is_bounded(shape: dict[str, object]) -> bool:
    return bool({"maximum", "maxLength", "maxItems", "enum", "pattern"} & shape.keys()) or shape["type"] == "boolean"


def test_the_list_names_every_fault_its_cause_its_rows_and_its_parameters() -> None:
    listed = list_faults()

    for name, described in FAULTS.items():
        entry = listed.partition(f"\n{name}  [")[2].partition("\n\n")[0]
        assert f"cause {described.cause} ·" in entry
        assert all(row in entry for row in described.rows)
        assert all(f"\n    {key} " in entry for key in described.parameters)
    assert max(len(line) for line in listed.splitlines()) <= 110
