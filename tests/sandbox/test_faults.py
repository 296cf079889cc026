"""
Some faults at a closer look: what they do while they are on, and that nothing of them is left when they are off.
"""

import asyncio

import aiohttp
import pytest

from tests.sandbox.client import Client, Listener, Reply
from tests.sandbox.states import documents_path

pytestmark = pytest.mark.asyncio

# Long enough for an answer over loopback, short enough to wait for one that must not come.
SILENCE_SECONDS = 0.05


async def send_message(client: Client, *, by: str = "customer") -> Reply:
    data = {"sessionId": "s", "senderId": "c", "text": "hello"}
    body = {"documentId": "unique()", "data": data, "permissions": ['read("users")']}
    path = documents_path(client.sandbox.database, collection="chat_messages")
    return await client.call("POST", path, by=by, body=body)


async def listen(client: Client) -> Listener:
    listener = await client.listen("&channels[]=documents", by="customer")
    assert (await listener.frame())["type"] == "connected"
    return listener


@pytest.fixture(autouse=True)
def _customer(client: Client) -> None:
    client.sign_in("customer", client.sandbox.customer.id)


async def test_hides_a_collection_from_everybody_and_gives_it_back_intact(client: Client) -> None:
    faults, root = client.sandbox.faults, f"/databases/{client.sandbox.database}/collections"
    before = (await send_message(client)).body
    path = f"{root}/chat_messages"

    faults.switch_on("collection_missing")
    hidden = [
        await send_message(client),
        await client.call("GET", path, by="key"),
        await client.call("GET", f"{path}/documents/{before['$id']}", by="key"),
        await client.call("GET", f"/tablesdb/{client.sandbox.database}/tables/chat_messages/rows"),
    ]
    listed = await client.call("GET", root, by="key")
    faults.switch_off("collection_missing")
    after = await client.call("GET", f"{path}/documents/{before['$id']}", by="key")

    assert [each.verdict for each in hidden] == ["404 collection_not_found"] * 3 + ["404 table_not_found"]
    assert "chat_messages" not in [each["$id"] for each in listed.body["collections"]]
    assert after.body == before


async def test_hides_the_collection_that_is_named(client: Client) -> None:
    client.sandbox.faults.switch_on("collection_missing", collection="bookings")

    bookings = await client.call("GET", documents_path(client.sandbox.database, collection="bookings"), by="key")
    messages = await client.call("GET", documents_path(client.sandbox.database, collection="chat_messages"), by="key")

    assert (bookings.verdict, messages.verdict) == ("404 collection_not_found", "200")


async def test_takes_all_permissions_away_and_gives_them_back(client: Client) -> None:
    faults, path = client.sandbox.faults, documents_path(client.sandbox.database, collection="chat_messages")
    listener = await listen(client)

    faults.switch_on("permission_missing")
    refused = [await send_message(client), await client.call("GET", path, by="customer")]
    shown = await client.call("GET", path.removesuffix("/documents"), by="key")
    by_key = await send_message(client, by="key")
    unheard = await listener.events()
    faults.switch_off("permission_missing")
    allowed = await send_message(client)

    assert [each.verdict for each in refused] == ["401 user_unauthorized"] * 2
    assert (shown.body["$permissions"], shown.body["documentSecurity"]) == ([], False)
    assert (by_key.verdict, unheard) == ("201", [])
    assert (allowed.verdict, len(await listener.events())) == ("201", 1)


@pytest.mark.parametrize("status", [502, 503])
async def test_refuses_realtime_handshakes_like_a_proxy(client: Client, status: int) -> None:
    client.sandbox.faults.switch_on("realtime_refused", status=status)

    with pytest.raises(aiohttp.WSServerHandshakeError) as refused:
        await client.listen()

    assert refused.value.status == status
    assert refused.value.headers is not None
    assert refused.value.headers["Server"] != "Appwrite"
    assert (await client.call("GET", "/ping")).verdict == "200"


async def test_refuses_realtime_with_an_error_frame(client: Client) -> None:
    client.sandbox.faults.switch_on("realtime_refused", how="frame")
    listener = await client.listen()

    frame = await listener.frame()

    assert (frame["type"], frame["data"]["code"]) == ("error", 1008)
    assert await listener.close_code() == 1006


@pytest.mark.parametrize("name", ["realtime_refused", "realtime_hang", "realtime_silent", "service_down"])
async def test_lets_realtime_through_again_when_off(client: Client, name: str) -> None:
    client.sandbox.faults.switch_on(name)
    client.sandbox.faults.switch_off(name)
    listener = await listen(client)

    await send_message(client)

    assert len(await listener.events()) == 1


async def test_accepts_sockets_and_says_nothing_while_realtime_hangs(client: Client) -> None:
    old = await listen(client)
    client.sandbox.faults.switch_on("realtime_hang")
    new = await client.listen("&channels[]=documents", by="customer")

    await send_message(client)
    for listener in (old, new):
        await listener.say({"type": "ping"})
        await listener.socket.ping()

    for listener in (old, new):
        with pytest.raises(TimeoutError):
            await listener.socket.receive(timeout=SILENCE_SECONDS)


async def test_hears_old_sockets_again_after_the_hang_but_never_those_opened_in_it(client: Client) -> None:
    old = await listen(client)
    client.sandbox.faults.switch_on("realtime_hang")
    new = await client.listen("&channels[]=documents", by="customer")
    client.sandbox.faults.switch_off("realtime_hang")

    await send_message(client)
    await new.say({"type": "ping"})

    assert len(await old.events()) == 1
    with pytest.raises(TimeoutError):
        await new.socket.receive(timeout=SILENCE_SECONDS)


async def test_delivers_no_document_while_realtime_is_silent_though_tests_and_pongs_go_on(client: Client) -> None:
    client.sandbox.hub.tests_interval_seconds = 0.01
    client.sandbox.faults.switch_on("realtime_silent")
    listener = await listen(client)
    console = await client.listen_at("/realtime?project=console&channels[]=tests")

    await send_message(client)

    assert await listener.events() == []
    assert [(await console.frame())["type"] for _ in range(2)] == ["connected", "event"]


async def test_answers_everything_like_a_proxy_while_the_service_is_down(client: Client) -> None:
    client.sandbox.faults.switch_on("service_down", status=502)

    replies = [await client.call("GET", path) for path in ("/health/version", "/account", "/nope")]
    with pytest.raises(aiohttp.WSServerHandshakeError) as refused:
        await client.listen()

    assert {(each.status, each.headers["Content-Type"]) for each in replies} == {(502, "text/html")}
    assert {each.headers["Server"] for each in replies} != {"Appwrite"}
    assert refused.value.status == 502


async def test_delays_every_answer_while_slow(client: Client) -> None:
    client.sandbox.faults.switch_on("slow", seconds=0.05)
    loop = asyncio.get_running_loop()
    started = loop.time()

    reply = await client.call("GET", "/ping")

    assert (reply.verdict, loop.time() - started >= 0.05) == ("200", True)


async def test_combines_faults(client: Client) -> None:
    faults = client.sandbox.faults
    faults.switch_on("permission_missing")
    faults.switch_on("collection_missing")
    faults.switch_on("realtime_silent")

    both = await send_message(client)
    faults.switch_off("collection_missing")
    one = await send_message(client)

    assert (both.verdict, one.verdict) == ("404 collection_not_found", "401 user_unauthorized")
    assert faults.active() == ["permission_missing", "realtime_silent"]
