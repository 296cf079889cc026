"""
Attributes and columns: declared, made by the worker, changed and taken away.
"""

from dataclasses import replace

import pytest
import pytest_asyncio

from monitor.sandbox.protocol.family import COLLECTIONS, TABLES, Family
from monitor.sandbox.state import attributes as rules
from monitor.sandbox.state.schema import Attribute
from monitor.sandbox.state.world import Collection
from tests.sandbox.client import Client
from tests.sandbox.schema import COLLECTION, Schema, by_family, in_words_of, new_schema

pytestmark = pytest.mark.asyncio

TITLE = {"key": "title", "size": 20, "required": False}
INTEGER_ENDS = {"min": -(1 << 63), "max": (1 << 63) - 1}
FLOAT_END = 1.7976931348623157e308


@pytest_asyncio.fixture(params=[COLLECTIONS, TABLES], ids=["databases", "tablesdb"])
async def schema(client: Client, request: pytest.FixtureRequest) -> Schema:
    family: Family = request.param
    return await new_schema(client, family)


@pytest_asyncio.fixture
async def columns(client: Client) -> Schema:
    return await new_schema(client, TABLES)


@pytest.mark.parametrize(
    ("kind", "sent", "shown"),
    [
        pytest.param("string", {"size": 9}, {"type": "string", "size": 9, "encrypt": False}, id="string"),
        pytest.param("string", {"size": 200, "encrypt": True}, {"type": "string", "encrypt": True}, id="encrypted"),
        pytest.param("varchar", {"size": 9}, {"type": "varchar", "size": 9, "encrypt": False}, id="varchar"),
        pytest.param("text", {}, {"type": "text", "encrypt": False}, id="text"),
        pytest.param("mediumtext", {}, {"type": "mediumtext"}, id="mediumtext"),
        pytest.param("longtext", {}, {"type": "longtext"}, id="longtext"),
        pytest.param("enum", {"elements": ["a", "b"], "default": "b"}, {"format": "enum", "default": "b"}, id="enum"),
        pytest.param("email", {}, {"type": "string", "format": "email"}, id="email"),
        pytest.param("url", {"default": "https://a.test"}, {"format": "url", "default": "https://a.test"}, id="url"),
        pytest.param("ip", {}, {"type": "string", "format": "ip"}, id="ip"),
        pytest.param("integer", {}, {"type": "integer"} | INTEGER_ENDS, id="integer-without-bounds"),
        pytest.param("integer", {"min": 1, "max": 3, "default": 2}, {"min": 1, "max": 3, "default": 2}, id="integer"),
        pytest.param("bigint", {"min": 0}, {"type": "bigint", "min": 0, "max": (1 << 63) - 1}, id="bigint"),
        pytest.param("float", {"max": 2}, {"type": "double", "min": -FLOAT_END, "max": 2.0}, id="float"),
        pytest.param("boolean", {"default": True}, {"type": "boolean", "default": True}, id="boolean"),
        pytest.param("boolean", {"array": True}, {"type": "boolean", "array": True}, id="array"),
        pytest.param("datetime", {}, {"type": "datetime", "format": ""}, id="datetime"),
    ],
)
async def test_makes_an_attribute_available_after_it_was_accepted(
    schema: Schema, kind: str, sent: dict[str, object], shown: dict[str, object]
) -> None:
    schema.hold()

    accepted = await schema.attribute(kind, {"key": "k", "required": False} | sent)
    await schema.settled()
    made = await schema.call("GET", f"{schema.family.attributes}/k")

    assert (accepted.status, accepted.body["status"], made.body["status"]) == (202, "processing", "available")
    assert accepted.body | shown == accepted.body
    assert made.body | {key: accepted.body[key] for key in ("status", "$updatedAt")} == accepted.body


