"""
The operations that one call stages in a transaction, each checked before any of them is staged.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from monitor.sandbox.errors import AppwriteError, not_found, unauthorized
from monitor.sandbox.protocol.authorization import ON_DOCUMENTS, expanded, may, require_held_roles
from monitor.sandbox.protocol.documents import MAX_BATCH, Sheet, bad_request, draft_of
from monitor.sandbox.protocol.family import Family
from monitor.sandbox.protocol.routing import Call
from monitor.sandbox.protocol.staging import seen
from monitor.sandbox.routes.counters import space_of
from monitor.sandbox.state.bulk_operations import ChangeMany, CreateMany, PutMany, RemoveMany
from monitor.sandbox.state.identifiers import unique_id
from monitor.sandbox.state.operations import Change, Create, Operation, Put, Remove, Step
from monitor.sandbox.state.query import read_query
from monitor.sandbox.state.storage import Draft
from monitor.sandbox.state.world import Document

Fields = Mapping[str, object]
# Database, collection and document.
Place = tuple[str, str, str]

COUNTING = ("increment", "decrement")
SINGLE = ("create", "update", "upsert", "delete", *COUNTING)
BULK = ("bulkCreate", "bulkUpdate", "bulkUpsert", "bulkDelete")


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """
    One operation as it was sent; *data* is an object, or a list of documents for some bulk writes.
    """

    action: str
    database_id: str
    collection_id: str
    document_id: str
    data: object

    def checked(self, call: Call, family: Family, *, transaction_id: str, made: set[Place]) -> tuple[Sheet, Operation]:
        """
        Return where and what it would write; refuse what the caller may not, or what cannot be.

        *made* are the documents that the operations before this one create; it is added to.
        """
        is_key = call.caller.is_key
        if self.action in BULK and not is_key:
            raise unauthorized()
        database = call.world.database(self.database_id)
        if database is None or not (database.enabled or is_key):
            raise not_found("database", self.database_id)
        collection = call.world.collection(database.id, self.collection_id)
        if collection is None or not (collection.enabled or is_key):
            raise not_found(family.collection, self.collection_id)
        sheet = Sheet(call=call, family=family, collection=collection)
        if self.action not in BULK:
            self._require(sheet, seen(call, collection, transaction_id).documents.get(self.document_id), made)
        if self.action == "create":
            made.add(self._place)
        return sheet, self._operation(call, family)

    @property
    def _place(self) -> Place:
        return self.database_id, self.collection_id, self.document_id

    def _require(self, sheet: Sheet, document: Document | None, made: set[Place]) -> None:
        caller = sheet.call.caller
        if document is None and self.action not in {"create", "upsert"} and self._place not in made:
            raise not_found(sheet.family.document, self.document_id)
        if not may(caller, self._right(document), sheet.collection, document):
            raise unauthorized()
        require_held_roles(caller, self._draft(sheet.call).permissions or ())

    def _right(self, document: Document | None) -> str:
        if self.action in {"create", "delete"}:
            return self.action
        return "create" if self.action == "upsert" and document is None else "update"

    def _operation(self, call: Call, family: Family) -> Operation:
        if self.action in BULK:
            return self._bulk(call)
        if self.action in COUNTING:
            return self._step(family)
        if self.action == "delete":
            return Remove(id=self.document_id)
        id_ = unique_id() if self.document_id == "unique()" else self.document_id
        kinds: Mapping[str, Callable[..., Operation]] = {"create": Create, "update": Change, "upsert": Put}
        return kinds[self.action](id=id_, draft=self._draft(call))

    def _bulk(self, call: Call) -> Operation:
        if self.action in {"bulkCreate", "bulkUpsert"}:
            drafts = self._drafts(call)
            return CreateMany(drafts=drafts) if self.action == "bulkCreate" else PutMany(drafts=drafts)
        data = self._fields
        queries = [read_query(each) for each in _texts(data.get("queries"))]
        if self.action == "bulkDelete":
            return RemoveMany(queries=queries)
        return ChangeMany(draft=_draft_in(call, data.get("data")), queries=queries)

    def _step(self, family: Family) -> Operation:
        data, up = self._fields, self.action == "increment"
        bound = data.get("max" if up else "min")
        return Step(
            id=self.document_id,
            key=str(data.get(family.attribute)),
            by=_number(data.get("value", 1)),
            up=up,
            bound=None if bound is None else _number(bound),
            noun=family.attribute,
            title=space_of(family),
        )

    @property
    def _fields(self) -> Fields:
        return self.data if isinstance(self.data, dict) else {}

    def _draft(self, call: Call) -> Draft:
        return _draft_in(call, self.data if self.action in {"create", "update", "upsert"} else {})

    def _drafts(self, call: Call) -> list[tuple[str, Draft]]:
        documents = [each for each in self.data if isinstance(each, dict)] if isinstance(self.data, list) else []
        return [(str(each.get("$id") or unique_id()), _draft_in(call, each)) for each in documents[:MAX_BATCH]]


def _draft_in(call: Call, data: object) -> Draft:
    fields = data if isinstance(data, dict) else {}
    given = fields.get("$permissions")
    try:
        permissions = None if given is None else expanded(given, allowed=ON_DOCUMENTS)
    except ValueError as error:
        raise bad_request(str(error)) from None
    return draft_of(call.caller, fields, permissions)


def _texts(values: object) -> list[str]:
    return [str(each) for each in values][:MAX_BATCH] if isinstance(values, list) else []


def _number(value: object) -> float:
    if not isinstance(value, int | float) or isinstance(value, bool):
        raise AppwriteError(400, "general_argument_invalid", "Value must be a valid number")
    return value
