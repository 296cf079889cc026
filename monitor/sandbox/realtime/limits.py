"""
How often somebody may connect, and speak once connected; enforced only where rate limits are.
"""

import asyncio

from monitor.core.clock import Clock
from monitor.sandbox.realtime.refusal import TOO_MANY, Refusal
from monitor.sandbox.state.limits import Counters

_CONNECTIONS = 128
_MESSAGES = 32
_SECONDS = 60


class ConnectionLimit:
    """
    At most 128 connections a minute from one address, whatever the project.
    """

    def __init__(self, clock: Clock) -> None:
        self._counters = Counters(clock)

    def count(self, peer: str) -> None:
        """
        Count a connection; raise ``Refusal`` for one too many, which is not counted.
        """
        if self._counters.use(f"realtime:{peer}", limit=_CONNECTIONS, seconds=_SECONDS).exceeded:
            raise Refusal(TOO_MANY, "Too many requests")


class MessageLimit:
    """
    At most 32 messages a minute on one connection.

    A real server looks at the counter when a message comes in, and counts it only afterwards: of a burst, all that
    came at once get through.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._window = 0
        self._count = 0

    def count(self) -> None:
        """
        Count the message that just came, once the loop has gone on; raise ``Refusal`` for one too many.
        """
        now = int(self._clock.now().timestamp())
        window = now - now % _SECONDS
        if window != self._window:
            self._window, self._count = window, 0
        if self._count >= _MESSAGES:
            raise Refusal(TOO_MANY, "Too many messages.")
        asyncio.get_running_loop().call_soon(self._add, window)

    def _add(self, window: int) -> None:
        if window == self._window:
            self._count += 1
