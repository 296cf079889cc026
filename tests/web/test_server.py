import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from gzip import compress

import aiohttp
import pytest

from monitor.core.errors import ConfigError
from monitor.web.server import WebServer

pytestmark = pytest.mark.asyncio


async def page(accept: str, *, gzip: bool = False) -> tuple[bytes, str]:
    body = f"for {accept}\n".encode() * 100
    return compress(body) if gzip else body, "text/plain; version=0.0.4; charset=utf-8"


@asynccontextmanager
async def serving(*, unready: str = "", trouble: str = "") -> AsyncIterator[str]:
    server = WebServer("127.0.0.1:0", page=page, unready=lambda: unready, trouble=lambda: trouble)
    await server.start()
    yield server.address
    await server.stop()


async def get(url: str, encoding: str = "gzip") -> tuple[int, str, str]:
    headers = {"Accept": "a/b", "Accept-Encoding": encoding}
    async with aiohttp.ClientSession() as session, session.get(url, headers=headers) as response:
        assert ("Content-Encoding" in response.headers) is (encoding == "gzip" and "metrics" in url)
        return response.status, response.headers["Content-Type"], await response.text()


@pytest.mark.parametrize("encoding", ["gzip", "identity"])
async def test_metrics_are_rendered_for_what_the_reader_accepts(encoding: str) -> None:
    async with serving() as address:
        status, content_type, text = await get(f"{address}/metrics", encoding)

    assert (status, content_type) == (200, "text/plain; version=0.0.4; charset=utf-8")
    assert text.startswith("for a/b\n")


@pytest.mark.parametrize(
    ("unready", "trouble", "answer"),
    [
        pytest.param("", "", (200, "ready\n"), id="ready"),
        pytest.param("starting", "the disk is full", (503, "not ready: starting\n"), id="not"),
        pytest.param("", "the disk is full", (200, "ready, but the disk is full\n"), id="in-trouble"),
    ],
)
async def test_readiness_says_why_not(unready: str, trouble: str, answer: tuple[int, str]) -> None:
    async with serving(unready=unready, trouble=trouble) as address:
        status, _, text = await get(f"{address}/-/ready")

    assert (status, text) == answer


async def test_health_says_that_the_loop_turns() -> None:
    async with serving(unready="starting") as address:
        status, _, text = await get(f"{address}/-/healthy")

    assert (status, text) == (200, "healthy: the loop turns\n")


async def test_an_address_that_cannot_be_had_is_named_with_the_reason() -> None:
    async with serving() as address:
        second = WebServer(address.removeprefix("http://"), page=page, unready=lambda: "")
        with pytest.raises(ConfigError, match=r"web.listen: cannot serve on 127.0.0.1:\d+ \(Address already in use\)"):
            await second.start()


async def test_stopping_waits_for_no_reader_that_hangs() -> None:
    server = WebServer("127.0.0.1:0", page=page, unready=lambda: "")
    await server.start()
    _, writer = await asyncio.open_connection("127.0.0.1", int(server.address.rpartition(":")[2]))
    writer.write(b"GET /metrics HTTP/1.1\r\n")
    await writer.drain()

    async with asyncio.timeout(5):
        await server.stop()

    writer.close()
