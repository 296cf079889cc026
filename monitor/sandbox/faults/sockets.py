"""
What faults do to open sockets.
"""

import asyncio
from collections.abc import Collection
from typing import Protocol

from monitor.sandbox.faults.fault import Sockets


class Socket(Protocol):
    """
    One open socket.
    """

    def abort(self) -> None:
        """
        End it at once, without a close frame.
        """


class Hub(Protocol):
    """
    Whoever knows the open sockets and sends to them.
    """

    @property
    def connections(self) -> Collection[Socket]:
        """
        All that are open.
        """

    def hold(self) -> None:
        """
        Let everything wait that is to be sent.
        """

    def release(self) -> None:
        """
        Send what waited.
        """


class OpenSockets(Sockets):
    """
    The open sockets of a hub.
    """

    def __init__(self, hub: Hub) -> None:
        self._hub = hub
        self._holds = 0

    def drop(self, *, one_in: int = 1) -> None:
        """
        End all of them, or one in so many, at once and without a close frame.
        """
        for connection in tuple(self._hub.connections)[::one_in]:
            connection.abort()

    def drop_after(self, seconds: float) -> None:
        """
        End all those that are open after *seconds*; needs a running loop.
        """
        asyncio.get_running_loop().call_later(seconds, self.drop)

    def hold(self) -> None:
        """
        Let everything wait that is to be sent, on new sockets too, until as many calls of ``release``.
        """
        self._holds += 1
        self._hub.hold()

    def release(self) -> None:
        """
        Send what waited.
        """
        self._holds -= 1
        if not self._holds:
            self._hub.release()
