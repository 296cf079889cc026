"""
Talking to realtime: what a message does, and what comes of a bad one.
"""

import json
from contextlib import suppress

import aiohttp
import pytest

from tests.sandbox.client import Client
from tests.sandbox.states import DATA, add_collection, documents_path

pytestmark = pytest.mark.asyncio

MASKED = {"type": "error", "data": {"code": 1003, "message": "Error: Server Error"}}
PONG = {"type": "pong"}


@pytest.mark.parametrize(
    "message",
    [
        pytest.param('{"type": ', id="malformed"),
        pytest.param("hello", id="no-json"),
        pytest.param("", id="empty"),
        pytest.param("{}", id="no-type"),
        pytest.param("null", id="null"),
        pytest.param("[1,2]", id="list"),
        pytest.param('{"type": "nope", "data": {}}', id="unknown-type"),
        pytest.param('{"type": "authentication", "data": {"session": "garbage"}}', id="bad-session"),
        pytest.param('{"type": "authentication", "data": {}}', id="no-session"),
        pytest.param('{"type": "subscribe", "data": [{}]}', id="no-channels"),
        pytest.param('{"type": "subscribe", "data": {"channels": ["documents"]}}', id="subscribe-no-list"),
        pytest.param('{"type": "subscribe", "data": [{"channels": ["a"], "queries": ["nonsense"]}]}', id="bad-query"),
    ],
)
async def test_answers_a_bad_message_with_a_masked_error_and_stays_open(client: Client, message: str) -> None:
    listener = await client.listen()
    await listener.frame()

    answers = [await listener.ask(message), await listener.ask({"type": "ping"})]

    assert answers == [MASKED, PONG]


async def test_answers_a_binary_frame_as_a_bad_message(client: Client) -> None:
    listener = await client.listen()
    await listener.frame()

    await listener.socket.send_bytes(b"\xff\x00\x01")

    assert await listener.frame() == MASKED


async def test_answers_a_control_ping(client: Client) -> None:
    listener = await client.listen()
    await listener.frame()

    await listener.socket.ping(b"abc")
    answer = await listener.socket.receive(timeout=5)

    assert (answer.type, answer.data) == (aiohttp.WSMsgType.PONG, b"abc")


async def test_takes_a_frame_of_63000_bytes(client: Client) -> None:
    listener = await client.listen()
    await listener.frame()

    assert await listener.ask({"type": "ping", "pad": "x" * 63_000}) == PONG


@pytest.mark.parametrize("size", [pytest.param(64_001, id="just-over"), pytest.param(2_000_000, id="2-MB")])
async def test_ends_at_once_on_a_frame_over_64000_bytes(client: Client, size: int) -> None:
    listener = await client.listen()
    await listener.frame()

    with suppress(ConnectionError):
        await listener.say("x" * size)

    assert await listener.close_code() == 1006


async def test_subscribes_and_unsubscribes_by_message(client: Client) -> None:
    listener = await client.listen()
    await listener.frame()
    query = '{"method": "equal", "attribute": "status", "values": ["open"]}'
    item = {"subscriptionId": "s1", "channels": ["documents", "account"], "queries": [query]}

    subscribed = await listener.ask({"type": "subscribe", "data": [item]})
    removed = [await listener.ask({"type": "unsubscribe", "data": [{"subscriptionId": "s1"}]}) for _ in range(2)]

    written = item | {"queries": [query.replace(" ", "")]}
    assert subscribed["data"] == {"to": "subscribe", "success": True, "subscriptions": [written]}
    assert [each["data"]["subscriptions"][0]["removed"] for each in removed] == [True, False]


async def test_gives_an_id_to_a_subscription_that_has_none(client: Client) -> None:
    listener = await client.listen()
    await listener.frame()

    answer = await listener.ask({"type": "subscribe", "data": [{"channels": ["documents"]}]})

    assert answer["data"]["subscriptions"][0]["subscriptionId"]


async def test_filters_by_the_query_of_a_subscription(client: Client) -> None:
    add_collection(client.sandbox.world, client.sandbox.database, permissions=['read("any")', 'create("any")'])
    listener = await client.listen()
    await listener.frame()
    query = json.dumps({"method": "equal", "attribute": "status", "values": ["closed"]})
    await listener.ask({"type": "subscribe", "data": [{"channels": ["documents"], "queries": [query]}]})

    for status in ("open", "closed"):
        body = {"documentId": status, "data": DATA | {"status": status}}
        await client.call("POST", documents_path(client.sandbox.database), body=body)

    assert [each["payload"]["$id"] for each in await listener.events()] == ["closed"]


async def test_makes_a_user_of_a_guest_who_authenticates(client: Client) -> None:
    encoded = client.sign_in("user_a", "user_a")
    collection = add_collection(client.sandbox.world, client.sandbox.database, permissions=[], security=True)
    listener = await client.listen("&channels[]=documents&channels[]=account")
    await listener.frame()
    permitted = {"data": DATA, "permissions": ['read("user:user_a")']}

    path = documents_path(client.sandbox.database)
    await client.call("POST", path, by="key", body=permitted | {"documentId": "before"})
    answer = await listener.ask({"type": "authentication", "data": {"session": encoded}})
    await client.call("POST", path, by="key", body=permitted | {"documentId": "after"})

    assert (answer["data"]["to"], answer["data"]["user"]["$id"]) == ("authentication", "user_a")
    assert [each["payload"]["$id"] for each in await listener.events()] == ["after"]
    assert set(collection.documents) == {"before", "after"}


async def test_loses_the_project_when_one_authenticates_before_subscribing(client: Client) -> None:
    encoded = client.sign_in("user_a", "user_a")
    listener = await client.listen()
    await listener.frame()

    await listener.ask({"type": "authentication", "data": {"session": encoded}})
    refused = await listener.ask({"type": "subscribe", "data": [{"channels": ["documents"]}]})

    assert refused["data"]["code"] == 1008
    assert await listener.close_code() == 1006
