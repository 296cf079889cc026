"""
The socket of a realtime server: it ends without a close frame, so that clients see 1006, and takes no large frame.
"""

from aiohttp import WSCloseCode, web

from monitor.sandbox.protocol.answers import REALTIME, dump

# A larger frame ends the connection at once, with no frame in answer.
MAX_FRAME_BYTES = 64_000

# The text of errors 1003, 1008 and 1013 in production, where the true one is hidden.
MASKED = "Error: Server Error"


class RealtimeSocket(web.WebSocketResponse):
    """
    A server-side socket; ``prepare`` answers the handshake with 101.
    """

    def __init__(self) -> None:
        # Pings are answered by hand: a hanging server answers none.
        super().__init__(max_msg_size=MAX_FRAME_BYTES, autoping=False, compress=False)
        self.headers["Server"] = REALTIME
        self.headers["Sec-WebSocket-Version"] = "13"

    async def close(self, *, code: int = WSCloseCode.OK, message: bytes = b"", drain: bool = True) -> bool:
        """
        Answer the client's own closing; in any other case, such as a frame too large, just end the connection.
        """
        if code != WSCloseCode.OK and self._req is not None and self._req.transport is not None:
            self._req.transport.abort()
        return await super().close(code=code, message=message, drain=drain)


async def accept(request: web.Request) -> RealtimeSocket:
    """
    Answer the handshake with 101.
    """
    socket = RealtimeSocket()
    await socket.prepare(request)
    return socket


async def end_with_error(request: web.Request, socket: RealtimeSocket, *, code: int, message: str) -> None:
    """
    Send an ``error`` frame, then end the connection without a close frame.
    """
    await socket.send_str(error_frame(code, message))
    if request.transport is not None:
        request.transport.close()


def error_frame(code: int, message: str) -> str:
    """
    Return an ``error`` frame.
    """
    return dump({"type": "error", "data": {"code": code, "message": message}})
