"""
Whose a row is, and what a check may still write.
"""

import asyncio
import time
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from monitor.core.leftover import Leftover
from monitor.core.target import Target
from monitor.journal import Elsewhere, Intention, Journal
from monitor.lease import Lease
from monitor.store import Store, StoreError
from tests.engine import TARGET

pytestmark = pytest.mark.asyncio

NOW = 1_800_000_000.0
LATER = NOW + 600.0
HOUR = 3600.0
OTHER = Target(name="other", endpoint=TARGET.endpoint, project="other", database="main")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "monitor.db"


class Process:
    """
    What one process has of the store at *path*.
    """

    def __init__(self, path: Path | None) -> None:
        self.store = Store.open(path)
        self.lease = Lease(path)
        self.journal = Journal(self.store, self.lease)

    def end(self) -> None:
        """
        Let go of everything, as a process that is killed does.
        """
        self.store.close()
        self.lease.end(remove=False)


@pytest_asyncio.fixture
async def ours(path: Path) -> AsyncIterator[Process]:
    process = Process(path)
    yield process
    process.end()


@pytest_asyncio.fixture
async def other(path: Path) -> AsyncIterator[Process]:
    process = Process(path)
    yield process
    process.end()


def intention(id_: str = "synthetic-1", *, target: Target = TARGET, due_at: float = NOW + 60.0) -> Intention:
    return Intention(
        leftover=Leftover.trace("main", "bookings", attribute="bookingId", of=id_),
        endpoint=target.endpoint,
        project=target.project,
        check="journey",
        run_id="run",
        intended_at=NOW,
        due_at=due_at,
    )


@pytest.mark.parametrize("wrong", [-1e9, 60.0, 1e9], ids=["it was behind", "its clock was right", "it was ahead"])
async def test_what_a_process_left_that_has_ended_is_adopted_once_and_due_by_our_clock(
    ours: Process, other: Process, wrong: float
) -> None:
    left = [intention("synthetic-1", due_at=NOW + wrong), intention("synthetic-2", target=OTHER, due_at=NOW + wrong)]
    await other.journal.add(left)
    other.end()

    adopted = [await ours.journal.adopt(TARGET, now=NOW, due_at=LATER) for _ in range(2)]

    assert adopted == [[intention("synthetic-1", due_at=LATER)], []]
    assert await ours.journal.ended(TARGET) == [intention("synthetic-1", due_at=LATER)]
    assert await ours.journal.ended(OTHER) == [intention("synthetic-2", target=OTHER, due_at=LATER)]
    place = Elsewhere(endpoint=OTHER.endpoint, project=OTHER.project, count=1)
    assert await ours.journal.elsewhere(TARGET) == [place]


@pytest.mark.parametrize("now", [NOW, NOW + 1e9], ids=["now", "the clock was set forward"])
async def test_what_a_run_works_with_is_never_taken_from_a_process_that_lives(
    ours: Process, other: Process, now: float
) -> None:
    await other.journal.add([intention()])

    assert await ours.journal.adopt(TARGET, now=now, due_at=LATER) == []
    assert await ours.journal.ended(TARGET) == []
    assert await ours.journal.elsewhere(OTHER) == []
    assert await other.journal.adopt(TARGET, now=now, due_at=LATER) == []


async def test_what_is_left_of_a_run_that_has_ended_is_anybodys(ours: Process, other: Process) -> None:
    over, left, running = (intention(f"synthetic-{number}") for number in range(3))
    await other.journal.add([over, left, running])

    other.journal.settle(over=[over], left=[left])
    await other.journal.flush()

    assert await ours.journal.ended(TARGET) == [left]


async def test_what_is_settled_goes_with_what_is_written_next(ours: Process, other: Process) -> None:
    first, second = intention("synthetic-1"), intention("synthetic-2")
    await other.journal.add([first])

    other.journal.settle(over=[], left=[first])
    before = await ours.journal.ended(TARGET)
    await other.journal.add([second])

    assert (before, await ours.journal.ended(TARGET)) == ([], [first])


async def test_what_is_settled_while_the_store_is_away_is_told_when_it_is_back(ours: Process, other: Process) -> None:
    left = intention()
    await other.journal.add([left])
    write = other.store.write
    other.store.write = refused  # type: ignore[method-assign, assignment]

    other.journal.settle(over=[], left=[left])
    with pytest.raises(StoreError):
        await other.journal.flush()
    other.store.write = write  # type: ignore[method-assign]
    await other.journal.flush()

    assert await ours.journal.ended(TARGET) == [left]


