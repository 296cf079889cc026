"""
Who uses a collection, and whom a change of it breaks: a writer is refused, or the query of a reader fails.

Of a collection without declared writers the worst is expected: ``any writer`` writes only what is required, and writes
every attribute with any value that the manifest allows, and deletes. Without declared readers ``any reader`` filters
and sorts by every attribute, searches wherever a full-text index is declared, and trusts every unique index. Each
declared permission has somebody who needs it.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from pydantic import JsonValue

from monitor.core.manifest import Action, DeclaredAttribute, DeclaredCollection, DeclaredIndex, Reader, Writer
from monitor.schema.changes import lengths_of
from monitor.schema.party import ANY_READER, ANY_WRITER, Permission, parties_of
from monitor.schema.structure import NUMBERS, RELATIONSHIP, TEXTS, narrows, refusal

# What a filter may be given, by sort of attribute.
_KINDS_OF_VALUES: Mapping[str, tuple[type, ...]] = {
    "text": (str,),
    "number": (int, float),
    "boolean": (bool,),
    "datetime": (str,),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Misfit:
    """
    What a declared *writer* does to the attribute *key*, and why it is refused.
    """

    writer: str
    key: str
    does: str
    because: str


class Usage:
    """
    The declared writers and readers of one collection, or the worst that may be expected.
    """

    def __init__(self, declared: DeclaredCollection) -> None:
        self._declared = declared
        self._writers = list(declared.writers.items()) or _any_writer(declared)
        self._readers = list(declared.readers.items()) or [(ANY_READER, _any_reader(declared))]
        self._trusts_unique = not declared.readers
        self.parties = parties_of(declared)

    @property
    def everybody(self) -> tuple[str, ...]:
        """
        Everybody's names.
        """
        return _names(name for name, _ in (*self._writers, *self._readers))

    def broken_by_attribute(
        self, key: str, was: DeclaredAttribute | None, becomes: DeclaredAttribute | None
    ) -> tuple[str, ...]:
        """
        Return whom it breaks that the attribute *key* becomes another, appears (*was* None) or goes (*becomes* None).
        """
        refused = [
            name
            for name, writer in self._writers
            if _is_refused(writer, key, was, becomes) and not _is_refused(writer, key, was, was)
        ]
        failing = [
            name
            for name, reader in self._readers
            if _fails(reader, key, was, becomes) and not _fails(reader, key, was, was)
        ]
        return _names([*refused, *failing])

    def misfits(self, live: Mapping[str, DeclaredAttribute]) -> Iterator["Misfit"]:
        """
        Yield what declared writers do that manifest and project refuse alike, though neither changed.
        """
        for name, writer in self._declared.writers.items():
            for key in {**writer.writes, **live}:
                was, attribute = self._declared.attributes.get(key), live.get(key)
                if _is_refused(writer, key, was, was) and _is_refused(writer, key, was, attribute):
                    does = "written" if key in writer.writes else "left out"
                    yield Misfit(writer=name, key=key, does=does, because=_because(writer, key, attribute))

    def broken_by_index(
        self, was: DeclaredIndex | None, becomes: DeclaredIndex | None, live: Iterable[DeclaredIndex]
    ) -> tuple[str, ...]:
        """
        Return whom it breaks that an index changes, while all the *live* ones are there.
        """
        live = list(live)
        unsearchable = _searchable([was]) - _searchable(live)
        failing = [name for name, reader in self._readers if unsearchable & set(reader.searches)]
        if self._trusts_unique and _unique([was]) - _unique(live):
            failing.append(ANY_READER)
        demanded = _unique([becomes]) - _unique(self._declared.indexes.values())
        refused = [
            name
            for name, writer in self._writers
            if any(writer.writes.keys() >= {key for key, _ in keys} for keys in demanded)
        ]
        return _names([*refused, *failing])

    def broken_by_permission(self, lost: Permission, live: Iterable[Permission]) -> tuple[str, ...]:
        """
        Return who needs the *lost* permission, since none of the *live* ones lets him do the same.

        With document security those of documents may still let him, but only into some documents
        (``appwrite-protocol.md`` 4.6), and the manifest promises all.
        """
        live = list(live)
        return _names(each.name for each in self.parties if each.may([lost]) and not each.may(live))

    def broken_without_document_security(self, live: Iterable[Permission]) -> tuple[str, ...]:
        """
        Return who lives by the permissions of documents, which no longer count; unless roles tell, ``any reader``.
        """
        live = list(live)
        names = [each.name for each in self.parties if each.action is not Action.CREATE and not each.may(live)]
        names += [] if self._declared.writers else [ANY_WRITER]
        names += [] if any(reader.roles for reader in self._declared.readers.values()) else [ANY_READER]
        return _names(names)


def _any_writer(declared: DeclaredCollection) -> list[tuple[str, Writer]]:
    required = [key for key, attribute in declared.attributes.items() if attribute.required]
    return [
        (ANY_WRITER, Writer(writes=dict.fromkeys(required))),
        (ANY_WRITER, Writer(writes=dict.fromkeys(declared.attributes))),
    ]


def _any_reader(declared: DeclaredCollection) -> Reader:
    keys = tuple(declared.attributes)
    # Unchecked: a collection may have more attributes than anybody would write down.
    return Reader.model_construct(filters=keys, sorts=keys, searches=tuple(_searchable(declared.indexes.values())))


def _is_refused(
    writer: Writer, key: str, declared: DeclaredAttribute | None, attribute: DeclaredAttribute | None
) -> bool:
    if key not in writer.writes:
        return attribute is not None and attribute.required and attribute.default is None and writer.action == "create"
    if attribute is None:
        return True
    value = writer.writes[key]
    # Whether an example fits another relationship is not to be seen in it.
    if value is None or attribute.type == RELATIONSHIP:
        return declared is not None and narrows(declared, attribute)
    return bool(refusal(value, attribute))


def _because(writer: Writer, key: str, attribute: DeclaredAttribute | None) -> str:
    if attribute is None:
        return "unknown"
    return f"refused, {refusal(writer.writes[key], attribute)}" if key in writer.writes else "required"


def _fails(reader: Reader, key: str, declared: DeclaredAttribute | None, attribute: DeclaredAttribute | None) -> bool:
    filters = key in {*reader.filters, *reader.searches, *reader.values}
    if not filters and key not in reader.sorts:
        return False
    if attribute is None:
        return True
    # To sort by anything works; a filter must fit the kind of values, and on lists only some filters work at all.
    if not filters:
        return False
    if attribute.encrypt:
        return True
    if key in reader.values:
        return attribute.array or not _is_findable(reader.values[key], attribute)
    return declared is not None and (declared.array, _sort_of(declared)) != (attribute.array, _sort_of(attribute))


def _is_findable(value: JsonValue, attribute: DeclaredAttribute) -> bool:
    values = value if isinstance(value, list) else [value]
    if attribute.type == "enum":
        return all(each in (attribute.elements or ()) for each in values)
    kinds = _KINDS_OF_VALUES.get(_sort_of(attribute), (object,))
    return all(isinstance(each, kinds) for each in values)


def _sort_of(attribute: DeclaredAttribute) -> str:
    if attribute.type in TEXTS:
        return "text"
    return "number" if attribute.type in NUMBERS else attribute.type


def _searchable(indexes: Iterable[DeclaredIndex | None]) -> set[str]:
    # A search needs an index of its attribute alone.
    return {
        index.attributes[0] for index in indexes if index and index.type == "fulltext" and len(index.attributes) == 1
    }


def _unique(indexes: Iterable[DeclaredIndex | None]) -> set[frozenset[tuple[str, int]]]:
    """
    Return what must not come twice, by unique index: attributes, each with how many characters count (0: all).
    """
    return {
        frozenset(zip(index.attributes, lengths_of(index), strict=True))
        for index in indexes
        if index and index.type == "unique"
    }


def _names(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(names))
