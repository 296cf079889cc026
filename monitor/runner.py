"""
Runs checks: starts them, ends them in time whatever they do, and judges how they ended.

The deadline is our own wait: a timeout inside the check's task would miss code that blocks the loop or swallows its
cancellation. A run that does so is ``errored`` (the monitor's fault, not the target's); a task that outlives its
cancellation is a stray, and its check is quarantined until the stray has ended.
"""

import asyncio
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Protocol

import structlog

from monitor.core.check import Check, Run
from monitor.core.clock import Clock
from monitor.core.duration import show_duration
from monitor.core.errors import CheckFailed, OwnFault
from monitor.core.identity import Identity
from monitor.core.outcome import Outcome, Reason, Status, Step
from monitor.core.target import Target
from monitor.core.transport import Transport
from monitor.watchdog import Stall

log = structlog.get_logger()

# A bounded exchange ends at the deadline itself and can say where it hung; our own wait comes just after it.
_LAST_WORD_SECONDS = 0.05
# What a cancelled run may take to unwind before it counts as a stray.
_GRACE_SECONDS = 0.9
# So often a check may block the loop before it is quarantined: it harms every other check each time.
_BLOCKS_BEFORE_QUARANTINE = 3


class Stalls(Protocol):
    """
    Who knows when the loop did not turn.
    """

    def stall_since(self, started: float) -> Stall | None:
        """
        Return the stall that overlapped the time since *started*, if any.
        """


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """
    What every run is given: the target, who may act on it, the way to it, and the time.
    """

    target: Target
    location: str
    identities: Mapping[str, Identity]
    transport: Transport
    clock: Clock


@dataclass(frozen=True, slots=True, kw_only=True)
class _Verdict:
    status: Status
    reason: Reason | None = None
    message: str = ""
    error: CheckFailed | None = None


