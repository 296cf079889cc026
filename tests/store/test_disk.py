import asyncio
import errno
import os
import resource
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from importlib import import_module
from itertools import count
from pathlib import Path

import pytest

from monitor.store import Store, StoreError
from monitor.store.files import damaged
from tests.store.rows import adding, fill, numbers, numbers_in, opened, use

NOBODY = 65_534
_WRITE_AND_DIE = """
import asyncio, os, sys
from pathlib import Path
from monitor.store import Store
from tests.store.rows import adding
async def main():
    await Store.open(Path(sys.argv[1])).write(adding(5))
    os._exit(9)
asyncio.run(main())
"""
Logs = pytest.CaptureFixture[str]
Shortage = Callable[[Path], AbstractContextManager[None]]


@pytest.fixture
def disk() -> Iterator[Path]:
    """
    A small disk of its own; only root may have one.
    """
    folder = Path(tempfile.mkdtemp(prefix="store-disk-"))
    mounted = os.geteuid() == 0 and mount("-t", "tmpfs", "-o", "size=1m", "tmpfs", folder)
    if not mounted:
        folder.rmdir()
        message = "no disk can be mounted here: run the tests as root, in a container with CAP_SYS_ADMIN"
        pytest.fail(message) if os.environ.get("CI") == "true" else pytest.skip(message)
    yield folder
    subprocess.run(["umount", "--lazy", folder], check=True, timeout=20)
    folder.rmdir()


def run(command: Sequence[str]) -> int:
    return subprocess.run(command, check=False, capture_output=True, timeout=60).returncode


def mount(*arguments: object) -> bool:
    done = subprocess.run(["mount", *map(str, arguments)], check=False, capture_output=True, timeout=20)
    return done.returncode == 0


@contextmanager
def suppress_no_space() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        assert error.errno == errno.ENOSPC  # noqa: PT017 - any other error is one of the test
        return


@contextmanager
def filled(folder: Path) -> Iterator[None]:
    """
    The disk of *folder* is full meanwhile.
    """
    filler = folder / "filler"
    try:
        with filler.open("wb", buffering=0) as file, suppress_no_space():
            while True:
                file.write(bytes(512))
        yield
    finally:
        filler.unlink()


