"""
The families of what is counted for each check: names, texts, labels, and where each value is found.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence

from prometheus_client.metrics_core import Metric

from monitor.sinks.family import ByLabel, Counters, Family, Gauges, Histograms
from monitor.sinks.series import CheckSeries

_CHECKS_IN_A_PART = 100


class CheckFamilies:
    """
    All families of all checks, for whoever reads them.
    """

    def __init__(self, series: Mapping[str, CheckSeries]) -> None:
        self._series = series

    def collect(self) -> Iterator[Metric]:
        """
        Yield them as the library has them.
        """
        series = tuple(self._series.values())
        for family in FAMILIES:
            yield family.metric(series)

    def text(self, *, openmetrics: bool) -> Iterator[str]:
        """
        Yield them as text, in parts of a hundred checks.
        """
        # A copy: the reader is in another thread, and a reload changes the table.
        series = tuple(self._series.values())
        for family in FAMILIES:
            yield family.head(openmetrics=openmetrics)
            for start in range(0, len(series), _CHECKS_IN_A_PART):
                part = series[start : start + _CHECKS_IN_A_PART]
                yield "".join([line for one in part for line in family.lines(one, openmetrics=openmetrics)])


def _value(value_of: Callable[[CheckSeries], float | None]) -> Callable[[CheckSeries], ByLabel]:
    """
    Return what gives the one value of a check, or none at all.
    """

    def values_of(one: CheckSeries) -> ByLabel:
        value = value_of(one)
        return {} if value is None else {"": float(value)}

    return values_of


FAMILIES: Sequence[Family] = (
    Gauges("synthetic_check_up", "1 when the last verdict was passed or degraded.", "", _value(lambda one: one.up)),
    Gauges("synthetic_check_interval_seconds", "Interval.", "", _value(lambda one: one.interval_seconds)),
    Gauges(
        "synthetic_check_last_run_timestamp_seconds", "End of the last run.", "", _value(lambda one: one.last_run_at)
    ),
    Gauges(
        "synthetic_check_last_success_timestamp_seconds",
        "End of the last run that was right.",
        "",
        _value(lambda one: one.last_success_at),
    ),
    Gauges(
        "synthetic_certificate_expiry_timestamp_seconds",
        "End of the certificate presented.",
        "",
        _value(lambda one: one.certificate_expires_at),
    ),
    Gauges(
        "synthetic_realtime_connected", "Whether the held socket is open.", "", _value(lambda one: one.is_connected)
    ),
    Counters("synthetic_check_runs", "Runs, by final status.", "status", lambda one: one.runs),
    Counters("synthetic_check_failures", "Failed runs, by reason.", "reason", lambda one: one.failures),
    Counters("synthetic_check_step_failures", "Steps that failed, by name.", "step", lambda one: one.step_failures),
    Counters("synthetic_realtime_events", "Events caused, by result.", "result", lambda one: one.events),
    Counters(
        "synthetic_realtime_reconnects",
        "Times a held socket was opened again.",
        "",
        _value(lambda one: one.reconnects),
    ),
    Gauges("synthetic_permission_cells", "Cells of the matrix, by state.", "state", lambda one: one.cells),
    Gauges("synthetic_schema_differences", "Differences from the manifest.", "severity", lambda one: one.differences),
    Gauges(
        "synthetic_check_phase_duration_seconds", "Time of a phase in the last run.", "phase", lambda one: one.phases
    ),
    Histograms("synthetic_check_duration_seconds", "Time of a run.", "", lambda one: {"": one.duration}),
    Histograms("synthetic_check_step_duration_seconds", "Time of a step.", "step", lambda one: one.steps),
    Histograms(
        "synthetic_realtime_delivery_seconds",
        "Write to event, at another identity.",
        "",
        lambda one: {"": one.delivery} if one.delivery else {},
    ),
)
