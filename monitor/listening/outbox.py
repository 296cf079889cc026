"""
The documents that one run writes, one after another.

Sent over a kept connection that is open already, so that what is timed is delivery and not the way to the server.
"""

from collections.abc import Mapping, Sequence

from monitor.appwrite.answers import Collection
from monitor.appwrite.errors import AppwriteError
from monitor.appwrite.identities import roles_of
from monitor.appwrite.rest import Client
from monitor.appwrite.sample import sample_data, taken
from monitor.core.errors import MonitorError, OwnFault, fit
from monitor.core.identity import KEY
from monitor.core.leftover import Fate
from monitor.core.outcome import Reason

_CONFLICT = 409


class Outbox:
    """
    What *writer* writes to *collection*, with the attributes *given* and readable by *roles*.

    *key* finds out whose fault a refusal is.

    *written* maps ids to the seconds of the run at which they were sent, in that order, if they were accepted.
    """

    def __init__(
        self, key: Client, writer: Client, collection: Collection, *, given: Mapping[str, object], roles: Sequence[str]
    ) -> None:
        self.written: dict[str, float] = {}
        self._key = key
        self._writer = writer
        self._collection = collection
        self._given = given
        self._roles = roles

    async def write(self, document_ids: Sequence[str]) -> None:
        """
        Write a document under each id.

        Raises ``OwnFault`` when it is refused for what the check says it must be.
        """
        run, permissions = self._key.run, [f'read("{role}")' for role in self._roles] or None
        leftovers = [self._key.leftover(self._collection.id, id_) for id_ in document_ids]
        await run.intend(*leftovers)
        # Until it is sent, nothing can come of it.
        for each in leftovers:
            run.settle(each, Fate.NOTHING)
        # Only to open the connection: whatever the answer, the writes speak for themselves.
        await self._writer.send("GET", "/ping")
        for id_ in document_ids:
            data = sample_data(self._collection, self._given)
            sent_seconds = run.elapsed_seconds()
            try:
                await self._writer.create_document(self._collection.id, id_, data, permissions)
            except AppwriteError as error:
                raise await self._meaning(error) from error
            self.written[id_] = sent_seconds

    async def _meaning(self, error: AppwriteError) -> MonitorError:
        if error.status == _CONFLICT:
            return taken(self._collection)
        if error.reason is Reason.PERMISSION_MISSING and (foreign := await self._foreign_roles()):
            text = f"{self._writer.identity!r} does not hold {foreign[0]!r}, and Appwrite lets nobody grant such a role"
            fix = "correct readable_by, or make the user a member"
            return OwnFault(fit(f"{text}: {fix}"), identity=self._writer.identity, roles=tuple(foreign))
        return error

    async def _foreign_roles(self) -> Sequence[str]:
        if not self._roles or self._writer.identity == KEY:
            return ()
        try:
            held = await roles_of(self._key.run, self._writer.identity, client=self._writer)
        except MonitorError:
            # That the write was refused stands, whatever keeps the key from asking why.
            return ()
        return [role for role in self._roles if role not in held]
