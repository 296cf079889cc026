"""
What stands before Appwrite, and changes what passes through it.
"""

from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass

import aiohttp
from aiohttp import web
from multidict import CIMultiDict

# Of one hop, or wrong once the body was unpacked.
_NOT_PASSED = ("Connection", "Content-Encoding", "Content-Length", "Date", "Host", "Keep-Alive", "Transfer-Encoding")


@dataclass(slots=True)
class Passing:
    """
    One answer on its way through the proxy, to a *call* such as ``GET /v1/account``.
    """

    call: str
    status: int
    headers: CIMultiDict[str]
    body: bytes


def _unchanged(*_: object) -> None:
    return


@asynccontextmanager
async def proxy(
    endpoint: str,
    *,
    request: Callable[[str, CIMultiDict[str]], None] = _unchanged,
    answer: Callable[[Passing], None] = _unchanged,
) -> AsyncIterator[str]:
    """
    Stand before *endpoint* at an address of its own, which it yields.

    *request* may change the headers of a call, such as ``GET /v1/account``; *answer* whatever comes back.
    """
    async with aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar()) as client:

        async def forward(incoming: web.Request) -> web.Response:
            call, headers = f"{incoming.method} {incoming.path}", _passed(incoming.headers)
            request(call, headers)
            url = endpoint.removesuffix("/v1") + incoming.raw_path
            async with client.request(incoming.method, url, headers=headers, data=await incoming.read()) as got:
                body = await got.read()
                passing = Passing(call, got.status, _passed(got.headers), body)
            answer(passing)
            return web.Response(status=passing.status, headers=passing.headers, body=passing.body)

        app = web.Application()
        app.router.add_route("*", "/{path:.*}", forward)
        runner = web.AppRunner(app)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        yield f"http://127.0.0.1:{runner.addresses[0][1]}/v1"
        await runner.cleanup()


def _passed(headers: Mapping[str, str]) -> CIMultiDict[str]:
    passed = CIMultiDict(headers)
    for name in _NOT_PASSED:
        passed.popall(name, None)
    return passed
