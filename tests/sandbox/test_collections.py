"""
Collections and tables as server keys see them.
"""

import aiohttp
import pytest

from monitor.sandbox.protocol.family import COLLECTIONS, FAMILIES, TABLES, Family
from monitor.sandbox.server import Sandbox
from tests.sandbox.client import Client
from tests.sandbox.states import ATTRIBUTES

pytestmark = pytest.mark.asyncio

by_family = pytest.mark.parametrize("family", [pytest.param(each, id=each.root) for each in FAMILIES])

BOOKING_STATUSES = ["pending", "pending_accept", "confirmed", "active", "declined", "cancelled", "expired", "completed"]


def collections_path(client: Client, family: Family) -> str:
    return f"/{family.root}/{client.sandbox.database}/{family.collections}"


def in_words_of(family: Family, verdict: str) -> str:
    for noun in ("collection", "attribute"):
        verdict = verdict.replace(noun, getattr(family, noun))
    return verdict


@pytest.mark.parametrize(
    ("path", "by", "verdict"),
    [
        pytest.param("", "guest", "401 general_unauthorized_scope", id="list-guest"),
        pytest.param("", "user", "401 general_unauthorized_scope", id="list-user"),
        pytest.param("", "key", "200", id="list-key"),
        pytest.param("/bookings", "guest", "401 general_unauthorized_scope", id="get-guest"),
        pytest.param("/bookings", "key", "200", id="get-key"),
        pytest.param("/nope", "guest", "401 general_unauthorized_scope", id="missing-guest"),
        pytest.param("/nope", "key", "404 collection_not_found", id="missing-key"),
        pytest.param("/bookings/attributes", "key", "200", id="attributes"),
        pytest.param("/bookings/attributes/status", "key", "200", id="attribute"),
        pytest.param("/bookings/attributes/nope", "key", "404 attribute_not_found", id="attribute-missing"),
        pytest.param("/bookings/indexes/idx_userId", "key", "200", id="index"),
    ],
)
@by_family
async def test_shows_collections_to_keys_only(client: Client, family: Family, path: str, by: str, verdict: str) -> None:
    client.sign_in("user", "somebody")

    reply = await client.call("GET", collections_path(client, family) + in_words_of(family, path), by=by)

    assert reply.verdict == in_words_of(family, verdict)


async def test_shows_the_seeded_bookings_as_a_real_server_does(client: Client) -> None:
    reply = await client.call("GET", f"{collections_path(client, COLLECTIONS)}/bookings", by="key")

    shown = reply.body
    times = {"$createdAt": shown["$createdAt"], "$updatedAt": shown["$updatedAt"]}
    base = {"status": "available", "error": "", "array": False, **times}
    # As recorded, and 8 more: a date takes 7, a boolean 1.
    used = 2390 + 8
    assert (shown["$permissions"], shown["documentSecurity"], shown["bytesUsed"]) == (['create("any")'], True, used)
    assert shown["attributes"][2:] == [
        base
        | {"key": "status", "type": "string", "required": True, "default": None}
        | {"elements": BOOKING_STATUSES, "format": "enum"},
        base
        | {"key": "durationMinutes", "type": "integer", "required": False, "default": None}
        | {"min": 0, "max": 100000},
        base | {"key": "paid", "type": "boolean", "required": False, "default": None},
        base | {"key": "startsAt", "type": "datetime", "required": True, "default": None, "format": ""},
        base | {"key": "responseDeadline", "type": "datetime", "required": False, "default": None, "format": ""},
        base | {"key": "isTest", "type": "boolean", "required": False, "default": None},
    ]
    index = {"type": "key", "status": "available", "error": "", **times, "lengths": [0], "orders": []}
    assert shown["indexes"] == [
        index | {"$id": f"1_1_idx_{key}", "key": f"idx_{key}", "attributes": [key]} for key in ("userId", "therapistId")
    ]


@by_family
async def test_creates_a_collection_whose_attributes_serve_at_once(client: Client, family: Family) -> None:
    root = collections_path(client, family)
    body = {family.collection_id: "new", "name": "New", "permissions": ['write("any")'], family.attributes: ATTRIBUTES}

    created = await client.call("POST", root, by="key", body=body)
    document = {family.document_id: "unique()", "data": {"title": "first"}}
    written = await client.call("POST", f"{root}/new/{family.documents}", body=document)

    assert created.body["$permissions"] == ['create("any")', 'update("any")', 'delete("any")']
    assert {each["status"] for each in created.body[family.attributes]} == {"available"}
    assert (created.verdict, written.verdict) == ("201", "201")