@pytest.mark.parametrize(
    ("kind", "sent", "verdict", "text"),
    [
        pytest.param("string", {"size": 9}, "general_argument_invalid", '"key" is not optional', id="no-key"),
        pytest.param("string", {"key": "_a"}, "general_argument_invalid", "`key` param: Parameter must", id="bad-key"),
        pytest.param("string", {"key": "a"}, "general_argument_invalid", '"size" is not optional', id="no-size"),
        pytest.param("string", {"key": "a", "size": 0}, "general_argument_invalid", "1 and 1,073,741,824", id="size-0"),
        pytest.param("varchar", {"key": "a", "size": 16382}, "general_argument_invalid", "1 and 16,381", id="too-long"),
        pytest.param("text", {"key": "a", "required": 1}, "general_argument_invalid", "valid boolean", id="required"),
        pytest.param("enum", {"key": "a"}, "general_argument_invalid", '"elements" is not optional', id="elements"),
        pytest.param("enum", {"key": "a", "elements": [1]}, "general_argument_invalid", "`elements`", id="element"),
        pytest.param(
            "enum", {"key": "a", "elements": ["x"], "default": "y"}, "attribute_value_invalid", "elements", id="not-one"
        ),
        pytest.param("integer", {"key": "a", "min": "1"}, "general_argument_invalid", "`min` param", id="min-text"),
        pytest.param("integer", {"key": "a", "min": 2, "max": 1}, "attribute_value_invalid", "lesser", id="crossed"),
        pytest.param("integer", {"key": "a", "max": 3, "default": 4}, "attribute_value_invalid", "range", id="beyond"),
        pytest.param("integer", {"key": "a", "default": "4"}, "general_argument_invalid", "`default`", id="no-number"),
        pytest.param("float", {"key": "a", "default": "4"}, "general_argument_invalid", "`default`", id="no-float"),
        pytest.param("boolean", {"key": "a", "default": "x"}, "general_argument_invalid", "`default`", id="no-boolean"),
        pytest.param("datetime", {"key": "a", "default": "x"}, "general_argument_invalid", "valid date", id="no-date"),
        pytest.param("email", {"key": "a", "default": "x"}, "general_argument_invalid", "email", id="no-email"),
        pytest.param(
            "string", {"key": "a", "size": 2, "default": "abc"}, "attribute_value_invalid", "2 chars", id="default-long"
        ),
        pytest.param(
            "string",
            {"key": "a", "size": 9, "encrypt": True},
            "general_bad_request",
            "minimum size of 150",
            id="secret",
        ),
        pytest.param(
            "boolean",
            {"key": "a", "array": True, "default": True},
            "attribute_default_unsupported",
            "array",
            id="array",
        ),
        pytest.param(
            "boolean",
            {"key": "a", "required": True, "default": True},
            "attribute_default_unsupported",
            "required",
            id="default-of-required",
        ),
    ],
)
async def test_refuses_what_cannot_be_an_attribute(
    schema: Schema, kind: str, sent: dict[str, object], verdict: str, text: str
) -> None:
    reply = await schema.attribute(kind, {"required": False} | sent)

    assert reply.verdict == f"400 {in_words_of(schema.family, verdict)}"
    assert text in reply.body["message"]
    assert schema.stored.attributes == {}


async def test_refuses_a_key_that_is_taken_also_while_it_is_processing(schema: Schema) -> None:
    schema.hold()
    await schema.attribute("string", TITLE)

    again = await schema.attribute("integer", TITLE | {"key": "Title"})

    assert again.verdict == in_words_of(schema.family, "409 attribute_already_exists")
    assert schema.client.sandbox.world.worker.waiting == 1


async def test_refuses_more_than_a_row_can_hold(schema: Schema) -> None:
    await schema.made_attribute("string", {"key": "wide", "size": 16_000, "required": False})

    wider = await schema.attribute("string", {"key": "wider", "size": 200, "required": False})
    listed = await schema.attribute("string", {"key": "listed", "size": 200, "required": False, "array": True})

    assert wider.verdict == in_words_of(schema.family, "400 attribute_limit_exceeded")
    assert listed.status == 202


async def test_refuses_more_attributes_than_a_table_can_have(schema: Schema, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rules, "MAX_ATTRIBUTES", 1)
    await schema.attribute("boolean", {"key": "first", "required": False})

    second = await schema.attribute("boolean", {"key": "second", "required": False})

    assert second.verdict == in_words_of(schema.family, "400 attribute_limit_exceeded")


async def test_keeps_documents_from_an_attribute_until_it_is_available(schema: Schema) -> None:
    schema.hold()
    await schema.attribute("string", TITLE)

    early = await schema.write({"title": "x"})
    await schema.settled()
    late = await schema.write({"title": "x"})

    assert early.verdict == in_words_of(schema.family, "400 document_invalid_structure")
    assert early.body["message"] == 'Invalid document structure: Unknown attribute: "title"'
    assert late.verdict == "201"


async def test_gives_documents_that_are_there_no_value_of_a_new_attribute(schema: Schema) -> None:
    await schema.made_attribute("string", TITLE)
    await schema.write({"title": "x"}, "one")

    await schema.made_attribute("integer", {"key": "count", "required": False, "default": 7})
    read = await schema.call("GET", f"{schema.family.documents}/one")

    assert (read.body["title"], read.body["count"]) == ("x", None)


