"""
The families of what is counted for each check: names, texts, labels, and where each value is found.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from enum import StrEnum
from typing import TypeVar

from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily
from prometheus_client.metrics_core import Metric

from monitor.sinks.series import CheckSeries
from monitor.sinks.series import Histogram as Counts

# A label whose values are a closed set.
L = TypeVar("L", bound=StrEnum)
FamilyOf = Callable[[Sequence[CheckSeries]], Metric]

_CHECK = ("check", "kind", "target", "location")
_CHECKS_IN_A_PART = 100


class CheckFamilies:
    """
    Makes families of the numbers of all checks when somebody reads them, each in parts of a hundred checks.
    """

    def __init__(self, series: dict[str, CheckSeries]) -> None:
        self._series = series

    def collect(self) -> Iterator[Metric]:
        # A copy: the reader is in another thread, and a reload changes the table.
        series = tuple(self._series.values())
        for family_of in _FAMILIES:
            for start in range(0, max(1, len(series)), _CHECKS_IN_A_PART):
                yield family_of(series[start : start + _CHECKS_IN_A_PART])


def _gauge(name: str, text: str, value_of: Callable[[CheckSeries], float | None]) -> FamilyOf:
    def family_of(series: Sequence[CheckSeries]) -> Metric:
        family = GaugeMetricFamily(name, text, labels=_CHECK)
        for one in series:
            if (value := value_of(one)) is not None:
                family.add_metric(one.labels, float(value))
        return family

    return family_of


def _gauges(name: str, text: str, label: str, values_of: Callable[[CheckSeries], Mapping[L, float]]) -> FamilyOf:
    def family_of(series: Sequence[CheckSeries]) -> Metric:
        family = GaugeMetricFamily(name, text, labels=(*_CHECK, label))
        for one in series:
            for value, number in tuple(values_of(one).items()):
                family.add_metric((*one.labels, value), number)
        return family

    return family_of


def _counter(name: str, text: str, label: str, counts_of: Callable[[CheckSeries], Mapping[L, int]]) -> FamilyOf:
    def family_of(series: Sequence[CheckSeries]) -> Metric:
        family = CounterMetricFamily(name, text, labels=(*_CHECK, label))
        for one in series:
            for value, count in tuple(counts_of(one).items()):
                family.add_metric((*one.labels, value), count)
        return family

    return family_of


def _histogram(
    name: str, text: str, histograms_of: Callable[[CheckSeries], Mapping[str, Counts]], *, label: str | None = None
) -> FamilyOf:
    def family_of(series: Sequence[CheckSeries]) -> Metric:
        family = HistogramMetricFamily(name, text, labels=(*_CHECK, label) if label else _CHECK)
        for one in series:
            for value, histogram in tuple(histograms_of(one).items()):
                labels = (*one.labels, value) if label else one.labels
                family.add_metric(labels, histogram.buckets(), histogram.total_seconds)
        return family

    return family_of


def _reconnects(series: Sequence[CheckSeries]) -> Metric:
    family = CounterMetricFamily(
        "synthetic_realtime_reconnects", "Times a held socket was opened again.", labels=_CHECK
    )
    for one in series:
        if one.reconnects is not None:
            family.add_metric(one.labels, one.reconnects)
    return family


_FAMILIES: tuple[FamilyOf, ...] = (
    _gauge("synthetic_check_up", "1 when the last verdict was passed or degraded.", lambda one: one.up),
    _gauge("synthetic_check_interval_seconds", "Interval.", lambda one: one.interval_seconds),
    _gauge("synthetic_check_last_run_timestamp_seconds", "End of the last run.", lambda one: one.last_run_at),
    _gauge(
        "synthetic_check_last_success_timestamp_seconds",
        "End of the last run that was right.",
        lambda one: one.last_success_at,
    ),
    _gauge(
        "synthetic_certificate_expiry_timestamp_seconds",
        "End of the certificate presented.",
        lambda one: one.certificate_expires_at,
    ),
    _gauge("synthetic_realtime_connected", "Whether the held socket is open.", lambda one: one.is_connected),
    _counter("synthetic_check_runs", "Runs, by final status.", "status", lambda one: one.runs),
    _counter("synthetic_check_failures", "Failed runs, by reason.", "reason", lambda one: one.failures),
    _counter("synthetic_realtime_events", "Events caused, by result.", "result", lambda one: one.events),
    _reconnects,
    _gauges("synthetic_permission_cells", "Cells of the matrix, by state.", "state", lambda one: one.cells),
    _gauges("synthetic_schema_differences", "Differences from the manifest.", "severity", lambda one: one.differences),
    _gauges(
        "synthetic_check_phase_duration_seconds", "Time of a phase in the last run.", "phase", lambda one: one.phases
    ),
    _histogram("synthetic_check_duration_seconds", "Time of a run.", lambda one: {"": one.duration}),
    _histogram("synthetic_check_step_duration_seconds", "Time of a step.", lambda one: one.steps, label="step"),
    _histogram(
        "synthetic_realtime_delivery_seconds",
        "Write to event, at another identity.",
        lambda one: {"": one.delivery} if one.delivery else {},
    ),
)
