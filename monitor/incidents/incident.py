"""
What is wrong, and what sinks are told of it.

A *finding* is a streak of failed outcomes of one check; an *incident* holds the findings that have one cause. Its id is
fixed when it opens, so that a repeat, a better diagnosis or a reminder never opens a second one anywhere. Everything
here has a plain form in JSON: the store keeps it, sinks send it, and it is read back after a restart.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from typing import Any, Self

from monitor.core.cause import Cause
from monitor.core.outcome import Reason
from monitor.core.severity import Severity
from monitor.diagnosis.diagnosis import Diagnosis
from monitor.diagnosis.text import as_text

# Changed when a reader of the JSON would have to change.
FORMAT = 1


class Fault(StrEnum):
    """
    Whose fault a finding is: the target's, or our own, which never pages as an outage.
    """

    TARGET = "target"
    OWN = "own"


class Transition(StrEnum):
    """
    What has become of an incident, as a sink is told.
    """

    OPENED = "opened"
    CHANGED = "changed"
    REMINDED = "reminded"
    RESOLVED = "resolved"


class Purpose(StrEnum):
    """
    Why an event is sent: because something is wrong, or to prove the way to the pager.
    """

    INCIDENT = "incident"
    TEST = "test"
    CANARY = "canary"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """
    A streak of one check that has been found wrong.

    *since* is the start of the first run of the streak, *opened_at* when it was believed. *step* is where the last run
    failed, empty when in none; *run_id* is that run. *locations* are where it was seen from. *outcome* is the last run
    as ``Outcome.as_json`` has it, redacted and bounded: the evidence.
    """

    check: str
    kind: str
    fault: Fault
    severity: Severity
    reason: Reason
    message: str
    step: str
    run_id: str
    since: datetime
    opened_at: datetime
    is_flapping: bool = False
    locations: tuple[str, ...] = ()
    outcome: Mapping[str, Any] = field(default_factory=dict, compare=False)

    def as_json(self) -> dict[str, Any]:
        """
        Return it as plain JSON values.
        """
        return {
            "check": self.check,
            "kind": self.kind,
            "fault": self.fault.value,
            "severity": self.severity.value,
            "reason": self.reason.value,
            "message": self.message,
            "step": self.step,
            "run_id": self.run_id,
            "since": stamp(self.since),
            "opened_at": stamp(self.opened_at),
            "is_flapping": self.is_flapping,
            "locations": list(self.locations),
            "outcome": dict(self.outcome),
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self:
        """
        Return what ``as_json`` made *data* of; raise ``ValueError``, ``KeyError`` or ``TypeError`` for anything else.
        """
        return cls(
            check=data["check"],
            kind=data["kind"],
            fault=Fault(data["fault"]),
            severity=Severity(data["severity"]),
            reason=Reason(data["reason"]),
            message=data["message"],
            step=data["step"],
            run_id=data["run_id"],
            since=datetime.fromisoformat(data["since"]),
            opened_at=datetime.fromisoformat(data["opened_at"]),
            is_flapping=data["is_flapping"],
            locations=tuple(data["locations"]),
            outcome=dict(data["outcome"]),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Incident:
    """
    Findings under one cause, from ``opened`` to ``resolved``.

    *summary* says in one line what is wrong, *remedy* what to do, a move a line (may be empty). *failing_since* is the
    start of the first failed run. *resolved_at* is None while it is open; it then keeps the findings it had last.
    *diagnosis* is the reasoning behind *cause*; None of a test page, and of what an older version has written.
    """

    id: str
    target: str
    location: str
    severity: Severity
    cause: Cause
    summary: str
    remedy: str
    findings: tuple[Finding, ...]
    failing_since: datetime
    opened_at: datetime
    resolved_at: datetime | None = None
    diagnosis: Diagnosis | None = None

    @property
    def dedup_key(self) -> str:
        """
        What every receiver knows it by, for ever; no other incident of any target or location has it.
        """
        return f"{self.target}/{self.location}/{self.id}"

    @property
    def explanation(self) -> str:
        """
        The diagnosis as people read it, everywhere the same; empty when there is none.
        """
        return as_text(self.diagnosis) if self.diagnosis else ""

    @property
    def checks(self) -> tuple[str, ...]:
        """
        The checks that found it, in the order in which they did.
        """
        return tuple(finding.check for finding in self.findings)

    @property
    def is_flapping(self) -> bool:
        """
        Whether any of its checks goes up and down.
        """
        return any(finding.is_flapping for finding in self.findings)

    @property
    def fingerprint(self) -> tuple[str, ...]:
        """
        What groups incidents of one kind: target and cause, and the checks when the cause is not known.
        """
        what = self.checks if self.cause is Cause.UNKNOWN else ()
        return (self.target, self.cause.value, *sorted(what))

    def resolved(self, at: datetime) -> Self:
        """
        Return it as it is once it is over.
        """
        return replace(self, resolved_at=at)

    def as_json(self) -> dict[str, Any]:
        """
        Return it as plain JSON values.
        """
        return {
            "id": self.id,
            "target": self.target,
            "location": self.location,
            "dedup_key": self.dedup_key,
            "severity": self.severity.value,
            "cause": self.cause.value,
            "summary": self.summary,
            "remedy": self.remedy,
            "is_flapping": self.is_flapping,
            "failing_since": stamp(self.failing_since),
            "opened_at": stamp(self.opened_at),
            "resolved_at": stamp(self.resolved_at) if self.resolved_at else None,
            "diagnosis": self.diagnosis.as_json() if self.diagnosis else None,
            "findings": [finding.as_json() for finding in self.findings],
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self:
        """
        Return what ``as_json`` made *data* of; raise ``ValueError``, ``KeyError`` or ``TypeError`` for anything else.
        """
        diagnosis = data.get("diagnosis")
        findings: Sequence[Mapping[str, Any]] = data["findings"]
        return cls(
            id=data["id"],
            target=data["target"],
            location=data["location"],
            severity=Severity(data["severity"]),
            cause=Cause(data["cause"]),
            summary=data["summary"],
            remedy=data["remedy"],
            findings=tuple(Finding.from_json(each) for each in findings),
            failing_since=datetime.fromisoformat(data["failing_since"]),
            opened_at=datetime.fromisoformat(data["opened_at"]),
            resolved_at=datetime.fromisoformat(data["resolved_at"]) if data["resolved_at"] else None,
            diagnosis=Diagnosis.from_json(diagnosis) if diagnosis else None,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """
    One transition of one incident, on its way to one sink.

    *id* stays the same however often it is sent: a receiver may use it to drop repeats. *at* is when it came to be,
    not when it is sent.
    """

    id: str
    transition: Transition
    at: datetime
    incident: Incident
    purpose: Purpose = Purpose.INCIDENT

    def as_json(self) -> dict[str, Any]:
        """
        Return it as plain JSON values: what webhooks are sent.
        """
        return {
            "format": FORMAT,
            "id": self.id,
            "event": self.transition.value,
            "purpose": self.purpose.value,
            "at": stamp(self.at),
            "incident": self.incident.as_json(),
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self:
        """
        Return what ``as_json`` made *data* of; raise ``ValueError``, ``KeyError`` or ``TypeError`` for anything else.
        """
        return cls(
            id=data["id"],
            transition=Transition(data["event"]),
            at=datetime.fromisoformat(data["at"]),
            incident=Incident.from_json(data["incident"]),
            purpose=Purpose(data["purpose"]),
        )


def stamp(at: datetime) -> str:
    """
    Return *at* as ISO 8601 with milliseconds and offset.
    """
    return at.isoformat(timespec="milliseconds")
