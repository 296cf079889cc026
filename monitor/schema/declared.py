"""
Live collections in the form in which a manifest declares them, whichever family of calls answered.
"""

import sys
from collections.abc import Iterable

from monitor.appwrite.answers import Attribute, Collection, Index
from monitor.core.manifest import Action, DeclaredAttribute, DeclaredCollection, DeclaredIndex
from monitor.schema.changes import lengths_of, orders_of
from monitor.schema.party import permissions_in
from monitor.schema.structure import NUMBERS, SIZED_TEXTS, WHOLE_NUMBERS

_AVAILABLE, _DELETING = "available", "deleting"
_FORMATS = frozenset({"enum", "email", "url", "ip"})
_ACTIONS = (Action.READ, Action.CREATE, Action.UPDATE, Action.DELETE)


def declare(collection: Collection) -> DeclaredCollection:
    """
    Return *collection* as it would be declared; what is still on its way is there already, what is being deleted not.

    Writers, readers and access are unknown to Appwrite, and left empty.
    """
    attributes = {each.key: _attribute(each) for each in collection.attributes if each.status != _DELETING}
    indexes = {each.key: _index(each) for each in collection.indexes if each.status != _DELETING}
    return DeclaredCollection(
        name=collection.name,
        enabled=collection.enabled,
        document_security=collection.document_security,
        permissions=_in_order(collection.permissions),
        attributes=attributes,
        indexes=indexes,
    )


def declare_available(collection: Collection) -> tuple[DeclaredCollection, tuple[str, ...]]:
    """
    Return the same with what is ``available`` alone, and a sentence on each attribute and index that is left out.
    """
    attributes = tuple(each for each in collection.attributes if each.status == _AVAILABLE)
    indexes = tuple(each for each in collection.indexes if each.status == _AVAILABLE)
    left_out = [f"attribute {each.key} is {each.status}" for each in collection.attributes if each not in attributes]
    left_out += [f"index {each.key} is {each.status}" for each in collection.indexes if each not in indexes]
    kept = collection.model_copy(update={"attributes": attributes, "indexes": indexes})
    return declare(kept), tuple(f"{collection.id}: {each}, not available: left out" for each in left_out)


def _attribute(attribute: Attribute) -> DeclaredAttribute:
    type_ = attribute.format if attribute.format in _FORMATS else attribute.type
    low, high = _range(attribute)
    return DeclaredAttribute(
        type=type_ or "unknown",
        required=attribute.required,
        array=attribute.array,
        size=attribute.size if type_ in SIZED_TEXTS else None,
        elements=attribute.elements if type_ == "enum" else None,
        min=low,
        max=high,
        default=attribute.default,
        encrypt=attribute.encrypt,
        related_collection=attribute.related_collection,
        relation_type=attribute.relation_type,
        two_way=attribute.two_way,
        on_delete=attribute.on_delete,
    )


def _range(attribute: Attribute) -> tuple[float | None, float | None]:
    """
    Return the range of a number; an open one is shown as the limits of its type.
    """
    if attribute.type not in NUMBERS:
        return None, None
    limit = float(1 << 63) if attribute.type in WHOLE_NUMBERS else sys.float_info.max
    low = None if attribute.min is None or attribute.min <= -limit else attribute.min
    high = None if attribute.max is None or attribute.max >= limit else attribute.max
    return low, high


def _index(index: Index) -> DeclaredIndex:
    declared = DeclaredIndex(
        type=index.type or "unknown", attributes=index.attributes, orders=index.orders, lengths=index.lengths
    )
    orders, lengths = orders_of(declared), lengths_of(declared)
    # What says nothing is left out.
    return declared.model_copy(
        update={"orders": orders if set(orders) != {"ASC"} else (), "lengths": lengths if any(lengths) else ()}
    )


def _in_order(texts: Iterable[str]) -> tuple[str, ...]:
    permissions = permissions_in(texts)
    known = {str(action): number for number, action in enumerate(_ACTIONS)}
    return tuple(str(each) for each in sorted(permissions, key=lambda each: (known.get(each.action, 9), each.role)))
