"""
The reference project: the seeded collections and one with every type of attribute and index, and every single change.

State is changed rather than asked for: no test waits for the worker, and what no call could do can be done.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, TypeAlias

from monitor.sandbox.server import Sandbox
from monitor.sandbox.state.attributes import KINDS, NEWER_KINDS
from monitor.sandbox.state.schema import NUMBER_TYPES, Attribute, Index
from monitor.sandbox.state.world import Collection

Apply: TypeAlias = Callable[[Collection], None]

RICH = "rich"
_ROLES = ("any", "guests", "users", "users/verified", "user:synthetic-customer", "team:synthetic-pair", "label:vip")
_ACTIONS = ("create", "read", "update", "delete")
_PERMISSIONS = (
    'read("any")',
    'read("team:synthetic-pair")',
    'create("users")',
    'create("team:synthetic-pair/owner")',
    'update("label:vip")',
    'delete("user:synthetic-therapist")',
)
_DEFAULTS: Mapping[str, object] = {
    "string": "plain",
    "varchar": "no",
    "enum": "b",
    "integer": 5,
    "bigint": 5,
    "float": 0.5,
    "boolean": False,
    "email": "a@example.com",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Mutation:
    """
    One cell that becomes another. *about* is how the difference must be named, in which *collection*.
    """

    collection: str
    about: str
    apply: Apply

    def __str__(self) -> str:
        return f"{self.collection}: {self.about}"

    @property
    def cell(self) -> str:
        """
        The attribute, index, permission or flag that it changes.
        """
        return " ".join(self.about.split()[:2])


def add_rich_collection(sandbox: Sandbox, *, with_newer: bool = True) -> Collection:
    """
    Add the rich collection; *with_newer* types only where the profile of the sandbox knows them.
    """
    database = sandbox.world.databases[sandbox.database]
    kinds = [kind for kind in KINDS if with_newer or kind not in NEWER_KINDS]
    attributes = [attribute for kind in kinds for attribute in _attributes(kind, sandbox.world.now())]
    rich = Collection(
        id=RICH,
        database_id=sandbox.database,
        name="Rich: in *everything*",
        created_at=sandbox.world.now(),
        updated_at=sandbox.world.now(),
        permissions=_PERMISSIONS,
        attributes={each.key: each for each in attributes},
        sequence=database.next_sequence(),
    )
    indexes = {
        "by_string": _index("key", "string_plain"),
        "by_two": _index("key", "string_plain", "integer_plain", orders=("ASC", "DESC")),
        "once": _index("unique", "string_required"),
        "once_by_two": _index("unique", "enum_required", "url_plain", lengths=(0, 100)),
        "words": _index("fulltext", "string_plain"),
    }
    rich.indexes = {key: replace(each, id=f"1_9_{key}", key=key) for key, each in indexes.items()}
    database.collections[RICH] = rich
    return rich


def mutations_of(collection: Collection) -> Iterator[Mutation]:
    """
    Yield every change of a single cell of *collection*.
    """
    for about, apply in (*_flags(), *_permissions(collection), *_parts(collection)):
        yield Mutation(collection=collection.id, about=about.rstrip(), apply=apply)


def copied(collection: Collection) -> Collection:
    """
    Return a twin to be changed.
    """
    attributes, indexes = dict(collection.attributes), dict(collection.indexes)
    return replace(collection, attributes=attributes, indexes=indexes)


def _flags() -> Iterator[tuple[str, Apply]]:
    yield "enabled", lambda live: _set(live, enabled=not live.enabled)
    yield "document security", lambda live: _set(live, document_security=not live.document_security)


def _permissions(collection: Collection) -> Iterator[tuple[str, Apply]]:
    for permission in collection.permissions:
        yield f"permission {permission}", _without_permission(permission)
    for permission in (f'{action}("{role}")' for action in _ACTIONS for role in _ROLES):
        if permission not in collection.permissions:
            yield f"permission {permission}", _with_permission(permission)


def _parts(collection: Collection) -> Iterator[tuple[str, Apply]]:
    for attribute in collection.attributes.values():
        for part, changed in _changed_attributes(attribute):
            yield f"attribute {attribute.key} {part}", _with_attribute(attribute.key, changed)
    for required in (False, True):
        added = Attribute(key="added", type="string", size=9, required=required, created_at=collection.created_at)
        yield "attribute added", _with_attribute("added", added)
    for index in collection.indexes.values():
        for part, changed_index in _changed_indexes(index, collection):
            yield f"index {index.key} {part}", _with_index(index.key, changed_index)
    for type_ in ("key", "unique", "fulltext"):
        added_index = replace(_index(type_, next(iter(collection.attributes))), key="added")
        yield "index added", _with_index("added", added_index)


def _attributes(kind: str, now: str) -> Iterator[Attribute]:
    made = KINDS[kind]
    size = 100 if made.longest else made.size
    elements = ("a", "b", "yes, no", "12") if made.format == "enum" else ()
    low, high = (0, 10) if made.type in NUMBER_TYPES else (None, None)
    plain = Attribute(
        key=f"{kind}_plain",
        type=made.type,
        format=made.format,
        size=size,
        elements=elements,
        minimum=low,
        maximum=high,
        created_at=now,
    )
    yield plain
    yield replace(plain, key=f"{kind}_required", required=True)
    yield replace(plain, key=f"{kind}_list", array=True)
    if kind in _DEFAULTS:
        yield replace(plain, key=f"{kind}_default", default=_DEFAULTS[kind])


def _changed_attributes(attribute: Attribute) -> Iterator[tuple[str, Attribute | None]]:
    yield "", None
    yield "required", replace(attribute, required=not attribute.required)
    yield "array", replace(attribute, array=not attribute.array)
    yield "default", replace(attribute, default="other" if attribute.default is None else None)
    others = [kind for kind in KINDS.values() if (kind.type, kind.format) != (attribute.type, attribute.format)]
    # Three or four of them, others for other attributes.
    for kind in others[len(attribute.key) % 4 :: 4]:
        elements = ("x",) if kind.format == "enum" else ()
        yield "type", replace(attribute, type=kind.type, format=kind.format, size=kind.size or 100, elements=elements)
    if attribute.is_text:
        yield "encrypt", replace(attribute, encrypt=not attribute.encrypt)
    if attribute.type in {"string", "varchar"} and not attribute.format:
        yield "size", replace(attribute, size=attribute.size - 1)
        yield "size", replace(attribute, size=attribute.size + 1)
    for element in attribute.elements:
        kept = tuple(each for each in attribute.elements if each != element)
        yield f"element {element!r}", replace(attribute, elements=kept)
    if attribute.format == "enum":
        yield "element 'added'", replace(attribute, elements=(*attribute.elements, "added"))
    if attribute.type in NUMBER_TYPES:
        for part, field, ends in (("min", "minimum", (-1, 1, None)), ("max", "maximum", (9, 200_000, None))):
            for end in ends:
                changed: dict[str, Any] = {field: end}
                yield part, replace(attribute, **changed)


def _changed_indexes(index: Index, collection: Collection) -> Iterator[tuple[str, Index | None]]:
    yield "", None
    for type_ in {"key", "unique", "fulltext"} - {index.type}:
        yield "type", replace(index, type=type_)
    others = tuple(key for key in collection.attributes if key not in index.attributes)
    yield "attributes", replace(index, attributes=others[: len(index.attributes)])
    yield "orders", replace(index, orders=("DESC",) if index.orders[:1] != ("DESC",) else ("ASC",))
    yield "lengths", replace(index, lengths=(17, *index.lengths[1:]))


def _index(type_: str, *attributes: str, orders: tuple[str, ...] = (), lengths: tuple[int, ...] = ()) -> Index:
    return Index(id="", key="", type=type_, created_at="", attributes=attributes, orders=orders, lengths=lengths)


def _set(collection: Collection, **fields: Any) -> None:
    for name, value in fields.items():
        setattr(collection, name, value)


def _without_permission(permission: str) -> Apply:
    return lambda live: _set(live, permissions=tuple(each for each in live.permissions if each != permission))


def _with_permission(permission: str) -> Apply:
    return lambda live: _set(live, permissions=(*live.permissions, permission))


def _with_attribute(key: str, changed: Attribute | None) -> Apply:
    return lambda live: _replace_in(live.attributes, key, changed)


def _with_index(key: str, changed: Index | None) -> Apply:
    return lambda live: _replace_in(live.indexes, key, changed)


def _replace_in(parts: dict[str, Any], key: str, changed: object) -> None:
    if changed is None:
        del parts[key]
    else:
        parts[key] = changed
