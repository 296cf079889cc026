"""
Notes what passes on its way to a server: the requests, by their bytes, so that upgrades to sockets pass as well.
"""

import asyncio
import re
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from itertools import dropwhile, takewhile
from urllib.parse import unquote_plus, urlsplit

_HEAD_END = b"\r\n\r\n"
_CHUNK_BYTES = 1 << 16
# What says who asks, and what for.
_TOLD = ("content-type", "upgrade")
_APPWRITE = "x-appwrite-"
# Made up anew in every run: ids of either side, and times.
_ID = re.compile(r"(?:synthetic-)?[0-9a-f]{20,26}|synthetic-[a-z0-9]{26}")
_TIME = re.compile(r"\d{4}-\d\d-\d\dT[0-9:.]+\+00:00")


@dataclass(frozen=True, slots=True, order=True)
class Asked:
    """
    One request: *address* with every id and time as ``*``, *headers* by name, the size of the body.
    """

    method: str
    address: str
    headers: tuple[str, ...]
    body_bytes: int


@dataclass(slots=True)
class Recording:
    """
    *requests* in the order of their arrival.
    """

    requests: list[Asked] = field(default_factory=list)

    @property
    def played(self) -> list[Asked]:
        """
        Those before the first removal.
        """
        return list(takewhile(_is_no_removal, self.requests))

    @property
    def removed(self) -> list[Asked]:
        """
        Those from the first removal on.
        """
        return list(dropwhile(_is_no_removal, self.requests))

    @property
    def sockets(self) -> list[Asked]:
        """
        Those that became sockets.
        """
        return [each for each in self.requests if "upgrade" in each.headers]


@asynccontextmanager
async def recording(origin: str) -> AsyncIterator[tuple[str, Recording]]:
    """
    Stand before the server at *origin*; yield the address to ask instead, and what is asked there.
    """
    recording, address = Recording(), urlsplit(origin)
    serving: set[asyncio.Task[None]] = set()

    def accept(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        forth = asyncio.open_connection(address.hostname, address.port)
        serving.add(asyncio.create_task(_serve(reader, writer, forth, recording)))

    server = await asyncio.start_server(accept, "127.0.0.1", 0)
    try:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}", recording
    finally:
        server.close()
        for task in serving:
            task.cancel()
        await asyncio.gather(*serving, return_exceptions=True)


async def _serve(
    reader: asyncio.StreamReader,
    writer: asyncio.StreamWriter,
    connecting: Coroutine[None, None, tuple[asyncio.StreamReader, asyncio.StreamWriter]],
    recording: Recording,
) -> None:
    answers, forth = await connecting
    try:
        # Whichever side ends first ends the other.
        ways = {
            asyncio.create_task(_note_and_pass(reader, forth, recording)),
            asyncio.create_task(_pass(answers, writer)),
        }
        try:
            await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for way in ways:
                way.cancel()
            await asyncio.gather(*ways, return_exceptions=True)
    finally:
        for each in (writer, forth):
            each.close()
            with suppress(ConnectionError):
                await each.wait_closed()


async def _note_and_pass(reader: asyncio.StreamReader, forth: asyncio.StreamWriter, recording: Recording) -> None:
    with suppress(asyncio.IncompleteReadError, ConnectionError):
        while True:
            head = await reader.readuntil(_HEAD_END)
            asked = _asked(head.decode())
            recording.requests.append(asked)
            forth.write(head + await reader.readexactly(asked.body_bytes))
            if "upgrade" in asked.headers:
                await _pass(reader, forth)
                return


async def _pass(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with suppress(ConnectionError):
        while chunk := await reader.read(_CHUNK_BYTES):
            writer.write(chunk)


def _is_no_removal(asked: Asked) -> bool:
    return asked.method != "DELETE"


def _asked(head: str) -> Asked:
    line, *fields = head.strip().split("\r\n")
    method, address, _ = line.split(" ")
    headers = {name.strip().lower(): value.strip() for name, _, value in (each.partition(":") for each in fields)}
    told = sorted(name for name in headers if name in _TOLD or name.startswith(_APPWRITE))
    return Asked(method, _plain(address), tuple(told), int(headers.get("content-length", 0)))


def _plain(address: str) -> str:
    return _TIME.sub("*", _ID.sub("*", unquote_plus(address)))
