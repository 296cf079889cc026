"""
The messages of a client, and their answers.

What a message asks for is never checked for existence or permission. A bad one is refused and the socket stays open;
on a socket that lost its project everything but a ping ends it.
"""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import replace

from monitor.sandbox.errors import AppwriteError
from monitor.sandbox.protocol.answers import dump
from monitor.sandbox.protocol.reading import parse_json
from monitor.sandbox.protocol.sessions import show_account
from monitor.sandbox.realtime.connection import Connection
from monitor.sandbox.realtime.hub import Hub
from monitor.sandbox.realtime.presences import Presences
from monitor.sandbox.realtime.refusal import POLICY, Refusal, bad_message
from monitor.sandbox.realtime.subscriptions import Asked, from_message
from monitor.sandbox.state.accounts import User
from monitor.sandbox.state.world import World

# A real server has no such bound; nobody in his senses comes near it.
MAX_CHANNELS = 10_000

# What a real server takes to look the user up, as recorded. Meanwhile it answers other messages: the web SDK subscribes
# right after it authenticates, and gets its events.
_LOOKUP_SECONDS = 0.009

Handler = Callable[[Connection, object], dict[str, object] | None]


class Messages:
    """
    Answers the messages of all connections.
    """

    def __init__(self, world: World, hub: Hub) -> None:
        self._world = world
        self._hub = hub
        self._presences = Presences(world, hub)
        self._handlers: dict[str, Handler] = {"authentication": self._authenticate}
        if world.profile.subscribe_messages:
            self._handlers |= {
                "subscribe": self._subscribe,
                "unsubscribe": self._unsubscribe,
                "presence": self._say,
            }

    def answer(self, connection: Connection, raw: bytes) -> dict[str, object] | None:
        """
        Return the answer to one message, None when it is sent later; raise ``Refusal`` where there is an error to send.
        """
        message = _parse(raw)
        kind = message.get("type")
        if kind == "ping":
            return {"type": "pong"}
        if connection.project is None:
            raise Refusal(POLICY, "Missing project context. Reconnect to the project first.")
        handler = self._handlers.get(kind) if isinstance(kind, str) else None
        if handler is None:
            raise bad_message("Message type is not valid.")
        try:
            result = handler(connection, message.get("data"))
        except AppwriteError as error:
            raise Refusal(error.status, error.message) from error
        return None if result is None else {"type": "response", "data": {"to": kind, **result}}

    def forget(self, connection: Connection) -> None:
        """
        Take back what was said on a connection that ended.
        """
        self._presences.forget(connection)

    def _authenticate(self, connection: Connection, data: object) -> None:
        if not isinstance(data, Mapping) or "session" not in data:
            raise bad_message("Payload is not valid.")
        encoded = data["session"]
        session = self._world.session(encoded) if isinstance(encoded, str) else None
        if session is None:
            raise bad_message("Session is not valid.")
        user = self._world.accounts.users[session.user_id]
        connection.identify(replace(connection.caller, user=user, session=session, by_jwt=False))
        asyncio.get_running_loop().call_later(_LOOKUP_SECONDS, self._finish_authentication, connection, user)

    def _finish_authentication(self, connection: Connection, user: User) -> None:
        if connection.ended.is_set():
            return
        if not connection.subscriptions:
            # A real server loses the project here: whatever comes next is refused.
            connection.project = None
        result = {"to": "authentication", "success": True, "user": show_account(user)}
        connection.send(dump({"type": "response", "data": result}))

    def _subscribe(self, connection: Connection, data: object) -> dict[str, object]:
        everything = from_message(data, connection.user_id, self._world.profile)
        listened = sum(len(each) for each in connection.subscriptions.values())
        if len(connection.subscriptions) + len(everything) > MAX_CHANNELS:
            raise bad_message("Payload is not valid.")
        if listened + sum(len(each.channels) for each in everything) > MAX_CHANNELS:
            raise bad_message("Payload is not valid.")
        for each in everything:
            self._hub.subscribe(connection, each)
        return {"success": True, "subscriptions": [_shown(each) for each in everything]}

    def _unsubscribe(self, connection: Connection, data: object) -> dict[str, object]:
        if not isinstance(data, list):
            raise bad_message("Payload is not valid.")
        ids = [_subscription_id(item) for item in data]
        removed = [{"subscriptionId": id_, "removed": self._hub.unsubscribe(connection, id_)} for id_ in ids]
        return {"success": True, "subscriptions": removed}

    def _say(self, connection: Connection, data: object) -> dict[str, object]:
        return {"presence": self._presences.upsert(connection, data)}


def _parse(raw: bytes) -> Mapping[str, object]:
    try:
        message = parse_json(raw)
    except ValueError:
        raise bad_message("Message format is not valid.") from None
    if not isinstance(message, Mapping) or not {"type", "data"} & message.keys():
        raise bad_message("Message format is not valid.")
    return message


def _subscription_id(item: object) -> str:
    id_ = item.get("subscriptionId") if isinstance(item, Mapping) else None
    if not isinstance(id_, str) or not id_:
        raise bad_message("Each unsubscribe payload must include a non-empty subscriptionId.")
    return id_


def _shown(asked: Asked) -> dict[str, object]:
    return {
        "subscriptionId": asked.id,
        "channels": list(asked.channels),
        "queries": [query.written() for query in asked.queries],
    }
