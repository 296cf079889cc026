"""
Every metric the daemon exports; no other module declares one.

Labels come from closed sets only. What a check can count is there at zero from the start, so that a first failure is
an increase; ``synthetic_check_up`` is absent before the first verdict and unchanged by what is no verdict.
"""

import asyncio
import zlib
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from itertools import chain, product

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    Info,
    ProcessCollector,
    disable_created_metrics,
)
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.exposition import choose_encoder
from prometheus_client.metrics_core import Metric

from monitor import __version__
from monitor.core.cause import Cause
from monitor.core.check import Check
from monitor.core.outcome import Outcome, Reason, Status
from monitor.core.severity import Severity
from monitor.incidents.incident import Fault, Incident
from monitor.sinks.base import Result
from monitor.sinks.check_families import CheckFamilies
from monitor.sinks.incident_families import IncidentCounts, IncidentFamilies
from monitor.sinks.series import CheckSeries

# Collection → how many things are left there, and since when the oldest of them is.
LeftoverCounts = Callable[[], Mapping[str, tuple[int, float | None]]]

_DETECTION_BUCKETS = (0.5, 1.0, 2.0, 3.0, 5.0, 10.0, 20.0, 30.0, 60.0, 120.0, 300.0, 900.0)
_LAG_BUCKETS = (0.001, 0.0025, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1.0, 5.0, 30.0)
_GZIP = 31
# Ways to write names that hold more than letters; ours do not, and are written in another way all the same.
_OTHER_NAMES = ("escaping=values", "escaping=dots")


class Metrics:
    """
    The metrics of one daemon, in a registry of its own.
    """

    def __init__(self, *, target: str, location: str) -> None:
        disable_created_metrics()  # type: ignore[no-untyped-call] # the library's only untyped function
        self._place = (target, location)
        self._series: dict[str, CheckSeries] = {}
        self._checks = CheckFamilies(self._series)
        self._registry = CollectorRegistry()
        # The ``process_*`` that every program has: memory, CPU, open files. By their usual names, so without a place.
        ProcessCollector(registry=self._registry)
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
        self.detection = Histogram(
            "synthetic_detection_seconds",
            "Start of the first failed run to the incident.",
            place,
            buckets=_DETECTION_BUCKETS,
            registry=registry,
        ).labels(*self._place)
        self._incidents = Counter(
            "synthetic_incidents_total", "Incidents opened.", ("severity", "cause", *place), registry=registry
        )
        self._deliveries = Counter(
            "synthetic_sink_deliveries_total",
            "Attempts to tell a sink of something.",
            ("sink", "result", *place),
            registry=registry,
        )
        self._takes_pages = Gauge(
            "synthetic_sink_takes_pages",
            "1 when a sink is told of what pages, 0 when it is not.",
            ("sink", *place),
            registry=registry,
        )
        for severity, cause in product(Severity, Cause):
            self._incidents.labels(severity, cause, *self._place)
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

    def count_incidents(self, counts: IncidentCounts) -> None:
        """
        Show from here on what is open and what waits for delivery, as *counts* says whenever somebody reads.
        """
        self._registry.register(IncidentFamilies(counts, self._place))

    def opened(self, incident: Incident) -> None:
        """
        Count an *incident* that has opened.
        """
        self._incidents.labels(incident.severity, incident.cause, *self._place).inc()
        if incident.findings and incident.findings[0].fault is Fault.TARGET:
            self.detection.observe(max(0.0, (incident.opened_at - incident.failing_since).total_seconds()))

    def deliver_to(self, sinks: Collection[str], *, pages: Collection[str]) -> None:
        """
        Let the attempts to tell each of *sinks* be there at zero, and say of each whether it is among *pages*: those
        that are told of what pages.
        """
        for sink, result in product(sinks, Result):
            self._deliveries.labels(sink, result, *self._place)
        # Those of the configuration before.
        self._takes_pages.clear()
        for sink in sinks:
            self._takes_pages.labels(sink, *self._place).set(sink in pages)

    def attempted(self, sink: str, result: Result) -> None:
        """
        Count an attempt to tell *sink* of something.
        """
        self._deliveries.labels(sink, result, *self._place).inc()

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
        Return every metric family as it stands.
        """
        return chain(self._checks.collect(), self._registry.collect())

    async def page(self, accept: str, *, gzip: bool = False) -> tuple[bytes, str]:
        """
        Return the page in the format that the *accept* header asks for (compressed, if asked), and its content type.

        Rendered in a thread, since 10,000 series hold the loop for 77 ms otherwise (measured), and part by part: the
        page of 1,000 checks in one piece made the process 40 MiB larger for good.
        """
        encode, content_type = choose_encoder(accept)
        if content_type.endswith(_OTHER_NAMES):
            parts: Iterable[bytes] = (encode(whole) for whole in (self,))
        else:
            checks = self._checks.text(openmetrics=content_type.startswith("application/openmetrics-text"))
            parts = chain((part.encode() for part in checks), (encode(rest) for rest in (self._registry,)))
        return await asyncio.to_thread(_joined, parts, gzip=gzip), content_type


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


def _joined(parts: Iterable[bytes], *, gzip: bool) -> bytes:
    """
    Return *parts* as one, compressed if *gzip*. What makes them works here, in the thread of whoever calls.
    """
    if not gzip:
        return b"".join(parts)
    compressor = zlib.compressobj(level=1, wbits=_GZIP)
    return b"".join([*(compressor.compress(part) for part in parts), compressor.flush()])
