"""
What the HTTP face of the daemon shows: the shapes of ``/api/v1``, and what the status page is drawn from.

Times are ISO 8601 in UTC, durations seconds. Every text in here has passed the redactor.
"""

from datetime import datetime
from enum import StrEnum

from pydantic import BaseModel, ConfigDict, Field

from monitor.core.cause import Cause
from monitor.core.outcome import EvidenceValue, Phase, Reason, Status
from monitor.core.severity import Severity
from monitor.diagnosis.diagnosis import Confidence
from monitor.incidents.incident import Fault


class Shape(BaseModel):
    """
    What all of them have in common: they are made once, and hold what is declared.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")


class Health(StrEnum):
    """
    How the target is, the best first; ``unknown`` until something has been judged, and while nothing can be.
    """

    RIGHT = "right"
    DEGRADED = "degraded"
    WRONG = "wrong"
    UNKNOWN = "unknown"


class Bar(Shape):
    """
    One run of a check in short, of which many stand side by side.
    """

    run_id: str
    started_at: datetime
    duration_seconds: float
    status: Status
    reason: Reason | None = None


class RunStep(Shape):
    """
    A named part of a run; *started_seconds* counts from the start of the run.
    """

    name: str
    started_seconds: float
    duration_seconds: float
    passed: bool


class RunView(Bar):
    """
    One run, whole. *is_repeat* when it was made to confirm, or says again what was known.
    """

    message: str = ""
    steps: tuple[RunStep, ...] = ()
    phases: dict[Phase, float] = Field(default_factory=dict)
    evidence: dict[str, EvidenceValue] = Field(default_factory=dict)
    is_repeat: bool = False


class RunDetail(RunView):
    """
    One run of *check*, which is of that *kind*.
    """

    check: str
    kind: str


class CheckView(Shape):
    """
    One check as it stands.

    *status*, *reason* and *message* are those of the last verdict (None before the first), *since* when that status
    began. *is_failing*: its trouble is believed, and *incident* holds it. *bars* are its last runs, the oldest first,
    *last_run* the last of them, whole. *silenced_until* when its trouble pages somebody again.
    """

    name: str
    kind: str
    severity: Severity
    every_seconds: float
    status: Status | None = None
    reason: Reason | None = None
    message: str = ""
    since: datetime | None = None
    is_failing: bool = False
    incident: str | None = None
    silenced_until: datetime | None = None
    bars: tuple[Bar, ...] = ()
    last_run: RunView | None = None


class CheckDetail(CheckView):
    """
    One check with its last *runs*, the newest first.
    """

    runs: tuple[RunView, ...] = ()


class FindingView(Shape):
    """
    What one check has found wrong, as part of an incident.
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
    is_flapping: bool = False


class DiagnosisView(Shape):
    """
    Why an incident has the cause that it has, what to do, and what would change this opinion.
    """

    confidence: Confidence
    evidence_for: tuple[str, ...] = ()
    evidence_against: tuple[str, ...] = ()
    rivals: tuple[Cause, ...] = ()
    remedy: tuple[str, ...] = ()
    opinion: tuple[str, ...] = ()
    runbook: str = ""


class IncidentView(Shape):
    """
    One incident. *sinks* are those that are told of it, *told* is when each of them acknowledged it last; *resolved_at*
    None while it is open.
    """

    id: str
    severity: Severity
    cause: Cause
    summary: str
    failing_since: datetime
    opened_at: datetime
    resolved_at: datetime | None = None
    is_flapping: bool = False
    silenced_until: datetime | None = None
    sinks: tuple[str, ...] = ()
    told: dict[str, datetime] = Field(default_factory=dict)
    diagnosis: DiagnosisView | None = None
    findings: tuple[FindingView, ...] = ()


class SilenceView(Shape):
    """
    A silence that is in force: trouble of the *checks* (names or patterns) is measured and shown, and pages nobody.
    """

    id: str
    checks: tuple[str, ...]
    since: datetime
    until: datetime
    reason: str
    by: str


class StatusView(Shape):
    """
    Everything at one moment, *at*. *trouble* is what is wrong with the monitor itself, empty when nothing is.

    *incidents* are the open ones, the gravest first and what is silenced last; *resolved* the last that are over, the
    newest first. *checks* stand in the order of the configuration.
    """

    target: str
    location: str
    version: str
    at: datetime
    started_at: datetime
    health: Health
    trouble: str = ""
    checks: tuple[CheckView, ...] = ()
    incidents: tuple[IncidentView, ...] = ()
    resolved: tuple[IncidentView, ...] = ()
    silences: tuple[SilenceView, ...] = ()
