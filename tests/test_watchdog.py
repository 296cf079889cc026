import asyncio
import threading
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import pytest

from monitor.core.check import Check, Run
from monitor.core.outcome import Status
from monitor.watchdog import BEAT_SECONDS, Stall, Watchdog
from tests.engine import Engine, behaving

pytestmark = [pytest.mark.asyncio, pytest.mark.slow]


@asynccontextmanager
async def watching(**settings: Callable[..., None] | float) -> AsyncIterator[Watchdog]:
    watchdog = Watchdog(threshold_seconds=0.2, **settings)  # type: ignore[arg-type]
    watchdog.start()
    try:
        yield watchdog
    finally:
        watchdog.stop()


async def block(seconds: float) -> None:
    # The very thing under test: it holds the loop.
    time.sleep(seconds)  # noqa: ASYNC251


async def blocks(_run: Run) -> None:
    await block(1.2)


async def waits(_run: Run) -> None:
    await asyncio.sleep(0.1)


async def run_together(engine: Engine, *checks: Check) -> dict[str, Status]:
    outcomes = await asyncio.gather(*(engine.runner.run_now(check) for check in checks))
    return {outcome.check: outcome.status for outcome in outcomes if outcome is not None}


async def test_a_check_that_blocks_the_loop_is_errored_and_named_with_its_line() -> None:
    async with watching() as watchdog:
        engine = Engine(stalls=watchdog)
        await engine.run(behaving(blocks, name="blocker"))

    assert engine.outcomes[0].status is Status.ERRORED
    assert "test_watchdog.py" in engine.outcomes[0].message
    assert "in block" in engine.outcomes[0].message


async def test_what_ran_beside_a_blocking_check_is_errored_and_names_it() -> None:
    async with watching() as watchdog:
        engine = Engine(stalls=watchdog)
        statuses = await run_together(engine, behaving(waits, name="bystander"), behaving(blocks, name="blocker"))

    assert statuses == {"bystander": Status.ERRORED, "blocker": Status.ERRORED}
    bystander = next(outcome for outcome in engine.outcomes if outcome.check == "bystander")
    assert "run:blocker:" in bystander.message


async def test_what_starts_after_a_stall_is_judged_again() -> None:
    async with watching() as watchdog:
        engine = Engine(stalls=watchdog)
        await engine.run(behaving(blocks, name="blocker"))
        after = await engine.run(behaving(waits, name="after"))

    assert after.status is Status.PASSED


async def test_every_beat_tells_its_lateness() -> None:
    lags: list[float] = []
    told = asyncio.Event()

    def tell(lag: float) -> None:
        lags.append(lag)
        if len(lags) == 2:
            told.set()

    async with watching(on_lag=tell):
        await block(0.8)
        await told.wait()

    assert lags[0] == pytest.approx(0.8 - BEAT_SECONDS, abs=0.2)
    assert lags[1] < 0.2


async def test_a_loop_that_stands_still_beyond_the_limit_is_reported_from_the_thread() -> None:
    stalls: list[tuple[Stall, str]] = []

    def keep(stall: Stall) -> None:
        stalls.append((stall, threading.current_thread().name))

    async with watching(limit_seconds=0.5, on_limit=keep):
        task = asyncio.create_task(block(1.5), name="run:blocker:1")
        await task

    assert stalls[0][0].culprit == "run:blocker:1"
    assert stalls[0][1] == "watchdog"


async def test_a_stall_is_known_before_the_beat_that_ends_it() -> None:
    async with watching() as watchdog:
        started = time.monotonic()
        await block(0.8)
        stall = watchdog.stall_since(started)

    assert stall is not None
    assert stall.seconds == pytest.approx(0.8, abs=0.3)