async def test_takes_an_attribute_away_with_its_values_and_indexes(schema: Schema) -> None:
    for key in ("title", "other"):
        await schema.made_attribute("string", TITLE | {"key": key})
    await schema.write({"title": "x", "other": "y"}, "one")
    await schema.index("key", ["title"])
    await schema.index("key", ["title", "other"], key="both", orders=["ASC", "DESC"])
    await schema.settled()

    schema.hold()
    gone = await schema.call("DELETE", f"{schema.family.attributes}/title")
    meanwhile = await schema.call("GET", f"{schema.family.attributes}/title")
    await schema.settled()
    after = await schema.call("GET", f"{schema.family.attributes}/title")

    assert (gone.status, gone.headers["Content-Type"], meanwhile.body["status"]) == (204, "text/html", "deleting")
    assert after.verdict == in_words_of(schema.family, "404 attribute_not_found")
    assert {key: each.orders for key, each in schema.stored.indexes.items()} == {"both": ("DESC",)}
    assert schema.stored.documents["one"].data == {"other": "y"}


async def test_deletes_an_attribute_that_was_never_made(schema: Schema) -> None:
    schema.hold()
    await schema.attribute("string", TITLE)

    gone = await schema.call("DELETE", f"{schema.family.attributes}/title")
    await schema.settled()

    assert (gone.status, schema.stored.attributes) == (204, {})


async def test_changes_what_is_required_and_the_default(schema: Schema) -> None:
    await schema.made_attribute("string", TITLE | {"default": "a"})

    required = await schema.update("string", "title", {"required": True, "default": None})
    refused = await schema.write({})
    optional = await schema.update("string", "title", {"required": False, "default": "b"})
    written = await schema.write({"title": None})

    assert [(each.status, each.body["required"], each.body["default"]) for each in (required, optional)] == [
        (200, True, None),
        (200, False, "b"),
    ]
    assert refused.status == 400
    assert written.body["title"] == "b"


async def test_changes_size_bounds_and_elements(schema: Schema) -> None:
    await schema.made_attribute("string", TITLE)
    await schema.made_attribute("integer", {"key": "count", "required": False, "min": 0, "max": 9})
    await schema.made_attribute("enum", {"key": "state", "required": False, "elements": ["a"]})
    same = {"required": False, "default": None}

    replies = [
        await schema.update("string", "title", same | {"size": 50}),
        await schema.update("integer", "count", same | {"max": 5}),
        await schema.update("enum", "state", same | {"elements": ["a", "b"]}),
    ]

    assert replies[0].body["size"] == 50
    assert (replies[1].body["min"], replies[1].body["max"]) == (0, 5)
    assert replies[2].body["elements"] == ["a", "b"]


async def test_renames_an_attribute_in_its_place_in_documents_and_in_indexes(schema: Schema) -> None:
    for key in ("title", "other"):
        await schema.made_attribute("string", TITLE | {"key": key})
    await schema.write({"title": "x"}, "one")
    await schema.index("key", ["title"])

    renamed = await schema.update("string", "title", {"required": False, "default": None, "newKey": "name"})

    assert renamed.body["key"] == "name"
    assert list(schema.stored.attributes) == ["name", "other"]
    assert schema.stored.documents["one"].data == {"name": "x", "other": None}
    assert schema.stored.indexes["idx"].attributes == ("name",)


@pytest.mark.parametrize(
    ("kind", "key", "sent", "verdict"),
    [
        pytest.param("string", "nope", {}, "404 attribute_not_found", id="missing"),
        pytest.param("integer", "title", {}, "400 attribute_type_invalid", id="other-type"),
        pytest.param("email", "title", {}, "400 attribute_type_invalid", id="other-format"),
        pytest.param("string", "title", {"required": "x"}, "400 general_argument_invalid", id="required-text"),
        pytest.param("string", "title", {"size": 0}, "400 general_argument_invalid", id="size"),
        pytest.param("string", "title", {"size": 2}, "400 attribute_invalid_resize", id="shorter-than-data"),
        pytest.param("string", "title", {"size": 17_000}, "200", id="outside-of-the-row"),
        pytest.param("string", "title", {"size": 16_300}, "400 attribute_limit_exceeded", id="too-wide"),
        pytest.param("string", "title", {"newKey": "state"}, "409 attribute_already_exists", id="taken"),
        pytest.param("string", "title", {"newKey": "$x"}, "400 general_argument_invalid", id="bad-new-key"),
        pytest.param("string", "title", {"default": 1}, "400 general_argument_invalid", id="default"),
        pytest.param("enum", "state", {"elements": []}, "400 attribute_value_invalid", id="no-elements"),
        pytest.param("enum", "state", {}, "400 general_argument_invalid", id="elements-not-sent"),
    ],
)
async def test_refuses_changes_that_cannot_be(
    schema: Schema, kind: str, key: str, sent: dict[str, object], verdict: str
) -> None:
    await schema.made_attribute("string", TITLE)
    await schema.made_attribute("enum", {"key": "state", "required": False, "elements": ["a"]})
    await schema.write({"title": "long enough"})

    reply = await schema.update(kind, key, {"required": False, "default": None} | sent)

    assert reply.verdict == in_words_of(schema.family, verdict)


