import asyncio
from collections.abc import Callable

import pytest
from pydantic import ValidationError

from monitor.core.check import Check
from monitor.core.cost import Limited
from monitor.core.outcome import Reason, Status
from monitor.sandbox import seed
from monitor.sandbox.protocol.answers import Answer
from monitor.sandbox.protocol.routing import Call
from tests.conftest import Platform
from tests.journey.story import (
    PAIR,
    after_answer,
    change,
    counting,
    deafen,
    drop,
    holdings,
    is_write,
    journey,
    meddle,
    on_create,
    permit,
    verdict,
)

pytestmark = pytest.mark.asyncio

STEPS = [
    *("sign_in", "switched_on", "find_therapist", "subscribe", "create_booking", "find_booking", "decline_booking"),
    *("see_decline", "create_second", "keep_second"),
]
EXPIRES = {"expiry": {"data": {"status": "cancelled"}, "within": "1s"}}


def ending(profile: object = "march", **settings: object) -> Check:
    return journey("booking_ends", profile=profile, **{"keep": "100ms", **settings})


@pytest.mark.parametrize("api", ["collections", "tables"])
@pytest.mark.parametrize(
    ("profile", "customer", "share"),
    [
        pytest.param("march", "customer", "backend", id="March, as a user"),
        pytest.param("march", "login", "backend", id="March, with a password"),
        pytest.param("march", "customer", [PAIR], id="March, shared by a team"),
        pytest.param("march", "customer", "nobody", id="March, open to users"),
        pytest.param("january", "guest", "backend", id="January, as a guest"),
        pytest.param("january", "anonymous", "backend", id="January, anonymously"),
    ],
)
async def test_passes_when_a_booking_ends_as_it_must_and_leaves_nothing(
    versioned: Platform, api: str, profile: str, customer: str, share: object
) -> None:
    if share == "nobody":
        permit(versioned.sandbox, "bookings", 'read("users")', 'update("users")')
    before = holdings(versioned.sandbox)

    outcome = await versioned.run(ending({"like": profile, "share": share}, customer=customer), api=api)

    assert (outcome.status, outcome.message) == (Status.PASSED, "")
    assert [step.name for step in outcome.steps] == STEPS
    assert holdings(versioned.sandbox) == before


@pytest.mark.slow
@pytest.mark.parametrize("profile", ["march", "january"])
async def test_passes_when_the_platform_ends_what_nobody_answers(platform: Platform, profile: str) -> None:
    before = holdings(platform.sandbox)
    platform.sandbox.faults.switch_on("booking_expires", seconds=0.3, pending="")

    outcome = await platform.run(ending({"like": profile, **EXPIRES}))

    assert (outcome.status, outcome.message) == (Status.PASSED, "")
    assert [step.name for step in outcome.steps] == [*STEPS, "expire_second"]
    assert holdings(platform.sandbox) == before


@pytest.mark.slow
async def test_a_booking_that_never_ends_is_told(platform: Platform) -> None:
    outcome = await platform.run(ending({"like": "march", **EXPIRES}))

    assert verdict(outcome) == (Status.FAILED, Reason.WRONG_ANSWER, ["expire_second"])
    assert "1s after it was made status is not 'cancelled' but 'pending_accept'" in outcome.message
    assert "see the job that ends bookings" in outcome.message
    assert outcome.evidence["attribute"] == "status"


