"""
Attributes and indexes that come with a new collection (since 1.9): available at once, without the worker.
"""

from collections.abc import Mapping

from monitor.sandbox.errors import AppwriteError
from monitor.sandbox.state.attributes import KINDS, require_default_allowed, with_bounds, with_default
from monitor.sandbox.state.indexes import MAX_INDEXES, ORDERS, SYSTEM, TYPES, on_array, problem
from monitor.sandbox.state.parameters import KEY_RULE, Fields, is_key, list_in
from monitor.sandbox.state.refusals import refused
from monitor.sandbox.state.schema import NUMBER_TYPES, Attribute, Index

_FORMATS = ("email", "enum", "ip", "url")


def inline_attributes(fields: Fields, name: str, *, noun: str, now: str) -> dict[str, Attribute]:
    """
    Return the attributes of a body by key; *name* is ``attributes`` or ``columns``.
    """
    attributes: dict[str, Attribute] = {}
    for position, each in enumerate(list_in(fields, name)):
        if not isinstance(each, Mapping):
            raise _wrong(f"Attribute at index {position} must be an object")
        for required in ("key", "type"):
            if each.get(required) is None:
                raise _wrong(f"Attribute at index {position} is missing required field '{required}'")
        if not is_key(each["key"]):
            raise _wrong(f"Invalid key for attribute at index {position}: {KEY_RULE}")
        if each["key"] in attributes:
            raise _wrong(f"Duplicate attribute key: {each['key']}")
        attributes[each["key"]] = parse_attribute(each, noun=noun, now=now)
    return attributes


def parse_attribute(sent: Fields, *, now: str, noun: str = "attribute") -> Attribute:
    """
    Return one attribute with a good key; *sent* names its type, and perhaps its format besides.
    """
    key, name = str(sent["key"]), str(sent["type"])
    kind = KINDS.get({"double": "float"}.get(name, name))
    if kind is None:
        raise _wrong(f"Invalid type for attribute '{key}': {name}")
    _require_types(sent, key)
    format_ = str(sent.get("format") or kind.format)
    if format_ and (format_ not in _FORMATS or kind.type not in {"string", "varchar"}):
        raise _wrong(f"Invalid format for attribute '{key}': {format_}")
    if kind.type not in NUMBER_TYPES and not (sent.get("min") is None and sent.get("max") is None):
        raise _wrong(f"Attribute '{key}': min/max can only be used with integer, bigint or float types")
    attribute = Attribute(
        key=key,
        type=kind.type,
        format=format_,
        size=_size(sent, key, format_=format_, longest=kind.longest),
        required=bool(sent.get("required")),
        array=bool(sent.get("array")),
        default=sent.get("default"),
        elements=_elements(sent, key) if format_ == "enum" else (),
        created_at=now,
    )
    bounded = attribute if _is_unbounded(sent) else with_bounds(attribute, sent, noun=noun)
    require_default_allowed(bounded, noun=noun)
    return with_default(bounded, noun=noun, now=now)


def inline_indexes(
    fields: Fields, attributes: dict[str, Attribute], *, name: str, index_noun: str, now: str
) -> dict[str, Index]:
    """
    Return the indexes of a body by key, still without ids; *name* is ``attributes`` or ``columns``.
    """
    sent = list_in(fields, "indexes")
    if len(sent) > MAX_INDEXES:
        raise _wrong(f"Maximum of {MAX_INDEXES} indexes allowed")
    indexes: dict[str, Index] = {}
    for position, each in enumerate(sent):
        index = _index(each, position, name=name, now=now)
        if index.key in indexes:
            raise _wrong(f"Duplicate index key: {index.key}")
        _require_known(index, attributes, index_noun=index_noun)
        indexes[index.key] = index
    return indexes


def _index(sent: object, position: int, *, name: str, now: str) -> Index:
    if not isinstance(sent, Mapping):
        raise _wrong(f"Index at position {position} must be an object")
    for required in ("key", "type"):
        if not isinstance(sent.get(required), str):
            raise _wrong(f"Index at position {position} is missing required field '{required}'")
    keys = sent.get(name, sent.get("attributes"))
    if not isinstance(keys, list) or not all(isinstance(each, str) for each in keys):
        raise _wrong(f"Index at position {position} is missing required field 'attributes' (must be an array)")
    if not is_key(sent["key"]):
        raise _wrong(f"Invalid key for index at position {position}: {KEY_RULE}")
    if sent["type"] not in TYPES:
        raise _wrong(f"Invalid type for index '{sent['key']}': {sent['type']}")
    return Index(
        id="",
        key=sent["key"],
        type=sent["type"],
        created_at=now,
        attributes=tuple(keys),
        orders=_matching(sent, "orders", keys),
        lengths=_lengths(sent, keys),
    )


def _matching(sent: Fields, name: str, keys: list[str]) -> tuple[str, ...]:
    values = sent.get(name)
    if values is None:
        return ()
    if not isinstance(values, list) or len(values) != len(keys):
        raise _wrong(f"Index '{sent['key']}': {name} array length must match attributes array length ({len(keys)})")
    for each in values:
        if each not in ORDERS:
            raise _wrong(f"Invalid order '{each}' in index '{sent['key']}'. Must be 'ASC' or 'DESC'")
    return tuple(values)


def _lengths(sent: Fields, keys: list[str]) -> tuple[int, ...]:
    values = sent.get("lengths")
    if values is None:
        return ()
    if not isinstance(values, list) or len(values) != len(keys):
        raise _wrong(f"Index '{sent['key']}': lengths array length must match attributes array length ({len(keys)})")
    for each in values:
        if each is not None and (isinstance(each, bool) or not isinstance(each, int) or each < 0):
            raise _wrong(f"Invalid length in index '{sent['key']}': must be a non-negative integer or null")
    return tuple(each or 0 for each in values)


def _require_known(index: Index, attributes: dict[str, Attribute], *, index_noun: str) -> None:
    known = attributes | SYSTEM
    for key in index.attributes:
        if key not in known:
            raise refused(index_noun, "invalid", f'Invalid index attribute "{key}" not found')
        if known[key].array:
            raise on_array()
    found = problem(index, known)
    if found:
        raise refused(index_noun, "invalid", found)


def _require_types(sent: Fields, key: str) -> None:
    for name in ("required", "array"):
        if sent.get(name) is not None and not isinstance(sent[name], bool):
            raise _wrong(f"Invalid '{name}' value for attribute '{key}': must be a boolean")
    size = sent.get("size")
    if size is not None and (isinstance(size, bool) or not isinstance(size, int)):
        raise _wrong(f"Invalid size for attribute '{key}': must be an integer")


def _size(sent: Fields, key: str, *, format_: str, longest: int) -> int:
    if format_:
        return KINDS[format_].size
    size = sent.get("size")
    if not longest:
        return 0
    if not isinstance(size, int) or not 1 <= size <= longest:
        raise _wrong(f"Invalid or missing size for string attribute '{key}'. Size must be between 1 and {longest}")
    return size


def _elements(sent: Fields, key: str) -> tuple[str, ...]:
    elements = sent.get("elements")
    if not isinstance(elements, list) or not elements or not all(isinstance(each, str) for each in elements):
        raise _wrong(f"Enum attribute '{key}' must have elements array with at least one element")
    return tuple(elements)


def _is_unbounded(sent: Fields) -> bool:
    return sent.get("min") is None and sent.get("max") is None


def _wrong(message: str) -> AppwriteError:
    return AppwriteError(400, "general_argument_invalid", message)
