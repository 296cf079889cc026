"""
Raw TCP servers: each behaviour below is what one connection to it lives through.
"""

import asyncio
import base64
import hashlib
import ssl
import struct
import zlib
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from socket import SO_LINGER, SOL_SOCKET

Behaviour = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]

_MEBIBYTE = b" " * (1 << 20)
_HTML = b"<html><title>Welcome to nginx!</title></html>"


@asynccontextmanager
async def serving(behaviour: Behaviour, *, tls: ssl.SSLContext | None = None) -> AsyncIterator[int]:
    """
    Serve *behaviour* on a free port of loopback; yields the port, ends every connection in the end.
    """
    connections: set[asyncio.Task[None]] = set()

    async def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        connections.add(task)
        with suppress(OSError, asyncio.IncompleteReadError, asyncio.CancelledError):
            await behaviour(reader, writer)
        writer.transport.abort()
        connections.discard(task)

    server = await asyncio.start_server(connected, "127.0.0.1", 0, ssl=tls)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()
        for task in set(connections):
            task.cancel()
        await asyncio.gather(*connections, return_exceptions=True)


def answering(*parts: bytes) -> Behaviour:
    """
    Read the request, write *parts*, close in good order.
    """

    async def behave(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        for part in parts:
            writer.write(part)
            await writer.drain()
        writer.close()
        await writer.wait_closed()

    return behave


def http(body: bytes, *headers: str, status: str = "200 OK") -> bytes:
    """
    Return a well-formed answer.
    """
    lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(body)}", *headers, "", ""]
    return "\r\n".join(lines).encode() + body


def not_found_by_the_api() -> bytes:
    """
    Return what Appwrite's HTTP API answers to a path it does not know.
    """
    body = b'{"message":"Route not found","code":404,"type":"general_route_not_found","version":"1.9.6"}'
    return http(body, "Server: Appwrite", "Content-Type: application/json", status="404 Not Found")


async def silent(_reader: asyncio.StreamReader, _writer: asyncio.StreamWriter) -> None:
    """
    Accept, and say nothing.
    """
    await asyncio.Event().wait()


async def closing(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """
    Close without an answer.
    """
    await reader.readuntil(b"\r\n\r\n")
    writer.close()


async def answering_anything(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """
    Answer whatever comes first with plain HTTP.
    """
    await reader.read(1)
    writer.write(http(b"plain", status="400 Bad Request"))
    await writer.drain()


async def closing_at_once(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """
    Close before a word was said.
    """
    writer.close()


async def resetting(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """
    Reset the connection without an answer.
    """
    await reader.readuntil(b"\r\n\r\n")
    reset(writer)


async def resetting_in_the_body(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """
    Promise 100 bytes, send 10, and reset once the client must have them.
    """
    await reader.readuntil(b"\r\n\r\n")
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n" + b"x" * 10)
    await writer.drain()
    with suppress(TimeoutError):
        # The client sends nothing more: this only lets the ten bytes arrive before the reset.
        async with asyncio.timeout(0.05):
            await reader.read(1)
    reset(writer)


async def dripping(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """
    Promise 312 bytes of a body, and send one at a time, without end of the waiting.
    """
    await reader.readuntil(b"\r\n\r\n")
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 312\r\n\r\n")
    for _ in range(312):
        writer.write(b"x")
        await writer.drain()
        await asyncio.sleep(0.02)


async def endless_headers(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """
    Never come to the body.
    """
    await reader.readuntil(b"\r\n\r\n")
    writer.write(b"HTTP/1.1 200 OK\r\n")
    while True:
        writer.write(b"X-More: and more\r\n" * 100)
        await writer.drain()


async def endless_body(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """
    Send 10 MB.
    """
    await reader.readuntil(b"\r\n\r\n")
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 10485760\r\n\r\n")
    for _ in range(10):
        writer.write(_MEBIBYTE)
        await writer.drain()


def gzip_bomb(mebibytes: int) -> bytes:
    """
    Return an answer that is a thousand times greater once unpacked.
    """
    packer = zlib.compressobj(9, wbits=31)
    packed = b"".join([*(packer.compress(_MEBIBYTE) for _ in range(mebibytes)), packer.flush()])
    return http(packed, "Content-Type: application/json", "Content-Encoding: gzip")


def upgrading(*frames: bytes, then: Behaviour | None = None) -> Behaviour:
    """
    Answer 101 as a WebSocket server must, send raw *frames*, and then do as *then* does (default: close TCP).
    """

    async def behave(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        request = await reader.readuntil(b"\r\n\r\n")
        key = request.lower().partition(b"sec-websocket-key: ")[2].partition(b"\r\n")[0]
        start = request.lower().index(key)
        accept = hashlib.sha1(request[start : start + len(key)] + b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11")
        writer.write(
            b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            b"Sec-WebSocket-Accept: " + base64.b64encode(accept.digest()) + b"\r\n\r\n" + b"".join(frames)
        )
        await writer.drain()
        if then is not None:
            await then(reader, writer)

    return behave


def text_frame(text: str) -> bytes:
    """
    Return a server's text frame of at most 125 bytes.
    """
    payload = text.encode()
    assert len(payload) <= 125
    return bytes((0x81, len(payload))) + payload


def reset(writer: asyncio.StreamWriter) -> None:
    """
    Reset the connection instead of closing it.
    """
    writer.get_extra_info("socket").setsockopt(SOL_SOCKET, SO_LINGER, struct.pack("ii", 1, 0))
    writer.transport.abort()