@pytest.mark.parametrize("missing", ["required", "default"])
async def test_wants_a_change_to_name_what_would_else_be_lost(columns: Schema, missing: str) -> None:
    await columns.made_attribute("string", TITLE)
    body = {"required": False, "default": None}
    del body[missing]

    reply = await columns.update("string", "title", body)

    assert reply.body["message"] == f'Param "{missing}" is not optional.'


async def test_refuses_to_change_what_is_not_available(schema: Schema) -> None:
    schema.hold()
    await schema.attribute("string", TITLE)

    reply = await schema.update("string", "title", {"required": True, "default": None})

    assert reply.verdict == in_words_of(schema.family, "400 attribute_not_available")


async def test_lists_the_attributes_that_are_asked_for(columns: Schema) -> None:
    for key in ("a", "b", "c"):
        await columns.made_attribute("boolean" if key == "b" else "text", {"key": key, "required": key == "c"})

    async def keys(*queries: str) -> object:
        given = "&".join(f"queries[]={each}" for each in queries)
        reply = await columns.call("GET", f"columns?{given}")
        return [each["key"] for each in reply.body["columns"]] if reply.status == 200 else reply.verdict

    assert await keys('{"method":"equal","attribute":"type","values":["text"]}') == ["a", "c"]
    assert await keys('{"method":"equal","attribute":"required","values":[true]}') == ["c"]
    assert await keys('{"method":"cursorAfter","values":["a"]}', '{"method":"limit","values":[1]}') == ["b"]
    assert await keys('{"method":"cursorAfter","values":["z"]}') == "400 general_cursor_not_found"
    assert await keys('{"method":"equal","attribute":"default","values":["x"]}') == "400 general_query_invalid"


async def test_shows_what_a_fault_makes_of_an_attribute(columns: Schema, monkeypatch: pytest.MonkeyPatch) -> None:
    await columns.made_attribute("string", TITLE)

    def stuck(collection: Collection) -> Collection:
        changed = {
            key: replace(each, status="failed", error="disk full") for key, each in collection.attributes.items()
        }
        return replace(collection, attributes=changed)

    monkeypatch.setattr(columns.client.sandbox.world.view, "collection", stuck)
    shown = await columns.call("GET", "columns/title")
    index = await columns.index("key", ["title"])

    assert (shown.body["status"], shown.body["error"]) == ("failed", "disk full")
    assert index.verdict == "400 column_not_available"
    assert columns.stored.attributes["title"].status == "available"


@pytest.mark.parametrize("kind", ["relationship", "point", "line", "polygon"])
async def test_says_so_where_a_kind_is_not_served(columns: Schema, kind: str) -> None:
    assert (await columns.attribute(kind, {"key": "a"})).verdict == "501 general_not_implemented"


@by_family
@pytest.mark.parametrize(
    ("scope", "verdict"),
    [
        pytest.param("collections.write", "202", id="collections"),
        pytest.param("columns.write", "202", id="columns"),
        pytest.param("collections.read", "401 general_unauthorized_scope", id="reading-only"),
    ],
)
async def test_takes_the_scopes_of_the_family(client: Client, family: Family, scope: str, verdict: str) -> None:
    schema = await new_schema(client, family)
    client.sandbox.world.add_key("standard_narrow", scopes=frozenset({scope}))
    client.identity("narrow", X_Appwrite_Key="standard_narrow")

    path = f"{schema.path}/{family.attributes}/string"
    reply = await client.call("POST", path, by="narrow", body=TITLE)

    refused = scope == "columns.write" and family is COLLECTIONS
    assert reply.verdict == ("401 general_unauthorized_scope" if refused else verdict)


@pytest.mark.parametrize(
    ("attribute", "taken"),
    [
        pytest.param({"type": "string", "size": 255}, 1021, id="short"),
        pytest.param({"type": "string", "size": 256}, 1026, id="long"),
        pytest.param({"type": "string", "size": 16_382}, 20, id="outside"),
        pytest.param({"type": "text"}, 20, id="text"),
        pytest.param({"type": "integer", "size": 4}, 4, id="integer"),
        pytest.param({"type": "integer", "size": 8}, 8, id="large-integer"),
        pytest.param({"type": "integer", "array": True}, 20, id="array"),
    ],
)
async def test_counts_the_bytes_of_a_row_as_the_database_does(attribute: dict[str, object], taken: int) -> None:
    made = Attribute(key=COLLECTION, created_at="", **attribute)  # type: ignore[arg-type]

    assert made.row_bytes() == taken
