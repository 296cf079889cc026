"""
One open WebSocket, on aiohttp.
"""

import asyncio
from collections import deque
from collections.abc import Callable, Mapping
from contextlib import suppress
from itertools import count

import aiohttp
from aiohttp import WSMsgType

from monitor.appwrite.failures import failed
from monitor.appwrite.gate import Pass
from monitor.appwrite.phases import now
from monitor.appwrite.window import Window
from monitor.core.outcome import Phase, Reason

_CLOSE_SECONDS = 1.0
_NORMAL_CLOSURE = 1000
_NO_STATUS = 1005
_ABNORMAL_CLOSURE = 1006
# Text that nobody fetched; beyond it we stop reading, and TCP holds the server back.
_MAX_BUFFERED_CHARACTERS = 1 << 20


class AiohttpSocket:
    """
    A socket that reads by itself, so that pongs, pings and the end are noticed while nobody receives.
    """

    def __init__(
        self,
        socket: aiohttp.ClientWebSocketResponse,
        *,
        phases: Mapping[Phase, float],
        turn: Pass,
        messages: Window | None,
    ) -> None:
        self.phases = phases
        self.close_code: int | None = None
        self._socket = socket
        self._turn = turn
        self._messages = messages
        self._texts: deque[str] = deque()
        self._buffered = 0
        self._arrived = asyncio.Event()
        self._fetched = asyncio.Event()
        self._pongs: dict[bytes, asyncio.Future[None]] = {}
        self._ping_numbers = count()
        self._wants: Callable[[str], bool] = lambda _: True
        self._reader = asyncio.create_task(self._read(), name="socket-reader")

    def heed(self, wants: Callable[[str], bool]) -> None:
        self._wants = wants

    async def receive(self, timeout_seconds: float | None) -> str | None:
        if not self._texts:
            async with asyncio.timeout(timeout_seconds):
                await self._arrived.wait()
        if not self._texts:
            return None
        text = self._texts.popleft()
        self._buffered -= len(text)
        self._fetched.set()
        if not self._texts and self.close_code is None:
            self._arrived.clear()
        return text

    async def send(self, text: str) -> None:
        if self._messages is not None:
            self._messages.spend()
        try:
            await self._socket.send_str(text)
        except (aiohttp.ClientError, OSError) as error:
            # Whoever writes may learn of the end before the reader does: then it was no proper one.
            code = _ABNORMAL_CLOSURE if self.close_code is None else self.close_code
            raise failed(
                Reason.CONNECTION, "the socket has ended, the message was not sent", close_code=code
            ) from error

    async def ping(self, timeout_seconds: float) -> float:
        number = str(next(self._ping_numbers)).encode()
        pong = self._pongs[number] = asyncio.get_running_loop().create_future()
        started = now()
        try:
            async with asyncio.timeout(timeout_seconds):
                with suppress(aiohttp.ClientError, OSError):
                    await self._socket.ping(number)
                # On an ended socket no pong comes: that is the timeout's business.
                await pong
        finally:
            del self._pongs[number]
        return now() - started

    async def close(self) -> None:
        self._turn.leave()
        if self.close_code is None:
            self.close_code = _NORMAL_CLOSURE
        self._reader.cancel()
        # In a task of its own: whoever is cancelled while he closes would leave the socket open for ever.
        closing = asyncio.create_task(self._close(), name="socket-closer")
        try:
            await asyncio.shield(closing)
        finally:
            await asyncio.wait({closing})

    async def _close(self) -> None:
        await asyncio.wait({self._reader}, timeout=_CLOSE_SECONDS)
        with suppress(aiohttp.ClientError, OSError):
            async with asyncio.timeout(_CLOSE_SECONDS):
                await self._socket.close()

    async def _read(self) -> None:
        try:
            with suppress(aiohttp.ClientError, OSError):
                while await self._take(await self._socket.receive()):
                    while self._buffered > _MAX_BUFFERED_CHARACTERS:
                        self._fetched.clear()
                        await self._fetched.wait()
        finally:
            self._end(_ABNORMAL_CLOSURE)

    async def _take(self, message: aiohttp.WSMessage) -> bool:
        if message.type is WSMsgType.TEXT:
            self._keep(str(message.data))
        elif message.type is WSMsgType.BINARY:
            # Appwrite sends none; as text it reaches whoever can say that it is no JSON.
            self._keep(message.data.decode("utf-8", "replace"))
        elif message.type is WSMsgType.PING:
            await self._socket.pong(message.data)
        elif message.type is WSMsgType.PONG:
            pong = self._pongs.get(bytes(message.data))
            if pong is not None and not pong.done():
                pong.set_result(None)
        else:
            self._end(_code(message))
            return False
        return True

    def _end(self, code: int) -> None:
        # aiohttp's own code turns into 1006 when TCP ends right behind the close frame, so the first one counts.
        if self.close_code is None:
            self.close_code = code
        self._turn.leave()
        self._arrived.set()

    def _keep(self, text: str) -> None:
        self._turn.leave()
        if not self._wants(text):
            return
        self._texts.append(text)
        self._buffered += len(text)
        self._arrived.set()


def _code(message: aiohttp.WSMessage) -> int:
    if message.type is WSMsgType.CLOSE:
        return int(message.data or _NO_STATUS)
    if message.type is WSMsgType.ERROR and isinstance(message.data, aiohttp.WebSocketError):
        return int(message.data.code)
    return _ABNORMAL_CLOSURE
