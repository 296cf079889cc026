"""
The one document of a collection that a run puts to the test: who may do what with it, asked by really doing it.

The server key makes it, without permissions of its own, so that it shows what the collection alone grants. A client
that creates it again is told that it exists where it may create, and that it may not where it may not: nothing is
written either way. Updates and deletes touch nothing else, and what was deleted is made again.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from monitor.appwrite import query
from monitor.appwrite.answers import Collection, Document
from monitor.appwrite.changed_data import changed_data
from monitor.appwrite.errors import AppwriteError
from monitor.appwrite.failures import failed
from monitor.appwrite.rest import Client
from monitor.appwrite.sample import sample_data
from monitor.core.errors import OwnFault, fit
from monitor.core.outcome import Reason
from monitor.core.run import MARK

_CONFLICT = 409
# Documents are made to grant nothing: what is granted is granted by the collection.
_NO_PERMISSIONS: Sequence[str] = ()
# Enough to see that there are some; Appwrite shows only those that the caller may read.
_MOST_SHOWN = 25


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """
    Whether a client was given the canary by its id, and whether a list showed it.
    """

    got: bool
    listed: bool


class Canary:
    """
    The canary of one collection in one run; *key* acts with the server key. ``place`` makes it.

    *given*: attributes that it has from the beginning to the end; the other required ones are made up.
    """

    def __init__(self, key: Client, collection: Collection, given: Mapping[str, object]) -> None:
        self.collection = collection
        self.id = key.run.new_id()
        self._key = key
        # It may be what hides the canary from pages.
        self._keep = frozenset(given)
        self._data = sample_data(collection, given)

    async def place(self) -> None:
        """
        Make the canary, and have the run remove it.
        """
        if not self._data:
            # Appwrite makes no document without data.
            self._data = changed_data(self.collection, {})
        if not self._data:
            text = f"collection {self.collection.id!r} has no attribute that a document could hold: add its attributes"
            raise failed(Reason.SCHEMA, text, collection=self.collection.id)
        self._key.run.clean_up(self._key.remove_document, self.collection.id, self.id)
        await self._make()

    async def may_create(self, client: Client) -> bool:
        """
        Return whether *client* may create documents.
        """
        try:
            await client.create_document(self.collection.id, self.id, self._data, _NO_PERMISSIONS)
        except AppwriteError as error:
            return error.status == _CONFLICT or _was_let(error)
        return True

    async def may_read(self, client: Client) -> Reading:
        """
        Return what *client* was shown of the canary; the answers differ where only some documents may be read.
        """
        return Reading(got=await self._got(client), listed=await self._listed(client))

    async def may_update(self, client: Client) -> bool:
        """
        Return whether *client* may update documents.
        """
        change = self._change()
        try:
            await client.update_document(self.collection.id, self.id, change)
        except AppwriteError as error:
            self._demand_presence(client, error)
            # The values of a unique index are compared after the permissions.
            return error.status == _CONFLICT or _was_let(error)
        self._data |= change
        return True

    async def may_delete(self, client: Client) -> bool:
        """
        Return whether *client* may delete documents; what it deleted is there again.
        """
        try:
            await client.delete_document(self.collection.id, self.id)
        except AppwriteError as error:
            self._demand_presence(client, error)
            return _was_let(error)
        await self._make()
        return True

    async def touch(self) -> None:
        """
        Have the server key change the canary, for those who listen.
        """
        change = self._change()
        try:
            await self._key.update_document(self.collection.id, self.id, change)
        except AppwriteError as error:
            self._demand_presence(self._key, error)
            raise
        self._data |= change

    async def public_documents(self, guest: Client) -> tuple[Document, ...]:
        """
        Return documents that *guest*, who may not read the canary, is shown all the same: their own permissions do it.
        """
        try:
            page = await guest.list_documents(self.collection.id, [query.limit(_MOST_SHOWN)])
        except AppwriteError as error:
            _was_let(error)
            return ()
        return tuple(document for document in page.documents if not document.id.startswith(MARK))

    async def _got(self, client: Client) -> bool:
        try:
            await client.get_document(self.collection.id, self.id)
        except AppwriteError as error:
            # Appwrite answers 404 for what may not be read.
            return not _is_no_document(client, error) and _was_let(error)
        return True

    async def _listed(self, client: Client) -> bool:
        try:
            page = await client.list_documents(self.collection.id, [query.equal("$id", self.id), query.limit(1)])
        except AppwriteError as error:
            return _was_let(error)
        return any(document.id == self.id for document in page.documents)

    async def _make(self) -> None:
        await self._key.create_document(self.collection.id, self.id, self._data, _NO_PERMISSIONS)

    def _change(self) -> dict[str, object]:
        change = changed_data(self.collection, self._data, keep=self._keep)
        if not change:
            text = (
                f"no attribute of {self.collection.id!r} can be given a second value, so that no update proves a thing:"
                " leave the collection out of collections"
            )
            raise OwnFault(fit(text), collection=self.collection.id)
        return change

    def _demand_presence(self, client: Client, error: AppwriteError) -> None:
        # One that is gone looks like one that may not be read; who updates or deletes is told.
        if _is_no_document(client, error):
            text = (
                f"the monitor's document in {self.collection.id!r} was removed while it was asked for:"
                f" see who deletes documents whose id begins with {MARK!r}"
            )
            raise OwnFault(fit(text), collection=self.collection.id) from error


def _was_let(error: AppwriteError) -> bool:
    """
    Return False when *error* says that it is not permitted; whatever else it says is no verdict on permissions.
    """
    if error.reason is not Reason.PERMISSION_MISSING:
        raise error
    return False


def _is_no_document(client: Client, error: AppwriteError) -> bool:
    return error.type == f"{client.family.document}_not_found"
