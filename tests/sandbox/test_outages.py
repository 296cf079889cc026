"""
The outages that were recorded from a real server, from the first second to the way back.
"""

import asyncio

import aiohttp
import pytest
import pytest_asyncio

from tests.sandbox.client import Client, Listener
from tests.sandbox.states import documents_path
from tests.sandbox.survey import EVENT_SECONDS, acquaint, listening, message

pytestmark = pytest.mark.asyncio

# What is not answered within it is taken to wait.
SILENCE_SECONDS = 0.05
# Everything of a real server that was asked while something was gone.
PATHS = ("/ping", "/health", "/health/version", "/health/db", "/health/cache", "/health/pubsub", "/account")


@pytest_asyncio.fixture(autouse=True)
async def _acquainted(client: Client) -> None:
    await acquaint(client)


async def write(client: Client) -> str:
    path = documents_path(client.sandbox.database, collection="chat_messages")
    return (await client.call("POST", path, by="key", body=message())).verdict


async def listen(client: Client) -> Listener:
    listener = await client.listen("&channels[]=documents", by="customer")
    assert (await listener.frame())["type"] == "connected"
    return listener


async def is_silent(listener: Listener) -> bool:
    try:
        await listener.socket.receive(timeout=SILENCE_SECONDS)
    except TimeoutError:
        return True
    return False


async def test_without_redis_no_request_is_answered_until_it_is_back(client: Client) -> None:
    client.sandbox.faults.switch_on("redis_gone", recovery_seconds=0.0)
    waiting = [asyncio.create_task(client.call("GET", path)) for path in PATHS]
    waiting.append(asyncio.create_task(client.call("GET", "/ping", by="key")))

    answered, _ = await asyncio.wait(waiting, timeout=SILENCE_SECONDS)
    client.sandbox.faults.switch_off("redis_gone")
    replies = await asyncio.gather(*waiting)

    assert not answered
    assert {each.status for each in replies} == {200, 401}


async def test_without_redis_sockets_stay_and_pings_are_answered_once_it_is_back(client: Client) -> None:
    old = await listen(client)
    client.sandbox.faults.switch_on("redis_gone", recovery_seconds=0.0)
    new = await client.listen("&channels[]=documents", by="customer")

    await old.say({"type": "ping"})
    silent = await is_silent(old), await is_silent(new)
    client.sandbox.faults.switch_off("redis_gone")

    assert silent == (True, True)
    assert await old.frame() == {"type": "pong"}
    assert (await new.frame())["type"] == "connected"


async def test_after_redis_was_gone_realtime_is_silent_until_it_is_restarted(client: Client) -> None:
    faults = client.sandbox.faults
    faults.switch_on("redis_gone", recovery_seconds=0.0)
    faults.switch_off("redis_gone")
    listener = await listen(client)

    written, heard = await write(client), await listener.events()
    pubsub = await client.call("GET", "/health/pubsub", by="key")
    left = faults.active()
    faults.switch_off("redis_back_silent")

    assert (written, heard, pubsub.verdict, left) == ("201", [], "200", ["redis_back_silent"])
    assert await listener.close_code() == 1006
    assert await listening(client) == {"socket": "connected", "event": "heard"}


async def test_realtime_may_be_told_to_find_back_by_itself(client: Client) -> None:
    listener = await listen(client)
    client.sandbox.faults.switch_on("redis_gone", recovery_seconds=0.0, heals=True)
    client.sandbox.faults.switch_off("redis_gone")

    await write(client)

    assert client.sandbox.faults.active() == []
    assert (await listener.frame())["type"] == "event"


async def test_redis_may_be_away_for_a_moment_before_realtime_is_silent(client: Client) -> None:
    loop, listener = asyncio.get_running_loop(), await listen(client)
    started = loop.time()

    client.sandbox.faults.switch_on("redis_back_silent", seconds=0.1)
    await listener.say({"type": "ping"})
    written = await write(client)

    assert (written, loop.time() - started >= 0.1) == ("201", True)
    assert await listener.frame() == {"type": "pong"}
    assert await listener.events() == []


async def test_two_that_take_redis_away_hold_sockets_until_both_are_over(client: Client) -> None:
    faults, listener = client.sandbox.faults, await listen(client)
    faults.switch_on("redis_gone", recovery_seconds=0.0)
    faults.switch_on("redis_back_silent", seconds=60.0)
    await listener.say({"type": "ping"})

    faults.switch_off("redis_gone")
    still_silent = await is_silent(listener)
    faults.switch_off("redis_back_silent")

    assert still_silent
    assert await listener.close_code() == 1006
    assert await listening(client) == {"socket": "connected", "event": "heard"}


@pytest.mark.parametrize("path", PATHS)
async def test_without_the_database_everything_is_an_error_at_once(client: Client, path: str) -> None:
    client.sandbox.faults.switch_on("database_gone")

    reply = await client.call("GET", path, by="key")

    assert reply.verdict == "500 general_unknown"
    assert reply.body == {"message": "Server Error", "code": 500, "type": "general_unknown", "version": "1.9.6"}


