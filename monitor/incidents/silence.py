"""
Stretches of time in which what is found wrong pages nobody: silences that a person gave, and windows of maintenance.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from fnmatch import fnmatchcase

from monitor.incidents.incident import Incident
from monitor.incidents.settings import Alerts


@dataclass(frozen=True, slots=True, kw_only=True)
class Silence:
    """
    What somebody asked for: the *checks* (names, or patterns such as ``chat-*``) page nobody *until* then.
    """

    id: str
    checks: tuple[str, ...]
    since: datetime
    until: datetime
    reason: str
    by: str

    def covers(self, check: str, now: datetime) -> bool:
        """
        Return whether *check* is silent at *now*.
        """
        return self.since <= now < self.until and matches(check, self.checks)


class Hush:
    """
    All that keeps incidents from paging: the *silences* given, and the maintenance of *alerts*.
    """

    def __init__(self, alerts: Alerts, silences: Sequence[Silence] = ()) -> None:
        self._windows = tuple(alerts.maintenance.values())
        self._silences = silences

    def covers(self, incident: Incident, now: datetime) -> bool:
        """
        Return whether nobody is to be paged for *incident* at *now*: all its checks are silent.
        """
        return self.until(incident, now) is not None

    def until(self, incident: Incident, now: datetime) -> datetime | None:
        """
        Return when the first of its checks is heard again, as far as is known at *now*; None when one is heard now.
        """
        heard_at: list[datetime] = []
        for end in self.until_of(incident.checks, now):
            if end is None:
                return None
            heard_at.append(end)
        return min(heard_at, default=None)

    def until_of(self, checks: Iterable[str], now: datetime) -> Iterator[datetime | None]:
        """
        Yield when each of *checks* is heard again; None for one that is heard now.
        """
        windows = [(window, end) for window in self._windows if (end := window.until(now)) is not None]
        for check in checks:
            ends = [end for window, end in windows if matches(check, window.checks)]
            ends += [silence.until for silence in self._silences if silence.covers(check, now)]
            yield max(ends, default=None)


def matches(check: str, patterns: Iterable[str]) -> bool:
    """
    Return whether one of *patterns* is the name of *check*, or a pattern of it.
    """
    return any(fnmatchcase(check, pattern) for pattern in patterns)
