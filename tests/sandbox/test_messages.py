"""
Talking to realtime: what a message does, and what comes of a bad one.
"""

import asyncio
import json
from contextlib import suppress

import aiohttp
import pytest

from tests.sandbox.client import Client
from tests.sandbox.sockets import connected, ids_heard, query, subscribe, write
from tests.sandbox.states import DATA, add_collection, documents_path

pytestmark = pytest.mark.asyncio

MASKED = {"type": "error", "data": {"code": 1003, "message": "Error: Server Error"}}
PONG = {"type": "pong"}


def nested(method: str, *texts: str) -> str:
    return json.dumps({"method": method, "values": [json.loads(each) for each in texts]})


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
        pytest.param('{"type": "subscribe", "data": [{"channels": ["a"], "queries": [null]}]}', id="query-no-text"),
        pytest.param('{"type": "subscribe", "data": [{"channels": [1]}]}', id="channel-no-text"),
        pytest.param('{"type": "subscribe", "data": [{"channels": ["a"], "subscriptionId": 3}]}', id="id-no-text"),
        pytest.param('{"type": "subscribe"}', id="no-data"),
        pytest.param('{"type": "unsubscribe", "data": [{"subscriptionId": ""}]}', id="unsubscribe-no-id"),
        pytest.param('{"type": "unsubscribe", "data": ["s1"]}', id="unsubscribe-no-object"),
        pytest.param('{"type": ["ping"]}', id="type-no-text"),
        pytest.param('{"data": {}}', id="only-data"),
        pytest.param('"ping"', id="text"),
        pytest.param("3", id="number"),
        pytest.param('{"type": "ping", "pad": NaN}', id="not-a-number"),
        pytest.param('{"type": "ping", "pad": ' + "9" * 5_000 + "}", id="huge-number"),
        pytest.param('{"type": "ping", "pad": "\\ud800"}', id="half-a-surrogate"),
        pytest.param("[" * 30_000 + "]" * 30_000, id="deeply-nested"),
        pytest.param(
            json.dumps({"type": "subscribe", "data": [{"channels": ["a"], "queries": ["[" * 30_000]}]}),
            id="deeply-nested-query",
        ),
    ],
)
async def test_answers_a_bad_message_with_a_masked_error_and_stays_open(client: Client, message: str) -> None:
    listener = await client.listen()
    await listener.frame()

    answers = [await listener.ask(message), await listener.ask({"type": "ping"})]

    assert answers == [MASKED, PONG]


@pytest.mark.parametrize(
    ("kind", "sent", "answer"),
    [
        pytest.param(aiohttp.WSMsgType.BINARY, b"\xff\x00\x01", MASKED, id="binary"),
        pytest.param(aiohttp.WSMsgType.BINARY, b'{"type":"ping"}', PONG, id="binary-ping"),
        pytest.param(aiohttp.WSMsgType.BINARY, '{"type":"ping"}'.encode("utf-16"), MASKED, id="utf-16"),
        pytest.param(aiohttp.WSMsgType.TEXT, b'{"type":"ping","pad":"\xff"}', MASKED, id="text-not-utf-8"),
        pytest.param(aiohttp.WSMsgType.TEXT, b"\xed\xa0\x80", MASKED, id="surrogate-bytes"),
    ],
)
async def test_reads_bytes_of_any_kind_of_frame_as_a_message(
    client: Client, kind: aiohttp.WSMsgType, sent: bytes, answer: object
) -> None:
    listener = await client.listen()
    await listener.frame()

    await listener.socket.send_frame(sent, kind)

    assert await listener.frame() == answer
    assert await listener.ask({"type": "ping"}) == PONG


async def test_answers_the_closing_of_a_client(client: Client) -> None:
    listener = await client.listen()
    await listener.frame()
    (connection,) = client.sandbox.hub.connections

    await listener.socket.close(code=1000)
    await asyncio.wait_for(connection.ended.wait(), 5)

    assert (listener.socket.close_code, client.sandbox.hub.connections) == (1000, set())


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


@pytest.mark.parametrize(
    "message",
    [
        pytest.param(subscribe({"channels": ["documents"]}), id="subscribe"),
        pytest.param({"type": "authentication", "data": {"session": "any"}}, id="authentication"),
        pytest.param({"type": "presence", "data": {"status": "online"}}, id="presence"),
        pytest.param({"type": "nope"}, id="unknown-type"),
    ],
)
async def test_loses_the_project_when_one_authenticates_before_subscribing(client: Client, message: object) -> None:
    encoded = client.sign_in("user_a", "user_a")
    listener = await client.listen()
    await listener.frame()

    await listener.ask({"type": "authentication", "data": {"session": encoded}})
    answers = [await listener.ask(each) for each in ({"type": "ping"}, "{}", message)]

    assert answers == [PONG, MASKED, MASKED | {"data": {"code": 1008, "message": "Error: Server Error"}}]
    assert await listener.close_code() == 1006


