"""
The sentence about the chat's record: it is made, by whoever that is, and both sides find it.
"""

from collections.abc import Mapping

from monitor.appwrite.errors import AppwriteError
from monitor.appwrite.failures import failed
from monitor.core.duration import show_duration
from monitor.core.outcome import EvidenceValue, Reason
from monitor.journey.booking import Booking
from monitor.journey.parts import Record
from monitor.journey.side import Found, Side
from monitor.journey.stage import Stage, switched_off


async def open_chat(stage: Stage, booking: Booking) -> None:
    """
    Have the record of the chat made, or wait until the platform has made it; both sides must find it.
    """
    record = stage.profile.chat
    if record.by == "platform":
        found = await await_record(stage, stage.therapist, record, booking, what="chat record")
        stage.name_chat(found.document.id)
        took_seconds = found.absent_seconds - booking.sent_seconds
    else:
        took_seconds = await _make_chat(stage, record, booking)
    stage.run.hold_to(record.objective_seconds, took_seconds=took_seconds, what="the chat record")
    for side in (stage.customer,) if record.where else (stage.therapist, stage.customer):
        if not side.is_guest and await side.read(record.collection, stage.facts["chat"]) is None:
            text = f"the {side.name} may not read the chat record in {record.collection!r}, though it is there"
            raise failed(Reason.PERMISSION_MISSING, f"{text}: check its permissions", collection=record.collection)


async def _make_chat(stage: Stage, record: Record, booking: Booking) -> float:
    """
    Write the record of the chat, and see that the therapist finds it; return how long that took.
    """
    writer, began_seconds = stage.writer_of(record), stage.run.elapsed_seconds()
    try:
        await stage.write(writer, record, id_=stage.facts["chat"], data=stage.values(record.data, record.collection))
    except AppwriteError as error:
        raise switched_off(record, error) from error
    if record.where:
        await await_record(stage, stage.therapist, record, booking, what="chat record")
    return stage.run.elapsed_seconds() - began_seconds


async def await_record(stage: Stage, side: Side, record: Record, booking: Booking, *, what: str) -> Found:
    """
    Wait until *side* finds what belongs to the booking.

    Raises ``CheckFailed`` when it is not there in time: ``permission_missing`` when it is, but not for this side.
    """
    where, sent = stage.filled(record.where), booking.sent_seconds
    until, mark = sent + record.within_seconds, sent + (record.objective_seconds or 0.0)
    try:
        found = await side.await_one(record.collection, where, until_seconds=until, mark_seconds=mark)
    except AppwriteError as error:
        raise switched_off(record, error) from error
    if found is not None:
        return found
    text = f"no {what} of the booking in {record.collection!r} {show_duration(record.within_seconds)} after it"
    facts: dict[str, EvidenceValue] = {"collection": record.collection, "identity": side.client.identity}
    if await _is_there(stage, record, where) and not await side.find(record.collection, where):
        text += f" for the {side.name}, though there is one: check its permissions"
        raise failed(Reason.PERMISSION_MISSING, text, **facts)
    text += ": see what the platform does when somebody books, and its functions"
    raise failed(Reason.NOT_FOUND, text, **facts)


async def _is_there(stage: Stage, record: Record, where: Mapping[str, object]) -> bool:
    return bool(await Side("backend", stage.backend).find(record.collection, where))
