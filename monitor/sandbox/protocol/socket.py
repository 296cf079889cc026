"""
The socket of a realtime server: it ends without a close frame, so that clients see 1006, and takes no large frame.
"""

import struct

from aiohttp import WSCloseCode, WSMsgType, web

from monitor.sandbox.protocol.answers import REALTIME, dump

# A larger frame ends the connection at once, with no frame in answer.
MAX_FRAME_BYTES = 64_000

# The text of errors 0, 500, 1003, 1008 and 1013 in production, where the true one is hidden.
MASKED = "Error: Server Error"

_LAST_FRAME = 0x80
_TWO_BYTES_FOLLOW, _EIGHT_BYTES_FOLLOW = 126, 127
# Close codes of applications and of the standard; Appwrite's others are HTTP statuses.
_SENDABLE = range(1000, 1014)


class RealtimeSocket(web.WebSocketResponse[bool]):
    """
    A server-side socket; ``prepare`` answers the handshake with 101. Texts arrive as bytes, be they UTF-8 or not.
    """

    def __init__(self) -> None:
        # Pings are answered by hand: a hanging server answers none.
        super().__init__(max_msg_size=MAX_FRAME_BYTES, autoping=False, compress=False, decode_text=False)
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
    Answer the handshake with 101; raise ``web.HTTPBadRequest`` when it is none.
    """
    socket = RealtimeSocket()
    await socket.prepare(request)
    return socket


async def end_with_error(
    request: web.Request, socket: RealtimeSocket, *, code: int, message: str, with_close_frame: bool = False
) -> None:
    """
    Send an ``error`` frame, then end the connection; a real server sends no close frame.
    """
    if request.transport is None or socket.closed:
        return
    request.transport.write(frame_of(error_frame(code, message).encode()))
    if with_close_frame:
        request.transport.write(close_frame(code))
    request.transport.close()


def error_frame(code: int, message: str) -> str:
    """
    Return the text of an ``error`` frame.
    """
    return dump({"type": "error", "data": {"code": code, "message": message}})


def frame_of(payload: bytes, *, kind: WSMsgType = WSMsgType.TEXT) -> bytes:
    """
    Return a whole frame as a server sends it: in one piece, not masked, not compressed.
    """
    first, length = _LAST_FRAME | kind, len(payload)
    if length < _TWO_BYTES_FOLLOW:
        return bytes((first, length)) + payload
    if length < 1 << 16:
        return struct.pack("!BBH", first, _TWO_BYTES_FOLLOW, length) + payload
    return struct.pack("!BBQ", first, _EIGHT_BYTES_FOLLOW, length) + payload


def close_frame(code: int) -> bytes:
    """
    Return a close frame for an Appwrite error: its own code where the wire knows it, else "policy" or "server error".
    """
    refused = WSCloseCode.POLICY_VIOLATION if 400 <= code < 500 else WSCloseCode.INTERNAL_ERROR
    return frame_of(struct.pack("!H", code if code in _SENDABLE else refused), kind=WSMsgType.CLOSE)
