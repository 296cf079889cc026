"""
The server that every contender asks: ``python -m tests.bench.target`` prints its port as JSON and serves until its
stdin ends. A bare protocol, so that its own cost stays small beside what is measured.
"""

import asyncio
import json
import sys
from typing import cast

from monitor.app import run_loop

_BODY = b'{"name":"http","ping":1,"status":"pass","version":"1.9.6","filler":"%s"}' % (b"x" * 30)
_ANSWER = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s" % (len(_BODY), _BODY)


class _Answering(asyncio.Protocol):
    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        # uvloop's transports have no such ancestor.
        self._transport = cast(asyncio.Transport, transport)

    def data_received(self, data: bytes) -> None:
        # Every request is a GET without a body, small enough for one segment on loopback.
        if data.endswith(b"\r\n\r\n"):
            self._transport.write(_ANSWER)


async def _serve() -> None:
    server = await asyncio.get_running_loop().create_server(_Answering, "127.0.0.1", 0)
    print(json.dumps({"port": server.sockets[0].getsockname()[1]}), flush=True)
    await asyncio.to_thread(sys.stdin.read)
    server.close()


if __name__ == "__main__":
    run_loop(_serve())
