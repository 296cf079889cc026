"""
How bytes reach the target: the seam between what is asked and the library that carries it.

A transport measures the phases of every exchange, bounds every wait and every body, and raises ``CheckFailed``
(``dns``, ``tls``, ``connection``, ``timeout``, ``protocol``) or ``OwnFault`` instead of a library's errors.
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from monitor.core.cost import Bucket
from monitor.core.outcome import Phase

# 1 MiB: far above any answer a check reads, far below what could hurt this process.
MAX_BODY_BYTES = 1 << 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """
    One HTTP request. *timeout_seconds* covers everything from the name to the last byte of the body.

    *fresh* opens a connection of its own, so that dns, connect and tls are measured; otherwise a kept one may serve.
    *counts_as* says against which of its limits Appwrite counts it, if any: the transport keeps below that.
    """

    method: str
    url: str
    timeout_seconds: float
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes | None = None
    fresh: bool = True
    counts_as: Bucket | None = None
    verify_tls: bool = True
    max_body_bytes: int = MAX_BODY_BYTES


@dataclass(frozen=True, slots=True, kw_only=True)
class Response:
    """
    One answer, read to its end. Header names are lower case; of a header sent twice the values are joined by ``, ``.
    """

    status: int
    headers: Mapping[str, str]
    body: bytes
    phases: Mapping[Phase, float]
    certificate_expires_at: datetime | None = None


class Socket(Protocol):
    """
    One open WebSocket.
    """

    @property
    def phases(self) -> Mapping[Phase, float]:
        """
        Seconds for dns, connect, tls and upgrade.
        """

    @property
    def close_code(self) -> int | None:
        """
        How the socket ended: 1006 when TCP ended without a close frame, None while it is open.
        """

    def heed(self, wants: Callable[[str], bool]) -> None:
        """
        Drop from here on, as they come, the text frames that *wants* does not: nobody is woken for them.
        """

    async def receive(self, timeout_seconds: float | None) -> str | None:
        """
        Return the next text frame, or None when the socket has ended; raise ``TimeoutError`` after the wait, if any.
        """

    async def send(self, text: str) -> None:
        """
        Send one text frame; raise ``CheckFailed`` (``connection``) when the socket has ended.
        """

    async def ping(self, timeout_seconds: float) -> float:
        """
        Send a control ping; return the seconds until its pong, raise ``TimeoutError`` after the wait.
        """

    async def close(self) -> None:
        """
        End the socket; bounded, never raises, harmless when repeated.
        """


class Session(Protocol):
    """
    The exchanges of one identity: no cookie and no connection of another identity is ever used.
    """

    async def request(self, request: Request) -> Response:
        """
        Make one honest attempt; no retry, no redirect followed.
        """

    async def open_socket(self, url: str, *, headers: Mapping[str, str], timeout_seconds: float) -> Socket:
        """
        Open a WebSocket (``ws://`` or ``wss://``); a refusal is ``CheckFailed`` with the HTTP status in its evidence.
        """


class Transport(Protocol):
    """
    Sessions by identity, for the life of the process.
    """

    def session(self, identity: str) -> Session:
        """
        Return the session of *identity*, always the same one.
        """

    def at_close(self, closer: Callable[[], Awaitable[None]]) -> None:
        """
        Have *closer* called once when the transport is closed: for what is kept as long as its connections are.
        """

    async def close(self) -> None:
        """
        End every connection.
        """
