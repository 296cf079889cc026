"""
Histories as one writes them down: ``F`` failed, ``P`` passed, ``D`` degraded, ``E`` errored, ``M`` missed.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from monitor.core.cause import Cause
from monitor.core.outcome import Outcome, Reason, Status
from monitor.core.severity import Severity
from monitor.diagnosis.diagnosis import Confidence, Diagnosis
from monitor.diagnosis.place import Place
from monitor.diagnosis.sighting import Sighting
from monitor.incidents.book import Book, Case, Dispatch, News, Route
from monitor.incidents.findings import Watched
from monitor.incidents.grouping import Group, Grouping, Trouble
from monitor.incidents.incident import Event, Fault, Finding, Transition
from monitor.incidents.settings import Alerts
from monitor.incidents.silence import Hush, Silence
from tests.outcomes import outcome_of

BEGINNING = datetime(2026, 1, 23, 9, 0, tzinfo=UTC)
STATUSES = {
    "F": Status.FAILED,
    "P": Status.PASSED,
    "D": Status.DEGRADED,
    "E": Status.ERRORED,
    "M": Status.MISSED,
}
REASONS = {"F": Reason.NO_EVENT, "D": Reason.SLOW, "E": Reason.INTERNAL, "M": Reason.NOT_STARTED}
PAGER = Route(sink="pager", severities=frozenset({Severity.PAGE}))
CHAT = Route(sink="chat", severities=frozenset(Severity))


def told(*troubles: Trouble, cause: Cause = Cause.UNKNOWN) -> Group:
    """
    Return *troubles* as one group, of which nothing is known but *cause*.
    """
    finding = troubles[0].finding
    where = f" in {finding.step}" if finding.step else ""
    summary = f"{finding.check}: {finding.reason}{where}: {finding.message}"
    diagnosis = Diagnosis(cause=cause, confidence=Confidence.LIKELY, summary=summary)
    return Group(findings=tuple(each.finding for each in troubles), diagnosis=diagnosis)


def each_alone(troubles: Sequence[Trouble], _scene: Sequence[Sighting], _place: Place) -> Sequence[Group]:
    """
    Take every finding for a trouble of its own: what the fold does is the same, whatever the rules say.
    """
    return [told(each) for each in troubles]


def all_for(cause: Cause) -> Grouping:
    """
    Return what takes all findings for one trouble of this *cause*.
    """
    return lambda troubles, _scene, _place: [told(*troubles, cause=cause)] if troubles else []


@dataclass
class Story:
    """
    A book, and what happens to it; time passes by *every_seconds* with each outcome.
    """

    alerts: Alerts = field(default_factory=Alerts)
    severity: Severity = Severity.PAGE
    every_seconds: float = 60.0
    routes: Sequence[Route] = (PAGER, CHAT)
    now: datetime = BEGINNING
    silences: tuple[Silence, ...] = ()
    grouping: Grouping = each_alone
    book: Book = field(init=False)
    dispatches: list[Dispatch] = field(default_factory=list)
    news: list[News] = field(default_factory=list)
    doubts: list[bool] = field(default_factory=list)
    runs: int = 0

    def __post_init__(self) -> None:
        self.book = self._new_book()

    def _new_book(self) -> Book:
        return Book(target="production", location="fra1", grouping=self.grouping)

    def tell(self, history: str, *, check: str = "chat-delivery", **settings: Any) -> "Story":
        """
        Let *check* end as the letters of *history* say, one run after the other.
        """
        for letter in history.replace(" ", ""):
            self.now += timedelta(seconds=self.every_seconds)
            self.observe(self.outcome(letter, check=check, **settings))
        return self

    def outcome(self, letter: str, **settings: Any) -> Outcome:
        """
        Return a run that ends now.
        """
        self.runs += 1
        fields = {"message": f"run {self.runs}", "run_id": f"run-{self.runs}", "duration_seconds": 0.0, **settings}
        reason = fields.pop("reason", REASONS.get(letter))
        return outcome_of(STATUSES[letter], reason, started_at=self.now, **fields)

    def observe(self, outcome: Outcome) -> None:
        """
        Fold *outcome* in.
        """
        seen = watched(self.severity, self.every_seconds)
        evidence = outcome.as_json()
        self.book.note_run(outcome)
        self.doubts.append(self.book.findings.observe(outcome, self.alerts, seen, evidence=evidence))
        self.settle()

    def wait(self, seconds: float) -> "Story":
        """
        Let time pass in which nothing ends.
        """
        self.now += timedelta(seconds=seconds)
        self.settle()
        return self

    def silence(self, *checks: str, seconds: float = 3600.0) -> "Story":
        """
        Silence *checks* from now on.
        """
        until = self.now + timedelta(seconds=seconds)
        given = Silence(id="s", checks=checks, since=self.now, until=until, reason="deploy", by="ann")
        self.silences = (*self.silences, given)
        return self

    def settle(self) -> None:
        """
        Bring the incidents up to date.
        """
        news = self.book.settle(
            self.now,
            routes=self.routes,
            hush=Hush(self.alerts, self.silences),
            remind_every=timedelta(seconds=self.alerts.remind_every_seconds),
        )
        self.news.append(news)
        self.dispatches += news.dispatches

    def restart(self) -> None:
        """
        Let another process go on with what this one has written down.
        """
        cases = [Case.from_json(case.as_json()) for case in self.book.cases.values()]
        streaks = {key: type(streak).from_json(streak.as_json()) for key, streak in self.book.findings.streaks.items()}
        self.book = self._new_book()
        self.book.restore(cases)
        self.book.findings.restore(streaks, findings_of(cases))

    def told(self, sink: str = "pager") -> list[Transition]:
        """
        Return what *sink* was told, in order.
        """
        return [each.transition for each in self.events(sink)]

    def events(self, sink: str = "pager") -> list[Event]:
        """
        Return the events that *sink* got.
        """
        return [each.event for each in self.dispatches if each.sink == sink]

    def findings(self, fault: Fault = Fault.TARGET) -> list[Finding]:
        """
        Return what is found wrong now.
        """
        return [each for each in self.book.findings.open if each.fault is fault]


def watched(severity: Severity = Severity.PAGE, every_seconds: float = 60.0) -> Watched:
    """
    Return what is configured of a check.
    """
    return Watched(severity=severity, every_seconds=every_seconds)


def findings_of(cases: Iterable[Case]) -> list[Finding]:
    """
    Return the findings that *cases* hold.
    """
    return [replace(finding) for case in cases for finding in case.incident.findings]
