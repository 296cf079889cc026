"""
Our own path, whole: the daemon as ``monitor run`` builds it, in this process, with its metrics, log and web server.

The log goes to /dev/null as JSON: writing to a terminal or a pipe would measure whoever reads it.
"""

import asyncio
import os
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

from checks.http_endpoint import HttpEndpoint
from monitor.app import OnOutcome
from monitor.config import Settings
from monitor.core.check import Check
from monitor.core.outcome import Outcome, Status
from monitor.core.redaction import Redactor, secrets_in
from monitor.core.target import Target
from monitor.daemon import Daemon
from monitor.logs import configure_logs
from tests.bench.nothing import Nothing
from tests.bench.plain import CONCURRENCY

# Hardly ever due while it is measured: the load itself starts the runs. No check may be rarer.
HARDLY_EVER_SECONDS = 7 * 86400
# Long enough for a machine that does other things as well.
_TIMEOUT = "9s"


def http_checks(count: int, *, url: str, every_seconds: float, keep_alive: bool = False) -> list[Check]:
    """
    Return *count* ``http_endpoint`` checks of *url*.
    """
    common = {"every": f"{every_seconds:g}s", "timeout": _TIMEOUT, "url": url, "keep_alive": keep_alive}
    return [HttpEndpoint.model_validate({"name": f"endpoint-{number}", **common}) for number in range(count)]


def idle_checks(count: int, *, every_seconds: float) -> list[Check]:
    """
    Return *count* checks that ask nobody.
    """
    common = {"every": f"{every_seconds:g}s", "timeout": _TIMEOUT}
    return [Nothing.model_validate({"name": f"idle-{number}", **common}) for number in range(count)]


def origin(url: str) -> str:
    """
    Return scheme, host and port of *url*.
    """
    return "/".join(url.split("/")[:3])


def settings_of(checks: Sequence[Check], *, url: str) -> Settings:
    """
    Return the settings of a daemon over *checks*, for the target at *url*.
    """
    target = Target.model_validate(
        {
            "name": "bench",
            "endpoint": f"{origin(url)}/v1",
            "project": "bench",
            "database": "main",
            "api_key": "standard_" + "0" * 64,
        }
    )
    return Settings.model_validate(
        {"target": target, "checks": {check.name: check for check in checks}, "web": {"listen": "127.0.0.1:0"}}
    )


@asynccontextmanager
async def daemon_of(settings: Settings, *, on_outcome: OnOutcome) -> AsyncIterator[Daemon]:
    """
    Run the daemon for the length of the block.
    """
    started = asyncio.Event()
    with Path(os.devnull).open("w") as nowhere:  # noqa: ASYNC230 - nothing runs yet that could be blocked
        configure_logs(level="info", format="json", redact=Redactor(secrets_in(settings)), stream=nowhere)
        daemon = Daemon(settings, on_outcome=on_outcome, on_started=lambda _: started.set())
        running = asyncio.create_task(daemon.run())
        try:
            await asyncio.wait({running, asyncio.create_task(started.wait())}, return_when=asyncio.FIRST_COMPLETED)
            yield daemon
        finally:
            daemon.stop()
            await running


class OurLoad:
    """
    Runs of ``http_endpoint`` checks through the daemon's runner, ten at a time: each that ends starts its next.
    """

    def __init__(self, url: str, *, fresh: bool) -> None:
        self._checks = http_checks(CONCURRENCY, url=url, every_seconds=HARDLY_EVER_SECONDS, keep_alive=not fresh)
        self._url = url
        self._unstarted = 0
        self._unfinished = 0
        self._tick = 0
        self._done = asyncio.Event()
        self._failure = ""

    @asynccontextmanager
    async def ready(self) -> AsyncIterator[None]:
        """
        Keep the daemon running for the length of the block.
        """
        settings = settings_of(self._checks, url=self._url)
        async with daemon_of(settings, on_outcome=self._finished) as self._daemon:
            yield

    async def run(self, runs: int) -> None:
        """
        Make *runs* runs, ten at a time.
        """
        first = self._checks[:runs]
        self._unfinished, self._unstarted = runs, runs - len(first)
        self._done.clear()
        for check in first:
            self._start(check)
        await self._done.wait()
        if self._failure:
            raise AssertionError(self._failure)

    def _start(self, check: Check) -> None:
        self._tick += 1
        self._daemon._runner.start(check, self._tick)

    def _finished(self, check: Check, outcome: Outcome) -> None:
        if outcome.status is Status.MISSED:
            # Due after all, and under way already.
            return
        if outcome.status is not Status.PASSED:
            self._failure = f"{outcome.check} {outcome.status}: {outcome.message}"
        self._unfinished -= 1
        if self._unstarted:
            self._unstarted -= 1
            # Soon and not now: the runner forgets a run only after it has told of it.
            asyncio.get_running_loop().call_soon(self._start, check)
        if not self._unfinished:
            self._done.set()
