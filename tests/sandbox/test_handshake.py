"""
Connecting to realtime: who one is, to what one listens, and how one is refused.
"""

import json
from urllib.parse import quote

import aiohttp
import pytest

from tests.sandbox.client import Client
from tests.sandbox.sockets import connected, ids_heard, query, write
from tests.sandbox.states import DATA, add_collection, documents_path

pytestmark = pytest.mark.asyncio

INVALID_ORIGIN = (
    "Invalid Origin. Register your new client (evil.example.net) as a new Web platform"
    " on your project console dashboard"
)


@pytest.mark.parametrize(
    ("address", "channels"),
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
async def test_connects_a_guest_to_any_channel(client: Client, address: str, channels: list[str]) -> None:
    listener = await client.listen(address)

    data = (await listener.frame())["data"]

    assert (data["channels"], data["user"], len(data["subscriptions"])) == (channels, None, 1 if channels else 0)


@pytest.mark.parametrize(
    ("address", "channels"),
    [
        pytest.param("&channels[]=account", ["account", "account.user_a"], id="own"),
        pytest.param("&channels[]=account.create", ["account.user_a.create"], id="own-create"),
        pytest.param("&channels[]=account.delete", ["account.user_a.delete"], id="own-delete"),
        pytest.param("&channels[]=account.user_b", [], id="of-another"),
        pytest.param("&channels[]=account.user_a", [], id="own-by-id"),
        pytest.param("&channels[]=account&channels[]=account", ["account", "account.user_a"], id="twice"),
    ],
)
async def test_rewrites_the_account_channel_of_a_user(client: Client, address: str, channels: list[str]) -> None:
    client.sign_in("user_a", "user_a")
    listener = await client.listen(address, by="user_a")

    data = (await listener.frame())["data"]

    assert (data["channels"], data["user"]["$id"]) == (channels, "user_a")


@pytest.mark.parametrize(
    ("headers", "user"),
    [
        pytest.param({"Cookie": "a_session_monitored-app=SESSION"}, "user_a", id="cookie"),
        pytest.param({"X-Appwrite-Session": "SESSION"}, "user_a", id="session-header"),
        pytest.param({"Cookie": "a_session_monitored-app_legacy=SESSION"}, "user_a", id="legacy-cookie"),
        pytest.param({"Cookie": "a_session_another=SESSION"}, None, id="cookie-of-another-project"),
        pytest.param({"X-Fallback-Cookies": "nonsense"}, None, id="garbage-fallback"),
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


async def test_takes_a_long_address_of_anything_but_realtime(client: Client) -> None:
    assert (await client.call("GET", "/ping?pad=" + "x" * 9_000)).status == 200


async def test_ignores_a_token_in_the_address(client: Client) -> None:
    client.sign_in("user_a", "user_a")
    token = (await client.call("POST", "/users/user_a/jwts", by="key", body={})).body["jwt"]

    frame = await (await client.listen(f"&jwt={token}")).frame()

    assert (frame["type"], frame["data"]["user"]) == ("connected", None)


async def test_refuses_a_token_beside_a_session_with_403(client: Client) -> None:
    client.sign_in("user_a", "user_a")
    token = (await client.call("POST", "/users/user_a/jwts", by="key", body={})).body["jwt"]

    listener = await client.listen("&channels[]=documents", by="user_a", X_Appwrite_JWT=token)

    error = (await listener.frame())["data"]
    assert (error["code"], error["message"][:27]) == (403, "JWT and cookie used in the ")
    assert await listener.close_code() == 1006


@pytest.mark.parametrize("headers", [{}, {"X-Appwrite-Key": "KEY"}], ids=["guest", "key"])
async def test_refuses_everybody_while_the_websocket_api_is_off(client: Client, headers: dict[str, str]) -> None:
    client.sandbox.world.protocols_off.add("websocket")
    listener = await client.listen("&channels[]=documents", **headers)

    text = "The requested API is disabled. You can enable the API from the Appwrite console."
    assert await listener.frame() == {"type": "error", "data": {"code": 403, "message": text}}
    assert await listener.close_code() == 1006


async def test_does_not_care_for_services_that_are_off(client: Client) -> None:
    client.sandbox.world.services_off.add("databases")

    assert (await (await client.listen("&channels[]=documents")).frame())["type"] == "connected"


@pytest.mark.parametrize(
    ("address", "headers", "off", "code"),
    [
        pytest.param("?project=nope", {"X-Appwrite-JWT": "garbage"}, False, 1008, id="project-before-identity"),
        pytest.param("?project=monitored-app", {"X-Appwrite-JWT": "garbage"}, True, 401, id="identity-before-switch"),
        pytest.param("?project=monitored-app", {"Origin": "https://evil.net"}, True, 403, id="switch-before-origin"),
        pytest.param(
            "?project=monitored-app&channels=x",
            {"Origin": "https://evil.net"},
            False,
            1008,
            id="origin-before-channels",
        ),
    ],
)
async def test_checks_in_the_order_of_a_real_server(
    client: Client, address: str, headers: dict[str, str], off: bool, code: int
) -> None:
    if off:
        client.sandbox.world.protocols_off.add("websocket")

    listener = await client.listen_at(f"/realtime{address}", **headers)

    assert (await listener.frame())["data"]["code"] == code


@pytest.mark.parametrize(
    "headers",
    [
        pytest.param({}, id="plain"),
        pytest.param({"Connection": "Upgrade", "Upgrade": "websocket"}, id="no-key"),
        pytest.param({"Connection": "Upgrade", "Upgrade": "h2c"}, id="another-protocol"),
    ],
)
async def test_answers_a_request_that_is_no_handshake_with_400(client: Client, headers: dict[str, str]) -> None:
    reply = await client.call("GET", "/realtime?project=monitored-app", headers=headers)

    assert (reply.status, reply.headers["Server"]) == (400, "swoole-http-server")
    assert "Powered by Swoole" in reply.body


@pytest.mark.parametrize("address", ["", "?project=", "?project=console"])
async def test_connects_to_the_console_when_no_project_is_named(client: Client, address: str) -> None:
    listener = await client.listen_at(f"/realtime{address}")

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
        pytest.param(
            "?project=monitored-app&channels[]=a&a=" + quote('{"method":"select","values":["b"]}'),
            {},
            0,
            "Error: Server Error",
            id="select-some",
        ),
        pytest.param(
            "?project=monitored-app&channels[]=a&a=" + quote('{"method":"contains","attribute":"b","values":["c"]}'),
            {},
            1008,
            "Query method 'contains' is not supported in Realtime queries. Allowed query methods are: equal, notEqual,"
            " lessThan, lessThanEqual, greaterThan, greaterThanEqual, isNull, isNotNull, and, or, select",
            id="query-method",
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


@pytest.mark.parametrize(
    ("slots", "form"),
    [
        pytest.param("documents[0][]=Q&documents[1][]=Q", list, id="from-0-without-gap"),
        pytest.param("documents[]=Q&documents[]=Q", list, id="counted"),
        pytest.param("documents=Q", list, id="bare"),
        pytest.param("documents[1][]=Q", dict, id="gap"),
        pytest.param("documents[1][]=Q&documents[0][]=Q", dict, id="out-of-order"),
        pytest.param("documents[a][]=Q", dict, id="named"),
    ],
)
async def test_names_subscriptions_in_the_form_that_php_gives_them(client: Client, slots: str, form: type) -> None:
    every = quote(json.dumps({"method": "select", "values": ["*"]}))
    listener = await client.listen("&channels[]=documents&" + slots.replace("Q", every))

    ids = (await listener.frame())["data"]["subscriptions"]

    keys = list(ids) if isinstance(ids, dict) else [str(number) for number in range(len(ids))]
    assert (type(ids), sorted(keys)) == (form, sorted({"documents[]=Q": ["0", "1"]}.get(slots[:13], keys)))


async def test_shares_slot_0_among_channels_with_the_queries_of_the_first_that_has_some(client: Client) -> None:
    closed, opened = (quote(query("equal", "status", each)) for each in ("closed", "open"))
    url = f"&channels[]=nowhere&channels[]=rows&channels[]=documents&rows[0][]={closed}&documents[0][]={opened}"
    listener = await connected(client, url)

    for status in ("open", "closed"):
        await write(client, status, status=status)

    assert await ids_heard(listener) == ["closed"]


async def test_does_not_filter_by_queries_that_name_no_channel(client: Client) -> None:
    listener = await connected(client, f"&channels[]=documents&queries[]={quote(query('equal', 'status', 'closed'))}")

    await write(client, "one")

    assert await ids_heard(listener) == ["one"]


async def test_takes_the_dots_of_a_channel_for_underscores_too(client: Client) -> None:
    channel = f"databases.{client.sandbox.database}.collections.state.documents"
    names = [channel, channel.replace(".", "_")]
    closed = quote(query("equal", "status", "closed"))
    listeners = [await connected(client, f"&channels[]={channel}&{each}[0][]={closed}") for each in names]

    for status in ("open", "closed"):
        await write(client, status, status=status)

    assert [await ids_heard(each) for each in listeners] == [["closed"]] * 2


async def test_sends_the_console_a_test_event_as_long_as_somebody_listens(client: Client) -> None:
    client.sandbox.hub.tests_interval_seconds = 0.01
    listener = await client.listen_at("/realtime?project=console&channels[]=tests")
    await listener.frame()

    event = await listener.frame()

    assert (event["data"]["events"], event["data"]["channels"]) == (["test.event"], ["tests"])
    assert event["data"]["payload"] == {"response": "WS:/v1/realtime:passed"}
