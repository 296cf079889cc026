"""
What the target has shown in a life, to whom and when: how often a check failed, and what must have been believed of it.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from itertools import groupby

from monitor.scheduler import Grid
from tests.delivery.daemons import Daemon
from tests.delivery.life import Evidence
from tests.delivery.plan import Scene, Watched, Way
from tests.delivery.target import TIMEOUT_SECONDS, Asked

# From the failure that is believed until the store, or somebody, knows: when disks and this machine are as they should.
_MARGIN_SECONDS = 1.0
_MARGINS: Mapping[Scene, float] = {Scene.SLOW_DISK: 0.8, Scene.STUCK_DISK: 2.0, Scene.FULL_DISK: 3.0}
# Clocks are read on both sides of a socket.
_BLUR_SECONDS = 0.05
# A check that passes does so once a second.
_INTERVAL_SECONDS = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Sure:
    """
    A failure of *check* that *daemon* must have believed after it was asked *at* that second since 1970, and lived to
    tell *until* another.
    """

    check: str
    at: float
    until: float
    daemon: Daemon


class Truth:
    """
    The answers of the target in one life.
    """

    def __init__(self, seen: Evidence) -> None:
        self._seen = seen
        self._plan = seen.plan

    @cached_property
    def sure(self) -> Sequence[Sure]:
        """
        The failures that must have become incidents.
        """
        daemons = (daemon for daemon in self._seen.daemons if not daemon.is_troubled)
        return [sure for daemon in daemons for check in self._plan.checks for sure in self._sure(daemon, check)]

    @cached_property
    def late(self) -> Sequence[Asked]:
        """
        The runs that were not answered in time, but for those that hung on purpose, of which the target knows.
        """
        hung = [(each.daemon, each.check, each.at) for each in self._seen.asked if not each.passed]
        return [
            Asked(at=at, daemon=daemon.name, check=check, passed=False)
            for daemon in self._seen.daemons
            for check, at in daemon.timeouts()
            if not any(
                (name, what) == (daemon.name, check) and then <= at < then + 2.0 * TIMEOUT_SECONDS
                for name, what, then in hung
            )
        ]

    def failures(self, check: Watched, *, since: float, until: float) -> int:
        """
        Return how often *check* failed then.
        """
        answers = [each for each in self._seen.asked if each.check == check.name and not each.passed]
        late = [each for each in self.late if each.check == check.name]
        return self._count([*answers, *late], check, since=since - TIMEOUT_SECONDS, until=until)

    def rights(self, check: Watched, *, since: float, until: float) -> int:
        """
        Return how often *check* passed then.
        """
        answers = (each for each in self._seen.asked if each.check == check.name and each.passed)
        return self._count(answers, check, since=since, until=until)

    def was_right(self, check: Watched, at: float) -> bool:
        """
        Return whether *check* has passed right before.
        """
        return self.rights(check, since=at - _INTERVAL_SECONDS - self._seen.lag_seconds, until=at) > 0

    def _count(self, answers: Iterable[Asked], check: Watched, *, since: float, until: float) -> int:
        """
        Return how often the target was seen so; what two daemons saw at the same turn was seen once.
        """
        grid = Grid.of(check.name, _INTERVAL_SECONDS)
        turns: dict[int, Counter[str]] = defaultdict(Counter)
        for each in answers:
            if since - _BLUR_SECONDS <= each.at <= until + _BLUR_SECONDS + self._seen.lag_seconds:
                turns[grid.tick_at(datetime.fromtimestamp(each.at, UTC))][each.daemon] += 1
        return sum(max(seen.values()) for seen in turns.values())

    def _sure(self, daemon: Daemon, check: Watched) -> Iterator[Sure]:
        """
        Yield the first believed failure of every row of failures that *daemon* has seen while it kept the incidents.
        """
        since = daemon.keeps_incidents_since
        hangs = any(each.way is Way.HANG for each in check.failing)
        margin_seconds = _MARGIN_SECONDS + _MARGINS.get(self._plan.scene, 0.0) + 2.0 * self._seen.lag_seconds
        margin_seconds += TIMEOUT_SECONDS if hangs else 0.0
        ours = [each for each in self._seen.asked if (each.daemon, each.check) == (daemon.name, check.name)]
        for passed, row in groupby((each for each in ours if each.at > since), key=lambda each: each.passed):
            failures = [] if passed else list(row)[self._plan.open_after - 1 :]
            if failures and failures[0].at + margin_seconds < daemon.acts_until:
                yield Sure(check=check.name, at=failures[0].at, until=failures[0].at + margin_seconds, daemon=daemon)
