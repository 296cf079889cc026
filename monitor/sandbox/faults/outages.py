"""
The outages recorded from a real server: a process that it needs was stopped, and came back.

What was recorded on the way back is kept too: ``recovery_seconds`` are the recorded ones, and after Redis was away
realtime stays silent until somebody restarts it.
"""

import asyncio
from collections.abc import Mapping, Sequence
from typing import Literal

from aiohttp import web
from pydantic import Field, PrivateAttr

from monitor.core.cause import Cause
from monitor.sandbox.errors import EarlyError
from monitor.sandbox.faults.fault import Fault, Queue, Sockets
from monitor.sandbox.faults.lasting import Lasting
from monitor.sandbox.protocol.answers import from_proxy

_BACK_SILENT = "redis_back_silent"
# From SIGTERM to the end of the sockets.
_EMPTYING_SECONDS = 3.3


class RedisBackSilent(Fault):
    """
    Redis was away for a moment, and since then no event arrives: writes, health, handshakes and pings all pass.

    It does not heal by itself. To switch it off is to restart the realtime server: every open socket ends with 1006,
    and those opened afterwards get events again.
    """

    cause = Cause.REALTIME_SILENT
    seconds: float = Field(default=0.0, ge=0.0, le=600.0, description="how long Redis is away at first; 1 as recorded")
    _back: asyncio.Event = PrivateAttr(default_factory=asyncio.Event)

    def begin(self, sockets: Sockets) -> None:
        if self.seconds:
            sockets.hold()
            asyncio.get_running_loop().call_later(self.seconds, self._come_back, sockets)
        else:
            self._back.set()

    def end(self, sockets: Sockets) -> None:
        # Before anything that still waits to be sent: a server that is restarted sends no more.
        sockets.drop()
        self._come_back(sockets)

    async def answer(self, request: web.BaseRequest) -> web.Response | None:  # noqa: ARG002 - a seam
        await self._back.wait()
        return None

    def relay(self, channels: Sequence[str]) -> Sequence[float]:  # noqa: ARG002 - a seam
        return ()

    def _come_back(self, sockets: Sockets) -> None:
        if not self._back.is_set():
            self._back.set()
            sockets.release()


class RedisGone(Lasting):
    """
    Redis is stopped: no HTTP request is answered at all until it is back; sockets stay, and say nothing until then.

    New sockets are accepted with 101 and get ``connected`` only once it is back. Then ``redis_back_silent`` is on.
    """

    cause = Cause.SERVICE_DOWN
    recovery_seconds: float = Field(
        default=1.6, ge=0.0, le=60.0, description="how long it goes on after it was switched off"
    )
    heals: bool = Field(default=False, description="realtime finds back by itself, unlike the recorded one")

    def begin(self, sockets: Sockets) -> None:
        sockets.hold()

    def end(self, sockets: Sockets) -> None:
        super().end(sockets)
        asyncio.get_running_loop().call_later(self.recovery_seconds, sockets.release)

    async def answer(self, request: web.BaseRequest) -> web.Response | None:  # noqa: ARG002 - a seam
        await self.wait_until_over()
        return None

    def relay(self, channels: Sequence[str]) -> Sequence[float]:  # noqa: ARG002 - a seam
        return ()

    def leaves(self) -> Mapping[str, Fault]:
        return {} if self.heals else {_BACK_SILENT: RedisBackSilent()}


class DatabaseGone(Lasting):
    """
    MariaDB is stopped: 500 within milliseconds to everything, ``/ping`` and ``/health/version`` too; sockets stay.
    """

    cause = Cause.SERVICE_DOWN
    recovery_seconds: float = Field(
        default=1.5, ge=0.0, le=60.0, description="how long it goes on after it was switched off"
    )

    async def answer(self, request: web.BaseRequest) -> web.Response | None:  # noqa: ARG002 - a seam
        raise EarlyError(500, "general_unknown", "Server Error")


class ApiGone(Lasting):
    """
    The HTTP API is killed: the proxy answers 502 in its place; open sockets stay and answer pings.
    """

    cause = Cause.SERVICE_DOWN
    recovery_seconds: float = Field(
        default=1.1, ge=0.0, le=60.0, description="how long it goes on after it was switched off"
    )

    async def answer(self, request: web.BaseRequest) -> web.Response | None:  # noqa: ARG002 - a seam
        return from_proxy(502)


class RealtimeGone(Lasting):
    """
    The realtime server is gone: sockets end with 1006, the proxy answers 502 on its path.

    HTTP and all of health notice nothing. Shows F15.
    """

    cause = Cause.REALTIME_REFUSED
    how: Literal["killed", "terminated"] = Field(
        default="killed", description="sockets end at once, or 3.3 s after as the server empties itself"
    )
    recovery_seconds: float = Field(
        default=1.8, ge=0.0, le=60.0, description="how long it goes on after it was switched off"
    )

    def begin(self, sockets: Sockets) -> None:
        if self.how == "killed":
            sockets.drop()
        else:
            sockets.drop_after(_EMPTYING_SECONDS)

    async def open(self, request: web.Request) -> web.StreamResponse | None:  # noqa: ARG002 - a seam
        return from_proxy(502)


class RealtimeWorkerKilled(Fault):
    """
    One of the workers of the realtime server is killed, once: its sockets end with 1006, the others go on.

    A new worker takes its place at once, so that nothing else is seen while the fault is on. Shows F15.
    """

    cause = Cause.REALTIME_REFUSED
    pages = False
    workers: int = Field(default=13, ge=1, le=1_000, description="one in so many sockets is its own; 3 of 40 recorded")

    def begin(self, sockets: Sockets) -> None:
        sockets.drop(one_in=self.workers)


class WorkerStopped(Lasting):
    """
    The databases worker is stopped: what changes a schema waits in its queue, and documents go on.

    A new attribute stays ``processing`` and ``/health/queue/databases`` counts it.
    """

    cause = Cause.SCHEMA_STUCK
    recovery_seconds: float = Field(
        default=0.6, ge=0.0, le=60.0, description="how long it goes on after it was switched off"
    )

    def works(self, queue: Queue) -> bool:
        return queue != "databases"
