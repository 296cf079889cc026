"""
Nothing is left, and nothing else is touched, wherever ``kill -9`` hits a run: seen after the next start and its sweep.

Each kill hits a real process. What is there before and after is exported through the API; look-alikes of what the
monitor makes stand in every collection.
"""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from monitor.manual import manual_of
from monitor.registry import load_registry
from tests.e2e.process import ended, running
from tests.kill.cases import blows, everywhere, kill_at_request, kill_before_step, places_in, undisturbed
from tests.kill.deadly import Blow, When
from tests.kill.place import CHECKS, Place, place_in
from tests.kill.processes import Nursery, nursery_in, shifted_clock

pytestmark = [pytest.mark.asyncio, pytest.mark.slow]

# Steps of the manual that a run of this configuration does not come to.
NOT_TAKEN = {
    "january": {"observe", "send_reply", "receive_reply", "read_reply"},
    "march": {"observe"},
    "ends": {"observe", "expire_second"},
    "delivery": {"read_back", "control"},
}
# Of a daemon, from its start on; far more than it takes.
SECONDS_TO_SWEEP = 30.0


@pytest_asyncio.fixture
async def nursery(tmp_path: Path) -> AsyncIterator[Nursery]:
    async with nursery_in(tmp_path) as nursery:
        yield nursery


@pytest_asyncio.fixture
async def place(tmp_path: Path) -> AsyncIterator[Place]:
    async with place_in(tmp_path / "alone") as place:
        yield place


@pytest.mark.parametrize("check", CHECKS)
async def test_nothing_is_left_at_whatever_request_a_run_is_killed(
    nursery: Nursery, place: Place, tmp_path: Path, check: str
) -> None:
    heard = await undisturbed(place, nursery, check)

    async with places_in(tmp_path) as places:
        seen = await everywhere(places, blows(heard), lambda here, blow: kill_at_request(here, nursery, check, blow))

    assert [(each.case, each.wrong) for each in seen if each.wrong] == []
    # How often it is asked whether something has come differs from run to run.
    assert sum(not each.killed for each in seen) <= 2


@pytest.mark.parametrize("check", CHECKS)
async def test_nothing_is_left_when_a_run_is_killed_between_two_steps(
    nursery: Nursery, tmp_path: Path, check: str
) -> None:
    steps = manual_of(load_registry().kinds[CHECKS[check].removeprefix("kind: ").partition(",")[0]]).steps

    async with places_in(tmp_path) as places:
        seen = await everywhere(places, steps, lambda here, step: kill_before_step(here, nursery, check, step))

    assert [(each.case, each.wrong) for each in seen if each.wrong] == []
    untouched = {step for step in steps for each in seen if each.case.endswith(f" {step}") and not each.killed}
    assert untouched == NOT_TAKEN.get(check, set())


@pytest.mark.parametrize("check", ["march", "anonymous"])
async def test_a_daemon_sweeps_when_it_starts(nursery: Nursery, place: Place, check: str) -> None:
    heard = await undisturbed(place, nursery, check)
    first_write = next(number for number, each in enumerate(heard, start=1) if each.writes and "jwts" not in each.path)
    await place.begin()
    place.sandbox.arm(Blow(number=first_write, when=When.AFTER))
    arguments, environment = place.arguments("once", check, config="checks")
    async with running(*arguments, env=environment) as process:
        place.sandbox.aim_at(lambda: _killed(process))
        end = await ended(process)
    left = await place.differences()

    place.sandbox.arm(None)
    arguments, environment = place.arguments("run", config="idle")
    async with running(*arguments, env=environment) as process, asyncio.timeout(SECONDS_TO_SWEEP):
        while await place.differences():  # noqa: ASYNC110 - the document is removed by another process
            await asyncio.sleep(0.05)
        process.terminate()
        stopped = await ended(process)

    assert (end.code, stopped.code) == (-9, 0)
    assert left


@pytest.mark.parametrize("shift", ["-40d", "+40d"])
async def test_a_clock_that_was_wrong_makes_no_difference(
    nursery: Nursery, place: Place, tmp_path: Path, shift: str
) -> None:
    heard = await undisturbed(place, nursery, "march")
    booking = next(number for number, each in enumerate(heard, start=1) if each.writes and "bookings" in each.path)

    async with nursery_in(tmp_path, environment=shifted_clock(shift)) as wrong:
        blow = Blow(number=booking, when=When.LATE)
        seen = await kill_at_request(place, nursery, "march", blow, born_in=wrong)

    assert (seen.killed, seen.wrong) == (True, [])


async def test_what_a_process_that_lives_is_about_is_left_to_it(nursery: Nursery, place: Place) -> None:
    heard = await undisturbed(place, nursery, "march")
    answer = next(number for number, each in enumerate(heard, start=1) if each.method == "PATCH")
    await place.begin()
    place.sandbox.arm(Blow(number=answer, when=When.NEVER))
    process = await place.start(nursery, "once", "march")
    await place.sandbox.struck()
    there = await place.differences()

    await place.sweep(nursery)

    assert len(there) >= 4
    assert await place.differences() == there
    place.sandbox.release()
    assert await process.code() == 0, process.output
    assert await place.differences() == []


async def _killed(process: asyncio.subprocess.Process) -> None:
    process.kill()
    await process.wait()
