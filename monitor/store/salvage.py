"""
What can be read of a file that cannot be written: on a disk that has become read-only, say.
"""

import sqlite3
from contextlib import closing
from pathlib import Path

from monitor.store.schema import columns_of

# History can be large, and nothing goes wrong without it.
_LEFT_OUT = frozenset({"run"})


def salvage(path: Path, memory: sqlite3.Connection) -> None:
    """
    Copy the rows of the file at *path* into *memory*, which has our tables; raise what keeps us from it.
    """
    if not path.is_file():
        # To open a pipe would be to wait for ever.
        return
    # With its log when there is one; without, SQLite would make one beside it.
    has_log = path.resolve().with_name(f"{path.resolve().name}-wal").exists()
    way = "mode=ro" if has_log else "immutable=1"
    with closing(sqlite3.connect(f"{path.resolve().as_uri()}?{way}", uri=True)) as file:
        _copy(file, memory)


def _copy(file: sqlite3.Connection, memory: sqlite3.Connection) -> None:
    # Only what both have: the file may be of an older version, and of no other.
    common = columns_of(file) & columns_of(memory)
    tables = sorted({table for table, _ in common} - _LEFT_OUT)
    found = {table: sorted(column for name, column in common if name == table) for table in tables}
    rows = {
        table: file.execute(f"SELECT {_quoted(columns)} FROM {table}").fetchall()  # noqa: S608 - names of ours
        for table, columns in found.items()
    }
    for table, columns in found.items():
        places = ", ".join("?" * len(columns))
        insert = f"INSERT OR REPLACE INTO {table} ({_quoted(columns)}) VALUES ({places})"  # noqa: S608 - names of ours
        memory.executemany(insert, rows[table])


def _quoted(columns: list[str]) -> str:
    return ", ".join(f'"{column}"' for column in columns)
