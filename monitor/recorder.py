"""
Makes the runs, and makes an outcome of what became of each: the same for a run that ends and for a watch that reports.
"""

import asyncio
from collections.abc import Awaitable, Callable
from typing import ParamSpec, Protocol

import structlog

from monitor.core.check import Check
from monitor.core.duration import show_duration
from monitor.core.errors import OwnFault
from monitor.core.outcome import Outcome, Step
from monitor.core.run import Run, Surroundings
from monitor.leftovers import Leftovers, call_all
from monitor.quarantine import Quarantine
from monitor.verdict import GRACE_SECONDS, LAST_WORD_SECONDS, Verdict, errored
from monitor.watchdog import Stall, check_of

log = structlog.get_logger()

P = ParamSpec("P")
OnStep = Callable[[Step], None]


class Stalls(Protocol):
    """
    Who knows when the loop did not turn.
    """

    def stall_since(self, started: float) -> Stall | None:
        """
        Return the stall that overlapped the time since *started*, if any.
        """


class Recorder:
    """
    Hands every outcome to *on_outcome*. *surroundings* are those of the runs to come, and may be replaced.
    """

    def __init__(
        self,
        surroundings: Surroundings,
        *,
        stalls: Stalls,
        quarantine: Quarantine,
        on_outcome: Callable[[Check, Outcome], None],
        clean_up_seconds: float,
    ) -> None:
        self.surroundings = surroundings
        self.clean_up_seconds = clean_up_seconds
        self.leftovers = Leftovers(clean_up_seconds=clean_up_seconds)
        self._stalls = stalls
        self._quarantine = quarantine
        self._on_outcome = on_outcome

    def monotonic(self) -> float:
        """
        Return the seconds by which runs and stalls are timed.
        """
        return self.surroundings.clock.monotonic()

    def new_run(self, check: Check, on_step: OnStep | None = None) -> Run:
        """
        Return a run that begins now.
        """
        return Run(self.surroundings, timeout_seconds=check.timeout_seconds, on_step=on_step)

    def record(self, check: Check, run: Run, *, tick: int | None, verdict: Verdict) -> Outcome:
        """
        Make the outcome of *run*, as it stands now, and hand it on.
        """
        outcome = Outcome(
            check=check.name,
            kind=check.kind(),
            target=run.target.name,
            location=self.surroundings.location,
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
            evidence={**run.noted, **(verdict.error.evidence if verdict.error else {})},
        )
        try:
            self._on_outcome(check, outcome)
        except Exception:  # a broken sink never stops a run, nor its clean-up
            log.exception("outcome.lost", check=check.name, run_id=run.id)
        return outcome

    def without_stall(self, check: Check, verdict: Verdict, since: float) -> Verdict:
        """
        Return *verdict*, unless the loop stood still at some time since *since*: then there is none on the target.
        """
        stall = self._stalls.stall_since(since)
        if stall is None:
            return verdict
        took, culprit = show_duration(stall.seconds), check_of(stall.culprit)
        if culprit == check.name:
            self._quarantine.note_block(check.name)
            return errored(f"the check blocked the event loop for {took} at {stall.place}: await, or run.in_process")
        whose = f"by check {culprit!r}" if culprit else "nobody knows by whom"
        return errored(f"the event loop stood still for {took}, {whose}: no verdict on the target")

    async def clean_up(self, check: Check, run: Run) -> None:
        """
        Do what *run* registered for after its end, within a budget of its own; what fails is tried again later.
        """
        clean_ups = tuple(reversed(run.clean_ups))
        cleaning = asyncio.create_task(
            call_all(run, clean_ups, within_seconds=self.clean_up_seconds), name=f"clean_up:{check.name}:{run.id}"
        )
        await asyncio.wait({cleaning}, timeout=self.clean_up_seconds + LAST_WORD_SECONDS)
        if not cleaning.done():
            log.warning("clean_up.failed", check=check.name, run_id=run.id, error="no end within its budget")
            cleaning.cancel()
            await asyncio.wait({cleaning}, timeout=GRACE_SECONDS)
        elif failed := cleaning.result():
            log.warning(
                "clean_up.failed", check=check.name, run_id=run.id, error="; ".join(error for _, error in failed)
            )
            self.leftovers.keep(check=check.name, run=run, clean_ups=[clean_up for clean_up, _ in failed])


async def keep_process(body: Callable[P, Awaitable[None]], *args: P.args, **kwargs: P.kwargs) -> None:
    """
    Await what a check does, which cannot end the whole process.
    """
    try:
        await body(*args, **kwargs)
    except SystemExit as error:
        raise OwnFault("the check tried to end the whole process: return, or raise CheckFailed") from error
