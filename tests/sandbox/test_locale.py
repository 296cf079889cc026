"""
Where the caller is.
"""

import pytest

from tests.sandbox.client import Client

pytestmark = pytest.mark.asyncio


async def test_tells_guests_their_address_and_nothing_of_a_place(client: Client) -> None:
    reply = await client.call("GET", "/locale")

    assert (reply.status, reply.body["ip"], reply.body["countryCode"]) == (200, "127.0.0.1", "--")


async def test_refuses_a_key_without_the_scope(client: Client) -> None:
    client.sandbox.world.add_key("standard_narrow", scopes=frozenset({"users.read"}))
    client.identity("narrow", X_Appwrite_Key="standard_narrow")

    reply = await client.call("GET", "/locale", by="narrow")

    assert reply.verdict == "401 general_unauthorized_scope"
