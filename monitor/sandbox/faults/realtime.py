"""
The realtime server: connections refused or misrouted, events lost, late, doubled or out of order.
"""

import time
from collections import deque
from collections.abc import Sequence
from typing import Literal

from aiohttp import web
from pydantic import Field, PrivateAttr

from monitor.core.cause import Cause
from monitor.sandbox.errors import route_not_found
from monitor.sandbox.faults.fault import Fault, Sockets
from monitor.sandbox.faults.scope import OnEvents, Recurring
from monitor.sandbox.faults.service import refuse_socket
from monitor.sandbox.protocol.answers import from_proxy
from monitor.sandbox.protocol.socket import MASKED, accept


class RealtimeRefused(Recurring):
    """
    No realtime connection can be opened: a proxy refuses the handshake, or the server ends it with an error frame.

    Shows F15.
    """

    cause = Cause.REALTIME_REFUSED
    how: Literal["http", "frame"] = Field(default="http", description="'http': status of a proxy, 'frame': an error")
    status: int = Field(default=503, ge=400, le=599, description="HTTP status, for 'http'")
    code: int = Field(default=1008, ge=0, le=4_999, description="code of the error, for 'frame'")

    async def open(self, request: web.Request) -> web.StreamResponse | None:
        if not self._strikes():
            return None
        if self.how == "http":
            return from_proxy(self.status)
        return await refuse_socket(request, code=self.code, message=MASKED)


class RealtimeHang(Fault):
    """
    The realtime server accepts connections and then says nothing, on old sockets neither; not even a pong. Shows F15.
    """

    cause = Cause.REALTIME_REFUSED

    async def open(self, request: web.Request) -> web.StreamResponse | None:
        if request.headers.get("Upgrade", "").lower() != "websocket":
            return None
        socket = await accept(request)
        async for _ in socket:
            pass
        return socket

    def speaks(self) -> bool:
        return False


class RealtimeCrowded(Fault):
    """
    Many clients that connect at once crash its workers: their sockets, and some of those of others, end with 1006.

    As recorded from a real server with 40 clients within milliseconds; one after another they are safe.
    """

    cause = Cause.REALTIME_REFUSED
    count: int = Field(default=5, ge=1, le=1_000, description="as many handshakes are safe ...")
    seconds: float = Field(default=0.05, gt=0.0, le=60.0, description="... within this time")
    bystanders: int = Field(default=4, ge=1, le=1_000, description="one in so many open sockets ends too")
    _opened_at: deque[float] = PrivateAttr(default_factory=deque)
    _sockets: list[Sockets] = PrivateAttr(default_factory=list)

    def begin(self, sockets: Sockets) -> None:
        self._sockets.append(sockets)

    async def open(self, request: web.Request) -> web.StreamResponse | None:
        now = time.monotonic()
        while self._opened_at and self._opened_at[0] <= now - self.seconds:
            self._opened_at.popleft()
        if len(self._opened_at) < self.count:
            self._opened_at.append(now)
            return None
        socket = await accept(request)
        for sockets in self._sockets:
            sockets.drop(one_in=self.bystanders)
        if request.transport is not None:
            request.transport.abort()
        return socket


class RealtimeMisrouted(Fault):
    """
    The proxy sends the realtime path to the HTTP API, which knows no such route.
    """

    cause = Cause.REALTIME_MISROUTED

    async def open(self, request: web.Request) -> web.StreamResponse | None:  # noqa: ARG002 - a seam
        raise route_not_found()


class RealtimeSilent(Fault):
    """
    Sockets connect and answer pings, but no document event arrives; the console's tests channel lives on.
    """

    cause = Cause.REALTIME_SILENT

    def relay(self, channels: Sequence[str]) -> Sequence[float]:  # noqa: ARG002 - a seam
        return ()


class RealtimePipeline(OnEvents):
    """
    Some events get lost between the API and the sockets: every n-th, or all those of one collection.
    """

    cause = Cause.REALTIME_PIPELINE
    every: int = Field(default=2, ge=1, le=1_000, description="every n-th event is lost")

    def relay(self, channels: Sequence[str]) -> Sequence[float]:
        return () if self.concerns(channels) else (0.0,)


class RealtimeReordered(OnEvents):
    """
    Events overtake each other: every n-th comes after later ones.
    """

    cause = Cause.REALTIME_PIPELINE
    every: int = Field(default=2, ge=1, le=1_000, description="every n-th event is kept back")
    seconds: float = Field(default=0.5, gt=0.0, le=60.0, description="how long it is kept back")

    def relay(self, channels: Sequence[str]) -> Sequence[float]:
        return (self.seconds,) if self.concerns(channels) else (0.0,)


class RealtimeLate(OnEvents):
    """
    Events come late.
    """

    cause = Cause.REALTIME_LATE
    pages = False
    seconds: float = Field(default=5.0, gt=0.0, le=600.0, description="how late")

    def relay(self, channels: Sequence[str]) -> Sequence[float]:
        return (self.seconds,) if self.concerns(channels) else (0.0,)


class RealtimeDuplicate(OnEvents):
    """
    Events come more than once.
    """

    cause = Cause.REALTIME_DUPLICATE
    pages = False
    count: int = Field(default=2, ge=2, le=100, description="how often each event comes")
    seconds: float = Field(default=0.0, ge=0.0, le=60.0, description="from one time to the next")

    def relay(self, channels: Sequence[str]) -> Sequence[float]:
        times = self.count if self.concerns(channels) else 1
        return [self.seconds * number for number in range(times)]
