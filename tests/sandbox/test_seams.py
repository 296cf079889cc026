"""
What faults can do to all sockets: end them, hold what they are sent, end them properly.
"""

import aiohttp
import pytest

from tests.sandbox.client import Client
from tests.sandbox.sockets import connected, ids_heard, write

pytestmark = pytest.mark.asyncio


async def test_drops_every_socket_without_a_frame_and_takes_new_ones(client: Client) -> None:
    listeners = [await connected(client, "&channels[]=documents") for _ in range(3)]

    client.sandbox.hub.drop_all()

    assert [await each.close_code() for each in listeners] == [1006] * 3
    assert await (await connected(client)).ask({"type": "ping"}) == {"type": "pong"}


async def test_holds_answers_and_events_and_sends_them_in_order_on_release(client: Client) -> None:
    listener = await connected(client, "&channels[]=documents")
    client.sandbox.hub.hold()

    await listener.say({"type": "ping"})
    await write(client, "one")
    (connection,) = client.sandbox.hub.connections
    waiting = connection.waiting_bytes
    client.sandbox.hub.release()

    frames = [await listener.frame() for _ in range(2)]
    assert ([each["type"] for each in frames], waiting > 0) == (["pong", "event"], True)
    assert await listener.ask({"type": "ping"}) == {"type": "pong"}


async def test_opens_sockets_that_are_connected_only_on_release(client: Client) -> None:
    client.sandbox.hub.hold()
    listener = await client.listen("&channels[]=documents")
    with pytest.raises(TimeoutError):
        await listener.socket.receive(timeout=0.05)

    late = await client.listen("&channels[]=documents")
    client.sandbox.hub.release()

    assert (await late.frame())["type"] == "connected"


async def test_sends_an_event_that_is_held_to_whoever_listened(client: Client) -> None:
    client.sandbox.hub.hold()
    client.sandbox.hub.hold()
    listener = await client.listen("&channels[]=documents")
    await write(client, "one")

    client.sandbox.hub.release()

    assert (await listener.frame())["type"] == "connected"
    assert await ids_heard(listener) == ["one"]


@pytest.mark.parametrize(
    ("address", "headers", "code"),
    [
        pytest.param("?project=nope", {}, 1008, id="1008"),
        pytest.param("?project=monitored-app", {"X-Appwrite-JWT": "garbage"}, 1008, id="401"),
        pytest.param("?project=monitored-app&channels=documents", {}, 1011, id="0"),
    ],
)
async def test_closes_a_refused_handshake_properly_if_told_to(
    client: Client, address: str, headers: dict[str, str], code: int
) -> None:
    client.sandbox.hub.sends_close_codes = True
    listener = await client.listen_at(f"/realtime{address}", **headers)

    first, last = await listener.frame(), await listener.socket.receive(timeout=5)

    assert (first["type"], last.type, last.data) == ("error", aiohttp.WSMsgType.CLOSE, code)


async def test_closes_a_socket_without_a_project_properly_if_told_to(client: Client) -> None:
    client.sandbox.hub.sends_close_codes = True
    listener = await connected(client)
    encoded = client.sign_in("user_a", "user_a")

    await listener.ask({"type": "authentication", "data": {"session": encoded}})
    refused = await listener.ask({"type": "subscribe", "data": []})

    assert refused["data"]["code"] == 1008
    assert (await listener.socket.receive(timeout=5)).data == 1008


async def test_stamps_a_late_event_with_the_time_of_its_write(client: Client) -> None:
    client.sandbox.faults.switch_on("realtime_late", seconds=0.05)
    listener = await connected(client, "&channels[]=documents")

    await write(client, "one")
    written_by = client.sandbox.world.now()
    event = (await listener.frame())["data"]

    assert event["timestamp"] <= written_by < client.sandbox.world.now()
