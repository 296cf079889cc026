"""
Databases as server keys make and change them, through either family.
"""

import pytest

from monitor.sandbox.protocol.family import COLLECTIONS, TABLES, Family
from monitor.sandbox.routes import collections, databases
from monitor.sandbox.server import Sandbox
from tests.sandbox.client import Client
from tests.sandbox.schema import by_family

pytestmark = pytest.mark.asyncio


async def new_database(client: Client, family: Family, id_: str = "second") -> None:
    made = await client.call("POST", f"/{family.root}", by="key", body={"databaseId": id_, "name": "Second"})
    assert made.status == 201, made.body


@pytest.mark.parametrize(
    ("family", "type_"),
    [pytest.param(COLLECTIONS, "legacy", id="databases"), pytest.param(TABLES, "tablesdb", id="tablesdb")],
)
async def test_makes_a_database_that_both_families_serve(client: Client, family: Family, type_: str) -> None:
    await new_database(client, family)

    shown = [await client.call("GET", f"/{each.root}/second", by="key") for each in (COLLECTIONS, TABLES)]

    keys = ["$id", "name", "$createdAt", "$updatedAt", "enabled", "type"]
    assert shown[0].body == shown[1].body
    assert list(shown[0].body) == keys
    assert (shown[0].body["name"], shown[0].body["enabled"], shown[0].body["type"]) == ("Second", True, type_)


@by_family
async def test_renames_disables_and_deletes_a_database(client: Client, family: Family) -> None:
    await new_database(client, family)
    path = f"/{family.root}/second"

    disabled = await client.call("PUT", path, by="key", body={"name": "Other", "enabled": False})
    enabled = await client.call("PUT", path, by="key", body={})
    gone = [await client.call(method, path, by="key") for method in ("DELETE", "GET")]

    assert (disabled.body["name"], disabled.body["enabled"]) == ("Other", False)
    assert (enabled.body["name"], enabled.body["enabled"]) == ("Other", True)
    assert [each.verdict for each in gone] == ["204", "404 database_not_found"]


@by_family
async def test_hides_a_disabled_database_from_clients_only(client: Client, family: Family) -> None:
    path = f"/{family.root}/{client.sandbox.database}"
    await client.call("PUT", path, by="key", body={"enabled": False})

    rest = f"{path}/{family.collections}/bookings/{family.documents}"
    replies = [await client.call("GET", rest, by=by) for by in ("guest", "key")]

    assert [each.verdict for each in replies] == ["404 database_not_found", "200"]


@by_family
@pytest.mark.parametrize(
    ("body", "verdict"),
    [
        pytest.param({"name": "x"}, "400 general_argument_invalid", id="no-id"),
        pytest.param({"databaseId": "a b", "name": "x"}, "400 general_argument_invalid", id="bad-id"),
        pytest.param({"databaseId": "new"}, "400 general_argument_invalid", id="no-name"),
        pytest.param({"databaseId": "new", "name": 3}, "400 general_argument_invalid", id="name-number"),
        pytest.param({"databaseId": "new", "name": "x", "enabled": 1}, "400 general_argument_invalid", id="enabled"),
        pytest.param({"databaseId": "second", "name": "x"}, "409 database_already_exists", id="taken"),
        pytest.param({"databaseId": "unique()", "name": "x"}, "201", id="unique"),
    ],
)
async def test_checks_what_a_database_is_made_of(client: Client, family: Family, body: object, verdict: str) -> None:
    await new_database(client, family)

    assert (await client.call("POST", f"/{family.root}", by="key", body=body)).verdict == verdict


@by_family
async def test_lists_databases_by_name_and_search(client: Client, family: Family) -> None:
    await new_database(client, family)
    named = 'queries[]={"method":"equal","attribute":"name","values":["Second"]}'

    found = [await client.call("GET", f"/{family.root}?{query}", by="key") for query in (named, "search=seco")]

    assert [[each["$id"] for each in reply.body["databases"]] for reply in found] == [["second"]] * 2


@by_family
async def test_numbers_collections_by_their_database(client: Client, family: Family, sandbox: Sandbox) -> None:
    await new_database(client, family)
    column = {"key": "a", "type": "boolean"}
    index = {"key": "i", "type": "key", "attributes": ["a"]}
    body = {family.collection_id: "new", "name": "x", family.attributes: [column], "indexes": [index]}

    made = await client.call("POST", f"/{family.root}/second/{family.collections}", by="key", body=body)

    assert made.body["indexes"][0]["$id"] == "2_1_i"
    assert sandbox.world.databases["second"].collections["new"].database_id == "second"


@by_family
async def test_keeps_no_more_than_it_can(client: Client, family: Family, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(databases, "MAX_DATABASES", 1)
    monkeypatch.setattr(collections, "MAX_COLLECTIONS", 4)

    database = await client.call("POST", f"/{family.root}", by="key", body={"databaseId": "second", "name": "x"})
    path = f"/{family.root}/{client.sandbox.database}/{family.collections}"
    collection = await client.call("POST", path, by="key", body={family.collection_id: "fifth", "name": "x"})

    assert database.verdict == "400 general_bad_request"
    assert collection.verdict == f"400 {family.collection}_limit_exceeded"


@by_family
async def test_keeps_databases_from_clients(client: Client, family: Family) -> None:
    client.sign_in("user", "somebody")

    replies = [
        await client.call(method, path, by=by, body={})
        for by in ("guest", "user")
        for method, path in (("POST", f"/{family.root}"), ("PUT", f"/{family.root}/x"), ("DELETE", f"/{family.root}/x"))
    ]

    assert {each.verdict for each in replies} == {"401 general_unauthorized_scope"}
