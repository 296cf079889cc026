"""
Putting one document in the place of another, or where none was.
"""

from dataclasses import replace

import pytest

from tests.sandbox.client import Client
from tests.sandbox.states import DATA, STATE, add_collection, add_document, documents_path

pytestmark = pytest.mark.asyncio


def set_up(client: Client, *permissions: str) -> str:
    collection = add_collection(client.sandbox.world, client.sandbox.database, permissions=list(permissions))
    add_document(collection, "one").data["count"] = 5
    return f"{documents_path(client.sandbox.database)}/one"


@pytest.mark.parametrize(
    ("permission", "existing", "new"),
    [
        pytest.param('create("any")', "401 user_unauthorized", "200", id="create"),
        pytest.param('update("any")', "200", "401 user_unauthorized", id="update"),
    ],
)
async def test_asks_for_the_permission_of_what_it_does(
    client: Client, permission: str, existing: str, new: str
) -> None:
    path = set_up(client, permission)

    replies = [await client.call("PUT", each, body={"data": DATA}) for each in (path, f"{path}-more")]

    assert [each.verdict for each in replies] == [existing, new]


async def test_leaves_what_is_not_sent_but_asks_for_all_that_is_required(client: Client) -> None:
    path = set_up(client, 'update("any")')

    kept = await client.call("PUT", path, body={"data": {"title": "new"}})
    refused = await client.call("PUT", path, body={"data": {"count": 1}})

    assert (kept.body["title"], kept.body["count"]) == ("new", 5)
    assert refused.body["message"] == 'Invalid document structure: Missing required attribute "title"'


async def test_puts_the_default_where_nothing_is_sent(client: Client) -> None:
    path = set_up(client, 'update("any")')
    attributes = client.sandbox.world.collections[STATE].attributes
    attributes["count"] = replace(attributes["count"], default=3)

    reply = await client.call("PUT", path, body={"data": {"title": "new"}})

    assert reply.body["count"] == 3


async def test_gives_a_new_document_of_a_user_to_that_user(client: Client) -> None:
    client.sign_in("user_a", "user_a")
    path = set_up(client, 'create("any")')

    reply = await client.call("PUT", f"{path}-more", by="user_a", body={"data": DATA})

    assert reply.body["$permissions"] == [f'{each}("user:user_a")' for each in ("read", "update", "delete")]


async def test_changes_permissions_alone(client: Client) -> None:
    path = set_up(client, 'update("any")', 'read("any")')

    reply = await client.call("PUT", path, body={"data": DATA, "permissions": ['read("any")']})

    assert reply.body["$permissions"] == ['read("any")']


async def test_refuses_to_put_nothing(client: Client) -> None:
    reply = await client.call("PUT", set_up(client, 'update("any")'), body={})

    assert reply.verdict == "400 document_missing_payload"
