"""
Numbers in a store: two rows each, so that half a transaction shows.
"""

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, closing
from pathlib import Path

from monitor.store import MIGRATIONS, Migration, Store


def adding(number: int) -> Callable[[sqlite3.Connection], int]:
    """
    Return the work that writes *number* and returns it.
    """

    def add(connection: sqlite3.Connection) -> int:
        for row in (1, 2):
            connection.execute("INSERT INTO writing VALUES (?, ?)", (number, row))
        return number

    return add


def numbers(connection: sqlite3.Connection) -> set[int]:
    """
    Return the numbers that are there, each whole.
    """
    counted = 'SELECT CAST("check" AS INTEGER), count(*) FROM writing GROUP BY "check"'
    rows = dict(connection.execute(counted))
    assert set(rows.values()) <= {2}
    return set(rows)


def numbers_in(path: Path) -> set[int]:
    """
    Return the numbers in the file at *path*, as another program sees them, and find the file sound.
    """
    with closing(sqlite3.connect(path, timeout=20)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        return numbers(connection)


@asynccontextmanager
async def opened(path: Path | None) -> AsyncIterator[Store]:
    """
    A store in the file at *path*, closed in the end without holding the loop.
    """
    store = Store.open(path)
    try:
        yield store
    finally:
        await asyncio.to_thread(store.close)


def fill(path: Path, count: int = 500, *, migrations: tuple[Migration, ...] = (*MIGRATIONS,)) -> None:
    """
    Write *count* numbers into the store at *path*.
    """

    async def write() -> None:
        store = Store.open(path, migrations=migrations)
        await asyncio.gather(*(store.write(adding(number)) for number in range(count)))
        store.close()

    asyncio.run(write())


def use(path: Path | None, number: int = 9_999) -> str:
    """
    Write *number* into the store at *path*, find it there, and return the store's trouble.
    """

    async def write() -> str:
        async with opened(path) as store:
            await store.write(adding(number))
            assert number in await store.read(numbers)
            return store.trouble

    return asyncio.run(write())
