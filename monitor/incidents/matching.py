"""
Which incident goes on with which cause, and when a cause has been seen often enough to be told as another.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from monitor.core.cause import Cause
from monitor.incidents.grouping import Group
from monitor.incidents.incident import Fault, Incident

# How long the checks that tell causes apart are waited for at most: who is woken must be woken within seconds.
MOST_HELD = timedelta(seconds=8.0)
_LAYERS = {cause: number for number, cause in enumerate(Cause)}


def layer_of(cause: Cause) -> int:
    """
    Return how high *cause* lies: a lower one explains what is seen above it.
    """
    return _LAYERS[cause]


@dataclass(slots=True, kw_only=True)
class Hold:
    """
    The checks that have been asked and have not run yet, and how long they are waited for.
    """

    asked: set[str]
    until: datetime

    def holds(self, now: datetime) -> bool:
        """
        Return whether they are still waited for.
        """
        # A clock that was set back must not make anybody wait for hours.
        return bool(self.asked) and timedelta(0) < self.until - now <= MOST_HELD


@dataclass(slots=True, kw_only=True)
class Track:
    """
    The cause of a finding, its newest run, and how many runs in a row have had that cause.
    """

    cause: Cause
    run_id: str
    runs: int


class Tracks:
    """
    How long every finding has had its cause.
    """

    def __init__(self) -> None:
        self._tracks: dict[tuple[str, Fault], Track] = {}

    def follow(self, groups: Iterable[Group]) -> None:
        """
        Count for every finding in *groups*, which are all, how many of its runs in a row have had the cause of now.
        """
        tracks: dict[tuple[str, Fault], Track] = {}
        for group in groups:
            for each in group.findings:
                key = (each.check, each.fault)
                before = self._tracks.get(key)
                tracks[key] = Track(cause=group.diagnosis.cause, run_id=each.run_id, runs=1)
                if before is not None and before.cause is group.diagnosis.cause:
                    tracks[key].runs = before.runs + (before.run_id != each.run_id)
        self._tracks = tracks

    def confirm(self, group: Group) -> bool:
        """
        Return whether more than one run has had this cause: one that was under way when something was mended saw half
        of the one and half of the other.
        """
        return any(self._tracks[each.check, each.fault].runs > 1 for each in group.findings)


class Groups:
    """
    What has one cause, each to be taken by the incident that goes on with it.
    """

    def __init__(self, found: Sequence[Group]) -> None:
        self._left = dict(enumerate(found))
        self._of = {(each.check, each.fault): number for number, group in self._left.items() for each in group.findings}

    @property
    def left(self) -> list[Group]:
        """
        Those that nobody has taken.
        """
        return list(self._left.values())

    def take(
        self,
        incident: Incident,
        *,
        only_its_cause: bool = False,
        unless: Callable[[Group], bool] = lambda _: False,
    ) -> Group | None:
        """
        Return the group that has most of the findings of *incident*, and is nobody else's; None when there is none.

        *only_its_cause*: of those with the cause that it has. *unless*: then it is left to others.
        """
        numbers = [self._of.get((each.check, each.fault)) for each in incident.findings]
        shared = Counter(number for number in numbers if number is not None and number in self._left)
        able = [each for each in shared if not only_its_cause or self._left[each].diagnosis.cause is incident.cause]
        best = max(able, key=lambda each: shared[each], default=None)
        return None if best is None or unless(self._left[best]) else self._left.pop(best)
