import asyncio
import threading
import time
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager

import pytest
import uvloop

from monitor.core.check import Check
from monitor.core.outcome import Status
from monitor.core.run import Run
from monitor.watchdog import BEAT_SECONDS, LOOK_SECONDS, Stall, Watchdog, check_of
from tests.engine import Engine, behaving

pytestmark = pytest.mark.slow
Loops = Callable[[], asyncio.AbstractEventLoop]


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


@pytest.mark.asyncio
async def test_a_check_that_blocks_the_loop_is_errored_and_named_with_its_line() -> None:
    async with watching() as watchdog:
        engine = Engine(stalls=watchdog)
        await engine.run(behaving(blocks, name="blocker"))

    assert engine.outcomes[0].status is Status.ERRORED
    assert "test_watchdog.py" in engine.outcomes[0].message
    assert "in block" in engine.outcomes[0].message


@pytest.mark.asyncio
async def test_what_ran_beside_a_blocking_check_is_errored_and_names_it() -> None:
    async with watching() as watchdog:
        engine = Engine(stalls=watchdog)
        statuses = await run_together(engine, behaving(waits, name="bystander"), behaving(blocks, name="blocker"))

    assert statuses == {"bystander": Status.ERRORED, "blocker": Status.ERRORED}
    bystander = next(outcome for outcome in engine.outcomes if outcome.check == "bystander")
    assert "by check 'blocker'" in bystander.message


@pytest.mark.asyncio
async def test_what_starts_after_a_stall_is_judged_again() -> None:
    async with watching() as watchdog:
        engine = Engine(stalls=watchdog)
        await engine.run(behaving(blocks, name="blocker"))
        after = await engine.run(behaving(waits, name="after"))

    assert after.status is Status.PASSED


@pytest.mark.asyncio
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


@pytest.mark.asyncio
async def test_a_loop_that_stands_still_beyond_the_limit_is_reported_from_the_thread() -> None:
    stalls: list[tuple[Stall, str]] = []

    def keep(stall: Stall) -> None:
        stalls.append((stall, threading.current_thread().name))

    async with watching(limit_seconds=0.5, on_limit=keep):
        task = asyncio.create_task(block(1.5), name="run:blocker:1")
        await task

    assert stalls[0][0].culprit == "run:blocker:1"
    assert stalls[0][1] == "watchdog"


@pytest.mark.asyncio
async def test_a_stall_is_known_before_the_beat_that_ends_it() -> None:
    async with watching() as watchdog:
        started = time.monotonic()
        await block(0.8)
        stall = watchdog.stall_since(started)

    assert stall is not None
    assert stall.seconds == pytest.approx(0.8, abs=0.3)


def stall_under(main: Callable[[], Coroutine[None, None, None]], *, loops: Loops = asyncio.new_event_loop) -> Stall:
    async def watched() -> Stall | None:
        async with watching() as watchdog:
            started = time.monotonic()
            await asyncio.create_task(main(), name="run:blocker:1")
            return watchdog.stall_since(started)

    with asyncio.Runner(loop_factory=loops) as runner:
        stall = runner.run(watched())
    assert stall is not None
    return stall


def test_nobody_is_named_when_many_short_steps_add_up_to_a_stall() -> None:
    async def many() -> None:
        await asyncio.gather(*(block(0.02) for _ in range(50)))

    async def many_checks() -> None:
        checks = [asyncio.create_task(block(0.02), name=f"run:check-{number}:1") for number in range(50)]
        await asyncio.gather(*checks)

    stalls = [stall_under(many), stall_under(many_checks)]

    assert [stall.culprit for stall in stalls] == ["", ""]
    assert stalls[0].seconds == pytest.approx(1.0, abs=0.3)


def test_a_culprit_is_blamed_for_no_more_than_it_was_seen_to_hold() -> None:
    async def others_and_one() -> None:
        others = [asyncio.create_task(block(0.02), name=f"run:other-{number}:1") for number in range(25)]
        one = asyncio.create_task(block(0.6), name="run:long:1")
        await asyncio.gather(*others, one)

    stall = stall_under(others_and_one)

    assert stall.culprit == "run:long:1"
    assert 0.2 < stall.seconds < 0.6 + LOOK_SECONDS + 0.05
    assert stall.silent_seconds > 1.0


def test_a_callback_that_blocks_is_not_laid_at_the_door_of_a_task_before_it() -> None:
    async def one_then_nobody() -> None:
        asyncio.get_running_loop().call_soon(time.sleep, 0.9)
        await block(0.5)
        await asyncio.sleep(0)
        await asyncio.sleep(0)

    stall = stall_under(one_then_nobody)

    assert stall.culprit == ""


@pytest.mark.parametrize("loops", [asyncio.new_event_loop, uvloop.new_event_loop], ids=["asyncio", "uvloop"])
@pytest.mark.parametrize("name", [pytest.param(None, id="unnamed"), pytest.param("socket-reader", id="named")])
def test_what_a_check_creates_is_known_as_its_own(loops: Loops, name: str | None) -> None:
    async def creates() -> None:
        async def creates_again() -> None:
            await asyncio.create_task(block(0.6), name=name)

        await asyncio.gather(creates_again())

    stall = stall_under(creates, loops=loops)

    assert check_of(stall.culprit) == "blocker"


@pytest.mark.parametrize(
    ("task_name", "check"),
    [
        pytest.param("run:bookings-exist:0a1b", "bookings-exist", id="run"),
        pytest.param("clean_up:bookings-exist:0a1b", "bookings-exist", id="clean-up"),
        pytest.param("tick:bookings-exist", "bookings-exist", id="tick"),
        pytest.param("once:bookings-exist", "bookings-exist", id="once"),
        pytest.param("run:bookings-exist:0a1b/Task-7", "bookings-exist", id="child"),
        pytest.param("tick:bookings-exist/Task-7", "bookings-exist", id="child-of-tick"),
        pytest.param("Task-7", "", id="nobody"),
        pytest.param("keep_configuration", "", id="our own"),
        pytest.param("", "", id="empty"),
    ],
)
def test_the_check_of_a_task_stands_in_its_name(task_name: str, check: str) -> None:
    assert check_of(task_name) == check
