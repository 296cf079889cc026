import asyncio
from collections.abc import Awaitable, Callable

import pytest

from monitor.core.run import Run
from monitor.leftovers import Leftovers, call_all
from tests.clock import FakeClock
from tests.engine import Engine, behaving, surroundings

pytestmark = [pytest.mark.asyncio, pytest.mark.looptime(start=0.0)]


class Target:
    """
    What cannot be removed from until some time has passed.
    """

    def __init__(self, *, down_until: float) -> None:
        self.down_until = down_until
        self.removed_at: list[float] = []
        self.tries = 0

    async def remove(self) -> None:
        self.tries += 1
        now = asyncio.get_running_loop().time()
        if now < self.down_until:
            raise ConnectionError("the target is away")
        self.removed_at.append(now)


def leaving(*removals: Callable[[], Awaitable[None]]) -> Callable[[Run], Awaitable[None]]:
    """
    Return a check's act that registers *removals*.
    """

    async def act(run: Run) -> None:
        for removal in removals:
            run.clean_up(removal)

    return act


async def test_what_could_not_be_removed_is_tried_again_until_the_target_is_back() -> None:
    engine, target = Engine(), Target(down_until=35.0)

    await engine.run(behaving(leaving(target.remove)))
    await asyncio.sleep(300)

    assert target.removed_at == [70.0]
    assert target.tries == 4


async def test_only_what_failed_is_tried_again() -> None:
    engine, target, removed = Engine(), Target(down_until=5.0), []

    async def remove() -> None:
        removed.append("once")

    await engine.run(behaving(leaving(remove, target.remove)))
    await asyncio.sleep(60)

    assert (removed, target.tries) == (["once"], 2)


async def test_one_that_hangs_leaves_the_others_their_share() -> None:
    run, target = Run(surroundings(FakeClock()), timeout_seconds=5.0), Target(down_until=0.0)

    async def hangs() -> None:
        await asyncio.Event().wait()

    failed = await call_all(run, [hangs, target.remove, hangs, target.remove], within_seconds=4.0)

    assert ([error for _, error in failed], target.tries) == (["TimeoutError", "TimeoutError"], 2)
    assert asyncio.get_running_loop().time() == pytest.approx(2.5)


async def test_an_outage_of_a_night_is_bounded() -> None:
    leftovers, target = Leftovers(clean_up_seconds=5.0), Target(down_until=1e9)
    run = Run(surroundings(FakeClock()), timeout_seconds=5.0)

    for _ in range(1_005):
        leftovers.keep(check="checked", run=run, clean_ups=[target.remove])
    await asyncio.sleep(8 * 3600)

    assert len(leftovers) == 1_000
    # A doubling pause, ten minutes at most.
    assert target.tries <= 60 * 1_000
    leftovers.stop()


async def test_stopping_ends_it() -> None:
    engine, target = Engine(), Target(down_until=1e9)
    await engine.run(behaving(leaving(target.remove)))

    await engine.runner.stop(patience_seconds=0.0)
    await asyncio.sleep(60)

    assert target.tries == 1


async def test_what_is_being_tried_when_it_stops_is_told_as_what_waits_is(capsys: pytest.CaptureFixture[str]) -> None:
    leftovers, run = Leftovers(clean_up_seconds=5.0), Run(surroundings(FakeClock()), timeout_seconds=5.0)

    async def hangs() -> None:
        await asyncio.Event().wait()

    for check in ("tried", "waiting"):
        leftovers.keep(check=check, run=run, clean_ups=[hangs])
    await asyncio.sleep(12)
    leftovers.stop()

    told = capsys.readouterr().out
    assert [name for name in ("tried", "waiting") if f"check={name}" in told] == ["tried", "waiting"]
