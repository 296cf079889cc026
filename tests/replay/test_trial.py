"""
What is said of an act, from made-up news: each way in which it can go wrong, and what is none.
"""

import pytest

from monitor.core.cause import Cause
from monitor.core.severity import Severity
from monitor.incidents.book import News
from monitor.incidents.incident import Incident
from monitor.replay.trial import Trial
from monitor.sandbox.incidents.script import Act, AllRight, Diagnosed
from tests.sinks.events import RESOLVED_AT
from tests.sinks.events import incident as incident_of

BEGAN_AT = 1000.0
MISSING = Act(title="", expectation=Diagnosed(cause=Cause.COLLECTION_MISSING, within_seconds=20.0))
FORGOTTEN = Act(title="", expectation=Diagnosed(cause=Cause.PERMISSION_MISSING, within_seconds=20.0))
OWN = Act(title="", expectation=Diagnosed(cause=Cause.KEY_INVALID, severity=Severity.TICKET, within_seconds=20.0))
MENDED = Act(title="", expectation=AllRight(within_seconds=45.0))


def incident(cause: Cause, severity: Severity = Severity.PAGE, *, number: int = 1) -> Incident:
    return incident_of(id=f"incident-{number}", cause=cause, severity=severity)


def over(*incidents: Incident) -> News:
    return News(resolved=tuple(each.resolved(RESOLVED_AT) for each in incidents))


def trial_of(act: Act, *news: News) -> Trial:
    """
    Return what came of *act*, in which there were *news* a second apart.
    """
    trial = Trial()
    trial.begin(act, at_seconds=BEGAN_AT)
    for seconds, each in enumerate(news, 1):
        trial.hear(each, at_seconds=BEGAN_AT + seconds)
    return trial


EXPECTED = incident(Cause.COLLECTION_MISSING)
GUESS = incident(Cause.JOURNEY_BROKEN)
TICKET = incident(Cause.COLLECTION_MISSING, Severity.TICKET)
SECOND = incident(Cause.COLLECTION_MISSING, number=2)


@pytest.mark.parametrize(
    ("act", "news"),
    [
        pytest.param(MISSING, [News(opened=(EXPECTED,))], id="opened"),
        pytest.param(MISSING, [News(opened=(TICKET,)), News(changed=(EXPECTED,))], id="got graver"),
        pytest.param(OWN, [News(opened=(incident(Cause.KEY_INVALID, Severity.TICKET),))], id="a ticket"),
        pytest.param(
            Act(title="", expectation=MISSING.expectation, allowed=frozenset({Cause.JOURNEY_BROKEN})),
            [News(opened=(GUESS,)), News(changed=(EXPECTED,))],
            id="changed from what is allowed in between",
        ),
        pytest.param(MENDED, [], id="nothing was open"),
        pytest.param(MENDED, [News(opened=(TICKET,)), over(TICKET)], id="over"),
        pytest.param(
            Act(title="", expectation=MENDED.expectation, allowed=frozenset({Cause.JOURNEY_BROKEN})),
            [News(opened=(GUESS,)), over(GUESS)],
            id="over, after a page for what is allowed",
        ),
    ],
)
def test_an_act_goes_as_expected(act: Act, news: list[News]) -> None:
    trial = trial_of(act, *news)

    assert trial.courses[-1].is_complete
    assert (trial.failures(), trial.exit_code) == ([], 0)


