"""
Every two faults of the server together: each request is answered by what is meant to be broken, never by a bug.
"""

import asyncio
import logging
from collections.abc import Coroutine
from itertools import combinations

import aiohttp
import pytest

from monitor.sandbox.faults.catalogue import FAULTS
from tests.sandbox.client import Client
from tests.sandbox.survey import acquaint, verdict

pytestmark = [pytest.mark.asyncio, pytest.mark.slow]

# So that nobody waits for long.
PARAMETERS: dict[str, dict[str, object]] = {
    "slow": {"seconds": 0.0},
    "slow_headers": {"seconds": 0.001, "count": 1},
    "realtime_late": {"seconds": 0.001},
    "booking_expires": {"seconds": 0.0, "collection": "chat_messages", "attribute": "text", "pending": ""},
    "booking_unassigned": {"collection": "chat_messages", "attribute": "text"},
}
OUTAGES = ("api_gone", "database_gone", "redis_gone", "realtime_gone", "worker_stopped")
SERVER_FAULTS = sorted(name for name in FAULTS if not name.startswith("page_"))
# These answer with an error of the server's own.
ERRORS = {"database_gone", "server_error"}
# Those who wait because of these are answered when they are over.
PATIENCE_SECONDS = 0.01


@pytest.mark.parametrize("first", SERVER_FAULTS)
async def test_go_together_with_every_other_one(client: Client, caplog: pytest.LogCaptureFixture, first: str) -> None:
    await acquaint(client)
    caplog.set_level(logging.WARNING)

    for pair in combinations_with(first):
        answers = await asyncio.wait_for(together(client, pair), 10.0)
        assert not any(each.startswith("500") for each in answers) or ERRORS & set(pair), (pair, answers)

    client.sandbox.faults.switch_all_off()
    assert await verdict(client, "account") == "200"
    assert [record.getMessage() for record in caplog.records] == []


def combinations_with(first: str) -> list[tuple[str, str]]:
    pairs = [pair for pair in combinations(SERVER_FAULTS, 2) if pair[0] == first]
    # In both orders: what one changes, the other sees.
    return pairs + [(second, first) for first, second in pairs]


async def together(client: Client, pair: tuple[str, str]) -> list[str]:
    for name in pair:
        recovery = {"recovery_seconds": 0.0} if name in OUTAGES else {}
        client.sandbox.faults.switch_on(name, **PARAMETERS.get(name, {}), **recovery)
    calls = verdict(client, "create"), verdict(client, "databases"), handshake(client)
    tasks = [asyncio.create_task(or_cut_off(each)) for each in calls]
    await asyncio.wait(tasks, timeout=PATIENCE_SECONDS)
    client.sandbox.faults.switch_all_off()
    return list(await asyncio.gather(*tasks))


async def or_cut_off(call: Coroutine[None, None, str]) -> str:
    try:
        return await call
    except (aiohttp.ClientError, ConnectionError) as error:
        return f"cut off: {error}"


async def handshake(client: Client) -> str:
    listener = await client.listen("&channels[]=documents", by="customer")
    try:
        frame = await listener.socket.receive(timeout=PATIENCE_SECONDS)
    except TimeoutError:
        return "silent"
    finally:
        listener.socket._response.close()
    return str(frame.type)