async def test_applies_nothing_of_a_message_with_one_bad_item(client: Client) -> None:
    listener = await connected(client)

    refused = [
        await listener.ask(subscribe({"subscriptionId": "s1", "channels": ["documents"]}, {"channels": "bad"})),
        await listener.ask({"type": "unsubscribe", "data": [{"subscriptionId": "s1"}, {}]}),
    ]
    removed = await listener.ask({"type": "unsubscribe", "data": [{"subscriptionId": "s1"}]})

    assert refused == [MASKED, MASKED]
    assert removed["data"]["subscriptions"] == [{"subscriptionId": "s1", "removed": False}]


async def test_takes_messages_that_ask_for_nothing(client: Client) -> None:
    listener = await connected(client)

    answers = [await listener.ask(message) for message in (subscribe(), subscribe({"channels": []}))]

    assert [len(each["data"]["subscriptions"]) for each in answers] == [0, 1]


async def test_adds_channels_to_a_subscription_of_the_same_id_and_replaces_their_queries(client: Client) -> None:
    listener = await connected(client)
    opened, closed = query("equal", "status", "open"), query("equal", "status", "closed")

    for channels, queries in ((["documents", "rows"], [opened]), (["documents"], [closed]), (["a.b"], [])):
        await listener.ask(subscribe({"subscriptionId": "s1", "channels": channels, "queries": queries}))
    for status in ("open", "closed"):
        await write(client, status, status=status)
    # Both are heard once: one on ``rows``, as first asked, the other on ``documents``, as last asked.
    heard = await ids_heard(listener)
    await listener.ask({"type": "unsubscribe", "data": [{"subscriptionId": "s1"}]})
    await write(client, "later")

    assert (heard, await ids_heard(listener)) == (["open", "closed"], [])


@pytest.mark.parametrize(
    ("queries", "heard"),
    [
        pytest.param([query("select", "", "*")], ["a", "b"], id="select-all"),
        pytest.param([query("greaterThan", "count", 1)], ["b"], id="greater-than"),
        pytest.param([query("notEqual", "title", "b")], ["a"], id="not-equal"),
        pytest.param([query("isNull", "nowhere")], ["a", "b"], id="is-null"),
        pytest.param([query("isNotNull", "nowhere")], [], id="is-not-null"),
        pytest.param([query("equal", "title", "a", "b"), query("lessThan", "count", 2)], ["a"], id="both"),
        pytest.param([nested("or", query("equal", "title", "a"), query("equal", "count", 2))], ["a", "b"], id="or"),
        pytest.param([nested("and", query("equal", "title", "a"), query("equal", "count", 2))], [], id="and"),
    ],
)
async def test_serves_the_methods_that_realtime_knows(client: Client, queries: list[str], heard: list[str]) -> None:
    listener = await connected(client)
    await listener.ask(subscribe({"channels": ["documents"], "queries": queries}))

    await write(client, "a", title="a", count=1)
    await write(client, "b", title="b", count=2)

    assert await ids_heard(listener) == heard


@pytest.mark.parametrize(
    ("text", "code", "problem"),
    [
        pytest.param(query("contains", "a", "x"), 1003, "Query method 'contains' is not supported", id="method"),
        pytest.param(nested("or", query("search", "a", "x")), 1003, "'search' is not supported in", id="nested"),
        pytest.param(query("select", "", "$id"), 0, 'Only select("*") is allowed', id="select-some"),
        pytest.param("{", 1003, "Invalid query: ", id="no-json"),
    ],
)
async def test_refuses_queries_that_only_lists_know(client: Client, text: str, code: int, problem: str) -> None:
    client.sandbox.hub.masks_messages = False
    listener = await connected(client)

    answer = await listener.ask(subscribe({"channels": ["documents"], "queries": [text]}))

    assert answer["data"]["code"] == code
    assert problem in answer["data"]["message"]
    assert await listener.ask({"type": "ping"}) == PONG


async def test_refuses_to_listen_to_more_channels_than_anybody_needs(client: Client) -> None:
    listener = await connected(client)
    message = [subscribe({"channels": [f"{part}-{number}" for number in range(2_500)]}) for part in "abcde"]

    answers = [await listener.ask(each) for each in message]

    assert [each["type"] for each in answers] == ["response"] * 4 + ["error"]


async def test_takes_the_roles_of_another_user_who_authenticates(client: Client) -> None:
    client.sign_in("user_a", "user_a")
    encoded = client.sign_in("user_b", "user_b")
    add_collection(client.sandbox.world, client.sandbox.database, permissions=[], security=True)
    listener = await connected(client, "&channels[]=documents", by="user_a")

    await listener.ask({"type": "authentication", "data": {"session": encoded}})
    for user in ("user_a", "user_b"):
        body = {"documentId": user, "data": DATA, "permissions": [f'read("user:{user}")']}
        await client.call("POST", documents_path(client.sandbox.database), by="key", body=body)

    assert await ids_heard(listener) == ["user_b"]


async def test_subscriptions_without_channels_are_bounded_too(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("monitor.sandbox.realtime.messages.MAX_CHANNELS", 3)
    listener = await client.listen()
    await listener.frame()

    answers = [
        await listener.ask({"type": "subscribe", "data": [{"subscriptionId": f"s{number}", "channels": []}]})
        for number in range(5)
    ]

    assert answers[-1] == MASKED
