"""
One open socket as the hub sees it: who listens, to what, and what still waits to be sent.
"""

import asyncio
from collections.abc import Callable

from aiohttp import web

from monitor.sandbox.protocol.caller import Caller
from monitor.sandbox.protocol.socket import RealtimeSocket
from monitor.sandbox.realtime.subscriptions import Subscription

# Beyond it a reader is too slow to be kept: its connection is ended instead of growing this process.
MAX_WAITING_BYTES = 1 << 20


class Connection:
    """
    One socket. Frames wait in a bounded queue, so that no sender ever waits for a slow reader.
    """

    def __init__(
        self, request: web.Request, socket: RealtimeSocket, caller: Caller, *, speaks: Callable[[], bool]
    ) -> None:
        self.socket = socket
        self.caller = caller
        # The project whose events it gets; None after an authentication on a socket without subscriptions.
        self.project: str | None = caller.project
        self.subscriptions: dict[str, Subscription] = {}
        self.ended = asyncio.Event()
        self._request = request
        self._speaks = speaks
        self._frames: asyncio.Queue[str] = asyncio.Queue()
        self.waiting_bytes = 0

    @property
    def user_id(self) -> str | None:
        """
        The id of the user, None for a guest.
        """
        return self.caller.user.id if self.caller.user else None

    def send(self, frame: str) -> None:
        """
        Queue one text frame; at most once, without acknowledgement.
        """
        if not self._speaks():
            return
        if self.waiting_bytes > MAX_WAITING_BYTES:
            self.abort()
            return
        self.waiting_bytes += len(frame)
        self._frames.put_nowait(frame)

    async def pong(self, data: bytes) -> None:
        """
        Answer a control ping.
        """
        if self._speaks():
            await self.socket.pong(data)

    async def write(self) -> None:
        """
        Send what waits, until cancelled or the reader is gone.
        """
        while True:
            frame = await self._frames.get()
            try:
                await self.socket.send_str(frame)
            except ConnectionError:
                return
            self.waiting_bytes -= len(frame)

    async def flush(self) -> None:
        """
        Send what waits now; for the last frame before the end.
        """
        while not self._frames.empty():
            await self.socket.send_str(self._frames.get_nowait())

    def end(self) -> None:
        """
        End the connection after what was sent, without a close frame.
        """
        if self._request.transport is not None:
            self._request.transport.close()

    def abort(self) -> None:
        """
        End the connection at once.
        """
        if self._request.transport is not None:
            self._request.transport.abort()
