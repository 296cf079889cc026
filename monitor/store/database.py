"""
One thread's connection to the file, which other processes read, write, move and delete.

A connection whose file was moved or deleted would write where nobody looks. So every use asks before and after whether
the file of that name is still the one it has, and is repeated with the new one if it is not.
"""

import sqlite3
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path

import structlog

from monitor.store import files
from monitor.store.errors import BUSY_SECONDS, StoreError, damage, is_busy, is_damage, is_full
from monitor.store.schema import Migration, columns_after, columns_of, migrate, version_of

log = structlog.get_logger()

# A large file takes longer; damage further back shows when it is read.
_MOST_CHECK_SECONDS = 2.0
# 8 MiB, which take 0.1 s.
_MOST_PAGES_FULLY = 2048
# Two processes may find the file damaged at the same time; that it happens again at once is past belief.
_MOST_TRIES = 4
_NO_FILE = (0, 0)


class Database:
    """
    A connection to the file at *path*, made when first needed; *reading* refuses to write. None is memory.
    """

    def __init__(self, path: Path | None, migrations: Sequence[Migration], *, reading: bool = False) -> None:
        self._path = path
        self._migrations = migrations
        self._reading = reading
        self._connection: sqlite3.Connection | None = None
        self._identity = _NO_FILE

    def open(self) -> sqlite3.Connection:
        """
        Connect, to a new file if the one that is there is damaged; raise what keeps us from it.
        """
        if self._path is None:
            self._connection = _connect(":memory:", self._migrations)
            return self._connection
        # SQLite keeps its other files beside the one that a link leads to.
        self._path = path = self._path.resolve()
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with files.alone(path.parent):
            try:
                self._connection = self._connect_file(path)
            except sqlite3.Error as error:
                if not is_damage(error):
                    raise
                files.demand_no_text(path)
                files.move_aside(path, error)
                self._connection = self._connect_file(path)
            self._identity = files.identity_of(path)
        return self._connection

    def use(self, act: Callable[[sqlite3.Connection], None]) -> None:
        """
        Call *act* with the connection; again, with a new one, when the file was replaced or turns out to be damaged.
        """
        for _ in range(_MOST_TRIES):
            try:
                act(self._current())
            except sqlite3.Error as error:
                self._recover(error)
                if not is_damage(error):
                    raise
            else:
                if not self._is_replaced():
                    return
        raise StoreError(f"{self._path} was replaced again and again: let only one program do that")

    def close(self) -> None:
        """
        Let go of the file. The last connection of all folds the log back into it.
        """
        connection, self._connection = self._connection, None
        if connection is None:
            return
        # The last one deletes the log, by its name: that must not be the log of a new file by then.
        with suppress(OSError, sqlite3.Error):
            if self._path is not None:
                with files.alone(self._path.parent):
                    connection.close()
        # A folder that is gone has no new file.
        connection.close()

    def _current(self) -> sqlite3.Connection:
        if self._connection is not None and self._is_replaced():
            log.warning("store.replaced", path=str(self._path))
            self.close()
        return self._connection or self.open()

    def _recover(self, error: sqlite3.Error) -> None:
        if is_full(error) and self._connection is not None:
            # What the log takes up can be used again, which may do for a while.
            with suppress(sqlite3.Error):
                self._connection.execute("PRAGMA wal_checkpoint(PASSIVE)")
        if is_full(error) or is_busy(error):
            return
        self.close()
        if self._path is not None and is_damage(error):
            with files.alone(self._path.parent):
                # Another thread or process may have done it meanwhile.
                if not self._is_replaced():
                    files.move_aside(self._path, error)

    def _is_replaced(self) -> bool:
        if self._path is None:
            return False
        try:
            return files.identity_of(self._path) != self._identity
        except OSError:
            return True

    def _connect_file(self, path: Path) -> sqlite3.Connection:
        files.create(path)
        return _connect(str(path), self._migrations, reading=self._reading)


def _connect(name: str, migrations: Sequence[Migration], *, reading: bool = False) -> sqlite3.Connection:
    connection = sqlite3.connect(name, timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False)
    try:
        _refuse_foreign(connection, name, migrations)
        if not version_of(connection):
            # Only possible now: so that the room of what is deleted later can be given back to the disk.
            connection.execute("PRAGMA auto_vacuum = INCREMENTAL")
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = FULL")
        if not reading:
            _check(connection, migrations)
        migrate(connection, migrations)
        if reading:
            connection.execute("PRAGMA query_only = ON")
        else:
            _refuse_unwritable(connection)
    except Exception:
        connection.close()
        raise
    return connection


def _refuse_foreign(connection: sqlite3.Connection, name: str, migrations: Sequence[Migration]) -> None:
    version, known = version_of(connection), len(migrations)
    if version > known:
        raise StoreError(f"{name} was written by a newer version (schema {version}, ours is {known}): upgrade monitor")
    found = columns_of(connection)
    if found and not found & columns_after(migrations[:version]):
        raise StoreError(f"{name} holds another program's data: give another path")


def _refuse_unwritable(connection: sqlite3.Connection) -> None:
    try:
        connection.execute("BEGIN IMMEDIATE")
        # To begin is not enough: SQLite lets a file that is read-only do so.
        connection.execute(f"PRAGMA user_version = {version_of(connection)}")
    except sqlite3.Error as error:
        # Somebody else can write to it.
        if not is_busy(error):
            raise
    finally:
        if connection.in_transaction:
            connection.execute("ROLLBACK")


def _check(connection: sqlite3.Connection, migrations: Sequence[Migration]) -> None:
    missing = columns_after(migrations[: version_of(connection)]) - columns_of(connection)
    if missing:
        raise damage(f"column {'.'.join(min(missing))} is missing")
    ends_at = time.monotonic() + _MOST_CHECK_SECONDS
    connection.set_progress_handler(lambda: time.monotonic() > ends_at, 10_000)
    try:
        problems = [text for (text,) in connection.execute(f"PRAGMA {_check_for(connection)}(1)") if text != "ok"]
    except sqlite3.OperationalError as error:
        if error.sqlite_errorcode != sqlite3.SQLITE_INTERRUPT:
            raise
        problems = []
    finally:
        connection.set_progress_handler(None, 0)
    if problems:
        raise damage(problems[0])


def _check_for(connection: sqlite3.Connection) -> str:
    # Only the full check, which takes several times as long, finds an index that hides rows of its table.
    [(pages,)] = connection.execute("PRAGMA page_count")
    return "integrity_check" if pages <= _MOST_PAGES_FULLY else "quick_check"
