"""
What the reader of some documents hears of their creation.
"""

from collections.abc import AsyncIterator, Collection, Sequence
from contextlib import asynccontextmanager

from monitor.appwrite.errors import AppwriteError
from monitor.appwrite.frames import Event
from monitor.appwrite.realtime import Subscription, subscribe
from monitor.appwrite.rest import Client
from monitor.core.errors import CheckFailed
from monitor.listening.deliveries import Arrival

# What may not be read answers as if it were not there.
_UNSEEN = frozenset({"document_not_found", "row_not_found"})


@asynccontextmanager
async def receive(
    client: Client, collections: Sequence[str], document_ids: Collection[str]
) -> AsyncIterator["Reception"]:
    """
    Hold a socket on which *client* hears of these documents, of one of these collections each.
    """
    channels = [client.family.channel(client.run.target.database, each) for each in collections]
    wanted = frozenset(document_ids)

    def is_ours(event: Event) -> bool:
        return event.payload.get("$id") in wanted and not set(channels).isdisjoint(event.channels)

    async with subscribe(client, channels, run=client.run, keeps=is_ours, naming=wanted) as socket:
        yield Reception(client, socket)


class Reception:
    """
    The *arrivals* so far. A socket that ends is no error here: *ended* says how, and nothing more is heard.
    """

    def __init__(self, client: Client, socket: Subscription) -> None:
        self.user_id = socket.user_id
        self.arrivals: list[Arrival] = []
        self.ended: CheckFailed | None = None
        self._client = client
        self._socket = socket

    def has_heard(self, document_ids: Collection[str]) -> bool:
        """
        Return whether all of these were heard of.
        """
        return {arrival.document_id for arrival in self.arrivals}.issuperset(document_ids)

    async def hear(self, document_ids: Collection[str], *, until_seconds: float) -> bool:
        """
        Return whether all of these were heard of when the run is *until_seconds* old, as soon as they were.
        """
        while not self.has_heard(document_ids):
            if not await self._next(until_seconds):
                return False
        return True

    async def listen(self, *, until_seconds: float) -> None:
        """
        Listen until the run is so old, whatever comes; at least take in what has come.
        """
        while await self._next(until_seconds):
            pass

    async def can_read(self, collection: str, document_id: str) -> bool:
        """
        Return whether the reader can read a document over REST.
        """
        try:
            await self._client.get_document(collection, document_id)
        except AppwriteError as error:
            if error.type in _UNSEEN:
                return False
            raise
        return True

    async def _next(self, until_seconds: float) -> bool:
        try:
            event = await self._socket.next_event(max(0.0, until_seconds - self._client.run.elapsed_seconds()))
        except TimeoutError:
            return False
        except CheckFailed as error:
            self.ended = error
            return False
        if _is_creation(event):
            arrival = Arrival(document_id=str(event.payload["$id"]), received_seconds=event.received_seconds)
            self.arrivals.append(arrival)
        return True


def _is_creation(event: Event) -> bool:
    # The first name is the most telling, and ends in what was done. A platform may change what it sees created.
    return event.events[:1] != () and event.events[0].endswith(".create")
