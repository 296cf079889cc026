from collections.abc import Mapping
from typing import Any

import pytest

from monitor.access.changed_data import changed_data
from monitor.appwrite.answers import Collection


def collection_of(*attributes: Mapping[str, Any]) -> Collection:
    return Collection.model_validate({"$id": "chats", "attributes": [{"key": "it", **each} for each in attributes]})


@pytest.mark.parametrize(
    ("attribute", "now"),
    [
        pytest.param({"type": "boolean"}, False, id="boolean"),
        pytest.param({"type": "boolean"}, None, id="nothing yet"),
        pytest.param({"type": "string", "format": "enum", "elements": ["a", "b"]}, "a", id="enum"),
        pytest.param({"type": "string", "format": "email"}, "synthetic@example.com", id="e-mail"),
        pytest.param({"type": "string", "format": "url"}, "https://example.com/", id="url"),
        pytest.param({"type": "string", "format": "ip"}, "192.0.2.1", id="ip"),
        pytest.param({"type": "datetime", "format": ""}, "2026-01-01T00:00:00.000+00:00", id="moment"),
        pytest.param({"type": "double", "min": 0.5, "max": 0.75}, 0.5, id="narrow range"),
        pytest.param({"type": "boolean", "array": True}, [False], id="list"),
    ],
)
def test_gives_another_value_each_time(attribute: Mapping[str, Any], now: object) -> None:
    collection = collection_of(attribute)

    once = changed_data(collection, {"it": now})
    twice = changed_data(collection, once)

    assert once["it"] != now
    assert twice["it"] != once["it"]


@pytest.mark.parametrize("size", [1, 3, 2000])
def test_a_text_is_another_one_and_not_too_long(size: int) -> None:
    collection = collection_of({"type": "string", "size": size})
    data: dict[str, object] = {"it": "a"}

    for _ in range(100):
        before, data = data, changed_data(collection, data)

        assert data != before
        assert len(str(data["it"])) == min(size, 20)


@pytest.mark.parametrize("span", [(-9223372036854775808, 9223372036854775807), (5, 6), (-7, -6), (0, 100)])
def test_a_number_stays_in_its_range(span: tuple[int, int]) -> None:
    low, high = span
    collection = collection_of({"type": "integer", "min": low, "max": high})
    now: dict[str, object] = {"it": low}

    for _ in range(3):
        now = changed_data(collection, now)
        number = now["it"]
        assert isinstance(number, int)
        assert low <= number <= high


@pytest.mark.parametrize(
    "attribute",
    [
        pytest.param({"type": "string", "format": "enum", "elements": ["only"]}, id="one value"),
        pytest.param({"type": "integer", "min": 1, "max": 1}, id="one number"),
        pytest.param({"type": "boolean", "status": "processing"}, id="not there yet"),
        pytest.param({"type": "relationship"}, id="another collection's"),
        pytest.param({"key": "isTest", "type": "boolean"}, id="the mark of test data"),
    ],
)
def test_changes_nothing_where_nothing_can_be_changed(attribute: Mapping[str, Any]) -> None:
    assert changed_data(collection_of(attribute), {"it": "only" if "elements" in attribute else 1}) == {}


def test_takes_the_first_attribute_that_can_change_and_a_plain_text_before_it() -> None:
    stuck, free = {"key": "a", "type": "boolean", "status": "stuck"}, {"key": "b", "type": "boolean"}
    text = {"key": "c", "type": "string", "size": 5}

    assert changed_data(collection_of(stuck, free), {}) == {"b": False}
    assert list(changed_data(collection_of(stuck, free, text), {})) == ["c"]


def test_keeps_what_is_to_stay() -> None:
    hidden, free = {"key": "hidden", "type": "boolean"}, {"key": "b", "type": "boolean"}

    assert changed_data(collection_of(hidden, free), {"hidden": True}, keep=["hidden"]) == {"b": False}
