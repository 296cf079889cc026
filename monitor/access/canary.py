"""
The one document of a collection that a run puts to the test: who may do what with it, asked by really doing it.

The server key makes it, without permissions of its own, so that it shows what the collection alone grants. A client
that creates it again is told that it exists where it may create, and that it may not where it may not: nothing is
written either way. Updates and deletes touch nothing else, and what was deleted is made again.
"""

from collections.abc import Mapping, Sequence

from monitor.access.changed_data import changed_data
from monitor.appwrite import query
from monitor.appwrite.answers import Collection, Document
from monitor.appwrite.errors import AppwriteError
from monitor.appwrite.failures import failed
from monitor.appwrite.rest import Client
from monitor.appwrite.sample import sample_data, taken
from monitor.core.errors import MonitorError, OwnFault, fit
from monitor.core.leftover import MARK
from monitor.core.outcome import Reason

_CONFLICT = 409
# Documents are made to grant nothing: what is granted is granted by the collection.
_NO_PERMISSIONS: Sequence[str] = ()
# Without their data, that many fit into one answer; Appwrite shows only those that the caller may read.
_MOST_SHOWN = 100


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
        # As the server holds it: what was not given has defaults there.
        self._now: Mapping[str, object] = {}

    @property
    def can_change(self) -> bool:
        """
        Whether an attribute can be given a second value; otherwise no update proves a thing.
        """
        return bool(self._change())

    async def place(self) -> None:
        """
        Make the canary; it is removed after the run.
        """
        if not self._data:
            # Appwrite makes no document without data.
            self._data = changed_data(self.collection, {})
        if not self._data:
            text = f"collection {self.collection.id!r} has no attribute that a document could hold: add its attributes"
            raise failed(Reason.SCHEMA, text, collection=self.collection.id)
        await self.restore()

    async def restore(self) -> None:
        """
        Make the canary, which is not there.
        """
        try:
            made = await self._key.create_document(self.collection.id, self.id, self._data, _NO_PERMISSIONS)
        except AppwriteError as error:
            raise self._meaning(error) from error
        self._now = made.data

    async def may_create(self, client: Client) -> bool:
        """
        Return whether *client* may create documents.
        """
        try:
            await client.create_document(self.collection.id, self.id, self._data, _NO_PERMISSIONS)
        except AppwriteError as error:
            return error.status == _CONFLICT or _was_let(error)
        return True

    async def may_get(self, client: Client) -> bool:
        """
        Return whether *client* is given the canary by its id.
        """
        try:
            await client.get_document(self.collection.id, self.id)
        except AppwriteError as error:
            # Appwrite answers 404 for what may not be read.
            return not _is_no_document(client, error) and _was_let(error)
        return True

    async def may_list(self, client: Client) -> bool:
        """
        Return whether a list shows the canary to *client*.
        """
        try:
            page = await client.list_documents(self.collection.id, [query.equal("$id", self.id), query.limit(1)])
        except AppwriteError as error:
            return _was_let(error)
        return any(document.id == self.id for document in page.documents)

    async def may_update(self, client: Client) -> bool:
        """
        Return whether *client* may update documents.
        """
        try:
            await self._update(client)
        except AppwriteError as error:
            # The values of a unique index are compared after the permissions.
            return error.status == _CONFLICT or _was_let(error)
        return True

    async def may_delete(self, client: Client) -> bool:
        """
        Return whether *client* may delete documents; then it has, and ``restore`` makes the canary again.
        """
        try:
            await client.delete_document(self.collection.id, self.id)
        except AppwriteError as error:
            self._demand_presence(client, error)
            return _was_let(error)
        return True

    async def touch(self) -> None:
        """
        Have the server key change the canary, for those who listen.
        """
        try:
            await self._update(self._key)
        except AppwriteError as error:
            raise self._meaning(error) from error

    async def own_documents(self, client: Client) -> tuple[Document, ...]:
        """
        Return documents that *client*, who may not read the canary, is shown all the same: their own permissions do it.

        The newest ones, and nothing but the permissions of each.
        """
        newest = [query.order_desc("$createdAt"), query.limit(_MOST_SHOWN)]
        try:
            page = await client.list_documents(self.collection.id, [query.select("$id", "$permissions"), *newest])
        except AppwriteError as error:
            _was_let(error)
            return ()
        return tuple(document for document in page.documents if not document.id.startswith(MARK))

    async def _update(self, client: Client) -> None:
        try:
            updated = await client.update_document(self.collection.id, self.id, self._change())
        except AppwriteError as error:
            self._demand_presence(client, error)
            raise
        self._now = updated.data

    def _change(self) -> dict[str, object]:
        return changed_data(self.collection, self._now, keep=self._keep)

    def _meaning(self, error: AppwriteError) -> MonitorError:
        # To the key, to which nothing is refused, a conflict is about values.
        return taken(self.collection) if error.status == _CONFLICT else error

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
