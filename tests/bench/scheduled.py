"""
A daemon on its schedule, in a process of its own: ``python -m tests.bench.scheduled http 1000 URL``.

Reads ``{"every_seconds", "warm_up_seconds", "seconds"}`` from stdin, and answers with how late the runs started that
were due in that time, in seconds, and what they cost. Late is from the grid point until the run has its slot: more than
the scheduler's own lateness.
"""

import asyncio
import json
import sys
from statistics import quantiles
from typing import Any

from monitor.app import run_loop
from monitor.core.check import Check
from monitor.core.outcome import Outcome
from monitor.scheduler import Grid
from tests.bench.ours import daemon_of, http_checks, idle_checks, settings_of
from tests.bench.usage import Stopwatch


class Lags:
    """
    Gathers the lag of every run that ends after ``begin``, and anew after each.
    """

    def __init__(self) -> None:
        self.seconds: list[float] = []
        self.bad: list[str] = []
        self._measuring = False

    def begin(self) -> None:
        """
        Begin anew.
        """
        self.seconds.clear()
        self._measuring = True

    def finished(self, check: Check, outcome: Outcome) -> None:
        """
        Take the lag of a run.
        """
        if not self._measuring or outcome.tick is None:
            return
        if outcome.status != "passed":
            self.bad.append(f"{outcome.check} {outcome.status}: {outcome.message}")
        due = Grid.of(check.name, check.every_seconds).seconds_of(outcome.tick)
        self.seconds.append(outcome.started_at.timestamp() - due)


async def _measure(kind: str, count: int, url: str) -> dict[str, Any]:
    question = json.loads(await asyncio.to_thread(sys.stdin.readline))
    every_seconds = question["every_seconds"]
    checks = (
        http_checks(count, url=url, every_seconds=every_seconds)
        if kind == "http"
        else idle_checks(count, every_seconds=every_seconds)
    )
    lags = Lags()
    async with daemon_of(settings_of(checks, url=url), on_outcome=lags.finished):
        await asyncio.sleep(question["warm_up_seconds"])
        lags.begin()
        watch = Stopwatch.start()
        await asyncio.sleep(question["seconds"])
        cpu_seconds, wall_seconds = watch.cpu_seconds(), watch.wall_seconds()
    if lags.bad or len(lags.seconds) < count:
        return {"error": f"{count} {kind} checks: {len(lags.seconds)} runs, {len(lags.bad)} bad: {lags.bad[:1]}"}
    percentiles = quantiles(lags.seconds, n=100, method="inclusive")
    return {
        "runs": len(lags.seconds),
        "p50_seconds": percentiles[49],
        "p99_seconds": percentiles[98],
        "max_seconds": max(lags.seconds),
        "cpu_seconds": cpu_seconds,
        "wall_seconds": wall_seconds,
    }


if __name__ == "__main__":
    print(json.dumps(run_loop(_measure(sys.argv[1], int(sys.argv[2]), sys.argv[3]))), flush=True)
