"""
Identities that must learn nothing of some documents, and what they learn all the same.

An event goes to whoever may read its document, whichever channel he asked for. So eavesdroppers ask for every form of
channel on which a creation may come: of all documents, of the collection, of the single documents, each with and
without the action, in all versions. What a version does not know, it accepts and leaves silent.
"""

from collections.abc import AsyncIterator, Collection, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass

from monitor.appwrite.errors import AppwriteError
from monitor.appwrite.family import every_channel
from monitor.appwrite.identities import roles_of
from monitor.appwrite.realtime import Subscription, subscribe
from monitor.appwrite.rest import Client
from monitor.core.errors import CheckFailed, MonitorError, OwnFault, fit
from monitor.core.outcome import Reason

# A proxy takes 8 kB of address and no more (recorded: 414); the rest is for host, path and project.
_MAX_CHARACTERS = 7_500
_CHANNEL_OVERHEAD = len("channels%5B%5D=&")


@dataclass(frozen=True, slots=True, kw_only=True)
class Leak:
    """
    That *identity*, perhaps a guest, learned of a document: from an event on these *channels*, or by REST if none.
    """

    identity: str
    is_guest: bool
    document_id: str
    channels: tuple[str, ...] = ()


@asynccontextmanager
async def eavesdrop(client: Client, collection: str, document_ids: Sequence[str]) -> AsyncIterator["Eavesdropper"]:
    """
    Hold the sockets on which *client* would hear of these documents.
    """
    wanted = frozenset(document_ids)
    async with AsyncExitStack() as stack:
        yield Eavesdropper(
            client,
            [
                await stack.enter_async_context(
                    subscribe(
                        client,
                        channels,
                        run=client.run,
                        keeps=lambda event: event.payload.get("$id") in wanted,
                        naming=wanted,
                    )
                )
                for channels in addresses(client.run.target.database, collection, document_ids)
            ],
        )


class Eavesdropper:
    """
    One identity; *leaks* is what it learned so far. A socket that ends is no error here: *ended* says how.
    """

    def __init__(self, client: Client, sockets: Sequence[Subscription]) -> None:
        self.identity = client.identity
        self.leaks: list[Leak] = []
        self.ended: CheckFailed | None = None
        self._client = client
        self._sockets = sockets
        self._user_id = sockets[0].user_id

    def demand_outsider(self, *, insiders: Collection[str | None], roles: Collection[str]) -> None:
        """
        Raise ``OwnFault`` when it is one of the users *insiders* (None: a guest), or holds one of the *roles* that may
        read: then it would be no leak.
        """
        own = {"any", "users", f"user:{self._user_id}"} if self._user_id else {"any", "guests"}
        if self._user_id in insiders or not own.isdisjoint(roles):
            raise self.let_in()

    async def holds_one_of(self, roles: Collection[str]) -> bool:
        """
        Return whether it holds one of *roles*, also by its teams, labels and verification; False when nobody can tell.
        """
        if self._user_id is None or not roles:
            return False
        try:
            held = await roles_of(self._client.run, self.identity, client=self._client)
        except MonitorError:
            return False
        return not held.isdisjoint(roles)

    def let_in(self) -> OwnFault:
        """
        Return the fault of a check that lets its own eavesdropper read.
        """
        text = f"the check itself lets eavesdropper {self.identity!r} ({self._user_id or 'a guest'}) read: name one"
        text = f"{text} that is neither writer nor reader and holds no role of readable_by"
        return OwnFault(fit(text), identity=self.identity)

    async def listen(self) -> None:
        """
        Take in what has come.
        """
        for socket in self._sockets:
            try:
                await self._take_all(socket)
            except TimeoutError:
                continue
            except CheckFailed as error:
                self.ended = error

    async def read(self, collection: str, document_id: str) -> None:
        """
        Try to read a document over REST: who can is as good as told.
        """
        try:
            await self._client.get_document(collection, document_id)
        except AppwriteError as error:
            if error.reason not in {Reason.NOT_FOUND, Reason.PERMISSION_MISSING}:
                raise
        else:
            self.leaks.append(self._leak(document_id))

    async def _take_all(self, socket: Subscription) -> None:
        while True:
            event = await socket.next_event(0.0)
            asked = tuple(channel for channel in event.channels if channel in socket.channels)
            self.leaks.append(self._leak(str(event.payload["$id"]), asked or event.channels))

    def _leak(self, document_id: str, channels: tuple[str, ...] = ()) -> Leak:
        return Leak(identity=self.identity, is_guest=self._user_id is None, document_id=document_id, channels=channels)


def addresses(database: str, collection: str, document_ids: Sequence[str]) -> tuple[tuple[str, ...], ...]:
    """
    Return every channel on which the creation of these documents may come, in groups that fit into one address each.
    """
    groups: list[list[str]] = [[]]
    characters = 0
    for channel in every_channel(database, collection, tuple(document_ids), actions=("create",)):
        characters += _CHANNEL_OVERHEAD + len(channel)
        if characters > _MAX_CHARACTERS:
            groups.append([])
            characters = _CHANNEL_OVERHEAD + len(channel)
        groups[-1].append(channel)
    return tuple(tuple(group) for group in groups)
