"""
When to look for a leftover again, by what was seen of it, and when there is nothing more to do.
"""

import math
from dataclasses import dataclass

from monitor.core.leftover import Look
from monitor.journal import Intention

# Longer than the target, or what stands before it, works on a request: Appwrite's functions may take 15 minutes.
SETTLED_SECONDS = 960.0
# A collection that is gone may be put back.
AWAY_SECONDS = 86_400.0
# Until what is not there is looked for again: 1, 5 and, since it is settled then, 16 minutes after its run.
_FIRST_LOOK_SECONDS = 60.0
_LOOKS_APART = 4.0
_FIRST_PAUSE_SECONDS = 10.0
_LONGEST_PAUSE_SECONDS = 600.0
# What doubles for ever is no number any more after a week.
_MOST_DOUBLINGS = 10


@dataclass(slots=True, kw_only=True)
class Pending:
    """
    One intention, and what is known of it. Times are monotonic seconds.

    *look_at* is None while its run goes on, and *since* the end of that. *is_left*: it is not known to be absent.
    *away_since*: when its collection was seen to be gone, without having been there since.
    """

    intention: Intention
    since: float = 0.0
    look_at: float | None = None
    look: Look | None = None
    looks: int = 0
    is_left: bool = False
    error: str = ""
    away_since: float | None = None

    def end(self, now: float, *, since: float | None = None) -> None:
        """
        Note that its run has ended, *now* unless it was *since*; whoever looks does so within seconds.
        """
        self.is_left = True
        self.since = now if since is None else since
        self.look_at = now + _FIRST_PAUSE_SECONDS if since is None else now

    def note(self, look: Look, *, now: float, error: str = "") -> bool:
        """
        Note what was seen *now*; return whether there is nothing more to do.
        """
        self.looks = self.looks + 1 if look is self.look else 1
        self.look, self.error = look, error if look in {Look.STAYS, Look.AWAY} else ""
        # What is in a collection that is away comes back with it.
        self.is_left = look in {Look.STAYS, Look.AWAY}
        self.away_since = (self.away_since if self.away_since is not None else now) if look is Look.AWAY else None
        rest = self._rest_seconds(look, now)
        self.look_at = now + min(self._pause_seconds(look), rest)
        return rest <= 0.0

    def _rest_seconds(self, look: Look, now: float) -> float:
        """
        Return for how long it is still looked for.
        """
        match look:
            case Look.GONE:
                return 0.0
            case Look.ABSENT:
                return self.since + SETTLED_SECONDS - now
            case Look.AWAY:
                return (now if self.away_since is None else self.away_since) + AWAY_SECONDS - now
            case Look.STAYS:
                return float("inf")

    def _pause_seconds(self, look: Look) -> float:
        if look is Look.ABSENT:
            return _FIRST_LOOK_SECONDS * math.pow(_LOOKS_APART, min(self.looks - 1, _MOST_DOUBLINGS))
        return min(math.ldexp(_FIRST_PAUSE_SECONDS, min(self.looks - 1, _MOST_DOUBLINGS)), _LONGEST_PAUSE_SECONDS)
