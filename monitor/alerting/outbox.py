"""
What sinks have not acknowledged yet, in order.

Events of one incident go to one sink one after the other: the next is due only when the one before was acknowledged
*and* the store knows it. Otherwise a process that is killed in between would, at its next start, say that an incident
opened after it said that it was over, and wake somebody for nothing. Events of different incidents do not wait for
each other.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog

from monitor.alerting.records import Posted
from monitor.incidents.incident import Event, Transition

log = structlog.get_logger()

# For one sink: some hundred incidents a day for weeks. What comes then takes the place of the oldest.
MOST_WAITING = 20_000
# What is done with and not deleted yet, while the store cannot be written to.
_MOST_DONE = 50_000
# Nobody wants to be told of it then.
MOST_AGE = timedelta(days=7)
# What the one that comes after it says as well.
_OVERTAKEN = frozenset({Transition.CHANGED, Transition.REMINDED})


@dataclass(slots=True, kw_only=True, eq=False)
class Waiting:
    """
    One event on its way. *not_before* is in monotonic seconds; *is_kept* once the store has it.
    """

    posted: Posted
    attempts: int = 0
    not_before: float = 0.0
    is_kept: bool = False
    is_under_way: bool = False

    @property
    def stream(self) -> tuple[str, str]:
        """
        What is delivered one after the other.
        """
        return self.posted.sink, self.posted.event.incident.id


class Outbox:
    """
    The events that wait, by sink. It also knows what the store has yet to be told of them.
    """

    def __init__(self) -> None:
        self._waiting: dict[str, dict[int, Waiting]] = defaultdict(dict)
        self._next_number = 1
        # What the store has yet to delete; and of that, whose next event waits for it.
        self._done: dict[int, None] = {}
        self._blocked: dict[int, tuple[str, str]] = {}
        self._unkept: dict[int, Waiting] = {}

    def restore(self, posted: Iterable[Posted]) -> None:
        """
        Go on with what a process before this one left.
        """
        for each in posted:
            self._waiting[each.sink][each.number] = Waiting(posted=each, is_kept=True)
            self._next_number = max(self._next_number, each.number + 1)

    def begin_at(self, number: int) -> None:
        """
        Give what is added from here on no lower number, since it is not known which ones the store holds.
        """
        self._next_number = max(self._next_number, number)

    def add(self, sink: str, event: Event) -> None:
        """
        Have *event* delivered to *sink*; what it makes superfluous and is not under way is dropped.
        """
        ours = [each for each in self._waiting[sink].values() if each.posted.event.incident.id == event.incident.id]
        if event.transition is Transition.REMINDED and ours:
            return
        for each in ours:
            if each.posted.event.transition in _OVERTAKEN and not each.is_under_way:
                self._drop(each)
        if len(self._waiting[sink]) >= MOST_WAITING:
            self._make_room(sink)
        waiting = Waiting(posted=Posted(number=self._next_number, sink=sink, event=event))
        self._next_number += 1
        self._waiting[sink][waiting.posted.number] = self._unkept[waiting.posted.number] = waiting

    def next(self, sink: str, *, now: float, untried: bool = False) -> Waiting | None:
        """
        Return the first event for *sink* that may be sent now, and was never tried if it must be *untried*.
        """
        blocked = set(self._blocked.values())
        for each in self._waiting[sink].values():
            if each.stream in blocked:
                continue
            blocked.add(each.stream)
            may_go = each.is_kept and not each.is_under_way and each.not_before <= now
            if may_go and not (untried and each.attempts):
                return each
        return None

    def next_at(self, sink: str, *, now: float) -> float:
        """
        Return when the next event for *sink* may be sent that is put off, in monotonic seconds.
        """
        later = (each.not_before for each in self._waiting[sink].values() if each.not_before > now)
        return min(later, default=float("inf"))

    def acknowledge(self, waiting: Waiting) -> None:
        """
        Note that the sink has it.
        """
        self._blocked[waiting.posted.number] = waiting.stream
        self._note_done(waiting)

    def unaware(self, incident: str) -> frozenset[str]:
        """
        Return the sinks that have yet to be told that *incident* opened.
        """
        return frozenset(
            sink
            for sink, waiting in self._waiting.items()
            for each in waiting.values()
            if each.posted.event.incident.id == incident and each.posted.event.transition is Transition.OPENED
        )

    def drop_old(self, now: datetime) -> list[Waiting]:
        """
        Drop what has waited for so long that nobody wants to hear of it, and return that.

        That is what only says more of an incident, and all of one that is over and of which its sink never heard. The
        end of one of which it did, and one that is open, are told however late.
        """
        streams: dict[tuple[str, str], list[Waiting]] = defaultdict(list)
        for queue in self._waiting.values():
            for each in queue.values():
                streams[each.stream].append(each)
        old = [each for stream in streams.values() for each in _old_of(stream, now)]
        old = [each for each in old if not each.is_under_way]
        for each in old:
            self._drop(each)
        return old

    def unkept(self) -> tuple[Sequence[Waiting], Sequence[int]]:
        """
        Return what the store does not know: events that were added, and the numbers of those that are done with.
        """
        return list(self._unkept.values()), list(self._done)

    def kept(self, added: Iterable[Waiting], acknowledged: Iterable[int]) -> None:
        """
        Note that the store knows of these.
        """
        for each in added:
            each.is_kept = True
            self._unkept.pop(each.posted.number, None)
        for number in acknowledged:
            self._done.pop(number, None)
            self._blocked.pop(number, None)

    def forget_kept(self) -> None:
        """
        Note that the store knows of nothing that waits; it may be sent all the same.
        """
        self._unkept = {each.posted.number: each for queue in self._waiting.values() for each in queue.values()}

    def release(self) -> None:
        """
        Let everything be sent though the store cannot be told of it: people must be. It is told when it can be.
        """
        for each in self._unkept.values():
            each.is_kept = True
        self._blocked.clear()

    def holds(self, sink: str, *, by: float = float("inf")) -> bool:
        """
        Return whether anything waits for *sink* that may be tried *by* then, in monotonic seconds.
        """
        return any(each.not_before <= by for each in self._waiting[sink].values())

    def has(self, sink: str, event_id: str) -> bool:
        """
        Return whether the event of this id waits for *sink*.
        """
        return any(each.posted.event.id == event_id for each in self._waiting[sink].values())

    def hurry(self) -> None:
        """
        Put nothing off any longer.
        """
        for queue in self._waiting.values():
            for each in queue.values():
                each.not_before = 0.0

    def counts(self) -> Mapping[str, tuple[int, datetime | None]]:
        """
        Return for each sink how many events wait, and since when the oldest does.
        """
        return {
            sink: (len(queue), min((each.posted.event.at for each in queue.values()), default=None))
            for sink, queue in self._waiting.items()
        }

    def __len__(self) -> int:
        return sum(len(queue) for queue in self._waiting.values())

    def _make_room(self, sink: str) -> None:
        oldest = next((each for each in self._waiting[sink].values() if not each.is_under_way), None)
        if oldest is not None:
            log.error("event.dropped", sink=sink, incident=oldest.posted.event.incident.id, because="too many wait")
            self._drop(oldest)

    def _drop(self, waiting: Waiting) -> None:
        # Nothing waits for that: it was never acknowledged.
        self._note_done(waiting)

    def _note_done(self, waiting: Waiting) -> None:
        self._done[waiting.posted.number] = None
        if len(self._done) > _MOST_DONE:
            # The store has not been written to for long; the next process may tell of it once more.
            del self._done[next(iter(self._done))]
        self._remove(waiting)

    def _remove(self, waiting: Waiting) -> None:
        self._waiting[waiting.posted.sink].pop(waiting.posted.number, None)
        self._unkept.pop(waiting.posted.number, None)


def _old_of(stream: Sequence[Waiting], now: datetime) -> list[Waiting]:
    """
    Return what nobody wants to hear of any more of one incident at one sink.
    """
    first, last = stream[0].posted.event, stream[-1].posted.event
    was_never_told = first.transition is Transition.OPENED and last.transition is Transition.RESOLVED
    if was_never_told and now - last.at > MOST_AGE:
        return list(stream)
    events = ((each, each.posted.event) for each in stream)
    return [each for each, event in events if event.transition in _OVERTAKEN and now - event.at > MOST_AGE]
