"""
The sentence about the notification: it tells the therapist of the booking, as a document and as an event.
"""

from collections.abc import Mapping

from monitor.appwrite.errors import AppwriteError
from monitor.core.outcome import EventResult
from monitor.journey.booking import Booking
from monitor.journey.chat import await_record
from monitor.journey.parts import Record
from monitor.journey.stage import Stage, switched_off
from monitor.journey.unheard import unheard
from monitor.journey.where import mismatch


async def notify(stage: Stage, booking: Booking, record: Record) -> None:
    """
    Have the therapist's notification made, or wait until the platform has made it; he must find it, and hear of it.
    """
    since = booking if record.by == "platform" else await _write(stage, record, booking)
    found = await await_record(stage, stage.therapist, record, since, what="notification")
    found_seconds = stage.run.elapsed_seconds()
    where = stage.filled(record.where)

    def is_it(data: Mapping[str, object]) -> bool:
        return data.get("$id") == found.document.id and not mismatch(where, data)

    # An event that has come waits on the socket; one that has not has its time from now on.
    until = stage.run.elapsed_seconds() + stage.event_within_seconds
    event = await stage.therapist.hear(record.collection, is_it, until_seconds=until)
    if event is None:
        stage.run.observe_event(EventResult.LOST)
        raise await unheard(
            stage, stage.therapist, what="the notification", collection=record.collection, document_id=found.document.id
        )
    took_seconds = event.received_seconds - since.sent_seconds
    if record.by == "platform":
        # How long the platform took to write it is in this too. When it was found says nothing: the chat came first.
        stage.run.hold_to(record.objective_seconds, took_seconds=took_seconds, what="the notification's event")
        return
    stage.run.hold_to(
        record.objective_seconds, took_seconds=found_seconds - since.sent_seconds, what="the notification"
    )
    stage.observe_delivery(event.received_seconds, sent_seconds=since.sent_seconds)


async def _write(stage: Stage, record: Record, booking: Booking) -> Booking:
    data, id_ = stage.values(record.data, record.collection), stage.ids["notification"]
    try:
        sent_seconds = await stage.write(stage.writer_of(record), record, id_=id_, data=data)
    except AppwriteError as error:
        raise switched_off(record, error) from error
    return Booking(id=booking.id, collection=booking.collection, data=booking.data, sent_seconds=sent_seconds)
