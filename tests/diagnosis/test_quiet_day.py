"""
A day on which nothing is wrong wakes nobody: answers vary, get slow for a while, and single ones are lost.
"""

import random
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import yaml

from monitor import demo
from monitor.core.outcome import Outcome, Reason, Status
from monitor.core.severity import Severity
from monitor.incidents.book import Book, Route
from monitor.incidents.findings import Watched
from monitor.incidents.incident import Incident, Transition
from monitor.incidents.settings import Alerts
from monitor.incidents.silence import Hush
from monitor.registry import load_registry
from tests.outcomes import outcome_of

BEGINNING = datetime(2026, 1, 23, tzinfo=UTC)
DAY = timedelta(hours=24)
PAGER = Route(sink="pager", severities=frozenset({Severity.PAGE}))
CHECKS: Mapping[str, str] = {
    name: check["kind"] for name, check in yaml.safe_load(demo.CONFIG.read_text())["checks"].items()
}
KINDS = load_registry().kinds
EVERY_SECONDS = 60.0
# One packet of a thousand exchanges is lost for longer than anybody waits.
LOST = 0.001
# Twice a day everything is slow, for ten minutes: a backup, a deployment.
SLOW_AT = (timedelta(hours=3), timedelta(hours=14))
SLOW_FOR = timedelta(minutes=10)
# What a lost packet looks like to a check, of what is in flight.
LOSSES: tuple[tuple[Reason, Mapping[str, Any]], ...] = (
    (Reason.TIMEOUT, {"phase": "first_byte"}),
    (Reason.TIMEOUT, {"phase": "connect"}),
    (Reason.CONNECTION, {"phase": "first_byte", "detail": "reset"}),
    (Reason.TIMEOUT, {"phase": "connected_frame"}),
    (Reason.TIMEOUT, {}),
)


class Day:
    """
    Twenty-four hours of outcomes, and what a daemon makes of them.
    """

    def __init__(self, seed: int) -> None:
        self._dice = random.Random(seed)
        self._alerts = Alerts()
        self._book = Book(target="production", location="here")
        self.opened: list[Incident] = []
        self.pages = 0
        self.runs = 0
        self.lost = 0

    def pass_by(self) -> None:
        """
        Let every run of the day end, in the order of time.
        """
        for at, check in sorted(self._due()):
            if self._end(check, at).status is Status.FAILED:
                # The second look, which every failure gets.
                self._end(check, at + timedelta(seconds=2.0))

    def _due(self) -> Iterator[tuple[datetime, str]]:
        for check in CHECKS:
            at = BEGINNING + timedelta(seconds=self._dice.uniform(0.0, EVERY_SECONDS))
            while at < BEGINNING + DAY:
                yield at, check
                # The loop is late at times, and so are runs.
                at += timedelta(seconds=EVERY_SECONDS + self._dice.uniform(0.0, 0.2))

    def _end(self, check: str, at: datetime) -> Outcome:
        outcome = self._outcome(check, at)
        self.runs += 1
        watched = Watched(severity=Severity.PAGE, every_seconds=EVERY_SECONDS)
        self._book.findings.observe(outcome, self._alerts, watched, evidence=outcome.as_json())
        self._book.note_run(outcome)
        news = self._book.settle(
            outcome.ended_at, routes=(PAGER,), hush=Hush(self._alerts, ()), remind_every=timedelta(hours=4)
        )
        self.opened += news.opened
        self.pages += sum(each.event.transition is Transition.OPENED for each in news.dispatches)
        return outcome

    def _outcome(self, check: str, at: datetime) -> Outcome:
        is_slow = any(BEGINNING + begins <= at < BEGINNING + begins + SLOW_FOR for begins in SLOW_AT)
        took = self._dice.lognormvariate(-2.5, 0.5) * (8.0 if is_slow else 1.0)
        kind = CHECKS[check]
        about: dict[str, Any] = {"check": check, "kind": kind, "started_at": at, "duration_seconds": took}
        about["topics"] = KINDS[kind].topics
        if self._dice.random() < LOST:
            self.lost += 1
            reason, evidence = self._dice.choice(LOSSES)
            return outcome_of(Status.FAILED, reason, message="lost", evidence=evidence, **about)
        if is_slow and took > 0.5:
            return outcome_of(Status.DEGRADED, Reason.SLOW, message="slow", evidence={"took_seconds": took}, **about)
        return outcome_of(Status.PASSED, None, **about)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(3))
def test_a_day_without_a_fault_wakes_nobody(seed: int) -> None:
    day = Day(seed)
    day.pass_by()

    assert day.runs > 30_000
    assert day.lost > 10
    assert day.pages == 0
    assert {each.severity for each in day.opened} <= {Severity.TICKET}


@pytest.mark.slow
def test_the_day_is_judged_by_what_it_would_wake_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tests.diagnosis.test_quiet_day.LOST", 0.5)
    day = Day(0)
    day.pass_by()

    assert day.pages > 0
