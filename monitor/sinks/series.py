"""
What is counted for each check, as plain numbers.

The library's own children cost 720 bytes a series and its locks; with 1,000 checks that were 32 MiB and a garbage
collection of 30 ms over them. These are 6 MiB. Only the loop writes; a reader in another thread may see one run half
counted, never a broken one.
"""

from bisect import bisect_left
from collections.abc import Collection, Iterable, Mapping

from prometheus_client.samples import Exemplar

from monitor.core.check import Check, Watch
from monitor.core.outcome import CellState, EventResult, Impact, Outcome, Phase, Reason, Status

RUN_BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0)
# Around the platform's objective for an event, 500 ms.
DELIVERY_BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.2, 0.3, 0.5, 0.75, 1.0, 2.0, 5.0, 10.0)


class Histogram:
    """
    Counts values in seconds by bucket; *exemplars* hold the last run of each bucket.
    """

    __slots__ = ("_bounds", "_counts", "_exemplars", "total_seconds")

    def __init__(self, bounds: tuple[float, ...]) -> None:
        self._bounds = bounds
        self._counts = [0] * (len(bounds) + 1)
        self._exemplars: dict[int, Exemplar] = {}
        self.total_seconds = 0.0

    def observe(self, seconds: float, *, run_id: str | None = None, at: float | None = None) -> None:
        """
        Count one value, found by the run *run_id* at the wall time *at*.
        """
        bucket = bisect_left(self._bounds, seconds)
        self._counts[bucket] += 1
        self.total_seconds += seconds
        if run_id is not None:
            self._exemplars[bucket] = Exemplar({"run_id": run_id}, seconds, at)

    def buckets(self) -> list[tuple[str, float] | tuple[str, float, Exemplar]]:
        """
        Return upper bound, count up to it, and exemplar if there is one, of every bucket.
        """
        found: list[tuple[str, float] | tuple[str, float, Exemplar]] = []
        below = 0
        for bucket, count in enumerate(tuple(self._counts)):
            below += count
            bound = "+Inf" if bucket == len(self._bounds) else str(self._bounds[bucket])
            exemplar = self._exemplars.get(bucket)
            found.append((bound, below, exemplar) if exemplar else (bound, below))
        return found


class CheckSeries:
    """
    The numbers of one check. What is None was not seen yet and is not exported.

    *labels* are its name, its kind, target and location; *words* the same as text, in three parts, between which other
    labels may stand: before ``location``, up to ``target``, and the rest.
    """

    __slots__ = (
        "cells",
        "certificate_expires_at",
        "delivery",
        "differences",
        "duration",
        "events",
        "failures",
        "interval_seconds",
        "is_connected",
        "labels",
        "last_run_at",
        "last_success_at",
        "phases",
        "reconnects",
        "runs",
        "step_failures",
        "steps",
        "up",
        "words",
    )

    def __init__(
        self, check: Check, labels: tuple[str, ...], *, reasons: Collection[Reason], steps: Iterable[str]
    ) -> None:
        self.labels = labels
        self.words = _words(*labels)
        self.interval_seconds = check.every_seconds
        self.up: bool | None = None
        self.last_run_at: float | None = None
        self.last_success_at: float | None = None
        self.certificate_expires_at: float | None = None
        self.runs = dict.fromkeys(Status, 0)
        self.failures = dict.fromkeys(reasons, 0)
        self.duration = Histogram(RUN_BUCKETS)
        self.steps = {name: Histogram(RUN_BUCKETS) for name in steps}
        self.step_failures = dict.fromkeys(self.steps, 0)
        self.phases: dict[Phase, float] = {}
        # A kind that can miss an event is one that causes them.
        causes_events = Reason.NO_EVENT in reasons
        self.events = dict.fromkeys(EventResult, 0) if causes_events else {}
        self.delivery = Histogram(DELIVERY_BUCKETS) if causes_events else None
        self.cells: Mapping[CellState, int] = {}
        self.differences: Mapping[Impact, int] = {}
        # Only what is held can be open or not.
        self.is_connected: bool | None = False if isinstance(check, Watch) else None
        self.reconnects: int | None = 0 if isinstance(check, Watch) else None

    def observe(self, outcome: Outcome) -> None:
        """
        Count one outcome.
        """
        self.runs[outcome.status] += 1
        if outcome.status is Status.MISSED:
            return
        self.last_run_at = outcome.started_at.timestamp() + outcome.duration_seconds
        if outcome.observations.is_connected is not None:
            self.is_connected = outcome.observations.is_connected
            self.reconnects = (self.reconnects or 0) + outcome.observations.reconnects
        if outcome.status.is_verdict:
            self._observe_verdict(outcome, self.last_run_at)

    def _observe_verdict(self, outcome: Outcome, ended_at: float) -> None:
        self.up = outcome.status is not Status.FAILED
        self.duration.observe(outcome.duration_seconds, run_id=outcome.run_id, at=ended_at)
        if self.up:
            self.last_success_at = ended_at
        elif outcome.reason is not None:
            # A reason that the manual forgot is in the closed set all the same.
            self.failures[outcome.reason] = self.failures.get(outcome.reason, 0) + 1
        for step in outcome.steps:
            # Only what the manual names: a label comes from a closed set, whatever a check calls its steps.
            if step.name in self.steps:
                self.steps[step.name].observe(step.duration_seconds)
                self.step_failures[step.name] += not step.passed
        self.phases = dict(outcome.phases)
        self._observe_events(outcome, ended_at)

    def _observe_events(self, outcome: Outcome, ended_at: float) -> None:
        seen = outcome.observations
        for result, count in seen.events.items():
            self.events[result] = self.events.get(result, 0) + count
        for seconds in seen.delivery_seconds:
            self.delivery = self.delivery or Histogram(DELIVERY_BUCKETS)
            self.delivery.observe(seconds, run_id=outcome.run_id, at=ended_at)
        if seen.certificate_expires_at:
            self.certificate_expires_at = seen.certificate_expires_at.timestamp()
        self.cells = seen.permission_cells or self.cells
        self.differences = seen.schema_differences or self.differences


def _words(check: str, kind: str, target: str, location: str) -> tuple[str, str, str]:
    return (
        f'{{check="{_quoted(check)}",kind="{_quoted(kind)}",',
        f'location="{_quoted(location)}",',
        f'target="{_quoted(target)}"}} ',
    )


def _quoted(value: str) -> str:
    return value.replace("\\", r"\\").replace("\n", r"\n").replace('"', r"\"")
