"""
Keeps the monitor below Appwrite's rate limits, so that a 429 is never of its own making.

The limits are those of Appwrite 1.5 to 1.9: 120 creates or updates and 60 deletes of documents, 128 connects and 32
messages a socket, each in 60 s. Ours are lower, since Appwrite's windows begin with the clock's minute and ours slide.
"""

from collections import deque

from monitor.core.clock import Clock
from monitor.core.errors import OwnFault

_WINDOW_SECONDS = 60.0
_MAX_WRITES = 100
_MAX_DELETES = 50
_MAX_CONNECTS = 100
_MAX_MESSAGES = 28


class Window:
    """
    At most *limit* of *what* within any 60 s.
    """

    def __init__(self, what: str, limit: int, clock: Clock) -> None:
        self._what = what
        self._limit = limit
        self._clock = clock
        self._spent: deque[float] = deque()

    def spend(self) -> None:
        """
        Take one; raise ``OwnFault`` when none is left.
        """
        now = self._clock.monotonic()
        while self._spent and self._spent[0] <= now - _WINDOW_SECONDS:
            self._spent.popleft()
        if len(self._spent) >= self._limit:
            raise OwnFault(
                f"request budget spent: {self._limit} {self._what} within 60s, more would trip Appwrite's rate limit:"
                " run fewer such checks, or less often"
            )
        self._spent.append(now)


class Budget:
    """
    What may still be asked of one target.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._connects = Window("socket connects", _MAX_CONNECTS, clock)
        self._writes: dict[tuple[str, bool], Window] = {}

    def spend_write(self, identity: str, *, is_delete: bool) -> None:
        """
        Count one document write of *identity*; raise ``OwnFault`` when the minute is full.
        """
        window = self._writes.get((identity, is_delete))
        if window is None:
            what, limit = ("deletes", _MAX_DELETES) if is_delete else ("writes", _MAX_WRITES)
            window = self._writes[identity, is_delete] = Window(f"document {what} as {identity!r}", limit, self._clock)
        window.spend()

    def spend_connect(self) -> None:
        """
        Count one socket; raise ``OwnFault`` when the minute is full.
        """
        self._connects.spend()

    def messages(self) -> Window:
        """
        Return the window for the messages sent on one new socket.
        """
        return Window("messages on one socket", _MAX_MESSAGES, self._clock)
