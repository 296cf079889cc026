"""
``sendChatMessage``: checks a customer's message and writes it with the rights of a server key.

A refusal is an answer of the function, 4xx inside an execution that completed. The message is written through the same
route as anybody's, so that it is validated, stored and announced alike. Whatever ``chat_messages`` has no attribute
for is left out.
"""

import json
from collections.abc import Mapping
from dataclasses import replace

from monitor.sandbox.errors import AppwriteError
from monitor.sandbox.functions.contacts import violation_in
from monitor.sandbox.functions.invocation import Invocation, Result, as_json
from monitor.sandbox.protocol.caller import Caller
from monitor.sandbox.protocol.family import COLLECTIONS
from monitor.sandbox.routes.documents import DocumentRoutes
from monitor.sandbox.state.identifiers import unique_id
from monitor.sandbox.state.world import ApiKey, Collection

COLLECTION = "chat_messages"
# The platform stores each text a second time, in an attribute ``content`` of this size.
_MAX_CONTENT = 255
_NEEDED = ("senderId", "message")
_CREATE = next(each for each in DocumentRoutes(COLLECTIONS).routes() if each.method == "POST")


def send_chat_message(invocation: Invocation) -> Result:
    """
    Check and write the message in the body: ``senderId``, ``message``, ``sessionId`` (or ``roomId``), ``recipientId``.
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
        id_ = _write(invocation, sent)
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
    call, world, id_ = invocation.call, invocation.call.world, unique_id()
    database_id, collection = _place(invocation)
    people = [each for each in (sent["senderId"], sent.get("recipientId", "")) if each in world.accounts.users]
    fields = {
        "documentId": id_,
        "data": _data(sent, collection, now=world.now()),
        "permissions": [f'read("user:{each}")' for each in dict.fromkeys(people)],
    }
    by_key = Caller(project=call.caller.project, key=ApiKey(secret=""))
    path = {"database": database_id, "collection": COLLECTION}
    _CREATE.handler(replace(call, caller=by_key, path=path, fields=fields))
    return id_


def _place(invocation: Invocation) -> tuple[str, Collection]:
    world = invocation.call.world
    for database in world.visible_databases():
        collection = world.collection(database.id, COLLECTION)
        if collection is not None:
            return database.id, collection
    raise AppwriteError(
        404, "collection_not_found", f"Collection with the requested ID '{COLLECTION}' could not be found."
    )


def _data(sent: Mapping[str, str], collection: Collection, *, now: str) -> dict[str, object]:
    session = sent.get("sessionId") or sent.get("roomId") or ""
    written: dict[str, object] = {
        **sent,
        "sessionId": session,
        "roomId": session,
        "text": sent["message"],
        "content": sent["message"],
        "read": False,
        "sentAt": now,
        "createdAt": now,
    }
    return {key: value for key, value in written.items() if key in collection.attributes}