async def test_no_more_waits_for_a_store_that_is_away_than_there_is_room_for(
    ours: Process, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("monitor.journal._MOST_UNWRITTEN", 3)
    journal, made = Journal(ours.store, ours.lease), [intention(f"synthetic-{number}") for number in range(10)]
    await journal.add(made)

    with monkeypatch.context() as away:
        away.setattr(ours.store, "write", refused)
        for each in made:
            journal.settle(over=[each])
            with pytest.raises(StoreError):
                await journal.flush()
    await journal.end()

    # Those are looked for in vain.
    assert len(await journal.ended(TARGET)) == 7


async def test_what_is_left_when_a_process_ends_in_order_is_anybodys_at_once(ours: Process, other: Process) -> None:
    await other.journal.add([intention()])

    await other.journal.end()
    other.lease.end()

    assert await ours.journal.ended(TARGET) == [intention()]


async def test_of_a_process_of_which_nobody_knows_only_what_is_due_is_adopted(
    ours: Process, other: Process, path: Path
) -> None:
    await other.journal.add([intention("synthetic-due", due_at=NOW - 1.0), intention("synthetic-running")])
    path.with_name(f"{path.name}.alive-{other.lease.owner}").unlink()

    assert await ours.journal.adopt(TARGET, now=NOW, due_at=LATER) == [intention("synthetic-due", due_at=NOW - 1.0)]


async def test_the_file_of_a_process_that_ended_goes_when_nothing_of_it_is_left_to_adopt(
    ours: Process, other: Process, path: Path
) -> None:
    def files() -> list[str]:
        return [each.name for each in path.parent.glob("*.alive-*") if not each.name.endswith(ours.lease.owner)]

    await other.journal.add([intention()])
    other.end()
    seen = [files()]

    for _ in range(2):
        await ours.journal.adopt(TARGET, now=NOW, due_at=LATER)
        seen.append(files())

    assert [len(names) for names in seen] == [1, 1, 0]


async def test_a_row_of_a_newer_version_is_told_once_and_left_alone(
    ours: Process, capsys: pytest.CaptureFixture[str]
) -> None:
    await ours.journal.add([intention()])
    await ours.journal.end()
    await ours.store.write(lambda database: database.execute("UPDATE leftover SET what = 'bucket'").rowcount)

    read = [await ours.journal.ended(TARGET) for _ in range(3)]

    assert read == [[], [], []]
    assert capsys.readouterr().out.count("leftover.unreadable") == 1
    assert await ours.store.read(lambda database: database.execute("SELECT what FROM leftover").fetchall()) == [
        ("bucket",)
    ]


async def refused(_work: object) -> None:
    raise StoreError("the disk is full")


async def test_a_store_that_cannot_be_used_is_said_to_be(ours: Process) -> None:
    ours.store.close()

    for asking in (
        ours.journal.add([intention()]),
        ours.journal.adopt(TARGET, now=NOW, due_at=LATER),
        ours.journal.ended(TARGET),
        ours.journal.elsewhere(TARGET),
        ours.journal.end(),
        ours.journal.claim("journey", now=NOW, every_seconds=60.0, per_hour=None),
    ):
        with pytest.raises(StoreError):
            await asking


def minutes(*at: float) -> list[float]:
    return [60.0 * minute for minute in at]


@pytest.mark.parametrize(
    ("asked_at", "every_minutes", "per_hour", "may_at"),
    [
        pytest.param(minutes(0, 1, 5, 9.99, 10, 19, 20), 10, None, minutes(0, 9.99, 20), id="every"),
        pytest.param(minutes(*range(0, 130, 5)), 5, 3, minutes(0, 5, 10, 60, 65, 70, 120, 125), id="per hour"),
        pytest.param(minutes(0, 29.99, 59.99, 90), 30, 2, minutes(0, 29.99, 59.99, 90), id="a little early"),
        pytest.param(minutes(0, 100, 200), 120, 5, minutes(0, 200), id="every is longer than an hour"),
        pytest.param(minutes(0, -30, -29, -21, -20), 10, None, minutes(0, -20), id="the clock is set back"),
        pytest.param(minutes(0, -600, -541, -540, -530), 10, 1, minutes(0, -540), id="set back, with an hour's budget"),
        pytest.param(minutes(0, 1440, 1441, 2, 12), 10, None, minutes(0, 1440, 12), id="set forward, and right again"),
    ],
)
async def test_a_check_may_not_write_oftener_than_agreed(
    ours: Process, asked_at: list[float], every_minutes: float, per_hour: int | None, may_at: list[float]
) -> None:
    may = [
        at
        for at in asked_at
        if await ours.journal.claim("journey", now=NOW + at, every_seconds=60.0 * every_minutes, per_hour=per_hour)
    ]

    assert may == may_at


async def test_what_was_claimed_outlives_the_process_and_is_of_one_check(ours: Process, other: Process) -> None:
    first = await other.journal.claim("journey", now=NOW, every_seconds=600.0, per_hour=None)
    other.end()

    again = await ours.journal.claim("journey", now=NOW + 60.0, every_seconds=600.0, per_hour=None)
    another = await ours.journal.claim("decline", now=NOW + 60.0, every_seconds=600.0, per_hour=None)

    assert (first, again, another) == (True, False, True)


async def test_of_processes_that_ask_at_the_same_time_one_may_write(ours: Process, other: Process) -> None:
    asked = [
        process.journal.claim("journey", now=NOW, every_seconds=600.0, per_hour=None) for process in (ours, other) * 10
    ]

    assert sum(await asyncio.gather(*asked)) == 1


@pytest.mark.slow
async def test_a_disk_that_is_slow_does_not_hold_the_event_loop(ours: Process) -> None:
    blocked = asyncio.create_task(ours.store.write(lambda _: time.sleep(0.4)))
    adding = asyncio.create_task(ours.journal.add([intention()]))
    turns = 0

    while not adding.done():
        await asyncio.sleep(0.01)
        turns += 1

    assert turns > 10
    await asyncio.gather(blocked, adding)


async def test_claims_of_long_ago_are_not_kept(ours: Process) -> None:
    for hour in range(50):
        await ours.journal.claim("journey", now=NOW + hour * HOUR, every_seconds=60.0, per_hour=None)

    [[kept]] = await ours.store.read(lambda database: database.execute("SELECT COUNT(*) FROM writing").fetchall())
    assert kept <= 2