@pytest.mark.parametrize("name", ["database_gone", "api_gone"])
async def test_without_database_or_api_sockets_stay_and_hear_events_afterwards(client: Client, name: str) -> None:
    old = await listen(client)
    client.sandbox.faults.switch_on(name, recovery_seconds=0.0)
    new = await listen(client)

    pongs = [await each.ask({"type": "ping"}) for each in (old, new)]
    client.sandbox.faults.switch_off(name)
    await write(client)

    assert pongs == [{"type": "pong"}] * 2
    assert [(await each.frame())["type"] for each in (old, new)] == ["event"] * 2


async def test_an_outage_goes_on_for_a_while_after_it_was_switched_off(client: Client) -> None:
    loop = asyncio.get_running_loop()
    client.sandbox.faults.switch_on("database_gone", recovery_seconds=0.1)
    client.sandbox.faults.switch_off("database_gone")
    ended = loop.time()

    verdicts = [await write(client)]
    while verdicts[-1] != "201":
        verdicts.append(await write(client))

    assert verdicts[0] == "500 general_unknown"
    assert 0.1 <= loop.time() - ended < 1.0


@pytest.mark.parametrize(
    ("name", "seconds"),
    [("redis_gone", 1.6), ("database_gone", 1.5), ("api_gone", 1.1), ("realtime_gone", 1.8), ("worker_stopped", 0.6)],
)
async def test_the_way_back_takes_as_long_as_recorded(client: Client, name: str, seconds: float) -> None:
    client.sandbox.faults.switch_on(name)

    parameters = client.sandbox.faults.parameters(name)

    assert parameters is not None
    assert parameters["recovery_seconds"] == seconds


async def test_without_realtime_sockets_end_at_once_and_http_notices_nothing(client: Client) -> None:
    listener = await listen(client)

    client.sandbox.faults.switch_on("realtime_gone")
    verdicts = [await write(client)] + [
        (await client.call("GET", path, by="key")).verdict for path in ("/health", "/health/pubsub")
    ]
    with pytest.raises(aiohttp.WSServerHandshakeError) as refused:
        await client.listen()
    plain = await client.call("GET", "/realtime")

    assert await listener.close_code() == 1006
    assert (verdicts, refused.value.status, plain.status) == (["201", "200", "200"], 502, 502)
    assert plain.headers["Server"] != "Appwrite"


@pytest.mark.slow
async def test_a_realtime_server_that_is_told_to_end_keeps_its_sockets_for_a_while(client: Client) -> None:
    loop, listener = asyncio.get_running_loop(), await listen(client)
    started = loop.time()

    client.sandbox.faults.switch_on("realtime_gone", how="terminated")
    code = await listener.close_code()

    assert (code, 3.0 < loop.time() - started < 4.5) == (1006, True)


async def test_one_worker_of_realtime_takes_only_its_own_sockets_along(client: Client) -> None:
    listeners = [await listen(client) for _ in range(12)]

    client.sandbox.faults.switch_on("realtime_worker_killed", workers=4)
    await write(client)
    frames = [await each.socket.receive(timeout=5.0) for each in listeners]
    new = await listening(client)

    kinds = [each.type for each in frames]
    assert (kinds.count(aiohttp.WSMsgType.TEXT), len(kinds)) == (9, 12)
    assert {each.socket.close_code for each in listeners} == {None, 1006}
    assert new == {"socket": "connected", "event": "heard"}


async def test_clients_that_connect_at_once_crash_workers_and_one_after_another_are_safe(client: Client) -> None:
    client.sandbox.faults.switch_on("realtime_crowded", count=3, seconds=60.0, bystanders=1)
    safe = [await listen(client) for _ in range(3)]

    crashed = await client.listen("&channels[]=documents")

    assert [await each.close_code() for each in (crashed, *safe)] == [1006] * 4


async def test_clients_that_connect_one_after_another_are_safe(client: Client) -> None:
    client.sandbox.faults.switch_on("realtime_crowded", count=1, seconds=0.01, bystanders=1)

    listeners = []
    for _ in range(3):
        listeners.append(await listen(client))
        await asyncio.sleep(0.02)

    assert [await each.ask({"type": "ping"}) for each in listeners] == [{"type": "pong"}] * 3


async def test_without_the_worker_attributes_stay_processing_and_documents_go_on(client: Client) -> None:
    faults, database = client.sandbox.faults, client.sandbox.database
    path = f"/databases/{database}/collections/chat_messages/attributes"
    faults.switch_on("worker_stopped", recovery_seconds=0.0)

    asked = await client.call("POST", f"{path}/boolean", by="key", body={"key": "pinned", "required": False})
    await asyncio.sleep(EVENT_SECONDS)
    waiting = await client.call("GET", f"{path}/pinned", by="key")
    queue = await client.call("GET", "/health/queue/databases?name=database_db_main", by="key")
    written = await write(client)
    faults.switch_off("worker_stopped")

    assert (asked.verdict, waiting.body["status"], written) == ("202", "processing", "201")
    assert queue.body == {"size": 1}
    await until_available(client, f"{path}/pinned")


async def until_available(client: Client, path: str) -> None:
    async with asyncio.timeout(5.0):
        # Nobody tells a client that the worker is done.
        while (await client.call("GET", path, by="key")).body["status"] != "available":  # noqa: ASYNC110 - over HTTP
            await asyncio.sleep(0.01)
