"""
How often one may connect and speak; what a slow reader costs, and whom.
"""

import asyncio
import socket

import pytest

from monitor.sandbox.realtime.connection import MAX_WAITING_BYTES
from monitor.sandbox.realtime.hub import MAX_LATE_DELIVERIES, Hub
from tests.sandbox.client import Client
from tests.sandbox.sockets import client_of, connected

pytestmark = pytest.mark.asyncio

PONG = {"type": "pong"}
TOO_MANY = {"type": "error", "data": {"code": 1013, "message": "Error: Server Error"}}
HANDSHAKE = (
    "GET /v1/realtime?project={project}&channels[]=documents HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\n"
    "Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
)


async def until_quiet(client: Client) -> None:
    """
    Begin a window, so that none ends within the test.
    """
    seconds = client.sandbox.world.clock.now().timestamp() % 60
    if seconds > 55:
        await asyncio.sleep(60 - seconds)


async def test_refuses_the_129th_connection_of_a_minute_with_1013_and_ends_it() -> None:
    async with client_of(rate_limits=True) as client:
        await until_quiet(client)
        listeners = [await connected(client) for _ in range(128)]

        refused = await client.listen("&channels[]=documents")

        assert (len(listeners), await refused.frame()) == (128, TOO_MANY)
        assert await refused.close_code() == 1006


async def test_refuses_the_33rd_message_of_a_minute_and_stays_open() -> None:
    async with client_of(rate_limits=True) as client:
        await until_quiet(client)
        listener, other = await connected(client), await connected(client)

        answers = [await listener.ask({"type": "ping"}) for _ in range(34)]

        assert answers == [PONG] * 32 + [TOO_MANY] * 2
        assert not listener.socket.closed
        assert await other.ask({"type": "ping"}) == PONG


async def test_lets_all_of_a_burst_through_and_refuses_what_follows() -> None:
    async with client_of(rate_limits=True) as client:
        await until_quiet(client)
        listener = await connected(client)

        for _ in range(40):
            await listener.say({"type": "ping"})
        burst = [await listener.frame() for _ in range(40)]

        assert burst == [PONG] * 40
        assert await listener.ask({"type": "ping"}) == TOO_MANY


async def test_limits_nobody_unless_told_to(client: Client) -> None:
    listeners = [await connected(client) for _ in range(130)]

    answers = [await listeners[-1].ask({"type": "ping"}) for _ in range(40)]

    assert answers == [PONG] * 40


def announce(client: Client, *, characters: int) -> None:
    client.sandbox.hub.announce(
        names=["documents.x.create"], channels=["documents"], roles=["any"], payload={"text": "x" * characters}
    )


async def deaf(client: Client) -> socket.socket:
    """
    Connect somebody who never reads.
    """
    loop, address = asyncio.get_running_loop(), client.sandbox.endpoint.split("/")[2].split(":")
    raw = socket.socket()
    raw.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    raw.setblocking(False)
    await loop.sock_connect(raw, (address[0], int(address[1])))
    await loop.sock_sendall(raw, HANDSHAKE.format(project=client.sandbox.project).encode())
    await asyncio.wait_for(loop.sock_recv(raw, 12), 5)
    return raw


async def test_ends_a_reader_who_never_reads_and_nobody_else(client: Client) -> None:
    with await deaf(client):
        (slow,) = client.sandbox.hub.connections
        listener = await connected(client, "&channels[]=documents")
        largest, heard = 0, 0

        while slow in client.sandbox.hub.connections:
            announce(client, characters=100_000)
            largest, heard = max(largest, slow.waiting_bytes), heard + 1
            assert (await listener.frame())["type"] == "event"

        assert MAX_WAITING_BYTES < largest < MAX_WAITING_BYTES + 200_000
        assert (slow.waiting_bytes, len(client.sandbox.hub.connections), heard < 200) == (0, 1, True)


async def test_ends_who_waits_too_long_for_what_is_held(client: Client) -> None:
    listener = await connected(client, "&channels[]=documents")
    (connection,) = client.sandbox.hub.connections
    client.sandbox.hub.hold()

    for _ in range(13):
        announce(client, characters=100_000)

    assert await listener.close_code() == 1006
    assert connection.waiting_bytes < MAX_WAITING_BYTES + 200_000


async def test_loses_late_deliveries_beyond_a_bound(client: Client) -> None:
    hub = Hub(client.sandbox.world, relay=lambda _channels: [60.0] * 6_000)

    for _ in range(2):
        hub.announce(names=["documents.x.create"], channels=["documents"], roles=["any"], payload={})
    under_way = hub.late_deliveries
    hub.stop()

    assert (under_way, hub.late_deliveries) == (MAX_LATE_DELIVERIES, 0)
