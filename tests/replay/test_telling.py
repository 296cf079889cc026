"""
A replay as people read it.
"""

import re

from monitor.core.cause import Cause
from monitor.core.severity import Severity
from monitor.incidents.book import News
from monitor.replay import telling
from monitor.replay.trial import Trial
from monitor.sandbox.incidents.script import Act, AllRight, Diagnosed, Script
from tests.sinks.events import RESOLVED_AT, incident

MISSING = Act(
    title="The collections are gone.",
    faults={"collection_missing": {}},
    expectation=Diagnosed(cause=Cause.COLLECTION_MISSING, within_seconds=20.0),
)
MENDED = Act(title="They are back.", expectation=AllRight(within_seconds=45.0))
SCRIPT = Script(name="short", summary="", acts=(MISSING, MENDED))
EXPECTED = incident(
    cause=Cause.COLLECTION_MISSING, summary="chat_messages does not exist", remedy="look at the console\ncreate it"
)


def told(trial: Trial, news: News, *, at_seconds: float) -> list[str]:
    heard = trial.hear(news, at_seconds=at_seconds)
    return [line.strip() for line in telling.lines_of(news, trial.courses[-1], heard)]


def trial_of(act: Act) -> Trial:
    trial = Trial()
    trial.begin(act, at_seconds=0.0)
    return trial


def test_what_is_detected_is_told_with_cause_remedy_and_whom_it_wakes() -> None:
    lines = told(trial_of(MISSING), News(opened=(EXPECTED,)), at_seconds=6.12)

    assert lines == [
        "detected after 6.1s: chat_messages does not exist",
        "cause    collection_missing",
        "remedy   look at the console",
        "create it",
        "wakes    one person, once",
    ]


def test_a_better_diagnosis_is_told_in_full_and_a_second_word_on_the_same_is_not() -> None:
    trial = trial_of(MISSING)
    guess = incident(cause=Cause.JOURNEY_BROKEN, severity=Severity.TICKET)

    first = told(trial, News(opened=(guess,)), at_seconds=1.0)
    better = told(trial, News(changed=(EXPECTED,)), at_seconds=2.0)
    again = told(trial, News(changed=(EXPECTED,)), at_seconds=3.0)

    assert first[-1] == "wakes    nobody: a ticket waits for the morning"
    assert better[0] == "diagnosed after 2.0s: chat_messages does not exist"
    assert better[-1] == "over     after 2.0s: journey_broken"
    assert again == []


def test_the_end_is_a_table_and_a_line_for_each_failure() -> None:
    trial = trial_of(MISSING)
    trial.hear(News(opened=(EXPECTED,)), at_seconds=2.0)
    trial.begin(MENDED, at_seconds=10.0)
    before = telling.ending_of(SCRIPT, trial, took_seconds=55.0).splitlines()
    trial.hear(News(resolved=(EXPECTED.resolved(RESOLVED_AT),)), at_seconds=13.0)

    over = telling.ending_of(SCRIPT, trial, took_seconds=14.0).splitlines()

    assert re.split(" {2,}", over[2]) == ["1", *["collection_missing (page)"] * 2, "2.0s", "3.0s", "1", "as expected"]
    assert re.split(" {2,}", over[3]) == ["2", "all right", "3.0s", "0", "as expected"]
    assert over[-1] == "short: 2 of 2 acts as expected, in 14s"
    assert before[-2].startswith("FAILED  act 2: not all right within 45s: collection_missing is still open")
    assert before[-1] == "short: 1 of 2 acts as expected, in 55s"


def test_what_begins_says_what_people_did_and_what_is_expected() -> None:
    lines = telling.beginning_of(1, MISSING, of=2).splitlines()

    assert [line.strip() for line in lines] == [
        "",
        "1/2  The collections are gone.",
        "faults   collection_missing",
        "expected collection_missing (page) within 20s",
    ]
