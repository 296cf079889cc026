"""
What became of the events of the documents that somebody wrote: bookkeeping of ids and times, and of nothing else.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from monitor.core.outcome import EventResult


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """
    One event that came, of the document *document_id*; seconds of the run.
    """

    document_id: str
    received_seconds: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """
    From when on an event counts as lost, and as late, in seconds from its write.

    With a limit for late ones, what comes at all is late and not lost.
    """

    lost_after_seconds: float
    late_after_seconds: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """
    What became of one event: how long it took to come first (None when it never did), and how often it came again.
    """

    result: EventResult
    took_seconds: float | None = None
    copies: int = 0


def deliveries(written: Mapping[str, float], arrivals: Sequence[Arrival], limits: Limits) -> tuple[Delivery, ...]:
    """
    Return what became of each document of *written*, which maps ids to seconds in the order of writing.

    *arrivals* are in the order of their coming; those of other documents say nothing.
    """
    came: dict[str, list[float]] = {}
    for arrival in arrivals:
        came.setdefault(arrival.document_id, []).append(arrival.received_seconds)
    overtaken = _overtaken(list(written), came)
    return tuple(
        _delivery(seconds, came.get(id_, []), limits, overtaken=id_ in overtaken) for id_, seconds in written.items()
    )


def count(found: Iterable[Delivery]) -> Mapping[EventResult, int]:
    """
    Return how many events ended in which way; every copy is one more duplicate.
    """
    found = tuple(found)
    counts = Counter(each.result for each in found)
    counts[EventResult.DUPLICATE] += sum(each.copies for each in found)
    return counts


def _overtaken(ids: Sequence[str], came: Mapping[str, Sequence[float]]) -> frozenset[str]:
    # In the order of coming first, which is that of the keys: an event is overtaken when a later one was there already.
    places = {id_: place for place, id_ in enumerate(ids)}
    latest, overtaken = -1, set()
    for id_ in came:
        place = places.get(id_, -1)
        if 0 <= place < latest:
            overtaken.add(id_)
        latest = max(latest, place)
    return frozenset(overtaken)


def _delivery(written: float, came: Sequence[float], limits: Limits, *, overtaken: bool) -> Delivery:
    if not came:
        return Delivery(result=EventResult.LOST)
    took = came[0] - written
    return Delivery(result=_result(took, limits, overtaken=overtaken), took_seconds=took, copies=len(came) - 1)


def _result(took_seconds: float, limits: Limits, *, overtaken: bool) -> EventResult:
    if limits.late_after_seconds is None:
        if took_seconds > limits.lost_after_seconds:
            return EventResult.LOST
    elif took_seconds > limits.late_after_seconds:
        return EventResult.LATE
    return EventResult.REORDERED if overtaken else EventResult.DELIVERED
