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
from typing import Any, Self

from monitor.core.severity import Severity
from monitor.incidents.findings import Findings
from monitor.incidents.grouping import Diagnosis, Grouping, one_per_finding
from monitor.incidents.incident import Event, Fault, Finding, Incident, Transition
from monitor.incidents.silence import Hush

# What changes again and again is told once a minute, unless it got graver.
_CHANGES_APART = timedelta(seconds=60.0)


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
    What a sink was told last of an incident, and when.
    """

    at: datetime
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
    An incident that is open, what each sink was told of it, and how many events it has made.
    """

    incident: Incident
    told: dict[str, Told] = field(default_factory=dict)
    events: int = 0

    def as_json(self) -> dict[str, Any]:
        """
        Return it as plain JSON values.
        """
        told = {
            sink: {"at": each.at.isoformat(), "severity": each.severity.value, "gist": each.gist}
            for sink, each in self.told.items()
        }
        return {"incident": self.incident.as_json(), "told": told, "events": self.events}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self:
        """
        Return what ``as_json`` made *data* of; raise ``ValueError``, ``KeyError`` or ``TypeError`` for anything else.
        """
        told = {
            sink: Told(at=datetime.fromisoformat(each["at"]), severity=Severity(each["severity"]), gist=each["gist"])
            for sink, each in data["told"].items()
        }
        return cls(incident=Incident.from_json(data["incident"]), told=told, events=data["events"])


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

    def __init__(self, *, target: str, location: str, grouping: Grouping = one_per_finding) -> None:
        self.findings = Findings()
        self.cases: dict[str, Case] = {}
        self._target = target
        self._location = location
        self._grouping = grouping

    def restore(self, cases: Iterable[Case]) -> None:
        """
        Go on with *cases*, which were open before; the findings are in them.
        """
        self.cases = {case.incident.id: case for case in cases}

    def settle(self, now: datetime, *, routes: Sequence[Route], hush: Hush, remind_every: timedelta) -> News:
        """
        Bring the incidents up to the findings as they are *now*; return what is new.
        """
        over, opened, changed = self._regroup(now)
        dispatches = [each for case in over for each in self._farewell(case, now)]
        for case in self.cases.values():
            is_silent = hush.covers(case.incident, now)
            for route in routes:
                told = case.told.get(route.sink)
                transition = _due(case.incident, told, route, now=now, is_silent=is_silent, remind_every=remind_every)
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
        groups = list(self._grouping(self.findings.open))
        over, changed = [], []
        for case in sorted(self.cases.values(), key=lambda each: (each.incident.opened_at, each.incident.id)):
            group = _heir(case.incident, groups)
            if group is None:
                del self.cases[case.incident.id]
                case.incident = case.incident.resolved(now)
                over.append(case)
                continue
            groups.remove(group)
            after = _grown(case.incident, group)
            if _gist(after) != _gist(case.incident):
                changed.append(case)
            case.incident = after
        opened = [Case(incident=self._incident(group, now)) for group in groups]
        self.cases |= {case.incident.id: case for case in opened}
        return over, opened, changed

    def _incident(self, group: Diagnosis, now: datetime) -> Incident:
        first = min(group.findings, key=lambda each: (each.since, each.check))
        return Incident(
            id=f"{now:%Y%m%d}-{self._digest(first)}",
            target=self._target,
            location=self._location,
            severity=_gravest(group.findings),
            cause=group.cause,
            summary=group.summary,
            remedy=group.remedy,
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
            case.told[sink] = Told(at=now, severity=incident.severity, gist=_gist(incident))
        case.events += 1
        event = Event(id=f"{incident.id}-{case.events}", transition=transition, at=now, incident=incident)
        return Dispatch(sink=sink, event=event)


def _due(
    incident: Incident, told: Told | None, route: Route, *, now: datetime, is_silent: bool, remind_every: timedelta
) -> Transition | None:
    """
    Return what the sink of *route* is to be told now of an open *incident*, if anything.
    """
    is_wanted = incident.severity in route.severities
    # A clock that was set back must not keep anything from being said until it has caught up.
    since = abs(now - told.at) if told else timedelta(0)
    if told is None:
        return Transition.OPENED if is_wanted and not is_silent else None
    if not is_wanted:
        return Transition.RESOLVED
    # A receiver that forgets what it is not told again would take it for resolved.
    if route.repeats_seconds is not None and since >= timedelta(seconds=route.repeats_seconds):
        return Transition.REMINDED
    if is_silent:
        return None
    got_graver = incident.severity.rank > told.severity.rank
    if told.gist != _gist(incident) and (got_graver or since >= _CHANGES_APART):
        return Transition.CHANGED
    return Transition.REMINDED if route.repeats_seconds is None and since >= remind_every else None


def _heir(incident: Incident, groups: Sequence[Diagnosis]) -> Diagnosis | None:
    """
    Return the group that goes on with *incident*: the one that has most of its findings.
    """
    keys = {(each.check, each.fault) for each in incident.findings}
    shared = [(sum((each.check, each.fault) in keys for each in group.findings), group) for group in groups]
    most, heir = max(shared, key=lambda each: each[0], default=(0, None))
    return heir if most else None


def _grown(incident: Incident, group: Diagnosis) -> Incident:
    return replace(
        incident,
        severity=_gravest(group.findings),
        cause=group.cause,
        summary=group.summary,
        remedy=group.remedy,
        findings=group.findings,
        failing_since=min([incident.failing_since, *(each.since for each in group.findings)]),
    )


def _gravest(findings: Sequence[Finding]) -> Severity:
    # What keeps the monitor from judging is no outage.
    return max(
        (Severity.TICKET if each.fault is Fault.OWN else each.severity for each in findings),
        key=lambda each: each.rank,
    )


def _gist(incident: Incident) -> str:
    """
    Return what a change of is news to somebody who knows of *incident*.
    """
    checks = " ".join(sorted(incident.checks))
    return f"{incident.severity} {incident.cause} {checks}{' flapping' if incident.is_flapping else ''}"