@by_family
async def test_refuses_to_create_what_exists_or_has_no_name(client: Client, family: Family) -> None:
    root = collections_path(client, family)

    again = await client.call("POST", root, by="key", body={family.collection_id: "bookings", "name": "x"})
    nameless = await client.call("POST", root, by="key", body={family.collection_id: "other"})

    assert again.verdict == f"409 {family.collection}_already_exists"
    assert nameless.body["message"] == 'Param "name" is not optional.'


@by_family
async def test_updates_what_is_named_and_keeps_name_and_permissions(client: Client, family: Family) -> None:
    path = f"{collections_path(client, family)}/bookings"

    renamed = await client.call("PUT", path, by="key", body={"name": "Renamed", family.security: True})
    disabled = await client.call("PUT", path, by="key", body={"enabled": False, family.security: True, "purge": True})

    kept = {"name": "Renamed", family.security: True, "$permissions": ['create("any")']}
    assert renamed.body | kept | {"enabled": True} == renamed.body
    assert disabled.body | kept | {"enabled": False} == disabled.body


@by_family
async def test_takes_what_an_update_leaves_out_for_its_default(client: Client, family: Family) -> None:
    path = f"{collections_path(client, family)}/bookings"
    await client.call("PUT", path, by="key", body={"enabled": False, family.security: True})

    reply = await client.call("PUT", path, by="key", body={"name": "Renamed"})

    assert (reply.body["enabled"], reply.body[family.security]) == (True, False)


@pytest.mark.parametrize(
    ("body", "problem"),
    [
        pytest.param({"name": "x"}, 'Param "collectionId" is not optional.', id="no-id"),
        pytest.param({"collectionId": "-a", "name": "x"}, "Invalid `collectionId` param", id="bad-id"),
        pytest.param({"collectionId": "a", "name": ""}, "Invalid `name` param", id="no-name"),
        pytest.param({"collectionId": "a", "name": "x" * 129}, "no longer than 128 chars", id="long-name"),
        pytest.param({"collectionId": "a", "name": "x", "enabled": "yes"}, "Invalid `enabled` param", id="enabled"),
        pytest.param({"collectionId": "a", "name": "x", "permissions": ["read"]}, "`permissions`", id="permission"),
        pytest.param({"collectionId": "a", "name": "x", "attributes": 3}, "Invalid `attributes`", id="attributes"),
        pytest.param({"collectionId": "a", "name": "x", "attributes": [3]}, "must be an object", id="attribute"),
        pytest.param(
            {"collectionId": "a", "name": "x", "attributes": [{"key": "k", "type": "hat"}]}, "type for", id="type"
        ),
        pytest.param(
            {"collectionId": "a", "name": "x", "attributes": [{"key": "k", "type": "string"}]}, "size", id="no-size"
        ),
        pytest.param(
            {"collectionId": "a", "name": "x", "indexes": [{"key": "i", "type": "key", "attributes": ["k"]}]},
            'attribute "k" not found',
            id="index-of-nothing",
        ),
    ],
)
async def test_refuses_parameters_of_a_new_collection(client: Client, body: object, problem: str) -> None:
    reply = await client.call("POST", collections_path(client, COLLECTIONS), by="key", body=body)

    assert (reply.status, problem in reply.body["message"]) == (400, True), reply.body


async def test_makes_indexes_with_a_collection_at_once(client: Client) -> None:
    columns = [{"key": "a", "type": "varchar", "size": 10}, {"key": "n", "type": "double", "min": 1}]
    indexes = [{"key": "i", "type": "unique", "columns": ["a"], "orders": ["ASC"], "lengths": [5]}]
    body = {"tableId": "t", "name": "T", "columns": columns, "indexes": indexes}

    made = await client.call("POST", collections_path(client, TABLES), by="key", body=body)

    shown = {"$id": "1_8_i", "status": "available", "columns": ["a"], "lengths": [5], "orders": ["ASC"]}
    assert made.body["indexes"][0] | shown == made.body["indexes"][0]
    assert made.body["columns"][1]["min"] == 1.0


