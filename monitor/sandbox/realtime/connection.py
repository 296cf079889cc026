"""
One open socket as the hub sees it: who listens, to what, and what still waits to be sent.

Frames go straight to the transport, which keeps what a slow reader has not taken yet; so one frame of bytes serves all
receivers, no sender ever waits for a reader, and what waits is bounded.
"""

import asyncio
from collections.abc import Callable

from aiohttp import WSMsgType

from monitor.sandbox.protocol.caller import Caller
from monitor.sandbox.protocol.socket import close_frame, frame_of
from monitor.sandbox.state.queries import Query

# Beyond it a reader is too slow to be kept: its connection is ended instead of growing this process.
MAX_WAITING_BYTES = 1 << 20

# The queries under which each channel of one subscription is listened to.
Subscription = dict[str, tuple[Query, ...]]


class Connection:
    """
    One socket.
    """

    def __init__(self, transport: asyncio.Transport, caller: Caller, *, speaks: Callable[[], bool]) -> None:
        # The project whose events it gets; None after an authentication on a socket without subscriptions.
        self.project: str | None = caller.project
        self.subscriptions: dict[str, Subscription] = {}
        self.ended = asyncio.Event()
        self._transport = transport
        self._speaks = speaks
        self._held: list[bytes] | None = None
        self._held_bytes = 0
        self.identify(caller)

    def identify(self, caller: Caller) -> None:
        """
        Make *caller* the one who listens; roles are those of this moment, whatever becomes of session or labels.
        """
        self.caller = caller
        self.roles = frozenset(caller.user.roles()) if caller.user else caller.roles

    @property
    def user_id(self) -> str | None:
        """
        The id of the user, None for a guest.
        """
        return self.caller.user.id if self.caller.user else None

    @property
    def waiting_bytes(self) -> int:
        """
        What was sent and has not left this process yet.
        """
        return self._transport.get_write_buffer_size() + self._held_bytes

    def send(self, text: str) -> None:
        """
        Send one text frame; at most once, without acknowledgement.
        """
        self.send_frame(frame_of(text.encode()))

    def send_frame(self, frame: bytes) -> None:
        """
        Send a whole frame; end the connection instead when its reader is far behind.
        """
        if self._transport.is_closing() or not self._speaks():
            return
        if self.waiting_bytes > MAX_WAITING_BYTES:
            self.abort()
        elif self._held is None:
            self._transport.write(frame)
        else:
            self._held.append(frame)
            self._held_bytes += len(frame)

    def pong(self, data: bytes) -> None:
        """
        Answer a control ping.
        """
        self.send_frame(frame_of(data, kind=WSMsgType.PONG))

    def hold(self) -> None:
        """
        Let what is sent from now on wait; harmless when repeated.
        """
        if self._held is None:
            self._held = []

    def release(self) -> None:
        """
        Send what waited, in order, and hold no longer.
        """
        held, self._held, self._held_bytes = self._held or [], None, 0
        if held and not self._transport.is_closing():
            self._transport.write(b"".join(held))

    def end(self, *, code: int | None = None) -> None:
        """
        End the connection after what was sent; without a close frame, unless *code* gives one.
        """
        if code is not None:
            self.send_frame(close_frame(code))
        self._transport.close()

    def abort(self) -> None:
        """
        End the connection at once.
        """
        self._transport.abort()
