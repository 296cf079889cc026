"""
Makes the runs, and makes an outcome of what became of each: the same for a run that ends and for a watch that reports.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import ParamSpec, Protocol

import structlog

from monitor.core.check import Check
from monitor.core.duration import show_duration
from monitor.core.errors import OwnFault
from monitor.core.outcome import EvidenceValue, Outcome, Step
from monitor.core.run import Run, Surroundings
from monitor.quarantine import Quarantine
from monitor.verdict import GRACE_SECONDS, LAST_WORD_SECONDS, Verdict, errored
from monitor.watchdog import Stall, check_of

log = structlog.get_logger()

# Whatever was asked for, such an answer is late.
_LATE_ANSWER_SECONDS = 1.0

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
        self._stalls = stalls
        self._quarantine = quarantine
        self._on_outcome = on_outcome

    def monotonic(self) -> float:
        """
        Return the seconds by which runs and stalls are timed.
        """
        return self.surroundings.clock.monotonic()

    def new_run(self, check: Check, on_step: OnStep | None = None, *, confirms: bool = False) -> Run:
        """
        Return a run that begins now; one that *confirms* takes a second look at a failure.
        """
        seconds = check.timeout_seconds
        return Run(self.surroundings, timeout_seconds=seconds, check=check.name, on_step=on_step, confirms=confirms)

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
            evidence={**_pace(run), **run.noted, **(verdict.error.evidence if verdict.error else {})},
            is_repeat=run.is_repeat,
            topics=type(check).topics,
            attachments=tuple(run.attachments),
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
            text = f"the check blocked the event loop for {took} at {stall.place}: await, or run.in_process"
            return errored(text, own="loop")
        whose = f"by check {culprit!r}" if culprit else "nobody knows by whom"
        return errored(f"the event loop stood still for {took}, {whose}: no verdict on the target", own="loop")

    async def clean_up(self, check: Check, run: Run) -> None:
        """
        Undo what *run* has done, within a budget of its own; what it made and stays is seen to later.
        """
        if not run.clean_ups and not run.leftovers:
            return
        cleaning = asyncio.create_task(self._undo(check, run), name=f"clean_up:{check.name}:{run.id}")
        await asyncio.wait({cleaning}, timeout=self.clean_up_seconds + LAST_WORD_SECONDS)
        if not cleaning.done():
            log.warning("clean_up.failed", check=check.name, run_id=run.id, error="no end within its budget")
            cleaning.cancel()
            await asyncio.wait({cleaning}, timeout=GRACE_SECONDS)

    async def _undo(self, check: Check, run: Run) -> None:
        errors = await _call_all(run, tuple(reversed(run.clean_ups)), within_seconds=self.clean_up_seconds)
        if errors:
            log.warning("clean_up.failed", check=check.name, run_id=run.id, error="; ".join(errors))
        try:
            await self.surroundings.journal.remove(run)
        except Exception:  # written down before, and so found again
            log.exception("clean_up.failed", check=check.name, run_id=run.id)


def _pace(run: Run) -> dict[str, EvidenceValue]:
    """
    Return what tells an answer that is late from none at all.
    """
    took = run.slowest_answer_seconds
    return {"slowest_answer_seconds": round(took, 3)} if took >= _LATE_ANSWER_SECONDS else {}


async def _call_all(
    run: Run, clean_ups: Sequence[Callable[[], Awaitable[object]]], *, within_seconds: float
) -> list[str]:
    """
    Call *clean_ups* one after another; return the errors of those that failed.

    Each has an equal share of the time that is left, so that one which hangs takes no other's; the removal of what was
    made has one too.
    """
    errors: list[str] = []
    loop = asyncio.get_running_loop()
    ends_at = loop.time() + within_seconds
    for number, clean_up in enumerate(clean_ups):
        share_seconds = (ends_at - loop.time()) / (len(clean_ups) + bool(run.leftovers) - number)
        run.extend(share_seconds)
        try:
            async with asyncio.timeout(share_seconds):
                await clean_up()
        except Exception as error:  # noqa: BLE001 - one thing that cannot be undone must not keep the next
            errors.append(str(error) or type(error).__name__)
    run.extend(ends_at - loop.time())
    return errors


async def keep_process(body: Callable[P, Awaitable[None]], *args: P.args, **kwargs: P.kwargs) -> None:
    """
    Await what a check does, which cannot end the whole process.
    """
    try:
        await body(*args, **kwargs)
    except SystemExit as error:
        raise OwnFault("the check tried to end the whole process: return, or raise CheckFailed") from error
