"""
Keeps what must survive the process: one SQLite file, written by one thread.

What is queued while a commit is under way goes into the next one, all together: the disk is waited for once (group
commit), so that ``synchronous=FULL`` costs next to nothing and whoever is told "written" may rely on it.

The store never keeps anybody from monitoring: a file that cannot be used at the start is replaced by memory, with what
can be read of it, a damaged one by a new one, and ``trouble`` says so. A write that fails raises ``StoreError``, and
the next one tries again.
"""

import asyncio
import sqlite3
import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Self, TypeAlias, TypeVar

import structlog

from monitor.store.database import Database
from monitor.store.errors import StoreError, explain
from monitor.store.salvage import salvage
from monitor.store.schema import MIGRATIONS, Migration
from monitor.store.worker import Job, Worker

log = structlog.get_logger()

T = TypeVar("T")
Work: TypeAlias = Callable[[sqlite3.Connection], T]

# Far more than some seconds without a disk leave; beyond it whoever writes waits.
_MOST_WAITING = 10_000


class Store:
    """
    Keeps what must survive the process.

    Use it from one event loop. A work is a function of the connection. It runs in another thread, begins and ends no
    transaction of its own, and is run again when the file is replaced under it.
    """

    def __init__(self, path: Path | None, *, migrations: Sequence[Migration]) -> None:
        self._path = path
        self._trouble = ""
        self._in_memory = path is None
        self._closed = False
        # It may be closed from another thread: what is queued after the last job would wait for ever.
        self._gate = threading.Lock()
        self._room = asyncio.Semaphore(_MOST_WAITING)
        self._writer = self._reader = self._work_on(self._open(migrations), name="store-writer")
        if not self._in_memory:
            # What reads much must not keep what writes waiting.
            self._reader = self._work_on(Database(path, migrations, reading=True), name="store-reader")

    @classmethod
    def open(cls, path: Path | None, *, migrations: Sequence[Migration] = MIGRATIONS) -> Self:
        """
        Return the store in the file at *path*, which is made if need be, checked, and brought to our version.

        Never raises for a file that cannot be used: then the store is in memory, and ``trouble`` says why. None is
        memory, and no trouble.
        """
        return cls(path, migrations=migrations)

    @property
    def trouble(self) -> str:
        """
        Why what is written does not survive the process; empty when it does.
        """
        return self._trouble

    async def write(self, work: Work[T]) -> T:
        """
        Run *work* and return its result once the disk has it. What it raises is raised here, and undoes only itself.

        Raises ``StoreError`` when nothing was written. That its caller is cancelled does not stop a work.
        """
        return await self._queue(self._writer, work, reads=False)

    async def read(self, work: Work[T]) -> T:
        """
        Run *work*, which only reads, in one view of the file that has every write that returned before.
        """
        return await self._queue(self._reader, work, reads=True)

    def close(self) -> None:
        """
        Write what is queued and let go of the file; blocks until then, but not for ever. May be called again.
        """
        with self._gate:
            if self._closed:
                return
            self._closed = True
        # In memory they are one.
        for worker in dict.fromkeys((self._reader, self._writer)):
            worker.stop()

    async def _queue(self, worker: Worker, work: Work[T], *, reads: bool) -> T:
        await self._room.acquire()
        future: asyncio.Future[T] = asyncio.get_running_loop().create_future()
        with self._gate:
            if self._closed:
                self._room.release()
                raise StoreError("the store is closed: nothing is written or read any more")
            worker.put(Job(work=work, future=future, reads=reads))
        return await future

    def _deliver(self, jobs: Sequence[Job]) -> None:
        for job in jobs:
            self._room.release()
            # Its caller was cancelled.
            if job.future.done():
                continue
            if job.error is not None:
                job.future.set_exception(job.error)
            else:
                job.future.set_result(job.result)

    def _work_on(self, database: Database, *, name: str) -> Worker:
        return Worker(database, name=name, explain=self._explain, on_written=self._heed, deliver=self._deliver)

    def _open(self, migrations: Sequence[Migration]) -> Database:
        database = Database(self._path, migrations)
        try:
            database.open()
        except Exception as error:
            if self._in_memory:
                raise
            self._tell(f"{self._explain(error)}, then restart; it is in memory until then")
            self._in_memory = True
            database.close()
            database = Database(None, migrations)
            memory = database.open()
            # What it holds is known all the same, if it can be read: an incident that is open, say.
            if self._path is not None:
                with suppress(Exception):
                    salvage(self._path, memory)
        return database

    def _explain(self, error: Exception) -> str:
        return explain(self._path, error)

    def _heed(self, error: Exception | None) -> None:
        if error is not None:
            self._tell(self._explain(error))
        elif self._trouble and not self._in_memory:
            self._trouble = ""
            log.info("store.usable", path=str(self._path))

    def _tell(self, trouble: str) -> None:
        # Once, however many writes fail for it.
        if not self._trouble:
            log.error("store.unusable", path=str(self._path), error=trouble)
        self._trouble = trouble
