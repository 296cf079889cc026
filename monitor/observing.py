"""
What a watch says, and what is recorded of it.

What changes is recorded the moment it is said, and so is every failure. A tick begins nothing here: it asks for a
record, and the next thing that the watch says bears its number, so that every outcome is something seen. Only when the
next tick finds the watch silent since, as while it pauses, is what it said last recorded again.
"""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from weakref import WeakKeyDictionary

from monitor.core.check import Watch
from monitor.core.errors import CheckFailed, OwnFault
from monitor.core.outcome import Status
from monitor.core.run import Run
from monitor.recorder import Recorder
from monitor.verdict import Verdict, judge_error, judge_right, not_started


@dataclass(frozen=True, slots=True)
class _Word:
    """
    Something that a watch said.
    """

    run: Run
    verdict: Verdict


class Ledger:
    """
    What a watch has said last, and the tick that waits for the next thing it says.
    """

    def __init__(self, watch: Watch, recorder: Recorder) -> None:
        self._watch = watch
        self._recorder = recorder
        self._tick: int | None = None
        self._last: _Word | None = None

    def say(self, run: Run, verdict: Verdict) -> None:
        """
        Record *verdict* if it is news or a tick waits for it; more of what was well before is neither.
        """
        before = self._last.verdict if self._last else None
        self._last = _Word(run, verdict)
        is_well = verdict.status in {Status.PASSED, Status.DEGRADED}
        is_same = before and (before.status, before.reason) == (verdict.status, verdict.reason)
        if self._tick is None and is_well and is_same:
            return
        tick, self._tick = self._tick, None
        self._recorder.record(self._watch, run, tick=tick, verdict=verdict)

    def tick(self, number: int, *, obstacle: str) -> None:
        """
        Let *number* wait; nothing was said since the one that waited before it, and that is recorded.
        """
        overtaken, self._tick = self._tick, number
        if overtaken is not None:
            self._repeat(overtaken, obstacle)

    def _repeat(self, tick: int, obstacle: str) -> None:
        again = self._recorder.new_run(self._watch)
        again.is_repeat = True
        if obstacle or self._last is None:
            verdict = not_started(obstacle or "the watch has not said anything yet")
        else:
            verdict = self._last.verdict
            again.observe_phases(self._last.run.phases)
            is_open = self._last.run.observations().is_connected
            if is_open is not None:
                again.observe_connection(is_open=is_open)
        self._recorder.record(self._watch, again, tick=tick, verdict=verdict)


class WatchObserver:
    """
    What one start of a watch is given; once closed it records nothing more, whoever still holds it.

    The tasks that clean up behind its runs are put into *cleanings*, and taken out when they have ended.
    """

    def __init__(self, watch: Watch, recorder: Recorder, ledger: Ledger, cleanings: set[asyncio.Task[None]]) -> None:
        self.was_well = False
        self._watch = watch
        self._recorder = recorder
        self._ledger = ledger
        self._cleanings = cleanings
        self._closed = False
        # When the watch last gave a sign of life; while it pauses, when it will.
        self._alive_at = recorder.monotonic()
        self._run: Run | None = None
        # From when on a stall may have hidden what each run sees: from the sign of life before it.
        self._since: WeakKeyDictionary[Run, float] = WeakKeyDictionary()

    @property
    def run(self) -> Run:
        """
        The run begun last, unless it has said its word.
        """
        self._run = self._run or self._recorder.new_run(self._watch)
        return self._run

    def patience_seconds(self) -> float:
        """
        Return how long the watch may still be silent.
        """
        limit = self._watch.every_seconds + self._watch.timeout_seconds
        return self._alive_at + limit - self._recorder.monotonic()

    @contextmanager
    def begin(self) -> Iterator[Run]:
        self._run = run = self._recorder.new_run(self._watch)
        self._since[run] = min(self._alive_at, self._recorder.monotonic())
        self._live()
        try:
            yield run
        finally:
            if run.clean_ups or run.leftovers:
                self._clean_up(run)

    def passed(self, run: Run) -> None:
        verdict = judge_right(run)
        self.was_well = True
        self._say(run, verdict)

    def failed(self, run: Run, error: CheckFailed | OwnFault) -> None:
        self._say(run, judge_error(self._watch, run, error))

    async def pause(self, seconds: float) -> None:
        self._live(seconds)
        await asyncio.sleep(seconds)
        self._live()

    def fell(self, verdict: Verdict) -> None:
        """
        Say that the watch has ended, and with it whatever it held.
        """
        run = self.run
        run.observe_connection(is_open=False)
        self._tell(run, verdict)

    def close(self) -> None:
        """
        Record nothing more.
        """
        self._closed = True

    def _say(self, run: Run, verdict: Verdict) -> None:
        if not self._closed:
            self._tell(run, verdict)
        self._live()
        self._run = None

    def _tell(self, run: Run, verdict: Verdict) -> None:
        since = self._since.get(run, self._alive_at)
        self._ledger.say(run, self._recorder.without_stall(self._watch, verdict, since))

    def _live(self, until_seconds: float = 0.0) -> None:
        self._alive_at = self._recorder.monotonic() + until_seconds

    def _clean_up(self, run: Run) -> None:
        # Beside the watch, which may have a socket to open; and bounded, as it is for a run.
        cleaning = asyncio.create_task(self._recorder.clean_up(self._watch, run), name=f"cleaning:{self._watch.name}")
        self._cleanings.add(cleaning)
        cleaning.add_done_callback(self._cleanings.discard)