@pytest.mark.parametrize(
    ("act", "news", "sentence"),
    [
        pytest.param(
            MISSING, [], "collection_missing was not diagnosed within 20s: nothing is open", id="nothing is seen"
        ),
        pytest.param(
            MISSING,
            [News(opened=(incident(Cause.JOURNEY_BROKEN, Severity.TICKET),))],
            "collection_missing was not diagnosed within 20s: nothing but journey_broken is open",
            id="another cause",
        ),
        pytest.param(
            MISSING,
            [News(opened=(TICKET,))],
            "collection_missing was diagnosed as a ticket, expected a page",
            id="ticket",
        ),
        pytest.param(
            Act(title="", expectation=Diagnosed(cause=Cause.COLLECTION_MISSING, within_seconds=1.5)),
            [News(opened=(TICKET,)), News(changed=(EXPECTED,))],
            "collection_missing was diagnosed after 2.0s, expected within 1.5s",
            id="too late",
        ),
        pytest.param(
            Act(title="", expectation=AllRight(within_seconds=1.5)),
            [News(opened=(TICKET,)), over(TICKET)],
            "all right after 2.0s, expected within 1.5s",
            id="over too late",
        ),
        pytest.param(
            OWN,
            [News(opened=(incident(Cause.KEY_INVALID),))],
            "key_invalid was diagnosed as a page, expected a ticket",
            id="a page for a ticket",
        ),
        pytest.param(
            MISSING,
            [News(opened=(EXPECTED,)), News(opened=(SECOND,))],
            "paged 2 times, expected once: collection_missing",
            id="two pages",
        ),
        pytest.param(
            MISSING,
            [News(opened=(GUESS,)), News(changed=(EXPECTED,))],
            "somebody was paged for journey_broken, which was not what was wrong",
            id="paged for what is not allowed",
        ),
        pytest.param(
            Act(title="", expectation=MENDED.expectation, allowed=frozenset({Cause.COLLECTION_MISSING})),
            [News(opened=(EXPECTED,)), News(opened=(SECOND,))],
            "paged 2 times, expected once: collection_missing",
            id="two pages for what is allowed",
        ),
        pytest.param(
            MENDED,
            [News(opened=(TICKET,))],
            "not all right within 45s: collection_missing is still open, seen by chat-delivery",
            id="still open",
        ),
        pytest.param(
            MENDED,
            [News(opened=(GUESS,)), over(GUESS)],
            "somebody was paged for journey_broken, which was not what was wrong",
            id="a page though all was mended",
        ),
    ],
)
def test_an_act_fails_with_a_sentence(act: Act, news: list[News], sentence: str) -> None:
    trial = trial_of(act, *news)

    assert f"act 1: {sentence}" in trial.failures()
    assert trial.exit_code == 1


def test_times_are_those_since_the_faults_were_switched() -> None:
    trial = trial_of(MISSING, News(opened=(EXPECTED,)))

    trial.begin(FORGOTTEN, at_seconds=BEGAN_AT + 10.0)
    heard = trial.hear(over(EXPECTED), at_seconds=BEGAN_AT + 13.0)

    [missing, _] = trial.courses
    assert missing.diagnosed is not None
    assert (missing.diagnosed.after_seconds, missing.over_after_seconds) == (1.0, 3.0)
    assert (heard.after_seconds, heard.over) == (3.0, (Cause.COLLECTION_MISSING,))


def test_what_was_wrong_before_is_no_news_and_its_second_page_is_its_own() -> None:
    trial = trial_of(MISSING, News(opened=(EXPECTED,)))

    forgotten = trial.begin(FORGOTTEN, at_seconds=BEGAN_AT + 10.0)
    trial.hear(News(changed=(EXPECTED,), opened=(SECOND,)), at_seconds=BEGAN_AT + 11.0)

    assert (forgotten.detected, forgotten.pages) == (None, [])
    assert "act 1: paged 2 times, expected once: collection_missing" in trial.failures()


def test_an_incident_that_takes_another_cause_wakes_nobody_again() -> None:
    trial = trial_of(MISSING, News(opened=(EXPECTED,)))

    trial.begin(FORGOTTEN, at_seconds=BEGAN_AT + 10.0)
    heard = trial.hear(News(changed=(incident(Cause.PERMISSION_MISSING),)), at_seconds=BEGAN_AT + 12.0)

    assert heard.pages == ()
    assert heard.over == (Cause.COLLECTION_MISSING,)
    assert trial.exit_code == 0


def test_an_act_is_not_complete_before_the_cause_of_the_one_before_is_over() -> None:
    trial = trial_of(MISSING, News(opened=(EXPECTED,)))

    forgotten = trial.begin(FORGOTTEN, at_seconds=BEGAN_AT + 10.0)
    trial.hear(News(opened=(incident(Cause.PERMISSION_MISSING, number=2),)), at_seconds=BEGAN_AT + 11.0)
    while_open = (forgotten.holds, forgotten.is_complete)
    trial.hear(over(EXPECTED), at_seconds=BEGAN_AT + 12.0)

    assert (while_open, forgotten.is_complete) == ((True, False), True)


def test_what_opens_before_the_first_act_is_open_in_it() -> None:
    trial = Trial()

    trial.hear(News(opened=(EXPECTED,)), at_seconds=BEGAN_AT - 1.0)
    course = trial.begin(MENDED, at_seconds=BEGAN_AT)

    assert not trial.is_quiet
    assert (course.holds, course.pages) == (False, [])
