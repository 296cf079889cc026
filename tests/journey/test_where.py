"""
What a condition means over REST and on an event: the same.
"""

import random
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from monitor.appwrite import query
from monitor.appwrite.identities import sign_in
from monitor.core.identity import KEY
from monitor.core.run import Run
from monitor.journey.where import Condition, mismatch, queries, same, show, values_of
from tests.conftest import Platform
from tests.manifests import surroundings_of

DOCUMENTS = 60
QUESTIONS = 80
START = datetime(2026, 1, 23, 9, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("condition", "fits", "does_not"),
    [
        pytest.param("pending", ["pending"], ["Pending", "", None, ["pending"], 1], id="a value"),
        pytest.param(["a", "b"], ["a", "b"], ["c", None, ["a", "b"]], id="one of several"),
        pytest.param({"not": "a"}, ["b", ""], ["a", None], id="any other"),
        pytest.param({"after": 5}, [6, 5.5], [5, 4, None, "6", True], id="greater"),
        pytest.param({"before": 5}, [4, 4.5], [5, 6, None, "4"], id="lesser"),
        pytest.param({"after": "b"}, ["c"], ["b", "a", 3], id="a later text"),
        pytest.param(True, [True], [False, 1, None], id="true"),
        pytest.param(1, [1, 1.0], [True, 2, "1"], id="a number"),
        pytest.param(
            {"after": "2026-01-23T09:30:00Z"},
            ["2026-01-23T09:30:00.001+00:00", "2026-01-23T16:31:00+07:00"],
            ["2026-01-23T09:30:00.000+00:00", "2026-01-23T16:29:00+07:00"],
            id="a time",
        ),
        pytest.param(
            "2026-01-23T09:30:00Z",
            ["2026-01-23T09:30:00.000+00:00", "2026-01-23T09:30:00"],
            ["2026-01-23T09:30:00.001+00:00", "2026-01-23"],
            id="the same time",
        ),
    ],
)
def test_takes_what_fits_and_nothing_else(condition: object, fits: list[object], does_not: list[object]) -> None:
    assert [each for each in fits if mismatch({"key": condition}, {"key": each})] == []
    assert [each for each in does_not if not mismatch({"key": condition}, {"key": each})] == []


def test_names_the_first_attribute_that_does_not_fit() -> None:
    where = {"status": "pending", "therapistId": "t1", "paid": True}

    assert mismatch(where, {"status": "pending", "therapistId": "t1", "paid": True}) == ""
    assert mismatch(where, {"status": "pending", "therapistId": "t2", "paid": False}) == "therapistId"
    assert mismatch(where, {"status": "pending", "therapistId": "t1"}) == "paid"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        pytest.param("+15552345501", "+14155550100", id="telephone numbers"),
        pytest.param("a+b", "a+c", id="texts with a plus"),
        pytest.param("2026-01-23T99:00:00Z", "2026-01-23T98:00:00Z", id="no times"),
        pytest.param("2026-01-23", "2026-01-23T00:00:00Z", id="a day"),
        pytest.param(1, True, id="a number and a truth"),
        pytest.param("x", None, id="nothing"),
    ],
)
def test_values_that_only_look_alike_are_not_the_same(one: object, other: object) -> None:
    assert not same(one, other)
    assert same(one, one)


@pytest.mark.parametrize(
    "condition",
    [
        pytest.param({"above": 1}, id="unknown operator"),
        pytest.param({"after": 1, "before": 2}, id="two operators"),
        pytest.param({}, id="no operator"),
        pytest.param(None, id="nothing"),
        pytest.param([], id="none of several"),
        pytest.param([None], id="nothing among several"),
        pytest.param([["a"]], id="a list in a list"),
        pytest.param([{"not": "a"}], id="an operator in a list"),
        pytest.param({"not": ["a", "b"]}, id="an operator with several"),
        pytest.param({"after": None}, id="an operator with nothing"),
        pytest.param({"not": {"not": 1}}, id="an operator with an operator"),
    ],
)
def test_refuses_what_is_no_condition(condition: object) -> None:
    with pytest.raises(ValidationError, match=r"a condition (is|needs) a value"):
        TypeAdapter(Condition).validate_python(condition)


