"""
Every metric the daemon exports; no other module declares one.

Labels come from closed sets only. What a check can count is there at zero from the start, so that a first failure is
an increase; ``synthetic_check_up`` is absent before the first verdict and unchanged by what is no verdict.
"""

import asyncio
import zlib
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeVar

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, Info, disable_created_metrics
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily
from prometheus_client.exposition import choose_encoder
from prometheus_client.metrics_core import Metric

from monitor import __version__
from monitor.core.check import Check
from monitor.core.outcome import Outcome, Reason, Status
from monitor.sinks.series import CheckSeries
from monitor.sinks.series import Histogram as Counts

# A label whose values are a closed set.
L = TypeVar("L", bound=StrEnum)
FamilyOf = Callable[[Sequence[CheckSeries]], Metric]
# Collection → how many things are left there, and since when the oldest of them is.
LeftoverCounts = Callable[[], Mapping[str, tuple[int, float | None]]]

_CHECK = ("check", "kind", "target", "location")
_CHECKS_IN_A_PART = 100
_LAG_BUCKETS = (0.001, 0.0025, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1.0, 5.0, 30.0)
# Of OpenMetrics, at the end of the whole page and not of each family.
_END = b"# EOF\n"
_GZIP = 31


class Metrics:
    """
    The metrics of one daemon, in a registry of its own.
    """

    def __init__(self, *, target: str, location: str) -> None:
        disable_created_metrics()  # type: ignore[no-untyped-call] # the library's only untyped function
        self._place = (target, location)
        self._series: dict[str, CheckSeries] = {}
        self._registry = CollectorRegistry()
        self._registry.register(_Checks(self._series))
        place, registry = ("target", "location"), self._registry
        self.schedule_lag = Histogram(
            "synthetic_schedule_lag_seconds",
            "Grid point to the call for a run.",
            place,
            buckets=_LAG_BUCKETS,
            registry=registry,
        ).labels(*self._place)
        self.loop_lag = Histogram(
            "synthetic_loop_lag_seconds",
            "Lateness of the loop's own beat.",
            place,
            buckets=_LAG_BUCKETS,
            registry=registry,
        ).labels(*self._place)
        self.runs_missed = Counter(
            "synthetic_runs_missed_total", "Runs that could not start.", place, registry=registry
        ).labels(*self._place)
        self.clock_jumps = Counter(
            "synthetic_clock_jumps_total", "Times the wall clock was set.", place, registry=registry
        ).labels(*self._place)
        self.reload_success = Gauge(
            "synthetic_config_reload_success",
            "0 when the last reload of the configuration was refused.",
            place,
            registry=registry,
        ).labels(*self._place)
        self.reload_success.set(1)
        self._config = Info("synthetic_config", "Configuration in force.", place, registry=registry).labels(
            *self._place
        )
        Info("synthetic_build", "This program.", registry=registry).info({"version": __version__})

    def configured(self, digest: str) -> None:
        """
        Name the configuration in force by a *digest* of it.
        """
        self._config.info({"hash": digest})

    def count_leftovers(self, counts: LeftoverCounts) -> None:
        """
        Show from here on how much is left in the target, as *counts* says whenever somebody reads.
        """
        self._registry.register(_Leftovers(counts, self._place))

    def expect(self, check: Check, *, reasons: Collection[Reason], steps: Iterable[str]) -> None:
        """
        Let every series of *check* be there at zero: *reasons* with which its kind can fail, *steps* that it makes.
        """
        labels = (check.name, check.kind(), *self._place)
        self._series[check.name] = CheckSeries(check, labels, reasons=reasons, steps=steps)

    def forget(self, name: str) -> None:
        """
        Remove every series of the check called *name*: a check that is gone must not stay "up".
        """
        self._series.pop(name, None)

    def observe(self, outcome: Outcome) -> None:
        """
        Count one outcome.
        """
        if outcome.status is Status.MISSED:
            self.runs_missed.inc()
        if series := self._series.get(outcome.check):
            series.observe(outcome)

    def collect(self) -> Iterable[Metric]:
        """
        Return every metric family as it stands; a large one comes in several parts, one after the other.
        """
        return self._registry.collect()

    async def page(self, accept: str, *, gzip: bool = False) -> tuple[bytes, str]:
        """
        Return the page in the format that the *accept* header asks for (compressed, if asked), and its content type.

        Rendered in a thread, since 10,000 series hold the loop for 77 ms otherwise (measured), and part by part: the
        page of 1,000 checks in one piece made the process 40 MiB larger for good.
        """
        encode, content_type = choose_encoder(accept)
        return await asyncio.to_thread(_render, self.collect(), encode, gzip=gzip), content_type


class _Leftovers:
    """
    Makes families of what is left in the target.
    """

    def __init__(self, counts: LeftoverCounts, place: tuple[str, str]) -> None:
        self._counts = counts
        self._place = place

    def collect(self) -> Iterator[Metric]:
        labels = ("collection", "target", "location")
        number = GaugeMetricFamily(
            "synthetic_leftovers", "What ended runs have made and is not known to be removed.", labels=labels
        )
        oldest = GaugeMetricFamily(
            "synthetic_leftover_oldest_timestamp_seconds", "When the oldest of them was made.", labels=labels
        )
        for collection, (count, since) in self._counts().items():
            number.add_metric((collection, *self._place), count)
            if since is not None:
                oldest.add_metric((collection, *self._place), since)
        yield number
        yield oldest


@dataclass(frozen=True, slots=True)
class _One:
    """
    A registry of one family.
    """

    family: Metric

    def collect(self) -> Iterator[Metric]:
        yield self.family


def _render(families: Iterable[Metric], encode: Callable[..., bytes], *, gzip: bool) -> bytes:
    compressor = zlib.compressobj(level=1, wbits=_GZIP) if gzip else None
    chunks, end, name = [], b"", ""
    for family in families:
        chunk = encode(_One(family))
        if chunk.endswith(_END):
            chunk, end = chunk[: -len(_END)], _END
        if family.name == name:
            # A further part of the same family: its HELP and TYPE have been said.
            chunk = chunk.split(b"\n", 2)[2]
        name = family.name
        chunks.append(compressor.compress(chunk) if compressor else chunk)
    chunks.append(compressor.compress(end) + compressor.flush() if compressor else end)
    return b"".join(chunks)


class _Checks:
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
