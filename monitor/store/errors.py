"""
What keeps the store from its file, in words that name the way out.
"""

import errno
import sqlite3
from pathlib import Path

from monitor.core.errors import MonitorError

# How long another process may hold the file before it is no longer waited for.
BUSY_SECONDS = 5.0

_DAMAGED = frozenset({sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB})
_REMEDIES = {
    sqlite3.SQLITE_FULL: "its disk is full: free some space",
    sqlite3.SQLITE_READONLY: "it is read-only: let this user write the file and its folder",
    sqlite3.SQLITE_PERM: "it may not be read or written: let this user do both, in its folder too",
    sqlite3.SQLITE_CANTOPEN: "it cannot be opened: let this user read and write the file and its folder",
    sqlite3.SQLITE_BUSY: f"another process has locked it for {BUSY_SECONDS:.0f} s: end that process",
    sqlite3.SQLITE_PROTOCOL: "other processes would not let us in: end all but one of them",
    sqlite3.SQLITE_IOERR: "its disk cannot be read or written: look after the disk, or give another path",
    sqlite3.SQLITE_NOMEM: "there is no memory left: give the process more",
}
_SAME_AS = {
    errno.ENOSPC: sqlite3.SQLITE_FULL,
    errno.EDQUOT: sqlite3.SQLITE_FULL,
    errno.EROFS: sqlite3.SQLITE_READONLY,
    errno.EACCES: sqlite3.SQLITE_PERM,
    errno.EPERM: sqlite3.SQLITE_PERM,
    errno.EIO: sqlite3.SQLITE_IOERR,
}


class StoreError(MonitorError):
    """
    What was to be written or read was not; the message names the file, why, and what to do.
    """


def damage(problem: str) -> sqlite3.DatabaseError:
    """
    Return the error that SQLite would raise for a *problem* that only we see.
    """
    error = sqlite3.DatabaseError(problem)
    error.sqlite_errorcode = sqlite3.SQLITE_CORRUPT
    return error


def is_damage(error: Exception) -> bool:
    """
    Return whether *error* says that the file does not hold what SQLite once wrote.
    """
    return isinstance(error, sqlite3.Error) and _code(error) in _DAMAGED


def is_fault(error: Exception) -> bool:
    """
    Return whether the file, the disk or another process is to blame for *error*, and not the work that met it.
    """
    return isinstance(error, sqlite3.Error) and (_code(error) in _REMEDIES or is_damage(error))


def is_full(error: Exception) -> bool:
    """
    Return whether *error* says that the disk has no room.
    """
    return _code(error) == sqlite3.SQLITE_FULL


def is_busy(error: Exception) -> bool:
    """
    Return whether *error* says that another process holds the file.
    """
    return _code(error) == sqlite3.SQLITE_BUSY


def explain(path: Path | None, error: Exception) -> str:
    """
    Return the sentence for *error* at the file *path*: what is wrong with it, and what to do.
    """
    if isinstance(error, StoreError):
        return str(error)
    problem = f"{str(error) or type(error).__name__}: give another path"
    return f"{path or 'the memory'}: {_REMEDIES.get(_code(error), problem)}"


def _code(error: Exception) -> int:
    if isinstance(error, OSError):
        return _SAME_AS.get(error.errno or 0, 0)
    # The upper bits tell more than we need.
    return getattr(error, "sqlite_errorcode", 0) & 0xFF
