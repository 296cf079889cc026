"""
What the outcomes of one check, seen from one place, amount to: a fold of one outcome after the other.

A failure is believed after ``open_after`` in a row, and over after ``resolve_after`` right runs. Two things are seen
besides. A check that fails again and again, though never often enough in a row, is *intermittent*: a fifth of its
runs fail, one of two servers behind one name is broken. And one that was believed to have failed twice within half an
hour is *flapping*: it then stays open until it has been calm for a while, so that nobody is woken a third time.

Times are those of the outcomes, so that a history always folds to the same result.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import IntEnum
from typing import Any, Self, TypeVar

from monitor.core.outcome import Outcome, Status
from monitor.incidents.settings import Alerts

# Of the last twenty verdicts so many changes: about a fifth of the runs fail, each between right ones.
_RECENT = 20
_INTERMITTENT_CHANGES = 6
# Within half an hour, or twenty intervals when that is longer.
_FLAPPING_OPENINGS = 2
_FLAPPING_SECONDS = 1800.0
_FLAPPING_INTERVALS = 20
_CALM_SECONDS = 600.0
_CALM_INTERVALS = 10


S = TypeVar("S", bound="Streak")


class Level(IntEnum):
    """
    What is believed of a check.
    """

    RIGHT = 0
    DEGRADED = 1
    FAILED = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Streak:
    """
    What is known of one check in one location.

    Counts are outcomes in a row: *failures* of failed ones, *faults* of failed or degraded ones, *rights* of what did
    not fail, *passes* of passed ones, *errors* of errored ones. *since* is the start of the first of the *faults* (of
    the failures, once it is believed failed), *errors_since* that of the errors. *recent* are the last verdicts, the
    newest last, ``x`` for failed; *changed_at* when it last went down or up, and *openings* when it was last believed
    to have failed. *seen_at* is the end of the last verdict.
    """

    level: Level = Level.RIGHT
    failures: int = 0
    faults: int = 0
    rights: int = 0
    passes: int = 0
    errors: int = 0
    since: datetime | None = None
    errors_since: datetime | None = None
    recent: str = ""
    changed_at: datetime | None = None
    openings: tuple[datetime, ...] = ()
    is_flapping: bool = False
    seen_at: datetime | None = None

    @property
    def is_doubtful(self) -> bool:
        """
        Whether a failure has been seen that is not believed yet.
        """
        return self.level is not Level.FAILED and self.failures > 0

    def after(self, outcome: Outcome, rules: Alerts, *, every_seconds: float) -> Self:
        """
        Return what is known after *outcome* of a check that runs *every_seconds*.

        What was missed says nothing; what only repeats what was found before says nothing new.
        """
        if outcome.status is Status.MISSED or (outcome.is_repeat and outcome.status is not Status.ERRORED):
            return self
        if outcome.status is Status.ERRORED:
            return replace(self, errors=self.errors + 1, errors_since=self.errors_since or outcome.started_at)
        window = timedelta(seconds=max(_FLAPPING_SECONDS, _FLAPPING_INTERVALS * every_seconds))
        calm = timedelta(seconds=max(_CALM_SECONDS, _CALM_INTERVALS * every_seconds))
        return _judged(_counted(self, outcome), rules, window=window, calm=calm)

    def as_json(self) -> dict[str, Any]:
        """
        Return it as plain JSON values.
        """
        return {
            "level": self.level.value,
            "failures": self.failures,
            "faults": self.faults,
            "rights": self.rights,
            "passes": self.passes,
            "errors": self.errors,
            "since": _text(self.since),
            "errors_since": _text(self.errors_since),
            "recent": self.recent,
            "changed_at": _text(self.changed_at),
            "openings": [each.isoformat() for each in self.openings],
            "is_flapping": self.is_flapping,
            "seen_at": _text(self.seen_at),
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self:
        """
        Return what ``as_json`` made *data* of; raise ``ValueError``, ``KeyError`` or ``TypeError`` for anything else.
        """
        return cls(
            level=Level(data["level"]),
            failures=data["failures"],
            faults=data["faults"],
            rights=data["rights"],
            passes=data["passes"],
            errors=data["errors"],
            since=_moment(data["since"]),
            errors_since=_moment(data["errors_since"]),
            recent=data["recent"],
            changed_at=_moment(data["changed_at"]),
            openings=tuple(datetime.fromisoformat(each) for each in data["openings"]),
            is_flapping=data["is_flapping"],
            seen_at=_moment(data["seen_at"]),
        )


def _counted(before: S, outcome: Outcome) -> S:
    """
    Return *before* with the verdict of *outcome* counted, and nothing believed of it yet.
    """
    has_failed, has_passed = outcome.status is Status.FAILED, outcome.status is Status.PASSED
    # What was never seen before is taken to have been right.
    has_changed = has_failed is not before.recent.endswith("x")
    begins = has_failed and not before.failures if before.faults else not has_passed
    # While something is believed, its beginning stays what it was.
    keeps = before.since is not None and (before.level is not Level.RIGHT or not begins)
    return replace(
        before,
        failures=before.failures + 1 if has_failed else 0,
        faults=0 if has_passed else before.faults + 1,
        rights=0 if has_failed else before.rights + 1,
        passes=before.passes + 1 if has_passed else 0,
        errors=0,
        errors_since=None,
        since=before.since if keeps else outcome.started_at if begins else None,
        recent=(before.recent + ("x" if has_failed else "."))[-_RECENT:],
        changed_at=outcome.ended_at if has_changed else before.changed_at,
        seen_at=outcome.ended_at,
    )


def _judged(counted: S, rules: Alerts, *, window: timedelta, calm: timedelta) -> S:
    """
    Return *counted* with what is to be believed of it.
    """
    now = counted.seen_at
    # The distance: what a clock that was set back has put into the future is long over, or nothing would end there.
    is_calm = now is None or counted.changed_at is None or abs(now - counted.changed_at) >= calm
    if counted.is_flapping and is_calm and counted.rights:
        # It starts anew, or what is long over would open it again.
        anew = replace(counted, recent="", openings=())
        return _believed(anew, _level(anew, rules, holds=False), is_flapping=False)
    is_intermittent = counted.recent.count("x.") + counted.recent.count(".x") >= _INTERMITTENT_CHANGES
    is_down = counted.failures > 0 or counted.level is Level.FAILED
    holds = (counted.is_flapping and not is_calm) or _reopens(counted, window)
    level = Level.FAILED if is_intermittent and is_down else _level(counted, rules, holds=holds)
    after = _believed(counted, level, is_flapping=False)
    return replace(after, is_flapping=level is Level.FAILED and (holds or is_intermittent or _reopens(after, window)))


def _reopens(streak: Streak, window: timedelta) -> bool:
    """
    Return whether it is not the first time within *window* that it is believed to have failed.
    """
    if streak.seen_at is None or len(streak.openings) < _FLAPPING_OPENINGS:
        return False
    return abs(streak.seen_at - streak.openings[0]) <= window


def _level(counted: Streak, rules: Alerts, *, holds: bool) -> Level:
    if counted.failures >= rules.open_after:
        return Level.FAILED
    if counted.level is Level.FAILED and (holds or counted.rights < rules.resolve_after):
        return Level.FAILED
    is_slow = counted.faults >= rules.open_after
    if is_slow or (counted.level is not Level.RIGHT and counted.passes < rules.resolve_after):
        return Level.DEGRADED
    return Level.RIGHT


def _believed(counted: S, level: Level, *, is_flapping: bool) -> S:
    is_over = level is Level.RIGHT and not counted.faults
    at = counted.seen_at if level is Level.FAILED and counted.level is not Level.FAILED else None
    return replace(
        counted,
        level=level,
        is_flapping=is_flapping,
        since=None if is_over else counted.since,
        openings=(*counted.openings, at)[-_FLAPPING_OPENINGS:] if at else counted.openings,
    )


def _text(at: datetime | None) -> str | None:
    return at.isoformat() if at else None


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
