"""
Routes on collections (tables); for server keys only.

An update without ``enabled`` or ``documentSecurity`` sets them to true and false, as with a real server: a tool that
renames a collection and forgets the second takes from every document its own permissions.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from monitor.sandbox.errors import already_exists, not_found
from monitor.sandbox.protocol.answers import Answer
from monitor.sandbox.protocol.authorization import ON_COLLECTIONS, expand
from monitor.sandbox.protocol.family import Family
from monitor.sandbox.protocol.listing import matching
from monitor.sandbox.protocol.routing import Call, Route
from monitor.sandbox.routes.databases import LONGEST_NAME, find_database, stored_database
from monitor.sandbox.routes.keyed import listed_by_key
from monitor.sandbox.state.identifiers import chosen_id
from monitor.sandbox.state.inline import inline_attributes, inline_indexes
from monitor.sandbox.state.parameters import boolean_in, present, text_in
from monitor.sandbox.state.refusals import no_more, too_many
from monitor.sandbox.state.schema import MAX_ROW_BYTES, Attribute, Index, row_bytes
from monitor.sandbox.state.world import Collection, Database

# This machine's memory, not Appwrite's limit.
MAX_COLLECTIONS = 10_000


class CollectionRoutes:
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
        many = f"/{family.root}/{{database}}/{family.collections}"
        one = f"{many}/{{collection}}"
        read, write = family.collection_scopes("read"), family.collection_scopes("write")
        return (
            Route(method="GET", path=many, handler=self._list, scopes=read),
            Route(method="POST", path=many, handler=self._create, scopes=write),
            Route(method="GET", path=one, handler=self._get, scopes=read),
            Route(method="PUT", path=one, handler=self._update, scopes=write),
            Route(method="DELETE", path=one, handler=self._delete, scopes=write),
        )

    def _list(self, call: Call) -> Answer:
        family = self._family
        seen = {each.id: each for each in call.world.visible_collections(find_database(call).id)}
        found = matching(call, [_record(each, family) for each in seen.values()], of=("$id", "name"))
        return listed_by_key(
            call,
            (family.collection, family.collections),
            {str(each["$id"]): each for each in found},
            lambda id_: self._show(seen[id_]),
            askable=("name", "enabled", family.security),
        )

    def _create(self, call: Call) -> Answer:
        family, now, fields = self._family, call.world.now(), call.fields
        made = Collection(
            id=chosen_id(present(fields, family.collection_id), family.collection_id),
            database_id=call.path["database"],
            name=text_in(fields, "name", longest=LONGEST_NAME),
            created_at=now,
            updated_at=now,
            permissions=expand(fields.get("permissions") or [], allowed=ON_COLLECTIONS, none=" or null"),
            document_security=call.flag(family.security, default=False),
            enabled=boolean_in(fields, "enabled", default=True),
        )
        database = stored_database(call)
        # A collection that a fault hides still takes its id.
        if made.id in database.collections:
            raise already_exists(family.collection, made.id)
        if len(database.collections) >= MAX_COLLECTIONS:
            raise no_more(family.collection, database.id)
        if call.world.profile.inline_attributes:
            made.attributes = self._inline_attributes(made, fields, now)
            made.indexes = self._inline_indexes(made, fields, now)
        return Answer(status=201, body=self._show(_stored(made, database)))

    def _get(self, call: Call) -> Answer:
        return Answer(body=self._show(find_collection(call, self._family)))

    def _update(self, call: Call) -> Answer:
        fields, name, permissions = call.fields, None, None
        if call.world.profile.name_required or fields.get("name") is not None:
            name = text_in(fields, "name", longest=LONGEST_NAME)
        if fields.get("permissions") is not None:
            permissions = expand(fields["permissions"], allowed=ON_COLLECTIONS, none=" or null")
        security = call.flag(self._family.security, default=False)
        enabled = boolean_in(fields, "enabled", default=True)
        # Cached lists, which it would drop, are not kept here.
        call.flag("purge", default=False)
        stored = find_stored(call, self._family)
        stored.name = name or stored.name
        stored.permissions = stored.permissions if permissions is None else permissions
        stored.document_security, stored.enabled = security, enabled
        stored.updated_at = call.world.now()
        return Answer(body=self._show(find_collection(call, self._family)))

    def _delete(self, call: Call) -> Answer:
        stored = find_stored(call, self._family)
        del stored_database(call).collections[stored.id]
        return Answer(status=204)

    def _inline_attributes(self, made: Collection, fields: Mapping[str, object], now: str) -> dict[str, Attribute]:
        family = self._family
        attributes = inline_attributes(fields, family.attributes, noun=family.attribute, now=now)
        if row_bytes(attributes) >= MAX_ROW_BYTES:
            raise too_many(family.attribute, made.id)
        return attributes

    def _inline_indexes(self, made: Collection, fields: Mapping[str, object], now: str) -> dict[str, Index]:
        family = self._family
        return inline_indexes(fields, made.attributes, name=family.attributes, index_noun=family.index, now=now)

    def _show(self, collection: Collection) -> dict[str, object]:
        family = self._family
        return {
            "$id": collection.id,
            "$createdAt": collection.created_at,
            "$updatedAt": collection.updated_at,
            "$permissions": list(collection.permissions),
            "databaseId": collection.database_id,
            "name": collection.name,
            "enabled": collection.enabled,
            family.security: collection.document_security,
            family.attributes: [each.shown() for each in collection.attributes.values()],
            "indexes": [each.shown(family.attributes) for each in collection.indexes.values()],
            "bytesMax": MAX_ROW_BYTES,
            "bytesUsed": row_bytes(collection.attributes),
        }


def find_collection(call: Call, family: Family) -> Collection:
    """
    Return the collection of the path as it is seen; a disabled one exists for keys only.
    """
    find_database(call)
    collection = call.world.collection(call.path["database"], call.path["collection"])
    if collection is None or not (collection.enabled or call.caller.is_key):
        raise not_found(family.collection, call.path["collection"])
    return collection


def find_stored(call: Call, family: Family) -> Collection:
    """
    Return the collection of the path as it is kept, to be changed; one that a fault hides is not found.
    """
    find_collection(call, family)
    return find_database(call).collections[call.world.view.locate(call.path["collection"])]


def index_id(database: Database, collection: Collection, key: str) -> str:
    """
    Return the id of an index, which is made of the numbers of what it belongs to.
    """
    return f"{database.sequence}_{collection.sequence}_{key}"


def _record(collection: Collection, family: Family) -> dict[str, object]:
    return {
        "$id": collection.id,
        "$createdAt": collection.created_at,
        "$updatedAt": collection.updated_at,
        "name": collection.name,
        "enabled": collection.enabled,
        family.security: collection.document_security,
    }


def _stored(made: Collection, database: Database) -> Collection:
    made.sequence = database.next_sequence()
    for key, index in made.indexes.items():
        made.indexes[key] = replace(index, id=index_id(database, made, key))
    database.collections[made.id] = made
    return made
