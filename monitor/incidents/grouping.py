"""
The seam between findings and incidents: which findings have one cause, what it is, and what to do.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from monitor.core.cause import Cause
from monitor.core.outcome import Reason
from monitor.incidents.incident import Fault, Finding

_MOST_SUMMARY_CHARACTERS = 400
_MOST_NAMED = 5
# What a reason says by itself, whatever else is seen; all others need more evidence than one check has.
_CAUSES: Mapping[Reason, Cause] = {
    Reason.DNS: Cause.DNS,
    Reason.TLS: Cause.TLS,
    Reason.PERMISSION_MISSING: Cause.PERMISSION_MISSING,
    Reason.PERMISSION_EXCESS: Cause.PERMISSION_EXCESS,
    Reason.SCHEMA: Cause.SCHEMA_DRIFT,
    Reason.LATE_EVENT: Cause.REALTIME_LATE,
    Reason.DUPLICATE_EVENT: Cause.REALTIME_DUPLICATE,
    Reason.RATE_LIMITED: Cause.RATE_LIMITED,
    Reason.QUOTA: Cause.QUOTA,
    Reason.DISABLED: Cause.FEATURE_DISABLED,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Diagnosis:
    """
    Findings with one cause: what is wrong in one line (*summary*), and what to do (*remedy*, may be empty).
    """

    findings: tuple[Finding, ...]
    cause: Cause
    summary: str
    remedy: str = ""


# From all open findings, oldest first, to what they have in common; every finding is in exactly one.
Grouping: TypeAlias = Callable[[Sequence[Finding]], Sequence[Diagnosis]]


def one_per_finding(findings: Sequence[Finding]) -> Sequence[Diagnosis]:
    """
    Take every finding for a trouble of its own; what keeps the monitor itself from judging is one, however much it is.
    """
    own = tuple(finding for finding in findings if finding.fault is Fault.OWN)
    targets = [finding for finding in findings if finding.fault is Fault.TARGET]
    found = [
        Diagnosis(findings=(each,), cause=_CAUSES.get(each.reason, Cause.UNKNOWN), summary=_line(each))
        for each in targets
    ]
    return [*found, *([_own_trouble(own)] if own else [])]


def _line(finding: Finding) -> str:
    where = f" in {finding.step}" if finding.step else ""
    flapping = " (flapping)" if finding.is_flapping else ""
    return _cut(f"{finding.check}{flapping}: {finding.reason}{where}: {finding.message}")


def _own_trouble(findings: tuple[Finding, ...]) -> Diagnosis:
    names = ", ".join(finding.check for finding in findings[:_MOST_NAMED])
    more = f" and {len(findings) - _MOST_NAMED} more" if len(findings) > _MOST_NAMED else ""
    return Diagnosis(
        findings=findings,
        cause=Cause.UNKNOWN,
        summary=_cut(f"the monitor cannot judge {names}{more}: {findings[0].message}"),
    )


def _cut(line: str) -> str:
    return line if len(line) <= _MOST_SUMMARY_CHARACTERS else f"{line[: _MOST_SUMMARY_CHARACTERS - 1]}…"
