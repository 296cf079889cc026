"""
Joins the parts into the two ways to run checks: the daemon, and once.

This is the only module that knows all of them.
"""

import asyncio
import hashlib
import os
import signal
import sys
from collections.abc import AsyncIterator, Callable, Coroutine, Sequence
from contextlib import asynccontextmanager
from typing import Any, TypeVar

import structlog

from monitor import __version__
from monitor.appwrite.budget import Budget
from monitor.appwrite.transport import AiohttpTransport
from monitor.config import Settings
from monitor.core.check import Check
from monitor.core.clock import Clock, SystemClock
from monitor.core.outcome import Outcome, Status, Step
from monitor.manual import manual_of
from monitor.redaction import Redactor, secrets_in
from monitor.runner import Runner, Surroundings
from monitor.watchdog import Stall, Watchdog

log = structlog.get_logger()

T = TypeVar("T")
OnOutcome = Callable[[Check, Outcome], None]

# Handed to the process that replaces this one, so that the check which blocked it is not run again.
_BLOCKED_BY = "_SYNTHETIC_BLOCKED_BY"
_LOG_LEVELS = {
    Status.PASSED: "info",
    Status.DEGRADED: "warning",
    Status.FAILED: "warning",
    Status.MISSED: "warning",
    Status.ERRORED: "error",
}


def run_loop(main: Coroutine[Any, Any, T]) -> T:
    """
    Run *main* on uvloop where there is one: TLS sockets cost a fifth of the memory there.
    """
    try:
        import uvloop  # noqa: PLC0415 - absent on Windows
    except ImportError:
        return asyncio.run(main)
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        return runner.run(main)


def redactor_of(settings: Settings) -> Redactor:
    """
    Return the redactor that knows the secrets of *settings*.
    """
    return Redactor(secrets_in(settings))


class Daemon:
    """
    Runs every configured check on its grid until it is told to stop, and shows what it sees on the web server.

    *on_outcome* gets every outcome, after the metrics and the log; *on_started* is called when the first run may begin.
    """

    def __init__(
        self,
        settings: Settings,
        *,
        clock: Clock | None = None,
        on_outcome: OnOutcome = lambda _check, _outcome: None,
        on_started: Callable[["Daemon"], None] = lambda _: None,
    ) -> None:
        # Not needed by `once`, whose first line must not wait for them.
        from monitor.scheduler import Scheduler  # noqa: PLC0415
        from monitor.sinks.prometheus import Metrics  # noqa: PLC0415
        from monitor.web.server import WebServer  # noqa: PLC0415

        self._settings = settings
        self._clock = clock or SystemClock()
        self._on_outcome = on_outcome
        self._on_started = on_started
        self._ready = False
        self._stop = asyncio.Event()
        self._stop_signal: signal.Signals | None = None
        self.metrics = Metrics(target=settings.target.name, location=settings.location)
        self._watchdog = Watchdog(
            limit_seconds=settings.engine.stall_limit_seconds,
            on_lag=self.metrics.loop_lag.observe,
            on_limit=_restart,
        )
        self._scheduler = Scheduler(
            self._clock, on_tick=self._tick, on_missed=self._missed, on_jump=lambda _: self.metrics.clock_jumps.inc()
        )
        self.web = WebServer(settings.web.listen, page=self.metrics.page, unready=self._unready)

    async def run(self) -> int:
        """
        Run until stopped; return the exit code: 0, or 130 after Ctrl-C.

        Raises ``ConfigError`` when the web server's address cannot be had.
        """
        blocker = os.environ.pop(_BLOCKED_BY, "")
        async with _surroundings(self._settings, self._clock) as surroundings:
            self._runner = Runner(
                surroundings,
                stalls=self._watchdog,
                on_outcome=self._finished,
                concurrency=self._settings.engine.concurrency,
                clean_up_seconds=self._settings.engine.clean_up_seconds,
                quarantined=[blocker] if blocker else [],
            )
            self._expect_all()
            await self.web.start()
            self._watchdog.start()
            self._scheduler.add(self._settings.checks.values())
            self._scheduler.start()
            self._ready = True
            log.info("daemon.started", version=__version__, checks=len(self._settings.checks), web=self.web.address)
            self._on_started(self)
            try:
                await self._stop.wait()
            finally:
                await self._wind_down()
        log.info("daemon.stopped", signal=self._stop_signal.name if self._stop_signal else None)
        return 130 if self._stop_signal is signal.SIGINT else 0

    def stop(self) -> None:
        """
        End ``run`` in order: start nothing more, let runs end, clean up.
        """
        self._stop.set()

    def heed_signals(self) -> None:
        """
        Stop at SIGTERM and SIGINT; a second one ends the process at once.
        """
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, self._on_signal, number)

    def _on_signal(self, number: signal.Signals) -> None:
        if self._stop_signal is not None:
            log.warning("daemon.killed", signal=number.name)
            os._exit(128 + number)
        self._stop_signal = number
        log.info("daemon.stopping", signal=number.name, budget_seconds=self._settings.engine.clean_up_seconds)
        self.stop()

    async def _wind_down(self) -> None:
        self._ready = False
        self._scheduler.stop()
        await self._runner.stop(patience_seconds=self._settings.engine.clean_up_seconds)
        self._watchdog.stop()
        await self.web.stop()

    def _expect_all(self) -> None:
        config = hashlib.sha256(repr(self._settings).encode()).hexdigest()[:12]
        self.metrics.config.labels(self._settings.target.name, self._settings.location).info({"hash": config})
        for check in self._settings.checks.values():
            reasons = manual_of(type(check)).reasons
            # A kind that can miss an event is one that causes them.
            self.metrics.expect(check, reasons=reasons, delivers="no_event" in reasons)

    def _tick(self, check: Check, tick: int, lag_seconds: float) -> None:
        self.metrics.schedule_lag.observe(lag_seconds)
        self._runner.start(check, tick)

    def _missed(self, check: Check, ticks: range) -> None:
        self._runner.miss(check, ticks, because="the event loop stood still or the machine slept")

    def _finished(self, check: Check, outcome: Outcome) -> None:
        self.metrics.observe(check, outcome)
        log_outcome(outcome)
        self._on_outcome(check, outcome)

    def _unready(self) -> str:
        if not self._ready:
            return "starting or stopping"
        return "" if self._scheduler.running else "the scheduler does not turn"


