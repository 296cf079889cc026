"""
A thread that does what is queued for a database: what writes in one transaction, what reads each by itself.
"""

import asyncio
import queue
import sqlite3
import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import groupby
from typing import Any

import structlog

from monitor.store.database import Database
from monitor.store.errors import StoreError, is_fault
from monitor.store.schema import transaction

log = structlog.get_logger()

# A disk that hangs must not keep the process from ending.
_CLOSE_SECONDS = 15.0
_MOST_AT_ONCE = 10_000


@dataclass(slots=True, kw_only=True)
class Job:
    """
    One work, who waits for it, and how it ended.
    """

    work: Callable[[sqlite3.Connection], Any]
    future: asyncio.Future[Any]
    reads: bool
    result: Any = None
    error: Exception | None = None


class Worker:
    """
    Does jobs with *database*, all that are queued at a time, and hands them to *deliver* in the loop of who waits.

    *on_written* is called from the thread with the error that kept all of a commit from the file, or None.
    """

    def __init__(
        self,
        database: Database,
        *,
        name: str,
        explain: Callable[[Exception], str],
        on_written: Callable[[Exception | None], None],
        deliver: Callable[[Sequence[Job]], None],
    ) -> None:
        self._database = database
        self._explain = explain
        self._on_written = on_written
        self._deliver = deliver
        self._queue: queue.SimpleQueue[Job | None] = queue.SimpleQueue()
        self._ending = False
        self._thread = threading.Thread(target=self._work, name=name, daemon=True)
        self._thread.start()

    def put(self, job: Job) -> None:
        """
        Queue *job*.
        """
        self._queue.put(job)

    def stop(self) -> None:
        """
        Do what is queued and let go of the file; wait for that, but not for ever.
        """
        self._queue.put(None)
        self._thread.join(_CLOSE_SECONDS)
        if self._thread.is_alive():
            log.error("store.abandoned", error=f"the disk did not answer within {_CLOSE_SECONDS:.0f} s")

    def _work(self) -> None:
        while not self._ending:
            jobs = self._take()
            writes = [job for job in jobs if not job.reads]
            if writes:
                self._on_written(self._try(writes, commit))
            for job in jobs:
                if job.reads:
                    self._try([job], look)
            for loop, done in groupby(jobs, lambda job: job.future.get_loop()):
                # A loop that is closed has nobody left who waits.
                with suppress(RuntimeError):
                    loop.call_soon_threadsafe(self._deliver, list(done))
        self._database.close()

    def _take(self) -> list[Job]:
        taken = [self._queue.get()]
        with suppress(queue.Empty):
            while len(taken) < _MOST_AT_ONCE:
                taken.append(self._queue.get_nowait())
        self._ending = None in taken
        return [job for job in taken if job is not None]

    def _try(self, jobs: Sequence[Job], act: Callable[[sqlite3.Connection, Sequence[Job]], None]) -> Exception | None:
        try:
            self._database.use(lambda connection: act(connection, jobs))
        except Exception as error:  # noqa: BLE001 - whatever happened, nobody may wait for ever
            for job in jobs:
                job.error = StoreError(self._explain(error))
            return error
        return None


def commit(connection: sqlite3.Connection, jobs: Sequence[Job]) -> None:
    """
    Run the works of *jobs* in one transaction; one that raises is undone alone.
    """
    with transaction(connection):
        for job in jobs:
            connection.execute("SAVEPOINT work")
            _run(connection, job)
            if job.error is not None:
                connection.execute("ROLLBACK TO work")
            connection.execute("RELEASE work")


def look(connection: sqlite3.Connection, jobs: Sequence[Job]) -> None:
    """
    Run the works of *jobs* in one view of the file, and undo whatever they do.
    """
    connection.execute("BEGIN")
    try:
        for job in jobs:
            _run(connection, job)
    finally:
        with suppress(sqlite3.Error):
            connection.execute("ROLLBACK")


def _run(connection: sqlite3.Connection, job: Job) -> None:
    # It may be the second time, after the file was replaced.
    job.result = job.error = None
    try:
        job.result = job.work(connection)
    except StopIteration as error:
        # The one exception that a future does not take.
        job.error = RuntimeError(f"the work raised {error!r}")
    except Exception as error:
        if is_fault(error):
            raise
        job.error = error
    if not connection.in_transaction:
        raise StoreError("a work ended the transaction that it shares with others: leave that to the store")
