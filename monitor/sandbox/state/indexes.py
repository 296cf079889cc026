"""
What an index may be made of, and what a unique one forbids.
"""

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache

from monitor.sandbox.errors import AppwriteError, argument_invalid
from monitor.sandbox.state.collation import compared
from monitor.sandbox.state.parameters import Fields, chosen_in, integer_in, is_key, key_in, list_in, present
from monitor.sandbox.state.refusals import already_there, not_available, refused, too_many, unknown
from monitor.sandbox.state.schema import TEXT_TYPES, Attribute, Index
from monitor.sandbox.state.world import Collection

TYPES = ("key", "fulltext", "unique", "spatial")
ORDERS = ("ASC", "DESC")
# MariaDB's 64, less those of Appwrite's own.
MAX_INDEXES = 58
# In characters of four bytes.
MAX_LENGTH = 768
SYSTEM = {
    "$id": Attribute(key="$id", type="string", size=255, required=True, created_at=""),
    "$createdAt": Attribute(key="$createdAt", type="datetime", created_at=""),
    "$updatedAt": Attribute(key="$updatedAt", type="datetime", created_at=""),
}
_UNSIZED_LENGTHS = {"text": 16_383, "mediumtext": 4_194_303, "longtext": 1_073_741_823}


def declared_index(fields: Fields, *, attributes_noun: str, now: str) -> Index:
    """
    Return the index that the body of a creation declares, ``processing`` and still without an id.
    """
    return Index(
        id="",
        key=key_in(fields),
        type=chosen_in(fields, "type", TYPES),
        attributes=_keys(fields, attributes_noun),
        orders=_orders(fields),
        lengths=tuple(integer_in({"lengths": each}, "lengths") or 0 for each in list_in(fields, "lengths")),
        status="processing",
        created_at=now,
    )


def require_room(collection: Collection, noun: str) -> None:
    """
    Refuse one more index than a collection can have; *noun* is ``index`` or ``column_index``.
    """
    if len(collection.indexes) >= MAX_INDEXES:
        raise too_many(noun, collection.id)


def require_possible(index: Index, collection: Collection, *, noun: str, attribute_noun: str) -> None:
    """
    Refuse an index on attributes that are not there yet or cannot be indexed, in Appwrite's order.
    """
    known = collection.attributes | SYSTEM
    for key in index.attributes:
        if key not in known:
            raise unknown(attribute_noun, key)
        if known[key].status != "available":
            raise not_available(attribute_noun, key)
        if known[key].array:
            raise on_array()
    found = problem(index, known)
    if found:
        raise refused(noun, "invalid", found)
    if index.key in collection.indexes:
        raise already_there(noun, index.key)


def on_array() -> AppwriteError:
    """
    Refuse an index on a list; the type is the same in both families.
    """
    return AppwriteError(400, "index_invalid", "Creating indexes on array attributes is not currently supported.")


def problem(index: Index, known: Mapping[str, Attribute]) -> str | None:
    """
    Return what is wrong with an index on *known* attributes.
    """
    keys = [each.lower() for each in index.attributes]
    if not keys:
        return "No attributes provided for index"
    if len(set(keys)) != len(keys):
        return "Duplicate attributes provided"
    attributes = [known[each] for each in index.attributes]
    return _type_problem(index, attributes) or _length_problem(index, attributes)


def clash(collection: Collection, data: Mapping[str, object], except_id: str | None) -> bool:
    """
    Return whether *data* has what a unique index allows once; *except_id* is the document that *data* is for.

    As in SQL a missing value is equal to nothing; texts are compared without regard to case and accents.
    """
    return any(_is_repeated(index, collection, data, except_id) for index in _unique(collection.indexes.values()))


def has_repetition(index: Index, collection: Collection) -> bool:
    """
    Return whether the documents that are there already break *index*.
    """
    seen: set[Sequence[object]] = set()
    for document in collection.documents.values():
        values = _values(index, document.data)
        if values in seen:
            return True
        if values is not None:
            seen.add(values)
    return False


def _unique(indexes: Iterable[Index]) -> list[Index]:
    return [each for each in indexes if each.type == "unique" and each.status == "available"]


def _is_repeated(index: Index, collection: Collection, data: Mapping[str, object], except_id: str | None) -> bool:
    wanted = _values(index, data)
    if wanted is None:
        return False
    # The first attribute tells most documents apart; only for the others the rest is looked at.
    first, length = index.attributes[0], index.length_at(0)
    return any(
        _value(each.data.get(first), length) == wanted[0]
        and each.id != except_id
        and _values(index, each.data) == wanted
        for each in collection.documents.values()
    )


def _values(index: Index, data: Mapping[str, object]) -> tuple[object, ...] | None:
    """
    Return what must not come twice, None where a missing value makes it equal to nothing.
    """
    values = tuple(_value(data.get(key), index.length_at(place)) for place, key in enumerate(index.attributes))
    return None if None in values else values


def _value(value: object, length: int) -> object:
    if not isinstance(value, str):
        return value
    return _compared(value[:length] if length else value)


# The same texts are compared again at each write.
_compared = lru_cache(maxsize=1 << 16)(compared)


def _type_problem(index: Index, attributes: Sequence[Attribute]) -> str | None:
    if index.type == "spatial":
        first = attributes[0]
        return (
            "Spatial index can only be created on spatial attributes (point, linestring, polygon)."
            f' Attribute "{first.key}" is of type "{first.type}"'
        )
    for position, attribute in enumerate(attributes):
        if index.type == "fulltext" and attribute.type not in TEXT_TYPES:
            return f'Attribute "{attribute.key}" cannot be part of a fulltext index, must be of type string'
        if attribute.type not in TEXT_TYPES and index.length_at(position):
            return f'Cannot set a length on "{attribute.type}" attributes'
    return None


def _length_problem(index: Index, attributes: Sequence[Attribute]) -> str | None:
    if index.type == "fulltext":
        return None
    if len(index.lengths) > len(attributes):
        return "Invalid index lengths. Count of lengths must be equal or less than the number of attributes."
    total = 0
    for position, attribute in enumerate(attributes):
        size = _size(attribute)
        length = index.length_at(position) or size
        if length < 0:
            return f"Negative index length provided for {attribute.key}"
        if length > size:
            return f'Index length {length} is larger than the size for {attribute.key}: {size}"'
        total += length
    return f"Index length is longer than the maximum: {MAX_LENGTH}" if total > MAX_LENGTH else None


def _size(attribute: Attribute) -> int:
    if attribute.type in _UNSIZED_LENGTHS:
        return _UNSIZED_LENGTHS[attribute.type]
    if attribute.type in TEXT_TYPES:
        return attribute.size or 255
    return 2 if attribute.type == "double" else 1


def _keys(fields: Fields, name: str) -> tuple[str, ...]:
    present(fields, name)
    values = list_in(fields, name)
    keys = tuple(each for each in values if isinstance(each, str) and (each in SYSTEM or is_key(each)))
    if len(keys) != len(values):
        raise argument_invalid(name, "Value must a valid array and Value must be a valid key")
    return keys


def _orders(fields: Fields) -> tuple[str, ...]:
    values = list_in(fields, "orders")
    orders = tuple(each for each in values if isinstance(each, str) and each.upper() in ORDERS)
    if len(orders) != len(values):
        raise argument_invalid("orders", f"Value must a valid array and Value must be one of ({', '.join(ORDERS)})")
    return orders
