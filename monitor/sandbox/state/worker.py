"""
A background worker: does what an answer leaves to be done, such as the change of a schema, one job after another.

A real server puts such jobs on a queue in Redis, and another process does them some 15 ms later. While that process
does not work, jobs wait and are counted; once it works again they are done in their order.
"""

import asyncio
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

import structlog

from monitor.sandbox.errors import AppwriteError

log = structlog.get_logger()

Job = Callable[[], None]

# As recorded: an attribute is available 15 to 26 ms after it was asked for.
DELAY_SECONDS = 0.02
# How soon a worker that may work again notices; a real one took 0.6 s, most of it to start.
_PATIENCE_SECONDS = 0.02
MAX_WAITING = 10_000


@dataclass(frozen=True, slots=True, kw_only=True)
class _Waiting:
    job: Job
    put_at: float


def _always() -> bool:
    return True


class Worker:
    """
    Does jobs between ``start`` and ``stop``, each *delay_seconds* after it was put; asks *works* before each.

    A job that raises is logged and left; the others are done.
    """

    def __init__(self, *, delay_seconds: float = DELAY_SECONDS) -> None:
        self.delay_seconds = delay_seconds
        self.works: Callable[[], bool] = _always
        self._waiting: deque[_Waiting] = deque()
        self._put = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    @property
    def waiting(self) -> int:
        """
        The jobs that are still to be done: the size of the queue.
        """
        return len(self._waiting)

    def put(self, job: Job) -> None:
        """
        Leave *job* to be done; refused with 503 while too many wait, so call it before anything is changed.
        """
        if len(self._waiting) >= MAX_WAITING:
            raise AppwriteError(503, "health_queue_size_exceeded", "Queue size threshold hit.")
        self._waiting.append(_Waiting(job=job, put_at=asyncio.get_running_loop().time()))
        self._put.set()

    def start(self) -> None:
        """
        Begin to work; harmless when repeated.
        """
        if self._task is None:
            # Bound to the loop that waits for it; jobs put before are seen without it.
            self._put = asyncio.Event()
            self._task = asyncio.get_running_loop().create_task(self._work(), name="sandbox-worker")

    async def stop(self) -> None:
        """
        End, and leave what waits; harmless when repeated.
        """
        task, self._task = self._task, None
        if task is not None:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)

    async def _work(self) -> None:
        while True:
            while not self._waiting:
                self._put.clear()
                await self._put.wait()
            pause = self._pause()
            if pause > 0:
                await asyncio.sleep(pause)
            else:
                # A fresh turn of the loop for each, so that many jobs do not hold up the answers.
                await asyncio.sleep(0)
                _do(self._waiting.popleft().job)

    def _pause(self) -> float:
        if not self.works():
            return _PATIENCE_SECONDS
        return self._waiting[0].put_at + self.delay_seconds - asyncio.get_running_loop().time()


def _do(job: Job) -> None:
    try:
        job()
    except Exception:
        log.exception("job.failed")
