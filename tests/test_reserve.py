"""
The time that is kept back for what must still be told.
"""

import asyncio
from contextlib import suppress

import pytest

from monitor.core.reserve import keeping_back
from monitor.core.run import Run
from tests.clock import FakeClock
from tests.engine import surroundings

pytestmark = [pytest.mark.asyncio, pytest.mark.looptime(start=0.0)]


async def test_the_deadline_comes_earlier_inside_and_is_the_old_one_after() -> None:
    run = Run(surroundings(FakeClock()), timeout_seconds=10.0)

    with keeping_back(run, 2.0):
        inside = run.remaining_seconds()
        await asyncio.sleep(1.0)
        with keeping_back(run, 1.0):
            deeper = run.remaining_seconds()

    assert (inside, deeper, run.remaining_seconds()) == (8.0, 6.0, 9.0)


async def test_what_is_kept_back_is_left_though_the_rest_was_overdrawn() -> None:
    run = Run(surroundings(FakeClock()), timeout_seconds=10.0)

    with keeping_back(run, 2.0):
        await asyncio.sleep(9.0)
        inside = run.remaining_seconds()

    assert (inside, run.remaining_seconds()) == (0.0, 1.0)


async def test_an_error_gives_it_back_too() -> None:
    run = Run(surroundings(FakeClock()), timeout_seconds=10.0)

    with suppress(TimeoutError), keeping_back(run, 20.0):
        assert run.remaining_seconds() == 0.0
        raise TimeoutError

    assert run.remaining_seconds() == 10.0
