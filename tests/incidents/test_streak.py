"""
What is believed of one check.
"""

from datetime import timedelta

import pytest

from monitor.core.outcome import Reason
from monitor.core.severity import Severity
from monitor.incidents.grouping import by_cause
from monitor.incidents.incident import Fault, Transition
from monitor.incidents.settings import Alerts
from tests.incidents.story import BEGINNING, Story

OPENED, RESOLVED = Transition.OPENED, Transition.RESOLVED


@pytest.mark.parametrize(
    ("history", "pages"),
    [
        pytest.param("PPP", [], id="right"),
        pytest.param("PPPFPPP", [], id="one-failure"),
        pytest.param("FF", [OPENED], id="believed-after-two"),
        pytest.param("FFFFF", [OPENED], id="once-however-long"),
        pytest.param("FFP", [OPENED], id="one-right-run-is-not-enough"),
        pytest.param("FFPP", [OPENED, RESOLVED], id="over-after-two"),
        pytest.param("FFPFPP", [OPENED, RESOLVED], id="relapse-in-between"),
        pytest.param("FEF", [OPENED], id="what-could-not-be-judged-breaks-no-streak"),
        pytest.param("FFEEEEEE", [OPENED], id="what-could-not-be-judged-resolves-nothing"),
        pytest.param("FFMMMM", [OPENED], id="what-was-missed-resolves-nothing"),
        pytest.param("MMMMM", [], id="missed-never-pages"),
        pytest.param("EEEEE", [], id="errored-never-pages"),
        pytest.param("FDFD", [], id="slow-between-failures"),
        pytest.param("DDDD", [], id="slow-never-pages"),
        pytest.param("FFDD", [OPENED], id="only-slow-any-more"),
        pytest.param("FFDD" + 10 * "D", [OPENED, RESOLVED], id="only-slow-for-ten-minutes"),
    ],
)
def test_pages_for_a_history(history: str, pages: list[Transition]) -> None:
    story = Story().tell(history)

    assert story.told("pager") == pages


@pytest.mark.parametrize(
    ("open_after", "resolve_after", "history", "pages"),
    [
        (1, 1, "F P", [OPENED, RESOLVED]),
        (3, 1, "FFF P", [OPENED, RESOLVED]),
        (3, 1, "FF P", []),
        (1, 3, "F PP F PPP", [OPENED, RESOLVED]),
    ],
)
def test_streaks_are_as_long_as_configured(
    open_after: int, resolve_after: int, history: str, pages: list[Transition]
) -> None:
    story = Story(alerts=Alerts(open_after=open_after, resolve_after=resolve_after)).tell(history)

    assert story.told("pager") == pages


def test_a_single_failure_in_a_thousand_runs_pages_nobody() -> None:
    story = Story(every_seconds=10.0).tell("P" * 500 + "F" + "P" * 499)

    assert story.dispatches == []


@pytest.mark.parametrize("every_seconds", [1.0, 2.0, 5.0, 10.0, 12.0])
@pytest.mark.parametrize("resolve_after", [1, 2, 5])
@pytest.mark.parametrize("open_after", [1, 2, 3])
def test_fifty_transitions_in_ten_minutes_make_at_most_two_pages(
    every_seconds: float, open_after: int, resolve_after: int
) -> None:
    story = Story(alerts=Alerts(open_after=open_after, resolve_after=resolve_after), every_seconds=every_seconds)
    runs = max(1, round(12.0 / every_seconds))

    story.tell(("F" * runs + "P" * runs) * 25)

    assert 1 <= story.told("pager").count(OPENED) <= 2
    assert [each.is_flapping for each in story.findings()] == [True]


def test_a_flapping_check_says_so() -> None:
    story = Story(every_seconds=12.0).tell("FFPP" * 4)

    assert story.events("pager")[-1].incident.is_flapping
    [finding] = story.findings()
    assert finding.is_flapping
    [case] = story.book.cases.values()
    assert "(flapping)" in case.incident.summary


