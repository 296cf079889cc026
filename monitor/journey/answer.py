"""
The sentences about what becomes of a booking: one side changes it, and the other one sees that.
"""

from collections.abc import Mapping
from dataclasses import replace

from monitor.appwrite.failures import failed
from monitor.core.duration import show_duration
from monitor.core.outcome import EventResult, Reason
from monitor.core.redaction import excerpt
from monitor.journey.booking import Booking, demand_same, difference, read_booking
from monitor.journey.parts import Answer
from monitor.journey.side import Side
from monitor.journey.stage import Stage
from monitor.journey.unheard import unheard


async def answer(stage: Stage, booking: Booking, *, how: Answer) -> Booking:
    """
    Have the therapist accept or decline the booking, which nobody has answered before; return it as it is then.
    """
    await demand_unanswered(stage, booking, by=stage.therapist)
    return await change(stage, booking, by=stage.therapist, data=how.data)


async def change(stage: Stage, booking: Booking, *, by: Side, data: Mapping[str, object]) -> Booking:
    """
    Have one side change the booking, as *data* with placeholders says; return it as it is then.
    """
    # Unlike what is made, what is changed is not marked as a test.
    changed, sent_seconds = stage.filled(data), stage.run.elapsed_seconds()
    updated = await by.client.update_document(booking.collection, booking.id, changed)
    stage.note_answer()
    now = replace(booking, data={**booking.data, **changed}, changed=changed, sent_seconds=sent_seconds)
    demand_same(now, updated)
    return now


async def see_answer(stage: Stage, answered: Booking) -> None:
    """
    Have the customer hear of the answer and read it; a guest, to whom nothing is shown, leaves that to the therapist.
    """
    if stage.customer.is_guest:
        demand_same(answered, await read_booking(answered, stage.therapist))
    else:
        await see_change(stage, answered, side=stage.customer, what="the answer")


async def see_change(stage: Stage, changed: Booking, *, side: Side, what: str) -> None:
    """
    Have one side hear of what the other one has changed in the booking, and read it; *what* messages call it.
    """
    until = stage.event_until_seconds

    def is_it(data: Mapping[str, object]) -> bool:
        return data.get("$id") == changed.id and not difference(changed.changed, data)

    event = await side.hear(changed.collection, is_it, until_seconds=until)
    if event is None:
        stage.run.observe_event(EventResult.LOST)
        raise await unheard(stage, side, what=what, collection=changed.collection, document_id=changed.id)
    stage.observe_delivery(event.received_seconds, sent_seconds=changed.sent_seconds)
    demand_same(changed, await read_booking(changed, side))


async def demand_unanswered(stage: Stage, booking: Booking, *, by: Side) -> None:
    """
    Raise ``CheckFailed`` when the booking is not any more as it was written: somebody else has answered or ended it.
    """
    now = await read_booking(booking, by)
    key = difference(unanswered(stage, booking), now.data)
    if not key:
        return
    age = stage.run.elapsed_seconds() - booking.sent_seconds
    text = f"{key} of the booking became {excerpt(str(now.data.get(key)))!r} {show_duration(age)} after it was made"
    text += ", before the therapist answered: see what job or page ends bookings early"
    raise failed(Reason.WRONG_ANSWER, text, attribute=key, age_seconds=round(age, 3))


def unanswered(stage: Stage, booking: Booking) -> Mapping[str, object]:
    """
    Return what the booking holds as long as nobody has answered or ended it.
    """
    return {key: booking.data[key] for key in stage.answered_keys if key in booking.data}
