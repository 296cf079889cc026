"""
A journey of somebody else's, in one file, out of the sentences that there are.
"""

import pytest

from monitor.core.outcome import Reason, Status
from monitor.manual import manual_of
from monitor.sandbox import seed
from tests.conftest import Platform, failed_steps
from tests.journey.booking_rescheduled import BookingRescheduled
from tests.journey.story import deafen, holdings, meddle


def rescheduled(**settings: object) -> BookingRescheduled:
    usual = {
        "name": "checked",
        "profile": "march",
        "customer": "customer",
        "therapist": "therapist",
        "event_within": "500ms",
        "put_off": {"startsAt": "{deadline}"},
    }
    return BookingRescheduled.model_validate({**usual, **settings})


@pytest.mark.asyncio
@pytest.mark.parametrize("profile", ["march", {"like": "march", "share": ["team:synthetic-pair"]}])
async def test_passes_and_leaves_nothing(platform: Platform, profile: object) -> None:
    before = holdings(platform.sandbox)

    outcome = await platform.run(rescheduled(profile=profile))

    assert (outcome.status, outcome.message) == (Status.PASSED, "")
    assert [step.name for step in outcome.steps if step.name in manual_of(BookingRescheduled).steps] == [
        step for step in manual_of(BookingRescheduled).steps if step != "observe"
    ]
    assert holdings(platform.sandbox) == before


@pytest.mark.asyncio
async def test_fails_at_its_own_sentence(platform: Platform, monkeypatch: pytest.MonkeyPatch) -> None:
    deafen(platform.sandbox, seed.THERAPIST, "bookings", monkeypatch)

    outcome = await platform.run(rescheduled(event_within="100ms"))

    assert (outcome.status, outcome.reason, failed_steps(outcome)) == (Status.FAILED, Reason.NO_EVENT, ["see_new_time"])
    assert "see_new_time: the therapist got no event of the new time within 100ms" in outcome.message


@pytest.mark.asyncio
async def test_a_change_that_is_answered_with_something_else_is_told(platform: Platform) -> None:
    def undo(call: object, answer: object) -> None:
        body = answer.body  # type: ignore[attr-defined]
        if isinstance(body, dict) and "startsAt" in body:
            body["startsAt"] = "2030-01-01T00:00:00.000+00:00"

    meddle(platform.sandbox, undo)
    outcome = await platform.run(rescheduled())

    # What was answered when it was made nobody looks at.
    assert (outcome.reason, failed_steps(outcome)) == (Reason.WRONG_ANSWER, ["put_off"])
    assert "startsAt of the booking was written as" in outcome.message


@pytest.mark.asyncio
async def test_observes_when_it_may_not_write(platform: Platform) -> None:
    outcome = await platform.run(rescheduled(observe_only=True))

    assert (outcome.status, [step.name for step in outcome.steps][-1]) == (Status.PASSED, "observe")


def test_is_a_kind_as_any_other() -> None:
    assert BookingRescheduled.kind() == "booking_rescheduled"
    assert (
        manual_of(BookingRescheduled).summary == "A customer puts a booking off, and the therapist sees the new time."
    )
