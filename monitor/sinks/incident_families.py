"""
The families of what is wrong now, and of what waits to be told.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import product
from typing import Protocol

from prometheus_client.core import GaugeMetricFamily
from prometheus_client.metrics_core import Metric

from monitor.core.cause import Cause
from monitor.core.severity import Severity


@dataclass(frozen=True, slots=True, kw_only=True)
class Queue:
    """
    How many events wait for a sink, and since when the oldest does.
    """

    events: int
    oldest_at: datetime | None


class IncidentCounts(Protocol):
    """
    Whoever knows; asked from the thread that renders.
    """

    def open_findings(self) -> Mapping[tuple[str, str], bool]:
        """
        Return for every configured check, by name and kind, whether it is believed to be wrong.
        """

    def open_incidents(self) -> Sequence[tuple[Severity, Cause]]:
        """
        Return severity and cause of every incident that is open.
        """

    def queues(self) -> Mapping[str, Queue]:
        """
        Return what waits, by sink.
        """

    def proved_at(self) -> Mapping[str, datetime]:
        """
        Return when a canary page was last seen at the receiver, by sink.
        """


class IncidentFamilies:
    """
    Makes families of what *counts* says when somebody reads them.
    """

    def __init__(self, counts: IncidentCounts, place: tuple[str, str]) -> None:
        self._counts = counts
        self._place = place

    def collect(self) -> Iterator[Metric]:
        place = ("target", "location")
        finding = GaugeMetricFamily(
            "synthetic_finding_open", "1 while a check is believed to be wrong.", labels=("check", "kind", *place)
        )
        for (check, kind), is_open in self._counts.open_findings().items():
            finding.add_metric((check, kind, *self._place), float(is_open))
        yield finding
        incident = GaugeMetricFamily(
            "synthetic_incident_open", "Incidents that are open.", labels=("severity", "cause", *place)
        )
        found = self._counts.open_incidents()
        for severity, cause in product(Severity, Cause):
            incident.add_metric((severity, cause, *self._place), found.count((severity, cause)))
        yield incident
        yield from self._waiting()

    def _waiting(self) -> Iterator[Metric]:
        labels = ("sink", "target", "location")
        events = GaugeMetricFamily("synthetic_outbox_events", "Events that a sink has not acknowledged.", labels=labels)
        oldest = GaugeMetricFamily(
            "synthetic_outbox_oldest_timestamp_seconds", "When the oldest of them came to be.", labels=labels
        )
        for sink, queue in self._counts.queues().items():
            events.add_metric((sink, *self._place), queue.events)
            if queue.oldest_at is not None:
                oldest.add_metric((sink, *self._place), queue.oldest_at.timestamp())
        yield events
        yield oldest
        proved = GaugeMetricFamily(
            "synthetic_canary_page_last_seen_timestamp_seconds",
            "When a canary page was last seen at the receiver.",
            labels=labels,
        )
        for sink, at in self._counts.proved_at().items():
            proved.add_metric((sink, *self._place), at.timestamp())
        yield proved
