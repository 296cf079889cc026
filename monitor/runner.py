"""
Runs checks: starts them, and ends them in time whatever they do.

The deadline is our own wait: a timeout inside the check's task would miss code that blocks the loop or swallows its
cancellation. A run that does so is ``errored`` (the monitor's fault, not the target's); a task that outlives its
cancellation is a stray, and its check is quarantined until the stray has ended.
"""

import asyncio
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from types import MappingProxyType

import structlog

from monitor.core.check import Check, Watch
from monitor.core.demand import room_for
from monitor.core.identity import Identity
from monitor.core.manifest import Manifest
from monitor.core.outcome import Outcome
from monitor.core.run import Run, Surroundings
from monitor.core.target import Target
from monitor.quarantine import Quarantine
from monitor.recorder import OnStep, Recorder, Stalls, keep_process
from monitor.verdict import GRACE_SECONDS, LAST_WORD_SECONDS, Verdict, judge, judge_cancelled, not_started
from monitor.watching import Watches

log = structlog.get_logger()


class Runner:
    """
    Runs at most *concurrency* checks at once and no check twice at once; hands every outcome to *on_outcome*.

    *blockers* must not run for now: they made a process before this one restart itself, at these monotonic seconds.
    """

    def __init__(
        self,
        surroundings: Surroundings,
        *,
        stalls: Stalls,
        on_outcome: Callable[[Check, Outcome], None],
        concurrency: int = 50,
        clean_up_seconds: float = 5.0,
        blockers: Mapping[str, float] = MappingProxyType({}),
    ) -> None:
        self._quarantine = Quarantine(surroundings.clock, blockers)
        self._recorder = Recorder(
            surroundings,
            stalls=stalls,
            quarantine=self._quarantine,
            on_outcome=on_outcome,
            clean_up_seconds=clean_up_seconds,
        )
        self._watches = Watches(self._recorder, self._quarantine)
        self._slots = asyncio.Semaphore(concurrency)
        self._stopping = False
        self._active: dict[str, asyncio.Task[Outcome | None]] = {}
        # Checks that wait for room in the budget or for a slot, with the latest tick that called for them.
        self._waiting: dict[str, tuple[Check, int]] = {}
        # The second looks that are to come.
        self._confirmations: dict[str, asyncio.TimerHandle] = {}
        self._bodies: set[asyncio.Task[None]] = set()
        self._interrupted: set[asyncio.Task[None]] = set()

    def start(self, check: Check, tick: int) -> None:
        """
        Begin the run that *tick* calls for, and return at once; a check that cannot run now has ``missed`` it.

        What a watch says next bears the tick.
        """
        if self._stopping:
            return
        if isinstance(check, Watch):
            self._watches.tick(check, tick)
        elif waiting := self._waiting.get(check.name):
            # It keeps its place in the queue; what it would have run for is worth nothing any more.
            self._waiting[check.name] = check, tick
            because = self._recorder.surroundings.budget.shortage(check.name)
            self.miss(waiting[0], [waiting[1]], because=because or "every slot was taken until the next tick")
        elif obstacle := self._obstacle(check):
            self.miss(check, [tick], because=obstacle)
        else:
            self._waiting[check.name] = check, tick
            self._active[check.name] = asyncio.create_task(self._run(check), name=f"tick:{check.name}")

    async def run_now(self, check: Check, *, on_step: OnStep | None = None) -> Outcome | None:
        """
        Run *check* once because a person asked, and return its outcome; None when the runner was stopped meanwhile.

        A run of the same check that is under way is let end first; one in quarantine is ``missed``.
        """
        while running := self._active.get(check.name):
            await asyncio.wait({running})
        if obstacle := self._obstacle(check):
            return self._not_run(check, None, because=obstacle)
        task = asyncio.create_task(self._run(check, on_step), name=f"once:{check.name}")
        self._active[check.name] = task
        return await asyncio.shield(task)

    def confirm(self, check: Check, *, after_seconds: float) -> None:
        """
        Run *check* once more *after_seconds*, since it failed and nobody is woken for one failure.

        Whatever run of it comes first will do. A watch looks again by itself.
        """
        if self._stopping or isinstance(check, Watch):
            return
        self.forget_confirmation(check.name)
        call = asyncio.get_running_loop().call_later
        self._confirmations[check.name] = call(after_seconds, self._begin_confirmation, check)

    def forget_confirmation(self, name: str) -> None:
        """
        Take no second look at the check called *name*.
        """
        if confirmation := self._confirmations.pop(name, None):
            confirmation.cancel()

    def _begin_confirmation(self, check: Check) -> None:
        self._confirmations.pop(check.name, None)
        if not self._stopping and not self._obstacle(check):
            task = asyncio.create_task(self._run(check, confirms=True), name=f"confirm:{check.name}")
            self._active[check.name] = task

    def move_to(self, *, target: Target, identities: Mapping[str, Identity], manifest: Manifest | None) -> None:
        """
        Let the runs from here on act on *target*, declared by *manifest*, as *identities*.
        """
        here = self._recorder.surroundings
        self._recorder.surroundings = replace(here, target=target, identities=identities, manifest=manifest)

    @property
    def surroundings(self) -> Surroundings:
        """
        Those of the runs from here on.
        """
        return self._recorder.surroundings

    def watch(self, checks: Iterable[Check]) -> None:
        """
        Keep those of *checks* going that are watches, and no other; what has not changed goes on undisturbed.
        """
        self._watches.keep(checks)

    def forgive(self, name: str) -> None:
        """
        Let the check called *name* run again although it blocked the loop: it was changed.
        """
        self._quarantine.forgive(name)

    def miss(self, check: Check, ticks: Iterable[int], *, because: str) -> None:
        """
        Record that *ticks* passed without a run.
        """
        for tick in ticks:
            self._not_run(check, tick, because=because)

    async def stop(self, *, patience_seconds: float) -> None:
        """
        Start nothing more; let what runs end within *patience_seconds*, then cancel it and clean up behind it.
        """
        self._stopping = True
        self._recorder.surroundings.budget.stop()
        for name in tuple(self._confirmations):
            self.forget_confirmation(name)
        # A watch would never end by itself.
        watches = self._watches.end()
        if self._active and patience_seconds:
            await asyncio.wait(self._active.values(), timeout=patience_seconds)
        for body in self._bodies:
            self._interrupted.add(body)
            body.cancel()
        if ending := watches | frozenset(self._active.values()):
            await asyncio.wait(ending, timeout=GRACE_SECONDS + self._recorder.clean_up_seconds)

    def _not_run(self, check: Check, tick: int | None, *, because: str) -> Outcome:
        return self._recorder.record(check, self._recorder.new_run(check), tick=tick, verdict=not_started(because))

    def _obstacle(self, check: Check) -> str:
        running = "the run before has not ended" if check.name in self._active else ""
        return self._quarantine.obstacle(check.name) or running

    async def _run(self, check: Check, on_step: OnStep | None = None, *, confirms: bool = False) -> Outcome | None:
        try:
            # First the room: who waits for that takes no slot from others.
            async with room_for(check, self._recorder.surroundings), self._slots:
                check, tick = self._waiting.pop(check.name, (check, None))
                if self._stopping:
                    return None
                run = self._recorder.new_run(check, on_step, confirms=confirms)
                return await self._run_in_slot(check, tick, run)
        finally:
            self._active.pop(check.name, None)

    async def _run_in_slot(self, check: Check, tick: int | None, run: Run) -> Outcome | None:
        started = self._recorder.monotonic()
        body = asyncio.create_task(keep_process(check.run, run), name=f"run:{check.name}:{run.id}")
        self._bodies.add(body)
        log.debug("run.started", check=check.name, run_id=run.id, tick=tick)
        verdict = await self._wait(check, run, body)
        verdict = self._recorder.without_stall(check, verdict, started)
        self._bodies.discard(body)
        outcome = None
        if body in self._interrupted and body.cancelled():
            log.info("run.interrupted", check=check.name, run_id=run.id, step=run.current_step)
        else:
            outcome = self._recorder.record(check, run, tick=tick, verdict=verdict)
        await self._recorder.clean_up(check, run)
        return outcome

    async def _wait(self, check: Check, run: Run, body: asyncio.Task[None]) -> Verdict:
        await asyncio.wait({body}, timeout=check.timeout_seconds + LAST_WORD_SECONDS)
        if body.done():
            return judge(check, run, body)
        body.cancel()
        await asyncio.wait({body}, timeout=GRACE_SECONDS)
        if not body.done():
            self._quarantine.hold_stray(check.name, body)
        return judge_cancelled(check, run, body)
