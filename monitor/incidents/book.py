"""
From findings to incidents, and from incidents to what each sink is told.

``observe`` folds outcomes in; ``settle`` says what has changed since. Both are pure but for what the book itself
remembers, which has a plain form: a restart goes on where it was. What a sink has been told is remembered per
incident, so that it learns of an incident once, of its end as surely, and of a silence nothing: whoever was never told
that it opened is not told that it is over, and who was is told even in a silence.
"""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import partial
from typing import Any, Self

from monitor.core.cause import Cause
from monitor.core.outcome import Outcome, Status
from monitor.core.severity import Severity
from monitor.diagnosis.diagnosis import Confidence
from monitor.diagnosis.place import Place
from monitor.incidents.findings import Findings
from monitor.incidents.grouping import Group, Grouping, by_cause
from monitor.incidents.incident import Event, Finding, Incident, Transition
from monitor.incidents.matching import Groups, Hold, Tracks, layer_of
from monitor.incidents.silence import Hush

# What changes again and again is told once a minute, unless it got graver.
_CHANGES_APART = timedelta(seconds=60.0)
# What says that something is wrong.
_CLAIMS = frozenset({Transition.OPENED, Transition.REMINDED})
# For a sink that gets only graver ones an incident is over when it has been less grave for so long: what goes up and
# down between two severities must not wake somebody each time.
_LESS_GRAVE_FOR = timedelta(seconds=600.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """
    Which severities a sink gets, and how often it has to be told again of what is open; None: as everybody.
    """

    sink: str
    severities: frozenset[Severity]
    repeats_seconds: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """
    What a sink was told last of an incident, and when; *wanted_at* is when the incident was last grave enough for it.
    """

    at: datetime
    wanted_at: datetime
    severity: Severity
    gist: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Dispatch:
    """
    An event, and the sink that is to get it.
    """

    sink: str
    event: Event


@dataclass(slots=True, kw_only=True)
class Case:
    """
    An incident that is open, what each sink was told of it, how many events it has made, and the causes it has had.
    """

    incident: Incident
    told: dict[str, Told] = field(default_factory=dict)
    events: int = 0
    causes: tuple[Cause, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """
        Return it as plain JSON values.
        """
        told = {
            sink: {
                "at": each.at.isoformat(),
                "wanted_at": each.wanted_at.isoformat(),
                "severity": each.severity.value,
                "gist": each.gist,
            }
            for sink, each in self.told.items()
        }
        return {
            "incident": self.incident.as_json(),
            "told": told,
            "events": self.events,
            "causes": [cause.value for cause in self.causes],
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self:
        """
        Return what ``as_json`` made *data* of; raise ``ValueError``, ``KeyError`` or ``TypeError`` for anything else.
        """
        told = {
            sink: Told(
                at=datetime.fromisoformat(each["at"]),
                wanted_at=datetime.fromisoformat(each["wanted_at"]),
                severity=Severity(each["severity"]),
                gist=each["gist"],
            )
            for sink, each in data["told"].items()
        }
        return cls(
            incident=Incident.from_json(data["incident"]),
            told=told,
            events=data["events"],
            causes=tuple(Cause(each) for each in data.get("causes", ())),
        )

    def is_another(self, group: Group) -> bool:
        """
        Return whether *group*, which has findings of this incident, is a trouble of its own, and no better diagnosis.

        So it is when what was certain is over, and what is left has certainly a cause that lies higher: it was hidden
        until then. A cause that it has had before goes up and down, and wakes nobody again.
        """
        before, after = self.incident.diagnosis, group.diagnosis
        return (
            before is not None
            and before.confidence is after.confidence is Confidence.CERTAIN
            and after.cause not in self.causes
            and layer_of(after.cause) > layer_of(before.cause)
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class News:
    """
    What ``settle`` found: incidents that *opened*, *changed* and *resolved*, and what sinks are to be told.
    """

    opened: tuple[Incident, ...] = ()
    changed: tuple[Incident, ...] = ()
    resolved: tuple[Incident, ...] = ()
    dispatches: tuple[Dispatch, ...] = ()


class Book:
    """
    All open incidents of one target, as one location sees it.
    """

    def __init__(self, *, target: str, location: str, grouping: Grouping = by_cause) -> None:
        self.findings = Findings()
        # What remedies name; a reload may change it.
        self.place = Place()
        self.cases: dict[str, Case] = {}
        self._target = target
        self._location = location
        self._grouping = grouping
        # Checks whose findings are those of a process before this one, and may be over since.
        self._stale: set[str] = set()
        # By the check that failed: whose answer is waited for before anybody is told.
        self._holds: dict[str, Hold] = {}
        self._tracks = Tracks()

    def restore(self, cases: Iterable[Case]) -> None:
        """
        Go on with *cases*, which were open before; the findings are in them.

        Nobody is told that they are open, again or at last, before one of their checks has been seen to fail anew.
        """
        self.cases = {case.incident.id: case for case in cases}
        self._stale = {check for case in self.cases.values() for check in case.incident.checks}

    def note_run(self, outcome: Outcome) -> None:
        """
        Note that a check has been seen in this process.
        """
        if not outcome.is_repeat:
            for hold in self._holds.values():
                hold.asked.discard(outcome.check)
            if outcome.status is not Status.MISSED:
                self._stale.discard(outcome.check)

    def hold(self, check: str, asked: Iterable[str], *, until: datetime) -> None:
        """
        Open nothing for what *check* has found before the checks *asked* have run, or *until* then.
        """
        self._holds[check] = Hold(asked=set(asked), until=until)

    def settle(self, now: datetime, *, routes: Sequence[Route], hush: Hush, remind_every: timedelta) -> News:
        """
        Bring the incidents up to the findings as they are *now*; return what is new.
        """
        over, opened, changed = self._regroup(now)
        dispatches = [each for case in over for each in self._farewell(case, now)]
        for case in self.cases.values():
            is_silent = hush.covers(case.incident, now)
            for route in routes:
                if case.incident.severity in route.severities and (told := case.told.get(route.sink)):
                    case.told[route.sink] = replace(told, wanted_at=now)
                transition = _due(case, route, now=now, is_silent=is_silent, remind_every=remind_every)
                if (
                    transition in _CLAIMS
                    and route.repeats_seconds is None
                    and not self._is_standing(case.incident.findings)
                ):
                    # It may be about to be over, and nobody is to be woken for that.
                    continue
                if transition is not None:
                    dispatches.append(self._tell(case, route.sink, transition, now))
        return News(
            opened=tuple(case.incident for case in opened),
            changed=tuple(case.incident for case in changed),
            resolved=tuple(case.incident for case in over),
            dispatches=tuple(dispatches),
        )

    def _regroup(self, now: datetime) -> tuple[list[Case], list[Case], list[Case]]:
        """
        Match what has one cause with the incidents that are open; return those that are over, new, and changed.
        """
        found = self._grouping(self.findings.troubles(), self.findings.scene, self.place)
        self._tracks.follow(found)
        known = {(each.check, each.fault) for case in self.cases.values() for each in case.incident.findings}
        groups = Groups(found)
        over, changed = [], []
        for case, group in self._matched(groups):
            if group is None:
                del self.cases[case.incident.id]
                case.incident = case.incident.resolved(now)
                over.append(case)
            elif self._goes_on(case, group):
                changed.append(case)
        # What the last run did not see any more, since another daemon ran before, is most likely over.
        self._holds = {check: hold for check, hold in self._holds.items() if hold.holds(now)}
        standing = [
            group
            for group in groups.left
            if self._is_standing(group.findings)
            and not any(each.check in self._holds for each in group.findings)
            and (self._tracks.confirm(group) or any((each.check, each.fault) not in known for each in group.findings))
        ]
        opened = [Case(incident=self._incident(group, now), causes=(group.diagnosis.cause,)) for group in standing]
        self.cases |= {case.incident.id: case for case in opened}
        return over, opened, changed

    def _matched(self, groups: Groups) -> list[tuple[Case, Group | None]]:
        """
        Return with which of *groups* every open incident goes on, the oldest first; None: it is over.
        """
        cases = sorted(self.cases.values(), key=lambda each: (each.incident.opened_at, each.incident.id))
        # Whoever has been told of a cause is told how it goes on with it.
        matched = {case.incident.id: groups.take(case.incident, only_its_cause=True) for case in cases}
        for case in cases:
            if matched[case.incident.id] is None:
                matched[case.incident.id] = groups.take(case.incident, unless=partial(self._is_another, case))
        return [(case, matched[case.incident.id]) for case in cases]

    def _is_another(self, case: Case, group: Group) -> bool:
        return case.is_another(group) and self._tracks.confirm(group)

    def _goes_on(self, case: Case, group: Group) -> bool:
        """
        Bring *case* up to *group*; return whether that is news.
        """
        if self._is_unseen(case.incident, group):
            return False
        if case.incident.diagnosis is not None and self._moves_up_in_doubt(case.incident.cause, group):
            group = replace(group, diagnosis=case.incident.diagnosis)
        before, case.incident = case.incident, _grown(case.incident, group)
        case.causes = tuple(dict.fromkeys((*case.causes, case.incident.cause)))
        return _gist(case.incident) != _gist(before)

    def _moves_up_in_doubt(self, cause: Cause, group: Group) -> bool:
        """
        Return whether *group* would have a cause of a higher layer for what was seen while the lower one still was.
        """
        return layer_of(group.diagnosis.cause) > layer_of(cause) and not self._tracks.confirm(group)

    def _is_unseen(self, incident: Incident, group: Group) -> bool:
        """
        Return whether nothing of it was looked at since the restart: then what was known of it is known better.
        """
        checks = tuple(each.check for each in group.findings)
        return checks == incident.checks and self._stale.issuperset(checks)

    def _is_standing(self, findings: Iterable[Finding]) -> bool:
        return any(
            each.check not in self._stale and self.findings.is_standing(each.check, each.fault) for each in findings
        )

    def _incident(self, group: Group, now: datetime) -> Incident:
        first = min(group.findings, key=lambda each: (each.since, each.check))
        return Incident(
            id=f"{now:%Y%m%d}-{self._digest(first)}",
            target=self._target,
            location=self._location,
            severity=group.severity,
            cause=group.diagnosis.cause,
            summary=group.summary,
            remedy="\n".join(group.diagnosis.remedy),
            diagnosis=group.diagnosis,
            findings=group.findings,
            failing_since=first.since,
            opened_at=now,
        )

    def _digest(self, finding: Finding) -> str:
        # Fixed by what was seen, so that the same history makes the same incidents.
        text = "\0".join(
            (self._target, self._location, finding.check, finding.fault, finding.run_id, finding.opened_at.isoformat())
        )
        return hashlib.sha256(text.encode()).hexdigest()[:12]

    def _farewell(self, case: Case, now: datetime) -> list[Dispatch]:
        return [self._tell(case, sink, Transition.RESOLVED, now) for sink in tuple(case.told)]

    def _tell(self, case: Case, sink: str, transition: Transition, now: datetime) -> Dispatch:
        incident = case.incident
        if transition is Transition.RESOLVED:
            del case.told[sink]
            # To a sink that gets only graver ones it is over.
            incident = incident if incident.resolved_at else incident.resolved(now)
        else:
            case.told[sink] = Told(at=now, wanted_at=now, severity=incident.severity, gist=_gist(incident))
        case.events += 1
        event = Event(id=f"{incident.id}-{case.events}", transition=transition, at=now, incident=incident)
        return Dispatch(sink=sink, event=event)


def _due(case: Case, route: Route, *, now: datetime, is_silent: bool, remind_every: timedelta) -> Transition | None:
    """
    Return what the sink of *route* is to be told now of an incident that is open, if anything.
    """
    incident, told = case.incident, case.told.get(route.sink)
    is_wanted = incident.severity in route.severities
    # A clock that was set back must not keep anything from being said until it has caught up.
    since = abs(now - told.at) if told else timedelta(0)
    if told is None:
        return Transition.OPENED if is_wanted and not is_silent else None
    if not is_wanted:
        return Transition.RESOLVED if abs(now - told.wanted_at) >= _LESS_GRAVE_FOR else None
    # A receiver that forgets what it is not told again would take it for resolved.
    if route.repeats_seconds is not None and since >= timedelta(seconds=route.repeats_seconds):
        return Transition.REMINDED
    if is_silent:
        return None
    got_graver = incident.severity.rank > told.severity.rank
    if told.gist != _gist(incident) and (got_graver or since >= _CHANGES_APART):
        return Transition.CHANGED
    return Transition.REMINDED if route.repeats_seconds is None and since >= remind_every else None


def _grown(incident: Incident, group: Group) -> Incident:
    return replace(
        incident,
        severity=group.severity,
        cause=group.diagnosis.cause,
        summary=group.summary,
        remedy="\n".join(group.diagnosis.remedy),
        diagnosis=group.diagnosis,
        findings=group.findings,
        failing_since=min([incident.failing_since, *(each.since for each in group.findings)]),
    )


def _gist(incident: Incident) -> str:
    """
    Return what a change of is news to somebody who knows of *incident*.
    """
    checks = " ".join(sorted(incident.checks))
    return f"{incident.severity} {incident.cause} {checks}{' flapping' if incident.is_flapping else ''}"
