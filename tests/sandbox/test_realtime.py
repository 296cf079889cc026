"""
Connecting to realtime, and talking to it.
"""

import json
from contextlib import suppress
from urllib.parse import quote

import aiohttp
import pytest

from tests.sandbox.client import Client
from tests.sandbox.states import DATA, add_collection, documents_path

pytestmark = pytest.mark.asyncio

MASKED = {"type": "error", "data": {"code": 1003, "message": "Error: Server Error"}}
PONG = {"type": "pong"}
INVALID_ORIGIN = (
    "Invalid Origin. Register your new client (evil.example.net) as a new Web platform"
    " on your project console dashboard"
)


@pytest.mark.parametrize(
    ("query", "channels"),
    [
        pytest.param("", [], id="none"),
        pytest.param("&channels[]=documents&channels[]=rows", ["documents", "rows"], id="two"),
        pytest.param("&channels[0]=documents", ["documents"], id="numbered"),
        pytest.param(
            "&channels[]=databases.x.collections.y.documents", ["databases.x.collections.y.documents"], id="missing"
        ),
        pytest.param("&channels[]=foo.bar&channels[]=documents.", ["foo.bar", "documents."], id="misspelt"),
        pytest.param("&channels[]=account", ["account"], id="account"),
        pytest.param("&channels[]=account.user_b", [], id="account-of-another"),
    ],
)
async def test_connects_a_guest_to_any_channel(client: Client, query: str, channels: list[str]) -> None:
    listener = await client.listen(query)

    data = (await listener.frame())["data"]

    assert (data["channels"], data["user"], len(data["subscriptions"])) == (channels, None, 1 if channels else 0)


@pytest.mark.parametrize(
    ("query", "channels"),
    [
        pytest.param("&channels[]=account", ["account", "account.user_a"], id="own"),
        pytest.param("&channels[]=account.create", ["account.user_a.create"], id="own-create"),
        pytest.param("&channels[]=account.user_b", [], id="of-another"),
    ],
)
async def test_rewrites_the_account_channel_of_a_user(client: Client, query: str, channels: list[str]) -> None:
    client.sign_in("user_a", "user_a")
    listener = await client.listen(query, by="user_a")

    data = (await listener.frame())["data"]

    assert (data["channels"], data["user"]["$id"]) == (channels, "user_a")


@pytest.mark.parametrize(
    ("headers", "user"),
    [
        pytest.param({"Cookie": "a_session_monitored-app=SESSION"}, "user_a", id="cookie"),
        pytest.param({"X-Appwrite-Session": "SESSION"}, "user_a", id="session-header"),
        pytest.param({"X-Fallback-Cookies": '{"a_session_monitored-app": "SESSION"}'}, "user_a", id="fallback"),
        pytest.param({"X-Appwrite-JWT": "JWT"}, "user_a", id="jwt-header"),
        pytest.param({"Cookie": "a_session_monitored-app=garbage"}, None, id="garbage-cookie"),
        pytest.param({"X-Appwrite-Key": "KEY"}, None, id="api-key"),
        pytest.param({"X-Appwrite-Key": "standard_bad"}, None, id="bad-api-key"),
    ],
)
async def test_knows_who_connects(client: Client, headers: dict[str, str], user: str | None) -> None:
    encoded = client.sign_in("user_a", "user_a")
    token = (await client.call("POST", "/users/user_a/jwts", by="key", body={})).body["jwt"]
    for word, value in {"SESSION": encoded, "JWT": token, "KEY": client.sandbox.api_key}.items():
        headers = {
            key: sent.replace(word, value) if sent.isupper() or "SESSION" in sent else sent
            for key, sent in headers.items()
        }

    frame = await (await client.listen(**headers)).frame()

    assert (frame["data"]["user"] or {"$id": None})["$id"] == user


@pytest.mark.parametrize("query", ["", "?project=", "?project=console"])
async def test_connects_to_the_console_when_no_project_is_named(client: Client, query: str) -> None:
    listener = await client.listen_at(f"/realtime{query}")

    assert (await listener.frame())["type"] == "connected"


@pytest.mark.parametrize(
    ("address", "headers", "code", "message"),
    [
        pytest.param("?project=nope", {}, 1008, "Missing or unknown project ID", id="unknown-project"),
        pytest.param(
            "?project=monitored-app", {"Origin": "https://evil.example.net"}, 1008, INVALID_ORIGIN, id="origin"
        ),
        pytest.param(
            "?project=monitored-app",
            {"X-Appwrite-JWT": "garbage"},
            401,
            "Failed to verify JWT. Invalid token: Incomplete segments",
            id="bad-jwt",
        ),
        pytest.param("?project=monitored-app&channels=documents", {}, 0, "Error: Server Error", id="channels-no-list"),
        pytest.param(
            "?project=monitored-app&channels[]=a.b&a.b[0][]=no",
            {},
            1008,
            "Invalid query: Syntax error",
            id="bad-query",
        ),
    ],
)
async def test_refuses_with_an_error_frame_and_no_close_frame(
    client: Client, address: str, headers: dict[str, str], code: int, message: str
) -> None:
    listener = await client.listen_at(f"/realtime{address}", **headers)

    frame = await listener.frame()

    assert frame == {"type": "error", "data": {"code": code, "message": message}}
    assert await listener.close_code() == 1006


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


async def test_filters_by_a_query_in_the_url_and_numbers_subscriptions_by_slot(client: Client) -> None:
    add_collection(client.sandbox.world, client.sandbox.database, permissions=['read("any")', 'create("any")'])
    slots = [json.dumps({"method": "equal", "attribute": "status", "values": [each]}) for each in ("open", "closed")]
    url = "&channels[]=documents" + "".join(f"&documents[{n}][]={quote(each)}" for n, each in enumerate(slots))
    listener = await client.listen(url)
    ids = (await listener.frame())["data"]["subscriptions"]

    body = {"documentId": "one", "data": DATA | {"status": "closed"}}
    await client.call("POST", documents_path(client.sandbox.database), body=body)

    assert [each["subscriptions"] for each in await listener.events()] == [[ids[1]]]


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


async def test_sends_the_console_a_test_event_as_long_as_somebody_listens(client: Client) -> None:
    client.sandbox.hub.tests_interval_seconds = 0.01
    listener = await client.listen_at("/realtime?project=console&channels[]=tests")
    await listener.frame()

    event = await listener.frame()

    assert (event["data"]["events"], event["data"]["channels"]) == (["test.event"], ["tests"])
    assert event["data"]["payload"] == {"response": "WS:/v1/realtime:passed"}
