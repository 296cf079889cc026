"""
A store that answers at once, for tests whose time is not real: to them a thread that works looks like idleness.
"""

import asyncio
import sqlite3
from typing import TypeVar

from monitor.store import MIGRATIONS, Store, StoreError, Work

T = TypeVar("T")


class InstantStore(Store):
    """
    In memory, without a thread. Works fail while *trouble* is set, and hang while *hangs* is.
    """

    def __init__(self) -> None:
        self.connection = sqlite3.connect(":memory:")
        for migration in MIGRATIONS:
            migration(self.connection)
        self.hangs = False
        self.writes = 0
        self._trouble = ""

    @property
    def trouble(self) -> str:
        return self._trouble

    @trouble.setter
    def trouble(self, trouble: str) -> None:
        self._trouble = trouble

    async def write(self, work: Work[T]) -> T:
        self.writes += 1
        return await self.read(lambda connection: _undone_if_it_fails(work, connection))

    async def read(self, work: Work[T]) -> T:
        if self.hangs:
            await asyncio.Event().wait()
        if self._trouble:
            raise StoreError(self._trouble)
        return work(self.connection)

    def close(self) -> None:
        self.connection.close()

    def rows(self, columns: str = "id") -> list[tuple[object, ...]]:
        """
        Return *columns* of the journal, in their order.
        """
        return sorted(self.connection.execute(f"SELECT {columns} FROM leftover"))


def _undone_if_it_fails(work: Work[T], connection: sqlite3.Connection) -> T:
    connection.execute("SAVEPOINT work")
    try:
        return work(connection)
    except Exception:
        connection.execute("ROLLBACK TO work")
        raise
    finally:
        connection.execute("RELEASE work")
