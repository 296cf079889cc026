"""
Changes to the documents of a collection: each fits the attributes and the unique indexes, or does not happen.

Documents are replaced, never changed in place, so that whoever holds one keeps what it saw.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime

from monitor.sandbox.errors import AppwriteError, already_exists, not_found
from monitor.sandbox.state.askable import Askable
from monitor.sandbox.state.indexes import clash
from monitor.sandbox.state.page import Listing, cut, shape_of
from monitor.sandbox.state.query import Query
from monitor.sandbox.state.structure import Structure
from monitor.sandbox.state.world import Collection, Document, World

# This machine's memory, not Appwrite's limit.
MAX_DOCUMENTS = 100_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """
    What a document is to hold; None leaves permissions and times as they are, or as they are when it is made.
    """

    data: Mapping[str, object]
    permissions: tuple[str, ...] | None = None
    created_at: object = None
    updated_at: object = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Storage:
    """
    The documents of one collection; *noun* is the family's word for one, for the type of errors.
    """

    world: World
    collection: Collection
    noun: str

    @property
    def structure(self) -> Structure:
        """
        What a document must look like now.
        """
        return Structure(attributes=self.collection.serving, noun=self.noun, now=self.world.clock.now())

    def add(self, id_: str, draft: Draft) -> Document:
        """
        Make a document.
        """
        return self._insert(id_, draft, self.structure.whole(draft.data))

    def add_all(self, drafts: Sequence[tuple[str, Draft]]) -> list[Document]:
        """
        Make all documents or none; all are looked at before the first is made.
        """
        structure = self.structure
        checked = [(id_, draft, structure.whole(draft.data)) for id_, draft in drafts]
        with all_or_nothing([self.collection]):
            return [self._insert(id_, draft, values) for id_, draft, values in checked]

    def change(self, document: Document, draft: Draft) -> Document:
        """
        Change the attributes that *draft* names, and leave the others.
        """
        return self._put(document, draft, self.structure.whole(self.kept(document) | dict(draft.data)))

    def overwrite(self, document: Document, draft: Draft) -> Document:
        """
        Put *draft* in the place of a document; attributes without a default that it leaves out stay.
        """
        values = self.structure.whole(draft.data)
        put = {key: value for key, value in values.items() if key in draft.data or value is not None}
        return self._put(document, draft, self.kept(document) | put)

    def step(self, document: Document, key: str, value: float) -> Document:
        """
        Set a number that was counted up or down.
        """
        return self._put(document, Draft(data={}), self.kept(document) | {key: value})

    def find(self, id_: str) -> Document:
        """
        Return a document, whoever may read it.
        """
        found = self.collection.documents.get(id_)
        if found is None:
            raise not_found(self.noun, id_)
        return found

    def matching(self, queries: Iterable[Query]) -> list[Document]:
        """
        Return the documents that *queries* name, all of them unless they set a limit.
        """
        checked = askable(self.collection, now=self.world.clock.now()).check(queries)
        listing = Listing(items=list(self.collection.documents.values()), value_of=value_of)
        return list(cut(listing, shape_of(checked, limit=None)).records)

    def remove(self, document: Document) -> None:
        """
        Delete a document.
        """
        del self.collection.documents[document.id]

    def kept(self, document: Document) -> dict[str, object]:
        """
        Return the data of a document, one value for every attribute that there is now.
        """
        return {key: document.data.get(key) for key in self.collection.serving}

    def _insert(self, id_: str, draft: Draft, values: dict[str, object]) -> Document:
        documents, now = self.collection.documents, self.world.now()
        if id_ in documents or clash(self.collection, values, None):
            raise already_exists(self.noun, id_)
        if len(documents) >= MAX_DOCUMENTS:
            message = f"A collection of this sandbox holds at most {MAX_DOCUMENTS:,} documents."
            raise AppwriteError(400, "general_bad_request", message)
        document = Document(
            id=id_,
            sequence=documents.next_sequence(),
            permissions=draft.permissions or (),
            created_at=self._time("$createdAt", draft.created_at, now),
            updated_at=self._time("$updatedAt", draft.updated_at, now),
            data=values,
        )
        documents[id_] = document
        return document

    def _put(self, document: Document, draft: Draft, values: dict[str, object]) -> Document:
        if clash(self.collection, values, document.id):
            raise already_exists(self.noun, document.id)
        changed = replace(
            document,
            # What a fault hides is kept.
            data={**document.data, **values},
            permissions=document.permissions if draft.permissions is None else draft.permissions,
            created_at=self._time("$createdAt", draft.created_at, document.created_at),
            updated_at=self._time("$updatedAt", draft.updated_at, self.world.now()),
        )
        self.collection.documents[document.id] = changed
        return changed

    def _time(self, key: str, given: object, otherwise: str) -> str:
        return otherwise if given is None else self.structure.moment(key, given)


@contextmanager
def all_or_nothing(collections: Iterable[Collection]) -> Iterator[None]:
    """
    Put the documents of *collections* back as they were when the body is refused.
    """
    saved = [(each.documents, dict(each.documents)) for each in collections]
    try:
        yield
    except AppwriteError:
        for documents, before in saved:
            documents.clear()
            documents.update(before)
        raise


def value_of(document: Document, name: str) -> object:
    """
    Return what queries see of a document under *name*.
    """
    if not name.startswith("$"):
        return document.data.get(name)
    system = {
        "$id": document.id,
        "$sequence": document.sequence,
        "$createdAt": document.created_at,
        "$updatedAt": document.updated_at,
    }
    return system.get(name)


def askable(collection: Collection, *, now: datetime) -> Askable:
    """
    Return what queries may ask of the documents of a collection.
    """
    indexes = (each for each in collection.indexes.values() if each.type == "fulltext" and each.status == "available")
    searchable = frozenset(each.attributes[0] for each in indexes if len(each.attributes) == 1)
    return Askable(attributes=collection.serving, now=now, searchable=searchable)
