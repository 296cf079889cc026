"""
The tables of the store, and how an older file is brought to them.
"""

import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import TypeAlias

Migration: TypeAlias = Callable[[sqlite3.Connection], object]


def _leftovers(connection: sqlite3.Connection) -> None:
    connection.execute(
        """
        CREATE TABLE leftover (
          endpoint TEXT NOT NULL, project TEXT NOT NULL, database TEXT NOT NULL, what TEXT NOT NULL,
          collection TEXT NOT NULL, id TEXT NOT NULL, "by" TEXT NOT NULL, "check" TEXT NOT NULL,
          run_id TEXT NOT NULL, owner TEXT NOT NULL, intended_at REAL NOT NULL, due_at REAL NOT NULL,
          PRIMARY KEY (endpoint, project, database, what, collection, id, "by")
        ) WITHOUT ROWID
        """
    )
    connection.execute('CREATE TABLE writing ("check" TEXT NOT NULL, at REAL NOT NULL)')
    connection.execute('CREATE INDEX writing_check ON writing ("check", at)')


def _incidents(connection: sqlite3.Connection) -> None:
    connection.execute(
        """
        CREATE TABLE run (
          target TEXT NOT NULL, location TEXT NOT NULL, "check" TEXT NOT NULL, ended_at REAL NOT NULL,
          document TEXT NOT NULL
        )
        """
    )
    connection.execute('CREATE INDEX run_check ON run (target, "check", ended_at)')
    connection.execute("CREATE INDEX run_ended ON run (ended_at)")
    connection.execute(
        """
        CREATE TABLE streak (
          target TEXT NOT NULL, location TEXT NOT NULL, "check" TEXT NOT NULL, place TEXT NOT NULL,
          document TEXT NOT NULL, PRIMARY KEY (target, location, "check", place)
        ) WITHOUT ROWID
        """
    )
    connection.execute(
        """
        CREATE TABLE incident (
          target TEXT NOT NULL, location TEXT NOT NULL, id TEXT NOT NULL, opened_at REAL NOT NULL, resolved_at REAL,
          document TEXT NOT NULL, PRIMARY KEY (target, location, id)
        ) WITHOUT ROWID
        """
    )
    connection.execute(
        """
        CREATE TABLE outbox (
          target TEXT NOT NULL, location TEXT NOT NULL, number INTEGER NOT NULL, sink TEXT NOT NULL,
          document TEXT NOT NULL, PRIMARY KEY (target, location, number)
        ) WITHOUT ROWID
        """
    )
    connection.execute(
        """
        CREATE TABLE silence (
          target TEXT NOT NULL, id TEXT NOT NULL, checks TEXT NOT NULL, since REAL NOT NULL, until REAL NOT NULL,
          reason TEXT NOT NULL, "by" TEXT NOT NULL, PRIMARY KEY (target, id)
        ) WITHOUT ROWID
        """
    )
    connection.execute(
        """
        CREATE TABLE canary (
          target TEXT NOT NULL, location TEXT NOT NULL, sink TEXT NOT NULL, sent_at REAL NOT NULL,
          document TEXT NOT NULL, PRIMARY KEY (target, location, sink)
        ) WITHOUT ROWID
        """
    )


# As the index has it: a query finds a run by its id only in these words. A row that is damaged has none.
RUN_ID = "CASE WHEN json_valid(document) THEN json_extract(document, '$.run_id') END"


def _run_ids(connection: sqlite3.Connection) -> None:
    connection.execute(f"CREATE INDEX run_id ON run ({RUN_ID})")


# Each brings a file one version further, in a transaction of its own. What was released is never changed.
MIGRATIONS: Sequence[Migration] = (_leftovers, _incidents, _run_ids)


def migrate(connection: sqlite3.Connection, migrations: Sequence[Migration]) -> None:
    """
    Bring the file to the version that *migrations* lead to.
    """
    for version, migration in enumerate(migrations, start=1):
        if version_of(connection) >= version:
            continue
        with transaction(connection):
            # Another process may have been faster.
            if version_of(connection) < version:
                migration(connection)
                connection.execute(f"PRAGMA user_version = {version}")


def version_of(connection: sqlite3.Connection) -> int:
    """
    Return how many migrations the file has seen.
    """
    return int(connection.execute("PRAGMA user_version").fetchone()[0])


def columns_of(connection: sqlite3.Connection) -> frozenset[tuple[str, str]]:
    """
    Return every column of every table that the file has.
    """
    tables = "SELECT t.name, c.name FROM sqlite_master t, pragma_table_info(t.name) c WHERE t.type = 'table'"
    return frozenset(connection.execute(tables))


def columns_after(migrations: Sequence[Migration]) -> frozenset[tuple[str, str]]:
    """
    Return every column that a file has after *migrations*.
    """
    connection = sqlite3.connect(":memory:", isolation_level=None)
    try:
        migrate(connection, migrations)
        return columns_of(connection)
    finally:
        connection.close()


@contextmanager
def transaction(connection: sqlite3.Connection) -> Iterator[None]:
    """
    Commit what is done within, or undo it when it raises; nobody else writes meanwhile.
    """
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
        connection.execute("COMMIT")
    except Exception:
        # A full disk may have undone it already.
        with suppress(sqlite3.Error):
            connection.execute("ROLLBACK")
        raise
