"""
A receiver of HTTP requests on loopback that can be made to fail in every way, at run time or by chance.

::

    async with Receiver() as receiver:
        receiver.faults = Script([Fault.RESET, None])      # the first request is reset, whatever follows is answered
"""

import asyncio
import json
import random
import ssl
import struct
import time
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from enum import StrEnum
from socket import SO_LINGER, SOL_SOCKET
from types import TracebackType
from typing import Any, Protocol, Self, cast

from aiohttp import web

# More than any sink sends.
_MAX_BODY_BYTES = 16 << 20
_SHUTDOWN_SECONDS = 0.2
_DRIP_SECONDS = 0.02


class Fault(StrEnum):
    """
    How a request goes wrong. It was processed all the same by those that say *after*, *slow* and *reset_in_body*.
    """

    HANG_BEFORE = "hang_before"
    HANG_AFTER = "hang_after"
    SLOW = "slow"
    RESET = "reset"
    RESET_AFTER = "reset_after"
    RESET_IN_BODY = "reset_in_body"
    GARBAGE = "garbage"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """
    An answer; as a fault: given without processing the request.
    """

    status: int = 200
    body: bytes = b"ok"
    headers: Mapping[str, str] = field(default_factory=dict)


class Faults(Protocol):
    """
    Says for every request how it goes wrong; None when it does not.
    """

    def __call__(self) -> Fault | Reply | None: ...


class Script:
    """
    One after the other of *faults*, and none from then on (the last one for ever if it *stays*).
    """

    def __init__(self, faults: Iterable[Fault | Reply | None], *, stays: bool = False) -> None:
        self._faults = list(faults)
        self._stays = stays

    def __call__(self) -> Fault | Reply | None:
        if not self._faults:
            return None
        return self._faults[0] if self._stays and len(self._faults) == 1 else self._faults.pop(0)


class Chance:
    """
    Any of *faults* for a *share* of the requests, the same ones for the same *seed*.
    """

    def __init__(self, seed: int, faults: Iterable[Fault | Reply], *, share: float = 0.5) -> None:
        self._random = random.Random(seed)
        self._faults = tuple(faults)
        self._share = share

    def __call__(self) -> Fault | Reply | None:
        return self._random.choice(self._faults) if self._random.random() < self._share else None


def never() -> None:
    """
    Let nothing go wrong.
    """


def always(fault: Fault | Reply) -> Script:
    """
    Let every request go wrong in one way.
    """
    return Script([fault], stays=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Received:
    """
    A request as it came.

    *target* is its path and query as sent, *arrived* is of the monotonic clock, *processed* if acted on.
    """

    method: str
    target: str
    path: str
    query: str
    headers: Mapping[str, str]
    body: bytes
    arrived: float
    processed: bool

    @property
    def json(self) -> Any:
        """
        The body as strict JSON.
        """
        return json.loads(self.body.decode("utf-8"), parse_constant=_refuse)


class Receiver:
    """
    Answers 200 to everything; others build on it by ``process``.

    *faults* may be replaced at any time. *requests* is the log of all, *arrived* is set with the first of them.
    """

    def __init__(self, *, tls: ssl.SSLContext | None = None, port: int = 0) -> None:
        self.requests: list[Received] = []
        self.arrived = asyncio.Event()
        self._stopping = asyncio.Event()
        self.faults: Faults = never
        self._tls = tls
        self._port = port
        self._runner: web.AppRunner | None = None

    @property
    def url(self) -> str:
        """
        The address, without a path.
        """
        return f"{'https' if self._tls else 'http'}://127.0.0.1:{self._port}"

    @property
    def processed(self) -> list[Received]:
        """
        The requests that the fake acted on.
        """
        return [each for each in self.requests if each.processed]

    def process(self, received: Received) -> Reply:
        """
        Act on a request; what a fake of a real thing overrides.
        """
        return Reply()

    async def start(self) -> None:
        """
        Listen, on the same port after every ``stop``.
        """
        self._stopping.clear()
        app = web.Application(client_max_size=_MAX_BODY_BYTES)
        app.router.add_route("*", "/{path:.*}", self._handle)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=_SHUTDOWN_SECONDS)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", self._port, ssl_context=self._tls, reuse_address=True).start()
        self._port = self._runner.addresses[0][1]

    async def stop(self) -> None:
        """
        End every connection, and refuse new ones; the log stays.
        """
        runner, self._runner = self._runner, None
        self._stopping.set()
        if runner is not None:
            await runner.cleanup()

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(
        self, _type: type[BaseException] | None, _error: BaseException | None, _traceback: TracebackType | None
    ) -> None:
        await self.stop()

    async def _handle(self, request: web.Request) -> web.StreamResponse:
        arrived, fault = time.monotonic(), self.faults()
        body = await request.read()
        is_lost = isinstance(fault, Reply) or fault in {Fault.HANG_BEFORE, Fault.RESET, Fault.GARBAGE}
        received = Received(
            method=request.method,
            target=request.raw_path,
            path=request.path,
            query=request.query_string,
            headers=request.headers.copy(),
            body=body,
            arrived=arrived,
            processed=not is_lost,
        )
        self.requests.append(received)
        self.arrived.set()
        reply = fault if isinstance(fault, Reply) else Reply() if is_lost else self.process(received)
        if isinstance(fault, Fault):
            return await self._go_wrong(request, fault, reply)
        return web.Response(status=reply.status, body=reply.body, headers=reply.headers)

    async def _go_wrong(self, request: web.Request, fault: Fault, reply: Reply) -> web.StreamResponse:
        # uvloop's are of none of asyncio's classes.
        transport = cast("asyncio.WriteTransport", request.transport)
        if fault in {Fault.HANG_BEFORE, Fault.HANG_AFTER}:
            await self._stopping.wait()
            _reset(transport)
        if fault is Fault.GARBAGE:
            transport.write(b"\x16\x03\x01 220 smtp.example ESMTP ready\r\n\r\n")
            transport.close()
        if fault in {Fault.RESET, Fault.RESET_AFTER}:
            _reset(transport)
        if fault not in {Fault.SLOW, Fault.RESET_IN_BODY}:
            return web.Response()
        response = web.StreamResponse(status=reply.status, headers={**reply.headers, "Content-Length": "100000"})
        await response.prepare(request)
        with suppress(ConnectionError):
            await response.write(reply.body[: len(reply.body) // 2])
            await asyncio.sleep(_DRIP_SECONDS)
            if fault is Fault.RESET_IN_BODY:
                _reset(transport)
                return response
            while not self._stopping.is_set():
                await response.write(b" ")
                await asyncio.sleep(_DRIP_SECONDS)
        return response


def _reset(transport: asyncio.WriteTransport) -> None:
    transport.get_extra_info("socket").setsockopt(SOL_SOCKET, SO_LINGER, struct.pack("ii", 1, 0))
    transport.abort()


def _refuse(constant: str) -> None:
    raise ValueError(f"{constant} is no JSON")
