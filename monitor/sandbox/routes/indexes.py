"""
Routes on the indexes of a collection; for server keys only. The worker makes and removes them a moment later.
"""

from collections.abc import Sequence
from dataclasses import replace
from functools import partial

from monitor.sandbox.errors import key_not_found
from monitor.sandbox.protocol.answers import Answer
from monitor.sandbox.protocol.family import Family
from monitor.sandbox.protocol.routing import Call, Route
from monitor.sandbox.routes.collections import find_collection, find_stored, index_id
from monitor.sandbox.routes.databases import stored_database
from monitor.sandbox.routes.keyed import listed_by_key
from monitor.sandbox.state.indexes import declared_index, require_possible, require_room
from monitor.sandbox.state.jobs import make_index, remove_index
from monitor.sandbox.state.schema import Index
from monitor.sandbox.state.world import Collection

# What a list of indexes can be asked for, beside the keys of attributes under the family's own noun.
_ASKABLE = ("key", "type", "status", "error")


class IndexRoutes:
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
        many = f"/{family.root}/{{database}}/{family.collections}/{{collection}}/indexes"
        of = "indexes" if family.attribute == "column" else ""
        read, write = family.collection_scopes("read", of=of), family.collection_scopes("write", of=of)
        return (
            Route(method="GET", path=many, handler=self._list, scopes=read),
            Route(method="POST", path=many, handler=self._create, scopes=write),
            Route(method="GET", path=f"{many}/{{key}}", handler=self._get, scopes=read),
            Route(method="DELETE", path=f"{many}/{{key}}", handler=self._delete, scopes=write),
        )

    def _list(self, call: Call) -> Answer:
        noun = self._family.attributes
        shown = {key: each.shown(noun) for key, each in find_collection(call, self._family).indexes.items()}
        return listed_by_key(call, ("index", "indexes"), shown, shown.__getitem__, askable=(*_ASKABLE, noun))

    def _get(self, call: Call) -> Answer:
        return Answer(body=self._find(call, find_collection(call, self._family)).shown(self._family.attributes))

    def _create(self, call: Call) -> Answer:
        family, world = self._family, call.world
        index = declared_index(call.fields, attributes_noun=family.attributes, now=world.now())
        stored = find_stored(call, family)
        require_room(stored, family.index)
        # A fault may show an attribute in another state than it is in.
        seen = find_collection(call, family)
        require_possible(index, seen, noun=family.index, attribute_noun=family.attribute)
        index = replace(index, id=index_id(stored_database(call), stored, index.key))
        world.worker.put(partial(make_index, world, stored, index.key))
        stored.indexes[index.key] = index
        return Answer(status=202, body=index.shown(family.attributes))

    def _delete(self, call: Call) -> Answer:
        stored = find_stored(call, self._family)
        index = self._find(call, stored)
        call.world.worker.put(partial(remove_index, stored, index.key))
        if index.status == "available":
            stored.indexes[index.key] = replace(index, status="deleting", updated_at=call.world.now())
        return Answer(status=204)

    def _find(self, call: Call, collection: Collection) -> Index:
        index = collection.indexes.get(call.path["key"])
        if index is None:
            raise key_not_found(self._family.index, call.path["key"])
        return index
