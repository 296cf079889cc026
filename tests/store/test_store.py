import asyncio
import sqlite3
import threading
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest
import pytest_asyncio

from monitor.store import Store, StoreError
from monitor.store.worker import Job, Worker
from tests.store.rows import adding, numbers, numbers_in, opened

pytestmark = pytest.mark.asyncio


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "monitor.db"


@pytest_asyncio.fixture(params=["file", "memory"])
async def store(request: pytest.FixtureRequest, path: Path) -> AsyncIterator[Store]:
    async with opened(path if request.param == "file" else None) as store:
        yield store


class Disk:
    """
    A work that stands in the writer's thread, as a slow disk would.
    """

    def __init__(self) -> None:
        self.reached, self.goes_on = threading.Event(), threading.Event()

    def __call__(self, connection: sqlite3.Connection) -> None:
        self.reached.set()
        assert self.goes_on.wait(20)


async def standing(store: Store, disk: Disk | None = None) -> tuple[Disk, "asyncio.Task[None]"]:
    """
    Let the writer of *store* stand, until the disk that is returned goes on.
    """
    disk = disk or Disk()
    task = asyncio.create_task(store.write(disk))
    await asyncio.to_thread(disk.reached.wait, 20)
    return disk, task


def writing(store: Store, numbers: range) -> "list[asyncio.Task[int]]":
    return [asyncio.create_task(store.write(adding(number))) for number in numbers]


async def turn() -> None:
    """
    Let every task that can go on do so.
    """
    for _ in range(5):
        await asyncio.sleep(0)


async def test_what_was_written_is_read(store: Store) -> None:
    written = await store.write(adding(1))

    assert (written, await store.read(numbers), store.trouble) == (1, {1}, "")


async def test_every_write_that_returned_is_in_the_next_read(store: Store) -> None:
    for number in range(50):
        await store.write(adding(number))

        assert number in await store.read(numbers)


async def test_what_was_written_is_there_when_the_file_is_opened_again(path: Path) -> None:
    async with opened(path) as store:
        await store.write(adding(1))

    async with opened(path) as store:
        assert await store.read(numbers) == {1}


async def test_memory_begins_empty() -> None:
    async with opened(None) as store:
        await store.write(adding(1))

    async with opened(None) as store:
        assert await store.read(numbers) == set()


async def test_what_is_queued_while_the_disk_is_busy_is_one_commit(store: Store) -> None:
    statements: list[str] = []
    await store.write(lambda connection: connection.set_trace_callback(statements.append))
    disk, standing_still = await standing(store)

    tasks = writing(store, range(200))
    await turn()
    disk.goes_on.set()
    await asyncio.gather(standing_still, *tasks)
    await store.write(lambda connection: connection.set_trace_callback(None))

    # The first is of the work that set the callback, the last of the one that took it away is not seen any more.
    assert statements.count("COMMIT") == 1 + 1 + 1
    assert sum(statement.startswith("INSERT") for statement in statements) == 400


async def test_a_write_is_durable_and_visible_to_others_when_it_returns(path: Path) -> None:
    async with opened(path) as store:
        await store.write(adding(1))

        mode = await store.write(lambda connection: connection.execute("PRAGMA synchronous").fetchone())
        assert (numbers_in(path), mode) == ({1}, (2,))


async def test_a_work_that_raises_undoes_itself_only(store: Store) -> None:
    def fails(connection: sqlite3.Connection) -> None:
        adding(2)(connection)
        raise ValueError("mine")

    disk, standing_still = await standing(store)
    before, failing, after = store.write(adding(1)), store.write(fails), store.write(adding(3))
    together = asyncio.gather(before, failing, after, return_exceptions=True)
    await turn()
    disk.goes_on.set()
    first, error, last = await together
    await standing_still

    assert (first, str(error), last) == (1, "mine", 3)
    assert (await store.read(numbers), store.trouble) == ({1, 3}, "")


@pytest.mark.parametrize("kind", ["write", "read"])
async def test_a_work_that_is_wrong_raises_to_its_caller_as_it_is(store: Store, kind: str) -> None:
    with pytest.raises(sqlite3.OperationalError, match="no such table: nowhere"):
        await getattr(store, kind)(lambda connection: connection.execute("SELECT * FROM nowhere"))

    assert store.trouble == ""


async def test_a_work_that_runs_out_of_rows_does_not_hang_its_caller(store: Store) -> None:
    with pytest.raises(RuntimeError, match="StopIteration"):
        await store.read(lambda connection: next(connection.execute("SELECT 1 WHERE 0")))


@pytest.mark.parametrize("end", ["COMMIT", "ROLLBACK"])
async def test_whose_work_shared_a_transaction_that_another_ended_is_told_so(store: Store, end: str) -> None:
    disk, standing_still = await standing(store)
    tasks = [asyncio.create_task(store.write(adding(1))), asyncio.create_task(store.write(ending(end)))]
    await turn()
    disk.goes_on.set()
    errors = await asyncio.gather(*tasks, return_exceptions=True)
    await asyncio.gather(standing_still, return_exceptions=True)

    assert [type(error) for error in errors] == [StoreError, StoreError]
    assert {"leave that to the store" in str(error) for error in errors} == {True}
    assert await store.write(adding(2)) == 2


def ending(statement: str) -> Callable[[sqlite3.Connection], None]:
    def end(connection: sqlite3.Connection) -> None:
        connection.execute(statement)

    return end


