"""
Judges how a run ended: the target's fault, ours, or nobody's.
"""

import asyncio
from dataclasses import dataclass

import structlog

from monitor.core.check import Check
from monitor.core.duration import show_duration
from monitor.core.errors import CheckFailed, OwnFault, fit
from monitor.core.outcome import Reason, Status
from monitor.core.run import Run

log = structlog.get_logger()

# A bounded exchange ends at the deadline itself and can say where it hung; the runner's own wait comes just after it.
LAST_WORD_SECONDS = 0.05
# What a cancelled run may take to unwind before it counts as a stray.
GRACE_SECONDS = 0.9


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """
    Status, reason and message of an outcome; *error* is what the check said no with, or could not judge for.
    """

    status: Status
    reason: Reason | None = None
    message: str = ""
    error: CheckFailed | OwnFault | None = None


def judge(check: Check, run: Run, body: asyncio.Task[None]) -> Verdict:
    """
    Judge a *body* that ended by itself.
    """
    if body.cancelled():
        return errored("the check cancelled itself")
    if error := body.exception():
        return judge_error(check, run, error)
    # A check that blocked past its deadline and then returned was never interrupted: time it all the same.
    if run.elapsed_seconds() > check.timeout_seconds + LAST_WORD_SECONDS:
        return _failed(Reason.TIMEOUT, f"ended after the deadline of {show_duration(check.timeout_seconds)}")
    return judge_right(run)


def judge_right(run: Run) -> Verdict:
    """
    Judge a run to which the target did what was asked.
    """
    if run.degraded:
        found = run.degraded
        return Verdict(status=Status.DEGRADED, reason=found.reason, message=fit(found.message), error=found)
    return Verdict(status=Status.PASSED)


def judge_error(check: Check, run: Run, error: BaseException) -> Verdict:
    """
    Judge what a check raised or reported.
    """
    if isinstance(error, CheckFailed):
        # A kind from elsewhere may say anything; what is not in the closed set must not become a metric label.
        if not isinstance(error.reason, Reason):
            return errored(f"a bug in the check: {error.reason!r} is no reason: {error.message}")
        return _failed(error.reason, error.message, error)
    if isinstance(error, OwnFault):
        return errored(error.message, error)
    log.error("check.crashed", check=check.name, run_id=run.id, exc_info=error)
    return errored(f"a bug in the check: {type(error).__name__}: {error}")


def judge_cancelled(check: Check, run: Run, body: asyncio.Task[None]) -> Verdict:
    """
    Judge a *body* that was cancelled at its deadline, once it had time to unwind.
    """
    where = f" in step {run.current_step!r}" if run.current_step else ""
    if not body.done():
        return errored(f"the check ignores its cancellation{where}: quarantined until it ends")
    if not body.cancelled():
        error = body.exception()
        # Its last exchange ended with the deadline, and this loop was too busy to hear of it before.
        if isinstance(error, CheckFailed) and error.reason is Reason.TIMEOUT:
            return judge_error(check, run, error)
        return errored(f"the check swallowed its cancellation{where}: let CancelledError pass")
    late = run.overdue()
    return _failed(late.reason, late.message, late)


def errored(message: str, error: OwnFault | None = None, *, own: str = "bug") -> Verdict:
    """
    Return the verdict that the monitor itself is at fault; *own* says what of it, where no *error* does.
    """
    error = error or OwnFault(fit(message), own=own)
    return Verdict(status=Status.ERRORED, reason=Reason.INTERNAL, message=fit(message), error=error)


def not_started(because: str) -> Verdict:
    """
    Return the verdict of a run that did not start.
    """
    return Verdict(status=Status.MISSED, reason=Reason.NOT_STARTED, message=fit(f"not started: {because}"))


def _failed(reason: Reason, message: str, error: CheckFailed | None = None) -> Verdict:
    return Verdict(status=Status.FAILED, reason=reason, message=fit(message), error=error)
