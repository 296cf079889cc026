"""
The file of the store among its neighbours: who may open or move it, which one it is, and where damaged ones go.
"""

import errno
import fcntl
import os
import stat
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path

import structlog

from monitor.store.errors import BUSY_SECONDS, StoreError

log = structlog.get_logger()

_MOST_DAMAGED = 3
_LOOKED_AT_BYTES = 512
# What SQLite keeps beside a file, and finds by its name only.
_COMPANIONS = ("-wal", "-shm")


@contextmanager
def alone(folder: Path) -> Iterator[None]:
    """
    Keep every other process, and thread, from opening, closing or moving a store in *folder*.
    """
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        _lock(descriptor)
        yield
    finally:
        os.close(descriptor)


def _lock(descriptor: int) -> None:
    ends_at = time.monotonic() + BUSY_SECONDS
    # A process that was stopped while it held the lock must not stop this one as well.
    while time.monotonic() < ends_at:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            time.sleep(0.005)
        except OSError:
            # A file system without locks; several processes seldom meet on one.
            return
        else:
            return


def create(path: Path) -> None:
    """
    Make the file, for this user only, unless it is there; raise when it, or what is there, cannot be used.
    """
    # SQLite gives the files beside it the same rights.
    with suppress(FileExistsError):
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
    if not stat.S_ISREG(path.stat().st_mode):
        raise StoreError(f"{path} is no file: give another path")
    # SQLite would leave an empty log beside a file that it may only read.
    if not os.access(path, os.R_OK | os.W_OK, effective_ids=True):
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))


def identity_of(path: Path) -> tuple[int, int]:
    """
    Return what tells the file from another one of the same name.
    """
    status = os.stat(path)  # noqa: PTH116 - half the time of the method, twice a commit
    return status.st_dev, status.st_ino


def demand_no_text(path: Path) -> None:
    """
    Raise ``StoreError`` when the file is text, which no damage makes of a store: somebody named the wrong file.
    """
    with path.open("rb") as file:
        beginning = file.read(_LOOKED_AT_BYTES)
    try:
        is_text = b"\0" not in beginning and bool(beginning.decode().strip())
    except UnicodeDecodeError:
        is_text = False
    if is_text:
        raise StoreError(f"{path} is a text and no store: give another path")


def move_aside(path: Path, error: Exception) -> None:
    """
    Give the damaged file and those beside it another name, and delete the oldest of those that were damaged before.
    """
    aside = path.with_name(f"{path.name}.damaged-{datetime.now(tz=UTC):%Y%m%dT%H%M%S.%fZ}")
    # The file itself last: should this process end in between, the next one finds it damaged again.
    for end in (*_COMPANIONS, ""):
        with suppress(FileNotFoundError):
            Path(f"{path}{end}").rename(f"{aside}{end}")
    log.error("store.damaged", path=str(path), moved_to=str(aside), error=str(error))
    for old in damaged(path)[:-_MOST_DAMAGED]:
        for end in ("", *_COMPANIONS):
            Path(f"{old}{end}").unlink(missing_ok=True)


def damaged(path: Path) -> list[Path]:
    """
    Return the files that were moved aside, oldest first.
    """
    begins = f"{path.name}.damaged-"
    names = (each for each in path.parent.iterdir() if each.name.startswith(begins))
    return sorted(each for each in names if not each.name.endswith(_COMPANIONS))