class Runner:
    """
    Runs at most *concurrency* checks at once and no check twice at once; hands every outcome to *on_outcome*.

    *quarantined* names checks that must not run at all, since they made the process before this one restart itself.
    """

    def __init__(
        self,
        surroundings: Surroundings,
        *,
        stalls: Stalls,
        on_outcome: Callable[[Check, Outcome], None],
        concurrency: int = 50,
        clean_up_seconds: float = 5.0,
        quarantined: Iterable[str] = (),
    ) -> None:
        self._surroundings = surroundings
        self._clock = surroundings.clock
        self._stalls = stalls
        self._on_outcome = on_outcome
        self._slots = asyncio.Semaphore(concurrency)
        self._clean_up_seconds = clean_up_seconds
        self._stopping = False
        self._active: dict[str, asyncio.Task[Outcome | None]] = {}
        self._bodies: set[asyncio.Task[None]] = set()
        self._strays: dict[str, asyncio.Task[None]] = {}
        self._blocks = dict.fromkeys(quarantined, _BLOCKS_BEFORE_QUARANTINE)

    def start(self, check: Check, tick: int) -> None:
        """
        Begin the run that *tick* calls for, and return at once; a check that cannot run now has ``missed`` it.
        """
        if self._stopping:
            return
        if obstacle := self._obstacle(check):
            self.miss(check, [tick], because=obstacle)
            return
        self._active[check.name] = asyncio.create_task(self._run(check, tick), name=f"tick:{check.name}")

    async def run_now(self, check: Check, *, on_step: Callable[[Step], None] | None = None) -> Outcome | None:
        """
        Run *check* once because a person asked, and return its outcome; None when the runner was stopped meanwhile.

        A run of the same check that is under way is let end first.
        """
        while running := self._active.get(check.name):
            await asyncio.wait({running})
        task = asyncio.create_task(self._run(check, None, on_step=on_step), name=f"once:{check.name}")
        self._active[check.name] = task
        return await asyncio.shield(task)

    def move_to(self, *, target: Target, identities: Mapping[str, Identity]) -> None:
        """
        Let the runs from here on act on *target* as *identities*.
        """
        self._surroundings = replace(self._surroundings, target=target, identities=identities)

    def release(self, name: str) -> None:
        """
        Forget that the check called *name* blocked the loop: it was changed. A stray of it still keeps it from running.
        """
        self._blocks.pop(name, None)

    def miss(self, check: Check, ticks: Iterable[int], *, because: str) -> None:
        """
        Record that *ticks* passed without a run.
        """
        for tick in ticks:
            run = self._new_run(check)
            missed = _Verdict(status=Status.MISSED, reason=Reason.NOT_STARTED, message=f"not started: {because}")
            self._report(check, run, tick=tick, verdict=missed)

    async def stop(self, *, patience_seconds: float) -> None:
        """
        Start nothing more; let what runs end within *patience_seconds*, then cancel it and clean up behind it.
        """
        self._stopping = True
        if self._active and patience_seconds:
            await asyncio.wait(self._active.values(), timeout=patience_seconds)
        for body in self._bodies:
            body.cancel()
        if self._active:
            await asyncio.wait(self._active.values(), timeout=_GRACE_SECONDS + self._clean_up_seconds)

    def _obstacle(self, check: Check) -> str:
        if check.name in self._strays:
            return "quarantined, since an earlier run ignores its cancellation and has not ended"
        if self._blocks.get(check.name, 0) >= _BLOCKS_BEFORE_QUARANTINE:
            return f"quarantined, since it blocked the event loop {_BLOCKS_BEFORE_QUARANTINE} times: mend the check"
        if check.name in self._active:
            return "the run before has not ended"
        return ""

    async def _run(
        self, check: Check, tick: int | None, *, on_step: Callable[[Step], None] | None = None
    ) -> Outcome | None:
        try:
            # A tick is worth nothing once the next one is due.
            async with asyncio.timeout(None if tick is None else check.every_seconds):
                await self._slots.acquire()
        except TimeoutError:
            self._active.pop(check.name, None)
            self.miss(check, [tick] if tick is not None else [], because="every slot was taken until the next tick")
            return None
        try:
            return None if self._stopping else await self._run_in_slot(check, tick, on_step)
        finally:
            self._slots.release()
            self._active.pop(check.name, None)

    async def _run_in_slot(
        self, check: Check, tick: int | None, on_step: Callable[[Step], None] | None
    ) -> Outcome | None:
        run = self._new_run(check, on_step)
        started = self._clock.monotonic()
        body = asyncio.create_task(check.run(run), name=f"run:{check.name}:{run.id}")
        self._bodies.add(body)
        body.add_done_callback(self._bodies.discard)
        verdict = await self._wait(check, run, body)
        verdict = self._without_stall(check, body, verdict, started)
        if self._stopping and body.cancelled():
            log.info("run.interrupted", check=check.name, run_id=run.id, step=run.current_step)
            outcome = None
        else:
            outcome = self._report(check, run, tick=tick, verdict=verdict)
        if run.clean_ups:
            await self._clean_up(check, run)
        return outcome

    async def _wait(self, check: Check, run: Run, body: asyncio.Task[None]) -> _Verdict:
        await asyncio.wait({body}, timeout=check.timeout_seconds + _LAST_WORD_SECONDS)
        if body.done():
            return _judge(check, run, body)
        where = f" in step {run.current_step!r}" if run.current_step else ""
        body.cancel()
        await asyncio.wait({body}, timeout=_GRACE_SECONDS)
        if not body.done():
            self._quarantine(check, body)
            return _errored(f"the check ignores its cancellation{where}: quarantined until it ends")
        if not body.cancelled():
            return _errored(f"the check swallowed its cancellation{where}: let CancelledError pass")
        limit = show_duration(check.timeout_seconds)
        return _Verdict(
            status=Status.FAILED, reason=Reason.TIMEOUT, message=f"still waiting{where} at the deadline of {limit}"
        )

    def _without_stall(self, check: Check, body: asyncio.Task[None], verdict: _Verdict, started: float) -> _Verdict:
        stall = self._stalls.stall_since(started)
        if stall is None:
            return verdict
        took = show_duration(stall.seconds)
        if stall.culprit == body.get_name():
            self._blocks[check.name] = self._blocks.get(check.name, 0) + 1
            return _errored(f"the check blocked the event loop for {took} at {stall.place}: await, or run.in_process")
        return _errored(
            f"the event loop stood still for {took} ({stall.culprit or 'unknown'}): no verdict on the target"
        )

    def _quarantine(self, check: Check, body: asyncio.Task[None]) -> None:
        self._strays[check.name] = body
        log.error("check.quarantined", check=check.name)

        def lift(stray: asyncio.Task[None]) -> None:
            del self._strays[check.name]
            if not stray.cancelled():
                stray.exception()  # asked for, so that asyncio does not report it as lost
            log.info("check.released", check=check.name)

        body.add_done_callback(lift)

    async def _clean_up(self, check: Check, run: Run) -> None:
        run.extend(self._clean_up_seconds)
        cleaning = asyncio.create_task(_call_all(check, run), name=f"clean_up:{check.name}:{run.id}")
        await asyncio.wait({cleaning}, timeout=self._clean_up_seconds + _LAST_WORD_SECONDS)
        if not cleaning.done():
            log.warning("clean_up.failed", check=check.name, run_id=run.id, error="no end within its budget")
            cleaning.cancel()
            await asyncio.wait({cleaning}, timeout=_GRACE_SECONDS)

    def _new_run(self, check: Check, on_step: Callable[[Step], None] | None = None) -> Run:
        here = self._surroundings
        return Run(
            check=check,
            target=here.target,
            identities=here.identities,
            transport=here.transport,
            clock=here.clock,
            on_step=on_step,
        )

    def _report(self, check: Check, run: Run, *, tick: int | None, verdict: _Verdict) -> Outcome:
        outcome = Outcome(
            check=check.name,
            kind=check.kind(),
            target=self._surroundings.target.name,
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
            evidence={**run.evidence, **(verdict.error.evidence if verdict.error else {})},
        )
        self._on_outcome(check, outcome)
        return outcome


