"""
Connecting to realtime: who one is, to what one listens, and how one is refused.
"""

import json
from urllib.parse import quote

import aiohttp
import pytest

from tests.sandbox.client import Client
from tests.sandbox.states import DATA, add_collection, documents_path

pytestmark = pytest.mark.asyncio

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


async def test_refuses_an_address_with_very_many_channels_as_a_proxy_does(client: Client) -> None:
    with pytest.raises(aiohttp.WSServerHandshakeError) as refused:
        await client.listen("&channels[]=documents" * 500)

    assert refused.value.status == 414


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


async def test_filters_by_a_query_in_the_url_and_numbers_subscriptions_by_slot(client: Client) -> None:
    add_collection(client.sandbox.world, client.sandbox.database, permissions=['read("any")', 'create("any")'])
    slots = [json.dumps({"method": "equal", "attribute": "status", "values": [each]}) for each in ("open", "closed")]
    url = "&channels[]=documents" + "".join(f"&documents[{n}][]={quote(each)}" for n, each in enumerate(slots))
    listener = await client.listen(url)
    ids = (await listener.frame())["data"]["subscriptions"]

    body = {"documentId": "one", "data": DATA | {"status": "closed"}}
    await client.call("POST", documents_path(client.sandbox.database), body=body)

    assert [each["subscriptions"] for each in await listener.events()] == [[ids[1]]]


async def test_sends_the_console_a_test_event_as_long_as_somebody_listens(client: Client) -> None:
    client.sandbox.hub.tests_interval_seconds = 0.01
    listener = await client.listen_at("/realtime?project=console&channels[]=tests")
    await listener.frame()

    event = await listener.frame()

    assert (event["data"]["events"], event["data"]["channels"]) == (["test.event"], ["tests"])
    assert event["data"]["payload"] == {"response": "WS:/v1/realtime:passed"}
