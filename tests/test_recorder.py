"""
What happens behind a run: what only it can undo, then what it made, within one budget.
"""

import asyncio
from dataclasses import replace

import pytest

from monitor.core.leftover import Fate, Journal, Leftover, Unjournaled
from monitor.core.outcome import Status
from monitor.core.run import Run
from tests.engine import Engine, behaving, forever

pytestmark = [pytest.mark.asyncio, pytest.mark.looptime(start=0.0)]

LEFTOVER = Leftover.document("main", "bookings", "synthetic-1")


class Removing(Unjournaled):
    """
    A journal that notes when it was told to remove what a run made, and with how much time.
    """

    def __init__(self, error: Exception | None = None, *, takes_seconds: float = 0.0) -> None:
        self.removed: list[tuple[float, float]] = []
        self.cancelled = False
        self._error = error
        self._takes_seconds = takes_seconds

    async def remove(self, run: Run) -> None:
        self.removed.append((asyncio.get_running_loop().time(), run.remaining_seconds()))
        try:
            await asyncio.sleep(self._takes_seconds)
        except asyncio.CancelledError:
            self.cancelled = True
            raise
        if self._error:
            raise self._error


def engine_with(journal: Journal) -> Engine:
    engine = Engine()
    recorder = engine.runner._recorder
    recorder.surroundings = replace(recorder.surroundings, journal=journal)
    return engine


async def test_each_clean_up_and_the_removal_has_its_share_of_the_time() -> None:
    journal, called = Removing(), list[float]()

    async def note() -> None:
        called.append(asyncio.get_running_loop().time())

    async def act(run: Run) -> None:
        await run.intend(LEFTOVER)
        for _ in range(2):
            run.clean_up(note)
            run.clean_up(forever, run)

    await engine_with(journal).run(behaving(act))

    # Of 5 s: one that hangs has a fifth, the next one a third of the rest.
    assert called == pytest.approx([1.0, 1.0 + 4.0 / 3])
    [(removed_at, within_seconds)] = journal.removed
    assert removed_at == called[-1]
    assert within_seconds == pytest.approx(5.0 - called[-1])


async def test_what_a_clean_up_cannot_undo_is_told_and_keeps_nothing_else(capsys: pytest.CaptureFixture[str]) -> None:
    journal = Removing()

    async def refuses() -> None:
        raise ConnectionError("the target is away")

    async def act(run: Run) -> None:
        await run.intend(LEFTOVER)
        run.clean_up(refuses)

    outcome = await engine_with(journal).run(behaving(act))

    assert (outcome.status, len(journal.removed)) == (Status.PASSED, 1)
    assert "the target is away" in capsys.readouterr().out


async def test_a_journal_that_fails_ends_no_runner(capsys: pytest.CaptureFixture[str]) -> None:
    journal = Removing(RuntimeError("what nobody foresaw"))
    engine = engine_with(journal)

    outcomes = [await engine.run(behaving(lambda run: run.intend(LEFTOVER))) for _ in range(2)]

    assert [outcome.status for outcome in outcomes] == [Status.PASSED] * 2
    assert "what nobody foresaw" in capsys.readouterr().out


async def test_a_removal_that_hangs_is_cut_off_after_the_budget(capsys: pytest.CaptureFixture[str]) -> None:
    journal = Removing(takes_seconds=1e6)

    await engine_with(journal).run(behaving(lambda run: run.intend(LEFTOVER)))

    assert journal.cancelled
    assert asyncio.get_running_loop().time() < 10.0
    assert "no end within its budget" in capsys.readouterr().out


@pytest.mark.parametrize("fate", [None, *Fate])
async def test_whatever_is_known_of_it_is_handed_to_the_journal(fate: Fate | None) -> None:
    journal = Removing()

    async def act(run: Run) -> None:
        if fate is not None:
            run.settle(LEFTOVER, fate)

    await engine_with(journal).run(behaving(act))

    assert len(journal.removed) == (0 if fate is None else 1)


async def test_an_intention_that_was_cut_off_is_handed_to_the_journal_too() -> None:
    class Hanging(Removing):
        async def intend(self, run: Run, leftovers: object) -> None:
            await asyncio.Event().wait()

    journal, runs = Hanging(), list[Run]()

    async def act(run: Run) -> None:
        runs.append(run)
        await run.intend(LEFTOVER)

    await engine_with(journal).run(behaving(act, timeout="1s"))

    assert runs[0].leftovers == {LEFTOVER: Fate.NOTHING}
    assert len(journal.removed) == 1
