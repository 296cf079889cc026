"""
From findings to what each sink is told.
"""

import sys
from datetime import timedelta

import pytest

from monitor.core.cause import Cause
from monitor.core.outcome import Reason
from monitor.core.severity import Severity
from monitor.incidents.book import Route
from monitor.incidents.grouping import Grouping, by_cause
from monitor.incidents.incident import Event, Fault, Transition
from monitor.incidents.settings import Alerts, Maintenance
from tests.incidents.story import BEGINNING, CHAT, PAGER, Story, all_for, each_alone, watched

OPENED, CHANGED, REMINDED, RESOLVED = Transition
HOUR = 3600.0


def test_an_incident_keeps_its_id_and_key_from_beginning_to_end() -> None:
    story = Story().tell("FF").wait(5 * HOUR).tell("FPP")

    assert story.told() == [OPENED, REMINDED, RESOLVED]
    assert len({each.incident.dedup_key for each in story.events()}) == 1
    assert len({each.id for each in story.events()}) == 3


def test_the_next_outage_is_another_incident() -> None:
    story = Story().tell("FFPP").wait(HOUR).tell("FFPP")

    first, second = (each for each in story.events() if each.transition is OPENED)
    assert first.incident.dedup_key != second.incident.dedup_key


def test_two_locations_and_two_targets_never_share_a_key() -> None:
    keys = set()
    for target, location in (("a", "fra1"), ("a", "syd1"), ("b", "fra1")):
        story = Story()
        story.book._target, story.book._location = target, location
        keys.add(story.tell("FF").events()[0].incident.dedup_key)

    assert len(keys) == 3


def test_the_same_history_makes_the_same_incidents() -> None:
    events = [[each.event.as_json() for each in Story().tell("PFFDPPFFP").dispatches] for _ in range(2)]

    assert events[0] == events[1]


def test_every_sink_gets_its_severities_only() -> None:
    info = Route(sink="info", severities=frozenset({Severity.INFO}))
    story = Story(severity=Severity.TICKET, routes=(PAGER, CHAT, info)).tell("FFPP")

    assert (story.told("pager"), story.told("chat"), story.told("info")) == ([], [OPENED, RESOLVED], [])


def test_reminders_come_at_their_interval_and_no_oftener() -> None:
    story = Story().tell("FF")
    for _ in range(9):
        story.wait(HOUR)

    assert story.told() == [OPENED, REMINDED, REMINDED]


def test_a_receiver_that_forgets_is_told_again_and_again_even_in_a_silence() -> None:
    forgetful = Route(sink="forgetful", severities=frozenset(Severity), repeats_seconds=60.0)
    story = Story(routes=(forgetful,)).tell("FF").silence("*")
    for _ in range(10):
        story.wait(60.0)

    assert story.told("forgetful") == [OPENED] + 10 * [REMINDED]


def test_a_clock_that_was_set_back_delays_no_repeat_for_long() -> None:
    forgetful = Route(sink="forgetful", severities=frozenset(Severity), repeats_seconds=60.0)
    story = Story(routes=(forgetful,)).tell("FF")

    story.wait(-86_400.0).wait(1.0).wait(60.0)

    assert story.told("forgetful") == [OPENED, REMINDED, REMINDED]


def test_what_changes_again_and_again_is_told_once_a_minute() -> None:
    story = Story(every_seconds=5.0).tell("FF", reason=Reason.DNS)
    for _ in range(12):
        story.tell("F", reason=Reason.TLS).tell("F", reason=Reason.DNS).tell("F", reason=Reason.TLS)

    assert story.told().count(CHANGED) <= 3
    assert story.told()[0] is OPENED


def test_what_got_graver_is_told_at_once() -> None:
    story = Story(every_seconds=5.0).tell("DD").tell("FF")

    assert story.told("chat") == [OPENED, CHANGED]
    assert story.told("pager") == [OPENED]


def test_a_silence_keeps_an_incident_from_paging_and_its_end_lets_it() -> None:
    story = Story().silence("chat-*", seconds=HOUR).tell("FFF")
    assert story.told() == []
    assert story.book.cases

    story.wait(HOUR)

    assert story.told() == [OPENED]


def test_what_opened_and_ended_in_a_silence_is_told_to_nobody() -> None:
    story = Story().silence("chat-*", seconds=HOUR).tell("FFFPP").wait(2 * HOUR)

    assert story.dispatches == []
    assert [len(news.opened) for news in story.news].count(1) == 1