@by_family
@pytest.mark.parametrize(
    ("query", "found"),
    [
        pytest.param("search=chat", ["chat_sessions", "chat_messages", "chat_rooms"], id="search"),
        pytest.param('queries[]={"method":"equal","attribute":"name","values":["bookings"]}', ["bookings"], id="name"),
        pytest.param('queries[]={"method":"limit","values":[1]}', ["bookings"], id="limit"),
        pytest.param(
            'queries[]={"method":"cursorAfter","values":["bookings_collection_id"]}',
            ["therapists_collection_id"],
            id="cursor",
        ),
    ],
)
async def test_lists_the_collections_that_are_asked_for(
    client: Client, family: Family, query: str, found: list[str]
) -> None:
    reply = await client.call("GET", f"{collections_path(client, family)}?{query}", by="key")

    assert [each["$id"] for each in reply.body[family.collections]] == found


@by_family
async def test_counts_collections_unless_told_not_to(client: Client, family: Family) -> None:
    path = collections_path(client, family)

    totals = [(await client.call("GET", f"{path}{query}", by="key")).body["total"] for query in ("", "?total=false")]

    assert totals == [7, 0]


@by_family
@pytest.mark.parametrize(
    "query",
    [
        pytest.param('queries[]={"method":"equal","attribute":"owner","values":["x"]}', id="unknown-attribute"),
        pytest.param("queries[]=nonsense", id="no-query"),
        pytest.param('queries[]={"method":"cursorAfter","values":["nope"]}', id="unknown-cursor"),
    ],
)
async def test_refuses_bad_queries_of_collections(client: Client, family: Family, query: str) -> None:
    reply = await client.call("GET", f"{collections_path(client, family)}?{query}", by="key")

    assert reply.status == 400


async def test_wants_a_name_and_no_inline_attributes_in_1_8() -> None:
    async with Sandbox(profile="1.8") as sandbox, aiohttp.ClientSession() as session:
        client = Client(sandbox, session)
        root = collections_path(client, COLLECTIONS)
        body = {"collectionId": "new", "name": "New", "attributes": ATTRIBUTES}

        made = await client.call("POST", root, by="key", body=body)
        nameless = await client.call("PUT", f"{root}/new", by="key", body={"enabled": True})
        varchar = await client.call("POST", f"{root}/new/attributes/varchar", by="key", body={"key": "a"})

    assert made.body["attributes"] == []
    assert nameless.body["message"] == 'Param "name" is not optional.'
    assert varchar.verdict == "404 general_route_not_found"


@by_family
async def test_deletes_a_collection_with_its_documents(client: Client, family: Family) -> None:
    path = f"{collections_path(client, family)}/bookings"

    replies = [await client.call(method, path, by="key") for method in ("DELETE", "GET", "DELETE")]

    assert [each.status for each in replies] == [204, 404, 404]
    assert replies[0].headers["Content-Type"] == "text/html"


async def test_starts_without_collections_when_asked_to() -> None:
    sandbox = Sandbox(empty=True)

    assert sandbox.world.collections == {}
    assert (sandbox.customer.id, sandbox.therapist.id) == ("synthetic-customer", "synthetic-therapist")


@pytest.mark.parametrize("root", [COLLECTIONS.root, TABLES.root])
async def test_lists_the_database_in_both_families(client: Client, root: str) -> None:
    reply = await client.call("GET", f"/{root}", by="key")

    assert [(each["$id"], each["type"]) for each in reply.body["databases"]] == [(client.sandbox.database, "legacy")]


@by_family
async def test_changes_a_collection_that_callers_know_by_another_id(client: Client, family: Family) -> None:
    client.sandbox.faults.switch_on("collection_id_mismatch", collection="bookings", to="orders")
    path = f"{collections_path(client, family)}/orders"

    replies = [
        await client.call("PUT", path, by="key", body={"name": "Orders"}),
        await client.call("POST", f"{path}/{family.attributes}/text", by="key", body={"key": "a", "required": False}),
        await client.call("DELETE", path, by="key"),
    ]

    assert [each.status for each in replies] == [200, 202, 204]
    assert "bookings" not in client.sandbox.world.collections