async def test_a_read_changes_nothing(store: Store) -> None:
    await asyncio.gather(store.read(adding(1)), return_exceptions=True)

    assert await store.read(numbers) == set()


async def test_a_read_of_a_file_that_writes_is_refused(path: Path) -> None:
    async with opened(path) as store:
        with pytest.raises(StoreError):
            await store.read(adding(1))

        assert (await store.read(numbers), store.trouble) == (set(), "")


async def test_a_read_sees_one_state_however_long_it_looks(path: Path) -> None:
    reached, goes_on = threading.Event(), threading.Event()

    def twice(connection: sqlite3.Connection) -> tuple[set[int], set[int]]:
        before = numbers(connection)
        reached.set()
        assert goes_on.wait(20)
        return before, numbers(connection)

    async with opened(path) as store:
        looking = asyncio.create_task(store.read(twice))
        await asyncio.to_thread(reached.wait, 20)
        await store.write(adding(1))
        goes_on.set()

        assert await looking == (set(), set())


async def test_the_loop_turns_and_reads_are_answered_while_the_disk_is_slow(path: Path) -> None:
    async with opened(path) as store:
        disk, standing_still = await standing(store)

        seen = [await store.read(numbers) for _ in range(20)]

        assert (seen, standing_still.done()) == ([set()] * 20, False)
        disk.goes_on.set()
        await standing_still


async def test_a_caller_that_is_cancelled_stops_nothing(store: Store) -> None:
    disk, standing_still = await standing(store)
    cancelled, waiting = writing(store, range(1, 3))
    await turn()

    cancelled.cancel()
    standing_still.cancel()
    disk.goes_on.set()
    await asyncio.gather(standing_still, cancelled, waiting, return_exceptions=True)

    assert (standing_still.cancelled(), cancelled.cancelled(), waiting.result()) == (True, True, 2)
    assert await store.read(numbers) == {1, 2}


@pytest.mark.slow
async def test_beyond_ten_thousand_that_wait_a_write_waits_for_room(store: Store) -> None:
    disk, standing_still = await standing(store)
    tasks = writing(store, range(10_500))
    await turn()

    queued = store._writer._queue.qsize()
    for task in tasks[:100]:
        task.cancel()
    await turn()
    still = store._writer._queue.qsize()
    disk.goes_on.set()
    await asyncio.gather(standing_still, *tasks, return_exceptions=True)

    # One stands in the thread. Who is cancelled frees no room: his work is still there.
    assert (queued, still) == (9_999, 9_999)
    assert len(await store.read(numbers)) == 10_500


async def test_closing_writes_what_is_queued(path: Path) -> None:
    async with opened(path) as store:
        disk, standing_still = await standing(store)
        tasks = writing(store, range(100))
        await turn()

        threading.Timer(0.05, disk.goes_on.set).start()
        store.close()

        assert numbers_in(path) == set(range(100))
        assert await asyncio.gather(standing_still, *tasks) == [None, *range(100)]


async def test_closing_again_does_nothing(store: Store) -> None:
    store.close()

    store.close()


async def test_nobody_waits_for_ever_when_another_thread_closes_at_that_moment(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    closing, put = threading.Thread(target=store.close), Worker.put

    def put_late(worker: Worker, job: Job) -> None:
        closing.start()
        closing.join(0.1)
        put(worker, job)

    monkeypatch.setattr(Worker, "put", put_late)
    async with asyncio.timeout(10):
        assert await store.write(adding(1)) == 1
    await asyncio.to_thread(closing.join)


@pytest.mark.parametrize("kind", ["write", "read"])
async def test_a_closed_store_says_so(store: Store, kind: str) -> None:
    store.close()

    with pytest.raises(StoreError, match="closed"):
        await getattr(store, kind)(numbers)


@pytest.mark.slow
async def test_whoever_waits_for_room_when_it_closes_is_told(store: Store) -> None:
    disk, standing_still = await standing(store)
    tasks = writing(store, range(10_001))
    await turn()

    threading.Timer(0.05, disk.goes_on.set).start()
    store.close()
    *written, late, last = await asyncio.gather(standing_still, *tasks, return_exceptions=True)

    assert written == [None, *range(9_999)]
    assert [type(late), type(last)] == [StoreError, StoreError]


async def test_closing_leaves_one_file_and_no_thread(path: Path) -> None:
    async with opened(path) as store:
        await store.write(adding(1))
        await store.read(numbers)

    assert [found.name for found in path.parent.iterdir()] == [path.name]
    assert not [thread for thread in threading.enumerate() if thread.name.startswith("store")]


async def test_a_disk_that_never_answers_does_not_hold_the_process(
    store: Store, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("monitor.store.worker._CLOSE_SECONDS", 0.05)
    disk, standing_still = await standing(store)

    store.close()

    assert "store.abandoned" in capsys.readouterr().out
    disk.goes_on.set()
    await standing_still


async def test_a_work_whose_loop_has_ended_does_not_stop_the_thread(path: Path) -> None:
    disk = Disk()

    async def leave_behind(store: Store) -> None:
        _, task = await standing(store, disk)
        task.cancel()

    async with opened(path) as store:
        await asyncio.to_thread(asyncio.run, leave_behind(store))
        disk.goes_on.set()

        assert await store.write(adding(1)) == 1