@pytest.mark.slow
async def test_a_booking_that_is_gone_has_not_ended(platform: Platform, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("monitor.journey.ending._PAUSE_SECONDS", 0.1)
    documents = platform.sandbox.world.collections["bookings"].documents
    loop = asyncio.get_running_loop()
    on_create(platform.sandbox, "bookings", lambda: loop.call_later(0.5, documents.clear))

    outcome = await platform.run(ending({"like": "march", **EXPIRES}))

    assert verdict(outcome) == (Status.FAILED, Reason.WRONG_ANSWER, ["expire_second"])
    assert "status is not 'cancelled' but it is gone, or not for the therapist" in outcome.message
    # It may come back until then.
    assert outcome.steps[-1].duration_seconds > 0.6


def in_second(platform: Platform, act: Callable[[], object]) -> None:
    """
    Have *act* done a little after the second booking was made.
    """
    made: list[None] = []

    def does(call: Call, answer: Answer) -> None:
        if is_write(call, answer, "bookings", status=201):
            made.append(None)
            if len(made) == 2:
                asyncio.get_running_loop().call_later(0.05, act)

    meddle(platform.sandbox, does)


@pytest.mark.parametrize("profile", ["march", "january"])
async def test_a_booking_that_a_job_ends_early_is_told_at_once(platform: Platform, profile: str) -> None:
    status = {"march": "pending_accept", "january": "pending"}[profile]
    platform.sandbox.faults.switch_on("booking_expires", seconds=0.1, pending=status)

    outcome = await platform.run(ending(profile, keep="5s"))

    assert verdict(outcome) == (Status.FAILED, Reason.WRONG_ANSWER, ["keep_second"])
    assert "keep_second: status of the booking became 'cancelled' 1" in outcome.message
    assert "before the therapist answered: see what job or page ends bookings" in outcome.message
    assert outcome.duration_seconds < 1.0


@pytest.mark.slow
async def test_a_change_whose_event_is_lost_is_told_too(platform: Platform, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("monitor.journey.ending._PAUSE_SECONDS", 0.1)
    in_second(platform, lambda: change(platform.sandbox, "bookings", data={"status": "cancelled"}))

    outcome = await platform.run(ending(keep="2s"))

    assert verdict(outcome) == (Status.FAILED, Reason.WRONG_ANSWER, ["keep_second"])
    assert outcome.duration_seconds < 1.0


@pytest.mark.slow
async def test_a_booking_is_kept_without_a_socket_too(platform: Platform, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("monitor.journey.ending._PAUSE_SECONDS", 0.1)
    in_second(platform, lambda: drop(platform.sandbox, seed.THERAPIST))

    with counting(platform.sandbox, monkeypatch) as counts:
        kept = await platform.run(ending(keep="400ms"))
    ended = await platform.run(ending(keep="100ms", profile=unlike()))

    assert (kept.status, kept.message) == (Status.PASSED, "")
    # A look each pause, and none between.
    assert counts["GET"] < 25
    assert ended.status is Status.PASSED, ended.message


def unlike() -> dict[str, object]:
    return {"like": "march", "share": [PAIR]}


@pytest.mark.slow
async def test_what_was_changed_and_changed_back_is_not_asked_for_without_a_pause(
    platform: Platform, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("monitor.journey.ending._PAUSE_SECONDS", 0.1)
    collection = platform.sandbox.world.collections["bookings"]

    def flicker() -> None:
        for document in collection.documents.values():
            payload = {"$id": document.id, **document.data, "status": "cancelled"}
            platform.sandbox.hub.publish("update", collection, document, payload)

    in_second(platform, flicker)
    with counting(platform.sandbox, monkeypatch) as counts:
        outcome = await platform.run(ending(keep="400ms"))

    assert (outcome.status, outcome.message) == (Status.PASSED, "")
    assert counts["GET"] < 25


async def test_a_decline_that_the_schema_refuses_is_told(platform: Platform) -> None:
    values = ["pending_accept", "active"]
    platform.sandbox.faults.switch_on(
        "schema_drift", collection="bookings", change="enum", attribute="status", values=values
    )

    outcome = await platform.run(ending())

    assert verdict(outcome) == (Status.FAILED, Reason.SCHEMA, ["decline_booking"])


async def test_a_decline_that_the_customer_does_not_hear_of_is_told(
    platform: Platform, monkeypatch: pytest.MonkeyPatch
) -> None:
    deafen(platform.sandbox, seed.CUSTOMER, "bookings", monkeypatch)

    outcome = await platform.run(ending(event_within="100ms"))

    assert verdict(outcome) == (Status.FAILED, Reason.NO_EVENT, ["see_decline"])
    assert "the customer got no event of the answer within 100ms, though he can read it" in outcome.message
    assert "the therapist's socket got it" in outcome.message


async def test_a_decline_that_does_not_stay_is_told(platform: Platform) -> None:
    after_answer(platform.sandbox, lambda: change(platform.sandbox, "bookings", data={"status": "pending_accept"}))

    outcome = await platform.run(ending())

    assert verdict(outcome) == (Status.FAILED, Reason.WRONG_ANSWER, ["see_decline"])


async def test_a_booking_that_the_therapist_does_not_find_is_told(platform: Platform) -> None:
    platform.sandbox.faults.switch_on("booking_unassigned")

    outcome = await platform.run(ending())

    assert verdict(outcome) == (Status.FAILED, Reason.WRONG_ANSWER, ["find_booking"])


@pytest.mark.parametrize(
    ("objective", "words"),
    [
        pytest.param({"booking": {"objective": "0.1ms"}}, "step create_booking took", id="the booking"),
        pytest.param({"decline": {"objective": "0.1ms"}}, "step decline_booking took", id="the decline"),
        pytest.param({"objectives": {"query": "0.1ms"}}, "step find_booking took", id="a query"),
    ],
)
async def test_what_is_slower_than_its_objective_is_degraded(
    platform: Platform, objective: dict[str, object], words: str
) -> None:
    outcome = await platform.run(ending({"like": "march", "objectives": {"event": None}, **objective}))

    assert (outcome.status, outcome.reason) == (Status.DEGRADED, Reason.SLOW)
    assert words in outcome.message


async def test_a_run_that_only_observes_writes_nothing(platform: Platform, monkeypatch: pytest.MonkeyPatch) -> None:
    with counting(platform.sandbox, monkeypatch) as counts:
        outcome = await platform.run(ending(observe_only=True))

    assert (outcome.status, outcome.message) == (Status.PASSED, "")
    assert [step.name for step in outcome.steps] == [*STEPS[:4], "observe"]
    assert counts == {"POST": 2, "socket": 2, "GET": 6}


@pytest.mark.parametrize("profile", ["march", "january"])
async def test_costs_what_it_says(platform: Platform, profile: str) -> None:
    counted = {"create": 0, "update": 0}
    check = ending(profile, customer="customer")

    def count(call: Call, answer: Answer) -> None:
        for status, action in ((201, "create"), (200, "update")):
            counted[action] += is_write(call, answer, "bookings", status=status) and call.caller.key is None

    meddle(platform.sandbox, count)
    await platform.run(check)

    said = {cost.what: cost.count for cost in check.costs()}
    assert said == {Limited.CREATES: 2, Limited.UPDATES: 1, Limited.CONNECTS: 2}
    assert counted == {"create": 2, "update": 1}


async def test_what_the_backend_books_costs_the_customer_nothing() -> None:
    check = ending({"like": "march", "booking": {"by": "backend"}})

    assert {cost.identity: cost.count for cost in check.costs()} == {"customer": 0, "therapist": 1, "": 2}


@pytest.mark.parametrize(
    ("settings", "problem"),
    [
        pytest.param(
            {"profile": {"like": "march", "decline": None}},
            "profile 'like march' does not say how a therapist declines: add decline",
            id="no way to decline",
        ),
        pytest.param(
            {"keep": "20s"}, "timeout (10s) must be longer than keep (20s): raise it", id="kept longer than a run lasts"
        ),
        pytest.param(
            {"profile": {"like": "march", "expiry": {"data": {"status": "expired"}, "within": "1m"}}},
            "timeout (10s) must be longer than the within of the profile's expiry (1m): raise it",
            id="an end after that of the run",
        ),
        pytest.param(
            {"profile": {"like": "march", **EXPIRES}, "keep": "1s"},
            "keep (1s) must be shorter than the within of the profile's expiry (1s): until then it must end",
            id="kept longer than it may live",
        ),
    ],
)
async def test_refuses_what_cannot_be(settings: dict[str, object], problem: str) -> None:
    with pytest.raises(ValidationError) as refusal:
        ending(**{"profile": "march", **settings})

    assert problem in str(refusal.value)


async def test_both_waits_may_take_together_longer_than_a_run() -> None:
    profile = {"like": "march", "expiry": {"data": {"status": "expired"}, "within": "9s"}}

    check = ending(profile, keep="8s")

    assert check.timeout_seconds == 10.0
