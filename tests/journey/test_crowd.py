"""
Many journeys at once, of several locations, on one platform that refuses what looks like a duplicate.
"""

import asyncio
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import replace

import pytest

from monitor.appwrite.removal import AppwriteRemover
from monitor.appwrite.transport import AiohttpTransport
from monitor.core.clock import SystemClock
from monitor.core.leftover import MARK
from monitor.core.outcome import Outcome, Status
from monitor.journey.side import Side
from monitor.lease import Lease
from monitor.leftovers import Leftovers
from monitor.runner import Runner
from monitor.sandbox.state.schema import Index
from monitor.sandbox.state.world import Collection, Document
from monitor.store import Store
from tests.checks.platforms import by_key
from tests.conftest import Platform
from tests.engine import NoStalls
from tests.journey.story import holdings, journey
from tests.manifests import surroundings_of

pytestmark = [pytest.mark.asyncio, pytest.mark.slow]

LOCATIONS = ("sydney-1", "frankfurt-1", "virginia-1")
JOURNEYS = 40
WAIT_SECONDS = 1.5


@contextmanager
def located(platform: Platform, location: str, outcomes: list[Outcome]) -> Iterator[Runner]:
    """
    Give the runner of a monitor of its own, with its own store and connections.
    """
    store = Store.open(None)
    here = replace(
        surroundings_of(platform),
        location=location,
        transport=AiohttpTransport(user_agent="monitor/test", budget=None),
        journal=Leftovers(store, Lease(None), AppwriteRemover(), SystemClock()),
    )
    try:
        yield Runner(here, stalls=NoStalls(), on_outcome=lambda _, outcome: outcomes.append(outcome))
    finally:
        store.close()


def demand_unique(platform: Platform, *attributes: str) -> None:
    """
    Have the platform refuse a second booking of the same *attributes*, as within its window of ten minutes.
    """
    bookings = platform.sandbox.world.collections["bookings"]
    bookings.indexes["no_duplicates"] = Index(
        id="no_duplicates", key="no_duplicates", type="unique", created_at="", attributes=attributes
    )


def linger(platform: Platform) -> None:
    """
    Let journeys wait a while between the booking and the chat, so that many are there at once.
    """
    platform.sandbox.faults.switch_on("chat_record_late", seconds=WAIT_SECONDS)
    functions = platform.sandbox.world.functions.by_id
    functions["sendChatMessage"] = replace(functions["sendChatMessage"], takes_seconds=WAIT_SECONDS)


@pytest.fixture
def most_at_once(platform: Platform, monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """
    Return what holds, in the end, how many bookings there were after each was made.
    """
    counts: list[int] = []
    publish = platform.sandbox.hub.publish

    def count(action: str, collection: Collection, document: Document, payload: Mapping[str, object]) -> None:
        if (action, collection.id) == ("create", "bookings"):
            counts.append(len(collection.documents))
        publish(action, collection, document, payload)

    monkeypatch.setattr(platform.sandbox.hub, "publish", count)
    return counts


@pytest.mark.parametrize("profile", ["march", "january"])
async def test_forty_journeys_from_three_locations_never_meet(
    platform: Platform, most_at_once: list[int], profile: str
) -> None:
    demand_unique(platform, "userId", "startsAt")
    linger(platform)
    before, outcomes = holdings(platform.sandbox), list[Outcome]()
    patient: dict[str, object] = {"within": "20s", "objective": None}
    settings = {"like": profile, "booking": patient, "chat": patient, "notification": patient, "objectives": None}
    check = journey(profile=settings, customer="customer", event_within="20s", timeout="55s")

    with ExitStack() as stack:
        runners = [stack.enter_context(located(platform, each, outcomes)) for each in LOCATIONS]
        checks = [check.model_copy(update={"name": f"journey-{number}"}) for number in range(JOURNEYS)]
        await asyncio.gather(*(runners[n % len(runners)].run_now(each) for n, each in enumerate(checks)))
        for runner in runners:
            await runner.surroundings.transport.close()

    assert {(outcome.status, outcome.message) for outcome in outcomes} == {(Status.PASSED, "")}
    assert (len(outcomes), {outcome.location for outcome in outcomes}) == (JOURNEYS, set(LOCATIONS))
    assert max(most_at_once) > JOURNEYS / 2
    assert holdings(platform.sandbox) == before


async def test_a_duplicate_would_be_refused(platform: Platform) -> None:
    # Or the test above would prove nothing.
    demand_unique(platform, "userId", "startsAt")
    linger(platform)
    fixed = {"like": "march", "booking": {"data": {"startsAt": "2030-01-01T00:00:00Z"}}}
    check = journey(profile=fixed, event_within="5s")

    outcomes = await asyncio.gather(
        *(platform.runner().run_now(check.model_copy(update={"name": name})) for name in ("one", "other"))
    )

    refused = [outcome for outcome in outcomes if outcome and outcome.status is Status.FAILED]
    assert ["409" in outcome.message for outcome in refused] == [True]


async def test_each_side_hears_only_what_its_own_run_causes(
    platform: Platform, monkeypatch: pytest.MonkeyPatch
) -> None:
    heard: dict[str, set[str]] = {}
    next_ = Side._next

    async def note(side: Side, until_seconds: float) -> bool:
        known = len(side._heard)
        came = await next_(side, until_seconds)
        for event in side._heard[known:]:
            values = [value for value in event.payload.values() if isinstance(value, str) and value.startswith(MARK)]
            heard.setdefault(side.client.run.id, set()).update(values)
        return came

    monkeypatch.setattr(Side, "_next", note)
    linger(platform)
    check = journey(profile={"like": "march", "chat": {"objective": None}}, event_within="5s")

    await asyncio.gather(
        *(platform.runner().run_now(check.model_copy(update={"name": f"journey-{n}"})) for n in range(8))
    )

    assert len(heard) == 8
    users = {"synthetic-customer", "synthetic-therapist"}
    texts = [{each for each in values - users if run_id not in each} for run_id, values in heard.items()]
    # Beside the run's ids the two texts, which are nobody else's.
    assert [len(each) for each in texts] == [2] * 8
    assert len(set.union(*texts)) == 16


async def test_no_booking_carries_anybody_but_the_test_therapist(
    platform: Platform, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = {"name": "Real", "userId": "a-real-therapist", "location": "Ubud", "price": 300}
    place = f"/databases/{platform.sandbox.database}/collections/therapists_collection_id/documents"
    await by_key(platform, "POST", place, documentId="real", data=real)
    named: set[tuple[object, object]] = set()
    publish = platform.sandbox.hub.publish

    def note(action: str, collection: Collection, document: Document, payload: Mapping[str, object]) -> None:
        if collection.id == "bookings":
            named.add((document.data["therapistId"], document.data["userId"]))
        publish(action, collection, document, payload)

    monkeypatch.setattr(platform.sandbox.hub, "publish", note)
    for kind in ("booking_to_chat", "booking_ends"):
        settings = {"keep": "100ms"} if kind == "booking_ends" else {}
        await platform.run(journey(kind, **settings))

    assert named == {("6b02f6ee8a1001117ba0", "synthetic-customer")}
