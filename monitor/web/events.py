"""
What changes, as it changes, for whoever listens: server-sent events.

A change is sent at once, and the next of the same check not before a second has passed. Whoever does not read fast
enough is dropped: his browser comes back, and begins with what is then.
"""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager

import structlog

log = structlog.get_logger()

MOST_LISTENERS = 64
# Between two events of the same check.
APART_SECONDS = 1.0
# What waits for one listener: as much as a thousand checks say in a few seconds.
_MOST_WAITING_BYTES = 2 << 20
_HEARTBEAT_SECONDS = 15.0
HEARTBEAT = b": still here\n\n"

# What there is to tell of the event whose name and subject are given, as JSON; None when there is nothing any more.
Render = Callable[[str, str], Awaitable[bytes | None]]


class FullError(Exception):
    """
    So many listen that nobody else can.
    """


class Listener:
    """
    What waits for one who listens. *is_slow* once it was too much; then, as at the end of all, it *is_over*.
    """

    def __init__(self) -> None:
        self._waiting: deque[bytes] = deque()
        self._bytes = 0
        self._news = asyncio.Event()
        self.is_slow = False
        self.is_over = False

    def tell(self, message: bytes) -> None:
        """
        Have *message* wait; with too much of it, nothing more is sent.
        """
        self._bytes += len(message)
        self._waiting.append(message)
        if self._bytes > _MOST_WAITING_BYTES:
            self.is_slow = True
            self.end()
        self._news.set()

    def end(self) -> None:
        """
        Send nothing more.
        """
        self.is_over = True
        self._waiting.clear()
        self._news.set()

    async def next(self) -> bytes | None:
        """
        Wait for what there is to send and return it, or a sign of life when there is nothing; None when it is over.
        """
        try:
            async with asyncio.timeout(_HEARTBEAT_SECONDS):
                await self._news.wait()
        except TimeoutError:
            return HEARTBEAT
        self._news.clear()
        if self.is_over:
            return None
        messages, self._bytes = b"".join(self._waiting), 0
        self._waiting.clear()
        return messages


class Events:
    """
    Tells all listeners what changes, as *render* words it. ``run`` it as long as somebody may listen.
    """

    def __init__(self, render: Render, *, monotonic: Callable[[], float]) -> None:
        self._render = render
        self._monotonic = monotonic
        self._listeners: set[Listener] = set()
        # What has changed and was not told yet, by event and subject; and when each was told last.
        self._changed: dict[tuple[str, str], None] = {}
        self._told_at: dict[tuple[str, str], float] = {}
        self._news = asyncio.Event()
        self._is_closed = False

    @contextmanager
    def listener(self) -> Iterator[Listener]:
        """
        Give one who listens; raise ``FullError`` when too many do already.
        """
        if len(self._listeners) >= MOST_LISTENERS or self._is_closed:
            raise FullError
        listener = Listener()
        self._listeners.add(listener)
        try:
            yield listener
        finally:
            self._listeners.discard(listener)

    def note(self, event: str, subject: str = "") -> None:
        """
        Have told that *subject* has changed.
        """
        if self._listeners:
            self._changed[event, subject] = None
            self._news.set()

    def close(self) -> None:
        """
        Let all listeners go.
        """
        self._is_closed = True
        for listener in self._listeners:
            listener.end()

    async def run(self) -> None:
        """
        Tell, for ever.
        """
        while True:
            await self._news.wait()
            self._news.clear()
            try:
                await self._tell_due()
            except Exception:  # what cannot be told must not keep the rest from being told
                log.exception("events.not_told")
            if self._changed:
                # Something of it was told within the last second.
                await asyncio.sleep(self._wait_seconds())
                self._news.set()

    async def _tell_due(self) -> None:
        now = self._monotonic()
        self._told_at = {key: at for key, at in self._told_at.items() if now - at < APART_SECONDS}
        for key in [key for key in self._changed if key not in self._told_at]:
            del self._changed[key]
            self._told_at[key] = now
            if not self._listeners:
                continue
            if data := await self._render(*key):
                message = worded(key[0], data)
                for listener in tuple(self._listeners):
                    listener.tell(message)
            # A thousand of them would hold the loop.
            await asyncio.sleep(0)

    def _wait_seconds(self) -> float:
        now = self._monotonic()
        due = (self._told_at[key] + APART_SECONDS - now for key in self._changed if key in self._told_at)
        return max(0.0, min(due, default=0.0))


def worded(event: str, data: bytes) -> bytes:
    """
    Return *event* with *data*, which is JSON in one line, as it goes over the wire.
    """
    return b"event: %s\ndata: %s\n\n" % (event.encode(), data)
