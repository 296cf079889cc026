"""
Counting up and down.
"""

from dataclasses import replace

import pytest

from monitor.sandbox.protocol.family import COLLECTIONS, TABLES, Family
from tests.sandbox.client import Client
from tests.sandbox.states import EVERYTHING, STATE, add_collection, add_document, documents_path

pytestmark = pytest.mark.asyncio


@pytest.fixture
def root(client: Client) -> str:
    """
    One document, counted 5, and one without a count.
    """
    collection = add_collection(client.sandbox.world, client.sandbox.database, permissions=EVERYTHING)
    collection.attributes["ratio"] = replace(collection.attributes["count"], key="ratio", type="double")
    collection.attributes["many"] = replace(collection.attributes["count"], key="many", array=True)
    add_document(collection, "one").data["count"] = 5
    add_document(collection, "none").data["count"] = None
    return documents_path(client.sandbox.database)


@pytest.mark.parametrize(
    ("path", "body", "count"),
    [
        pytest.param("one/count/increment", {}, 6, id="by-one"),
        pytest.param("one/count/increment", {"value": 10, "max": 15}, 15, id="up-to-the-bound"),
        pytest.param("one/count/decrement", {"value": 5, "min": 0}, 0, id="down-to-the-bound"),
        pytest.param("none/count/decrement", {"value": 2}, -2, id="from-nothing"),
        pytest.param("one/ratio/increment", {"value": 0.5}, 0.5, id="float"),
    ],
)
async def test_counts(client: Client, root: str, path: str, body: object, count: float) -> None:
    document, attribute, _ = path.split("/")

    reply = await client.call("PATCH", f"{root}/{path}", body=body)

    assert (reply.status, reply.body[attribute]) == (200, count)
    assert (await client.call("GET", f"{root}/{document}")).body == reply.body


@pytest.mark.parametrize(
    ("path", "body", "verdict"),
    [
        pytest.param("one/count/increment", {"max": 5}, "400 attribute_limit_exceeded", id="over"),
        pytest.param("one/count/decrement", {"min": 5}, "400 attribute_limit_exceeded", id="under"),
        pytest.param("one/count/increment", {"value": 1 << 31}, "400 attribute_limit_exceeded", id="32-bits"),
        pytest.param("one/title/increment", {}, "400 attribute_type_invalid", id="text"),
        pytest.param("one/many/increment", {}, "400 attribute_type_invalid", id="list"),
        pytest.param("one/nope/increment", {}, "404 attribute_not_found", id="unknown-attribute"),
        pytest.param("other/count/increment", {}, "404 attribute_not_found", id="unknown-document"),
        pytest.param("one/count/increment", {"value": 0}, "400 general_argument_invalid", id="by-nothing"),
        pytest.param("one/count/increment", {"value": -1}, "400 general_argument_invalid", id="backwards"),
        pytest.param("one/count/increment", {"value": "1"}, "400 general_argument_invalid", id="text-value"),
    ],
)
async def test_refuses_to_count(client: Client, root: str, path: str, body: object, verdict: str) -> None:
    reply = await client.call("PATCH", f"{root}/{path}", body=body)

    assert reply.verdict == verdict


@pytest.mark.parametrize(
    ("family", "kind", "title"),
    [
        pytest.param(COLLECTIONS, "attribute_limit_exceeded", "databases", id="document"),
        pytest.param(TABLES, "column_limit_exceeded", "tablesDB", id="row"),
    ],
)
async def test_refuses_in_the_words_of_the_family(
    client: Client, root: str, family: Family, kind: str, title: str
) -> None:
    path = documents_path(client.sandbox.database, family=family)

    reply = await client.call("PATCH", f"{path}/one/count/increment", body={"max": 5})

    assert (reply.body["type"], reply.body["message"]) == (kind, f'{title} "count" has reached the maximum value of 5')


async def test_needs_permission_to_update_but_not_to_read(client: Client, root: str) -> None:
    client.sandbox.world.collections[STATE].permissions = ('update("any")',)
    allowed = await client.call("PATCH", f"{root}/one/count/increment", body={})
    client.sandbox.world.collections[STATE].permissions = ('read("any")',)
    refused = await client.call("PATCH", f"{root}/one/count/increment", body={})

    assert [allowed.verdict, refused.verdict] == ["200", "401 user_unauthorized"]


async def test_announces_a_count_as_an_update(client: Client, root: str) -> None:
    listener = await client.listen("&channels[]=documents")
    await listener.frame()

    await client.call("PATCH", f"{root}/one/count/increment", body={})

    (event,) = await listener.events()
    assert event["events"][0].endswith(".documents.one.update")
    assert event["payload"]["count"] == 6
