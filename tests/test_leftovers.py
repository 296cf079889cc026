"""
When what runs leave is looked for, and for how long, in a target whose fate a test decides.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import replace
from itertools import pairwise

import pytest
from pydantic import SecretStr

from monitor import intentions
from monitor.core.errors import OwnFault
from monitor.core.leftover import Fate, Leftover, Look, Removal
from monitor.core.run import Run
from monitor.intentions import MOST_LEFT
from monitor.journal import Intention, Journal
from monitor.lease import Lease
from monitor.leftovers import Leftovers, Swept
from tests.clock import FakeClock
from tests.engine import TARGET, Engine, behaving, surroundings
from tests.stores import InstantStore

pytestmark = [pytest.mark.asyncio, pytest.mark.looptime(start=0.0)]

MINUTE = 60.0
HOUR = 60 * MINUTE
DAY = 24 * HOUR
STAYS = Removal(look=Look.STAYS, error="the target is away")
ABSENT = Removal(look=Look.ABSENT)
AWAY = Removal(look=Look.AWAY, error="collection not found")
GONE = Removal(look=Look.GONE, documents=1)


def now() -> float:
    return asyncio.get_running_loop().time()


class Target:
    """
    A remover that says what a test tells it to. *looked_at* holds when it was asked for anything, and *asked* for what.
    """

    def __init__(self) -> None:
        self.says: Callable[[Leftover], Removal] = lambda _: GONE
        self.takes_seconds = 0.0
        self.looked_at: list[float] = []
        self.keys: list[str | None] = []
        self.asked: list[tuple[str, Leftover, Fate]] = []

    async def remove(
        self, run: Run, leftovers: Mapping[Leftover, Fate], *, dry: bool = False
    ) -> Mapping[Leftover, Removal]:
        self.looked_at.append(now())
        self.keys.append(run.target.api_key.get_secret_value() if run.target.api_key else None)
        self.asked += [(run.target.database, leftover, fate) for leftover, fate in leftovers.items()]
        await asyncio.sleep(self.takes_seconds)
        return {leftover: self.says(leftover) for leftover in leftovers}


class Here:
    """
    A daemon's journal, and the target that it sweeps.
    """

    def __init__(self) -> None:
        self.clock, self.store, self.target = FakeClock(), InstantStore(), Target()
        self.leftovers = self.another()
        self.surroundings = replace(surroundings(self.clock), journal=self.leftovers)

    def another(self) -> Leftovers:
        """
        Return what another process has of the same store.
        """
        return Leftovers(self.store, Lease(None), self.target, self.clock)

    @property
    def count(self) -> int:
        """
        How much is left.
        """
        return sum(count for count, _ in self.leftovers.counts().values())

    def run(self) -> Run:
        return Run(self.surroundings, timeout_seconds=60.0, check="journey")

    async def leave(self, count: int = 1) -> list[Leftover]:
        """
        Let a run make documents, and clean up behind it.
        """
        run, made = self.run(), documents(count)
        await run.intend(*made)
        await self.leftovers.remove(run)
        return made

    async def sweep(self, *, everything: bool = False, dry: bool = False) -> list[Swept]:
        return await self.leftovers.sweep(self.surroundings, within_seconds=5.0, everything=everything, dry=dry)

    @asynccontextmanager
    async def sweeping(self) -> AsyncIterator[None]:
        """
        Sweep all the time, as a daemon does.
        """
        task = asyncio.create_task(self.leftovers.keep_sweeping(lambda: self.surroundings, within_seconds=5.0))
        try:
            yield
        finally:
            task.cancel()
            await asyncio.wait({task})


def documents(count: int, database: str = "main") -> list[Leftover]:
    return [Leftover.document(database, "bookings", f"synthetic-{number}") for number in range(count)]


def minutes_of(times: list[float]) -> list[float]:
    return [round(time / MINUTE, 1) for time in times]


async def test_it_is_written_down_before_it_is_made_and_struck_out_when_it_is_gone() -> None:
    here = Here()
    run = here.run()

    await run.intend(*documents(2))
    written = here.store.rows('id, "check", due_at > intended_at + 60')
    await here.leftovers.remove(run)
    writes = here.store.writes
    await here.leftovers.end()

    assert written == [("synthetic-0", "journey", 1), ("synthetic-1", "journey", 1)]
    assert (here.store.rows(), here.count) == ([], 0)
    assert writes == 1


async def test_what_is_gone_is_struck_out_by_the_next_run_or_within_a_minute() -> None:
    here, other = Here(), Here()
    await here.leave()

    await here.run().intend(*documents(2))
    async with other.sweeping():
        await other.leave()
        await asyncio.sleep(1.1 * MINUTE)

    assert (here.store.rows(), other.store.rows()) == ([("synthetic-0",), ("synthetic-1",)], [])


async def test_what_is_not_there_is_looked_for_again_after_1_5_and_16_minutes_and_then_forgotten() -> None:
    here = Here()
    here.target.says = lambda _: ABSENT

    async with here.sweeping():
        await here.leave()
        await asyncio.sleep(10 * MINUTE)
        in_between = here.store.rows(), here.count
        await asyncio.sleep(HOUR)

    assert minutes_of(here.target.looked_at) == [0.0, 1.0, 5.0, 16.0]
    assert in_between == ([("synthetic-0",)], 0)
    assert here.store.rows() == []


async def test_a_create_that_lands_after_the_sweep_is_removed_by_the_next_one() -> None:
    here = Here()
    here.target.says = lambda _: GONE if now() > 2 * MINUTE else ABSENT

    async with here.sweeping():
        await here.leave()
        await asyncio.sleep(HOUR)

    assert minutes_of(here.target.looked_at) == [0.0, 1.0, 5.0]
    assert here.store.rows() == []


@pytest.mark.slow
async def test_a_collection_that_is_away_is_looked_for_for_a_day() -> None:
    here = Here()
    here.target.says = lambda _: AWAY

    async with here.sweeping():
        await here.leave()
        await asyncio.sleep(DAY - MINUTE)
        before = here.store.rows(), here.count
        looks = len(here.target.looked_at)
        await asyncio.sleep(DAY)

    assert before == ([("synthetic-0",)], 1)
    assert here.store.rows() == []
    assert max(later - earlier for earlier, later in pairs(here.target.looked_at)) <= 600.0
    assert looks < 160
    assert here.target.looked_at[-1] == pytest.approx(DAY)


async def test_what_stays_is_tried_again_without_end_after_pauses_that_double_up_to_ten_minutes() -> None:
    here = Here()
    here.target.says = lambda _: STAYS

    async with here.sweeping():
        await here.leave()
        await asyncio.sleep(3 * HOUR)
        left = here.count
        here.target.says = lambda _: GONE
        await asyncio.sleep(10 * MINUTE)

    assert here.target.looked_at[:5] == [0.0, 10.0, 30.0, 70.0, 150.0]
    assert {round(later - earlier) for earlier, later in pairs(here.target.looked_at[7:])} == {600}
    assert left == 1
    assert (here.count, here.store.rows()) == (0, [])


def pairs(times: list[float]) -> list[tuple[float, float]]:
    return list(pairwise(times))


async def test_what_stays_is_tried_again_soon_however_long_there_was_nothing_to_do() -> None:
    here = Here()
    here.target.says = lambda _: STAYS

    async with here.sweeping():
        await asyncio.sleep(5.0)
        await here.leave()
        await asyncio.sleep(15.0)

    assert here.target.looked_at == [5.0, 15.0]


async def test_it_is_told_once_that_it_stays_and_once_that_it_went(capsys: pytest.CaptureFixture[str]) -> None:
    here = Here()
    here.target.says = lambda _: STAYS if now() < 5 * MINUTE else GONE

    async with here.sweeping():
        await here.leave()
        await asyncio.sleep(HOUR)

    told = capsys.readouterr().out
    assert (told.count("leftover.stays"), told.count("leftover.removed")) == (1, 1)
    assert "document 'synthetic-0' in 'bookings'" in told
    assert "the target is away" in told


async def test_the_numbers_are_of_what_is_not_known_to_be_removed_and_go_back_to_zero() -> None:
    here = Here()
    here.target.says = lambda leftover: {"synthetic-0": GONE, "synthetic-1": ABSENT}.get(leftover.id, STAYS)
    began = here.clock.now().timestamp()

    await here.leave(4)
    seen = here.leftovers.counts()
    here.target.says = lambda _: GONE
    await here.sweep(everything=True)

    [(count, oldest_at)] = seen.values()
    assert count == 2
    assert oldest_at == pytest.approx(began)
    assert here.leftovers.counts() == {"bookings": (0, None)}


async def test_what_a_run_works_with_is_neither_counted_nor_swept() -> None:
    here = Here()
    run = here.run()
    await run.intend(*documents(1))

    swept = await here.sweep(everything=True)

    assert (swept, here.count, here.target.asked) == ([], 0, [])


async def test_nothing_is_asked_of_the_target_for_what_was_refused() -> None:
    here = Here()
    run, [refused, made] = here.run(), documents(2)
    await run.intend(refused, made)
    run.settle(refused, Fate.NOTHING)

    await here.leftovers.remove(run)
    await here.leftovers.end()

    assert here.target.asked == [("main", made, Fate.INTENDED)]
    assert here.store.rows() == []


async def test_nothing_more_is_made_when_a_thousand_things_cannot_be_removed() -> None:
    here = Here()
    here.target.says = lambda _: STAYS
    await here.leave(MOST_LEFT)

    with pytest.raises(OwnFault, match=r"^1000 leftovers could not be removed, .*: the target is away"):
        await here.run().intend(*documents(1))

    here.target.says = lambda _: GONE
    await here.sweep(everything=True)
    await here.run().intend(*documents(1))


async def test_things_that_are_only_looked_for_keep_nothing_from_being_made() -> None:
    here = Here()
    here.target.says = lambda _: ABSENT
    await here.leave(MOST_LEFT + 1)

    await here.run().intend(*documents(1))


async def test_of_those_there_may_be_too_many_too(monkeypatch: pytest.MonkeyPatch) -> None:
    here = Here()
    here.target.says = lambda _: ABSENT
    monkeypatch.setattr(intentions, "MOST_PENDING", MOST_LEFT + 1)
    await here.leave(MOST_LEFT + 1)

    with pytest.raises(OwnFault, match=r"^1001 things are looked for that may yet come, .* or less often$"):
        await here.run().intend(*documents(1))


async def test_what_is_intended_twice_is_written_once_and_removed_once() -> None:
    here = Here()
    run = here.run()

    for _ in range(2):
        await run.intend(*documents(1))
    await here.leftovers.remove(run)

    assert here.store.writes == 1
    assert len(here.target.asked) == 1


async def test_what_the_run_had_no_time_to_know_of_is_struck_out() -> None:
    here = Here()
    here.store.hangs = True
    engine = Engine()
    engine.runner._recorder.surroundings = here.surroundings

    await engine.run(behaving(lambda run: run.intend(*documents(1)), timeout="1s"))

    assert (here.target.asked, here.count) == ([], 0)
    assert await here.sweep(everything=True) == []


async def test_a_store_that_hangs_makes_nothing_late_for_long(capsys: pytest.CaptureFixture[str]) -> None:
    here = Here()
    here.store.hangs = True

    for _ in range(10):
        await here.leave()
    took = now()

    # Two writes each.
    assert took <= 2.0 + 19 * 0.25
    assert len(here.target.asked) == 10
    assert capsys.readouterr().out.count("store.slow") == 1
    assert "did not answer within 2 s" in here.leftovers.trouble
    here.store.hangs = False
    await here.leave()
    assert here.leftovers.trouble == ""


async def test_a_store_that_cannot_be_used_keeps_nothing_from_being_made_removed_and_tried_again() -> None:
    here = Here()
    here.store.trouble = "the disk is full"
    here.target.says = lambda _: STAYS if now() < 5 * MINUTE else GONE

    async with here.sweeping():
        await here.leave()
        await asyncio.sleep(4 * MINUTE)
        left = here.count
        await asyncio.sleep(10 * MINUTE)

    assert (left, here.count) == (1, 0)
    assert here.leftovers.trouble == "the disk is full"


async def test_what_is_gone_while_the_disk_is_full_is_struck_out_when_there_is_room_again() -> None:
    here = Here()
    run = here.run()
    await run.intend(*documents(1))
    here.store.trouble = "the disk is full"
    await here.leftovers.remove(run)
    here.store.trouble = ""
    await here.leftovers.end()

    assert here.store.rows() == []


async def test_a_removal_that_is_cut_off_is_taken_up_again() -> None:
    here = Here()
    here.target.takes_seconds = 60.0
    run = here.run()
    await run.intend(*documents(1))

    async with here.sweeping():
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(5.0):
                await here.leftovers.remove(run)
        left = here.count
        here.target.takes_seconds = 0.0
        await asyncio.sleep(2 * MINUTE)

    assert left == 1
    assert (len(here.target.asked), here.count, here.store.rows()) == (2, 0, [])


async def test_a_sweep_that_is_cut_off_loses_nothing() -> None:
    here = Here()
    here.target.says = lambda _: STAYS
    await here.leave()
    here.target.takes_seconds = 60.0

    with pytest.raises(TimeoutError):
        async with asyncio.timeout(5.0):
            await here.sweep(everything=True)

    here.target.says = lambda _: GONE
    assert [each.removal for each in await here.sweep(everything=True)] == [GONE]


async def test_one_sweep_that_fails_ends_no_sweeping(capsys: pytest.CaptureFixture[str]) -> None:
    here = Here()
    here.target.says = lambda _: STAYS
    await here.leave()
    here.target.says = lambda leftover: dict[Leftover, Removal]()[leftover]

    async with here.sweeping():
        await asyncio.sleep(3 * MINUTE)
        tries = len(here.target.looked_at)
        here.target.says = lambda _: GONE
        await asyncio.sleep(2 * MINUTE)

    assert tries <= 5
    assert capsys.readouterr().out.count("] sweep.failed") <= 4
    assert here.store.rows() == []


async def test_a_target_that_hangs_costs_one_batch_and_the_rest_waits_as_long() -> None:
    here = Here()
    here.target.says = lambda _: STAYS
    await here.leave(150)
    before, here.target.takes_seconds = len(here.target.asked), 5.0

    swept = await here.sweep(everything=True)

    assert now() == pytest.approx(5.0)
    assert len(here.target.asked) - before == 60
    assert [each.removal.look for each in swept] == [Look.STAYS] * 150
    assert swept[-1].removal.error.startswith("not tried")


async def test_a_dry_sweep_changes_nothing() -> None:
    here = Here()
    here.target.says = lambda _: STAYS
    await here.leave()
    here.target.says = lambda _: GONE

    swept = [await here.sweep(everything=True, dry=True) for _ in range(2)]

    assert [[each.removal for each in one] for one in swept] == [[GONE], [GONE]]
    assert (here.count, here.store.rows()) == (1, [("synthetic-0",)])


async def test_what_is_in_another_database_than_is_configured_by_now_is_looked_for_there() -> None:
    here = Here()
    here.target.says = lambda _: STAYS
    made = await here.leave()
    target = TARGET.model_copy(update={"database": "moved"})
    here.surroundings = replace(here.surroundings, target=target)
    here.target.says = lambda _: GONE

    await here.sweep(everything=True)

    assert here.target.asked[-1] == ("main", made[0], Fate.INTENDED)
    assert here.store.rows() == []


async def test_what_is_of_another_project_is_left_alone_and_stays_known() -> None:
    here = Here()
    here.target.says = lambda _: STAYS
    await here.leave()
    elsewhere = TARGET.model_copy(update={"project": "another"})
    here.surroundings = replace(here.surroundings, target=elsewhere)

    async with here.sweeping():
        await asyncio.sleep(HOUR)

    assert len(here.target.asked) == 1
    assert here.count == 1
    [place] = await here.leftovers.elsewhere(elsewhere)
    assert (place.project, place.count) == (TARGET.project, 1)


async def test_whoever_goes_on_after_its_run_has_ended_makes_nothing_more() -> None:
    here = Here()
    run = here.run()
    await here.leftovers.remove(run)

    with pytest.raises(OwnFault, match="the run has ended"):
        await run.intend(*documents(1))

    async with here.sweeping():
        await asyncio.sleep(MINUTE)
    assert [leftover for _, leftover, _ in here.target.asked] == documents(1)


@pytest.mark.parametrize("settled", [Fate.MADE, Fate.INTENDED])
async def test_what_could_not_be_written_down_is_removed_all_the_same(settled: Fate) -> None:
    here = Here()
    run, account = here.run(), Leftover.account("u1")
    run.settle(account, settled)

    await here.leftovers.remove(run)

    assert here.target.asked == [("main", account, settled)]


async def test_what_is_left_when_the_process_ends_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    here = Here()
    here.target.says = lambda leftover: STAYS if leftover.id == "synthetic-0" else ABSENT
    await here.leave(2)
    capsys.readouterr()

    assert await here.leftovers.end()

    told = capsys.readouterr().out
    assert told.count("leftover.left_behind") == 1
    assert "document 'synthetic-0' in 'bookings'" in told


async def test_a_sweep_asks_with_what_is_configured_by_then() -> None:
    here = Here()
    here.target.says = lambda _: STAYS

    async with here.sweeping():
        await here.leave()
        here.surroundings = replace(
            here.surroundings, target=TARGET.model_copy(update={"api_key": SecretStr("a new key")})
        )
        await asyncio.sleep(MINUTE)

    assert here.target.keys == [None, *["a new key"] * 2]


async def test_nothing_more_is_made_while_removing_is_refused_to_the_monitor_itself() -> None:
    here = Here()
    here.target.says = lambda _: Removal(look=Look.STAYS, error="give the key documents.write", is_refused=True)
    await here.leave()

    with pytest.raises(OwnFault, match=r"^nothing more is made, .*: give the key documents.write$"):
        await here.run().intend(*documents(2))

    here.target.says = lambda _: GONE
    await here.sweep(everything=True)
    await here.run().intend(*documents(2))


class TestAfterARestart:
    """
    What a new process does with what another one left.
    """

    async def test_it_looks_at_once_and_again_as_long_as_a_request_may_be_on_its_way(self) -> None:
        here = Here()
        await killed(here)
        here.target.says = lambda _: ABSENT
        await asyncio.sleep(3 * MINUTE)

        heir = here.leftovers = here.another()
        async with here.sweeping():
            await asyncio.sleep(HOUR)

        # The run had 60 s, 16 minutes after which nothing can come.
        assert minutes_of(here.target.looked_at) == [3.0, 4.0, 8.0, 17.0]
        assert (here.store.rows(), heir.counts()) == ([], {"bookings": (0, None)})

    async def test_what_is_older_is_looked_for_once(self) -> None:
        here = Here()
        await killed(here)
        here.target.says = lambda _: ABSENT
        await asyncio.sleep(DAY)

        here.leftovers = here.another()
        async with here.sweeping():
            await asyncio.sleep(HOUR)

        assert len(here.target.looked_at) == 1
        assert here.store.rows() == []

    async def test_a_clock_that_was_set_back_meanwhile_keeps_nothing_for_ever(self) -> None:
        here = Here()
        await killed(here)
        here.target.says = lambda _: ABSENT
        here.clock.jump(-400 * DAY)

        here.leftovers = here.another()
        async with here.sweeping():
            await asyncio.sleep(HOUR)

        assert minutes_of(here.target.looked_at) == [0.0, 1.0, 5.0, 16.0]
        assert here.store.rows() == []

    @pytest.mark.parametrize("days", [-400, 400])
    async def test_a_clock_that_jumps_while_it_looks_changes_nothing(self, days: int) -> None:
        here = Here()
        here.target.says = lambda _: ABSENT
        await here.leave()
        here.clock.jump(days * DAY)

        async with here.sweeping():
            await asyncio.sleep(HOUR)

        assert minutes_of(here.target.looked_at) == [0.0, 1.0, 5.0, 16.0]

    async def test_it_takes_up_what_another_process_leaves_while_it_runs(self) -> None:
        here = Here()
        here.target.says = lambda _: STAYS
        async with here.sweeping():
            await asyncio.sleep(5.0)
            other, run = here.another(), here.run()
            await other.intend(run, documents(1))
            run.settle(documents(1)[0], Fate.MADE)
            await other.remove(run)
            here.target.says = lambda _: GONE
            await asyncio.sleep(MINUTE)

        assert here.store.rows() == []

    async def test_one_that_only_passes_by_leaves_to_the_living_what_is_theirs(self) -> None:
        here = Here()
        here.target.says = lambda _: STAYS
        await here.leave()

        passing = here.another()

        assert await passing.adopt(TARGET, only_of_ended=True) == 0
        assert await passing.adopt(TARGET) == 1


async def killed(here: Here) -> None:
    """
    Leave a document of a run that a kill ended, of whose process nobody knows.
    """
    intended_at = here.clock.now().timestamp()
    [leftover] = documents(1)
    intention = Intention(
        leftover=leftover,
        endpoint=TARGET.endpoint,
        project=TARGET.project,
        check="journey",
        run_id="killed",
        intended_at=intended_at,
        due_at=intended_at + 60.0 + 600.0,
    )
    journal = Journal(here.store, Lease(None))
    await journal.add([intention])
    await journal.end()


class TestClaim:
    """
    Whether a check may write.
    """

    async def test_it_may_again_when_its_time_has_come(self) -> None:
        here = Here()

        may = []
        for _ in range(5):
            may.append(await here.run().may_write(every_seconds=600.0))
            await asyncio.sleep(300.0)

        assert may == [True, False, True, False, True]

    async def test_the_same_name_for_another_target_is_another_check(self) -> None:
        here = Here()
        other = Run(
            replace(here.surroundings, target=TARGET.model_copy(update={"project": "other"})),
            timeout_seconds=60.0,
            check="journey",
        )

        assert await here.run().may_write(every_seconds=600.0)
        assert await other.may_write(every_seconds=600.0)

    @pytest.mark.parametrize("how", ["unusable", "hangs"])
    async def test_it_may_not_while_nobody_knows_when_it_wrote(self, how: str) -> None:
        here = Here()
        here.store.trouble, here.store.hangs = "read-only" if how == "unusable" else "", how == "hangs"

        assert not await here.run().may_write(every_seconds=600.0)

    async def test_one_in_memory_for_want_of_a_disk_counts_from_its_start(self) -> None:
        here = Here()
        here.leftovers._journal.__class__ = InMemory

        may = []
        for _ in range(4):
            may.append(await here.run().may_write(every_seconds=600.0))
            await asyncio.sleep(300.0)

        assert may == [False, False, True, False]


class InMemory(Journal):
    """
    Of a store whose file could not be used, so that it is in memory and forgets with the process.
    """

    @property
    def trouble(self) -> str:
        return "read-only; it is in memory until then"
