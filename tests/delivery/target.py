"""
A target whose paths fail and recover by the plan of a life, and which notes what it has answered to whom.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from time import time
from types import TracebackType
from typing import Self

from aiohttp import web

from tests.delivery.plan import Plan, Way

# Of the checks.
TIMEOUT_SECONDS = 0.5
_SHUTDOWN_SECONDS = 0.2
# The header by which a daemon says which one it is.
DAEMON = "X-Daemon"


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """
    A request of *daemon* for *check*, which came in the second *at* since 1970.
    """

    at: float
    daemon: str
    check: str
    passed: bool


class Target:
    """
    Serves one life after the other; ``begin`` begins the next.
    """

    def __init__(self) -> None:
        self.asked: list[Asked] = []
        self.url = ""
        self._plan: Plan | None = None
        self._elapsed: Callable[[], float] = float
        self._runner: web.AppRunner | None = None

    def begin(self, plan: Plan, elapsed: Callable[[], float]) -> None:
        """
        Go by *plan*, where *elapsed* says how far it is.
        """
        self._plan, self._elapsed, self.asked = plan, elapsed, []

    async def __aenter__(self) -> Self:
        app = web.Application()
        app.router.add_get("/{check}", self._answer)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=_SHUTDOWN_SECONDS)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        self.url = f"http://127.0.0.1:{self._runner.addresses[0][1]}"
        return self

    async def __aexit__(
        self, _type: type[BaseException] | None, _error: BaseException | None, _traceback: TracebackType | None
    ) -> None:
        assert self._runner is not None
        await self._runner.cleanup()

    async def _answer(self, request: web.Request) -> web.Response:
        assert self._plan is not None
        check = request.match_info["check"]
        way = self._plan.check(check).way_at(self._elapsed())
        self.asked.append(Asked(at=time(), daemon=request.headers.get(DAEMON, ""), check=check, passed=way is None))
        if way is Way.HANG:
            await asyncio.sleep(2.0 * TIMEOUT_SECONDS)
        if way in {Way.RESET, Way.HANG} and request.transport is not None:
            request.transport.abort()
        return web.Response(status=503 if way is Way.STATUS else 200)
