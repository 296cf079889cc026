"""
Routes on documents (rows): who gets what is the authorization matrix of a real server, 404 and 401 included.

Parameters are judged first, then what is missing, then database and collection, then roles and permissions, then the
structure. A delete whose document id is empty collapses onto the collection's documents, and empties it: as with
a real server, see ``bulk``.
"""

from collections.abc import Sequence

from monitor.sandbox.errors import AppwriteError, not_found, unauthorized
from monitor.sandbox.protocol.answers import Answer
from monitor.sandbox.protocol.authorization import default_permissions, may, require_create, require_held_roles
from monitor.sandbox.protocol.documents import (
    DELETES,
    ONE_OPERATION,
    WRITES,
    Sheet,
    data_missing,
    document_id_of,
    draft_of,
    new_id,
    payload_missing,
    sent_data,
    sent_permissions,
)
from monitor.sandbox.protocol.family import Family
from monitor.sandbox.protocol.routing import Call, Route
from monitor.sandbox.protocol.staging import run, seen, stage, transaction_id_of
from monitor.sandbox.routes.bulk import BulkRoutes
from monitor.sandbox.routes.collections import find_collection
from monitor.sandbox.routes.reading import ReadingRoutes
from monitor.sandbox.state.identifiers import chosen_id
from monitor.sandbox.state.operations import Change, Create, Put, Remove
from monitor.sandbox.state.storage import Draft
from monitor.sandbox.state.world import Collection, Document


class DocumentRoutes:
    """
    The routes of one family.
    """

    def __init__(self, family: Family) -> None:
        self._family = family
        self._reading = ReadingRoutes(family)
        self._bulk = BulkRoutes(family)

    def routes(self) -> Sequence[Route]:
        """
        Return all of them.
        """
        family = self._family
        many = f"/{family.root}/{{database}}/{family.collections}/{{collection}}/{family.documents}"
        one = f"{many}/{{document}}"
        write = family.document_scopes("write")
        return (
            *self._reading.routes(many),
            Route(method="POST", path=many, handler=self._create, scopes=write, project_only=True, limits=WRITES),
            Route(method="PATCH", path=one, handler=self._update, scopes=write, project_only=True, limits=WRITES),
            Route(method="PUT", path=one, handler=self._upsert, scopes=write, project_only=True, limits=WRITES),
            Route(method="DELETE", path=one, handler=self._delete, scopes=write, project_only=True, limits=DELETES),
            *self._bulk.routes(many),
        )

    def _create(self, call: Call) -> Answer:
        if call.fields.get(self._family.documents):
            return self._bulk.create(call)
        family, document_id = self._family, new_id(call.fields.get(self._family.document_id), self._family)
        permissions, data, transaction_id = sent_permissions(call), sent_data(call), transaction_id_of(call)
        if not data:
            raise data_missing(family)
        if document_id is None:
            noun = family.document.capitalize()
            message = f"{noun} ID is required when creating a single {family.document}."
            raise AppwriteError(400, f"{family.document}_missing_data", message)
        sheet = self._sheet(call)
        if permissions is None:
            permissions = default_permissions(call.caller)
        require_held_roles(call.caller, permissions)
        require_create(call.caller, sheet.collection, told_why=call.world.profile.tells_create_roles)
        draft = draft_of(call.caller, data, permissions)
        operation = Create(id=document_id, draft=draft)
        if transaction_id is not None:
            stage(sheet, operation, transaction_id)
            return Answer(status=201, body=_promised(sheet, document_id, draft))
        return Answer(status=201, body=sheet.publish("create", run(sheet, operation).documents[0]))

    def _update(self, call: Call) -> Answer:
        document_id, transaction_id = document_id_of(call, self._family), transaction_id_of(call)
        permissions, data = sent_permissions(call), sent_data(call)
        if not data and permissions is None:
            raise payload_missing(self._family)
        sheet = self._sheet(call)
        collection = seen(call, sheet.collection, transaction_id)
        document = self._find(collection, document_id)
        require_held_roles(call.caller, permissions or ())
        draft = draft_of(call.caller, data, permissions)
        operation = Change(id=document_id, draft=draft)
        if transaction_id is not None:
            # The write itself is judged at the commit; this answer shows the document already.
            if not any(may(call.caller, action, collection, document) for action in ("read", "update")):
                raise unauthorized()
            stage(sheet, operation, transaction_id)
            return Answer(body=sheet.show(document) | dict(draft.data) | _permissions_shown(document, draft))
        return Answer(body=sheet.publish("update", run(sheet, operation).documents[0]))

    def _upsert(self, call: Call) -> Answer:
        document_id = chosen_id(call.path["document"], self._family.document_id)
        permissions, data, transaction_id = sent_permissions(call), sent_data(call), transaction_id_of(call)
        if not data and permissions is None:
            raise payload_missing(self._family)
        sheet = self._sheet(call)
        document = seen(call, sheet.collection, transaction_id).documents.get(document_id)
        if permissions is None:
            # Kept ones are checked like new ones: a client that does not hold all of them is refused.
            permissions = default_permissions(call.caller) if document is None else document.permissions
        require_held_roles(call.caller, permissions)
        draft = draft_of(call.caller, data, permissions)
        operation = Put(id=document_id, draft=draft)
        if transaction_id is not None:
            stage(sheet, operation, transaction_id)
            return Answer(status=201, body=_promised(sheet, document_id, draft))
        return Answer(body=sheet.publish("upsert", run(sheet, operation).documents[0]))

    def _delete(self, call: Call) -> Answer:
        document_id, transaction_id = document_id_of(call, self._family), transaction_id_of(call)
        sheet = self._sheet(call)
        self._find(seen(call, sheet.collection, transaction_id), document_id)
        operation = Remove(id=document_id)
        if transaction_id is not None:
            stage(sheet, operation, transaction_id)
            return Answer(status=204)
        sheet.publish("delete", run(sheet, operation).documents[0])
        return Answer(status=204, headers=ONE_OPERATION)

    def _sheet(self, call: Call) -> Sheet:
        return Sheet(call=call, family=self._family, collection=find_collection(call, self._family))

    def _find(self, collection: Collection, document_id: str) -> Document:
        document = collection.documents.get(document_id)
        if document is None:
            raise not_found(self._family.document, document_id)
        return document


def _permissions_shown(document: Document, draft: Draft) -> dict[str, object]:
    return {"$permissions": list(document.permissions if draft.permissions is None else draft.permissions)}


def _promised(sheet: Sheet, document_id: str, draft: Draft) -> dict[str, object]:
    """
    Return what a staged document will be, as far as it is known: nothing has numbered or dated it yet.
    """
    document = Document(
        id=document_id,
        sequence=0,
        permissions=draft.permissions or (),
        created_at="",
        updated_at="",
        data=dict(draft.data),
    )
    return dict(draft.data) | sheet.show(document, frozenset()) | {"$sequence": ""}
