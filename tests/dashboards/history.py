"""
Thirty days of runs, made up: as samples for Prometheus, and counted without it.
"""

import json
import random
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import yaml

from monitor.core.outcome import Status
from tests.dashboards.scraper import Series, prometheus
from tests.tools import require

DAYS = 30
_MINUTE, _DAY = 60, 86_400
# Each sample holds what happened since the one before.
SAMPLE_SECONDS = 600
_PLACE = {"kind": "booking_to_chat", "target": "production", "location": "fra1"}
_PROMTOOL_SECONDS = 60.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Past:
    """
    A check that runs every minute: which *share* of its runs fails, whether *outage* minutes of it failed in one go,
    how often its daemon was *restarted*, and how many *days* it has been there (more than 30: always).
    """

    share: float = 0.0
    outage: int = 0
    restarts: int = 0
    days: int = DAYS + 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """
    The runs of one check in a stretch of time.
    """

    judged: int
    failed: int


class History:
    """
    What became of the runs of *pasts*, by check, until the Unix time *until*.
    """

    def __init__(self, pasts: Mapping[str, Past], *, until: int) -> None:
        self._until = until
        self._samples = {name: list(_samples(past, random.Random(name), until)) for name, past in pasts.items()}

    def counted(self, check: str, *, seconds: int) -> Counted:
        """
        Count what happened between the first and the last sample of the last *seconds*, of which no sample is the edge.
        """
        samples = [counts for at, counts in self._samples[check] if at > self._until - seconds]
        grown = {status: _growth([counts[status] for counts in samples]) for status in Status}
        judged = grown[Status.PASSED] + grown[Status.DEGRADED] + grown[Status.FAILED]
        return Counted(judged=judged, failed=grown[Status.FAILED])

    def page(self) -> Iterator[str]:
        """
        Return all of it in the form that Prometheus reads, line by line.
        """
        yield "# TYPE synthetic_check_runs counter"
        for check, samples in self._samples.items():
            for status in Status:
                labels = _labels(check=check, status=status)
                for at, counts in samples:
                    yield f"synthetic_check_runs_total{labels} {counts[status]} {at}"
        yield "# TYPE synthetic_check_interval_seconds gauge"
        for check, samples in self._samples.items():
            for at, _ in samples:
                yield f"synthetic_check_interval_seconds{_labels(check=check)} {_MINUTE} {at}"
        yield "# EOF"


async def backfill(history: History, folder: Path, *, rules: Path, until: int) -> None:
    """
    Have *folder* be the data of a Prometheus that saw *history*, and recorded by *rules* what looks back at nothing.

    The others would be evaluated for every moment of 30 days, each over 30 days. promtool's own replay of rules does
    the same, but at times of its own choice, which are not the samples'.
    """
    keep(history.page(), folder)
    if not (plain := _plain(rules)):
        return
    nothing = folder / "no-rules.json"
    nothing.write_text(json.dumps({"groups": []}))
    async with prometheus(folder, rules=nothing) as server:
        window = {"start": until - DAYS * _DAY, "end": until, "step": SAMPLE_SECONDS}
        recorded = {name: await server.range(expr, **window) for name, expr in plain.items()}
    keep(_page_of(recorded), folder)


def keep(page: Iterator[str], folder: Path) -> None:
    """
    Have what *page* says, in the form that Prometheus reads, be part of the data in *folder*.
    """
    path = folder / "history.om"
    path.write_text("\n".join(page) + "\n")
    _promtool("create-blocks-from", "openmetrics", "--max-block-duration=744h", str(path), str(folder / "data"))


def _plain(rules: Path) -> dict[str, str]:
    """
    Return name and expression of those rules that record what counters are at one moment.
    """
    groups: Sequence[dict[str, Any]] = yaml.safe_load(rules.read_text())["groups"]
    records = {rule["record"]: rule["expr"] for group in groups for rule in group["rules"] if "record" in rule}
    return {name: expr for name, expr in records.items() if name.endswith(":total") and "[" not in expr}


def _page_of(recorded: Mapping[str, Sequence[Series]]) -> Iterator[str]:
    for name, found in recorded.items():
        for series in found:
            labels = ",".join(f'{label}="{value}"' for label, value in series.labels.items() if label != "__name__")
            for at, value in series.points:
                yield f"{name}{{{labels}}} {value} {at}"
    yield "# EOF"


def _promtool(*words: str) -> None:
    command = (require("promtool"), "tsdb", *words)
    done = subprocess.run(command, check=False, capture_output=True, text=True, timeout=_PROMTOOL_SECONDS)
    assert done.returncode == 0, done.stdout + done.stderr


def _samples(past: Past, chance: random.Random, until: int) -> Iterator[tuple[int, dict[Status, int]]]:
    days = min(past.days, DAYS + 1)
    # One that was always there has failed and erred before; one that is new begins at zero.
    counts = dict.fromkeys(Status, 5_000 if past.days > DAYS else 0)
    steps = days * _DAY // SAMPLE_SECONDS
    restarts = {steps * (number + 1) // (past.restarts + 1) for number in range(past.restarts)}
    broken = range(steps // 2, steps // 2 + past.outage * _MINUTE // SAMPLE_SECONDS)
    for step in range(steps + 1):
        if step in restarts:
            counts = dict.fromkeys(Status, 0)
        yield until - (steps - step) * SAMPLE_SECONDS, dict(counts)
        for _ in range(SAMPLE_SECONDS // _MINUTE):
            counts[_status(past, chance, is_broken=step in broken)] += 1


def _status(past: Past, chance: random.Random, *, is_broken: bool) -> Status:
    drawn = chance.random()
    if is_broken or drawn < past.share:
        return Status.FAILED
    # Neither of the last two is a judgement.
    others = {Status.DEGRADED: 0.9, Status.ERRORED: 0.95, Status.MISSED: 0.97}
    return next((status for status, above in reversed(others.items()) if drawn > above), Status.PASSED)


def _growth(values: Sequence[int]) -> int:
    # A counter that is smaller than before began anew at zero.
    return sum(after - before if after >= before else after for before, after in pairwise(values))


def _labels(**labels: str) -> str:
    return "{" + ",".join(f'{name}="{value}"' for name, value in {**labels, **_PLACE}.items()) + "}"
