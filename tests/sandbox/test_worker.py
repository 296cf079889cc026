"""
The databases worker: order, patience, and what it survives.
"""

import asyncio
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from monitor.sandbox.errors import AppwriteError
from monitor.sandbox.server import Sandbox
from monitor.sandbox.state import worker as worker_module
from monitor.sandbox.state.worker import Worker

pytestmark = pytest.mark.asyncio

TIMEOUT_SECONDS = 5.0


@pytest_asyncio.fixture
async def worker() -> AsyncIterator[Worker]:
    worker = Worker(delay_seconds=0.0)
    worker.start()
    yield worker
    await worker.stop()


async def finished(worker: Worker) -> None:
    done = asyncio.Event()
    worker.put(done.set)
    await asyncio.wait_for(done.wait(), TIMEOUT_SECONDS)


def fail() -> None:
    raise RuntimeError("disk full")


async def test_does_jobs_in_the_order_they_were_put(worker: Worker) -> None:
    done: list[int] = []

    for number in range(5):
        worker.put(lambda number=number: done.append(number))  # type: ignore[misc]
    await finished(worker)

    assert done == [0, 1, 2, 3, 4]
    assert worker.waiting == 0


async def test_lets_the_delay_pass_before_a_job(worker: Worker) -> None:
    worker.delay_seconds = 0.05
    began = asyncio.get_running_loop().time()

    await finished(worker)

    assert asyncio.get_running_loop().time() - began >= 0.05


async def test_counts_what_waits_while_it_may_not_work_and_then_goes_on_by_itself(worker: Worker) -> None:
    done: list[str] = []
    allowed = asyncio.Event()
    worker.works = allowed.is_set
    worker.put(lambda: done.append("first"))
    await asyncio.sleep(0)

    waiting, before = worker.waiting, list(done)
    allowed.set()
    await finished(worker)

    assert (waiting, before, done) == (1, [], ["first"])


async def test_survives_a_job_that_fails(worker: Worker) -> None:
    worker.put(fail)

    await finished(worker)

    assert worker.waiting == 0


async def test_refuses_more_than_it_can_keep(worker: Worker, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(worker_module, "MAX_WAITING", 1)
    worker.works = lambda: False
    worker.put(fail)

    with pytest.raises(AppwriteError) as refusal:
        worker.put(fail)

    assert (refusal.value.status, refusal.value.kind) == (503, "health_queue_size_exceeded")


async def test_leaves_what_waits_when_it_stops_and_does_it_once_started_again(worker: Worker) -> None:
    done: list[str] = []
    worker.works = lambda: False
    worker.put(lambda: done.append("kept"))

    await worker.stop()
    await worker.stop()
    worker.works = lambda: True
    worker.start()
    await finished(worker)

    assert done == ["kept"]


async def test_works_as_long_as_the_sandbox_runs() -> None:
    sandbox = Sandbox()
    async with sandbox:
        await finished(sandbox.world.worker)

    done: list[str] = []
    sandbox.world.worker.put(lambda: done.append("late"))
    await asyncio.sleep(0.05)

    assert (done, sandbox.world.worker.waiting) == ([], 1)


async def test_waits_while_a_fault_has_stopped_it(sandbox: Sandbox) -> None:
    worker = sandbox.world.worker
    sandbox.faults.switch_on("worker_stopped", recovery_seconds=0.0)
    done = asyncio.Event()
    worker.put(done.set)

    with pytest.raises(TimeoutError):
        await asyncio.wait_for(done.wait(), 0.05)
    waiting = worker.waiting
    sandbox.faults.switch_off("worker_stopped")
    await asyncio.wait_for(done.wait(), TIMEOUT_SECONDS)

    assert (waiting, worker.waiting) == (1, 0)