async def run_once(
    settings: Settings, checks: Sequence[Check], *, on_outcome: OnOutcome, on_step: Callable[[Check, Step], None]
) -> list[Outcome]:
    """
    Run each of *checks* once, as many at a time as the configuration allows; return the outcomes in that order.
    """
    clock = SystemClock()
    watchdog = Watchdog()
    async with _surroundings(settings, clock) as surroundings:
        runner = Runner(
            surroundings,
            stalls=watchdog,
            on_outcome=on_outcome,
            concurrency=settings.engine.concurrency,
            clean_up_seconds=settings.engine.clean_up_seconds,
        )
        watchdog.start()
        try:
            runs = [runner.run_now(check, on_step=lambda step, check=check: on_step(check, step)) for check in checks]  # type: ignore[misc]
            outcomes = await asyncio.gather(*runs)
        finally:
            await runner.stop(patience_seconds=0.0)
            watchdog.stop()
    return [outcome for outcome in outcomes if outcome is not None]


def log_outcome(outcome: Outcome) -> None:
    """
    Write the one line of a run that has ended.
    """
    write = getattr(log, _LOG_LEVELS[outcome.status])
    fields: dict[str, object] = {
        "check": outcome.check,
        "status": outcome.status.value,
        "run_id": outcome.run_id,
        "tick": outcome.tick,
        "duration_seconds": round(outcome.duration_seconds, 4),
    }
    if outcome.reason is not None:
        fields |= {"reason": outcome.reason.value, "message": outcome.message}
        fields |= {"step": outcome.steps[-1].name} if outcome.steps and not outcome.steps[-1].passed else {}
    write("run.finished", **fields)


@asynccontextmanager
async def _surroundings(settings: Settings, clock: Clock) -> AsyncIterator[Surroundings]:
    transport = AiohttpTransport(user_agent=f"monitor/{__version__} (synthetic)", budget=Budget(clock))
    try:
        yield Surroundings(
            target=settings.target,
            location=settings.location,
            identities=settings.identities,
            transport=transport,
            clock=clock,
        )
    finally:
        await transport.close()


def _restart(stall: Stall) -> None:
    """
    Replace this process by a new one, from the watchdog's thread: the loop does not turn and nothing else can end it.
    """
    check = stall.culprit.split(":")[1] if stall.culprit.startswith("run:") else ""
    log.error("process.restarting", check=check, place=stall.place, seconds=round(stall.seconds, 1))
    os.execve(  # noqa: S606 - the very command that started this process
        sys.executable, [sys.executable, *sys.orig_argv[1:]], {**os.environ, _BLOCKED_BY: check}
    )
