import asyncio
import os
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor, wait
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from random import Random

import pytest

from monitor.store import Store, StoreError
from monitor.store.files import alone, damaged
from tests.store.rows import adding, fill, numbers, numbers_in, opened

pytestmark = pytest.mark.slow
ROOT = Path(__file__).parents[2]
KILLS = 25
# Each process has numbers of its own.
MILLION = 1_000_000


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "monitor.db"


@contextmanager
def child(path: Path, *, first: int, count: int, together: int = 10) -> "Iterator[subprocess.Popen[str]]":
    """
    A process that writes *count* numbers from *first* on.
    """
    command = [sys.executable, "-m", "tests.store.child", str(path), str(first), str(count), str(together)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        try:
            yield process
        finally:
            process.kill()


def written(lines: str) -> set[int]:
    """
    Return the numbers that a process said were written; a line cut short by its end does not count.
    """
    return {int(line) for line in lines.splitlines(keepends=True) if line.endswith("\n") and line != "opened\n"}


def kill_after(process: "subprocess.Popen[str]", lines: int) -> str:
    """
    Kill *process* once it has said so much, and return all it said.
    """
    assert process.stdout is not None
    said = "".join(process.stdout.readline() for _ in range(lines))
    process.send_signal(signal.SIGKILL)
    return said + process.stdout.read()


def test_a_process_killed_at_any_moment_loses_nothing_it_said_was_written(path: Path) -> None:
    chance, acknowledged = Random(7), set()
    for kill in range(KILLS):
        with child(path, first=kill * MILLION, count=MILLION, together=chance.choice([1, 5, 50])) as process:
            acknowledged |= written(kill_after(process, chance.choice([1, 2, chance.randrange(3, 800)])))

        assert process.wait() == -signal.SIGKILL
        assert acknowledged <= numbers_in(path)

    assert len(acknowledged) > 20 * KILLS
    assert damaged(path) == []


def test_a_process_killed_while_it_makes_the_file_leaves_one_that_can_be_used(path: Path) -> None:
    chance = Random(7)
    for _ in range(8):
        for each in path.parent.iterdir():
            each.unlink()
        with child(path, first=0, count=0) as process:
            # Python and the imports take most of it.
            with suppress(subprocess.TimeoutExpired):
                process.wait(timeout=chance.uniform(0.1, 0.5))
            process.kill()

        store = Store.open(path)
        store.close()
        assert (store.trouble, numbers_in(path)) == ("", set())


def test_processes_that_write_at_once_lose_nothing(path: Path) -> None:
    with (
        child(path, first=0, count=500) as one,
        child(path, first=1000, count=500) as two,
        child(path, first=2000, count=500, together=1) as three,
        child(path, first=3000, count=2000, together=50) as four,
    ):
        said = [process.communicate(timeout=90) for process in (one, two, three, four)]

    assert [errors for _, errors in said] == [""] * 4
    assert numbers_in(path) == set().union(*(written(lines) for lines, _ in said))
    assert len(numbers_in(path)) == 3_500


@pytest.mark.parametrize("seed", range(3))
def test_processes_that_find_the_file_damaged_go_on_together_with_one_new_file(path: Path, seed: int) -> None:
    with child(path, first=0, count=MILLION) as one, child(path, first=MILLION, count=MILLION) as two:
        hear(100, one, two)
        spoil(path, Random(seed))
        while not damaged(path) or len(last_of_each(path)) < 2:
            assert hear(10, one, two), "both have ended"
        since = last_of_each(path)
        for process in (one, two):
            process.terminate()
        acknowledged = set().union(*(written(process.stdout.read()) for process in (one, two) if process.stdout))

    assert [process.wait() for process in (one, two)] == [0, 0]
    assert {number for number in acknowledged if number >= since[number // MILLION]} <= numbers_in(path)
    assert len(damaged(path)) == 1


def last_of_each(path: Path) -> dict[int, int]:
    """
    Return the last number of each process in the file, by its million; nothing while the new one is being made.
    """
    try:
        return {number // MILLION: number for number in sorted(numbers_in(path))}
    except sqlite3.OperationalError:
        return {}


def hear(lines: int, *processes: "subprocess.Popen[str]") -> set[int]:
    """
    Return the numbers in the next *lines* of each of *processes*.
    """
    heard = [process.stdout.readline() for _ in range(lines) for process in processes if process.stdout is not None]
    return written("".join(heard))


def spoil(path: Path, chance: Random) -> None:
    """
    Write over the file and its log, where they lie.
    """
    with path.open("r+b") as file, Path(f"{path}-wal").open("r+b") as log:
        for each in (file, log):
            each.write(chance.randbytes(os.fstat(each.fileno()).st_size))


@pytest.mark.asyncio
async def test_what_another_process_wrote_is_read(path: Path) -> None:
    async with opened(path) as store:
        before = await store.read(numbers)
        with child(path, first=0, count=5) as process:
            await asyncio.to_thread(process.wait)

        assert (before, await store.read(numbers)) == (set(), set(range(5)))


@pytest.mark.asyncio
async def test_a_write_waits_for_another_program_that_writes(path: Path) -> None:
    async with opened(path) as store:
        with closing(sqlite3.connect(path, isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            task = asyncio.create_task(store.write(adding(1)))
            done, _ = await asyncio.wait([task], timeout=0.3)
            other.execute("COMMIT")

            assert (done, await task, store.trouble) == (set(), 1, "")


@pytest.mark.asyncio
async def test_another_program_that_never_lets_go_is_told_and_forgiven(
    path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("monitor.store.database.BUSY_SECONDS", 0.1)
    async with opened(path) as store:
        with closing(sqlite3.connect(path, isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            for _ in range(2):
                with pytest.raises(StoreError, match="another process has locked it"):
                    await store.write(adding(1))
            trouble = store.trouble
            other.execute("ROLLBACK")
            await store.write(adding(2))

        assert ("locked" in trouble, store.trouble, await store.read(numbers)) == (True, "", {2})
    told = capsys.readouterr().out
    assert (told.count("store.unusable"), told.count("store.usable")) == (1, 1)


@pytest.mark.asyncio
async def test_a_file_that_is_locked_at_the_start_is_used_once_it_is_free(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("monitor.store.database.BUSY_SECONDS", 0.1)
    await asyncio.to_thread(fill, path, 1)
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        async with opened(path) as store:
            trouble, found = store.trouble, await store.read(numbers)
            other.execute("ROLLBACK")
            await store.write(adding(2))

    assert (trouble, found, numbers_in(path)) == ("", {0}, {0, 2})


def test_opening_and_closing_wait_for_whoever_opens_closes_or_moves_the_file(path: Path) -> None:
    with ThreadPoolExecutor() as threads:
        with alone(path.parent):
            opening = threads.submit(Store.open, path)
            early = [opening in wait([opening], timeout=0.2).done]
        store = opening.result()
        with alone(path.parent):
            closing = threads.submit(store.close)
            early += [closing in wait([closing], timeout=0.2).done]
            log_before = Path(f"{path}-wal").exists()
        closing.result()

    assert (early, log_before, Path(f"{path}-wal").exists()) == ([False, False], True, False)


def test_a_process_that_stands_with_the_folder_does_not_stop_others_for_good(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("monitor.store.files.BUSY_SECONDS", 0.1)

    with alone(path.parent):
        store = Store.open(path)
    store.close()

    assert (store.trouble, numbers_in(path)) == ("", set())
