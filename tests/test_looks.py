"""
When one leftover is looked for again.
"""

import pytest

from monitor.core.leftover import Leftover, Look
from monitor.journal import Intention
from monitor.looks import AWAY_SECONDS, SETTLED_SECONDS, Pending

INTENTION = Intention(
    leftover=Leftover.account("u1"),
    endpoint="https://host/v1",
    project="p",
    check="journey",
    run_id="run",
    intended_at=0.0,
    due_at=0.0,
)


def ended(*, since: float | None = None, now: float = 0.0) -> Pending:
    pending = Pending(intention=INTENTION)
    pending.end(now, since=since)
    return pending


@pytest.mark.parametrize("look", [Look.ABSENT, Look.AWAY, Look.STAYS])
def test_its_pauses_are_numbers_however_often_it_was_looked_for(look: Look) -> None:
    pending = ended()

    for _ in range(3_000):
        pending.note(look, now=0.0)

    assert pending.look_at is not None
    assert 0.0 < pending.look_at <= AWAY_SECONDS


def test_what_is_back_from_somewhere_else_begins_with_short_pauses_again() -> None:
    pending = ended()
    for _ in range(10):
        pending.note(Look.STAYS, now=0.0)

    pending.note(Look.ABSENT, now=0.0)

    assert pending.look_at == 60.0


@pytest.mark.parametrize(
    ("look", "age_seconds", "is_over"),
    [
        pytest.param(Look.GONE, 0.0, True, id="gone"),
        pytest.param(Look.ABSENT, SETTLED_SECONDS - 1, False, id="may yet come"),
        pytest.param(Look.ABSENT, SETTLED_SECONDS, True, id="cannot come any more"),
        pytest.param(Look.AWAY, SETTLED_SECONDS, False, id="its collection may come back"),
        pytest.param(Look.AWAY, AWAY_SECONDS, False, id="its collection is away since just now"),
        pytest.param(Look.STAYS, 10 * AWAY_SECONDS, False, id="stays"),
    ],
)
def test_knows_when_there_is_nothing_more_to_do(look: Look, age_seconds: float, is_over: bool) -> None:
    pending = ended(since=-age_seconds)

    assert pending.note(look, now=0.0, error="error") is is_over
    assert (pending.is_left, pending.error) == ((True, "error") if look in {Look.STAYS, Look.AWAY} else (False, ""))


def test_a_collection_that_is_away_for_a_day_is_gone_for_good() -> None:
    pending = ended(since=-AWAY_SECONDS)

    assert [pending.note(Look.AWAY, now=at) for at in (0.0, AWAY_SECONDS - 1, AWAY_SECONDS)] == [False, False, True]


def test_it_is_taken_for_left_until_somebody_has_looked() -> None:
    assert ended().is_left
    assert (ended(now=5.0).look_at, ended(now=5.0, since=-100.0).look_at) == (15.0, 5.0)
