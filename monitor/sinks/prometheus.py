"""
Every metric the daemon exports; no other module declares one.

Labels come from closed sets only. What a check can count is there at zero from the start, so that a first failure is
an increase; ``synthetic_check_up`` is absent before the first verdict and unchanged by what is no verdict.
"""

import asyncio
from collections.abc import Collection, Iterable
from typing import TypeVar

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    Info,
    disable_created_metrics,
)
from prometheus_client.exposition import choose_encoder
from prometheus_client.metrics_core import Metric

from monitor import __version__
from monitor.core.check import Check
from monitor.core.outcome import EventResult, Outcome, Phase, Reason, Status

_RUN_BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0)
_LAG_BUCKETS = (0.001, 0.0025, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1.0, 5.0, 30.0)
# Around the platform's objective for an event, 500 ms.
_DELIVERY_BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.2, 0.3, 0.5, 0.75, 1.0, 2.0, 5.0, 10.0)

M = TypeVar("M", Gauge, Counter, Histogram)


class Metrics:
    """
    The metrics of one daemon, in a registry of its own.
    """

    def __init__(self, *, target: str, location: str) -> None:
        disable_created_metrics()  # type: ignore[no-untyped-call] # the library's only untyped function
        self._registry = CollectorRegistry()
        self._place = (target, location)
        self._series: dict[str, _CheckSeries] = {}
        self._by_check: list[Gauge | Counter | Histogram] = []
        check = ("check", "kind", "target", "location")
        gauge, counter, histogram = self._gauge, self._counter, self._histogram
        self.up = gauge("synthetic_check_up", "1 when the last verdict was passed or degraded.", check)
        self.runs = counter("synthetic_check_runs_total", "Runs, by final status.", (*check, "status"))
        self.failures = counter("synthetic_check_failures_total", "Runs that failed, by reason.", (*check, "reason"))
        self.duration = histogram("synthetic_check_duration_seconds", "Time of a run.", check, _RUN_BUCKETS)
        self.step_duration = histogram(
            "synthetic_check_step_duration_seconds", "Time of a step.", (*check, "step"), _RUN_BUCKETS
        )
        self.phase_duration = gauge(
            "synthetic_check_phase_duration_seconds", "Time of a phase in the last run.", (*check, "phase")
        )
        self.last_run = gauge("synthetic_check_last_run_timestamp_seconds", "End of the last run.", check)
        self.last_success = gauge(
            "synthetic_check_last_success_timestamp_seconds", "End of the last run that passed or was degraded.", check
        )
        self.interval = gauge("synthetic_check_interval_seconds", "Interval of the check.", check)
        self.delivery = histogram(
            "synthetic_realtime_delivery_seconds", "Write to event, at another identity.", check, _DELIVERY_BUCKETS
        )
        self.events = counter("synthetic_realtime_events_total", "Events caused, by result.", (*check, "result"))
        self.certificate_expiry = gauge(
            "synthetic_certificate_expiry_timestamp_seconds", "End of the certificate that was presented.", check
        )
        place = ("target", "location")
        self.schedule_lag = histogram(
            "synthetic_schedule_lag_seconds", "Grid point to start of the run.", place, _LAG_BUCKETS
        ).labels(*self._place)
        self.runs_missed = counter("synthetic_runs_missed_total", "Runs that could not start.", place).labels(
            *self._place
        )
        self.loop_lag = histogram(
            "synthetic_loop_lag_seconds", "Lateness of the event loop's own beat.", place, _LAG_BUCKETS
        ).labels(*self._place)
        self.clock_jumps = counter("synthetic_clock_jumps_total", "Times the wall clock was set.", place).labels(
            *self._place
        )
        self.reload_success = gauge(
            "synthetic_config_reload_success", "0 when the last reload of the configuration was refused.", place
        ).labels(*self._place)
        self.reload_success.set(1)
        self._config = Info("synthetic_config", "Configuration in force.", place, registry=self._registry)
        build = Info("synthetic_build", "This program.", registry=self._registry)
        build.info({"version": __version__})

    def configured(self, digest: str) -> None:
        """
        Name the configuration in force by a *digest* of it.
        """
        self._config.labels(*self._place).info({"hash": digest})

    def expect(self, check: Check, *, reasons: Collection[Reason]) -> None:
        """
        Let every series of *check* be there at zero, *reasons* being those with which its kind can fail.
        """
        series = self._of(check)
        self.interval.labels(*series.labels).set(check.every_seconds)
        for status in Status:
            self.runs.labels(*series.labels, status)
        for reason in reasons:
            self.failures.labels(*series.labels, reason)
        # A kind that can miss an event is one that causes them.
        for result in EventResult if Reason.NO_EVENT in reasons else ():
            self.events.labels(*series.labels, result)

    def forget(self, name: str) -> None:
        """
        Remove every series of the check called *name*: a check that is gone must not stay "up".
        """
        self._series.pop(name, None)
        for metric in self._by_check:
            metric.remove_by_labels({"check": name})

    def observe(self, check: Check, outcome: Outcome) -> None:
        """
        Count one outcome.
        """
        series = self._of(check)
        self.runs.labels(*series.labels, outcome.status).inc()
        if outcome.status is Status.MISSED:
            self.runs_missed.inc()
            return
        ended_at = outcome.started_at.timestamp() + outcome.duration_seconds
        series.last_run.set(ended_at)
        if not outcome.status.is_verdict:
            return
        series.up.set(outcome.status is not Status.FAILED)
        series.duration.observe(outcome.duration_seconds, {"run_id": outcome.run_id})
        if outcome.status is Status.FAILED:
            self.failures.labels(*series.labels, outcome.reason).inc()
        else:
            series.last_success.set(ended_at)
        self._observe_details(series, outcome)

    def _observe_details(self, series: "_CheckSeries", outcome: Outcome) -> None:
        for step in outcome.steps:
            series.step(step.name).observe(step.duration_seconds)
        for phase, seconds in outcome.phases.items():
            series.phase(phase).set(seconds)
        seen = outcome.observations
        for seconds in seen.delivery_seconds:
            self.delivery.labels(*series.labels).observe(seconds, {"run_id": outcome.run_id})
        for result, count in seen.events.items():
            self.events.labels(*series.labels, result).inc(count)
        if seen.certificate_expires_at:
            self.certificate_expiry.labels(*series.labels).set(seen.certificate_expires_at.timestamp())

    def collect(self) -> Iterable[Metric]:
        """
        Return every metric family as it stands.
        """
        return self._registry.collect()

    async def page(self, accept: str) -> tuple[bytes, str]:
        """
        Return the page in the format that the *accept* header asks for, and its content type.

        Rendered in a thread: 10,000 series hold the loop for 77 ms otherwise (measured).
        """
        encode, content_type = choose_encoder(accept)
        return await asyncio.to_thread(encode, self._registry), content_type

    def _of(self, check: Check) -> "_CheckSeries":
        series = self._series.get(check.name)
        if series is None:
            series = self._series[check.name] = _CheckSeries(self, (check.name, check.kind(), *self._place))
        return series

    def _gauge(self, name: str, text: str, labels: tuple[str, ...]) -> Gauge:
        return self._keep(Gauge(name, text, labels, registry=self._registry), labels)

    def _counter(self, name: str, text: str, labels: tuple[str, ...]) -> Counter:
        return self._keep(Counter(name, text, labels, registry=self._registry), labels)

    def _histogram(self, name: str, text: str, labels: tuple[str, ...], buckets: tuple[float, ...]) -> Histogram:
        return self._keep(Histogram(name, text, labels, buckets=buckets, registry=self._registry), labels)

    def _keep(self, metric: M, labels: tuple[str, ...]) -> M:
        if "check" in labels:
            self._by_check.append(metric)
        return metric


class _CheckSeries:
    """
    The series that every run of one check touches, looked up once: a look-up costs more than what it finds.
    """

    def __init__(self, metrics: Metrics, labels: tuple[str, str, str, str]) -> None:
        self.labels = labels
        self.duration = metrics.duration.labels(*labels)
        self.last_run = metrics.last_run.labels(*labels)
        self._metrics = metrics
        self._steps: dict[str, Histogram] = {}
        self._phases: dict[Phase, Gauge] = {}

    @property
    def up(self) -> Gauge:
        return self._metrics.up.labels(*self.labels)

    @property
    def last_success(self) -> Gauge:
        return self._metrics.last_success.labels(*self.labels)

    def step(self, name: str) -> Histogram:
        if name not in self._steps:
            self._steps[name] = self._metrics.step_duration.labels(*self.labels, name)
        return self._steps[name]

    def phase(self, phase: Phase) -> Gauge:
        if phase not in self._phases:
            self._phases[phase] = self._metrics.phase_duration.labels(*self.labels, phase)
        return self._phases[phase]
