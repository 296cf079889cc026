"""
Writes to many documents at once, for server keys only.

A client that creates many is told that it lacks the scope; one that changes or deletes many, that the database does not
exist. With a key, a delete without queries empties the collection: so does the delete of one document whose id is
empty, since its path collapses onto this one.
"""

from collections.abc import Mapping, Sequence

from monitor.sandbox.errors import AppwriteError, argument_missing, not_found, scope_missing
from monitor.sandbox.protocol.answers import Answer
from monitor.sandbox.protocol.authorization import ON_DOCUMENTS, expanded
from monitor.sandbox.protocol.documents import (
    DELETES,
    WRITES,
    Sheet,
    bad_request,
    draft_of,
    payload_missing,
    sent_data,
    sent_documents,
)
from monitor.sandbox.protocol.family import Family
from monitor.sandbox.protocol.routing import Call, Route
from monitor.sandbox.protocol.staging import run, stage, transaction_id_of
from monitor.sandbox.routes.collections import find_collection
from monitor.sandbox.state.bulk_operations import ChangeMany, CreateMany, PutMany, RemoveMany
from monitor.sandbox.state.identifiers import chosen_id, unique_id
from monitor.sandbox.state.operations import Done, Operation
from monitor.sandbox.state.query import Query, read_query, require_few
from monitor.sandbox.state.storage import Draft


class BulkRoutes:
    """
    The routes of one family.
    """

    def __init__(self, family: Family) -> None:
        self._family = family

    def routes(self, path: str) -> Sequence[Route]:
        """
        Return those at *path*, but for the creation, which shares its route with that of a single document.
        """
        write = self._family.document_scopes("write")
        return (
            Route(method="PUT", path=path, handler=self._upsert, scopes=write, project_only=True, limits=WRITES),
            Route(method="PATCH", path=path, handler=self._update, scopes=write, project_only=True, limits=WRITES),
            Route(method="DELETE", path=path, handler=self._delete, scopes=write, project_only=True, limits=DELETES),
        )

    def create(self, call: Call) -> Answer:
        """
        Answer a creation whose body lists documents.
        """
        family, transaction_id = self._family, transaction_id_of(call)
        documents = sent_documents(call, family.documents)
        if sent_data(call):
            raise bad_request(f"You can only send one of the following parameters: data, {family.documents}")
        if call.fields.get(family.document_id):
            raise bad_request(
                f'Param "{family.document_id}" is not allowed when creating multiple {family.documents},'
                ' set "$id" on each instead.'
            )
        if call.fields.get("permissions"):
            raise bad_request(
                f'Param "permissions" is disallowed when creating multiple {family.documents},'
                ' set "$permissions" on each instead'
            )
        if not call.caller.is_key:
            raise scope_missing(call.caller.title, family.document_scopes("write"))
        sheet = self._sheet(call)
        operation = CreateMany(drafts=[(_id_in(each), _draft(call, each)) for each in documents])
        if transaction_id is not None:
            stage(sheet, operation, transaction_id)
            return Answer(body=sheet.listed([], total=len(documents)))
        return _announced(sheet, run(sheet, operation), status=201)

    def _upsert(self, call: Call) -> Answer:
        if call.fields.get(self._family.documents) is None:
            raise argument_missing(self._family.documents)
        documents = sent_documents(call, self._family.documents)
        sheet = self._sheet(call)
        operation = PutMany(drafts=[(_id_in(each), _draft(call, each)) for each in documents])
        return self._write(sheet, operation, promised=len(documents))

    def _update(self, call: Call) -> Answer:
        data, texts = sent_data(call), self._texts(call)
        if not data:
            raise payload_missing(self._family)
        sheet = self._sheet(call)
        queries = _read(texts)
        return self._write(sheet, ChangeMany(draft=_draft(call, data), queries=queries))

    def _delete(self, call: Call) -> Answer:
        texts = self._texts(call)
        sheet = self._sheet(call)
        return self._write(sheet, RemoveMany(queries=_read(texts)))

    def _write(self, sheet: Sheet, operation: Operation, *, promised: int = 0) -> Answer:
        transaction_id = transaction_id_of(sheet.call)
        if transaction_id is not None:
            stage(sheet, operation, transaction_id)
            # How many a staged query will find cannot be known.
            return Answer(body=sheet.listed([], total=promised))
        return _announced(sheet, run(sheet, operation))

    def _texts(self, call: Call) -> list[str]:
        texts = call.texts("queries")
        require_few(texts)
        return texts

    def _sheet(self, call: Call) -> Sheet:
        if not call.caller.is_key:
            raise not_found("database", call.path["database"])
        return Sheet(call=call, family=self._family, collection=find_collection(call, self._family))


def _announced(sheet: Sheet, done: Done, *, status: int = 200) -> Answer:
    shown = [sheet.publish(done.action, each) for each in done.documents]
    return Answer(status=status, body=sheet.listed(shown, total=done.total))


def _read(texts: Sequence[str]) -> list[Query]:
    return [read_query(each) for each in texts]


def _id_in(document: Mapping[str, object]) -> str:
    given = document.get("$id")
    if given in (None, ""):
        return unique_id()
    try:
        return chosen_id(given, "$id")
    except AppwriteError as error:
        raise bad_request(error.message.partition(": ")[2]) from None


def _draft(call: Call, data: Mapping[str, object]) -> Draft:
    given = data.get("$permissions")
    try:
        permissions = None if given is None else expanded(given, allowed=ON_DOCUMENTS)
    except ValueError as error:
        raise bad_request(str(error)) from None
    return draft_of(call.caller, data, permissions)
