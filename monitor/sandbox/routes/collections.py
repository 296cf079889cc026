"""
Routes on databases, collections (tables), their attributes (columns) and indexes; for server keys only.

Attributes and indexes are declared when a collection is created and are ``available`` at once; there is no worker yet
that would create them one by one.
"""

from collections.abc import Iterable, Sequence

from monitor.sandbox.errors import already_exists, argument_missing, key_not_found, not_found
from monitor.sandbox.protocol.answers import Answer
from monitor.sandbox.protocol.authorization import ON_COLLECTIONS, expand
from monitor.sandbox.protocol.family import Family
from monitor.sandbox.protocol.routing import Call, Route
from monitor.sandbox.state.identifiers import chosen_id
from monitor.sandbox.state.queries import Record, parse, select
from monitor.sandbox.state.schema import Attribute, Index, parse_attribute, parse_index, row_bytes
from monitor.sandbox.state.world import Collection, Database

# What a list of collections or databases can be asked for.
_ASKABLE = ("name", "enabled")
_MAX_ROW_BYTES = 65535


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
        root = f"/{family.root}"
        many = f"{root}/{{database}}/{family.collections}"
        one = f"{many}/{{collection}}"
        database_read = ("databases.read",)
        read, write = family.collection_scopes("read"), family.collection_scopes("write")
        attributes = family.collection_scopes("read", of=family.attributes)
        if family.attribute == "attribute":
            attributes = read
        indexes = family.collection_scopes("read", of="indexes") if family.attribute == "column" else read
        return (
            Route(method="GET", path=root, handler=self._list_databases, scopes=database_read),
            Route(method="GET", path=f"{root}/{{database}}", handler=self._get_database, scopes=database_read),
            Route(method="GET", path=many, handler=self._list, scopes=read),
            Route(method="POST", path=many, handler=self._create, scopes=write),
            Route(method="GET", path=one, handler=self._get, scopes=read),
            Route(method="PUT", path=one, handler=self._update, scopes=write),
            Route(method="DELETE", path=one, handler=self._delete, scopes=write),
            Route(method="GET", path=f"{one}/{family.attributes}", handler=self._list_attributes, scopes=attributes),
            Route(
                method="GET", path=f"{one}/{family.attributes}/{{key}}", handler=self._get_attribute, scopes=attributes
            ),
            Route(method="GET", path=f"{one}/indexes", handler=self._list_indexes, scopes=indexes),
            Route(method="GET", path=f"{one}/indexes/{{key}}", handler=self._get_index, scopes=indexes),
        )

    def _list_databases(self, call: Call) -> Answer:
        return _listed(call, "databases", [_show_database(each) for each in call.world.databases.values()])

    def _get_database(self, call: Call) -> Answer:
        return Answer(body=_show_database(find_database(call)))

    def _list(self, call: Call) -> Answer:
        database = find_database(call)
        seen = call.world.visible_collections(database.id)
        return _listed(call, self._family.collections, [self._show(each) for each in seen])

    def _create(self, call: Call) -> Answer:
        family, now = self._family, call.world.now()
        if call.fields.get(family.collection_id) is None:
            raise argument_missing(family.collection_id)
        collection = Collection(
            id=chosen_id(call.fields[family.collection_id], family.collection_id),
            database_id=call.path["database"],
            name=call.text("name"),
            created_at=now,
            updated_at=now,
            permissions=expand(call.fields.get("permissions") or [], allowed=ON_COLLECTIONS, none=" or null"),
            document_security=call.flag(family.security, default=False),
            enabled=call.flag("enabled", default=True),
            attributes=self._declared_attributes(call, now),
            indexes=self._declared_indexes(call, now),
        )
        stored = find_database(call).collections
        # A collection that a fault hides still takes its id.
        if collection.id in stored:
            raise already_exists(family.collection, collection.id)
        stored[collection.id] = collection
        return Answer(status=201, body=self._show(collection))

    def _get(self, call: Call) -> Answer:
        return Answer(body=self._show(find_collection(call, self._family)))

    def _update(self, call: Call) -> Answer:
        find_collection(call, self._family)
        stored = find_database(call).collections[call.path["collection"]]
        if call.fields.get("permissions") is not None:
            stored.permissions = expand(call.fields["permissions"], allowed=ON_COLLECTIONS, none=" or null")
        stored.name = call.text("name", default=stored.name)
        stored.document_security = call.flag(self._family.security, default=stored.document_security)
        stored.enabled = call.flag("enabled", default=stored.enabled)
        stored.updated_at = call.world.now()
        return Answer(body=self._show(find_collection(call, self._family)))

    def _delete(self, call: Call) -> Answer:
        find_collection(call, self._family)
        del find_database(call).collections[call.path["collection"]]
        return Answer(status=204)

    def _list_attributes(self, call: Call) -> Answer:
        attributes = find_collection(call, self._family).attributes.values()
        return _all(self._family.attributes, [each.shown() for each in attributes])

    def _get_attribute(self, call: Call) -> Answer:
        attribute = find_collection(call, self._family).attributes.get(call.path["key"])
        if attribute is None:
            raise key_not_found(self._family.attribute, call.path["key"])
        return Answer(body=attribute.shown())

    def _list_indexes(self, call: Call) -> Answer:
        indexes = find_collection(call, self._family).indexes.values()
        return _all("indexes", [each.shown(self._family.attributes) for each in indexes])

    def _get_index(self, call: Call) -> Answer:
        index = find_collection(call, self._family).indexes.get(call.path["key"])
        if index is None:
            raise key_not_found(self._family.index, call.path["key"])
        return Answer(body=index.shown(self._family.attributes))

    def _declared_attributes(self, call: Call, now: str) -> dict[str, Attribute]:
        parameter = self._family.attributes
        parsed = [parse_attribute(each, parameter=parameter, now=now) for each in _many(call, parameter)]
        return {each.key: each for each in parsed}

    def _declared_indexes(self, call: Call, now: str) -> dict[str, Index]:
        parsed = [
            parse_index(each, number=number, attributes_noun=self._family.attributes, now=now)
            for number, each in enumerate(_many(call, "indexes"), start=1)
        ]
        return {each.key: each for each in parsed}

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
            "bytesMax": _MAX_ROW_BYTES,
            "bytesUsed": row_bytes(collection.attributes),
        }


