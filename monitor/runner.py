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
from typing import Protocol

import structlog

from monitor.core.check import Check, Run, Surroundings
from monitor.core.duration import show_duration
from monitor.core.errors import OwnFault
from monitor.core.identity import Identity
from monitor.core.manifest import Manifest
from monitor.core.outcome import Outcome, Step
from monitor.core.target import Target
from monitor.quarantine import Quarantine
from monitor.verdict import LAST_WORD_SECONDS, Verdict, errored, judge, judge_cancelled, not_started
from monitor.watchdog import Stall, check_of

log = structlog.get_logger()

OnStep = Callable[[Step], None]

# What a cancelled run may take to unwind before it counts as a stray.
_GRACE_SECONDS = 0.9


class Stalls(Protocol):
    """
    Who knows when the loop did not turn.
    """

    def stall_since(self, started: float) -> Stall | None:
        """
        Return the stall that overlapped the time since *started*, if any.
        """


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
        self._surroundings = surroundings
        self._stalls = stalls
        self._on_outcome = on_outcome
        self._slots = asyncio.Semaphore(concurrency)
        self._clean_up_seconds = clean_up_seconds
        self._stopping = False
        self._active: dict[str, asyncio.Task[Outcome | None]] = {}
        # Checks that wait for a slot, with the latest tick that called for them.
        self._waiting: dict[str, tuple[Check, int]] = {}
        self._bodies: set[asyncio.Task[None]] = set()
        self._interrupted: set[asyncio.Task[None]] = set()
        self._quarantine = Quarantine(surroundings.clock, blockers)

    def start(self, check: Check, tick: int) -> None:
        """
        Begin the run that *tick* calls for, and return at once; a check that cannot run now has ``missed`` it.
        """
        if self._stopping:
            return
        if waiting := self._waiting.get(check.name):
            # It keeps its place in the queue; what it would have run for is worth nothing any more.
            self._waiting[check.name] = check, tick
            self.miss(waiting[0], [waiting[1]], because="every slot was taken until the next tick")
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
            return self._report(check, self._new_run(check), tick=None, verdict=not_started(obstacle))
        task = asyncio.create_task(self._run(check, on_step), name=f"once:{check.name}")
        self._active[check.name] = task
        return await asyncio.shield(task)

    def move_to(self, *, target: Target, identities: Mapping[str, Identity], manifest: Manifest | None) -> None:
        """
        Let the runs from here on act on *target*, declared by *manifest*, as *identities*.
        """
        self._surroundings = replace(self._surroundings, target=target, identities=identities, manifest=manifest)

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
            self._report(check, self._new_run(check), tick=tick, verdict=not_started(because))

    async def stop(self, *, patience_seconds: float) -> None:
        """
        Start nothing more; let what runs end within *patience_seconds*, then cancel it and clean up behind it.
        """
        self._stopping = True
        if self._active and patience_seconds:
            await asyncio.wait(self._active.values(), timeout=patience_seconds)
        for body in self._bodies:
            self._interrupted.add(body)
            body.cancel()
        if self._active:
            await asyncio.wait(self._active.values(), timeout=_GRACE_SECONDS + self._clean_up_seconds)

    def _obstacle(self, check: Check) -> str:
        running = "the run before has not ended" if check.name in self._active else ""
        return self._quarantine.obstacle(check.name) or running

    async def _run(self, check: Check, on_step: OnStep | None = None) -> Outcome | None:
        try:
            async with self._slots:
                check, tick = self._waiting.pop(check.name, (check, None))
                return None if self._stopping else await self._run_in_slot(check, tick, on_step)
        finally:
            self._active.pop(check.name, None)

    async def _run_in_slot(self, check: Check, tick: int | None, on_step: OnStep | None) -> Outcome | None:
        run = self._new_run(check, on_step)
        started = self._surroundings.clock.monotonic()
        body = asyncio.create_task(_body(check, run), name=f"run:{check.name}:{run.id}")
        self._bodies.add(body)
        log.debug("run.started", check=check.name, run_id=run.id, tick=tick)
        verdict = await self._wait(check, run, body)
        verdict = self._without_stall(check, verdict, started)
        self._bodies.discard(body)
        outcome = None
        if body in self._interrupted and body.cancelled():
            log.info("run.interrupted", check=check.name, run_id=run.id, step=run.current_step)
        else:
            outcome = self._report(check, run, tick=tick, verdict=verdict)
        if run.clean_ups:
            await self._clean_up(check, run)
        return outcome

    async def _wait(self, check: Check, run: Run, body: asyncio.Task[None]) -> Verdict:
        await asyncio.wait({body}, timeout=check.timeout_seconds + LAST_WORD_SECONDS)
        if body.done():
            return judge(check, run, body)
        body.cancel()
        await asyncio.wait({body}, timeout=_GRACE_SECONDS)
        if not body.done():
            self._quarantine.hold_stray(check.name, body)
        return judge_cancelled(check, run, body)

    def _without_stall(self, check: Check, verdict: Verdict, started: float) -> Verdict:
        stall = self._stalls.stall_since(started)
        if stall is None:
            return verdict
        took, culprit = show_duration(stall.seconds), check_of(stall.culprit)
        if culprit == check.name:
            self._quarantine.note_block(check.name)
            return errored(f"the check blocked the event loop for {took} at {stall.place}: await, or run.in_process")
        whose = f"by check {culprit!r}" if culprit else "nobody knows by whom"
        return errored(f"the event loop stood still for {took}, {whose}: no verdict on the target")

    async def _clean_up(self, check: Check, run: Run) -> None:
        run.extend(self._clean_up_seconds)
        cleaning = asyncio.create_task(_call_all(check, run), name=f"clean_up:{check.name}:{run.id}")
        await asyncio.wait({cleaning}, timeout=self._clean_up_seconds + LAST_WORD_SECONDS)
        if not cleaning.done():
            log.warning("clean_up.failed", check=check.name, run_id=run.id, error="no end within its budget")
            cleaning.cancel()
            await asyncio.wait({cleaning}, timeout=_GRACE_SECONDS)

    def _new_run(self, check: Check, on_step: OnStep | None = None) -> Run:
        return Run(check, self._surroundings, on_step=on_step)

    def _report(self, check: Check, run: Run, *, tick: int | None, verdict: Verdict) -> Outcome:
        outcome = Outcome(
            check=check.name,
            kind=check.kind(),
            target=run.target.name,
            location=self._surroundings.location,
            run_id=run.id,
            tick=tick,
            started_at=run.started_at,
            duration_seconds=run.elapsed_seconds(),
            status=verdict.status,
            reason=verdict.reason,
            message=verdict.message,
            steps=tuple(run.steps),
            phases=dict(run.phases),
            observations=run.observations(),
            evidence=verdict.error.evidence if verdict.error else {},
        )
        try:
            self._on_outcome(check, outcome)
        except Exception:  # a broken sink never stops a run, nor its clean-up
            log.exception("outcome.lost", check=check.name, run_id=run.id)
        return outcome


async def _body(check: Check, run: Run) -> None:
    try:
        await check.run(run)
    except SystemExit as error:
        raise OwnFault("the check tried to end the whole process: return, or raise CheckFailed") from error


async def _call_all(check: Check, run: Run) -> None:
    for function in reversed(run.clean_ups):
        try:
            await function()
        except Exception as error:  # noqa: BLE001 - one thing that cannot be removed must not keep the next
            log.warning("clean_up.failed", check=check.name, run_id=run.id, error=str(error))
