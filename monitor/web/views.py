"""
What outcomes, incidents and silences look like when they are shown: without secrets, and in the shapes of ``model``.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from monitor.alerting.keeper import plain
from monitor.core.outcome import Outcome
from monitor.core.redaction import redact_texts
from monitor.diagnosis.diagnosis import Diagnosis
from monitor.incidents.incident import Finding, Incident
from monitor.incidents.silence import Silence
from monitor.web.model import DiagnosisView, FindingView, IncidentView, RunDetail, RunStep, RunView, SilenceView

Redact = Callable[[str], str]


def run_view(outcome: Outcome, redact: Redact) -> RunView:
    """
    Return *outcome* as it is shown.
    """
    return run_view_of(plain(outcome.as_json()), redact)


def run_view_of(document: Mapping[str, Any], redact: Redact) -> RunView:
    """
    Return what a run's *document* says, of the form that ``Outcome.as_json`` gives it.

    Raises what ``Outcome.from_json`` does for anything else.
    """
    seen = Outcome.from_json(document)
    return RunView(
        run_id=seen.run_id,
        started_at=seen.started_at,
        duration_seconds=seen.duration_seconds,
        status=seen.status,
        reason=seen.reason,
        message=redact(seen.message),
        steps=tuple(
            RunStep(
                name=step.name,
                started_seconds=step.started_seconds,
                duration_seconds=step.duration_seconds,
                passed=step.passed,
            )
            for step in seen.steps
        ),
        phases=dict(seen.phases),
        evidence={name: _fact(redact_texts(value, redact)) for name, value in seen.evidence.items()},
        is_repeat=seen.is_repeat,
    )


def run_detail(outcome: Outcome, redact: Redact) -> RunDetail:
    """
    Return *outcome* as it is shown by itself.
    """
    return RunDetail.model_construct(**dict(run_view(outcome, redact)), check=outcome.check, kind=outcome.kind)


def incident_view(
    incident: Incident,
    redact: Redact,
    *,
    sinks: tuple[str, ...] = (),
    told: Mapping[str, datetime] | None = None,
    silenced_until: datetime | None = None,
) -> IncidentView:
    """
    Return *incident* as it is shown; *sinks* are those that are told of it, *told* when each acknowledged it last.
    """
    return IncidentView(
        id=incident.id,
        severity=incident.severity,
        cause=incident.cause,
        summary=redact(incident.summary),
        failing_since=incident.failing_since,
        opened_at=incident.opened_at,
        resolved_at=incident.resolved_at,
        is_flapping=incident.is_flapping,
        silenced_until=silenced_until,
        sinks=sinks,
        told=dict(told or {}),
        diagnosis=_diagnosis_view(incident.diagnosis, redact) if incident.diagnosis else None,
        findings=tuple(_finding_view(finding, redact) for finding in incident.findings),
    )


def silence_view(silence: Silence, redact: Redact) -> SilenceView:
    """
    Return *silence* as it is shown.
    """
    return SilenceView(
        id=silence.id,
        checks=silence.checks,
        since=silence.since,
        until=silence.until,
        reason=redact(silence.reason),
        by=silence.by,
    )


def _fact(value: object) -> Any:
    return tuple(value) if isinstance(value, list) else value


def _diagnosis_view(diagnosis: Diagnosis, redact: Redact) -> DiagnosisView:
    def texts(lines: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(redact(line) for line in lines)

    return DiagnosisView(
        confidence=diagnosis.confidence,
        evidence_for=texts(diagnosis.evidence_for),
        evidence_against=texts(diagnosis.evidence_against),
        rivals=diagnosis.rivals,
        remedy=texts(diagnosis.remedy),
        opinion=texts(diagnosis.opinion),
        runbook=diagnosis.runbook,
    )


def _finding_view(finding: Finding, redact: Redact) -> FindingView:
    return FindingView(
        check=finding.check,
        kind=finding.kind,
        fault=finding.fault,
        severity=finding.severity,
        reason=finding.reason,
        message=redact(finding.message),
        step=finding.step,
        run_id=finding.run_id,
        since=finding.since,
        is_flapping=finding.is_flapping,
    )