def test_what_was_told_before_a_silence_is_resolved_in_it() -> None:
    story = Story().tell("FF").silence("chat-*", seconds=9 * HOUR).wait(6 * HOUR).tell("FPP")

    assert story.told() == [OPENED, RESOLVED]


def test_a_silence_of_another_check_silences_nothing() -> None:
    story = Story().silence("booking-*").tell("FF")

    assert story.told() == [OPENED]


def test_an_incident_is_silent_only_when_all_its_checks_are() -> None:
    story = Story().silence("a")
    story.book._grouping = all_for(Cause.DNS)

    story.tell("FF", check="a")
    assert story.told() == []
    story.tell("FF", check="b")

    assert story.told() == [OPENED]


def test_a_window_of_maintenance_is_a_silence_that_recurs() -> None:
    # The story begins at 9:00 UTC, which is 10:00 in Berlin.
    window = Maintenance.model_validate({"at": "10:00", "for": "1h", "timezone": "Europe/Berlin"})
    story = Story(alerts=Alerts(maintenance={"deploy": window})).tell("FFF")
    assert story.told() == []

    story.wait(HOUR)
    assert story.told() == [OPENED]
    story.tell("PP").wait(23 * HOUR).tell("FF")

    assert story.told() == [OPENED, RESOLVED]


def test_a_better_diagnosis_changes_the_incident_and_opens_no_second_one() -> None:
    story = Story().tell("FF", check="a").tell("FF", check="b").wait(61.0)
    assert story.told() == [OPENED, OPENED]

    story.book._grouping = all_for(Cause.REALTIME_PIPELINE)
    story.wait(61.0)

    assert sorted(story.told()) == sorted([OPENED, OPENED, CHANGED, RESOLVED])
    [case] = story.book.cases.values()
    assert case.incident.cause is Cause.REALTIME_PIPELINE
    assert case.incident.id == story.events()[0].incident.id


def test_what_persists_when_its_cause_is_gone_becomes_an_incident_of_its_own() -> None:
    story = Story()
    story.book._grouping = all_for(Cause.DNS)
    story.tell("FF", check="a").tell("FF", check="b")
    assert story.told().count(OPENED) == 1

    story.book._grouping = each_alone
    story.wait(1.0)
    # What was under way when its cause ended says nothing yet.
    assert story.told().count(OPENED) == 1
    story.tell("F", check="a").tell("F", check="b")

    assert story.told().count(OPENED) == 2
    assert len(story.book.cases) == 2


@pytest.mark.parametrize("history", ["FF", "FFP", "FFPPFFP", "DD", "EE", "FFPPFFPPF"])
def test_a_restart_changes_nothing(history: str) -> None:
    straight, restarted = Story().tell(history + "FFPPPP"), Story().tell(history)

    restarted.restart()
    restarted.tell("FFPPPP")

    assert [each.event.as_json() for each in restarted.dispatches] == [
        each.event.as_json() for each in straight.dispatches
    ]


def test_an_event_comes_out_of_its_json_as_it_went_in() -> None:
    story = Story().tell("FFPP").tell("EE", check="other")

    for each in story.dispatches:
        assert Event.from_json(each.event.as_json()) == each.event


def test_a_check_that_is_gone_has_no_finding_any_more() -> None:
    story = Story().tell("FF").tell("EE")

    story.book.findings.forget("chat-delivery")
    story.settle()

    assert story.told() == [OPENED, RESOLVED]
    assert not story.book.cases


def test_trouble_that_no_check_has_seen_is_an_incident_of_our_own() -> None:
    story = Story()
    story.book.findings.note_trouble("(canary page through pager)", "it did not arrive", story.now)
    story.settle()
    story.book.findings.end_trouble("(canary page through pager)")
    story.settle()

    assert story.told("chat") == [OPENED, RESOLVED]
    assert story.told("pager") == []


@pytest.mark.parametrize(
    ("quorum", "failing", "pages"),
    [
        pytest.param(1, ["fra1"], 1, id="any-location"),
        pytest.param(2, ["fra1"], 0, id="one-of-three-is-not-enough"),
        pytest.param(2, ["fra1", "syd1"], 1, id="two-of-three-are"),
        pytest.param(3, ["fra1", "syd1"], 0, id="all-must"),
        pytest.param(9, ["fra1", "nyc1", "syd1"], 1, id="no-more-than-there-are"),
    ],
)
def test_locations_must_agree(quorum: int, failing: list[str], pages: int) -> None:
    story = Story(alerts=Alerts(quorum=quorum), every_seconds=1.0)
    for _ in range(4):
        for place in ("fra1", "nyc1", "syd1"):
            story.tell("F" if place in failing else "P", location=place)

    assert story.told().count(OPENED) == pages
    if pages:
        assert story.findings()[0].locations == tuple(failing)


