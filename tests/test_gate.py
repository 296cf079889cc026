import asyncio

import pytest

from monitor.appwrite.gate import Gate

pytestmark = [pytest.mark.asyncio, pytest.mark.looptime(start=0.0)]


async def test_a_pause_is_kept_between_two_turns_however_soon_the_first_was_left() -> None:
    gate, loop = Gate(), asyncio.get_running_loop()

    entered = []
    for _ in range(3):
        turn = await gate.enter()
        entered.append(round(loop.time(), 3))
        turn.leave()

    assert entered == [0.0, 0.02, 0.04]


async def test_who_gives_up_in_the_pause_keeps_nobody_from_the_gate() -> None:
    gate = Gate()
    (await gate.enter()).leave()
    waiting = asyncio.create_task(gate.enter())
    await asyncio.sleep(0.01)

    waiting.cancel()

    async with asyncio.timeout(1.0):
        await gate.enter()
