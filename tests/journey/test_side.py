"""
What one side takes for an event of its own.
"""

from dataclasses import replace

import pytest

from monitor.appwrite.frames import Event
from monitor.appwrite.rest import Client
from monitor.core.outcome import Status
from monitor.core.run import Run
from monitor.journey.side import Side
from tests.conftest import Platform
from tests.journey.story import PAIR, journey, on_create
from tests.manifests import surroundings_of

pytestmark = pytest.mark.asyncio


def side_with(platform: Platform, *heard: Event) -> Side:
    run = Run(surroundings_of(platform), timeout_seconds=5.0)
    side = Side("customer", Client(run, identity="guest", session=run.transport.session("guest"), headers={}))
    side._heard += heard
    return side


def event_in(platform: Platform, collection: str, **payload: object) -> Event:
    place = f"databases.{platform.sandbox.database}.collections.{collection}.documents"
    return Event(
        events=(f"{place}.x.create",),
        channels=(place,),
        payload={"$id": "x", **payload},
        timestamp="",
        received_seconds=0.1,
    )


async def test_the_first_event_of_the_collection_that_fits_is_heard(platform: Platform) -> None:
    other, first, second = (
        event_in(platform, collection, number=number)
        for number, collection in enumerate(("bookings", "chat_messages", "chat_messages"))
    )
    side = side_with(platform, other, first, second)

    def any_of_all(_: object) -> bool:
        return True

    assert await side.hear("chat_messages", any_of_all, until_seconds=0.0) is first
    assert await side.hear("chat_messages", lambda data: data["number"] == 2, until_seconds=0.0) is second
    assert await side.hear("notifications", any_of_all, until_seconds=0.0) is None


async def test_events_of_other_documents_and_of_no_known_form_are_harmless(platform: Platform) -> None:
    side = side_with(platform, Event(events=(), channels=(), payload={}, timestamp="", received_seconds=0.0))

    assert side.saw == ("?",)
    assert (side.is_guest, side.listens_to("bookings")) == (True, False)


async def test_the_newest_bookings_are_shown_whatever_else_there_is(platform: Platform) -> None:
    bookings = platform.sandbox.world.collections["bookings"]

    def fill() -> None:
        (ours,) = bookings.documents.values()
        bookings.documents.clear()
        for number in range(150):
            made_at = f"2020-01-01T00:00:00.{number:03}+00:00"
            old = replace(ours, id=f"old-{number}", sequence=number - 1_000, created_at=made_at)
            bookings.documents[old.id] = old
        bookings.documents[ours.id] = ours

    on_create(platform.sandbox, "bookings", fill)
    outcome = await platform.run(journey(profile={"like": "march", "share": [PAIR]}))

    assert (outcome.status, outcome.message) == (Status.PASSED, "")
