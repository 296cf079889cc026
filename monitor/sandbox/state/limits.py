"""
Rate limits: fixed windows that are aligned to the clock, whoever comes when.
"""

from dataclasses import dataclass

from monitor.core.clock import Clock

# Beyond it the counters of ended windows are forgotten, then the oldest of all.
MAX_COUNTERS = 20_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Limit:
    """
    At most *count* calls within *seconds* for each value of *key*, a template.

    The template may hold ``{ip}``, ``{method}``, ``{url}`` (of the route, with its placeholders), ``{user}``,
    ``{email}`` and ``{userId}`` (of the body). *resets* forgets what was counted when a call is answered 201.
    """

    count: int
    seconds: int
    key: str
    resets: bool = False


_BY_CALLER = "ip:{ip},method:{method},url:{url},userId:{user}"
# Of everything that writes documents or rows, and of what deletes them.
WRITES = Limit(count=120, seconds=60, key=_BY_CALLER)
DELETES = Limit(count=60, seconds=60, key=_BY_CALLER)


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """
    What is left of a limit after a call; *reset_at* is the end of the window, in Unix seconds.
    """

    limit: int
    remaining: int
    reset_at: int
    exceeded: bool


class Counters:
    """
    How often each key was used in its current window; remembers at most *capacity* keys.
    """

    def __init__(self, clock: Clock, *, capacity: int = MAX_COUNTERS) -> None:
        self._clock = clock
        self._capacity = capacity
        # Key and length of the window, to its end and count; those used first come first.
        self._counts: dict[tuple[str, int], tuple[int, int]] = {}

    def __len__(self) -> int:
        return len(self._counts)

    def use(self, key: str, *, limit: int, seconds: int, counts: bool = True) -> Standing:
        """
        Count one call under *key* and return how it stands.

        A call that exceeds the limit is not counted, nor one that only looks (*counts* false).
        """
        reset_at, counted = self._window(key, seconds)
        exceeded = counted >= limit
        if counts and not exceeded:
            self._make_room(key, seconds)
            self._counts[key, seconds] = reset_at, counted + 1
        return Standing(limit=limit, remaining=max(0, limit - counted - 1), reset_at=reset_at, exceeded=exceeded)

    def forget(self, key: str, *, seconds: int) -> None:
        """
        Start counting *key* anew.
        """
        self._counts.pop((key, seconds), None)

    def _window(self, key: str, seconds: int) -> tuple[int, int]:
        now = int(self._clock.now().timestamp())
        end = now - now % seconds + seconds
        last_end, counted = self._counts.get((key, seconds), (end, 0))
        return end, counted if last_end == end else 0

    def _make_room(self, key: str, seconds: int) -> None:
        if (key, seconds) in self._counts or len(self._counts) < self._capacity:
            return
        now = self._clock.now().timestamp()
        self._counts = {each: (end, count) for each, (end, count) in self._counts.items() if end > now}
        if len(self._counts) >= self._capacity:
            del self._counts[next(iter(self._counts))]
