"""
Several identities that listen at once, and which of the monitor's documents each of them hears of.
"""

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence, Set
from contextlib import AsyncExitStack, asynccontextmanager
from urllib.parse import quote_plus

from monitor.appwrite.family import every_channel
from monitor.appwrite.frames import Event
from monitor.appwrite.obstacles import is_of_identity
from monitor.appwrite.realtime import Subscription, subscribe
from monitor.appwrite.rest import Client
from monitor.core.errors import OwnFault
from monitor.core.run import Run

# Proxies refuse addresses beyond 8 kB.
_MAX_CHANNEL_CHARACTERS = 6000


class Listeners:
    """
    Who listens, by identity, and what each has *heard*: ids of documents. *refused*: why others do not listen.
    """

    def __init__(self, run: Run, sockets: Mapping[str, Subscription], refused: Sequence[OwnFault]) -> None:
        self.sockets = dict(sockets)
        self.refused = refused
        self.heard: dict[str, set[object]] = {name: set() for name in sockets}
        self._run = run

    def leave_out(self, name: str) -> None:
        """
        Listen to one less.
        """
        del self.sockets[name], self.heard[name]

    async def listen(self, expected: Mapping[str, Set[str]], *, within_seconds: float, quiet_seconds: float) -> None:
        """
        Wait until each has heard of what is *expected* of it, or *within_seconds* passed; then *quiet_seconds* more.

        Raises ``CheckFailed`` when a socket ends meanwhile.
        """
        await self._all(expected, within_seconds)
        # None is no id: what must be silent is listened to until the end.
        await self._all({name: {None} for name in self.sockets}, quiet_seconds)

    async def _all(self, expected: Mapping[str, Set[str | None]], within_seconds: float) -> None:
        until = self._run.elapsed_seconds() + within_seconds
        waits = [self._hear(name, expected.get(name, frozenset()), until) for name in self.sockets]
        # All end in time, so that none is left behind when one of them fails.
        for result in await asyncio.gather(*waits, return_exceptions=True):
            if isinstance(result, BaseException):
                raise result

    async def _hear(self, name: str, expected: Set[str | None], until: float) -> None:
        heard = self.heard[name]
        while not expected <= heard:
            try:
                event = await self.sockets[name].next_event(max(0.0, until - self._run.elapsed_seconds()))
            except TimeoutError:
                return
            heard.add(event.payload.get("$id"))


@asynccontextmanager
async def listeners(
    run: Run, clients: Mapping[str, Client], document_ids: Mapping[str, str]
) -> AsyncIterator[Listeners]:
    """
    Hold a socket for each of *clients*, opened one after another, on changes of *document_ids*: collection → document.

    Whose credentials are not taken does not listen; whatever else is refused is raised.
    """
    wanted = frozenset(document_ids.values())

    def keeps(event: Event) -> bool:
        return event.payload.get("$id") in wanted

    async with AsyncExitStack() as stack:
        sockets: dict[str, Subscription] = {}
        refused: list[OwnFault] = []
        for name, client in clients.items():
            subscribed = subscribe(client, channels_of(client, document_ids), run=run, keeps=keeps, naming=wanted)
            try:
                sockets[name] = await stack.enter_async_context(subscribed)
            except OwnFault as error:
                if not is_of_identity(error, name):
                    raise
                refused.append(error)
        yield Listeners(run, sockets, refused)


def channels_of(client: Client, document_ids: Mapping[str, str]) -> tuple[str, ...]:
    """
    Return the channels for changes of *document_ids*: collection → document.

    First the one of each collection that pages subscribe to; then, as far as one address holds them, its other forms,
    and those of the document alone.
    """
    database = client.run.target.database
    firsts = [client.family.channel(database, collection) for collection in document_ids]
    forms = [
        channel
        for collection, id_ in document_ids.items()
        for channel in every_channel(database, collection, (id_,), actions=())
        # Those of all collections would bring everything that happens on the platform.
        if "." in channel
    ]
    chosen: list[str] = []
    characters = 0
    for channel in dict.fromkeys([*firsts, *forms]):
        characters += len(quote_plus(f"channels[]={channel}&"))
        if len(chosen) < len(firsts) or characters <= _MAX_CHANNEL_CHARACTERS:
            chosen.append(channel)
    return tuple(chosen)