def test_flapping_ends_with_a_calm_stretch() -> None:
    story = Story(every_seconds=30.0).tell("FFPP" * 4)
    pages = story.told("pager").count(OPENED)

    story.tell("P" * 17)
    assert story.findings()
    story.tell("PP")

    assert not story.findings()
    assert story.told("pager")[-1] is RESOLVED
    assert story.told("pager").count(OPENED) == pages


def test_what_was_long_over_does_not_open_it_again() -> None:
    story = Story(every_seconds=30.0).tell("FFPP" * 4 + "P" * 30)

    story.tell("F" + "P" * 30 + "FP")

    assert story.told("pager")[-1] is RESOLVED
    assert not story.findings()


def test_a_check_that_fails_every_third_time_is_found_though_never_twice_in_a_row() -> None:
    story = Story().tell("PPF" * 4)

    [finding] = story.findings()
    assert finding.is_flapping
    assert story.told("pager") == [OPENED]


def test_a_check_that_fails_every_tenth_time_is_not() -> None:
    story = Story().tell(("P" * 9 + "F") * 10)

    assert not story.findings()


def test_a_first_failure_is_doubted_until_it_is_believed_or_over() -> None:
    story = Story(alerts=Alerts(open_after=3)).tell("P F F F F P")

    assert story.doubts == [False, True, True, False, False, False]


def test_what_only_repeats_itself_is_no_second_failure() -> None:
    story = Story().tell("F").tell("FFFF", is_repeat=True)

    assert not story.findings()
    assert story.doubts == [True, False, False, False, False]


def test_what_only_repeats_itself_resolves_nothing() -> None:
    story = Story().tell("FF").tell("PPPP", is_repeat=True)

    assert story.findings()


@pytest.mark.parametrize(
    ("configured", "reason", "letter", "severity"),
    [
        pytest.param(Severity.PAGE, Reason.NO_EVENT, "F", Severity.PAGE, id="as-configured"),
        pytest.param(Severity.TICKET, Reason.NO_EVENT, "F", Severity.TICKET, id="lowered"),
        pytest.param(Severity.INFO, Reason.PERMISSION_EXCESS, "F", Severity.PAGE, id="exposure-always-pages"),
        pytest.param(Severity.PAGE, Reason.SLOW, "D", Severity.TICKET, id="slow"),
        pytest.param(Severity.INFO, Reason.SLOW, "D", Severity.INFO, id="slow-and-lowered"),
    ],
)
def test_how_urgent_a_finding_is(configured: Severity, reason: Reason, letter: str, severity: Severity) -> None:
    story = Story(severity=configured).tell(letter * 2, reason=reason)

    assert [each.severity for each in story.findings()] == [severity]


def test_slow_that_becomes_failed_pages_and_back_again_is_over_for_the_pager() -> None:
    story = Story().tell("DD FF DD" + 10 * "D")

    assert story.told("pager") == [OPENED, RESOLVED]
    assert RESOLVED not in story.told("chat")
    assert [each.severity for each in story.findings()] == [Severity.TICKET]


def test_the_evidence_is_that_of_the_last_failure_and_the_beginning_that_of_the_first() -> None:
    story = Story().tell("P FF").tell("F", message="worse").tell("P")

    [finding] = story.findings()
    assert (finding.message, finding.run_id) == ("worse", "run-4")
    assert finding.since == BEGINNING + timedelta(seconds=2 * story.every_seconds)
    assert finding.outcome["run_id"] == "run-4"


def test_errored_runs_are_the_monitors_own_trouble() -> None:
    story = Story().tell("EE")

    [finding] = story.findings(Fault.OWN)
    assert finding.severity is Severity.TICKET
    assert story.told("pager") == []
    assert story.told("chat") == [OPENED]


def test_one_verdict_ends_the_monitors_own_trouble() -> None:
    story = Story().tell("EEE P")

    assert story.told("chat") == [OPENED, RESOLVED]


def test_own_trouble_of_many_checks_is_one_incident() -> None:
    story = Story(grouping=by_cause)
    for name in ("a", "b", "c"):
        story.tell("EE", check=name)

    assert story.told("chat").count(OPENED) == 1
    [case] = story.book.cases.values()
    assert case.incident.checks == ("a", "b", "c")