def test_a_location_that_does_not_report_any_more_has_no_voice() -> None:
    story = Story(alerts=Alerts(quorum=2), every_seconds=10.0)
    story.tell("PP", location="nyc1").tell("FFF", location="fra1")
    assert story.told() == []

    story.wait(120.0).tell("F", location="fra1")

    assert story.told() == [OPENED]


def test_one_location_that_recovers_does_not_resolve_what_the_others_see() -> None:
    story = Story(every_seconds=1.0).tell("FF", location="fra1").tell("FF", location="syd1").tell("PP", location="fra1")

    assert story.told() == [OPENED]
    assert story.findings()[0].locations == ("syd1",)


def test_own_trouble_is_told_apart_from_the_targets_of_the_same_check() -> None:
    story = Story().tell("FF EE")

    assert len(story.findings(Fault.TARGET)) == len(story.findings(Fault.OWN)) == 1
    assert story.told("pager") == [OPENED]
    assert story.told("chat") == [OPENED, OPENED]


def test_detection_counts_from_the_first_failed_run() -> None:
    story = Story(every_seconds=7.0).tell("PPFF")

    [event] = story.events()
    assert event.incident.failing_since == BEGINNING + timedelta(seconds=21.0)
    assert event.incident.opened_at == BEGINNING + timedelta(seconds=28.0)


@pytest.mark.parametrize(
    ("severity", "reasons"),
    [
        pytest.param(Severity.PAGE, (Reason.DISABLED, Reason.HTTP_STATUS), id="switched-off-or-broken"),
        pytest.param(Severity.TICKET, (Reason.PERMISSION_EXCESS, Reason.TIMEOUT), id="exposed-or-silent"),
    ],
)
def test_a_reason_that_goes_to_and_fro_pages_once(severity: Severity, reasons: tuple[Reason, Reason]) -> None:
    story = Story(severity=severity, every_seconds=2.0)
    for number in range(120):
        story.tell("F", reason=reasons[number % 2])

    assert story.told().count(OPENED) == 1
    assert RESOLVED not in story.told()


def test_after_a_restart_nobody_is_reminded_of_what_may_be_over() -> None:
    story = Story().tell("FF").wait(5 * HOUR)
    before = len(story.dispatches)
    story.restart()

    story.wait(5 * HOUR).tell("PP")

    assert [each.event.transition for each in story.dispatches[before:]] == [RESOLVED, RESOLVED]


def test_after_a_restart_people_are_reminded_of_what_still_is() -> None:
    story = Story().tell("FF")
    story.restart()

    story.wait(5 * HOUR)
    assert story.told() == [OPENED]
    story.tell("F")

    assert story.told() == [OPENED, REMINDED]


def test_a_silence_that_ended_while_nobody_looked_pages_only_for_what_still_fails() -> None:
    story = Story().silence("*", seconds=HOUR).tell("FF")
    story.restart()
    story.wait(2 * HOUR)
    assert story.told() == []

    story.tell("PP")

    assert story.told() == []


def test_a_silence_that_ends_while_it_recovers_pages_nobody() -> None:
    story = Story(alerts=Alerts(resolve_after=3)).silence("*", seconds=300.0).tell("FFP")

    story.wait(HOUR).tell("PP")

    assert story.told() == []


def test_an_incident_that_begins_to_flap_is_told_as_changed() -> None:
    story = Story(every_seconds=30.0).tell("FFPP").tell("FF")
    story.tell("P" * 3).tell("F" * 3)

    assert story.findings()[0].is_flapping
    assert story.events()[-1].incident.is_flapping


@pytest.mark.parametrize("grouping", [each_alone, by_cause])
def test_a_thousand_incidents_are_settled_in_a_time_that_nobody_notices(grouping: Grouping) -> None:
    # A guard against what grows with the square: 1,000 took 0.36 s, which many times a second is for ever.
    def steps(count: int) -> int:
        story = Story(routes=(PAGER,), grouping=grouping)
        for number in range(count):
            failed = story.outcome("F", check=f"c{number}")
            story.book.findings.observe(failed, Alerts(open_after=1), watched(), evidence=failed.as_json())
        story.settle()
        calls = 0

        def count_call(*_: object) -> None:
            nonlocal calls
            calls += 1

        sys.setprofile(count_call)
        try:
            story.settle()
        finally:
            sys.setprofile(None)
        return calls

    assert steps(400) < 2.5 * steps(200)
