"""
The immutable record of one run.
"""

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Self, TypeAlias

from monitor.core.topic import Topic

EvidenceScalar: TypeAlias = str | int | float | bool | None
EvidenceValue: TypeAlias = EvidenceScalar | tuple[EvidenceScalar, ...]


class Status(StrEnum):
    """
    How a run ended; only ``failed`` can wake a person.
    """

    PASSED = "passed"
    DEGRADED = "degraded"
    FAILED = "failed"
    ERRORED = "errored"
    MISSED = "missed"

    @property
    def is_verdict(self) -> bool:
        """
        Whether the run says anything about the target.
        """
        return self in {Status.PASSED, Status.DEGRADED, Status.FAILED}


class Reason(StrEnum):
    """
    Why a run did not pass; a closed set, since it is a metric label.
    """

    TIMEOUT = "timeout"
    DNS = "dns"
    TLS = "tls"
    CONNECTION = "connection"
    HTTP_STATUS = "http_status"
    PROTOCOL = "protocol"
    UNAUTHORIZED = "unauthorized"
    NOT_FOUND = "not_found"
    SCHEMA = "schema"
    PERMISSION_MISSING = "permission_missing"
    PERMISSION_EXCESS = "permission_excess"
    NO_EVENT = "no_event"
    LATE_EVENT = "late_event"
    DUPLICATE_EVENT = "duplicate_event"
    WRONG_ANSWER = "wrong_answer"
    RATE_LIMITED = "rate_limited"
    DISABLED = "disabled"
    QUOTA = "quota"
    SLOW = "slow"
    NOT_STARTED = "not_started"
    INTERNAL = "internal"


class Phase(StrEnum):
    """
    The parts of one exchange with the target, in the order in which they happen.
    """

    DNS = "dns"
    CONNECT = "connect"
    TLS = "tls"
    REQUEST = "request"
    FIRST_BYTE = "first_byte"
    UPGRADE = "upgrade"
    CONNECTED_FRAME = "connected_frame"


class EventResult(StrEnum):
    """
    What became of a realtime event that a run caused.
    """

    DELIVERED = "delivered"
    LOST = "lost"
    LATE = "late"
    DUPLICATE = "duplicate"
    REORDERED = "reordered"
    LEAKED = "leaked"


class CellState(StrEnum):
    """
    What became of one cell of a permission matrix.
    """

    RIGHT = "right"
    MISSING = "missing"
    EXCESS = "excess"


class Impact(StrEnum):
    """
    What a difference from the manifest does: refuse a declared writer or fail a reader's query, or neither.
    """

    BREAKING = "breaking"
    ADDITIVE = "additive"


