"""
Opens sockets one after another.

40 clients connecting within milliseconds crash a real server's realtime workers, and with them the sockets of its
customers. So each socket holds the gate until its first frame, but never longer than a quarter of a second in all: a
server that hangs must not keep the other checks from finding that out, and four a second crash nobody. Where first
frames come at once, as from a server near by, a pause is kept all the same.
"""

import asyncio

_MAX_HOLD_SECONDS = 0.25
_PAUSE_SECONDS = 0.02


class Gate:
    """
    Lets one socket in at a time.
    """

    def __init__(self) -> None:
        self._lock = asyncio.Lock()
        self._opens_at = 0.0

    async def enter(self) -> "Pass":
        """
        Wait for the turn; the pass must be left, and leaves by itself after a moment.
        """
        await self._lock.acquire()
        loop = asyncio.get_running_loop()
        try:
            await asyncio.sleep(self._opens_at - loop.time())
        except asyncio.CancelledError:
            self._lock.release()
            raise
        self._opens_at = loop.time() + _PAUSE_SECONDS
        return Pass(self._lock)


class Pass:
    """
    The turn of one socket.
    """

    def __init__(self, lock: asyncio.Lock) -> None:
        self._lock = lock
        self._held = True
        self._timer = asyncio.get_running_loop().call_later(_MAX_HOLD_SECONDS, self.leave)

    def leave(self) -> None:
        """
        Let the next socket in; harmless when repeated.
        """
        if self._held:
            self._held = False
            self._timer.cancel()
            self._lock.release()
