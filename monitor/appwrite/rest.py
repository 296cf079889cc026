"""
What one identity can ask Appwrite over HTTP; one call, one request, one honest attempt.

Nothing that lacks the monitor's mark is ever created, updated or deleted, and no unchecked id enters a path: an empty
one would collapse to a broader route, such as the delete of a whole collection.
"""

from collections.abc import Mapping, Sequence

from monitor.appwrite import query
from monitor.appwrite.accounts import Accounts
from monitor.appwrite.answers import (
    Collection,
    CollectionPage,
    Database,
    DatabasePage,
    Document,
    DocumentPage,
    Version,
    shape,
)
from monitor.appwrite.caller import checked, marked
from monitor.appwrite.errors import AppwriteError, not_appwrite, raise_if_refused
from monitor.appwrite.executions import Executions
from monitor.appwrite.family import FAMILIES, Family
from monitor.appwrite.health import Health
from monitor.appwrite.paging import all_pages, query_string
from monitor.core.cost import Limited
from monitor.core.errors import CheckFailed, MonitorError, OwnFault
from monitor.core.identity import User
from monitor.core.leftover import Fate, Leftover

_DATABASES_PER_PAGE = 100
# One of sixty attributes is 15 kB: of a hundred such, a page would be larger than any body that is read.
_COLLECTIONS_PER_PAGE = 25
# What refuses a write for good; after anything else it may yet come to be.
_REFUSALS = frozenset({400, 401, 402, 403, 404, 429})
# Says that it is there, which is no news of what we have made.
_CONFLICT = 409
# What the platform wrote because of one document, in one answer.
_MOST_TRACES = 100


