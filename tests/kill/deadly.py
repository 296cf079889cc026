"""
A sandbox that has its caller killed at a request: before it is carried out, after it, or long before.
"""

import asyncio
import random
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from enum import StrEnum
from time import time

from aiohttp import web

from monitor.sandbox.server import Sandbox

# Long enough for a sweep to come before it.
_LONG_WAY_SECONDS = 1.0
_LONG_WAYS = 0.05


class When(StrEnum):
    """
    When the caller of a request is killed.

    *before* the request reaches the server; *after* it was carried out and before it is answered; *late*: before, and
    the request is carried out when ``release`` says so. *never*: it waits for that, too, and so does its caller.
    """

    BEFORE = "before"
    AFTER = "after"
    LATE = "late"
    NEVER = "never"


@dataclass(frozen=True, slots=True, kw_only=True)
class Blow:
    """
    What happens to whoever sends the request of this *number*, counted from 1.
    """

    number: int
    when: When


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """
    One request, and the second since 1970 at which it came.
    """

    method: str
    path: str
    at: float

    @property
    def writes(self) -> bool:
        """
        Whether something may be different after it.
        """
        return self.method != "GET"

    @property
    def is_socket(self) -> bool:
        """
        Whether it opens one.
        """
        return self.path == "/v1/realtime"

    def __str__(self) -> str:
        return f"{self.method} {self.path}"


class DeadlySandbox(Sandbox):
    """
    Notes every request from ``arm`` on, and deals the blow by the function that it is given there.

    Requests, and answers, take up to *latency_seconds* on their way; a few requests are held up for far longer.
    """

    def __init__(self) -> None:
        super().__init__()
        self.heard: list[Heard] = []
        self.latency_seconds = 0.0
        self._blow: Blow | None = None
        self._kill: Callable[[], Awaitable[None]] | None = None
        self._dealt = asyncio.Event()
        self._asked = asyncio.Event()
        self._released = asyncio.Event()
        self._busy = 0
        self._idle = asyncio.Event()

    def arm(self, blow: Blow | None) -> None:
        """
        Count the requests from here on, and deal *blow*, if any.
        """
        self.heard, self._blow, self._kill = [], blow, None
        self._dealt.clear()
        self._asked.clear()
        self._released.clear()

    def aim_at(self, kill: Callable[[], Awaitable[None]]) -> None:
        """
        Say how the caller is killed, once he has been started.
        """
        self._kill = kill

    async def asked(self) -> None:
        """
        Wait for the first request.
        """
        await self._asked.wait()

    async def struck(self) -> None:
        """
        Wait until the blow was dealt.
        """
        await self._dealt.wait()

    def release(self) -> None:
        """
        Let the request that is held be carried out.
        """
        self._busy += 1
        self._released.set()

    async def quiet(self) -> None:
        """
        Wait until every request that has come is carried out, and what the platform does because of it.
        """
        while self._busy:
            self._idle.clear()
            await self._idle.wait()
        for _ in range(5):
            await asyncio.sleep(0)

    async def _serve(self, request: web.Request) -> web.StreamResponse:
        heard = Heard(method=request.method, path=request.path, at=time())
        self.heard.append(heard)
        self._asked.set()
        blow = self._blow
        self._busy += 1
        try:
            if self.latency_seconds:
                return await self._serve_slowly(request)
            if blow is None or blow.number != len(self.heard):
                return await super()._serve(request)
            return await self._strike(request, blow.when)
        finally:
            self._leave()

    async def _serve_slowly(self, request: web.Request) -> web.StreamResponse:
        # To the end, since nothing more comes from the dead.
        await request.read()
        long_seconds = _LONG_WAY_SECONDS if random.random() < _LONG_WAYS else 0.0
        await asyncio.sleep(random.uniform(0.0, self.latency_seconds + long_seconds))
        answer = await super()._serve(request)
        await asyncio.sleep(random.uniform(0.0, self.latency_seconds))
        return answer

    async def _strike(self, request: web.Request, when: When) -> web.StreamResponse:
        # To the end, since nothing more comes from the dead.
        await request.read()
        answer = await super()._serve(request) if when is When.AFTER else web.Response(status=400)
        if when is not When.NEVER:
            assert self._kill is not None
            await self._kill()
        self._dealt.set()
        if when in {When.LATE, When.NEVER}:
            self._leave()
            await self._released.wait()
            return await super()._serve(request)
        return answer

    def _leave(self) -> None:
        self._busy -= 1
        if not self._busy:
            self._idle.set()
