"""
Keeps watches going: starts them, starts them again when they fell, and ends them in time.

A watch that does not use its observer for longer than its interval and its timeout hangs, which is our fault; as with
runs, one that ignores its cancellation is quarantined, and what overlapped a stall of the loop proves nothing.
"""

import asyncio
from collections.abc import Collection, Iterable

from monitor.core.check import Check, Watch
from monitor.core.demand import room_for
from monitor.core.duration import show_duration
from monitor.core.run import Run, Surroundings
from monitor.observing import Ledger, WatchObserver
from monitor.quarantine import Quarantine
from monitor.recorder import Recorder, keep_process
from monitor.verdict import GRACE_SECONDS, Verdict, errored, judge_error, not_started

# Before a watch that fell is started again; doubled each time until it says that all is well.
_FIRST_PAUSE_SECONDS = 1.0
_LONGEST_PAUSE_SECONDS = 60.0


class Watches:
    """
    The watches that are kept going, by name.
    """

    def __init__(self, recorder: Recorder, quarantine: Quarantine) -> None:
        self._recorder = recorder
        self._quarantine = quarantine
        self._watchings: dict[str, _Watching] = {}
        self._ending: set[_Watching] = set()

    def keep(self, checks: Iterable[Check]) -> None:
        """
        Keep those of *checks* going that are watches, and no other.

        One that is the same as before, and acts on the same target, goes on undisturbed.
        """
        wanted = {check.name: check for check in checks if isinstance(check, Watch)}
        for name, watching in tuple(self._watchings.items()):
            if not watching.is_of(wanted.get(name), self._recorder.surroundings):
                self._end(self._watchings.pop(name))
        for name, watch in wanted.items():
            if name not in self._watchings:
                before = {ending.task for ending in self._ending if ending.watch.name == name}
                self._watchings[name] = _Watching(watch, self._recorder, self._quarantine, after=before)

    def tick(self, watch: Watch, number: int) -> None:
        """
        Ask for a record that bears the tick *number*.
        """
        if watching := self._watchings.get(watch.name):
            watching.tick(number)
        else:
            verdict = not_started("nobody keeps this watch going")
            self._recorder.record(watch, self._recorder.new_run(watch), tick=number, verdict=verdict)

    def end(self) -> frozenset[asyncio.Task[None]]:
        """
        End all of them; return what has ended when they, and the cleaning up behind them, have.
        """
        for watching in self._watchings.values():
            self._end(watching)
        self._watchings.clear()
        return frozenset(ending.task for ending in self._ending)

    def _end(self, watching: "_Watching") -> None:
        self._ending.add(watching)
        watching.task.add_done_callback(lambda _: self._ending.discard(watching))
        watching.task.cancel()


class _Watching:
    """
    One watch, from its start until its task is cancelled; it begins once the tasks *after* have ended.
    """

    def __init__(
        self, watch: Watch, recorder: Recorder, quarantine: Quarantine, *, after: Collection[asyncio.Task[None]]
    ) -> None:
        self.watch = watch
        self._recorder = recorder
        self._quarantine = quarantine
        self._surroundings = recorder.surroundings
        self._after = after
        self._ledger = Ledger(watch, recorder)
        self._body: asyncio.Task[None] | None = None
        self._cleanings: set[asyncio.Task[None]] = set()
        self.task = asyncio.create_task(self._supervise(), name=f"watch:{watch.name}")

    def is_of(self, watch: Watch | None, surroundings: Surroundings) -> bool:
        """
        Return whether this is *watch*, in the same *surroundings*.
        """
        return self.watch == watch and self._surroundings == surroundings

    def tick(self, number: int) -> None:
        """
        Have the next thing that is said bear *number*.
        """
        obstacle = self._quarantine.obstacle(self.watch.name)
        self._ledger.tick(number, obstacle=obstacle or self._surroundings.budget.shortage(self.watch.name))
        if obstacle and self._body is not None:
            self._body.cancel()

    async def _supervise(self) -> None:
        if self._after:
            await asyncio.wait(self._after)
        # Held as long as the watch is kept: it may send so much in any minute.
        async with room_for(self.watch, self._surroundings):
            try:
                await self._keep_going()
            finally:
                if self._cleanings:
                    await asyncio.wait(self._cleanings)

    async def _keep_going(self) -> None:
        pause_seconds = _FIRST_PAUSE_SECONDS
        while True:
            if not self._quarantine.obstacle(self.watch.name):
                went_well = await self._go()
                pause_seconds = _FIRST_PAUSE_SECONDS if went_well else pause_seconds
            await asyncio.sleep(pause_seconds)
            pause_seconds = min(2 * pause_seconds, _LONGEST_PAUSE_SECONDS)

    async def _go(self) -> bool:
        """
        Start the watch and say how it fell; return whether all was well at some time before.
        """
        observer = WatchObserver(self.watch, self._recorder, self._ledger, self._cleanings)
        name = f"run:{self.watch.name}:watch"
        self._body = body = asyncio.create_task(keep_process(self.watch.watch, observer), name=name)
        try:
            while not body.done() and (left := observer.patience_seconds()) > 0:
                await asyncio.wait({body}, timeout=left)
            hangs = not body.done()
        finally:
            self._body = None
            await self._end(body, observer)
        observer.fell(self._verdict(body, observer.run, hangs=hangs))
        return observer.was_well

    async def _end(self, body: asyncio.Task[None], observer: WatchObserver) -> None:
        observer.close()
        body.cancel()
        await asyncio.wait({body}, timeout=GRACE_SECONDS)
        if not body.done():
            self._quarantine.hold_stray(self.watch.name, body)

    def _verdict(self, body: asyncio.Task[None], run: Run, *, hangs: bool) -> Verdict:
        where = f" in step {run.current_step!r}" if run.current_step else ""
        if not body.done():
            return errored(f"the watch ignores its cancellation{where}: quarantined until it ends")
        if hangs:
            silence = show_duration(self.watch.every_seconds + self.watch.timeout_seconds)
            return errored(f"the watch hangs{where}: no sign of life for {silence}: give all that it awaits a deadline")
        if body.cancelled():
            obstacle = self._quarantine.obstacle(self.watch.name)
            return errored(obstacle or "the watch cancelled itself")
        if error := body.exception():
            return judge_error(self.watch, run, error)
        return errored("a bug in the watch: it returned, and must observe for ever")