@contextmanager
def limited(folder: Path) -> Iterator[None]:
    """
    No file of this process may grow meanwhile.
    """
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    largest = max(each.stat().st_size for each in folder.iterdir())
    resource.setrlimit(resource.RLIMIT_FSIZE, (largest, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


@pytest.fixture(params=["full disk", "file size limit"])
def shortage(request: pytest.FixtureRequest, tmp_path: Path) -> tuple[Path, Shortage]:
    """
    Where a store may be, and what keeps it from growing.
    """
    if request.param == "full disk":
        return request.getfixturevalue("disk") / "monitor.db", filled
    return tmp_path / "monitor.db", limited


@pytest.mark.slow
@pytest.mark.asyncio
async def test_what_finds_no_room_is_told_and_what_found_some_stays(
    shortage: tuple[Path, Shortage], capsys: Logs
) -> None:
    path, short = shortage
    async with opened(path) as store:
        acknowledged = [await store.write(adding(number)) for number in range(10)]
        with short(path.parent):
            written, failures = await write_until_it_keeps_failing(store, first=10)
            trouble, found = store.trouble, await store.read(numbers)
        after = await store.write(adding(9_999))
        acknowledged += written

        assert (store.trouble, found) == ("", set(acknowledged))
    assert str(path) in trouble
    assert numbers_in(path) == {*acknowledged, after}
    told = capsys.readouterr().out
    # The room of the log, used again, may have done for some more.
    assert told.count("store.unusable") == told.count("store.usable") <= failures - 4
    assert damaged(path) == []


async def write_until_it_keeps_failing(store: Store, *, first: int) -> tuple[list[int], int]:
    """
    Write numbers from *first* on until five in a row fail; return those that were written, and how many were not.
    """
    written, failures, row = [], 0, 0
    for number in count(first):
        try:
            written.append(await store.write(adding(number)))
            row = 0
        except StoreError:
            row, failures = row + 1, failures + 1
        if row == 5:
            break
    return written, failures


@pytest.mark.asyncio
async def test_all_who_share_a_commit_that_finds_no_room_are_told(disk: Path) -> None:
    path = disk / "monitor.db"
    async with opened(path) as store:
        with filled(disk):
            await write_until_it_keeps_failing(store, first=0)
            several = [store.write(adding(number)) for number in range(5_000, 5_100)]
            errors = await asyncio.gather(*several, return_exceptions=True)
        assert {str(error) for error in errors} == {f"{path}: its disk is full: free some space"}

        assert await store.read(numbers) & set(range(5_000, 5_100)) == set()


@pytest.mark.asyncio
async def test_what_needs_no_more_room_than_before_finds_it_again_on_a_full_disk(disk: Path) -> None:
    def replace(connection: sqlite3.Connection) -> None:
        connection.execute("DELETE FROM writing")
        adding(1)(connection)

    async def fails(store: Store) -> bool:
        [result] = await asyncio.gather(store.write(replace), return_exceptions=True)
        return isinstance(result, StoreError)

    await asyncio.to_thread(fill, disk / "monitor.db", 1)
    async with opened(disk / "monitor.db") as store:
        await store.write(replace)
        with filled(disk):
            while not await fails(store):
                pass
            trouble = store.trouble
            await store.write(replace)

        assert ("its disk is full" in trouble, store.trouble) == (True, "")


@pytest.mark.asyncio
async def test_a_store_on_a_full_disk_is_in_memory(disk: Path) -> None:
    path = disk / "monitor.db"
    with filled(disk):
        async with opened(path) as store:
            await store.write(adding(1))
            trouble, found = store.trouble, await store.read(numbers)

    assert (trouble, found) == (
        f"{path}: its disk is full: free some space, then restart; it is in memory until then",
        {1},
    )
    async with opened(path) as store:
        assert (store.trouble, await store.write(adding(2))) == ("", 2)


@pytest.mark.asyncio
async def test_a_store_on_a_disk_that_may_only_be_read_is_in_memory(disk: Path) -> None:
    path = disk / "monitor.db"
    async with opened(path) as store:
        await store.write(adding(1))
    assert mount("-o", "remount,ro", disk)

    for each in (path, disk / "new.db"):
        async with opened(each) as store:
            await store.write(adding(2))
            assert "restart" in store.trouble
            assert str(each) in store.trouble

    assert mount("-o", "remount,rw", disk)
    assert numbers_in(path) == {1}


@pytest.mark.asyncio
@pytest.mark.parametrize("ends", ["in order", "killed"])
async def test_what_can_be_read_of_a_file_that_may_not_be_written_is_known(disk: Path, ends: str) -> None:
    path = disk / "monitor.db"
    writes = [sys.executable, "-m", "tests.store.child", str(path), "0", "5", "1"]
    # One that is killed leaves its log unfolded beside the file.
    assert run(writes) == 0
    if ends == "killed":
        killed = [sys.executable, "-c", _WRITE_AND_DIE, str(path)]
        assert run(killed) == 9
        assert path.with_name("monitor.db-wal").stat().st_size > 0
    assert mount("-o", "remount,ro", disk)

    async with opened(path) as store:
        found = await store.read(numbers)

    assert mount("-o", "remount,rw", disk)
    assert found == set(range(6 if ends == "killed" else 5))


@contextmanager
def as_ordinary_user() -> Iterator[Path]:
    """
    A folder of a user for whom rights count, who this process is meanwhile.
    """
    # Python's own modules may be none of that user's to read.
    import_module("concurrent.futures.thread")
    with tempfile.TemporaryDirectory(prefix="store-") as name:
        before = os.geteuid()
        if before == 0:
            os.chown(name, NOBODY, NOBODY)
            os.seteuid(NOBODY)
        try:
            yield Path(name)
        finally:
            Path(name).chmod(0o700)
            os.seteuid(before)


def take_the_right_to_write(path: Path) -> None:
    fill(path, 1)
    path.chmod(0o400)


def take_all_rights(path: Path) -> None:
    fill(path, 1)
    path.chmod(0)


def take_the_right_to_the_folder(path: Path) -> None:
    path.parent.chmod(0o500)


def leave_a_damaged_file_in_such_a_folder(path: Path) -> None:
    path.write_bytes(b"\0no database " * 500)
    path.parent.chmod(0o500)


@pytest.mark.parametrize(
    "prepare",
    [
        take_the_right_to_write,
        take_all_rights,
        take_the_right_to_the_folder,
        leave_a_damaged_file_in_such_a_folder,
    ],
)
def test_a_file_that_may_not_be_written_is_told_and_left(prepare: Callable[[Path], None], capsys: Logs) -> None:
    with as_ordinary_user() as folder:
        path = folder / "lib" / "monitor.db"
        path.parent.mkdir()
        prepare(path)
        before = [(each, each.stat().st_size) for each in path.parent.iterdir()]
        trouble = use(path)
        after = [(each, each.stat().st_size) for each in path.parent.iterdir()]
        path.parent.chmod(0o700)

    assert trouble.startswith(f"{path}: it may not be read or written: let this user do both, in its folder too, then")
    assert after == before
    assert capsys.readouterr().out.count("store.unusable") == 1


@pytest.mark.asyncio
async def test_rights_taken_while_it_is_used_are_told_and_given_back_forgiven() -> None:
    with as_ordinary_user() as folder:
        path = folder / "lib" / "monitor.db"
        async with opened(path) as store:
            await store.write(adding(1))
            path.rename(path.with_name("old.db"))
            path.parent.chmod(0o500)
            with pytest.raises(StoreError, match="let this user"):
                await store.write(adding(2))
            with pytest.raises(StoreError, match="let this user"):
                await store.read(numbers)
            trouble = store.trouble
            path.parent.chmod(0o700)
            await store.write(adding(3))

            assert ("let this user" in trouble, store.trouble, await store.read(numbers)) == (True, "", {3})
