"""
Indexes: what they can be made of, the worker that makes them, and what unique ones forbid.
"""

import pytest
import pytest_asyncio

from monitor.sandbox.protocol.family import COLLECTIONS, TABLES, Family
from monitor.sandbox.state import indexes as rules
from monitor.sandbox.state.indexes import clash
from tests.sandbox.client import Client
from tests.sandbox.schema import Schema, in_words_of, new_schema

pytestmark = pytest.mark.asyncio


@pytest_asyncio.fixture(params=[COLLECTIONS, TABLES], ids=["databases", "tablesdb"])
async def schema(client: Client, request: pytest.FixtureRequest) -> Schema:
    family: Family = request.param
    schema = await new_schema(client, family)
    await schema.made_attribute("string", {"key": "name", "size": 100, "required": False})
    await schema.made_attribute("string", {"key": "long", "size": 1000, "required": False})
    await schema.made_attribute("integer", {"key": "number", "required": False})
    await schema.made_attribute("string", {"key": "many", "size": 10, "required": False, "array": True})
    return schema


async def test_makes_an_index_available_after_it_was_accepted(schema: Schema) -> None:
    schema.hold()

    accepted = await schema.index("key", ["name", "number"], orders=["ASC", "desc"], lengths=[10])
    await schema.settled()
    made = await schema.call("GET", "indexes/idx")

    noun = schema.family.attributes
    shown = {"key": "idx", "type": "key", noun: ["name", "number"], "lengths": [10, 0], "orders": ["ASC", "desc"]}
    assert (accepted.status, accepted.body["status"], made.body["status"]) == (202, "processing", "available")
    assert made.body | shown | {"$id": "1_8_idx", "error": ""} == made.body


async def test_refuses_an_index_on_an_attribute_that_is_not_made_yet(schema: Schema) -> None:
    schema.hold()
    await schema.attribute("boolean", {"key": "early", "required": False})

    early = await schema.index("key", ["early"])
    await schema.settled()
    late = await schema.index("key", ["early"])

    noun = schema.family.attribute
    assert early.verdict == f"400 {noun}_not_available"
    assert early.body["message"] == f"The requested {noun} 'early' is not yet available. Please try again later."
    assert late.status == 202


@pytest.mark.parametrize(
    ("type_", "keys", "more", "verdict"),
    [
        pytest.param("key", ["nope"], {}, "attribute_unknown", id="unknown"),
        pytest.param("hash", ["name"], {}, "general_argument_invalid", id="type"),
        pytest.param("key", [], {}, "index_invalid", id="no-attributes"),
        pytest.param("key", ["name", "name"], {}, "index_invalid", id="twice"),
        pytest.param("key", ["long"], {}, "index_invalid", id="too-long"),
        pytest.param("key", ["name"], {"lengths": [101]}, "index_invalid", id="longer-than-the-attribute"),
        pytest.param("key", ["name"], {"lengths": [-1]}, "index_invalid", id="negative"),
        pytest.param("key", ["name"], {"lengths": [1, 2]}, "index_invalid", id="too-many-lengths"),
        pytest.param("key", ["number"], {"lengths": [1]}, "index_invalid", id="length-of-a-number"),
        pytest.param("key", ["name"], {"orders": ["UP"]}, "general_argument_invalid", id="order"),
        pytest.param("key", ["name"], {"key": "$a"}, "general_argument_invalid", id="key"),
        pytest.param("key", [3], {}, "general_argument_invalid", id="attribute-number"),
        pytest.param("fulltext", ["number"], {}, "index_invalid", id="fulltext-of-a-number"),
        pytest.param("spatial", ["name"], {}, "index_invalid", id="spatial"),
    ],
)
async def test_refuses_what_cannot_be_indexed(
    schema: Schema, type_: str, keys: list[str], more: dict[str, object], verdict: str
) -> None:
    reply = await schema.index(type_, keys, **more)

    assert (
        reply.verdict == f"400 {in_words_of(schema.family, verdict).replace('index_invalid', INVALID[schema.family])}"
    )
    assert schema.stored.indexes == {}


INVALID = {COLLECTIONS: "index_invalid", TABLES: "column_index_invalid"}


