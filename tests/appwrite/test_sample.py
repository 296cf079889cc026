"""
Made-up documents: what the schema allows, and no two alike where a unique index could mind.
"""

import ipaddress
import re
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.appwrite.answers import Attribute, Collection, Index
from monitor.appwrite.sample import sample_data, taken
from monitor.core.errors import OwnFault

INTEGER_LIMITS = {"min": -9223372036854775808, "max": 9223372036854775807}


def a_collection(*, unique: bool = False, **attributes: dict[str, object]) -> Collection:
    return Collection.model_validate(
        {
            "$id": "people",
            "attributes": [Attribute.model_validate({"key": key, **body}) for key, body in attributes.items()],
            "indexes": [Index(key="u", type="unique" if unique else "key", attributes=tuple(attributes))],
        }
    )


def samples(count: int = 40, *, unique: bool = False, **attribute: Any) -> list[object]:
    collection = a_collection(unique=unique, a={"required": True, **attribute})
    return [sample_data(collection, {})["a"] for _ in range(count)]


@pytest.mark.parametrize(
    "attribute",
    [
        pytest.param({"type": "string", "size": 36}, id="text"),
        pytest.param({"type": "varchar", "size": 200}, id="a text of the newer kind"),
        pytest.param({"type": "string", "format": "email"}, id="email"),
        pytest.param({"type": "email"}, id="email as a type"),
        pytest.param({"type": "string", "format": "url"}, id="url"),
        pytest.param({"type": "datetime"}, id="datetime"),
        pytest.param({"type": "integer"}, id="integer"),
        pytest.param({"type": "integer", **INTEGER_LIMITS}, id="integer, as shown by Appwrite"),
        pytest.param({"type": "bigint"}, id="bigint"),
        pytest.param({"type": "double", "min": -1.7e308, "max": 1.7e308}, id="double"),
        pytest.param({"type": "integer", "min": 0, "max": 3_000_000}, id="a wide range"),
    ],
)
def test_no_two_documents_are_alike(attribute: dict[str, Any]) -> None:
    found = samples(**attribute)

    assert len({str(each) for each in found}) == len(found)


def test_addresses_are_of_nobody() -> None:
    ips, emails, urls = samples(format="ip"), samples(format="email"), samples(format="url")

    networks = [ipaddress.ip_network(each) for each in ("192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24")]
    assert len(set(ips)) > 20
    assert all(any(ipaddress.ip_address(str(ip)) in network for network in networks) for ip in ips)
    assert all(re.fullmatch(r"synthetic-[a-z]+@example\.com", str(email)) for email in emails)
    assert all(re.fullmatch(r"https://example\.com/synthetic-[a-z]+", str(url)) for url in urls)


def test_texts_hold_letters_only_and_moments_are_long_past() -> None:
    assert all(re.fullmatch(r"[a-z]{7}", str(each)) for each in samples(type="string", size=7))
    assert all(
        datetime.fromisoformat(str(each)) < datetime(2022, 1, 1, tzinfo=UTC) for each in samples(type="datetime")
    )


@pytest.mark.parametrize(
    ("attribute", "plain", "choices"),
    [
        pytest.param(
            {"type": "string", "format": "enum", "elements": ["new", "old"]}, "new", {"new", "old"}, id="enum"
        ),
        pytest.param({"type": "boolean"}, False, {False, True}, id="boolean"),
        pytest.param({"type": "integer", "min": 1, "max": 5}, 1, {1, 2, 3, 4, 5}, id="a rating"),
        pytest.param({"type": "integer", "min": -9, "max": -7}, -7, {-9, -8, -7}, id="all below zero"),
        pytest.param({"type": "integer", "min": -1, "max": 1}, 0, {0, 1}, id="around zero"),
        pytest.param({"type": "integer", "min": 4, "max": 4}, 4, {4}, id="one number"),
    ],
)
def test_of_few_values_the_plainest_is_taken_unless_a_unique_index_minds(
    attribute: dict[str, Any], plain: object, choices: set[object]
) -> None:
    assert set(samples(**attribute)) == {plain}
    assert set(samples(200, unique=True, **attribute)) == choices


@given(
    st.sampled_from(["integer", "double"]),
    st.tuples(st.integers(-(1 << 40), 1 << 40), st.integers(-(1 << 40), 1 << 40)).map(sorted),
    st.booleans(),
)
def test_numbers_are_within_their_range(type_: str, ends: list[int], unique: bool) -> None:
    for value in samples(3, type=type_, min=ends[0], max=ends[1], unique=unique):
        assert isinstance(value, int if type_ == "integer" else float)
        assert ends[0] <= value <= ends[1]


def test_what_is_given_stays_and_what_is_not_required_is_left_out() -> None:
    collection = a_collection(
        a={"type": "string", "required": True},
        b={"type": "point", "required": True},
        c={"type": "string"},
        isTest={"type": "boolean"},
        tags={"type": "string", "required": True, "array": True},
    )

    data = sample_data(collection, {"a": "mine", "b": [1, 2]})

    assert data | {"tags": []} == {"a": "mine", "b": [1, 2], "isTest": True, "tags": []}
    assert isinstance(data["tags"], list)


@pytest.mark.parametrize("type_", ["point", "line", "polygon", "relationship", "hologram", ""])
def test_a_type_of_which_nothing_can_be_made_up_asks_for_data(type_: str) -> None:
    with pytest.raises(OwnFault, match=r"no value can be made up for 'a' of 'people' .*: give data for a"):
        samples(type=type_)


def test_a_clash_names_what_to_give() -> None:
    error = taken(a_collection(unique=True, email={"type": "email"}, slot={"type": "string"}))

    assert "give data for email, slot that no document has" in error.message
    assert len(error.message) <= 200
