"""
From outcomes to findings: what is believed to be wrong, per check, over all locations that report it.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from monitor.core.outcome import Outcome, Reason, Status
from monitor.core.severity import Severity
from monitor.diagnosis.sighting import Sighting
from monitor.incidents.grouping import Trouble
from monitor.incidents.incident import Fault, Finding
from monitor.incidents.settings import Alerts
from monitor.incidents.streak import Level, Streak

# A location that said nothing for so many intervals, and a minute, does not report any more.
_SILENT_INTERVALS = 3
_SILENT_SECONDS = 60.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Watched:
    """
    What is configured of a check that matters here.
    """

    severity: Severity
    every_seconds: float


class Findings:
    """
    The streaks of every check and location, and the findings that they make.
    """

    def __init__(self) -> None:
        self.streaks: dict[tuple[str, str], Streak] = {}
        # Where each check was seen from: few places, and there may be a thousand checks.
        self._places: defaultdict[str, set[str]] = defaultdict(set)
        self._open: dict[tuple[str, Fault], Finding] = {}
        # What every check saw last, from each place.
        self._scene: dict[tuple[str, str], Sighting] = {}
        self._troubles: dict[tuple[str, Fault], Trouble] = {}
        self._has_news = False

    @property
    def open(self) -> list[Finding]:
        """
        What is wrong now, oldest first.
        """
        return sorted(self._open.values(), key=lambda each: (each.opened_at, each.check, each.fault))

    @property
    def scene(self) -> tuple[Sighting, ...]:
        """
        What every check saw last, right or wrong.
        """
        return tuple(self._scene.values())

    @property
    def count(self) -> int:
        """
        How much is wrong now.
        """
        return len(self._open)

    def seen(self, check: str, location: str) -> Sighting | None:
        """
        Return what *check* saw last from *location*; None when it has not run yet.
        """
        return self._scene.get((check, location))

    def troubles(self) -> list[Trouble]:
        """
        Return what is wrong now, oldest first, with the last run that saw it.
        """
        return [self._trouble(finding) for finding in self.open]

    def take_news(self) -> bool:
        """
        Return whether something is wrong now that was not when this was last asked, or no more, or in another way.

        That a run failed again as the one before is none: with a thousand checks that fail, most runs are that.
        """
        has_news, self._has_news = self._has_news, False
        return has_news

    def is_standing(self, check: str, fault: Fault) -> bool:
        """
        Return whether what is wrong with *check* was seen by the last run that could see it, and not only before.
        """
        if fault is Fault.OWN:
            return True
        streaks = self._streaks_of(check).values()
        return any((streak.rights if streak.level is Level.FAILED else streak.passes) == 0 for streak in streaks)

    def is_failing(self, check: str) -> bool:
        """
        Return whether *check* is believed to have failed, or to be slow.
        """
        return (check, Fault.TARGET) in self._open

    def restore(self, streaks: Mapping[tuple[str, str], Streak], findings: Iterable[Finding]) -> None:
        """
        Go on from what was known before.
        """
        self.streaks = dict(streaks)
        for check, place in streaks:
            self._places[check].add(place)
        self._open = {(each.check, each.fault): each for each in findings}

    def forget(self, check: str) -> None:
        """
        Drop all that is known of *check*, which is not configured any more.
        """
        for place in self._places.pop(check, ()):
            self.streaks.pop((check, place), None)
            self._scene.pop((check, place), None)
        for fault in Fault:
            self._put((check, fault), None)

    def note_trouble(self, name: str, message: str, now: datetime) -> None:
        """
        Take it for found that the monitor itself is in trouble, by nothing that a check has seen.
        """
        before = self._open.get((name, Fault.OWN))
        finding = Finding(
            check=name,
            kind="",
            fault=Fault.OWN,
            severity=Severity.TICKET,
            reason=Reason.INTERNAL,
            message=message,
            step="",
            run_id="",
            since=before.since if before else now,
            opened_at=before.opened_at if before else now,
        )
        self._put((name, Fault.OWN), finding)

    def end_trouble(self, name: str) -> None:
        """
        Take the trouble called *name* for over.
        """
        self._put((name, Fault.OWN), None)

    def observe(self, outcome: Outcome, rules: Alerts, watched: Watched, *, evidence: Mapping[str, Any]) -> bool:
        """
        Fold *outcome* in; return whether it failed in a way that a second look must confirm.

        *evidence* is what a finding keeps of it.
        """
        key = (outcome.check, outcome.location)
        streak = self.streaks.get(key, Streak()).after(outcome, rules, every_seconds=watched.every_seconds)
        self.streaks[key] = streak
        self._places[outcome.check].add(outcome.location)
        if outcome.status is not Status.MISSED and not outcome.is_repeat:
            since = streak.errors_since if outcome.status is Status.ERRORED else streak.since
            self._scene[key] = Sighting.of(evidence, since=since)
        # What cannot be judged says nothing of the target: neither that it is wrong, nor that it is right again.
        if outcome.status.is_verdict and not outcome.is_repeat:
            self._judge_target(outcome, rules, watched, evidence)
        self._judge_own(outcome, rules, evidence)
        return outcome.status is Status.FAILED and not outcome.is_repeat and streak.is_doubtful

    def _streaks_of(self, check: str) -> Mapping[str, Streak]:
        return {place: self.streaks[check, place] for place in self._places.get(check, ())}

    def _judge_target(self, outcome: Outcome, rules: Alerts, watched: Watched, evidence: Mapping[str, Any]) -> None:
        key = (outcome.check, Fault.TARGET)
        level, places = self._agreed(outcome, rules, watched)
        before = self._open.get(key)
        if level is Level.RIGHT:
            self._put(key, None)
            return
        finding = before
        # What is only slow says nothing of a failure that is not over yet.
        bad = {Status.FAILED} if level is Level.FAILED else {Status.FAILED, Status.DEGRADED}
        if outcome.status in bad and (before is None or outcome.location in places):
            finding = _finding(outcome, Fault.TARGET, before, evidence)
        if finding is None:
            return
        streaks = [self.streaks[outcome.check, place] for place in places]
        after = replace(
            finding,
            severity=_severity(level, finding.reason, watched.severity),
            since=min((streak.since for streak in streaks if streak.since), default=finding.since),
            is_flapping=any(streak.is_flapping for streak in streaks),
            locations=tuple(sorted(places)),
        )
        self._put(key, after)

    def _trouble(self, finding: Finding) -> Trouble:
        key = (finding.check, finding.fault)
        known = self._troubles.get(key)
        if known is None or known.finding is not finding:
            known = self._troubles[key] = Trouble(finding=finding, sighting=_sighting(finding))
        return known

    def _put(self, key: tuple[str, Fault], after: Finding | None) -> None:
        before = self._open.get(key)
        # Whoever renders the metrics in another thread must not find it missing in between.
        if after is None:
            self._open.pop(key, None)
            self._troubles.pop(key, None)
        else:
            self._open[key] = after
        self._has_news |= _kind_of(before) != _kind_of(after)

    def _agreed(self, outcome: Outcome, rules: Alerts, watched: Watched) -> tuple[Level, frozenset[str]]:
        """
        Return the gravest level on which enough locations agree, and which these are.
        """
        patience = timedelta(seconds=_SILENT_INTERVALS * watched.every_seconds + _SILENT_SECONDS)
        reporting = {
            place: streak
            for place, streak in self._streaks_of(outcome.check).items()
            if streak.seen_at and outcome.ended_at - streak.seen_at <= patience
        }
        needed = min(rules.quorum, len(reporting))
        for level in (Level.FAILED, Level.DEGRADED):
            places = frozenset(place for place, streak in reporting.items() if streak.level >= level)
            if places and len(places) >= needed:
                return level, places
        return Level.RIGHT, frozenset()

    def _judge_own(self, outcome: Outcome, rules: Alerts, evidence: Mapping[str, Any]) -> None:
        key = (outcome.check, Fault.OWN)
        streak = self.streaks[outcome.check, outcome.location]
        if outcome.status.is_verdict and not outcome.is_repeat:
            self._put(key, None)
        elif outcome.status is Status.ERRORED and (key in self._open or streak.errors >= rules.open_after):
            finding = _finding(outcome, Fault.OWN, self._open.get(key), evidence)
            since = streak.errors_since or finding.since
            after = replace(finding, severity=Severity.TICKET, since=since, locations=(outcome.location,))
            self._put(key, after)


def _kind_of(finding: Finding | None) -> tuple[object, ...] | None:
    """
    Return all of *finding* but what is another with every run.
    """
    if finding is None:
        return None
    return finding.severity, finding.reason, finding.is_flapping, finding.locations


def _finding(outcome: Outcome, fault: Fault, before: Finding | None, evidence: Mapping[str, Any]) -> Finding:
    return Finding(
        check=outcome.check,
        kind=outcome.kind,
        fault=fault,
        severity=before.severity if before else Severity.INFO,
        reason=outcome.reason or Reason.INTERNAL,
        message=str(evidence.get("message", "")),
        step=outcome.failed_step,
        run_id=outcome.run_id,
        since=before.since if before else outcome.started_at,
        opened_at=before.opened_at if before else outcome.ended_at,
        outcome=evidence,
    )


def _sighting(finding: Finding) -> Sighting:
    try:
        return Sighting.of(finding.outcome, since=finding.since)
    except (KeyError, ValueError, TypeError):
        # The monitor's own trouble that no run has seen, or a form that another version has written.
        own = finding.fault is Fault.OWN
        return Sighting(
            check=finding.check,
            kind=finding.kind,
            status=Status.ERRORED if own else Status.FAILED,
            reason=finding.reason,
            message=finding.message,
            step=finding.step,
            run_id=finding.run_id,
            started_at=finding.since,
            ended_at=finding.opened_at,
            since=finding.since,
        )


def _severity(level: Level, reason: Reason, configured: Severity) -> Severity:
    """
    Return how urgent a finding is by itself: what is only slow wakes nobody.
    """
    if level is Level.DEGRADED:
        return min(configured, Severity.TICKET, key=lambda each: each.rank)
    # Private messages that anybody can read wake somebody, however little the check was thought of.
    return Severity.PAGE if reason is Reason.PERMISSION_EXCESS else configured
