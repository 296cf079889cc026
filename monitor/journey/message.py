"""
The sentences about the messages of the chat: what one side writes the other one hears of, and reads.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from monitor.appwrite.answers import Document, Execution
from monitor.appwrite.errors import AppwriteError
from monitor.appwrite.expectation import ExpectedAnswer
from monitor.appwrite.failures import failed
from monitor.core.duration import show_duration
from monitor.core.errors import CheckFailed
from monitor.core.leftover import Fate
from monitor.core.outcome import EventResult, EvidenceValue, Reason
from monitor.core.redaction import excerpt
from monitor.journey.parts import Message, Record
from monitor.journey.side import Side
from monitor.journey.stage import Stage
from monitor.journey.unheard import unheard
from monitor.journey.where import mismatch, show

_FUNCTION_TOOK_IT = (200, 201, 202, 204)
_FUNCTION_REFUSED = range(400, 500)
_EVIDENCE_CHARACTERS = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """
    A message that was sent at this second of the run: with *text*, from one side to the other.

    *id* is empty when a function wrote it, under an id of its own.
    """

    message: Message
    text: str
    sender: Side
    receiver: Side
    sent_seconds: float
    id: str = ""


async def send(stage: Stage, name: str) -> Sent:
    """
    Send the ``message`` of the customer, or the ``reply`` of the therapist.
    """
    message = dict(stage.profile.messages())[name]
    sides = (stage.customer, stage.therapist) if name == "message" else (stage.therapist, stage.customer)
    text = stage.facts["text" if name == "message" else "reply"]
    sent_seconds, id_ = stage.run.elapsed_seconds(), ""
    if message.function is not None:
        await _call(stage, sides[0], message, message.function, text=text)
    else:
        id_ = stage.ids[name]
        record = Record(collection=message.collection, data=message.data)
        data = stage.values(message.data, message.collection)
        sent_seconds = await stage.write(sides[0].client, record, id_=id_, data=data)
    return Sent(message=message, text=text, sender=sides[0], receiver=sides[1], sent_seconds=sent_seconds, id=id_)


async def hear_message(stage: Stage, sent: Sent) -> None:
    """
    Have the receiver hear of the message, in the conversation that his page shows.
    """
    where, collection = stage.filled(sent.message.where), sent.message.collection

    def is_it(data: Mapping[str, object]) -> bool:
        return data.get("$id") == sent.id if sent.id else data.get(sent.message.text) == sent.text

    until = stage.event_until_seconds
    event = await sent.receiver.hear(collection, is_it, until_seconds=until)
    if event is None:
        stage.run.observe_event(EventResult.LOST)
        raise await _unheard(stage, sent)
    stage.observe_delivery(event.received_seconds, sent_seconds=sent.sent_seconds)
    if key := mismatch(where, event.payload):
        got = excerpt(str(event.payload.get(key)), characters=24)
        text = f"the message has {key} = {got!r}, the {sent.receiver.name}'s page shows {key} {show(where[key])}"
        raise failed(Reason.WRONG_ANSWER, f"{text}: let both make one conversation id", attribute=key)


async def read_message(stage: Stage, sent: Sent) -> None:
    """
    Have the receiver read the conversation, in which the message must stand as it was sent.
    """
    found = await sent.receiver.find(sent.message.collection, stage.filled(sent.message.where))
    if not _with_text(found, sent):
        text = f"the {sent.receiver.name} heard of the message and does not find it in the conversation"
        raise failed(Reason.WRONG_ANSWER, f"{text} ({len(found)} others are there): see what changes messages")


def _with_text(found: Sequence[Document], sent: Sent) -> bool:
    return any(each.data.get(sent.message.text) == sent.text for each in found)


async def _call(stage: Stage, sender: Side, message: Message, function: str, *, text: str) -> None:
    """
    Send a message through the platform's function; what it answers must say that it was taken.
    """
    body = json.dumps(stage.filled(message.data))
    request: dict[str, object] = {"body": body, "path": "/", "method": "POST", "async": False}
    try:
        execution = await sender.client.execute(function, request)
    except AppwriteError as error:
        if error.reason is not Reason.PERMISSION_MISSING:
            raise
        told = f"the {sender.name} may not execute function {function!r}: add a role to the function's execute"
        raise failed(Reason.PERMISSION_MISSING, told, function=function, identity=sender.client.identity) from error
    stage.note_answer()
    expected = ExpectedAnswer(statuses=_FUNCTION_TOOK_IT, json_values=message.answer, body_matches=None)
    if flaw := expected.flaw(execution):
        _settle_refused(stage, message, execution, text=text)
        answer = excerpt(execution.body, characters=_EVIDENCE_CHARACTERS)
        told = f"function {function!r} did not take the {sender.name}'s message: it {flaw}"
        facts: dict[str, EvidenceValue] = {"execution": execution.id, "answer_status": execution.status_code}
        raise failed(Reason.WRONG_ANSWER, told, function=function, answer=answer, **facts)


def _settle_refused(stage: Stage, message: Message, execution: Execution, *, text: str) -> None:
    # A function that says no has written nothing; one that failed, or whose answer is not understood, may have.
    if execution.status == "completed" and execution.status_code in _FUNCTION_REFUSED:
        stage.run.settle(stage.backend.trace(message.collection, message.text, text), Fate.NOTHING)


async def _unheard(stage: Stage, sent: Sent) -> CheckFailed:
    what, collection = "the message", sent.message.collection
    if sent.id:
        return await unheard(stage, sent.receiver, what=what, collection=collection, document_id=sent.id)
    # Written under an id that nobody here knows: the conversation tells whether it is there.
    if sent.receiver.ended is not None:
        return sent.receiver.ended
    within, function = show_duration(stage.event_within_seconds), sent.message.function
    facts = {"collection": collection, "identity": sent.receiver.client.identity, "function": function}
    text = f"the {sent.receiver.name} got no event of the message within {within}"
    if _with_text(await sent.receiver.find(collection, stage.filled(sent.message.where)), sent):
        text += ", though he finds it in the conversation: see realtime and its Redis"
        return failed(Reason.NO_EVENT, text, readable=True, **facts)
    text += f" and does not find it, though function {function!r} took it: see where it writes"
    return failed(Reason.WRONG_ANSWER, text, readable=False, **facts)
