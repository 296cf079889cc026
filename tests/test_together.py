import asyncio

import pytest

from monitor.core.errors import CheckFailed
from monitor.core.outcome import Reason
from monitor.core.together import together

pytestmark = [pytest.mark.asyncio, pytest.mark.looptime(start=0.0)]


async def test_so_many_at_once_and_no_more() -> None:
    under_way, most = 0, 0

    async def work() -> None:
        nonlocal under_way, most
        under_way += 1
        most = max(most, under_way)
        await asyncio.sleep(1)
        under_way -= 1

    await together((work() for _ in range(7)), at_once=3)

    assert (most, under_way) == (3, 0)
    assert asyncio.get_running_loop().time() == 3.0


async def test_the_first_failure_is_raised_as_it_is_and_ends_the_others() -> None:
    ended: list[str] = []

    async def fails() -> None:
        await asyncio.sleep(1)
        raise CheckFailed(Reason.QUOTA, "spent")

    async def goes_on() -> None:
        try:
            await asyncio.sleep(100)
        except asyncio.CancelledError:
            ended.append("cancelled")
            raise

    with pytest.raises(CheckFailed, match="spent"):
        await together([goes_on(), fails(), goes_on(), goes_on()], at_once=3)

    assert ended == ["cancelled", "cancelled"]
    assert asyncio.get_running_loop().time() == 1.0


async def test_cancellation_passes() -> None:
    task = asyncio.create_task(together([asyncio.sleep(100), asyncio.sleep(100)], at_once=1))
    await asyncio.sleep(1)

    task.cancel()

    with pytest.raises(asyncio.CancelledError):
        await task
