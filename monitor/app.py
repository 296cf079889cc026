"""
Joins configuration, wire and runner, and runs checks once; ``daemon.py`` joins the rest to it.
"""

import asyncio
import signal
from collections.abc import AsyncIterator, Callable, Coroutine, Sequence
from contextlib import asynccontextmanager
from typing import Any, TypeVar

import structlog

from monitor import __version__
from monitor.appwrite.budget import Budget as AppwriteBudget
from monitor.appwrite.removal import AppwriteRemover
from monitor.appwrite.transport import AiohttpTransport
from monitor.config import Settings
from monitor.core.budget import Budget
from monitor.core.check import Check
from monitor.core.clock import Clock, SystemClock
from monitor.core.leftover import UNJOURNALED, Journal
from monitor.core.outcome import Outcome, Status, Step
from monitor.core.redaction import Redactor, secrets_in
from monitor.core.run import Surroundings
from monitor.incidents.book import News
from monitor.lease import Lease
from monitor.leftovers import Leftovers
from monitor.logs import configure_logs
from monitor.runner import Runner
from monitor.store import Store
from monitor.watchdog import Watchdog

log = structlog.get_logger()

T = TypeVar("T")
OnOutcome = Callable[[Check, Outcome], None]

_STRAY_SECONDS = 1.0
# A wait that a person has noticed.
_WAIT_UNTOLD_SECONDS = 2.0
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

    A task that ignores its cancellation does not keep the process: the loop is then left as it is.
    """
    _raise_descriptor_limit()
    runner = asyncio.Runner(loop_factory=_loop_factory())
    try:
        return runner.run(main)
    finally:
        if runner.run(_end_tasks()):
            runner.close()


def _raise_descriptor_limit() -> None:
    """
    Take as many open files as this process may have: 1,024, the usual start, are few for a thousand checks.
    """
    try:
        import resource  # noqa: PLC0415 - absent on Windows
    except ImportError:
        return
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))


def _loop_factory() -> Callable[[], asyncio.AbstractEventLoop] | None:
    try:
        import uvloop  # noqa: PLC0415 - absent on Windows
    except ImportError:
        return None
    return uvloop.new_event_loop


async def _end_tasks() -> bool:
    """
    Cancel what still runs; return whether all of it ended.
    """
    tasks = asyncio.all_tasks() - {asyncio.current_task()}
    for task in tasks:
        task.cancel()
    if not tasks:
        return await _end_threads()
    _, strays = await asyncio.wait(tasks, timeout=_STRAY_SECONDS)
    for stray in strays:
        log.warning("task.abandoned", task=stray.get_name())
    return not strays and await _end_threads()


async def _end_threads() -> bool:
    try:
        async with asyncio.timeout(_STRAY_SECONDS):
            await asyncio.get_running_loop().shutdown_default_executor()
    except TimeoutError:
        log.warning("thread.abandoned")
        return False
    return True


def configure_logs_of(settings: Settings) -> None:
    """
    Write logs as *settings* say, without the secrets that stand in them.
    """
    configure_logs(level=settings.log.level, format=settings.log.format, redact=Redactor(secrets_in(settings)))


async def run_once(
    settings: Settings,
    checks: Sequence[Check],
    *,
    on_outcome: OnOutcome,
    on_step: Callable[[Check, Step], None],
    on_wait: Callable[[str], None],
    then: Callable[[Sequence[Outcome]], Sequence[Check]] = lambda _: (),
) -> tuple[list[Outcome], list[Outcome]]:
    """
    Run each of *checks* once, as many at a time as the configuration allows; return the outcomes in that order, and
    those of the checks that *then* chooses when it has seen them, which are run once as well.

    *on_wait* gets the sentence of what the first of them waits for, when some wait for room in the request budget.
    Cancelled by SIGTERM as by Ctrl-C, after cleaning up.
    """
    clock = SystemClock()
    watchdog = Watchdog()
    async with (
        store_of(settings) as store,
        leftovers_of(settings, clock, store) as leftovers,
        surroundings_of(settings, clock, leftovers) as surroundings,
    ):
        runner = Runner(
            surroundings,
            stalls=watchdog,
            on_outcome=on_outcome,
            concurrency=settings.engine.concurrency,
            clean_up_seconds=settings.engine.clean_up_seconds,
        )
        watchdog.start()
        # CI and Kubernetes end a run that way; what was created must be removed all the same.
        task = asyncio.current_task()
        if task is not None:
            asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, task.cancel)
        waiting = asyncio.create_task(_tell_waits(surroundings.budget, checks, on_wait), name="waits")
        try:
            outcomes = await _run_all(runner, checks, on_step)
            asked = await _run_all(runner, then(outcomes), on_step)
        finally:
            waiting.cancel()
            await runner.stop(patience_seconds=0.0)
            watchdog.stop()
        # What another one left that was killed.
        if await leftovers.adopt(settings.target, only_of_ended=True):
            await leftovers.sweep(surroundings, within_seconds=settings.engine.clean_up_seconds)
    return outcomes, asked


async def _run_all(runner: Runner, checks: Sequence[Check], on_step: Callable[[Check, Step], None]) -> list[Outcome]:
    runs = [runner.run_now(check, on_step=lambda step, check=check: on_step(check, step)) for check in checks]  # type: ignore[misc]
    return [outcome for outcome in await asyncio.gather(*runs) if outcome is not None]


async def _tell_waits(budget: Budget, checks: Sequence[Check], on_wait: Callable[[str], None]) -> None:
    told = ""
    while True:
        await asyncio.sleep(_WAIT_UNTOLD_SECONDS)
        waits = [wait for check in checks if (wait := budget.shortage(check.name))]
        text = f"{len(waits)} of {len(checks)} checks wait: {waits[0]}" if waits else ""
        if text and text != told:
            on_wait(text)
        told = text


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
        fields |= {"step": outcome.failed_step} if outcome.failed_step else {}
    write("run.finished", **fields)


def log_news(news: News) -> None:
    """
    Write a line for every incident that has opened, changed or resolved.
    """
    for what, incidents in (("opened", news.opened), ("changed", news.changed), ("resolved", news.resolved)):
        for incident in incidents:
            write = log.info if what == "resolved" else log.warning
            write(
                f"incident.{what}",
                incident=incident.id,
                severity=incident.severity.value,
                cause=incident.cause.value,
                checks=list(incident.checks),
                message=incident.summary,
            )


@asynccontextmanager
async def store_of(settings: Settings) -> AsyncIterator[Store]:
    """
    Give the configured store, for the life of the process.
    """
    store = Store.open(settings.store_path)
    try:
        yield store
    finally:
        await asyncio.to_thread(store.close)


@asynccontextmanager
async def leftovers_of(settings: Settings, clock: Clock, store: Store) -> AsyncIterator[Leftovers]:
    """
    Give the journal of what runs make, in *store*, for the life of the process.
    """
    lease = Lease(settings.store_path)
    leftovers = Leftovers(store, lease, AppwriteRemover(), clock)
    try:
        yield leftovers
    finally:
        is_written = await leftovers.end()
        # Otherwise its file, unlocked, tells the others that we have ended.
        lease.end(remove=is_written)


@asynccontextmanager
async def surroundings_of(
    settings: Settings, clock: Clock, journal: Journal = UNJOURNALED
) -> AsyncIterator[Surroundings]:
    """
    Give what every run needs, for the life of the process; the connections are ended at the end.
    """
    budget = AppwriteBudget(clock)
    transport = AiohttpTransport(user_agent=f"monitor/{__version__} (synthetic)", budget=budget)
    try:
        yield Surroundings(
            target=settings.target,
            location=settings.location,
            identities=settings.identities,
            transport=transport,
            clock=clock,
            manifest=settings.manifest,
            budget=budget,
            journal=journal,
        )
    finally:
        await transport.close()
