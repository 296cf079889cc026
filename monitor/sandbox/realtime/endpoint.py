"""
The realtime side: from the handshake to the end of a connection.

A refusal at the handshake is an ``error`` frame and the end of the connection; a bad message is an error that leaves
the socket open.
"""

from aiohttp import WSMsgType, web

from monitor.sandbox.faults.switches import Faults
from monitor.sandbox.protocol.answers import dump, from_proxy, realtime_without_upgrade
from monitor.sandbox.protocol.sessions import show_account
from monitor.sandbox.protocol.socket import RealtimeSocket, accept, end_with_error, error_frame
from monitor.sandbox.realtime.connection import Connection
from monitor.sandbox.realtime.handshake import Admission, Handshake
from monitor.sandbox.realtime.hub import Hub
from monitor.sandbox.realtime.limits import MessageLimit
from monitor.sandbox.realtime.messages import Messages
from monitor.sandbox.realtime.refusal import Refusal
from monitor.sandbox.state.world import World

# A longer address, such as one with very many channels, is refused by the proxy of a real installation.
MAX_ADDRESS_BYTES = 8_192
_URI_TOO_LONG = 414


class Realtime:
    """
    Serves ``/v1/realtime``.
    """

    def __init__(self, world: World, hub: Hub, faults: Faults) -> None:
        self._world = world
        self._hub = hub
        self._faults = faults
        self._handshake = Handshake(world)
        self._messages = Messages(world, hub)

    async def serve(self, request: web.Request) -> web.StreamResponse:
        """
        Hold one connection from handshake to end.
        """
        if len(request.raw_path) > MAX_ADDRESS_BYTES:
            return from_proxy(_URI_TOO_LONG)
        taken = await self._faults.open(request)
        if taken is not None:
            return taken
        if request.headers.get("Upgrade", "").lower() != "websocket":
            return realtime_without_upgrade()
        try:
            socket = await accept(request)
        except web.HTTPBadRequest:
            return realtime_without_upgrade()
        try:
            admission = self._handshake.admit(request)
        except Refusal as refusal:
            message = refusal.text(self._world.profile, masks=self._hub.masks_messages, opening=True)
            properly = self._hub.sends_close_codes
            await end_with_error(request, socket, code=refusal.code, message=message, with_close_frame=properly)
            return socket
        if request.transport is not None:
            connection = Connection(request.transport, admission.caller, speaks=self._faults.speak)
            await self._hold(connection, socket, admission)
        return socket

    async def _hold(self, connection: Connection, socket: RealtimeSocket, admission: Admission) -> None:
        limit = MessageLimit(self._world.clock)
        self._hub.join(connection)
        try:
            for each in admission.subscriptions.values():
                self._hub.subscribe(connection, each)
            connection.send(self._connected(admission))
            async for message in socket:
                if message.type is WSMsgType.PING:
                    connection.pong(message.data)
                elif message.type in {WSMsgType.TEXT, WSMsgType.BINARY}:
                    self._receive(connection, message.data, limit)
        finally:
            self._hub.leave(connection)
            self._messages.forget(connection)

    def _receive(self, connection: Connection, raw: bytes, limit: MessageLimit) -> None:
        try:
            if self._world.rate_limits:
                limit.count()
            answer = self._messages.answer(connection, raw)
            if answer is not None:
                connection.send(dump(answer))
        except Refusal as refusal:
            message = refusal.text(self._world.profile, masks=self._hub.masks_messages)
            connection.send(error_frame(refusal.code, message))
            if refusal.ends_connection:
                connection.end(code=refusal.code if self._hub.sends_close_codes else None)

    def _connected(self, admission: Admission) -> str:
        user = admission.caller.user
        data: dict[str, object] = {"channels": list(admission.channels)}
        if self._world.profile.tablesdb_channels:
            data["subscriptions"] = _numbered(admission)
        data["user"] = show_account(user) if user else None
        return dump({"type": "connected", "data": data})


def _numbered(admission: Admission) -> object:
    """
    The ids by slot as PHP writes them: a list when the slots count from 0 without a gap, otherwise an object.
    """
    ids = {slot: each.id for slot, each in admission.subscriptions.items()}
    return list(ids.values()) if list(ids) == list(range(len(ids))) else {str(slot): id_ for slot, id_ in ids.items()}
