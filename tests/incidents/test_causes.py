"""
What a diagnosis does to incidents: who waits for what, what is one incident, and what is another.
"""

from datetime import timedelta
from typing import Any

import pytest

from monitor.core.cause import Cause
from monitor.core.outcome import Reason
from monitor.core.severity import Severity
from monitor.incidents.grouping import by_cause
from monitor.incidents.incident import Transition
from monitor.incidents.matching import MOST_HELD
from tests.incidents.story import Story

OPENED, CHANGED, RESOLVED = Transition.OPENED, Transition.CHANGED, Transition.RESOLVED
GONE: dict[str, Any] = {"type": "collection_not_found", "identity": "key", "collection": "chat"}


def story() -> Story:
    return Story(grouping=by_cause)


def fail(told: Story, check: str, reason: Reason, times: int = 2, **evidence: Any) -> None:
    told.tell("F" * times, check=check, reason=reason, evidence=evidence)


def causes(told: Story) -> list[Cause]:
    return [case.incident.cause for case in told.book.cases.values()]


def test_what_has_one_cause_is_one_incident_and_one_page() -> None:
    told = story()
    fail(told, "exists", Reason.NOT_FOUND, **GONE)
    fail(told, "schema", Reason.NOT_FOUND, about="collection", collection="chat")
    fail(told, "journey", Reason.NOT_FOUND, type="collection_not_found", identity="customer", collection="chat")

    assert causes(told) == [Cause.COLLECTION_MISSING]
    assert told.told("pager").count(OPENED) == 1


def test_independent_causes_are_two_incidents() -> None:
    told = story()
    fail(told, "exists", Reason.NOT_FOUND, **GONE)
    fail(told, "origin", Reason.UNAUTHORIZED, type="general_unknown_origin")

    assert set(causes(told)) == {Cause.COLLECTION_MISSING, Cause.ORIGIN_BLOCKED}
    assert told.told("pager").count(OPENED) == 2


def test_a_deeper_cause_changes_the_incident_and_pages_nobody_again() -> None:
    told = story()
    fail(told, "socket", Reason.TIMEOUT, phase="connected_frame")
    assert causes(told) == [Cause.REALTIME_REFUSED]

    fail(told, "api", Reason.HTTP_STATUS, status=500, type="general_unknown")
    told.wait(61.0)

    assert causes(told) == [Cause.SERVICE_DOWN]
    first, *others = told.told("pager")
    assert first is OPENED
    assert set(others) == {CHANGED}


def test_what_a_cause_had_hidden_is_an_incident_of_its_own_once_that_is_over() -> None:
    told = story()
    fail(told, "exists", Reason.NOT_FOUND, **GONE)
    fail(told, "access", Reason.NOT_FOUND, **GONE)
    told.tell("PP", check="exists")
    fail(told, "access", Reason.PERMISSION_MISSING, collection="chat", identity="customer", action="create")

    assert causes(told) == [Cause.PERMISSION_MISSING]
    assert [each for each in told.told("pager") if each is not CHANGED] == [OPENED, RESOLVED, OPENED]


def test_what_was_hidden_and_is_told_already_is_told_once() -> None:
    told = story()
    fail(told, "api", Reason.HTTP_STATUS, status=500, type="general_unknown")
    fail(told, "held", Reason.TIMEOUT, phase="pong")
    told.tell("PP", check="api")
    # One sees it that knew nothing of the outage, and then one that did.
    fail(told, "socket", Reason.TIMEOUT, phase="connected_frame")
    fail(told, "held", Reason.TIMEOUT, times=3, phase="pong")

    assert causes(told) == [Cause.REALTIME_REFUSED]
    assert told.told("pager").count(OPENED) == 2


def test_a_cause_that_comes_and_goes_wakes_nobody_twice() -> None:
    told = story()
    fail(told, "access", Reason.PERMISSION_MISSING, collection="chat", identity="customer")
    for _ in range(3):
        fail(told, "access", Reason.NOT_FOUND, **GONE)
        fail(told, "access", Reason.PERMISSION_MISSING, collection="chat", identity="customer")

    assert told.told("pager").count(OPENED) == 1


def test_a_cause_bounds_the_severity_of_its_checks() -> None:
    told = story()
    fail(told, "journey", Reason.DISABLED)
    fail(told, "writes", Reason.RATE_LIMITED)

    assert told.told("pager") == []
    severities = {case.incident.cause: case.incident.severity for case in told.book.cases.values()}
    assert severities == {Cause.FEATURE_DISABLED: Severity.INFO, Cause.RATE_LIMITED: Severity.TICKET}


def test_a_network_of_our_own_that_is_down_makes_a_page_a_ticket() -> None:
    told = story()
    told.tell("EE", check="uplink", evidence={"own": "network"})
    fail(told, "api", Reason.TIMEOUT, phase="connect", waited_seconds=5.0)

    assert causes(told) == [Cause.MONITOR_NETWORK]
    assert told.told("pager") == []


def test_nobody_is_told_before_those_who_were_asked_have_run() -> None:
    told = story()
    fail(told, "journey", Reason.WRONG_ANSWER, times=1, function="f", answer_status=500, profile="p")
    told.book.hold("journey", ["exists"], until=told.now + timedelta(seconds=65.0))
    fail(told, "journey", Reason.WRONG_ANSWER, times=1, function="f", answer_status=500, profile="p")
    assert told.told() == []

    fail(told, "exists", Reason.NOT_FOUND, times=1, **GONE)

    assert causes(told) == [Cause.COLLECTION_MISSING]


@pytest.mark.parametrize(
    "until",
    [
        pytest.param(timedelta(seconds=-1.0), id="their-time-is-over"),
        pytest.param(timedelta(days=1.0), id="the-clock-was-set-back"),
    ],
)
def test_nobody_waits_for_longer_than_that(until: timedelta) -> None:
    told = story()
    fail(told, "journey", Reason.NO_EVENT, times=1)
    told.book.hold("journey", ["silent"], until=told.now + timedelta(seconds=told.every_seconds) + until)
    fail(told, "journey", Reason.NO_EVENT, times=1)

    assert told.told("pager") == [OPENED]


def test_those_who_are_asked_are_waited_for_by_nobody_else() -> None:
    told = story()
    told.book.hold("other", ["silent"], until=told.now + MOST_HELD)
    fail(told, "journey", Reason.NO_EVENT)

    assert told.told("pager") == [OPENED]
