"""
Many documents in one call: for keys only, all or none, and a delete without queries takes everything.
"""

import json
from urllib.parse import quote

import pytest

from tests.sandbox.client import Client
from tests.sandbox.states import DATA, EVERYTHING, STATE, add_collection, add_document, documents_path

pytestmark = pytest.mark.asyncio


@pytest.fixture
def root(client: Client) -> str:
    """
    Three documents, counted 1 to 3, in a collection where any may do everything.
    """
    collection = add_collection(client.sandbox.world, client.sandbox.database, permissions=EVERYTHING)
    for number, id_ in enumerate("abc", start=1):
        add_document(collection, id_).data["count"] = number
    client.sign_in("user_a", "user_a")
    return documents_path(client.sandbox.database)


def counts(client: Client) -> dict[str, object]:
    return {id_: each.data["count"] for id_, each in client.sandbox.world.collections[STATE].documents.items()}


def counted(low: int) -> str:
    return json.dumps({"method": "greaterThanEqual", "attribute": "count", "values": [low]})


@pytest.mark.parametrize("by", ["guest", "user_a"])
@pytest.mark.parametrize(
    ("method", "body", "verdict"),
    [
        pytest.param("POST", {"documents": [DATA]}, "401 general_unauthorized_scope", id="create"),
        pytest.param("PUT", {"documents": [DATA]}, "404 database_not_found", id="upsert"),
        pytest.param("PATCH", {"data": {"count": 9}}, "404 database_not_found", id="update"),
        pytest.param("DELETE", {}, "404 database_not_found", id="delete"),
    ],
)
async def test_refuses_a_client_as_if_there_were_no_database(
    client: Client, root: str, by: str, method: str, body: object, verdict: str
) -> None:
    reply = await client.call(method, root, by=by, body=body)

    assert reply.verdict == verdict
    assert counts(client) == {"a": 1, "b": 2, "c": 3}


async def test_creates_many_with_ids_permissions_and_times_of_their_own(client: Client, root: str) -> None:
    first = DATA | {"$id": "x", "$permissions": ['write("any")'], "$createdAt": "2020-01-01"}

    reply = await client.call("POST", root, by="key", body={"documents": [first, DATA]})

    x, other = reply.body["documents"]
    assert (reply.status, reply.body["total"], len(other["$id"])) == (201, 2, 20)
    assert (x["$id"], x["$permissions"]) == ("x", ['update("any")', 'delete("any")'])
    assert x["$createdAt"] == "2020-01-01T00:00:00.000+00:00"


@pytest.mark.parametrize(
    ("body", "verdict"),
    [
        pytest.param({"documents": [DATA, DATA | {"$id": "a"}]}, "409 document_already_exists", id="taken-id"),
        pytest.param({"documents": [DATA, {"count": 1}]}, "400 document_invalid_structure", id="structure"),
        pytest.param({"documents": [DATA | {"$id": "*"}]}, "400 general_bad_request", id="bad-id"),
        pytest.param({"documents": [DATA | {"$permissions": ["x"]}]}, "400 general_bad_request", id="bad-permission"),
        pytest.param({"documents": [DATA], "data": DATA}, "400 general_bad_request", id="with-data"),
        pytest.param({"documents": [DATA], "documentId": "x"}, "400 general_bad_request", id="with-id"),
        pytest.param(
            {"documents": [DATA], "permissions": ['read("any")']}, "400 general_bad_request", id="with-permissions"
        ),
        pytest.param({"documents": [DATA] * 101}, "400 general_argument_invalid", id="too-many"),
        pytest.param({"documents": [1]}, "400 general_argument_invalid", id="no-documents"),
        pytest.param({"documents": []}, "400 document_missing_data", id="none"),
    ],
)
async def test_creates_none_when_one_cannot_be_created(client: Client, root: str, body: object, verdict: str) -> None:
    reply = await client.call("POST", root, by="key", body=body)

    assert reply.verdict == verdict
    assert counts(client) == {"a": 1, "b": 2, "c": 3}


