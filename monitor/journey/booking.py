"""
The sentences about the booking: it is made, found by the therapist, and heard of by him.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from monitor.appwrite.answers import Document
from monitor.appwrite.errors import AppwriteError
from monitor.appwrite.failures import failed
from monitor.core.errors import CheckFailed
from monitor.core.leftover import Leftover
from monitor.core.outcome import Reason
from monitor.core.redaction import excerpt
from monitor.journey.side import Side
from monitor.journey.stage import Stage, switched_off
from monitor.journey.traces import of_booking
from monitor.journey.unheard import await_event
from monitor.journey.where import mismatch, same, show


@dataclass(frozen=True, slots=True, kw_only=True)
class Booking:
    """
    A booking that was made: with *data*, sent at this second of the run; *changed* is what was changed last.
    """

    id: str
    collection: str
    data: Mapping[str, object]
    sent_seconds: float
    changed: Mapping[str, object] = field(default_factory=dict)


async def book(stage: Stage, *further: Leftover) -> Booking:
    """
    Make the booking, as its profile says; *further* is what the journey is going to make later.
    """
    record, id_ = stage.profile.booking, stage.facts["booking"]
    await stage.run.intend(*of_booking(stage), *further)
    data = stage.values(record.data, record.collection)
    try:
        sent_seconds = await stage.write(stage.writer_of(record), record, id_=id_, data=data)
    except AppwriteError as error:
        raise switched_off(record, error) from error
    return Booking(id=id_, collection=record.collection, data=data, sent_seconds=sent_seconds)


async def find_booking(stage: Stage, booking: Booking) -> None:
    """
    Have the therapist find the booking with his own query, and read what was written.
    """
    dashboard, therapist = stage.profile.dashboard, stage.therapist
    where = stage.filled(dashboard.where)
    found = await therapist.find(dashboard.collection, where)
    seen = next((each for each in found if each.id == booking.id), None)
    if seen is None:
        raise await _not_found(stage, booking, where)
    demand_same(booking, seen)


async def hear_booking(stage: Stage, booking: Booking) -> None:
    """
    Have the therapist's dashboard hear of the booking, and let his own filter take the event.
    """
    await await_event(
        stage,
        stage.therapist,
        what="the booking",
        collection=stage.profile.dashboard.collection,
        document_id=booking.id,
        sent_seconds=booking.sent_seconds,
    )
    where = stage.filled(stage.profile.dashboard.where)

    def is_wanted(data: Mapping[str, object]) -> bool:
        return data.get("$id") == booking.id and not mismatch(where, data)

    until = stage.event_until_seconds
    event = await stage.therapist.hear(stage.profile.dashboard.collection, is_wanted, until_seconds=until)
    if event is None:
        text = f"the therapist's page drops the event of the booking: it has not what he demands ({', '.join(where)})"
        raise failed(Reason.WRONG_ANSWER, f"{text}: let the site's writer and reader agree")


def difference(written: Mapping[str, object], got: Mapping[str, object]) -> str:
    """
    Return the first attribute of *written* that *got* has not as it was written; empty when it has all.
    """
    return next((key for key, value in written.items() if not same(value, got.get(key))), "")


async def read_booking(booking: Booking, side: Side) -> Document:
    """
    Return the booking as *side* reads it; raise ``CheckFailed`` when it cannot.
    """
    document = await side.read(booking.collection, booking.id)
    if document is None:
        text = f"the booking is gone, or the {side.name} may not read it any more"
        raise failed(Reason.PERMISSION_MISSING, f"{text}: check its permissions, and what deletes bookings")
    return document


def demand_same(booking: Booking, seen: Document) -> None:
    """
    Raise ``CheckFailed`` when *seen* does not hold what was written, as far as it was.
    """
    if key := difference(booking.data, seen.data):
        written, got = (excerpt(str(each)) for each in (booking.data[key], seen.data.get(key)))
        text = f"{key} of the booking was written as {written!r} and reads {got!r}"
        raise failed(Reason.WRONG_ANSWER, f"{text}: see what changes bookings after they were made", attribute=key)


async def _not_found(stage: Stage, booking: Booking, where: Mapping[str, object]) -> CheckFailed:
    """
    Say why the therapist's own query does not find the booking.
    """
    dashboard = stage.profile.dashboard
    facts = {"collection": dashboard.collection, "identity": stage.therapist.client.identity}
    if dashboard.collection != booking.collection:
        text = f"the therapist looks in {dashboard.collection!r}, the customer books in {booking.collection!r}"
        return failed(Reason.WRONG_ANSWER, f"{text}: let both name one collection", **facts)
    seen = await stage.therapist.read(booking.collection, booking.id)
    if seen is None:
        text = "the therapist's query is empty and he may not read the booking: check its permissions"
        return failed(Reason.PERMISSION_MISSING, f"{text} and those of {booking.collection!r}", **facts)
    key = mismatch(where, {"$id": seen.id, "$createdAt": seen.created_at, "$updatedAt": seen.updated_at, **seen.data})
    got = excerpt(str(seen.data.get(key)), characters=24)
    if key in booking.data and difference({key: booking.data[key]}, seen.data):
        was = excerpt(str(booking.data[key]), characters=24)
        text = f"the therapist's query is empty: {key} of the booking was written as {was!r} and is now {got!r}"
        return failed(Reason.WRONG_ANSWER, f"{text}: see what job changes bookings", attribute=key, **facts)
    if not key:
        text = "the therapist's query does not show the booking, though it fits and he may read it"
        return failed(Reason.WRONG_ANSWER, f"{text}: see indexes and caches of {booking.collection!r}", **facts)
    whose = f"the booking has {got!r} there" if seen.data.get(key) is not None else "nobody writes it"
    text = f"the therapist's query is empty: it demands {key} {show(where[key])}, and {whose}"
    return failed(Reason.WRONG_ANSWER, f"{text}: let writer and reader agree", attribute=key, **facts)
