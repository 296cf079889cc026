"""
Who is alive, asked of real processes that are killed.
"""

import errno
import fcntl
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from monitor.lease import Lease, Life, Post

# Holds a lease, has a child of its own, and says who it is.
_HOLDING = """
import subprocess, sys, time
from pathlib import Path
from monitor.lease import Lease
lease = Lease(Path(sys.argv[1]))
child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"], stdin=subprocess.DEVNULL)
print(lease.owner, child.pid, flush=True)
time.sleep(60)
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "monitor.db"


@pytest.fixture
def ours(path: Path) -> Iterator[Lease]:
    lease = Lease(path)
    yield lease
    lease.end()


@contextmanager
def holding(path: Path) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """
    Give another process that lives, and its owner; its child outlives it.
    """
    with subprocess.Popen([sys.executable, "-c", _HOLDING, str(path)], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        owner, child = process.stdout.readline().split()
        try:
            yield process, owner
        finally:
            process.kill()
            with suppress(ProcessLookupError):
                os.kill(int(child), signal.SIGKILL)


def files(path: Path) -> list[str]:
    return sorted(file.name for file in path.parent.iterdir())


@pytest.mark.slow
def test_a_process_that_was_killed_has_ended_at_once_though_its_child_lives(ours: Lease, path: Path) -> None:
    with holding(path) as (process, owner):
        alive = ours.life_of(owner)
        process.send_signal(signal.SIGSTOP)
        stopped = ours.life_of(owner)
        process.kill()
        process.wait()
        killed = ours.life_of(owner)

    assert (alive, stopped, killed) == (Life.ALIVE, Life.ALIVE, Life.ENDED)


def test_one_that_says_how_it_ended_is_known_by_its_file(ours: Lease, path: Path) -> None:
    other, tidy = Lease(path), Lease(path)
    assert ours.life_of(other.owner) is Life.ALIVE

    other.end(remove=False)
    tidy.end()
    tidy.end()

    assert ours.life_of(other.owner) is Life.ENDED
    # Somebody may have removed the file of one that lives.
    assert ours.life_of(tidy.owner) is Life.UNKNOWN


def test_this_process_is_alive_also_without_its_file(ours: Lease, path: Path) -> None:
    for file in path.parent.iterdir():
        file.unlink()

    assert ours.life_of(ours.owner) is Life.ALIVE


@pytest.mark.parametrize("name", ["monitor.db", "mon[i]tor*.db"])
def test_only_files_of_those_that_ended_and_left_nothing_are_removed(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    ours, alive, ended, owing = (Lease(path) for _ in range(4))
    (tmp_path / "monitor.db.alive-and-well.txt.bak").touch()
    (tmp_path / "another.db.alive-0123").touch()
    ended.end(remove=False)
    owing.end(remove=False)

    ours.remove_ended(but=[owing.owner])

    kept = {f"{name}.alive-{lease.owner}" for lease in (ours, alive, owing)}
    assert {*files(path)} >= {*kept, "another.db.alive-0123"}
    assert f"{name}.alive-{ended.owner}" not in files(path)
    ours.end()
    alive.end()


def test_one_whose_file_is_removed_before_it_is_locked_begins_anew(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    other, locking = Lease(path), fcntl.flock

    def overtaken(descriptor: int, operation: int) -> None:
        monkeypatch.setattr(fcntl, "flock", locking)
        other.remove_ended()
        locking(descriptor, operation)

    monkeypatch.setattr(fcntl, "flock", overtaken)
    late = Lease(path)

    assert other.life_of(late.owner) is Life.ALIVE
    assert files(path) == sorted(f"monitor.db.alive-{lease.owner}" for lease in (other, late))
    late.end()
    other.end()


def test_of_one_that_could_not_leave_a_sign_nothing_is_known(tmp_path: Path) -> None:
    path = tmp_path / "missing" / "monitor.db"
    silent = Lease(path)

    path.parent.mkdir()
    other = Lease(path)

    assert other.life_of(silent.owner) is Life.UNKNOWN
    silent.end()
    other.end()


def test_where_nothing_can_be_locked_nothing_is_known(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuses(_descriptor: int, _operation: int) -> None:
        raise OSError(errno.ENOLCK, "no locks available")

    monkeypatch.setattr(fcntl, "flock", refuses)
    one, other = Lease(path), Lease(path)

    assert one.life_of(other.owner) is Life.UNKNOWN
    one.remove_ended()
    assert len(files(path)) == 2


def test_it_is_beside_the_file_itself_and_not_beside_a_link_to_it(tmp_path: Path) -> None:
    path, link = tmp_path / "there" / "monitor.db", tmp_path / "link.db"
    path.parent.mkdir()
    link.symlink_to(path)

    one, other = Lease(path), Lease(link)

    assert one.life_of(other.owner) is Life.ALIVE
    one.end()
    other.end()


def test_a_store_in_memory_needs_none() -> None:
    lease = Lease(None)

    lease.remove_ended()

    assert (lease.life_of(lease.owner), lease.life_of("another")) == (Life.ALIVE, Life.UNKNOWN)
    lease.end()


def test_a_post_is_held_by_one_process_at_a_time(tmp_path: Path) -> None:
    first, second = Post(tmp_path / "monitor.db", "a"), Post(tmp_path / "monitor.db", "a")

    assert (first.take(), second.take(), first.take()) == (True, False, True)
    first.leave()
    first.leave()

    assert (second.take(), first.take()) == (True, False)
    second.leave()


def test_another_post_and_another_store_are_others(tmp_path: Path) -> None:
    posts = [Post(tmp_path / "monitor.db", "a"), Post(tmp_path / "monitor.db", "b"), Post(tmp_path / "other.db", "a")]

    assert [post.take() for post in posts] == [True, True, True]
    for post in posts:
        post.leave()


def test_a_link_to_the_store_leads_to_the_same_post(tmp_path: Path) -> None:
    (tmp_path / "link.db").symlink_to(tmp_path / "monitor.db")
    first, second = Post(tmp_path / "monitor.db", "a"), Post(tmp_path / "link.db", "a")

    assert (first.take(), second.take()) == (True, False)
    first.leave()


@pytest.mark.parametrize("path", [None, Path("/proc/monitor.db")], ids=["in-memory", "not-writable"])
def test_where_nothing_can_be_locked_the_post_is_free(path: Path | None) -> None:
    first, second = Post(path, "a"), Post(path, "a")

    assert (first.take(), second.take()) == (True, True)


def test_the_post_of_a_killed_process_is_free(tmp_path: Path) -> None:
    path = tmp_path / "monitor.db"
    take = f"post = Post(Path({str(path)!r}), 'a'); post.take(); print(flush=True); time.sleep(60)"
    code = f"import time; from pathlib import Path; from monitor.lease import Post; {take}"
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        process.stdout.readline()
        mine = Post(path, "a")
        before = mine.take()
        process.kill()
        process.wait()

    assert (before, mine.take()) == (False, True)
    mine.leave()
