"""
What was sent of one thing that Appwrite limits, and what is held for those who are going to send more of it.

The window slides, so that it is kept wherever Appwrite's own, which begins with the clock, may lie.
"""

import asyncio
from collections import Counter, deque
from collections.abc import Mapping

from monitor.core.clock import Clock
from monitor.core.cost import LIMITS, Bucket, Limit
from monitor.core.duration import show_duration
from monitor.core.errors import OwnFault

# A message has room for those who sent the most.
_MOST_NAMES = 3


class Reservation:
    """
    Room for what *who*, a run or a watch, sends within any window: held from when it is let in until it has ended.
    """

    def __init__(self, who: str, demand: Mapping[Bucket, int]) -> None:
        self.who = who
        # No more than there can ever be: whoever really sends more is refused that, and does not wait for ever.
        self.demand = {bucket: min(count, LIMITS[bucket.what].ours) for bucket, count in demand.items()}
        self.let_in = asyncio.get_running_loop().create_future()


class Window:
    """
    At most ``limit.ours`` of *what* within any ``limit.seconds``, sent or held for those who are going to.
    """

    def __init__(self, what: object, limit: Limit, clock: Clock) -> None:
        self._what = what
        self._limit = limit
        self._clock = clock
        self._sent: deque[tuple[float, Reservation | None]] = deque()
        self._holders: dict[Reservation, int] = {}

    def hold(self, reservation: Reservation, count: int) -> None:
        """
        Hold *count*; there must be room for it.
        """
        self._holders[reservation] = count

    def release(self, reservation: Reservation) -> None:
        """
        Hold nothing more; what was sent still counts.
        """
        self._holders.pop(reservation, None)

    def room(self) -> int:
        """
        Return how many more there may be.
        """
        self._forget()
        return self._limit.ours - len(self._sent) - sum(self._held().values())

    def spend(self, sender: Reservation | None = None) -> None:
        """
        Take one, of what is held for *sender* if that is left; raise ``OwnFault`` when there is none.
        """
        self._forget()
        if not (sender and self._held().get(sender)) and self.room() < 1:
            raise OwnFault(self.shortage(1), own="budget")
        self._sent.append((self._clock.monotonic(), sender))

    def seconds_until_room(self) -> float | None:
        """
        Return when the oldest that was sent will count no more; None when nothing was sent.
        """
        self._forget()
        return self._sent[0][0] + self._limit.seconds - self._clock.monotonic() if self._sent else None

    def shortage(self, needed: int, *, ahead: int = 0) -> str:
        """
        Return the sentence that there is no room for *needed* more, behind *ahead* that others wait for.
        """
        held = self._held()
        shares = Counter(sender.who for _, sender in self._sent if sender)
        shares.update({holder.who: count for holder, count in held.items()})
        terms = [f"{len(self._sent)} {self._what} within {show_duration(self._limit.seconds)}"]
        terms += [f"{held_now} held for runs under way"] if (held_now := sum(held.values())) else []
        terms += [f"{ahead} for runs that wait already"] if ahead else []
        by = ", ".join(f"{who} {count}" for who, count in shares.most_common(_MOST_NAMES) if count)
        return (
            f"request budget spent: {', '.join(terms)}, {needed} more needed, at most {self._limit.ours}"
            f"{f' ({by})' if by else ''}: run such checks less often"
        )

    def _held(self) -> dict[Reservation, int]:
        # Room comes back to its holder: a watch sends in every window what it holds.
        used = Counter(sender for _, sender in self._sent)
        return {holder: max(0, count - used[holder]) for holder, count in self._holders.items()}

    def _forget(self) -> None:
        horizon = self._clock.monotonic() - self._limit.seconds
        while self._sent and self._sent[0][0] <= horizon:
            self._sent.popleft()
