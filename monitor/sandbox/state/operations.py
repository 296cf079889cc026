"""
Writes to documents as values: done at once by a call, or staged in a transaction and done when it is committed.

Each looks at the documents only when it runs, asks whether the caller may, and says what it did.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from monitor.sandbox.errors import AppwriteError, argument_invalid, key_not_found
from monitor.sandbox.state.schema import NUMBER_TYPES, Attribute
from monitor.sandbox.state.storage import Draft, Storage
from monitor.sandbox.state.structure import LARGEST_FLOAT
from monitor.sandbox.state.world import Document

# Of a write to many documents no more are shown and announced.
MAX_SHOWN = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """
    What a write did: *documents* as they are now, or were when they were deleted, at most 100 of *total*.

    *action* is what realtime announces. *many* tells a bulk write from a single one.
    """

    action: str
    documents: Sequence[Document]
    total: int
    many: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """
    Where a write runs. *require* refuses who may not; without a document it is asked about creating.

    *staged_at* is when the write was staged: what was changed since, other than by the same transaction (*touched*),
    is not overwritten.
    """

    storage: Storage
    require: Callable[[str, Document | None], None]
    staged_at: str | None = None
    touched: set[str] = field(default_factory=set)

    def done(self, action: str, document: Document) -> Done:
        """
        Return what was done to one document, and remember it.
        """
        self.touched.add(document.id)
        return Done(action=action, documents=[document], total=1, many=False)

    def done_to_many(self, action: str, documents: Sequence[Document]) -> Done:
        """
        Return what was done to many documents, and remember it.
        """
        self.touched.update(each.id for each in documents)
        return Done(action=action, documents=documents[:MAX_SHOWN], total=len(documents), many=True)

    def require_older(self, document: Document) -> None:
        """
        Refuse to write over what somebody else has changed since the write was staged.
        """
        stale = self.staged_at is not None and document.updated_at > self.staged_at
        if stale and document.id not in self.touched:
            noun = self.storage.noun
            raise AppwriteError(409, f"{noun}_update_conflict", f"Remote {noun} is newer than local.")


class Operation(Protocol):
    """
    One write.
    """

    def run(self, desk: Desk) -> Done:
        """
        Do it, whole or not at all.
        """


@dataclass(frozen=True, slots=True, kw_only=True)
class Create:
    """
    Make a document.
    """

    id: str
    draft: Draft

    def run(self, desk: Desk) -> Done:
        desk.require("create", None)
        return desk.done("create", desk.storage.add(self.id, self.draft))


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """
    Change some attributes or the permissions of a document.
    """

    id: str
    draft: Draft

    def run(self, desk: Desk) -> Done:
        document = desk.storage.find(self.id)
        changes = _differs(desk.storage, document, self.draft)
        # What changes nothing is checked against read instead of update.
        desk.require("update" if changes else "read", document)
        desk.require_older(document)
        changed = desk.storage.change(document, self.draft) if changes else document
        return desk.done("update", changed)


@dataclass(frozen=True, slots=True, kw_only=True)
class Put:
    """
    Make a document, or put this one in its place.
    """

    id: str
    draft: Draft

    def run(self, desk: Desk) -> Done:
        document, _ = put(desk, self.id, self.draft)
        return desk.done("upsert", document)


@dataclass(frozen=True, slots=True, kw_only=True)
class Remove:
    """
    Delete a document.
    """

    id: str

    def run(self, desk: Desk) -> Done:
        document = desk.storage.find(self.id)
        desk.require("delete", document)
        desk.require_older(document)
        desk.storage.remove(document)
        return desk.done("delete", document)


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """
    Count a number *up* or down *by* so much, but not past *bound*; *noun* and *title* word the refusals.
    """

    id: str
    key: str
    by: float
    up: bool
    bound: float | None
    noun: str
    title: str

    def run(self, desk: Desk) -> Done:
        if self.by <= 0:
            raise argument_invalid("value", "Value must be numeric and greater than 0")
        attribute = self.countable(desk.storage)
        document = desk.storage.collection.documents.get(self.id)
        if document is None:
            # A real server does not tell a missing document from a missing attribute here.
            raise key_not_found(self.noun, self.key)
        desk.require("update", document)
        desk.require_older(document)
        return desk.done("update", desk.storage.step(document, self.key, self._bounded(document, attribute)))

    def countable(self, storage: Storage) -> Attribute:
        """
        Return the attribute, which must be a number.
        """
        attribute = storage.collection.serving.get(self.key)
        if attribute is None:
            raise key_not_found(self.noun, self.key)
        if attribute.type not in NUMBER_TYPES or attribute.array:
            raise AppwriteError(400, "attribute_type_invalid", f'{self.title} "{self.key}" is not a number')
        return attribute

    def counted(self, document: Document) -> float:
        """
        Return what the number of a document becomes.
        """
        held = document.data.get(self.key)
        return (held if isinstance(held, int | float) else 0) + (self.by if self.up else -self.by)

    def _bounded(self, document: Document, attribute: Attribute) -> float:
        counted = self.counted(document)
        bound = _limit_of(attribute, up=self.up) if self.bound is None else self.bound
        if counted > bound if self.up else counted < bound:
            side = "maximum" if self.up else "minimum"
            message = f'{self.title} "{self.key}" has reached the {side} value of {bound}'
            raise AppwriteError(400, f"{self.noun}_limit_exceeded", message)
        return counted if attribute.type == "double" else round(counted)


def put(desk: Desk, id_: str, draft: Draft) -> tuple[Document, bool]:
    """
    Make a document or put *draft* in its place; return it, and whether anything changed.
    """
    storage = desk.storage
    document = storage.collection.documents.get(id_)
    if document is None:
        desk.require("upsert", None)
        return storage.add(id_, draft), True
    # What is left out of a whole document is a difference.
    changes = dict(draft.data) != storage.kept(document) or _differs(storage, document, draft)
    desk.require("update", document)
    desk.require_older(document)
    return storage.overwrite(document, draft) if changes else document, changes


def _differs(storage: Storage, document: Document, draft: Draft) -> bool:
    kept = storage.kept(document)
    permissions = document.permissions if draft.permissions is None else draft.permissions
    times = (draft.created_at, draft.updated_at) != (None, None)
    return times or kept | dict(draft.data) != kept or set(permissions) != set(document.permissions)


def _limit_of(attribute: Attribute, *, up: bool) -> float:
    if attribute.type == "double":
        return LARGEST_FLOAT if up else -LARGEST_FLOAT
    bits = 64 if attribute.type == "bigint" or attribute.size >= 8 else 32
    return (1 << (bits - 1)) - 1 if up else -(1 << (bits - 1))
