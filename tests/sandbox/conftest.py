"""
A running sandbox, and a client of it.
"""

from collections.abc import AsyncIterator

import aiohttp
import pytest_asyncio

from monitor.sandbox.server import Sandbox
from tests.sandbox.client import Client


@pytest_asyncio.fixture
async def sandbox() -> AsyncIterator[Sandbox]:
    async with Sandbox() as running:
        yield running


@pytest_asyncio.fixture
async def client(sandbox: Sandbox) -> AsyncIterator[Client]:
    async with aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar()) as session:
        yield Client(sandbox, session)
