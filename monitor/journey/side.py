"""
One side of a journey: an identity with its own socket, what it hears, and what it can read.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping, Sequence, Set
from contextlib import asynccontextmanager
from dataclasses import dataclass

from monitor.appwrite import query
from monitor.appwrite.answers import Document
from monitor.appwrite.errors import AppwriteError
from monitor.appwrite.failures import failed
from monitor.appwrite.frames import Event
from monitor.appwrite.realtime import Subscription, subscribe
from monitor.appwrite.rest import Client
from monitor.core.errors import CheckFailed
from monitor.core.outcome import Reason
from monitor.core.redaction import excerpt
from monitor.journey.where import queries

# What a page loads at once, the newest first: a test therapist has no more bookings than that.
_PAGE = 100
# What may not be read answers as if it were not there.
_UNSEEN = frozenset({"document_not_found", "row_not_found"})
# Between two looks for what somebody else writes: short beside an objective of two seconds, and soon a second.
_FIRST_PAUSE_SECONDS = 0.05
_LONGEST_PAUSE_SECONDS = 0.5
_MOST_HEARD = 200
_SAID_CHARACTERS = 90

Fits = Callable[[Mapping[str, object]], bool]


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """
    A document that was waited for; at *absent_seconds* of the run it was looked for in vain, 0 if it never was.
    """

    document: Document
    absent_seconds: float


class Side:
    """
    What *client* does as ``customer`` or ``therapist`` (*name*). A socket that ends is no error here: *ended* says how.
    """

    def __init__(self, name: str, client: Client) -> None:
        self.name = name
        self.client = client
        self.user_id: str | None = None
        self.ended: CheckFailed | None = None
        self._socket: Subscription | None = None
        self._channels: Set[str] = frozenset()
        self._heard: list[Event] = []

    @property
    def is_guest(self) -> bool:
        """
        Whether it is nobody to the platform: what it may read anybody may, so nothing is shown to it alone.
        """
        return not self.client.credentials

    @property
    def saw(self) -> tuple[str, ...]:
        """
        The events heard so far, as ``bookings.create``.
        """
        return tuple(_name(event) for event in self._heard)

    @asynccontextmanager
    async def listening(self, channels: Sequence[str], tokens: Set[str], *, named: Set[str]) -> AsyncIterator[None]:
        """
        Hold a socket on *channels*; keep what has one of *tokens* among its values, which may become more.

        In the text of each of these stands one of *named*.
        """

        def is_ours(event: Event) -> bool:
            return any(isinstance(value, str) and value in tokens for value in event.payload.values())

        async with subscribe(self.client, channels, run=self.client.run, keeps=is_ours, naming=named) as socket:
            self._socket, self._channels, self.user_id = socket, frozenset(channels), socket.user_id
            yield

    def listens_to(self, collection: str) -> bool:
        """
        Return whether its socket, which has not ended, is subscribed to the documents of *collection*.
        """
        return self.ended is None and self._channel(collection) in self._channels

    async def ping(self) -> None:
        """
        Have the realtime process answer.
        """
        if self._socket is not None:
            await self._socket.ping(self.client.run.remaining_seconds())

    async def take_in(self) -> None:
        """
        Hear what has come by now.
        """
        while await self._next(0.0):
            pass

    async def hear(self, collection: str, fits: Fits, *, until_seconds: float) -> Event | None:
        """
        Return the first event of *collection* whose document *fits*, when it has come before the run is so old.
        """
        channel = self._channel(collection)
        seen = 0
        while True:
            for event in self._heard[seen:]:
                if channel in event.channels and fits(event.payload):
                    return event
            seen = len(self._heard)
            if not await self._next(until_seconds):
                return None

    async def read(self, collection: str, document_id: str) -> Document | None:
        """
        Return a document; None when it is not there, or not for this side.
        """
        try:
            return await self.client.get_document(collection, document_id)
        except AppwriteError as error:
            if error.type in _UNSEEN:
                return None
            raise

    async def find(self, collection: str, where: Mapping[str, object]) -> tuple[Document, ...]:
        """
        Return what the side's page shows: the newest documents that fit *where*.
        """
        shape = [query.order_desc("$createdAt"), query.limit(_PAGE)]
        try:
            return (await self.client.list_documents(collection, [*queries(where), *shape])).documents
        except AppwriteError as error:
            if error.type != "general_query_invalid":
                raise
            # The server says which of them there is not.
            said = excerpt(error.server_message, characters=_SAID_CHARACTERS)
            text = f"the {self.name}'s query of {collection!r} for {', '.join(where)} is refused: {said}"
            raise failed(Reason.SCHEMA, text, collection=collection, attributes=tuple(where)) from error

    async def await_one(
        self, collection: str, where: Mapping[str, object], *, until_seconds: float, mark_seconds: float | None = None
    ) -> Found | None:
        """
        Return what fits *where* as soon as there is one; None when there is none before the run is so old.

        One of the looks is at *mark_seconds*, so that what came before is told from what came after.
        """
        pause_seconds, run, absent_seconds = _FIRST_PAUSE_SECONDS, self.client.run, 0.0
        while True:
            looked_seconds = run.elapsed_seconds()
            if found := await self.find(collection, where):
                return Found(document=found[0], absent_seconds=absent_seconds)
            absent_seconds, now = looked_seconds, run.elapsed_seconds()
            left = min(until_seconds - now, run.remaining_seconds())
            if left <= 0:
                return None
            to_mark = mark_seconds - now if mark_seconds is not None and mark_seconds > now else left
            await asyncio.sleep(min(pause_seconds, left, to_mark))
            pause_seconds = min(2 * pause_seconds, _LONGEST_PAUSE_SECONDS)

    def _channel(self, collection: str) -> str:
        return self.client.family.channel(self.client.run.target.database, collection)

    async def _next(self, until_seconds: float) -> bool:
        if self._socket is None or self.ended is not None or len(self._heard) >= _MOST_HEARD:
            return False
        wait_seconds = min(until_seconds - self.client.run.elapsed_seconds(), self.client.run.remaining_seconds())
        try:
            self._heard.append(await self._socket.next_event(max(0.0, wait_seconds)))
        except TimeoutError:
            return False
        except CheckFailed as error:
            self.ended = error
            return False
        return True


def _name(event: Event) -> str:
    # databases.D.collections.C.documents.X.create
    parts = event.events[0].split(".") if event.events else []
    return f"{parts[3]}.{parts[-1]}" if len(parts) >= 7 else "?"
