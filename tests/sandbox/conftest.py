"""
A client of the running sandbox.
"""

from collections.abc import AsyncIterator

import aiohttp
import pytest_asyncio

from monitor.sandbox.server import Sandbox
from tests.sandbox.client import Client


@pytest_asyncio.fixture
async def client(sandbox: Sandbox) -> AsyncIterator[Client]:
    # Without a limit: sockets count, and a hundred of them are few.
    connector = aiohttp.TCPConnector(limit=0)
    async with aiohttp.ClientSession(connector=connector, cookie_jar=aiohttp.DummyCookieJar()) as session:
        yield Client(sandbox, session)
