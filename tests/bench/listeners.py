"""
Many sockets on one sandbox, and who writes: ``python -m tests.bench.listeners``.

Reads ``{"place": {…}, "documents": 5000, "sockets": 500}`` from stdin (*place*: what ``monitor sandbox --json`` says),
answers when all is there; then reads ``{"writes": 30}`` and answers with the seconds that each write took to reach the
last socket. Bare protocols, so that what is measured is the sandbox.
"""

import asyncio
import json
import sys
import time
from collections.abc import Callable, Mapping
from typing import Any, cast
from urllib.parse import urlsplit

import aiohttp

from monitor.app import run_loop

_COLLECTION = "chat_messages"
_WRITERS = 8
_WAIT_SECONDS = 30.0
_HANDSHAKE = (
    "GET /v1/realtime?project={project}&channels[]={channel} HTTP/1.1\r\nHost: {host}\r\nConnection: Upgrade\r\n"
    "Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
)
_TWO_BYTES_FOLLOW = 126


class Socket(asyncio.Protocol):
    """
    One socket; calls *heard* for every frame after ``connected``.
    """

    def __init__(self, opening: bytes, heard: Callable[[], None]) -> None:
        self.connected = asyncio.get_running_loop().create_future()
        self._opening = opening
        self._heard = heard
        self._read = bytearray()
        self._upgraded = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """
        Ask for the upgrade.
        """
        cast(asyncio.Transport, transport).write(self._opening)

    def data_received(self, data: bytes) -> None:
        """
        Take the frames that are whole.
        """
        self._read += data
        if not self._upgraded:
            head, _, rest = bytes(self._read).partition(b"\r\n\r\n")
            self._upgraded = head.startswith(b"HTTP/1.1 101") and len(head) + 4 <= len(self._read)
            if not self._upgraded:
                return
            self._read = bytearray(rest)
        while (length := _first_frame_bytes(self._read)) and length <= len(self._read):
            frame = bytes(self._read[:length])
            del self._read[:length]
            if self.connected.done() and b'{"type":"event"' in frame:
                self._heard()
            elif b'{"type":"connected"' in frame:
                self.connected.set_result(None)

    def connection_lost(self, exc: Exception | None) -> None:
        """
        Nobody waits for ever.
        """
        if not self.connected.done():
            self.connected.set_exception(exc or ConnectionError("closed before it was connected"))


class Listeners:
    """
    All sockets, and the session that writes.
    """

    def __init__(self, place: Mapping[str, str], session: aiohttp.ClientSession) -> None:
        self._place = place
        self._session = session
        self._missing = 0
        self._all_heard = asyncio.Event()
        self._url = f"{place['endpoint']}/databases/{place['database']}/collections/{_COLLECTION}/documents"

    async def write(self) -> None:
        """
        Write one document that everybody may read.
        """
        data = {"sessionId": "bench", "senderId": "bench", "text": "x" * 200}
        body = {"documentId": "unique()", "data": data, "permissions": ['read("any")']}
        headers = {"X-Appwrite-Project": self._place["project"], "X-Appwrite-Key": self._place["api_key"]}
        async with self._session.post(self._url, json=body, headers=headers) as response:
            assert response.status == 201, await response.text()

    async def fill(self, documents: int) -> None:
        """
        Write many documents, some at a time.
        """

        async def write(count: int) -> None:
            for _ in range(count):
                await self.write()

        await asyncio.gather(*(write(documents // _WRITERS) for _ in range(_WRITERS)))

    async def open(self, sockets: int) -> None:
        """
        Open the sockets, one after another: together they would be refused here and there.
        """
        address = urlsplit(self._place["endpoint"])
        channel = f"databases.{self._place['database']}.collections.{_COLLECTION}.documents"
        opening = _HANDSHAKE.format(project=self._place["project"], channel=channel, host=address.netloc).encode()
        host, port, loop = address.hostname or "", address.port or 80, asyncio.get_running_loop()
        for _ in range(sockets):
            _, socket = await loop.create_connection(lambda: Socket(opening, self._heard), host, port)
            await socket.connected

    async def time_write(self, sockets: int) -> float:
        """
        Write once; return the seconds until all have heard of it.
        """
        self._missing = sockets
        self._all_heard.clear()
        started = time.perf_counter()
        writing = asyncio.create_task(self.write())
        async with asyncio.timeout(_WAIT_SECONDS):
            await self._all_heard.wait()
        seconds = time.perf_counter() - started
        await writing
        return seconds

    def _heard(self) -> None:
        self._missing -= 1
        if self._missing == 0:
            self._all_heard.set()


def _first_frame_bytes(read: bytearray) -> int:
    """
    How long the first frame is, header included; 0 when that is not known yet.
    """
    if len(read) < 2:
        return 0
    length = read[1]
    if length < _TWO_BYTES_FOLLOW:
        return 2 + length
    size = 2 if length == _TWO_BYTES_FOLLOW else 8
    return 2 + size + int.from_bytes(read[2 : 2 + size]) if len(read) >= 2 + size else 0


async def _listen() -> None:
    async with aiohttp.ClientSession() as session:
        question: dict[str, Any] = json.loads(await asyncio.to_thread(sys.stdin.readline))
        listeners, sockets = Listeners(question["place"], session), question["sockets"]
        await listeners.fill(question["documents"])
        await listeners.open(sockets)
        print(json.dumps({"ready": True}), flush=True)
        while line := await asyncio.to_thread(sys.stdin.readline):
            seconds = [await listeners.time_write(sockets) for _ in range(json.loads(line)["writes"])]
            print(json.dumps({"seconds": seconds}), flush=True)


if __name__ == "__main__":
    run_loop(_listen())
