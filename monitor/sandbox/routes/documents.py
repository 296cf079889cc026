"""
Routes on documents (rows): who gets what is the authorization matrix of a real server, 404 and 401 included.

A document that may not be read is 404; a list is 401 only without document security, otherwise it shows what may be
read. Bulk operations are not served yet: a client gets what a real server tells clients, a key 400. So a delete whose
document id is empty, which collapses onto the collection's documents, deletes nothing.
"""

import json
from collections.abc import Mapping, Sequence

from monitor.sandbox.errors import AppwriteError, already_exists, not_found, scope_missing, unauthorized
from monitor.sandbox.protocol.answers import Answer
from monitor.sandbox.protocol.authorization import (
    ON_DOCUMENTS,
    default_permissions,
    expand,
    may,
    require_create,
    require_held_roles,
)
from monitor.sandbox.protocol.family import Family
from monitor.sandbox.protocol.routing import Call, Route
from monitor.sandbox.routes.collections import find_collection
from monitor.sandbox.state.identifiers import chosen_id
from monitor.sandbox.state.queries import Record, cursor_not_found, cursor_of, parse, select, selected
from monitor.sandbox.state.structure import complete
from monitor.sandbox.state.world import Collection, Document


class DocumentRoutes:
    """
    The routes of one family.
    """

    def __init__(self, family: Family) -> None:
        self._family = family

    def routes(self) -> Sequence[Route]:
        """
        Return all of them.
        """
        family = self._family
        many = f"/{family.root}/{{database}}/{family.collections}/{{collection}}/{family.documents}"
        one = f"{many}/{{document}}"
        read, write = family.document_scopes("read"), family.document_scopes("write")
        return (
            Route(method="GET", path=many, handler=self._list, scopes=read, project_only=True),
            Route(method="POST", path=many, handler=self._create, scopes=write, project_only=True),
            Route(method="GET", path=one, handler=self._get, scopes=read, project_only=True),
            Route(method="PATCH", path=one, handler=self._update, scopes=write, project_only=True),
            Route(method="PUT", path=one, handler=self._upsert, scopes=write, project_only=True),
            Route(method="DELETE", path=one, handler=self._delete, scopes=write, project_only=True),
            *(
                Route(method=method, path=many, handler=self._bulk, scopes=write, project_only=True)
                for method in ("PATCH", "PUT", "DELETE")
            ),
        )

    def _list(self, call: Call) -> Answer:
        collection = find_collection(call, self._family)
        queries = parse(call.texts("queries"), attributes=collection.attributes)
        cursor = cursor_of(queries)
        if cursor is not None and cursor not in collection.documents:
            raise cursor_not_found(cursor, noun=self._family.document)
        everything = may(call.caller, "read", collection)
        if not everything and not collection.document_security:
            raise unauthorized()
        readable = (
            each for each in collection.documents.values() if everything or may(call.caller, "read", collection, each)
        )
        page = select(queries, [self._show(collection, each) for each in readable])
        wanted = selected(queries)
        documents = [_reduced(each, wanted) for each in page.records]
        total = page.total if call.flag("total", default=True) else 0
        return Answer(body={"total": total, self._family.documents: documents})

    def _get(self, call: Call) -> Answer:
        collection = find_collection(call, self._family)
        queries = parse(call.texts("queries"), attributes=collection.attributes)
        document = self._find(call, collection)
        if not may(call.caller, "read", collection, document):
            raise not_found(self._family.document, document.id)
        return Answer(body=_reduced(self._show(collection, document), selected(queries)))

    def _create(self, call: Call) -> Answer:
        family = self._family
        id_ = call.fields.get(family.document_id)
        document_id = None if id_ is None else chosen_id(id_, family.document_id)
        permissions = self._sent_permissions(call)
        if "documents" in call.fields or "rows" in call.fields:
            self._bulk_create(call)
        data = self._sent_data(call)
        if not data:
            raise self._data_missing()
        if document_id is None:
            noun = family.document.capitalize()
            message = f"{noun} ID is required when creating a single {family.document}."
            raise AppwriteError(400, f"{family.document}_missing_data", message)
        collection = find_collection(call, family)
        if permissions is None:
            permissions = default_permissions(call.caller)
        require_held_roles(call.caller, permissions)
        require_create(call.caller, collection)
        document = self._add(call, collection, document_id, data=data, permissions=permissions)
        return self._written(call, collection, document, status=201, action="create")

    def _update(self, call: Call) -> Answer:
        permissions, data = self._sent_permissions(call), self._sent_data(call)
        if not data and permissions is None:
            message = (
                "The document data and permissions are missing."
                " You must provide either document data or permissions to be updated."
            ).replace("document", self._family.document)
            raise AppwriteError(400, f"{self._family.document}_missing_payload", message)
        collection = find_collection(call, self._family)
        document = self._find(call, collection)
        require_held_roles(call.caller, permissions or ())
        new_permissions = document.permissions if permissions is None else permissions
        merged = document.data | data
        changed = merged != document.data or set(new_permissions) != set(document.permissions)
        # A PATCH that changes nothing is checked against read instead of update.
        if not may(call.caller, "update" if changed else "read", collection, document):
            raise unauthorized()
        values = complete(merged, collection.attributes, noun=self._family.document, now=call.world.clock.now())
        if changed:
            document.data, document.permissions = values, new_permissions
            document.updated_at = call.world.now()
        return self._written(call, collection, document, status=200, action="update")

    def _upsert(self, call: Call) -> Answer:
        permissions, data = self._sent_permissions(call), self._sent_data(call)
        if not data:
            raise self._data_missing()
        document_id = chosen_id(call.path["document"], self._family.document_id)
        collection = find_collection(call, self._family)
        document = collection.documents.get(document_id)
        if permissions is None:
            # Kept ones are checked like new ones: a client that does not hold all of them is refused.
            permissions = default_permissions(call.caller) if document is None else document.permissions
        require_held_roles(call.caller, permissions)
        if document is None:
            if not may(call.caller, "create", collection):
                raise unauthorized()
            document = self._add(call, collection, document_id, data=data, permissions=permissions)
            return self._written(call, collection, document, status=200, action="upsert")
        if not may(call.caller, "update", collection, document):
            raise unauthorized()
        merged, now = document.data | data, call.world.clock.now()
        document.data = complete(merged, collection.attributes, noun=self._family.document, now=now)
        document.permissions = permissions
        document.updated_at = call.world.now()
        return self._written(call, collection, document, status=200, action="upsert")

    def _delete(self, call: Call) -> Answer:
        collection = find_collection(call, self._family)
        document = self._find(call, collection)
        if not may(call.caller, "delete", collection, document):
            raise unauthorized()
        del collection.documents[document.id]
        call.publisher.publish("delete", collection, document, self._show(collection, document))
        return Answer(status=204)

    def _bulk(self, call: Call) -> Answer:
        if not call.caller.is_key:
            raise not_found("database", call.path["database"])
        raise AppwriteError(400, "general_bad_request", "Bulk operations are not served by this sandbox.")

    def _bulk_create(self, call: Call) -> None:
        if not call.caller.is_key:
            raise scope_missing(call.caller.title, self._family.document_scopes("write"))
        self._bulk(call)

    def _find(self, call: Call, collection: Collection) -> Document:
        document = collection.documents.get(call.path["document"])
        if document is None:
            raise not_found(self._family.document, call.path["document"])
        return document

    def _add(
        self,
        call: Call,
        collection: Collection,
        document_id: str,
        *,
        data: Mapping[str, object],
        permissions: tuple[str, ...],
    ) -> Document:
        noun, now = self._family.document, call.world.now()
        values = complete(data, collection.attributes, noun=noun, now=call.world.clock.now())
        if document_id in collection.documents:
            raise already_exists(noun, document_id)
        document = Document(
            id=document_id,
            sequence=collection.documents.next_sequence(),
            permissions=permissions,
            created_at=now,
            updated_at=now,
            data=values,
        )
        collection.documents[document_id] = document
        return document

    def _written(self, call: Call, collection: Collection, document: Document, *, status: int, action: str) -> Answer:
        shown = self._show(collection, document)
        call.publisher.publish(action, collection, document, shown)
        return Answer(status=status, body=shown)

    def _sent_permissions(self, call: Call) -> tuple[str, ...] | None:
        sent = call.fields.get("permissions")
        return None if sent is None else expand(sent, allowed=ON_DOCUMENTS, none=" or null")

    def _sent_data(self, call: Call) -> dict[str, object]:
        data = call.fields.get("data")
        if isinstance(data, str):
            try:
                data = json.loads(data)
            except ValueError:
                data = None
        if not isinstance(data, dict):
            return {}
        # Appwrite's own keys are dropped, so that a caller may send back what it was given.
        return {key: value for key, value in data.items() if not key.startswith("$")}

    def _data_missing(self) -> AppwriteError:
        noun = self._family.document
        # The full stop is there for rows only.
        end = "." if noun == "row" else ""
        message = f"The {noun} data is missing. Try again with {noun} data populated{end}"
        return AppwriteError(400, f"{noun}_missing_data", message)

    def _show(self, collection: Collection, document: Document) -> dict[str, object]:
        return {
            **document.data,
            "$id": document.id,
            "$sequence": str(document.sequence),
            "$createdAt": document.created_at,
            "$updatedAt": document.updated_at,
            "$permissions": list(document.permissions),
            "$databaseId": collection.database_id,
            f"${self._family.collection_id}": collection.id,
        }


def _reduced(shown: Record, wanted: frozenset[str] | None) -> Record:
    if wanted is None:
        return shown
    return {key: value for key, value in shown.items() if key in wanted or key.startswith("$")}
