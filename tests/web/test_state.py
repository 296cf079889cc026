"""
What is kept of the checks: how it is, since when, and at what cost.
"""

import tracemalloc
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from monitor.core.cause import Cause
from monitor.core.clock import SystemClock
from monitor.core.outcome import Attachment, EvidenceValue, Outcome, Reason, Status
from monitor.core.redaction import Redactor
from monitor.core.severity import Severity
from monitor.diagnosis.diagnosis import Confidence, Diagnosis
from monitor.incidents.incident import Fault, Finding, Incident
from monitor.web.bars import MOST_BARS, Bars
from monitor.web.health import health_of
from monitor.web.record import Record, Standing
from monitor.web.state import State
from monitor.web.views import incident_view
from tests.outcomes import outcome_of
from tests.web.serving import settings_of

START = datetime(2026, 1, 23, 9, 33, tzinfo=UTC)
CHECK = settings_of().checks["chat-delivery"]


def end(status: Status, minute: int, **settings: object) -> Outcome:
    reason = None if status is Status.PASSED else Reason.NO_EVENT
    return outcome_of(status, reason, started_at=START + timedelta(minutes=minute), **settings)


def record_of(*statuses: Status) -> Record:
    record = Record(check=CHECK)
    for minute, status in enumerate(statuses):
        record.add(end(status, minute))
    return record


def test_bars_are_the_last_runs_as_they_were() -> None:
    bars = Bars()
    ends = [end(status, minute, run_id=f"{minute:016}") for minute in range(20) for status in Status]

    for each in ends:
        bars.add(each)

    shown = bars.views()
    assert len(shown) == MOST_BARS
    assert [(bar.run_id, bar.started_at, bar.duration_seconds, bar.status, bar.reason) for bar in shown] == [
        (each.run_id, each.started_at, each.duration_seconds, each.status, each.reason) for each in ends[-MOST_BARS:]
    ]


P, D, F, E, M = Status.PASSED, Status.DEGRADED, Status.FAILED, Status.ERRORED, Status.MISSED


@pytest.mark.parametrize(
    ("statuses", "status", "since_minute"),
    [
        pytest.param((P, P, P), P, 0, id="as-ever"),
        pytest.param((P, F, F), F, 1, id="changed"),
        pytest.param((F, P, F), F, 2, id="changed-twice"),
        pytest.param((P, D), D, 1, id="slower"),
        pytest.param((P, E, M), P, 0, id="what-is-no-verdict-changes-nothing"),
        pytest.param((P, E, P), P, 0, id="nor-interrupts"),
    ],
)
def test_the_verdict_stands_since_it_began(statuses: tuple[Status, ...], status: Status, since_minute: int) -> None:
    view = record_of(*statuses).view(Standing(), Redactor())

    assert (view.status, view.since) == (status, START + timedelta(minutes=since_minute))
    assert view.last_run is not None
    assert view.last_run.status == statuses[-1]


def test_the_last_run_is_kept_without_pictures_and_with_bounded_evidence() -> None:
    record = Record(check=CHECK)
    picture = Attachment(name="page.png", media_type="image/png", content=b"x" * 100_000)
    evidence: dict[str, EvidenceValue] = {"first": "a", "long": ("y" * 1000,) * 10, "last": "b"}

    record.add(end(F, 0, attachments=(picture,), evidence=evidence))

    assert record.last is not None
    assert record.last.attachments == ()
    assert record.last.evidence.keys() == {"first", "left_out"}


def finding(
    fault: Fault = Fault.TARGET, reason: Reason = Reason.NO_EVENT, severity: Severity = Severity.PAGE
) -> Finding:
    return Finding(
        check="chat-delivery", kind="realtime_delivery", fault=fault, severity=severity, reason=reason, message="",
        step="", run_id="", since=START, opened_at=START,
    )  # fmt: skip


def incident(*findings: Finding, severity: Severity = Severity.PAGE) -> Incident:
    return Incident(
        id="1", target="t", location="l", severity=severity, cause=Cause.UNKNOWN, summary="", remedy="",
        findings=findings, failing_since=START, opened_at=START,
    )  # fmt: skip


def test_an_incident_is_shown_without_secrets() -> None:
    texts = ("the key is hunter2-and-more",)
    diagnosis = Diagnosis(
        cause=Cause.UNKNOWN, confidence=Confidence.UNKNOWN, summary=texts[0], evidence_for=texts,
        evidence_against=texts, remedy=texts, opinion=texts,
    )  # fmt: skip
    found = replace(incident(replace(finding(), message=texts[0])), summary=texts[0], diagnosis=diagnosis)

    shown = incident_view(found, Redactor(["hunter2-and-more"])).model_dump_json()

    assert "hunter2" not in shown
    assert shown.count("the key is [redacted]") == 6


@pytest.mark.parametrize(
    ("incidents", "statuses", "health"),
    [
        pytest.param([], (), "unknown", id="nothing-has-run"),
        pytest.param([], (P,), "right", id="right"),
        pytest.param([], (P, F), "right", id="a-failure-that-is-not-believed"),
        pytest.param([], (P, M), "right", id="missed"),
        pytest.param([], (P, E), "unknown", id="cannot-be-judged-now"),
        pytest.param([incident(finding())], (F,), "wrong", id="wrong"),
        pytest.param([incident(finding())], (E,), "wrong", id="wrong-though-it-cannot-be-judged-now"),
        pytest.param([incident(finding(reason=Reason.SLOW))], (D,), "degraded", id="slow"),
        pytest.param([incident(finding(reason=Reason.SLOW), finding())], (F,), "wrong", id="slow-and-wrong"),
        pytest.param([incident(finding(fault=Fault.OWN))], (E,), "unknown", id="our-own-fault"),
        pytest.param([incident(finding(severity=Severity.INFO))], (F,), "right", id="for-information"),
        pytest.param([incident(finding(), severity=Severity.INFO)], (F,), "right", id="its-cause-is-for-information"),
    ],
)
def test_health_is_what_is_believed_of_the_target(
    incidents: list[Incident], statuses: tuple[Status, ...], health: str
) -> None:
    assert health_of(incidents, [record_of(*statuses)]) == health


def test_a_thousand_checks_cost_less_than_ten_mebibytes() -> None:
    # A tenth of them: counting every allocation takes its time.
    settings = settings_of([f"check-{number}" for number in range(100)])
    tracemalloc.start()
    try:
        state = State(settings, SystemClock())
        for name in settings.checks:
            for minute in range(MOST_BARS):
                evidence = {f"fact-{number}": f"of run {minute} and more words" for number in range(8)}
                state.observe(end(F, minute, check=name, run_id=f"{minute:016}", message="x" * 150, evidence=evidence))
        taken, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()

    assert taken / (1 << 20) < 1.0
