"""
What somebody must do before a fault can be seen by anybody.
"""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager, suppress

import aiohttp

from monitor.sandbox.server import Sandbox

_CROWD = 12


async def change_schema(sandbox: Sandbox) -> None:
    """
    Add an attribute, as an operator does: a stopped worker leaves it undone.
    """
    path = f"/databases/{sandbox.database}/collections/bookings/attributes/boolean"
    await _ask(sandbox, path, {"key": "isPriority", "required": False})


async def send_push(sandbox: Sandbox) -> None:
    """
    Send a notification, as the platform's backend does: a stopped worker leaves it in its queue.
    """
    body = {
        "messageId": "unique()",
        "title": "New booking",
        "body": "A customer waits",
        "users": [sandbox.therapist.id],
    }
    await _ask(sandbox, "/messaging/messages/push", body)


Deed = Callable[[Sandbox], Awaitable[None]]
# By the name of the fault.
DEEDS: Mapping[str, Deed] = {"worker_stopped": change_schema, "messages_stuck": send_push}


@asynccontextmanager
async def crowd(sandbox: Sandbox) -> AsyncIterator[None]:
    """
    Let many customers open the page at the same moment, again and again.
    """
    task = asyncio.create_task(_rush(sandbox))
    try:
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


async def _rush(sandbox: Sandbox) -> None:
    url = f"{sandbox.endpoint}/realtime?project={sandbox.project}&channels[]=documents"
    async with aiohttp.ClientSession() as session:
        while True:
            await asyncio.gather(*(_visit(session, url) for _ in range(_CROWD)))
            await asyncio.sleep(0.3)


async def _visit(session: aiohttp.ClientSession, url: str) -> None:
    with suppress(aiohttp.ClientError, asyncio.TimeoutError):
        async with session.ws_connect(url, timeout=aiohttp.ClientWSTimeout(ws_close=1.0)) as socket:
            await socket.receive(timeout=1.0)


async def _ask(sandbox: Sandbox, path: str, body: Mapping[str, object]) -> None:
    headers = {"X-Appwrite-Project": sandbox.project, "X-Appwrite-Key": sandbox.api_key}
    async with (
        aiohttp.ClientSession(headers={**headers, "Content-Type": "application/json"}) as session,
        session.post(f"{sandbox.endpoint}{path}", data=json.dumps(body)) as response,
    ):
        assert response.status in {201, 202}, await response.text()
