"""
The realtime side: handshake, the ``connected`` frame, and the messages of a client.

What a client asks for is never checked for existence or permission: it is connected, and may stay silent for ever.
A refusal at the handshake is an ``error`` frame and the end of the connection; a bad message is an error that leaves
the socket open, its text hidden as in production.
"""

import asyncio
import json
from collections.abc import Mapping

from aiohttp import WSMessage, WSMsgType, web

from monitor.sandbox.errors import AppwriteError
from monitor.sandbox.faults.switches import Faults
from monitor.sandbox.protocol.answers import dump, realtime_without_upgrade
from monitor.sandbox.protocol.caller import CONSOLE, Caller, find_user
from monitor.sandbox.protocol.lists import read_query
from monitor.sandbox.protocol.origins import origin_problem
from monitor.sandbox.protocol.sessions import show_account
from monitor.sandbox.protocol.socket import MASKED, accept, end_with_error, error_frame
from monitor.sandbox.realtime.connection import Connection
from monitor.sandbox.realtime.hub import Hub
from monitor.sandbox.realtime.subscriptions import Subscription, from_message, from_url, rewrite
from monitor.sandbox.state.world import World

_BAD_MESSAGE = 1003
_REFUSED = 1008


class Refusal(Exception):
    """
    Ends a handshake, or a connection, with an ``error`` frame.
    """

    def __init__(self, code: int, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


class Realtime:
    """
    Serves ``/v1/realtime``.
    """

    def __init__(self, world: World, hub: Hub, faults: Faults) -> None:
        self._world = world
        self._hub = hub
        self._faults = faults

    async def serve(self, request: web.Request) -> web.StreamResponse:
        """
        Hold one connection from handshake to end.
        """
        taken = await self._faults.open(request)
        if taken is not None:
            return taken
        if request.headers.get("Upgrade", "").lower() != "websocket":
            return realtime_without_upgrade()
        socket = await accept(request)
        try:
            caller, subscriptions = self._admit(request)
        except Refusal as refusal:
            await end_with_error(request, socket, code=refusal.code, message=refusal.message)
            return socket
        connection = Connection(request, socket, caller, speaks=self._faults.speak)
        await self._hold(connection, subscriptions)
        return socket

    def _admit(self, request: web.Request) -> tuple[Caller, list[Subscription]]:
        query = read_query(request.rel_url.query.items())
        project = request.headers.get("X-Appwrite-Project") or str(query.get("project") or CONSOLE)
        if project not in {self._world.project, CONSOLE}:
            raise Refusal(_REFUSED, "Missing or unknown project ID")
        problem = origin_problem(request.headers.get("Origin"), self._world.platforms)
        if problem:
            raise Refusal(_REFUSED, problem)
        try:
            caller = find_user(self._world, project=project, headers=request.headers, cookies=request.cookies)
        except AppwriteError as error:
            raise Refusal(error.status, error.message) from error
        asked = query.get("channels", [])
        if not isinstance(asked, list):
            raise Refusal(0, MASKED)
        channels = rewrite(asked, caller.user.id if caller.user else None)
        try:
            return caller, from_url(list(request.rel_url.query.items()), channels)
        except AppwriteError as error:
            raise Refusal(_REFUSED, error.message) from error

    async def _hold(self, connection: Connection, subscriptions: list[Subscription]) -> None:
        writer = asyncio.create_task(connection.write(), name="sandbox socket writer")
        self._hub.connections.add(connection)
        try:
            for each in subscriptions:
                self._hub.subscribe(connection, each)
            connection.send(_connected(connection, subscriptions))
            async for message in connection.socket:
                await self._receive(connection, message)
        except Refusal as refusal:
            connection.send(error_frame(refusal.code, refusal.message))
            await connection.flush()
            connection.end()
        finally:
            self._hub.leave(connection)
            writer.cancel()

    async def _receive(self, connection: Connection, message: WSMessage) -> None:
        if message.type is WSMsgType.PING:
            await connection.pong(message.data)
        elif message.type in {WSMsgType.TEXT, WSMsgType.BINARY}:
            try:
                connection.send(dump(self._reply(connection, message.data)))
            except (ValueError, AppwriteError):
                connection.send(error_frame(_BAD_MESSAGE, MASKED))

    def _reply(self, connection: Connection, text: str | bytes) -> dict[str, object]:
        message = json.loads(text)
        if not isinstance(message, Mapping):
            raise ValueError("a message must be an object")  # noqa: TRY004 - one class for every bad message
        if message.get("type") == "ping":
            return {"type": "pong"}
        data = message.get("data")
        match message.get("type"):
            case "authentication":
                result = self._authenticate(connection, data)
            case "subscribe":
                result = self._subscribe(connection, data)
            case "unsubscribe":
                result = self._unsubscribe(connection, data)
            case _:
                raise ValueError("unknown type of message")
        return {"type": "response", "data": {"to": message["type"], "success": True, **result}}

    def _authenticate(self, connection: Connection, data: object) -> dict[str, object]:
        encoded = data.get("session") if isinstance(data, Mapping) else None
        session = self._world.accounts.find_session(encoded) if isinstance(encoded, str) else None
        if session is None:
            raise ValueError("session is not valid")
        user = self._world.accounts.users[session.user_id]
        connection.caller = Caller(project=connection.caller.project, user=user, session=session)
        if not connection.subscriptions:
            # A real server loses the project here: the next subscribe is refused.
            connection.project = None
        for each in list(connection.subscriptions.values()):
            self._hub.unsubscribe(connection, each.id)
            channels = rewrite(each.channels, user.id)
            self._hub.subscribe(connection, Subscription(id=each.id, channels=channels, queries=each.queries))
        return {"user": show_account(user)}

    def _subscribe(self, connection: Connection, data: object) -> dict[str, object]:
        if connection.project is None:
            raise Refusal(_REFUSED, MASKED)
        # All are read before any takes effect.
        subscriptions = [from_message(item, connection.user_id) for item in _items(data)]
        for each in subscriptions:
            self._add(connection, each)
        shown = [
            {
                "subscriptionId": each.id,
                "channels": list(each.channels),
                "queries": [query.written() for query in each.queries],
            }
            for each in subscriptions
        ]
        return {"subscriptions": shown}

    def _add(self, connection: Connection, subscription: Subscription) -> None:
        known = connection.subscriptions.get(subscription.id)
        if known is not None:
            self._hub.unsubscribe(connection, known.id)
            channels = tuple(dict.fromkeys((*known.channels, *subscription.channels)))
            subscription = Subscription(id=known.id, channels=channels, queries=subscription.queries)
        self._hub.subscribe(connection, subscription)

    def _unsubscribe(self, connection: Connection, data: object) -> dict[str, object]:
        ids = [str(item.get("subscriptionId")) for item in _items(data) if isinstance(item, Mapping)]
        removed = [{"subscriptionId": id_, "removed": self._hub.unsubscribe(connection, id_)} for id_ in ids]
        return {"subscriptions": removed}


def _items(data: object) -> list[object]:
    if not isinstance(data, list) or not data:
        raise ValueError("expected a list of subscriptions")
    return data


def _connected(connection: Connection, subscriptions: list[Subscription]) -> str:
    user = connection.caller.user
    channels = dict.fromkeys(channel for each in subscriptions for channel in each.channels)
    data = {
        "channels": list(channels),
        "subscriptions": [each.id for each in subscriptions],
        "user": show_account(user) if user else None,
    }
    return dump({"type": "connected", "data": data})
