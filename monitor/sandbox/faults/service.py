"""
The service as a whole: gone, broken, slow, or behind a proxy that answers in its place.
"""

import asyncio
from typing import Literal

from aiohttp import web
from pydantic import Field

from monitor.core.cause import Cause
from monitor.sandbox.errors import AppwriteError
from monitor.sandbox.faults.fault import Fault
from monitor.sandbox.faults.lasting import Lasting
from monitor.sandbox.faults.scope import OnRequests, Recurring
from monitor.sandbox.protocol.answers import from_proxy
from monitor.sandbox.protocol.routing import Call, Route
from monitor.sandbox.protocol.socket import MASKED, accept, end_with_error

_TOO_MANY = 1013
# The text of a server's own errors in production.
_MASKED_TEXT = "Server Error"


class ServiceDown(Fault):
    """
    Appwrite is gone; a proxy answers in its place, also to new realtime connections.
    """

    cause = Cause.SERVICE_DOWN
    status: int = Field(default=503, ge=500, le=599, description="HTTP status of the proxy")

    async def answer(self, request: web.BaseRequest) -> web.Response | None:  # noqa: ARG002 - a seam
        return from_proxy(self.status)

    async def open(self, request: web.Request) -> web.StreamResponse | None:  # noqa: ARG002 - a seam
        return from_proxy(self.status)


class Proxy(OnRequests):
    """
    Something before Appwrite answers REST requests itself: an HTML page that is not Appwrite's.

    With a status of 200 it is a site that serves its start page for whatever it does not know, with one of 4xx a
    firewall. One of 5xx is what a proxy says when nobody is behind it: that must be taken for ``service_down``.
    """

    cause = Cause.PROXY
    status: int = Field(default=403, ge=200, le=599, description="HTTP status of the page")

    async def answer(self, request: web.BaseRequest) -> web.Response | None:
        return from_proxy(self.status) if self.concerns(request) else None


class ServerError(OnRequests):
    """
    Appwrite answers REST requests with an error of its own, such as 500 to every write while reads go on.
    """

    cause = Cause.SERVICE_DOWN
    status: Literal[408, 500, 501, 503] = Field(default=500, description="HTTP status")
    type: Literal["general_unknown", "general_server_error", "database_timeout"] = Field(
        default="general_unknown", description="Appwrite's type of the error"
    )

    async def answer(self, request: web.BaseRequest) -> web.Response | None:
        if self.concerns(request):
            raise AppwriteError(self.status, self.type, _MASKED_TEXT)
        return None


class Hang(OnRequests, Lasting):
    """
    REST requests are accepted and not answered; those that still wait when it is over are answered then.
    """

    cause = Cause.SERVICE_DOWN

    async def answer(self, request: web.BaseRequest) -> web.Response | None:
        if self.concerns(request):
            await self.wait_until_over()
        return None


class SlowHeaders(OnRequests):
    """
    An answer begins at once, but its headers come line by line and never end.
    """

    cause = Cause.SERVICE_DOWN
    seconds: float = Field(default=1.0, gt=0.0, le=60.0, description="between two lines")
    count: int = Field(default=30, ge=1, le=1_000, description="lines, before the connection is cut")

    async def answer(self, request: web.BaseRequest) -> web.Response | None:
        if not self.concerns(request):
            return None
        transport = request.transport
        lines = [b"HTTP/1.1 200 OK\r\n", *(b"X-Line-%d: \r\n" % number for number in range(self.count))]
        for line in lines:
            if transport is None or transport.is_closing():
                break
            transport.write(line)
            await asyncio.sleep(self.seconds)
        if transport is not None:
            transport.abort()
        # Written to nobody.
        return web.Response()


class Slow(OnRequests):
    """
    REST answers come late.
    """

    cause = Cause.SERVICE_DEGRADED
    pages = False
    seconds: float = Field(default=2.0, ge=0.0, le=600.0, description="delay of every answer")

    async def answer(self, request: web.BaseRequest) -> web.Response | None:
        if self.concerns(request):
            await asyncio.sleep(self.seconds)
        return None


class RateLimited(Recurring):
    """
    The limits of clients are used up, as when many share one address; server keys have none.
    """

    cause = Cause.RATE_LIMITED
    pages = False
    methods: Literal["write", "any"] = Field(default="write", description="writes, as a real server; or all requests")
    realtime: bool = Field(default=False, description="refuse new realtime connections too, with error 1013")

    def before(self, call: Call, route: Route) -> None:
        if not call.caller.is_key and (self.methods == "any" or route.method != "GET") and self._strikes():
            message = "Rate limit for the current endpoint has been exceeded. Please try again after some time."
            raise AppwriteError(429, "general_rate_limit_exceeded", message)

    async def open(self, request: web.Request) -> web.StreamResponse | None:
        return await refuse_socket(request, code=_TOO_MANY, message=MASKED) if self.realtime else None


async def refuse_socket(request: web.Request, *, code: int, message: str) -> web.StreamResponse | None:
    """
    Accept a handshake only to send an ``error`` frame; a plain GET is passed on.
    """
    if request.headers.get("Upgrade", "").lower() != "websocket":
        return None
    socket = await accept(request)
    await end_with_error(request, socket, code=code, message=message)
    return socket
