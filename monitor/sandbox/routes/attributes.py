"""
Routes on the attributes (columns) of a collection; for server keys only.

What is created or deleted is answered at once and done by the worker a moment later.
"""

from collections.abc import Sequence
from dataclasses import replace
from functools import partial

from monitor.sandbox.errors import AppwriteError, key_not_found, route_not_found
from monitor.sandbox.protocol.answers import Answer
from monitor.sandbox.protocol.family import Family
from monitor.sandbox.protocol.routing import Call, Route
from monitor.sandbox.routes.collections import find_collection, find_stored
from monitor.sandbox.routes.keyed import listed_by_key
from monitor.sandbox.state.attributes import KINDS, NEWER_KINDS, declared, require_place
from monitor.sandbox.state.changes import read_change, require_renamable
from monitor.sandbox.state.jobs import make_attribute, remove_attribute
from monitor.sandbox.state.refusals import refused, too_many
from monitor.sandbox.state.schema import MAX_ROW_BYTES, Attribute, row_bytes
from monitor.sandbox.state.world import Collection

# What a list of attributes can be asked for.
_ASKABLE = ("key", "type", "size", "required", "array", "status", "error")
_UNSERVED = ("relationship", "point", "line", "polygon")


class AttributeRoutes:
    """
    The routes of one family.
    """

    def __init__(self, family: Family) -> None:
        self._family = family
        self._noun = family.attribute

    def routes(self) -> Sequence[Route]:
        """
        Return all of them.
        """
        family = self._family
        many = f"/{family.root}/{{database}}/{family.collections}/{{collection}}/{family.attributes}"
        read = family.collection_scopes("read", of=family.attributes)
        write = family.collection_scopes("write", of=family.attributes)
        return (
            Route(method="GET", path=many, handler=self._list, scopes=read),
            Route(method="GET", path=f"{many}/{{key}}", handler=self._get, scopes=read),
            Route(method="DELETE", path=f"{many}/{{key}}", handler=self._delete, scopes=write),
            *(
                Route(method=method, path=f"{many}/{kind}{end}", handler=partial(handler, kind=kind), scopes=write)
                for kind in KINDS
                for method, end, handler in (("POST", "", self._create), ("PATCH", "/{key}", self._update))
            ),
            *(
                Route(method=method, path=f"{many}/{path}", handler=_unserved, scopes=write)
                for kind in _UNSERVED
                for method, path in (("POST", kind), ("PATCH", f"{kind}/{{key}}"))
            ),
            Route(method="PATCH", path=f"{many}/{{key}}/relationship", handler=_unserved, scopes=write),
        )

    def _list(self, call: Call) -> Answer:
        attributes = find_collection(call, self._family).attributes
        records = {key: each.shown() | {"size": each.size} for key, each in attributes.items()}
        nouns = (self._noun, self._family.attributes)
        return listed_by_key(call, nouns, records, lambda key: attributes[key].shown(), askable=_ASKABLE)

    def _get(self, call: Call) -> Answer:
        return Answer(body=self._find(call, find_collection(call, self._family)).shown())

    def _create(self, call: Call, *, kind: str) -> Answer:
        _require_known_kind(call, kind)
        world = call.world
        attribute = declared(kind, call.fields, noun=self._noun, now=world.now())
        stored = find_stored(call, self._family)
        require_place(attribute, stored.attributes, noun=self._noun, collection_id=stored.id)
        world.worker.put(partial(make_attribute, world, stored, attribute.key))
        stored.attributes[attribute.key] = attribute
        return Answer(status=202, body=attribute.shown())

    def _update(self, call: Call, *, kind: str) -> Answer:
        _require_known_kind(call, kind)
        change = read_change(kind, call.fields)
        stored = find_stored(call, self._family)
        # A fault may show it in another state than it is in.
        attribute = self._find(call, find_collection(call, self._family))
        changed = change.of(attribute, noun=self._noun, now=call.world.now())
        require_renamable(change, attribute, stored.attributes, noun=self._noun)
        self._require_fit(stored, attribute, changed)
        _exchange(stored, attribute, changed)
        return Answer(body=changed.shown())

    def _delete(self, call: Call) -> Answer:
        stored = find_stored(call, self._family)
        attribute = self._find(call, stored)
        call.world.worker.put(partial(remove_attribute, call.world, stored, attribute.key))
        if attribute.status == "available":
            stored.attributes[attribute.key] = replace(attribute, status="deleting", updated_at=call.world.now())
        return Answer(status=204)

    def _find(self, call: Call, collection: Collection) -> Attribute:
        attribute = collection.attributes.get(call.path["key"])
        if attribute is None:
            raise key_not_found(self._noun, call.path["key"])
        return attribute

    def _require_fit(self, stored: Collection, attribute: Attribute, changed: Attribute) -> None:
        others = {key: each for key, each in stored.attributes.items() if key != attribute.key}
        if row_bytes(others | {changed.key: changed}) >= MAX_ROW_BYTES:
            raise too_many(self._noun, stored.id)
        if 0 < changed.size < attribute.size and changed.is_text:
            held = (each.data.get(attribute.key) for each in stored.documents.values())
            if any(isinstance(value, str) and len(value) > changed.size for value in held):
                message = "Existing data is too large for new size, truncate your existing data then try again."
                raise refused(self._noun, "invalid_resize", message)


def _require_known_kind(call: Call, kind: str) -> None:
    if kind in NEWER_KINDS and not call.world.profile.inline_attributes:
        raise route_not_found()


def _unserved(_: Call) -> Answer:
    message = "Relationships and spatial attributes are not served by this sandbox."
    raise AppwriteError(501, "general_not_implemented", message)


def _exchange(stored: Collection, attribute: Attribute, changed: Attribute) -> None:
    """
    Put the changed attribute in the place of the old one; under a new key in documents and indexes, too.
    """
    old, new = attribute.key, changed.key
    # In its old place: the order of attributes is the order in which they were made.
    stored.attributes = {
        each.key: each for each in (changed if each.key == old else each for each in stored.attributes.values())
    }
    if new == old:
        return
    for document in tuple(stored.documents.values()):
        renamed_data = {new if key == old else key: value for key, value in document.data.items()}
        stored.documents[document.id] = replace(document, data=renamed_data)
    for key, index in stored.indexes.items():
        stored.indexes[key] = replace(
            index, attributes=tuple(new if each == old else each for each in index.attributes)
        )
