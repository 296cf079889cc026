"""
Faults of realtime at a closer look: which events come, how often, when and in what order.
"""

import asyncio

import aiohttp
import pytest

from tests.sandbox.client import Client, Listener
from tests.sandbox.states import documents_path
from tests.sandbox.survey import message

pytestmark = pytest.mark.asyncio


async def listen(client: Client) -> Listener:
    listener = await client.listen("&channels[]=documents", by="customer")
    assert (await listener.frame())["type"] == "connected"
    return listener


async def write(client: Client, count: int) -> list[str]:
    path = documents_path(client.sandbox.database, collection="chat_messages")
    replies = [await client.call("POST", path, by="key", body=message()) for _ in range(count)]
    return [each.body["$id"] for each in replies]


def ids(events: list[dict[str, dict[str, str]]]) -> list[str]:
    return [each["payload"]["$id"] for each in events]


@pytest.fixture(autouse=True)
def _customer(client: Client) -> None:
    client.sign_in("customer", client.sandbox.customer.id)


async def test_loses_every_second_event(client: Client) -> None:
    listener = await listen(client)
    client.sandbox.faults.switch_on("realtime_pipeline")

    written = await write(client, 4)

    assert ids(await listener.events()) == written[::2]


async def test_loses_the_events_of_one_collection_only(client: Client) -> None:
    listener = await listen(client)
    client.sandbox.faults.switch_on("realtime_pipeline", every=1, collection="chat_messages")

    await write(client, 1)
    path = documents_path(client.sandbox.database, collection="notifications")
    data = {"userId": "u", "kind": "booking"}
    body = {"documentId": "n", "data": data, "permissions": ['read("any")']}
    created = await client.call("POST", path, by="key", body=body)

    assert created.verdict == "201"
    assert ids(await listener.events()) == ["n"]


@pytest.mark.parametrize("count", [2, 3])
async def test_sends_every_event_more_than_once(client: Client, count: int) -> None:
    listener = await listen(client)
    client.sandbox.faults.switch_on("realtime_duplicate", count=count)

    written = await write(client, 1)

    assert ids(await listener.events()) == written * count


async def test_sends_every_second_event_twice(client: Client) -> None:
    listener = await listen(client)
    client.sandbox.faults.switch_on("realtime_duplicate", every=2)

    first, second = await write(client, 2)

    assert ids(await listener.events()) == [first, second, second]


async def test_sends_events_late(client: Client) -> None:
    loop, listener = asyncio.get_running_loop(), await listen(client)
    client.sandbox.faults.switch_on("realtime_late", seconds=0.1)
    written = await write(client, 2)
    started = loop.time()

    at_once = await listener.events()
    late = [(await listener.frame())["data"] for _ in range(2)]

    assert (at_once, ids(late)) == ([], written)
    assert 0.05 < loop.time() - started < 1.0


async def test_lets_events_overtake_each_other(client: Client) -> None:
    listener = await listen(client)
    client.sandbox.faults.switch_on("realtime_reordered", seconds=0.1)
    first, second, third = await write(client, 3)

    events = [(await listener.frame())["data"] for _ in range(3)]

    assert ids(events) == [first, third, second]


async def test_late_and_doubled_at_once_come_late_and_doubled(client: Client) -> None:
    listener = await listen(client)
    client.sandbox.faults.switch_on("realtime_late", seconds=0.05)
    client.sandbox.faults.switch_on("realtime_duplicate")
    written = await write(client, 1)

    at_once = await listener.events()
    late = [(await listener.frame())["data"] for _ in range(2)]

    assert (at_once, ids(late)) == ([], written * 2)


async def test_lost_by_one_fault_is_lost_whatever_the_others_do(client: Client) -> None:
    listener = await listen(client)
    client.sandbox.faults.switch_on("realtime_duplicate")
    client.sandbox.faults.switch_on("realtime_pipeline", every=1)

    await write(client, 1)

    assert await listener.events() == []


async def test_refuses_every_second_connection_only(client: Client) -> None:
    client.sandbox.faults.switch_on("realtime_refused", every=2)

    first = await listen(client)
    with pytest.raises(aiohttp.WSServerHandshakeError):
        await client.listen()

    assert await first.ask({"type": "ping"}) == {"type": "pong"}


async def test_a_misrouted_path_is_answered_by_the_api_that_knows_no_such_route(client: Client) -> None:
    client.sandbox.faults.switch_on("realtime_misrouted")

    reply = await client.call("GET", "/realtime")

    assert (reply.verdict, reply.headers["Server"]) == ("404 general_route_not_found", "Appwrite")


@pytest.mark.parametrize("name", ["project_missing", "wrong_region", "realtime_hang"])
async def test_a_plain_get_still_shows_that_the_path_is_routed_to_realtime(client: Client, name: str) -> None:
    client.sandbox.faults.switch_on(name)

    reply = await client.call("GET", "/realtime")

    assert reply.status == 400
    assert "Powered by Swoole" in reply.body


async def test_a_session_that_ended_leaves_open_sockets_as_they_are_and_makes_guests_of_new_ones(
    client: Client,
) -> None:
    old = await listen(client)
    client.sandbox.faults.switch_on("session_invalid")
    new = await client.listen("&channels[]=documents", by="customer")
    connected = await new.frame()

    await write(client, 1)

    assert connected["data"]["user"] is None
    assert (len(await old.events()), len(await new.events())) == (1, 0)
