"""
What the tests of realtime share: sandboxes with other settings, queries, and documents that everybody may read.
"""

import json
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any

import aiohttp

from monitor.sandbox.server import Sandbox
from tests.sandbox.client import Client, Listener, Reply
from tests.sandbox.states import DATA, EVERYTHING, add_collection, documents_path


@asynccontextmanager
async def client_of(**options: Any) -> AsyncIterator[Client]:
    """
    Run a sandbox with these settings, and yield a client of it.
    """
    connector = aiohttp.TCPConnector(limit=0)
    session = aiohttp.ClientSession(connector=connector, cookie_jar=aiohttp.DummyCookieJar())
    async with Sandbox(**options) as sandbox, session:
        yield Client(sandbox, session)


async def connected(client: Client, query: str = "", **options: str) -> Listener:
    """
    Open a socket and take its first frame.
    """
    listener = await client.listen(query, **options)
    assert (await listener.frame())["type"] == "connected"
    return listener


async def write(client: Client, id_: str, **fields: object) -> Reply:
    """
    Write a document to the collection that everybody may read; make it if need be.
    """
    world, database = client.sandbox.world, client.sandbox.database
    if "state" not in world.databases[database].collections:
        add_collection(world, database, permissions=EVERYTHING)
    body = {"documentId": id_, "data": {**DATA, **fields}}
    return await client.call("POST", documents_path(database), by="key", body=body)


async def ids_heard(listener: Listener) -> list[str]:
    """
    Return the ids of the documents whose events have come so far.
    """
    return [each["payload"]["$id"] for each in await listener.events()]


def query(method: str, attribute: str, *values: object) -> str:
    """
    Return a query as it is sent.
    """
    return json.dumps({"method": method, "attribute": attribute, "values": list(values)})


def subscribe(*items: Mapping[str, object]) -> dict[str, object]:
    """
    Return a ``subscribe`` message.
    """
    return {"type": "subscribe", "data": list(items)}
