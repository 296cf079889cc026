"""
Sends one listener what changes, for as long as he reads.
"""

import asyncio
import socket
from collections.abc import Awaitable, Callable

from aiohttp import web

from monitor.web.answers import refusal
from monitor.web.events import Events, FullError, Listener, worded

# A browser that lost us comes back after so long.
_RETRY = b"retry: 3000\n\n"
_TYPE = "text/event-stream"
# Whoever reads nothing for so long while something waits for him is gone, or might as well be.
_WRITE_SECONDS = 10.0
# Of the kernel, which would take megabytes for somebody who does not read.
_MOST_SENT_BYTES = 64 << 10


async def listen(request: web.Request, events: Events, first: Callable[[], Awaitable[bytes]]) -> web.StreamResponse:
    """
    Send the event ``status`` with what *first* returns, then what changes, until one of both sides ends it.
    """
    try:
        with events.listener() as listener:
            return await _send(request, listener, first)
    except FullError:
        raise refusal(
            503, "too many listen already: close some, or ask again later", headers={"Retry-After": "5"}
        ) from None


async def _send(request: web.Request, listener: Listener, first: Callable[[], Awaitable[bytes]]) -> web.StreamResponse:
    response = web.StreamResponse(headers={"Content-Type": _TYPE, "X-Accel-Buffering": "no"})
    _bound_buffers(request)
    opening = _RETRY + worded("status", await first())
    await response.prepare(request)
    try:
        await _write(response, opening)
        while (message := await listener.next()) is not None:
            await _write(response, message)
    except TimeoutError:
        listener.is_slow = True
    except ConnectionError:
        return response
    if listener.is_slow and request.transport is not None:
        # An end in order would wait for him to read.
        request.transport.abort()
    return response


async def _write(response: web.StreamResponse, message: bytes) -> None:
    async with asyncio.timeout(_WRITE_SECONDS):
        await response.write(message)


def _bound_buffers(request: web.Request) -> None:
    transport = request.transport
    if transport is None:
        return
    transport.set_write_buffer_limits(high=_MOST_SENT_BYTES)
    if (connection := transport.get_extra_info("socket")) is not None:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, _MOST_SENT_BYTES)