def _judge(check: Check, run: Run, body: asyncio.Task[None]) -> _Verdict:
    if body.cancelled():
        return _errored("the check cancelled itself")
    if error := body.exception():
        return _judge_error(check, run, error)
    # A check that blocked past its deadline and then returned was never interrupted: time it all the same.
    if run.elapsed_seconds() > check.timeout_seconds + _LAST_WORD_SECONDS:
        limit = show_duration(check.timeout_seconds)
        return _Verdict(status=Status.FAILED, reason=Reason.TIMEOUT, message=f"ended after the deadline of {limit}")
    if run.slow:
        return _Verdict(status=Status.DEGRADED, reason=Reason.SLOW, message=run.slow)
    return _Verdict(status=Status.PASSED)


def _judge_error(check: Check, run: Run, error: BaseException) -> _Verdict:
    if isinstance(error, CheckFailed):
        return _Verdict(status=Status.FAILED, reason=error.reason, message=error.message, error=error)
    if isinstance(error, OwnFault):
        return _errored(str(error))
    log.error("check.crashed", check=check.name, run_id=run.id, exc_info=error)
    return _errored(f"a bug in the check: {type(error).__name__}: {error}")


def _errored(message: str) -> _Verdict:
    return _Verdict(status=Status.ERRORED, reason=Reason.INTERNAL, message=message)


async def _call_all(check: Check, run: Run) -> None:
    for function in reversed(run.clean_ups):
        try:
            await function()
        except Exception as error:  # noqa: BLE001 - one thing that cannot be removed must not keep the next
            log.warning("clean_up.failed", check=check.name, run_id=run.id, error=str(error))
