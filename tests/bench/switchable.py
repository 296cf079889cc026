"""
Targets that can be broken one by one while several contenders watch them: a server with a path for each.
"""

import asyncio
import time
from collections import Counter
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from enum import StrEnum

from aiohttp import web

# Whoever is not ended within it was left without an answer, as was wanted.
_SHUTDOWN_SECONDS = 0.1


class Fault(StrEnum):
    """
    What a target does instead of answering 200.
    """

    AT_ONCE = "500 at once"
    SILENT = "no answer"


class Targets:
    """
    The targets called *names*, all well at first; a contender is the first word of its ``User-Agent``.
    """

    def __init__(self, names: Iterable[str]) -> None:
        self.names = tuple(names)
        self.origin = ""
        self._faults: dict[str, Fault] = {}
        self._times = Counter[tuple[str, str]]()
        self._asked_at: dict[tuple[str, str], float] = {}
        self._over = asyncio.Event()

    def url(self, name: str) -> str:
        """
        The address of one of them.
        """
        return f"{self.origin}/{name}"

    def switch_on(self, name: str, fault: Fault) -> float:
        """
        Break a target from now on; return the moment, of the monotonic clock.
        """
        self._faults[name] = fault
        return time.monotonic()

    def times_asked(self, contender: str) -> int:
        """
        Return how often *contender* has asked for the target that it asked for least.
        """
        return min(self._times[contender, name] for name in self.names)

    def asked_at(self, contender: str, name: str) -> float:
        """
        Return the moment at which *contender* asked for a target last.
        """
        return self._asked_at[contender, name]

    async def answer(self, request: web.Request) -> web.Response:
        """
        Answer as the target of this path does now.
        """
        name = request.path.removeprefix("/")
        key = (request.headers.get("User-Agent", "").partition("/")[0], name)
        self._times[key] += 1
        self._asked_at[key] = time.monotonic()
        fault = self._faults.get(name)
        if fault is Fault.SILENT:
            await self._over.wait()
        return web.Response(status=500 if fault else 200, text="synthetic\n")

    def stop(self) -> None:
        """
        Let go of whoever still waits for an answer.
        """
        self._over.set()


@asynccontextmanager
async def targets_of(names: Iterable[str]) -> AsyncIterator[Targets]:
    """
    Serve targets for the length of the block.
    """
    targets = Targets(names)
    app = web.Application()
    app.router.add_get("/{name}", targets.answer)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=_SHUTDOWN_SECONDS)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        targets.origin = f"http://127.0.0.1:{runner.addresses[0][1]}"
        yield targets
    finally:
        targets.stop()
        await runner.cleanup()
