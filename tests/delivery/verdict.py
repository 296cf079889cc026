"""
What went wrong in a life: opens and resolves that were lost, incidents that nobody had to be woken for, disorder.

The truth is what the target answered and what the store holds; it is compared with what the receivers acted on. While a
store was stuck or full, people are told though it does not know: what a kill then loses or doubles is left out of it,
and nothing else is.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from itertools import groupby, pairwise

from monitor.core.severity import Severity
from monitor.incidents.incident import Incident
from tests.delivery.life import Evidence
from tests.delivery.plan import Watched
from tests.delivery.receivers import Told
from tests.delivery.truth import Sure, Truth

# A machine that stands still for so long makes daemons late, and targets seem to fail.
_MOST_LAG_SECONDS = 0.5
# What was on its way when its sender was killed may arrive so much later.
_ON_ITS_WAY_SECONDS = 1.0


class Verdict:
    """
    Judges the evidence of one life.
    """

    def __init__(self, seen: Evidence) -> None:
        self._seen = seen
        self._plan = seen.plan
        self._truth = Truth(seen)
        self._incidents = {each.id: each for each in seen.stored.incidents}

    @cached_property
    def wrong(self) -> Sequence[str]:
        """
        Everything that was not as it must be.
        """
        return [
            *self._seen.problems,
            *(f"daemon {daemon.name}: {cry}" for daemon in self._seen.daemons for cry in daemon.cries),
            *self._lost_opens(),
            *self._lost_resolves(),
            *self._second_incidents(),
            *self._false_alarms(),
            *self._disorder(),
            *self._forgeries(),
        ]

    @cached_property
    def was_disturbed(self) -> bool:
        """
        Whether this machine was so slow that what is wrong may be its fault.
        """
        return self._seen.lag_seconds > _MOST_LAG_SECONDS or bool(self._truth.late)

    @property
    def sure(self) -> Sequence[Sure]:
        """
        The failures that must have become incidents.
        """
        return self._truth.sure

    @cached_property
    def excused(self) -> frozenset[str]:
        """
        The incidents that were open while a store did not take what it was told.
        """
        if not self._plan.scene.is_weak:
            return frozenset()
        # Until it was over, and everybody knew.
        ends = {each.id: _ended(each) for each in self._incidents.values()}
        begins = {each.id: each.opened_at.timestamp() for each in self._incidents.values()}
        for told in self._told().values():
            for incident, events in told.items():
                begins.setdefault(incident, events[0].at - _ON_ITS_WAY_SECONDS)
                ends[incident] = max(ends.get(incident, float("inf")), events[-1].at)
        return frozenset(
            incident
            for incident, began in begins.items()
            for daemon in self._seen.daemons
            if daemon.is_hindered and began <= (daemon.ended_at or began) and daemon.started_at <= ends[incident]
        )

    def _told(self) -> Mapping[str, Mapping[str, Sequence[Told]]]:
        """
        Return what each receiver acted on, in order, by incident.
        """
        told: dict[str, dict[str, list[Told]]] = {}
        for receiver, events in self._seen.told.items():
            by_incident = told[receiver] = defaultdict(list)
            for event in events:
                by_incident[event.incident].append(event)
        return told

    def _lost_opens(self) -> Iterator[str]:
        for sure in self.sure:
            if not self._is_known(sure):
                seconds = sure.at - self._seen.began_at
                yield f"lost open: {sure.check} failed at {seconds:.2f} s, daemon {sure.daemon.name}, and nobody knows"
        for receiver, told in self._told().items():
            for incident in self._incidents.values():
                if self._is_for(receiver, incident) and incident.id not in told and incident.id not in self.excused:
                    yield f"lost open: {receiver} was never told of {incident.id}"

    def _is_known(self, sure: Sure) -> bool:
        if any(
            sure.check in each.checks and each.opened_at.timestamp() <= sure.until and sure.at <= _ended(each)
            for each in self._incidents.values()
        ):
            return True
        # Only a store that takes nothing may be behind those whom it was tried to tell.
        return sure.daemon.is_hindered and any(
            each.check == sure.check and each.opened_at <= sure.until and each.incident not in self._incidents
            for each in self._seen.attempts
        )

    def _is_for(self, receiver: str, incident: Incident) -> bool:
        return receiver != "pagerduty" or incident.severity is Severity.PAGE

    def _lost_resolves(self) -> Iterator[str]:
        for receiver, told in self._told().items():
            for incident, events in told.items():
                is_lost = incident in self.excused and incident not in self._incidents
                if events[-1].transition != "resolved" and not is_lost:
                    yield f"lost resolve: {receiver} was last told that {incident} {events[-1].transition}"
        for page in self._seen.pages:
            incident = page.dedup_key.rpartition("/")[2]
            is_lost = incident in self.excused and incident not in self._incidents
            if page.resolved_at is None and not is_lost:
                yield f"lost resolve: {page.dedup_key} is open at pagerduty"

    def _second_incidents(self) -> Iterator[str]:
        for page in self._seen.second_pages:
            if page.dedup_key.rpartition("/")[2] not in self.excused:
                yield f"second page: {page.dedup_key} was triggered after it had been resolved"
        for receiver, told in self._told().items():
            for incident in told.keys() - self._incidents.keys() - self.excused:
                yield f"second incident: {receiver} was told of {incident}, of which the store knows nothing"
        for check in self._plan.checks:
            ours = [each for each in self._incidents.values() if check.name in each.checks]
            for before, after in pairwise(sorted(ours, key=lambda each: each.opened_at)):
                if after.opened_at.timestamp() < _ended(before) and not {before.id, after.id} & self.excused:
                    yield f"second incident: {after.id} opened while {before.id} of {check.name} was open"

    def _false_alarms(self) -> Iterator[str]:
        for receiver, told in self._told().items():
            for incident in self._incidents.values():
                if incident.id in told and not self._is_for(receiver, incident):
                    yield f"false alarm: {receiver} was told of {incident.id}, a {incident.severity}"
        for incident in self._incidents.values():
            check = self._plan.check(incident.checks[0])
            since, opened_at = incident.failing_since.timestamp(), incident.opened_at.timestamp()
            failures = self._truth.failures(check, since=since, until=opened_at)
            # What goes up and down again and again is believed at its next failure.
            needed = 1 if incident.is_flapping else self._plan.open_after
            if failures < needed:
                yield f"false alarm: {incident.id} opened after {failures} failures of {check.name}, not {needed}"
            yield from self._false_resolves(incident, check)

    def _false_resolves(self, incident: Incident, check: Watched) -> Iterator[str]:
        if incident.resolved_at is None:
            return
        resolved_at, needed = incident.resolved_at.timestamp(), self._plan.resolve_after
        rights = self._truth.rights(check, since=incident.failing_since.timestamp(), until=resolved_at)
        if rights < needed:
            yield f"false resolve: {incident.id} was resolved after {rights} right answers, not {needed}"
        if not self._truth.was_right(check, resolved_at):
            yield f"false resolve: {incident.id} was resolved while {check.name} failed"

    def _disorder(self) -> Iterator[str]:
        for receiver, told in self._told().items():
            for incident, events in told.items():
                said = [transition for transition, _ in groupby(events, key=lambda each: each.transition)]
                if incident in self.excused:
                    said = self._said_before_any_death(events)
                if said[:1] not in ([], ["opened"]) or "opened" in said[1:] or "resolved" in said[:-1]:
                    yield f"disorder: {receiver} was told that {incident} {', '.join(said)}"
                yield from self._repeats(receiver, incident, events)

    def _said_before_any_death(self, events: Sequence[Told]) -> list[str]:
        """
        Return what was said as long as every daemon knew what it had said itself.
        """
        ends = min(daemon.ended_at or 0.0 for daemon in self._seen.daemons if daemon.is_hindered)
        return [transition for transition, _ in groupby(each.transition for each in events if each.at < ends)]

    def _repeats(self, receiver: str, incident: str, events: Sequence[Told]) -> Iterator[str]:
        """
        Yield what was repeated otherwise than as it was, or after something else had been said.
        """
        bodies: dict[str, bytes] = {}
        newest = ""
        for event in events if incident not in self.excused else ():
            if event.event_id in bodies and event.event_id != newest:
                yield f"disorder: {receiver} was told {event.event_id} again after {newest}"
            if bodies.setdefault(event.event_id, event.body) != event.body:
                yield f"disorder: {receiver} was told {event.event_id} twice, in different words"
            newest = event.event_id

    def _forgeries(self) -> Iterator[str]:
        for receiver, events in self._seen.told.items():
            for event in events:
                if event.status >= 300:
                    yield f"refused: {receiver} answered {event.status} to {event.event_id}"


def _ended(incident: Incident) -> float:
    return incident.resolved_at.timestamp() if incident.resolved_at else float("inf")
