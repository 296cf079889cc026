"""
What kills the daemon whose request a receiver has.
"""

import asyncio
from collections.abc import Awaitable, Callable

from tests.delivery.plan import AT_REQUEST, Blow


class Ambush:
    """
    Waits for the request at which a daemon is to be killed.
    """

    def __init__(self) -> None:
        self.struck = asyncio.Event()
        self._blow: Blow | None = None
        self._kill: Callable[[], Awaitable[None]] | None = None
        self._left = 0

    def lay(self, blow: Blow, kill: Callable[[], Awaitable[None]]) -> None:
        """
        Wait for the request that *blow* names; then *kill*.
        """
        self._blow, self._kill, self._left = blow, kill, blow.number
        self.struck.clear()

    def lift(self) -> None:
        """
        Wait no more.
        """
        self._blow = None

    def sees(self, transition: str) -> Blow | None:
        """
        Count a request; return the blow if this is the one.
        """
        blow = self._blow
        if blow is None or blow.moment not in AT_REQUEST or blow.transition not in {"", transition}:
            return None
        self._left -= 1
        if self._left:
            return None
        self.lift()
        return blow

    async def strike(self, *, after_seconds: float = 0.0) -> None:
        """
        Kill.
        """
        await asyncio.sleep(after_seconds)
        assert self._kill is not None
        await self._kill()
        self.struck.set()
