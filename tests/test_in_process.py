import os
import time

import psutil
import pytest

from monitor.core.outcome import Reason, Status
from monitor.core.run import Run
from tests.engine import Engine, behaving

pytestmark = [pytest.mark.asyncio, pytest.mark.slow]


async def test_a_blocking_call_answers_from_a_process_of_its_own() -> None:
    pids: list[int] = []

    async def calls(run: Run) -> None:
        pids.append(await run.in_process(os.getpid))

    outcome = await Engine().run(behaving(calls, timeout="20s", every="30s"))

    assert outcome.status is Status.PASSED
    assert pids[0] != os.getpid()


async def test_a_blocking_call_that_never_ends_is_killed_at_the_deadline() -> None:
    async def hangs(run: Run) -> None:
        await run.in_process(time.sleep, 1000)

    before = set(psutil.Process().children())
    outcome = await Engine().run(behaving(hangs, timeout="1s"))
    left = set(psutil.Process().children()) - before

    assert (outcome.status, outcome.reason) == (Status.FAILED, Reason.TIMEOUT)
    assert outcome.duration_seconds < 2.0
    assert not [child for child in left if child.is_running() and child.status() != psutil.STATUS_ZOMBIE]
