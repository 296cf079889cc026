"""
The sandbox as a process sees it: starting, stopping, and bearing many or slow listeners.
"""

import asyncio
import contextlib

import aiohttp
import pytest

from monitor.sandbox.server import Sandbox
from tests.sandbox.client import FRAME_TIMEOUT_SECONDS, Client
from tests.sandbox.states import DATA, EVERYTHING, add_collection, documents_path

pytestmark = pytest.mark.asyncio


async def test_takes_a_free_port_and_tells_the_address() -> None:
    async with Sandbox() as one, Sandbox() as other:
        assert one.endpoint != other.endpoint
        assert one.endpoint.startswith("http://127.0.0.1:")
        assert one.api_key != other.api_key


async def test_leaves_nothing_open_when_the_port_is_taken() -> None:
    async with Sandbox() as first:
        second = Sandbox(port=int(first.endpoint.rpartition(":")[2].removesuffix("/v1")))

        with pytest.raises(OSError, match="address already in use"):
            await second.start()


@pytest.mark.slow
async def test_stops_within_a_second_with_open_sockets_and_slow_requests() -> None:
    sandbox = Sandbox()
    await sandbox.start()
    async with aiohttp.ClientSession() as session:
        client = Client(sandbox, session)
        listener = await client.listen("&channels[]=documents")
        await listener.frame()
        sandbox.faults.switch_on("realtime_hang")
        await client.listen()
        sandbox.faults.switch_on("slow", seconds=60.0)
        request = asyncio.create_task(client.call("POST", "/account", body={}))
        # Time for the request to reach its handler; it never ends by itself.
        await asyncio.wait([request], timeout=0.05)
        loop = asyncio.get_running_loop()
        started = loop.time()

        await sandbox.stop()
        await sandbox.stop()

        assert loop.time() - started < 1.0
        assert await listener.close_code() == 1006
        with contextlib.suppress(aiohttp.ClientError):
            await request


@pytest.mark.slow
async def test_tells_three_hundred_sockets_of_one_write(client: Client) -> None:
    add_collection(client.sandbox.world, client.sandbox.database, permissions=EVERYTHING)
    listeners = await asyncio.gather(*(client.listen("&channels[]=documents") for _ in range(300)))

    body = {"documentId": "one", "data": DATA}
    await client.call("POST", documents_path(client.sandbox.database), body=body)
    told = await asyncio.gather(*(listener.events() for listener in listeners))

    assert [[each.get("payload", {}).get("$id") for each in frames] for frames in told] == [[None, "one"]] * 300


async def test_forgets_a_socket_that_closed(client: Client) -> None:
    listener = await client.listen("&channels[]=documents")
    await listener.frame()
    (connection,) = client.sandbox.hub.connections

    await listener.socket.close()
    await asyncio.wait_for(connection.ended.wait(), FRAME_TIMEOUT_SECONDS)

    assert client.sandbox.hub.listeners_of("documents") == 0