async def test_refuses_an_index_on_a_list_under_one_name_in_both_families(schema: Schema) -> None:
    assert (await schema.index("key", ["many"])).verdict == "400 index_invalid"


@pytest.mark.parametrize(
    ("type_", "keys", "more"),
    [
        pytest.param("key", ["long"], {"lengths": [700]}, id="prefix"),
        pytest.param("fulltext", ["long"], {}, id="fulltext"),
        pytest.param("key", ["$createdAt"], {"orders": ["DESC"]}, id="system"),
        pytest.param("unique", ["name", "number"], {}, id="unique"),
    ],
)
async def test_takes_what_can_be_indexed(schema: Schema, type_: str, keys: list[str], more: dict[str, object]) -> None:
    assert (await schema.index(type_, keys, **more)).verdict == "202"


async def test_refuses_a_key_that_is_taken_and_one_index_too_many(
    schema: Schema, monkeypatch: pytest.MonkeyPatch
) -> None:
    await schema.index("key", ["name"])

    again = await schema.index("key", ["number"])
    monkeypatch.setattr(rules, "MAX_INDEXES", 1)
    more = await schema.index("key", ["number"], key="second")

    noun = schema.family.index
    assert (again.verdict, more.verdict) == (f"409 {noun}_already_exists", f"400 {noun}_limit_exceeded")


async def test_lists_and_deletes_indexes(schema: Schema) -> None:
    await schema.index("key", ["name"])
    await schema.index("fulltext", ["long"], key="words")
    await schema.settled()
    query = 'queries[]={"method":"equal","attribute":"type","values":["fulltext"]}'

    listed = await schema.call("GET", f"indexes?{query}")
    schema.hold()
    gone = await schema.call("DELETE", "indexes/words")
    meanwhile = await schema.call("GET", "indexes/words")
    await schema.settled()
    after = await schema.call("GET", "indexes/words")

    assert [each["key"] for each in listed.body["indexes"]] == ["words"]
    assert (gone.status, meanwhile.body["status"]) == (204, "deleting")
    assert after.verdict == f"404 {schema.family.index}_not_found"


async def test_forbids_a_second_document_with_the_same_values(schema: Schema) -> None:
    await schema.index("unique", ["name", "number"])
    await schema.settled()
    await schema.write({"name": "Ada", "number": 1}, "one")

    same = await schema.write({"name": "ada", "number": 1}, "two")
    other = await schema.write({"name": "Ada", "number": 2}, "three")
    empty = [await schema.write({"name": "Ada"}) for _ in range(2)]
    changed = await schema.call("PATCH", f"{schema.family.documents}/three", {"data": {"number": 1}})
    itself = await schema.call("PATCH", f"{schema.family.documents}/one", {"data": {"name": "ADA"}})

    assert [same.verdict, changed.verdict] == [in_words_of(schema.family, "409 document_already_exists")] * 2
    assert [each.status for each in (other, *empty, itself)] == [201, 201, 201, 200]


@pytest.mark.parametrize(
    ("data", "except_id", "clashes"),
    [
        pytest.param({"name": "ada"}, None, True, id="other-case"),
        pytest.param({"name": "Ada"}, "one", False, id="itself"),
        pytest.param({"name": "Adam"}, None, False, id="longer"),
        pytest.param({"name": None}, None, False, id="no-value"),
        pytest.param({}, None, False, id="not-there"),
    ],
)
async def test_finds_a_clash_with_what_is_stored(
    schema: Schema, data: dict[str, object], except_id: str | None, clashes: bool
) -> None:
    await schema.index("unique", ["name"])
    await schema.settled()
    await schema.write({"name": "Ada"}, "one")

    assert clash(schema.stored, data, except_id) is clashes


async def test_fails_a_unique_index_that_documents_already_break(schema: Schema) -> None:
    for _ in range(2):
        await schema.write({"name": "Ada"})

    await schema.index("unique", ["name"])
    await schema.settled()
    made = await schema.call("GET", "indexes/idx")
    third = await schema.write({"name": "Ada"})

    assert (made.body["status"], made.body["error"]) == ("failed", "Document already exists")
    assert third.status == 201
