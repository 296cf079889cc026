"""
``sendChatMessage``: checks a customer's message and writes it with the rights of a server key.

A refusal is an answer of the function, 4xx inside an execution that completed. Whatever ``chat_messages`` has no
attribute for is left out.
"""

import json
from collections.abc import Callable, Mapping

from monitor.sandbox.booking_platform import CHAT_MESSAGES
from monitor.sandbox.errors import AppwriteError
from monitor.sandbox.functions.by_key import Record, create
from monitor.sandbox.functions.contacts import violation_in
from monitor.sandbox.functions.invocation import Invocation, Result, as_json
from monitor.sandbox.state.world import Collection

# The platform stores each text a second time, in an attribute ``content`` of this size.
_MAX_CONTENT = 255
_NEEDED = ("senderId", "message")


def send_chat_message(invocation: Invocation, *, filed_under: Callable[[str], str] = str) -> Result:
    """
    Check and write the message in the body: ``senderId``, ``message``, ``sessionId`` (or ``roomId``), ``recipientId``.

    *filed_under* makes the conversation's id that is stored of the one that is given.
    """
    sent = _read(invocation)
    for name in _NEEDED:
        if not sent.get(name):
            return as_json(400, {"success": False, "error": f"Missing required field: {name}"})
    text = sent["message"]
    violation = violation_in(text)
    if violation is not None:
        refused = {"success": False, "error": "Message contains contact details", "violationType": violation}
        return as_json(400, refused, logs=f"refused: {violation}")
    if len(text) > _MAX_CONTENT:
        return _failed(
            'Invalid document structure: Attribute "content" has invalid type. Value must be a valid string and no'
            f" longer than {_MAX_CONTENT} chars"
        )
    try:
        conversation = filed_under(sent.get("sessionId") or sent.get("roomId") or "")
        id_ = _write(invocation, {**sent, "sessionId": conversation, "roomId": conversation})
    except AppwriteError as error:
        return _failed(error.message)
    return as_json(200, {"success": True, "messageId": id_}, logs="message written")


def _read(invocation: Invocation) -> dict[str, str]:
    try:
        body = json.loads(invocation.body or "{}")
    except (ValueError, RecursionError):
        body = {}
    fields = {key: value for key, value in body.items() if isinstance(value, str)} if isinstance(body, dict) else {}
    return {"senderId": invocation.user_id} | fields


def _failed(message: str) -> Result:
    return as_json(500, {"success": False, "error": message}, errors=message)


def _write(invocation: Invocation, sent: Mapping[str, str]) -> str:
    call, world = invocation.call, invocation.call.world
    database_id, collection = _place(invocation)
    people = [each for each in (sent["senderId"], sent.get("recipientId", "")) if each in world.accounts.users]
    record = Record(
        database_id=database_id,
        collection_id=collection.id,
        data=_data(sent, collection, now=world.now()),
        permissions=[f'read("user:{each}")' for each in dict.fromkeys(people)],
    )
    return create(world, call.publisher, record)


def _place(invocation: Invocation) -> tuple[str, Collection]:
    world = invocation.call.world
    for database in world.visible_databases():
        collection = world.collection(database.id, CHAT_MESSAGES)
        if collection is not None:
            return database.id, collection
    raise AppwriteError(
        404, "collection_not_found", f"Collection with the requested ID '{CHAT_MESSAGES}' could not be found."
    )


def _data(sent: Mapping[str, str], collection: Collection, *, now: str) -> dict[str, object]:
    written: dict[str, object] = {
        **sent,
        "text": sent["message"],
        "content": sent["message"],
        "read": False,
        "sentAt": now,
        "createdAt": now,
    }
    return {key: value for key, value in written.items() if key in collection.attributes}
