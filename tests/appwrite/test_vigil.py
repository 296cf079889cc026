"""
How often a socket is opened again; what else becomes of a held one is in ``tests/checks/test_realtime_watch.py``.
"""

import asyncio
from collections.abc import Iterator
from contextlib import AsyncExitStack, contextmanager
from typing import cast

import pytest

from monitor.appwrite.realtime import Subscription
from monitor.core.errors import CheckFailed, OwnFault
from monitor.core.outcome import Reason
from monitor.core.run import Run
from monitor.listening.vigil import Vigil
from tests.appwrite.conftest import on_fake_time
from tests.clock import FakeClock
from tests.engine import surroundings


class Observer:
    """
    An observer that notes nothing.
    """

    def __init__(self) -> None:
        self._surroundings = surroundings(FakeClock())

    @contextmanager
    def begin(self) -> Iterator[Run]:
        yield Run(self._surroundings, timeout_seconds=10.0)

    def passed(self, run: Run) -> None:
        return

    def failed(self, run: Run, error: CheckFailed | OwnFault) -> None:
        return

    async def pause(self, seconds: float) -> None:
        await asyncio.sleep(seconds)


class Mortal:
    """
    The socket of a guest that lives for *seconds*.
    """

    user_id = None

    def __init__(self, seconds: float) -> None:
        self._ends_at = asyncio.get_running_loop().time() + seconds

    async def next_error(self, timeout_seconds: float) -> None:
        left = self._ends_at - asyncio.get_running_loop().time()
        await asyncio.sleep(min(left, timeout_seconds))
        if left > timeout_seconds:
            raise TimeoutError
        raise CheckFailed(Reason.CONNECTION, "ended")

    async def ping(self, timeout_seconds: float) -> float:
        return 0.0


async def opened(lives: list[float], *, within_seconds: float) -> list[float]:
    """
    Return when sockets were opened, each of which lives as long as *lives* says, the last again and again.
    """
    at: list[float] = []

    async def opens(run: Run, stack: AsyncExitStack) -> Subscription:
        seconds = lives[min(len(at), len(lives) - 1)]
        at.append(asyncio.get_running_loop().time())
        return cast("Subscription", Mortal(seconds))

    keeping = Vigil(Observer(), opens=opens, ping_every_seconds=20.0, renew_seconds=840.0).keep()
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(keeping, within_seconds)
    return at


@on_fake_time
async def test_sockets_that_end_as_they_begin_are_opened_less_and_less_often() -> None:
    at = await opened([0.0], within_seconds=60.0)

    # The web client, which forgets at once, opens one a second.
    assert 13 <= len(at) <= 17


@on_fake_time
async def test_after_a_socket_that_lasted_the_next_is_opened_soon() -> None:
    at = await opened([*[0.0] * 9, 61.0, 100.0], within_seconds=150.0)

    assert 5.0 <= at[9] - at[8] <= 6.0
    assert 62.0 <= at[10] - at[9] <= 62.2 + 0.01


@on_fake_time
async def test_after_a_socket_that_did_not_last_the_pauses_go_on_growing() -> None:
    at = await opened([*[0.0] * 9, 59.0, 100.0], within_seconds=150.0)

    assert 64.0 <= at[10] - at[9] <= 65.0 + 0.01
