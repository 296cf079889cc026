"""
What ``/probe`` answers: the metrics of one run, and of nothing before it, in the way of blackbox_exporter.
"""

from collections.abc import Collection, Iterable

from prometheus_client import CollectorRegistry, Gauge
from prometheus_client.exposition import generate_latest

from monitor.core.check import Check
from monitor.core.outcome import Outcome, Reason, Status
from monitor.sinks.check_families import CheckFamilies
from monitor.sinks.series import CheckSeries

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"


def probe_page(check: Check, outcome: Outcome, *, reasons: Collection[Reason], steps: Iterable[str]) -> bytes:
    """
    Return *outcome* of *check*, whose kind can fail for these *reasons* and makes these *steps*, in the text format.

    ``probe_success`` is absent when the run is no verdict on the target: an alert on 0 must not blame it.
    """
    registry = CollectorRegistry()
    if outcome.status.is_verdict:
        success = Gauge("probe_success", "1 when the run passed, or was degraded.", registry=registry)
        success.set(outcome.status is not Status.FAILED)
    duration = Gauge("probe_duration_seconds", "Time of the run.", registry=registry)
    duration.set(outcome.duration_seconds)
    labels = (check.name, check.kind(), outcome.target, outcome.location)
    series = CheckSeries(check, labels, reasons=reasons, steps=steps)
    series.observe(outcome)
    registry.register(CheckFamilies({check.name: series}))
    return generate_latest(registry)