def find_database(call: Call) -> Database:
    """
    Return the database of the path; a disabled one exists for keys only.
    """
    database = call.world.databases.get(call.path["database"])
    if database is None or not (database.enabled or call.caller.is_key):
        raise not_found("database", call.path["database"])
    return database


def find_collection(call: Call, family: Family) -> Collection:
    """
    Return the collection of the path as it is seen; a disabled one exists for keys only.
    """
    find_database(call)
    collection = call.world.collection(call.path["database"], call.path["collection"])
    if collection is None or not (collection.enabled or call.caller.is_key):
        raise not_found(family.collection, call.path["collection"])
    return collection


def _show_database(database: Database) -> dict[str, object]:
    return {
        "$id": database.id,
        "name": database.name,
        "$createdAt": database.created_at,
        "$updatedAt": database.created_at,
        "enabled": database.enabled,
        "type": "legacy",
    }


def _many(call: Call, parameter: str) -> Iterable[object]:
    declared = call.fields.get(parameter) or ()
    return declared if isinstance(declared, list) else ()


def _listed(call: Call, noun: str, shown: Sequence[Record]) -> Answer:
    page = select(parse(call.texts("queries"), attributes=_ASKABLE), shown)
    return Answer(body={"total": page.total, noun: list(page.records)})


def _all(noun: str, shown: Sequence[Record]) -> Answer:
    return Answer(body={"total": len(shown), noun: list(shown)})
