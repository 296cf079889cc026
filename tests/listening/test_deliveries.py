"""
The bookkeeping of events, against a model that looks at one event at a time and is too slow to be wrong.
"""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.core.outcome import EventResult
from monitor.listening.deliveries import Arrival, Delivery, Limits, count, deliveries

LIMITS = Limits(lost_after_seconds=5.0)
LATE, REORDERED, DELIVERED, LOST = (
    EventResult.LATE,
    EventResult.REORDERED,
    EventResult.DELIVERED,
    EventResult.LOST,
)


def arrivals(*came: tuple[str, float]) -> list[Arrival]:
    return [Arrival(document_id=id_, received_seconds=seconds) for id_, seconds in came]


@pytest.mark.parametrize(
    ("came", "results", "copies"),
    [
        pytest.param([("a", 1.1), ("b", 2.1), ("c", 3.1)], [DELIVERED, DELIVERED, DELIVERED], 0, id="as written"),
        pytest.param([], [LOST, LOST, LOST], 0, id="silence"),
        pytest.param([("a", 1.1), ("c", 3.1)], [DELIVERED, LOST, DELIVERED], 0, id="one lost, which overtakes nothing"),
        pytest.param([("a", 1.1), ("c", 3.1), ("b", 3.2)], [DELIVERED, REORDERED, DELIVERED], 0, id="one overtaken"),
        pytest.param([("c", 3.1), ("b", 3.2), ("a", 3.3)], [REORDERED, REORDERED, DELIVERED], 0, id="backwards"),
        pytest.param([("a", 1.1), ("a", 1.1), ("b", 2.1), ("a", 2.2), ("c", 3.1)], [DELIVERED] * 3, 2, id="copies"),
        pytest.param([("a", 1.1), ("b", 2.1), ("a", 2.2), ("c", 3.1)], [DELIVERED] * 3, 1, id="a copy overtakes none"),
        pytest.param([("x", 0.5), ("a", 1.1), ("x", 9.0)], [DELIVERED, LOST, LOST], 0, id="events of others"),
        pytest.param([("a", 6.0), ("b", 7.1)], [DELIVERED, LOST, LOST], 0, id="just in time, and just not"),
    ],
)
def test_says_what_became_of_each_event(came: list[tuple[str, float]], results: list[EventResult], copies: int) -> None:
    found = deliveries({"a": 1.0, "b": 2.0, "c": 3.0}, arrivals(*came), LIMITS)

    assert [each.result for each in found] == results
    assert count(found)[EventResult.DUPLICATE] == copies


@pytest.mark.parametrize(
    ("took", "late_after", "result"),
    [
        pytest.param(0.5, 0.5, DELIVERED, id="as slow as may be"),
        pytest.param(0.75, 0.5, LATE, id="slower"),
        pytest.param(9.0, 0.5, LATE, id="late, however late it is"),
        pytest.param(4.0, None, DELIVERED, id="nothing is late without a limit"),
        pytest.param(9.0, None, LOST, id="without a limit for late ones it counts as lost"),
    ],
)
def test_an_event_is_late_only_beyond_a_limit(took: float, late_after: float | None, result: EventResult) -> None:
    limits = Limits(lost_after_seconds=5.0, late_after_seconds=late_after)

    (found,) = deliveries({"a": 1.0}, arrivals(("a", 1.0 + took)), limits)

    assert (found.result, found.took_seconds) == (result, took)


IDS = tuple("abcde")
SECONDS = st.integers(0, 40).map(lambda quarters: quarters / 4)


@st.composite
def interleavings(draw: st.DrawFn) -> tuple[dict[str, float], list[Arrival]]:
    """
    Some documents, written one after another, and events of them and of another one in any order and number.
    """
    written = dict(zip(IDS, sorted(draw(st.lists(SECONDS, max_size=len(IDS)))), strict=False))
    known = draw(st.permutations(sorted(written)))
    others = draw(st.lists(st.sampled_from([*IDS, "x"]), max_size=8))
    ids = known[: draw(st.integers(0, len(known)))] + others
    # They come at moments that never go back, whatever was written when.
    moments = sorted(draw(st.lists(SECONDS, min_size=len(ids), max_size=len(ids))))
    start = max(written.values(), default=0.0)
    return written, arrivals(*((id_, start + moment) for id_, moment in zip(ids, moments, strict=True)))


def model(id_: str, written: dict[str, float], came: list[Arrival], limits: Limits) -> Delivery:
    mine = [place for place, each in enumerate(came) if each.document_id == id_]
    if not mine:
        return Delivery(result=LOST)
    later = list(written)[list(written).index(id_) + 1 :]
    took = came[mine[0]].received_seconds - written[id_]
    if limits.late_after_seconds is not None and took > limits.late_after_seconds:
        result = LATE
    elif limits.late_after_seconds is None and took > limits.lost_after_seconds:
        result = LOST
    elif any(each.document_id in later for each in came[: mine[0]]):
        result = REORDERED
    else:
        result = DELIVERED
    return Delivery(result=result, took_seconds=took, copies=len(mine) - 1)


@given(interleavings(), st.none() | st.just(2.0))
def test_any_interleaving_of_writes_and_arrivals_is_told_right(
    told: tuple[dict[str, float], list[Arrival]], late_after: float | None
) -> None:
    written, came = told
    limits = Limits(lost_after_seconds=5.0, late_after_seconds=late_after)

    found = deliveries(written, came, limits)

    assert found == tuple(model(id_, written, came, limits) for id_ in written)


@given(interleavings())
def test_every_written_document_and_every_arrival_of_it_is_counted_once(
    told: tuple[dict[str, float], list[Arrival]],
) -> None:
    written, came = told

    counts = count(deliveries(written, came, LIMITS))

    events = sum(counts[result] for result in (DELIVERED, LATE, REORDERED, LOST))
    assert events == len(written)
    assert counts[EventResult.DUPLICATE] == sum(each.document_id in written for each in came) - len(
        {each.document_id for each in came} & written.keys()
    )