@pytest.mark.parametrize(
    ("condition", "shown", "values"),
    [
        pytest.param("a", "= 'a'", ["a"], id="a value"),
        pytest.param(["a", 1], "one of 'a, 1'", ["a", 1], id="several"),
        pytest.param({"after": 5}, "after '5'", [5], id="an operator"),
        pytest.param("+62 812 3456 7890", "= '[redacted]'", ["+62 812 3456 7890"], id="a telephone number"),
    ],
)
def test_is_shown_without_secrets(condition: object, shown: str, values: list[object]) -> None:
    assert show(condition) == shown
    assert list(values_of(condition)) == values


_SCALARS = (
    st.text(max_size=9) | st.integers(-9, 9) | st.booleans() | st.floats(allow_nan=False) | st.datetimes().map(str)
)


@given(
    condition=_SCALARS
    | st.lists(_SCALARS, min_size=1, max_size=3)
    | st.dictionaries(st.sampled_from(["after", "before", "not"]), _SCALARS, min_size=1, max_size=1),
    got=st.none() | _SCALARS | st.lists(_SCALARS, max_size=2),
)
def test_any_condition_can_be_asked_of_anything(condition: object, got: object) -> None:
    where = {"key": TypeAdapter(Condition).validate_python(condition)}

    assert mismatch(where, {"key": got}) in {"", "key"}
    assert len(queries(where)) == 1


def a_time(chance: random.Random) -> str:
    moment = START + timedelta(minutes=chance.randrange(5))
    forms = (
        moment.isoformat(),
        moment.strftime("%Y-%m-%dT%H:%M:%SZ"),
        moment.isoformat(timespec="milliseconds"),
        moment.astimezone(timezone(timedelta(hours=7))).isoformat(),
    )
    return chance.choice(forms)


def a_document(chance: random.Random) -> dict[str, object]:
    return {
        "userId": chance.choice("abc"),
        "therapistId": chance.choice(["t1", "t2"]),
        "status": chance.choice(["pending", "active", "declined"]),
        "durationMinutes": chance.choice([None, 60, 90, 120]),
        "paid": chance.choice([None, True, False]),
        "startsAt": a_time(chance),
        "responseDeadline": chance.choice([None, a_time(chance)]),
    }


def a_condition(chance: random.Random, key: str) -> object:
    def value() -> object:
        found = None
        while found is None:
            found = a_document(chance)[key]
        return found

    kinds = ["value", "several", "not"] + ["after", "before"] * (key not in {"paid", "userId", "therapistId", "status"})
    kind = chance.choice(kinds)
    if kind == "value":
        return value()
    return [value(), value()] if kind == "several" else {kind: value()}


@pytest.mark.asyncio
@pytest.mark.slow
@pytest.mark.parametrize("seed", range(3))
async def test_a_page_and_the_server_find_the_same_documents(platform: Platform, seed: int) -> None:
    chance = random.Random(seed)
    run = Run(surroundings_of(platform), timeout_seconds=60.0)
    key = await sign_in(run, KEY, fresh=False)
    for _ in range(DOCUMENTS):
        await key.create_document("bookings", run.new_id(), a_document(chance))
    documents = (await key.list_documents("bookings", [query.limit(100)])).documents
    found_some = 0

    for _ in range(QUESTIONS):
        keys = chance.sample(list(a_document(chance)), k=chance.choice([1, 1, 2]))
        where: Mapping[str, object] = {each: a_condition(chance, each) for each in keys}
        page = await key.list_documents("bookings", [*queries(where), query.limit(100)])
        found = {each.id for each in page.documents}
        assert found == {each.id for each in documents if not mismatch(where, each.data)}, where
        found_some += 0 < len(found) < DOCUMENTS

    assert len(documents) == DOCUMENTS
    assert found_some > QUESTIONS / 2
