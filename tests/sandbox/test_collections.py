"""
Collections and tables as server keys see them.
"""

import pytest

from monitor.sandbox.protocol.family import COLLECTIONS, FAMILIES, TABLES, Family
from monitor.sandbox.server import Sandbox
from tests.sandbox.client import Client
from tests.sandbox.states import ATTRIBUTES

pytestmark = pytest.mark.asyncio

by_family = pytest.mark.parametrize("family", [pytest.param(each, id=each.root) for each in FAMILIES])


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
    assert (shown["$permissions"], shown["documentSecurity"], shown["bytesUsed"]) == (['create("users")'], True, 2390)
    assert shown["attributes"][2:] == [
        base
        | {"key": "status", "type": "string", "required": True, "default": None}
        | {"elements": ["pending", "confirmed", "cancelled"], "format": "enum"},
        base
        | {"key": "durationMinutes", "type": "integer", "required": False, "default": None}
        | {"min": 0, "max": 100000},
        base | {"key": "paid", "type": "boolean", "required": False, "default": None},
        base | {"key": "startsAt", "type": "datetime", "required": True, "default": None, "format": ""},
    ]
    index = {"$id": "1_1_idx_userId", "key": "idx_userId", "type": "key", "status": "available", "error": ""}
    assert shown["indexes"] == [index | times | {"attributes": ["userId"], "lengths": [0], "orders": []}]


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
async def test_updates_what_is_named_and_keeps_the_rest(client: Client, family: Family) -> None:
    path = f"{collections_path(client, family)}/bookings"

    reply = await client.call("PUT", path, by="key", body={"enabled": False})

    kept = {"name": "bookings", "enabled": False, family.security: True, "$permissions": ['create("users")']}
    assert reply.body | kept == reply.body


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
