import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC

import pytest

from monitor.core.check import Check
from monitor.scheduler import Grid, Scheduler, _GridTrigger
from tests.clock import FakeClock

pytestmark = [pytest.mark.asyncio, pytest.mark.looptime(start=0.0)]

MINUTE, HOUR, DAY = 60.0, 3600.0, 86400.0


@dataclass(frozen=True, slots=True)
class Call:
    """
    One grid point that was called; *at* and *wall* in seconds of the monotonic and the wall clock.
    """

    at: float
    wall: float
    name: str
    tick: int


@dataclass
class Calls:
    """
    All that the scheduler called.
    """

    ticks: list[Call] = field(default_factory=list)
    missed: list[tuple[str, int]] = field(default_factory=list)
    jumps: list[float] = field(default_factory=list)

    def of(self, name: str, *, after: float = 0.0) -> list[Call]:
        return [call for call in self.ticks if call.name == name and call.at > after]


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def calls() -> Calls:
    return Calls()


@asynccontextmanager
async def scheduling(clock: FakeClock, calls: Calls) -> AsyncIterator[Scheduler]:
    """
    A running scheduler; no fixture, since those run on the real time of the loop.
    """
    scheduler = Scheduler(
        clock,
        on_tick=lambda check, tick, _: calls.ticks.append(
            Call(clock.monotonic(), clock.now().timestamp(), check.name, tick)
        ),
        on_missed=lambda check, ticks: calls.missed.extend((check.name, tick) for tick in ticks),
        on_jump=calls.jumps.append,
    )
    scheduler.start()
    try:
        yield scheduler
    finally:
        scheduler.stop()
        await asyncio.sleep(0)


def checks(count: int, every: str) -> list[Check]:
    return [Check.model_validate({"name": f"check-{number}", "every": every}) for number in range(count)]


async def test_every_check_runs_once_an_interval_on_its_own_grid(clock: FakeClock, calls: Calls) -> None:
    async with scheduling(clock, calls) as scheduler:
        scheduler.add(checks(20, "10s"))
        await asyncio.sleep(100)

    for check in checks(20, "10s"):
        mine = calls.of(check.name)
        grid = Grid.of(check.name, 10.0)
        assert len(mine) == 10
        assert all(call.wall == pytest.approx(grid.seconds_of(call.tick), abs=0.002) for call in mine)
    assert not calls.missed


async def test_grids_of_many_checks_are_splayed() -> None:
    phases = [Grid.of(f"check-{number}", 10.0).phase_us / 1e6 for number in range(1000)]

    busiest = max(sum(1 for phase in phases if second <= phase < second + 1) for second in range(10))

    assert busiest < 140


@pytest.mark.parametrize("interval", ["1s", "7s", "1h", "1001ms", "3333ms"])
async def test_no_grid_point_comes_out_before_itself(clock: FakeClock, interval: str) -> None:
    for check in checks(200, interval):
        trigger = _GridTrigger(Grid.of(check.name, check.every_seconds), UTC)

        first = trigger.get_next_fire_time(None, clock.now())
        second = trigger.get_next_fire_time(first, first)

        assert (second - first).total_seconds() == pytest.approx(check.every_seconds, abs=2e-6)


@pytest.mark.parametrize(
    "jump",
    [
        pytest.param(-MINUTE, id="a minute back"),
        pytest.param(-DAY, id="a day back"),
        pytest.param(HOUR, id="an hour forward"),
        pytest.param(30 * DAY, id="30 days forward"),
        pytest.param(3650 * DAY, id="10 years forward"),
    ],
)
async def test_every_check_is_back_on_its_grid_when_the_clock_was_set(
    clock: FakeClock, calls: Calls, jump: float
) -> None:
    async with scheduling(clock, calls) as scheduler:
        scheduler.add(checks(100, "10s"))
        await asyncio.sleep(25)

        clock.jump(jump)
        jumped_at, cpu_before = clock.monotonic(), time.process_time()
        await asyncio.sleep(30.5)

    # The guard may need half a second, and the first grid point after it may be a whole interval away.
    for check in checks(100, "10s"):
        ticks = [call.tick for call in calls.of(check.name, after=jumped_at)]
        assert 2 <= len(ticks) <= 4
        assert ticks == list(range(ticks[0], ticks[0] + len(ticks)))
    assert calls.jumps == [pytest.approx(jump, abs=0.01)]
    assert not calls.missed
    # Walking through every missed point took a minute of CPU; this bound is far above what the grid takes.
    assert time.process_time() - cpu_before < 5.0


async def test_a_slewed_clock_is_no_jump(clock: FakeClock, calls: Calls) -> None:
    async with scheduling(clock, calls) as scheduler:
        scheduler.add(checks(1, "10s"))
        for _ in range(100):
            clock.jump(0.01)
            await asyncio.sleep(1)

    assert not calls.jumps
    assert 9 <= len(calls.ticks) <= 11


async def test_grid_points_that_pass_while_the_loop_stands_still_are_missed(clock: FakeClock, calls: Calls) -> None:
    async with scheduling(clock, calls) as scheduler:
        scheduler.add(checks(10, "1s"))
        await asyncio.sleep(5)

        clock.stall(4)
        await asyncio.sleep(5)

    for check in checks(10, "1s"):
        run = [call.tick for call in calls.of(check.name)]
        missed = [tick for name, tick in calls.missed if name == check.name]
        assert len(missed) in {3, 4}
        assert sorted(run + missed) == list(range(run[0], run[-1] + 1))
    assert not calls.jumps


async def test_a_removed_check_is_called_no_more(clock: FakeClock, calls: Calls) -> None:
    async with scheduling(clock, calls) as scheduler:
        scheduler.add(checks(2, "1s"))
        await asyncio.sleep(3)

        scheduler.remove("check-0")
        await asyncio.sleep(5)

    assert len(calls.of("check-0")) == 3
    assert len(calls.of("check-1")) == 8


async def test_another_interval_misses_nothing(clock: FakeClock, calls: Calls) -> None:
    async with scheduling(clock, calls) as scheduler:
        scheduler.add(checks(1, "10s"))
        await asyncio.sleep(15)

        scheduler.add(checks(1, "1s"))
        await asyncio.sleep(5)

    assert len(calls.of("check-0", after=15)) == 5
    assert not calls.missed