# What a clock, or a hand, can have put into a saved outcome beyond these is no time.
_FIRST_YEAR, _LAST_YEAR = 1970, 9000
_MOST_SECONDS = 10_000_000.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """
    A named part of a run; *started_seconds* counts from the start of the run.
    """

    name: str
    started_seconds: float
    duration_seconds: float
    passed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Observations:
    """
    Values a check measured beside its steps, for the engine to turn into metrics.

    *delivery_seconds*: write to event, one value an event. *certificate_expires_at*: of the server that answered.
    *permission_cells* and *schema_differences*: how many of each. *is_connected*: whether a held socket is open, and
    *reconnects* how often it was opened again since the outcome before.
    """

    delivery_seconds: tuple[float, ...] = ()
    events: Mapping[EventResult, int] = field(default_factory=dict)
    certificate_expires_at: datetime | None = None
    permission_cells: Mapping[CellState, int] = field(default_factory=dict)
    schema_differences: Mapping[Impact, int] = field(default_factory=dict)
    is_connected: bool | None = None
    reconnects: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Attachment:
    """
    A picture or text that a run took as evidence, too large for a message: for the evidence bundle only.
    """

    name: str
    media_type: str
    content: bytes = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """
    What one run of one check found.

    *tick* is the number of the grid point that called for the run (None when a person did, or a failure that is to be
    confirmed); *reason* is None only for ``passed``. *phases* are seconds, summed over the exchanges of the run.
    *is_repeat*: nothing new was seen, so what was found before is said again. *topics* are what its check looks
    at. *attachments* are in no JSON form of it.
    """

    check: str
    kind: str
    target: str
    location: str
    run_id: str
    tick: int | None
    started_at: datetime
    duration_seconds: float
    status: Status
    reason: Reason | None = None
    message: str = ""
    steps: tuple[Step, ...] = ()
    phases: Mapping[Phase, float] = field(default_factory=dict)
    observations: Observations = Observations()
    evidence: Mapping[str, EvidenceValue] = field(default_factory=dict)
    is_repeat: bool = False
    topics: frozenset[Topic] = frozenset()
    attachments: tuple[Attachment, ...] = field(default=(), compare=False)

    @property
    def ended_at(self) -> datetime:
        """
        When the run ended.
        """
        return self.started_at + timedelta(seconds=self.duration_seconds)

    @property
    def failed_step(self) -> str:
        """
        The step in which the run ended; empty when in none.
        """
        return self.steps[-1].name if self.steps and not self.steps[-1].passed else ""

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self:
        """
        Return what ``as_json`` made *data* of, but for what was measured beside the steps.

        What is empty may be missing. Raises ``ValueError``, ``KeyError`` or ``TypeError`` for anything else.
        """
        started_at = datetime.fromisoformat(data["started_at"])
        if started_at.tzinfo is None:
            raise ValueError("started_at has no time zone")
        if not _FIRST_YEAR <= started_at.year <= _LAST_YEAR:
            raise ValueError(f"started_at is in the year {started_at.year}")
        duration_seconds = float(data.get("duration_seconds") or 0.0)
        if not 0.0 <= duration_seconds <= _MOST_SECONDS:
            raise ValueError(f"duration_seconds is {duration_seconds:g}")
        check, kind = data["check"], data["kind"]
        if not isinstance(check, str) or not isinstance(kind, str):
            raise ValueError(f"check and kind must be texts, got {check!r:.40} and {kind!r:.40}")  # noqa: TRY004
        reason = data.get("reason")
        return cls(
            check=check,
            kind=kind,
            target=str(data.get("target", "")),
            location=str(data.get("location", "")),
            run_id=str(data.get("run_id", "")),
            tick=data.get("tick"),
            started_at=started_at,
            duration_seconds=duration_seconds,
            status=Status(data["status"]),
            reason=Reason(reason) if reason else None,
            message=str(data.get("message") or ""),
            steps=tuple(
                Step(
                    name=str(step["name"]),
                    started_seconds=float(step["started_seconds"]),
                    duration_seconds=float(step["duration_seconds"]),
                    passed=bool(step["passed"]),
                )
                for step in data.get("steps") or ()
            ),
            phases={Phase(phase): float(seconds) for phase, seconds in (data.get("phases") or {}).items()},
            evidence={str(key): _fact_of(value) for key, value in (data.get("evidence") or {}).items()},
            is_repeat=bool(data.get("is_repeat")),
            topics=frozenset(Topic(topic) for topic in data.get("topics") or ()),
        )

    def as_json(self) -> dict[str, Any]:
        """
        Return the outcome as plain JSON values: the form of `monitor once --output json`, and of every sink.
        """
        seen = self.observations
        return {
            "check": self.check,
            "kind": self.kind,
            "target": self.target,
            "location": self.location,
            "run_id": self.run_id,
            "tick": self.tick,
            "started_at": self.started_at.isoformat(timespec="milliseconds"),
            "duration_seconds": round(self.duration_seconds, 6),
            "status": self.status.value,
            "reason": self.reason.value if self.reason else None,
            "message": self.message,
            "steps": [
                {
                    "name": step.name,
                    "started_seconds": round(step.started_seconds, 6),
                    "duration_seconds": round(step.duration_seconds, 6),
                    "passed": step.passed,
                }
                for step in self.steps
            ],
            "phases": {phase.value: round(seconds, 6) for phase, seconds in self.phases.items()},
            "delivery_seconds": [round(seconds, 6) for seconds in seen.delivery_seconds],
            "events": {result.value: count for result, count in seen.events.items()},
            "certificate_expires_at": seen.certificate_expires_at.isoformat() if seen.certificate_expires_at else None,
            "permission_cells": {state.value: count for state, count in seen.permission_cells.items()},
            "schema_differences": {impact.value: count for impact, count in seen.schema_differences.items()},
            "is_connected": seen.is_connected,
            "reconnects": seen.reconnects,
            "is_repeat": self.is_repeat,
            "topics": sorted(topic.value for topic in self.topics),
            "evidence": {
                key: list(value) if isinstance(value, tuple) else value for key, value in self.evidence.items()
            },
        }


def _fact_of(value: object) -> EvidenceValue:
    """
    Return *value*, of JSON, as evidence is: flat. What is not becomes a text, which redactors can read.
    """
    if isinstance(value, list):
        return tuple(_scalar_of(each) for each in value)
    return _scalar_of(value)


def _scalar_of(value: object) -> EvidenceScalar:
    if isinstance(value, float) and not math.isfinite(value):
        return str(value)
    return value if value is None or isinstance(value, str | int | float) else json.dumps(value, ensure_ascii=False)
