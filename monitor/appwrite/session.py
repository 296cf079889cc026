"""
The exchanges of one identity on aiohttp: one attempt each, every wait and every size bounded.
"""

import asyncio
from collections.abc import Iterator, Mapping
from functools import cached_property

import aiohttp

from monitor.appwrite.budget import Budget
from monitor.appwrite.connections import Connections
from monitor.appwrite.failures import SPENT_SECONDS, failed, hung, place, timed_out, translate
from monitor.appwrite.gate import Gate, Pass
from monitor.appwrite.phases import Exchange, current_exchange, now
from monitor.appwrite.refusal import refused
from monitor.appwrite.web_socket import AiohttpSocket
from monitor.core.cost import Bucket, Limited
from monitor.core.duration import show_duration
from monitor.core.errors import CheckFailed, OwnFault
from monitor.core.outcome import Reason
from monitor.core.transport import Request, Response

_MAX_FRAME_BYTES = 1 << 20
_CONNECT = Bucket(what=Limited.CONNECTS)
# Appwrite drops TCP without a close frame of its own: there is nothing to wait for.
_SOCKET_CLOSE_SECONDS = 0.1


class AiohttpSession:
    """
    The exchanges of one identity.
    """

    def __init__(self, *, connections: Connections, gate: Gate, budget: Budget | None) -> None:
        self._connections = connections
        self._gate = gate
        self._budget = budget

    async def request(self, request: Request) -> Response:
        if request.counts_as is not None and self._budget is not None:
            self._budget.spend(request.counts_as)
        started = now()
        # A kept connection is there until the connector opens one, and nothing is known of it but the answer.
        exchange = Exchange(started=started, reused=not request.fresh, sent=None if request.fresh else started)
        token = current_exchange.set(exchange)
        try:
            async with asyncio.timeout(request.timeout_seconds):
                return await self._exchange(request, exchange)
        except TimeoutError as error:
            where = place(request.method, request.url)
            raise timed_out(where, exchange, request.timeout_seconds) from error
        except (aiohttp.ClientError, OSError) as error:
            raise translate(error, place(request.method, request.url), exchange) from error
        finally:
            current_exchange.reset(token)

    async def open_socket(self, url: str, *, headers: Mapping[str, str], timeout_seconds: float) -> AiohttpSocket:
        if self._budget is not None:
            self._budget.spend(_CONNECT)
        deadline = now() + timeout_seconds
        where = place("socket", url)
        turn = await self._turn(where, timeout_seconds)
        left = deadline - now()
        exchange = Exchange(started=now())
        token = current_exchange.set(exchange)
        try:
            async with asyncio.timeout(left):
                return await self._upgrade(url, headers, exchange, turn)
        except TimeoutError as error:
            raise timed_out(where, exchange, left) from error
        except aiohttp.WSServerHandshakeError as error:
            raise await refused(error, url, headers=headers, session=self, until=deadline) from error
        except (aiohttp.ClientError, OSError) as error:
            raise translate(error, where, exchange) from error
        finally:
            current_exchange.reset(token)

    @cached_property
    def _fresh(self) -> aiohttp.ClientSession:
        return self._connections.client(fresh=True)

    @cached_property
    def _kept(self) -> aiohttp.ClientSession:
        return self._connections.client(fresh=False)

    async def _exchange(self, request: Request, exchange: Exchange) -> Response:
        client = self._fresh if request.fresh else self._kept
        response = await client.request(
            request.method,
            request.url,
            headers=request.headers,
            data=request.body,
            allow_redirects=False,
            ssl=self._connections.tls(verify=request.verify_tls) if request.url.startswith("https") else True,
        )
        exchange.answered = exchange.answered or now()
        try:
            expires_at = exchange.certificate_expires_at()
            body = await _read_body(response, request, exchange)
        finally:
            response.close()
        return Response(
            status=response.status,
            headers=_Headers(response.headers),
            body=body,
            phases=exchange.phases(),
            certificate_expires_at=expires_at,
        )

    async def _turn(self, where: str, timeout_seconds: float) -> Pass:
        try:
            # A turn that comes later leaves no time to open the socket, and the server would be blamed for it.
            async with asyncio.timeout(timeout_seconds - SPENT_SECONDS):
                return await self._gate.enter()
        except TimeoutError as error:
            if timeout_seconds < SPENT_SECONDS:
                raise hung(where, "no turn", within_seconds=timeout_seconds) from error
            limit = show_duration(round(timeout_seconds, 3))
            raise OwnFault(
                f"no turn to open a socket within {limit}, since they are opened one after another: "
                "run fewer socket checks at once, or give them more time"
            ) from error

    async def _upgrade(self, url: str, headers: Mapping[str, str], exchange: Exchange, turn: Pass) -> AiohttpSocket:
        opened = False
        try:
            socket = await self._fresh.ws_connect(
                url,
                headers=headers,
                ssl=self._connections.tls(verify=True) if url.startswith("wss") else True,
                # Our reader answers pings itself: aiohttp would swallow the pongs that ping() waits for.
                autoping=False,
                max_msg_size=_MAX_FRAME_BYTES,
                timeout=aiohttp.ClientWSTimeout(ws_close=_SOCKET_CLOSE_SECONDS),
            )
            opened = True
        finally:
            if not opened:
                turn.leave()
        return AiohttpSocket(
            socket,
            phases=exchange.phases(upgrade=True),
            turn=turn,
            messages=self._budget.messages() if self._budget is not None else None,
        )


async def _read_body(response: aiohttp.ClientResponse, request: Request, exchange: Exchange) -> bytes:
    chunks = []
    # aiohttp unpacks a compressed body only as fast as it is read here, so the bound holds for its unpacked size.
    while chunk := await response.content.readany():
        exchange.body_bytes += len(chunk)
        if exchange.body_bytes > request.max_body_bytes:
            raise _too_much(request, exchange)
        chunks.append(chunk)
    return b"".join(chunks)


def _too_much(request: Request, exchange: Exchange) -> CheckFailed:
    mebibytes = request.max_body_bytes / (1 << 20)
    limit = f"{mebibytes:g} MiB" if mebibytes >= 1 else f"{request.max_body_bytes} bytes"
    text = f"{place(request.method, request.url)} answered with more than {limit}: check that this is the right address"
    return failed(Reason.PROTOCOL, text, phase="body", **exchange.measured())


class _Headers(Mapping[str, str]):
    """
    The headers of an answer by their names in lower case, made when somebody asks: of most answers nobody does.
    """

    def __init__(self, headers: Mapping[str, str]) -> None:
        self._headers = headers

    @cached_property
    def _plain(self) -> Mapping[str, str]:
        plain: dict[str, str] = {}
        for name, value in self._headers.items():
            # What is not UTF-8 arrives as lone surrogates, which no log or store could take.
            text = value if value.isascii() else value.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
            lower = name.lower()
            plain[lower] = f"{plain[lower]}, {text}" if lower in plain else text
        return plain

    def __getitem__(self, name: str) -> str:
        return self._plain[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._plain)

    def __len__(self) -> int:
        return len(self._plain)
