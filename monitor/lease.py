"""
What tells the processes that share a store which of them are alive: each holds a lock on a file of its own beside it.

The system lets go of the lock whatever ends the process, ``kill -9`` included. Process numbers would not do: in two
containers on one volume they mean different things.
"""

import fcntl
import glob
import hashlib
import os
import secrets
from collections.abc import Collection
from contextlib import suppress
from enum import StrEnum
from pathlib import Path

_SUFFIX = ".alive-"
_MOST_TRIES = 5


class Life(StrEnum):
    """
    What is known of a process. *unknown*: its file is not there, or its file system has no locks.
    """

    ALIVE = "alive"
    ENDED = "ended"
    UNKNOWN = "unknown"


class Lease:
    """
    The sign of life of this process beside the store at *path*; none is needed for a store in memory (None).
    """

    def __init__(self, path: Path | None) -> None:
        # Beside the file itself, as the store does, and not beside a link to it.
        self._path = path and path.resolve()
        self._descriptor: int | None = None
        self.owner = secrets.token_hex(8)
        if self._path is not None:
            # Without one the others go by the time at which our runs must have ended.
            with suppress(OSError):
                self._begin(self._path)

    def _begin(self, path: Path) -> None:
        for _ in range(_MOST_TRIES):
            file = _file_of(path, self.owner)
            descriptor = os.open(file, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
                # Before it was locked, another process may have taken it for one that nobody holds any more.
                if file.stat().st_ino == os.fstat(descriptor).st_ino:
                    self._descriptor = descriptor
                    return
            except (BlockingIOError, FileNotFoundError):
                pass
            except OSError:
                os.close(descriptor)
                raise
            os.close(descriptor)
            self.owner = secrets.token_hex(8)

    def life_of(self, owner: str) -> Life:
        """
        Return what is known of the process *owner*.
        """
        if owner == self.owner:
            return Life.ALIVE
        if self._path is None:
            return Life.UNKNOWN
        return _life_at(_file_of(self._path, owner))

    def remove_ended(self, *, but: Collection[str] = ()) -> None:
        """
        Remove the files of processes that have ended, except those of the owners *but*.
        """
        if self._path is None:
            return
        for file in self._path.parent.glob(f"{glob.escape(self._path.name)}{_SUFFIX}*"):
            if file.name.rpartition(_SUFFIX)[2] not in {*but, self.owner}:
                _life_at(file, remove=True)

    def end(self, *, remove: bool = True) -> None:
        """
        Give the sign of life up; harmless when repeated. *remove* its file, unless something is still ours.
        """
        descriptor, self._descriptor = self._descriptor, None
        if descriptor is None or self._path is None:
            return
        if remove:
            with suppress(OSError):
                _file_of(self._path, self.owner).unlink(missing_ok=True)
        os.close(descriptor)


class Post:
    """
    The post of the one process, of those that share the store at *path*, that does what is called *name*.

    The system frees it whatever ends the process. For a store in memory (None), and on a file system without locks, it
    is always free.
    """

    def __init__(self, path: Path | None, name: str) -> None:
        digest = hashlib.sha256(name.encode()).hexdigest()[:16]
        self._file = path and path.resolve().with_name(f"{path.resolve().name}.post-{digest}")
        self._descriptor: int | None = None
        self.is_held = False

    def take(self) -> bool:
        """
        Take the post unless another process has it; return whether it is ours.
        """
        if not self.is_held:
            self.is_held = self._file is None or self._lock(self._file)
        return self.is_held

    def leave(self) -> None:
        """
        Let another process take it; harmless when repeated.
        """
        self.is_held = False
        descriptor, self._descriptor = self._descriptor, None
        if descriptor is not None:
            os.close(descriptor)

    def _lock(self, file: Path) -> bool:
        try:
            # Never removed: who removed it while another process opens it would make two of them.
            descriptor = os.open(file, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        except OSError:
            return True
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(descriptor)
            return False
        except OSError:
            os.close(descriptor)
            return True
        self._descriptor = descriptor
        return True


def _life_at(file: Path, *, remove: bool = False) -> Life:
    try:
        descriptor = os.open(file, os.O_RDWR | os.O_CLOEXEC)
    except OSError:
        return Life.UNKNOWN
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        if remove:
            file.unlink(missing_ok=True)
    except BlockingIOError:
        return Life.ALIVE
    except OSError:
        return Life.UNKNOWN
    finally:
        os.close(descriptor)
    return Life.ENDED


def _file_of(path: Path, owner: str) -> Path:
    return path.with_name(f"{path.name}{_SUFFIX}{owner}")
