"""
The sentences about the chat: what one side sends in his page is in the conversation, and the other one's page shows it.
"""

from monitor.appwrite.answers import Document
from monitor.browser.observed import Observed, seen
from monitor.browser.scene import Scene
from monitor.browser.unshown import unshown
from monitor.browser.visit import Visit
from monitor.core.errors import CheckFailed
from monitor.core.leftover import MARK
from monitor.core.outcome import EvidenceValue
from monitor.core.redaction import excerpt
from monitor.journey.profile import reference_in
from monitor.journey.side import Side

# An own message that is shown before it is written, and is written, is so within this.
_WRITING_SECONDS = 2.0


async def send(scene: Scene, name: str) -> None:
    """
    Have the customer send the ``message``, or the therapist the ``reply``; the API must have it in the conversation.
    """
    visit = scene.customer if name == "message" else scene.therapist
    text = scene.text_of(name)
    await scene.intend_text(name)
    before = len(visit.traffic.calls)
    # The therapist's page may show several chats: he answers where the message stands.
    beside, within = scene.text_of("message") if name == "reply" else "", scene.step_within_seconds
    if not await visit.enter(scene.words.message, text, beside=beside, within_seconds=within):
        told = f"the {visit.name}'s page has no field of messages: see its console, or correct words"
        raise seen(Observed.STUCK, visit.name, told)
    shown = await visit.wait(lambda: visit.shows((text,)), within_seconds=scene.step_within_seconds)
    await visit.settle()
    found = await _await_stored(scene, text)
    if found is None:
        is_sent = any(call.is_write for call in visit.traffic.calls[before:])
        raise _not_stored(visit, is_shown=shown, is_sent=is_sent, collection=scene.stage.profile.message.collection)
    if error := _elsewhere(scene, visit, found):
        raise error
    if not shown:
        told = f"the {visit.name}'s message is written, and his own page does not show it"
        raise seen(Observed.EVENT_NOT_SHOWN, visit.name, told)


async def receive(scene: Scene, name: str) -> None:
    """
    Have the other side's page show the message, without being loaded again.
    """
    visit, text = (scene.therapist if name == "message" else scene.customer), scene.text_of(name)
    if await visit.wait(lambda: visit.shows((text,)), within_seconds=scene.event_within_seconds):
        return
    collection = scene.stage.profile.message.collection
    error = unshown(visit.name, visit.traffic, what="the message", collection=collection, token=text)
    if error.evidence["observed"] == Observed.EVENT_NOT_SHOWN and name == "message":
        await _demand_one_conversation(scene)
    raise error


async def _demand_one_conversation(scene: Scene) -> None:
    """
    Raise ``CheckFailed`` when the therapist, who does not see the message, writes into another conversation.
    """
    visit, text = scene.therapist, scene.text_of("reply")
    await scene.intend_text("reply")
    if not await visit.enter(scene.words.message, text, within_seconds=scene.event_within_seconds):
        return
    found = await _await_stored(scene, text)
    if found is None or (error := _elsewhere(scene, visit, found)) is None:
        return
    # Or it was the chat of another run, which his page shows as well.
    if not str(found.data.get(str(error.evidence["attribute"]))).startswith(MARK):
        raise error


async def _await_stored(scene: Scene, text: str) -> Document | None:
    message, run = scene.stage.profile.message, scene.run
    until = run.elapsed_seconds() + min(_WRITING_SECONDS, scene.event_within_seconds)
    own = Side("backend", scene.stage.backend)
    found = await scene.asking(
        scene.customer, own.await_one(message.collection, {message.text: text}, until_seconds=until)
    )
    return found.document if found is not None else None


def _elsewhere(scene: Scene, visit: Visit, stored: Document) -> CheckFailed | None:
    where = scene.stage.filled(scene.stage.profile.message.where)
    key, _ = reference_in(scene.stage.profile.message.where, ("chat", "booking"))
    if not key or stored.data.get(key) == where[key]:
        return None
    conversations = tuple(excerpt(str(each)) for each in (where[key], stored.data.get(key)))
    text = f"the {visit.name}'s message is in conversation {conversations[1]!r}, the chat is {conversations[0]!r}"
    facts: dict[str, EvidenceValue] = {"attribute": key, "conversations": conversations}
    return seen(Observed.CONVERSATION_DIFFERS, visit.name, f"{text}: let both make one id", **facts)


def _not_stored(visit: Visit, *, is_shown: bool, is_sent: bool, collection: str) -> CheckFailed:
    if is_shown or is_sent:
        text = f"the {visit.name}'s page shows the message as sent, and {collection!r} has no such text"
        return seen(Observed.NOT_WRITTEN, visit.name, f"{text}: see where it writes", collection=collection)
    text = f"Enter in the {visit.name}'s field of messages does nothing, and sends no request: see the console"
    return seen(Observed.NO_REQUEST, visit.name, text)
