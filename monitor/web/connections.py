"""
How many may be connected, and how long one of them may say nothing before it first asks.
"""

import asyncio

from aiohttp import web

MOST_CONNECTIONS = 512
# From the connection, TLS included, to the end of the first request's headers.
FIRST_REQUEST_SECONDS = 15.0
# From the making of a protocol to the moment when it is connected.
_SETTLED_SECONDS = 1.0


class Connections:
    """
    Makes the protocol of each connection to *server*; ``note`` those on which something was asked.
    """

    def __init__(self, server: web.Server) -> None:
        self._server = server
        self._waits: dict[asyncio.BaseProtocol, asyncio.TimerHandle] = {}

    def __call__(self) -> asyncio.BaseProtocol:
        """
        Return the protocol of a new connection.
        """
        if len(self._server.connections) >= MOST_CONNECTIONS:
            return _Refusing()
        loop = asyncio.get_running_loop()
        if len(self._waits) >= 2 * MOST_CONNECTIONS:
            self._forget_closed(loop.time())
        protocol = self._server()
        self._waits[protocol] = loop.call_later(FIRST_REQUEST_SECONDS, self._give_up, protocol)
        return protocol

    def note(self, protocol: asyncio.BaseProtocol) -> None:
        """
        Take *protocol* for one that is used: from here on the limit for idle ones holds.
        """
        if wait := self._waits.pop(protocol, None):
            wait.cancel()

    def close(self) -> None:
        """
        Wait for nobody any more.
        """
        for protocol in tuple(self._waits):
            self.note(protocol)

    def _give_up(self, protocol: web.RequestHandler) -> None:
        self._waits.pop(protocol, None)
        protocol.force_close()

    def _forget_closed(self, now: float) -> None:
        for protocol, wait in tuple(self._waits.items()):
            is_settled = wait.when() - now < FIRST_REQUEST_SECONDS - _SETTLED_SECONDS
            if is_settled and not getattr(protocol, "connected", False):
                self.note(protocol)


class _Refusing(asyncio.Protocol):
    """
    Hangs up at once.
    """

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        if isinstance(transport, asyncio.Transport):
            transport.abort()
