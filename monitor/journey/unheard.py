"""
Why one side did not hear of what was written: whether it may read it, and whether the other side heard.
"""

from monitor.appwrite.failures import failed
from monitor.core.duration import show_duration
from monitor.core.errors import CheckFailed, MonitorError
from monitor.core.outcome import EventResult, EvidenceValue, Reason
from monitor.journey.side import Side
from monitor.journey.stage import Stage


async def await_event(
    stage: Stage,
    side: Side,
    *,
    what: str,
    collection: str,
    document_id: str,
    sent_seconds: float,
) -> None:
    """
    Have *side* hear of the document, and hold that to the objective of events; *what* messages call it.

    Raises ``CheckFailed`` when the event does not come: ``permission_missing`` when the side may not read it either.
    """
    run = stage.run
    until = stage.event_until_seconds
    event = await side.hear(collection, lambda data: data.get("$id") == document_id, until_seconds=until)
    if event is None:
        run.observe_event(EventResult.LOST)
        raise await unheard(stage, side, what=what, collection=collection, document_id=document_id)
    stage.observe_delivery(event.received_seconds, sent_seconds=sent_seconds)


async def unheard(stage: Stage, side: Side, *, what: str, collection: str, document_id: str) -> CheckFailed:
    """
    Return what it means that *side* heard nothing of the document in time.
    """
    if side.ended is not None:
        return side.ended
    other = stage.customer if side is stage.therapist else stage.therapist
    heard = await _heard(other, collection, document_id)
    within = show_duration(stage.event_within_seconds)
    text = f"the {side.name} got no event of {what} within {within}"
    facts: dict[str, EvidenceValue] = {
        "collection": collection,
        "identity": side.client.identity,
        "other_heard": heard,
    }
    readable = await _can_read(side, collection, document_id)
    if readable is False:
        text += f" and may not read it: check the permissions of {collection!r} and of the document"
        return failed(Reason.PERMISSION_MISSING, text, readable=False, **facts)
    text += {True: ", though he can read it", None: ""}[readable]
    text += {True: f"; the {other.name}'s socket got it", False: f"; neither did the {other.name}'s", None: ""}[heard]
    text += ": see realtime and its Redis"
    return failed(Reason.NO_EVENT, text, readable=readable, **facts)


async def _heard(side: Side, collection: str, document_id: str) -> bool | None:
    # Whoever does not listen there, or no more, proves nothing.
    event = await side.hear(collection, lambda data: data.get("$id") == document_id, until_seconds=0.0)
    return event is not None if side.listens_to(collection) else None


async def _can_read(side: Side, collection: str, document_id: str) -> bool | None:
    try:
        return await side.read(collection, document_id) is not None
    except MonitorError:
        # That the event stayed out stands, whatever keeps the side from asking why.
        return None
