"""
Everybody who listens to what is written: the reader, who must hear all of it, and eavesdroppers, who must hear nothing.
"""

import asyncio
from collections.abc import AsyncIterator, Collection, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass

from monitor.appwrite.rest import Client
from monitor.core.errors import CheckFailed
from monitor.listening.eavesdropping import Eavesdropper, Leak, eavesdrop
from monitor.listening.reception import Reception, receive
from monitor.listening.silence import Control


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """
    The documents to be written to *collection*, and perhaps one to the *control* collection, under ids of our choice.
    """

    collection: str
    document_ids: tuple[str, ...]
    control: str | None
    control_id: str


@asynccontextmanager
async def seat(stage: Stage, reader: Client, eavesdroppers: Sequence[Client]) -> AsyncIterator["Audience"]:
    """
    Hold the sockets of all, opened one after another.
    """
    collections = [stage.collection, stage.control] if stage.control else [stage.collection]
    async with AsyncExitStack() as stack:
        reception = await stack.enter_async_context(
            receive(reader, collections, [*stage.document_ids, stage.control_id])
        )
        yield Audience(
            stage,
            reception,
            [
                await stack.enter_async_context(eavesdrop(client, stage.collection, stage.document_ids))
                for client in eavesdroppers
            ],
        )


class Audience:
    """
    The *reception* of the reader, and the *eavesdroppers*; none of their sockets' ends is an error here.
    """

    def __init__(self, stage: Stage, reception: Reception, eavesdroppers: Sequence[Eavesdropper]) -> None:
        self.stage = stage
        self.reception = reception
        self.eavesdroppers = eavesdroppers

    @property
    def leaks(self) -> tuple[Leak, ...]:
        """
        What eavesdroppers learned so far.
        """
        return tuple(leak for each in self.eavesdroppers for leak in each.leaks)

    @property
    def ended(self) -> CheckFailed | None:
        """
        How a socket ended, if one did.
        """
        ends = [self.reception.ended, *(each.ended for each in self.eavesdroppers)]
        return next((end for end in ends if end), None)

    @property
    def control(self) -> Control | None:
        """
        The document that may be written to the control collection, if there is one.
        """
        if self.stage.control is None:
            return None
        return Control(collection=self.stage.control, document_id=self.stage.control_id, reception=self.reception)

    async def hear(self, *, until_seconds: float) -> bool:
        """
        Return whether the reader hears of every document until the run is so old, as soon as it did.
        """
        return await self.reception.hear(self.stage.document_ids, until_seconds=until_seconds)

    async def listen(self, *, until_seconds: float) -> None:
        """
        Listen until the run is so old, and take in what has come to anybody.
        """
        await self.reception.listen(until_seconds=until_seconds)
        for each in self.eavesdroppers:
            await each.listen()

    async def reader_can_read(self) -> bool:
        """
        Return whether the reader can read the first document over REST.
        """
        return await self.reception.can_read(self.stage.collection, self.stage.document_ids[0])

    async def acquit(self, roles: Collection[str]) -> None:
        """
        Take nothing for a leak that was learned by holders of one of the *roles* that may read.

        Raises ``OwnFault`` when that leaves none of the leaks. Asks only when there are some.
        """
        leaky = [each for each in self.eavesdroppers if each.leaks]
        insiders = [each for each in leaky if await each.holds_one_of(roles)]
        if insiders and len(insiders) == len(leaky):
            raise insiders[0].let_in()
        for each in insiders:
            each.leaks.clear()

    async def try_to_read(self) -> None:
        """
        Have every eavesdropper ask for the first document.
        """
        collection, first = self.stage.collection, self.stage.document_ids[0]
        asked = [each.read(collection, first) for each in self.eavesdroppers]
        # Each is let end, so that what one can read counts though another one fails.
        for result in await asyncio.gather(*asked, return_exceptions=True):
            if isinstance(result, BaseException) and not self.leaks:
                raise result