class Client(Accounts, Executions, Health):
    """
    What an identity can ask about the platform, its database and its documents.
    """

    async def get_version(self) -> str:
        """
        Return the version of the server, asked as a guest: keys are refused here.
        """
        thing = "/health/version"
        return shape(Version, await self.as_guest().ask("GET", thing, thing=thing), thing=thing).version

    async def ping(self) -> None:
        """
        Have the server look the project up, as any identity may.
        """
        response = await self.send("GET", "/ping")
        raise_if_refused(response, thing="/ping", identity=self.identity)
        if response.body.strip() != b"Pong!":
            raise not_appwrite(response, thing="/ping", identity=self.identity)

    async def get_database(self) -> Database:
        """
        Return the database of the target; for the key.
        """
        thing = f"database {self.run.target.database!r}"
        return shape(Database, await self.ask("GET", self._database(), thing=thing), thing=thing)

    async def list_databases(self) -> tuple[Database, ...]:
        """
        Return every database of the project, page by page; for the key.
        """
        thing = "list of databases"
        path = f"/{self.family.root}"

        async def page_of(queries: str) -> Sequence[Database]:
            answer = await self.ask("GET", f"{path}{queries}", thing=thing)
            return shape(DatabasePage, answer, thing=thing).databases

        return await all_pages(page_of, per_page=_DATABASES_PER_PAGE, thing=thing, identity=self.identity)

    async def get_collection(self, collection: str) -> Collection:
        """
        Return *collection* with its schema; for the key, every other identity is refused.
        """
        thing = f"collection {collection!r}"
        path = f"{self._collections()}/{checked(collection)}"
        return shape(Collection, await self.ask("GET", path, thing=thing), thing=thing)

    async def list_collections(self, database: str | None = None) -> tuple[Collection, ...]:
        """
        Return every collection of *database* (the target's, unless given), page by page; for the key.
        """
        thing = "list of collections"
        path = self._collections(database)

        async def page_of(queries: str) -> Sequence[Collection]:
            answer = await self.ask("GET", f"{path}{queries}", thing=thing)
            return shape(CollectionPage, answer, thing=thing).collections

        return await all_pages(page_of, per_page=_COLLECTIONS_PER_PAGE, thing=thing, identity=self.identity)

    async def create_document(
        self,
        collection: str,
        document_id: str,
        data: Mapping[str, object],
        permissions: Sequence[str] | None = None,
    ) -> Document:
        """
        Create a document under an id with the monitor's mark. Without *permissions* the server sets its defaults.

        It is written down before, and so removed after the run whatever becomes of either.
        """
        body: dict[str, object] = {self.family.document_id: marked(document_id), "data": data}
        if permissions is not None:
            body["permissions"] = list(permissions)
        path, thing = self._documents(collection), f"creating in {collection!r}"
        leftover = self.leftover(collection, document_id)
        before = self.run.leftovers.get(leftover, Fate.NOTHING)
        await self.run.intend(leftover)
        # Also if it was made before and is there no more: until there is an answer, it may yet come.
        self.run.settle(leftover, Fate.INTENDED)
        try:
            answer = await self.ask("POST", path, thing=thing, body=body, counts_as=Limited.CREATES)
        except MonitorError as error:
            if _status_of(error) in _refusals(before):
                self.run.settle(leftover, before)
            raise
        self.run.settle(leftover, Fate.MADE)
        return shape(Document, answer, thing=thing)

    def leftover(self, collection: str, document_id: str) -> Leftover:
        """
        Return what a document of ours in the target's database is to whoever removes it.
        """
        return Leftover.document(self.run.target.database, collection, document_id)

    def trace(self, collection: str, attribute: str, of: str) -> Leftover:
        """
        Return what the platform writes to *collection* because of our document *of*, which its *attribute* names.
        """
        return Leftover.trace(self.run.target.database, collection, attribute=attribute, of=marked(of))

    async def get_document(self, collection: str, document_id: str) -> Document:
        """
        Return one document; what may not be read answers as if it did not exist.
        """
        thing = f"document {document_id!r} of {collection!r}"
        path = f"{self._documents(collection)}/{checked(document_id)}"
        return shape(Document, await self.ask("GET", path, thing=thing), thing=thing)

    async def list_documents(self, collection: str, queries: Sequence[str] = ()) -> DocumentPage:
        """
        Return the documents that *queries* find and the identity may read, 25 unless a limit says otherwise.
        """
        thing = f"list of {collection!r}"
        path = f"{self._documents(collection)}{query_string(queries)}"
        return shape(DocumentPage, await self.ask("GET", path, thing=thing), thing=thing)

    async def update_document(
        self,
        collection: str,
        document_id: str,
        data: Mapping[str, object] | None = None,
        permissions: Sequence[str] | None = None,
    ) -> Document:
        """
        Change the given attributes or permissions of a document that bears the monitor's mark.
        """
        body: dict[str, object] = {}
        if data is not None:
            body["data"] = data
        if permissions is not None:
            body["permissions"] = list(permissions)
        thing = f"updating in {collection!r}"
        path = f"{self._documents(collection)}/{marked(document_id)}"
        return shape(
            Document, await self.ask("PATCH", path, thing=thing, body=body, counts_as=Limited.UPDATES), thing=thing
        )

    async def delete_document(self, collection: str, document_id: str) -> None:
        """
        Delete a document that bears the monitor's mark.
        """
        path = f"{self._documents(collection)}/{marked(document_id)}"
        await self.tell("DELETE", path, thing=f"deleting in {collection!r}", counts_as=Limited.DELETES)

    async def demand_removal(self, collection: str) -> None:
        """
        Raise what removing a document would be refused with; to be asked before the first one is made.

        Asks for one that does not exist. A key that lacks the scope is ``OwnFault``.
        """
        try:
            await self.delete_document(collection, self.run.new_id())
        except AppwriteError as error:
            if error.status != 404:
                raise

    async def find_traces(self, trace: Leftover) -> tuple[Document, ...]:
        """
        Return the documents, at most a hundred, whose attribute holds exactly the id of our document; for the key.
        """
        if not trace.by:
            raise OwnFault(f"refused to look for {trace}: the attribute that names our document is missing")
        self._demand_no_user(trace)
        queries = [query.equal(trace.by, marked(trace.id)), query.limit(_MOST_TRACES)]
        page = await self.list_documents(trace.collection, queries)
        return tuple(each for each in page.documents if each.data.get(trace.by) == trace.id)

    async def delete_trace(self, trace: Leftover, document: Document) -> None:
        """
        Delete *document*, which the platform wrote under an id of its own because of ours; for the key.

        Raises ``OwnFault`` unless it was read to be such a trace.
        """
        self._demand_no_user(trace)
        if not trace.by or document.data.get(trace.by) != marked(trace.id):
            raise OwnFault(f"refused to delete {document.id!r}: it does not refer to a document of the monitor's")
        path = f"{self._documents(trace.collection)}/{checked(document.id)}"
        await self.tell("DELETE", path, thing=f"deleting in {trace.collection!r}")

    def _demand_no_user(self, trace: Leftover) -> None:
        # A permanent test user may be called like the monitor's own things, and what names him is not.
        users = {each.user_id for each in self.run.identities.values() if isinstance(each, User)}
        if trace.id in users:
            raise OwnFault(f"refused to look for {trace}: that is a user")

    @property
    def family(self) -> Family:
        """
        The family of calls that the target is spoken to in.
        """
        return FAMILIES[self.run.target.api]

    def _database(self, database: str | None = None) -> str:
        return f"/{self.family.root}/{checked(database or self.run.target.database)}"

    def _collections(self, database: str | None = None) -> str:
        return f"{self._database(database)}/{self.family.collections}"

    def _documents(self, collection: str) -> str:
        return f"{self._collections()}/{checked(collection)}/{self.family.documents}"


def _refusals(before: Fate) -> frozenset[int]:
    return _REFUSALS | {_CONFLICT} if before is Fate.MADE else _REFUSALS


def _status_of(error: MonitorError) -> object:
    return error.evidence.get("status") if isinstance(error, CheckFailed | OwnFault) else None