async def test_changes_all_that_the_queries_name(client: Client, root: str) -> None:
    body = {"data": {"count": 7, "$permissions": ['read("any")']}, "queries": [counted(2)]}

    reply = await client.call("PATCH", root, by="key", body=body)

    assert (reply.status, reply.body["total"]) == (200, 2)
    assert [each["$permissions"] for each in reply.body["documents"]] == [['read("any")']] * 2
    assert counts(client) == {"a": 1, "b": 7, "c": 7}


@pytest.mark.parametrize(
    ("body", "verdict"),
    [
        pytest.param({}, "400 document_missing_payload", id="no-data"),
        pytest.param({"data": {"nope": 1}}, "400 document_invalid_structure", id="unknown"),
        pytest.param(
            {"data": {"nope": 1}, "queries": [counted(99)]}, "400 document_invalid_structure", id="unknown-of-nothing"
        ),
        pytest.param(
            {"data": {"title": None}, "queries": [counted(99)]}, "400 document_invalid_structure", id="null-of-nothing"
        ),
        pytest.param({"data": {"title": None}}, "400 document_invalid_structure", id="null-for-required"),
        pytest.param({"data": {"count": 1}, "queries": ["x"]}, "400 general_query_invalid", id="bad-query"),
    ],
)
async def test_changes_none_when_the_change_cannot_be(client: Client, root: str, body: object, verdict: str) -> None:
    reply = await client.call("PATCH", root, by="key", body=body)

    assert reply.verdict == verdict
    assert counts(client) == {"a": 1, "b": 2, "c": 3}


async def test_puts_many_and_counts_only_what_changed(client: Client, root: str) -> None:
    same, other, new = DATA | {"$id": "a"}, DATA | {"$id": "b", "count": 9}, DATA | {"$id": "d"}

    reply = await client.call("PUT", root, by="key", body={"documents": [same, other, new]})

    assert (reply.status, reply.body["total"]) == (200, 2)
    assert [each["$id"] for each in reply.body["documents"]] == ["b", "d"]
    assert counts(client) == {"a": 1, "b": 9, "c": 3, "d": 1}


@pytest.mark.parametrize(
    ("body", "verdict"),
    [
        pytest.param({}, "400 general_argument_invalid", id="no-documents"),
        pytest.param({"documents": [DATA | {"$id": "a"}] * 2}, "409 document_already_exists", id="twice"),
        pytest.param(
            {"documents": [DATA | {"$id": "a", "count": 5}, {"$id": "b"}]},
            "400 document_invalid_structure",
            id="second",
        ),
    ],
)
async def test_puts_none_when_one_cannot_be_put(client: Client, root: str, body: object, verdict: str) -> None:
    reply = await client.call("PUT", root, by="key", body=body)

    assert reply.verdict == verdict
    assert counts(client) == {"a": 1, "b": 2, "c": 3}


async def test_deletes_what_the_queries_name(client: Client, root: str) -> None:
    reply = await client.call("DELETE", root, by="key", body={"queries": [counted(2)]})

    assert (reply.status, reply.body["total"]) == (200, 2)
    assert counts(client) == {"a": 1}


async def test_does_not_see_queries_of_a_delete_in_its_address(client: Client, root: str) -> None:
    await client.call("DELETE", f"{root}?queries[0]={quote(counted(2))}", by="key")

    assert counts(client) == {}


async def test_empties_the_collection_when_the_id_to_delete_is_empty(client: Client, root: str) -> None:
    add_many = client.sandbox.world.collections[STATE]
    for number in range(110):
        add_document(add_many, f"d{number}")

    reply = await client.call("DELETE", f"{root}//", by="key")

    assert (reply.status, reply.body["total"], len(reply.body["documents"])) == (200, 113, 100)
    assert counts(client) == {}


async def test_announces_every_document(client: Client, root: str) -> None:
    listener = await client.listen("&channels[]=documents")
    await listener.frame()

    await client.call("PATCH", root, by="key", body={"data": {"count": 5}})
    await client.call("DELETE", root, by="key", body={})

    names = [each["events"][0].split(".documents.")[1] for each in await listener.events()]
    assert names == ["a.update", "b.update", "c.update", "a.delete", "b.delete", "c.delete"]
