"""
What queries may ask of a collection: which attributes, which values fit them, how many.

Everything is checked before anybody looks at permissions, as a real server does; the texts are Appwrite's.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from monitor.sandbox.errors import query_invalid
from monitor.sandbox.state.moments import parse_moment
from monitor.sandbox.state.pattern import Pattern
from monitor.sandbox.state.query import (
    AFFIXED,
    COMPARING,
    CONTAINING,
    DISTANCES,
    LOGIC,
    NULLNESS,
    RANGED,
    SEARCHING,
    SPATIAL,
    Query,
)
from monitor.sandbox.state.schema import NUMBER_TYPES, TEXT_TYPES, Attribute

_MAX_VALUES = 500
_MAX_NUMBER = (1 << 63) - 1
_ONE_VALUE = {*COMPARING, *AFFIXED, *SEARCHING, "regex"} - {"equal"}
_OF_LISTS = {*CONTAINING, *NULLNESS}
_SCHEMALESS = {"exists", "notExists"}
# Selected without being attributes of the collection.
_SELECTABLE = frozenset({"$id", "$sequence", "$permissions", "$createdAt", "$updatedAt", "$collection", "$tenant", "*"})


def _system(key: str, type_: str) -> Attribute:
    return Attribute(key=key, type=type_, created_at="")


_SYSTEM: Mapping[str, Attribute] = {
    "$id": _system("$id", "string"),
    "$sequence": _system("$sequence", "id"),
    "$createdAt": _system("$createdAt", "datetime"),
    "$updatedAt": _system("$updatedAt", "datetime"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Askable:
    """
    The attributes of a collection; None stands for one of whose type nothing is known.

    *searchable* are those with a fulltext index of their own; *now* is what words in dates refer to.
    """

    attributes: Mapping[str, Attribute | None]
    now: datetime
    searchable: frozenset[str] = field(default=frozenset())

    def check(self, queries: Iterable[Query]) -> list[Query]:
        """
        Return *queries* with their values normalised; refuse those that the collection cannot answer.
        """
        checked = [self._check(each) for each in queries]
        for each in checked:
            self._require_index(each)
        return checked

    def _check(self, query: Query) -> Query:
        if query.method in {"limit", "offset"}:
            return _with_number(query)
        if query.method == "select":
            self._require_selectable(query)
        elif query.method in {"orderAsc", "orderDesc"}:
            self._find(query.attribute)
        elif query.method in LOGIC:
            return self._check_logic(query)
        elif query.method == "elemMatch":
            # Only databases without a schema serve it.
            raise query_invalid("elemMatch is not supported by the database")
        elif query.is_filter:
            return self._check_filter(query)
        return query

    def _check_logic(self, query: Query) -> Query:
        nested = self.check(query.nested)
        name = _capitalised(query.method)
        if not all(each.is_filter for each in nested):
            raise query_invalid(f"{name} queries can only contain filter queries")
        if len(nested) < 2:
            raise query_invalid(f"{name} queries require at least two queries")
        return Query(method=query.method, attribute=query.attribute, values=tuple(nested))

    def _check_filter(self, query: Query) -> Query:
        _require_count(query)
        attribute = self._find(query.attribute)
        if query.method in SPATIAL:
            problem = f'Spatial query "{query.method}" cannot be applied on non-spatial attribute: {query.attribute}'
            raise query_invalid(problem)
        if query.method in _SCHEMALESS:
            raise query_invalid("Exists queries are not supported by this database")
        if len(query.values) > _MAX_VALUES:
            raise query_invalid(f"Query on attribute has greater than {_MAX_VALUES} values: {query.attribute}")
        if query.method == "regex":
            _require_pattern(query)
        return query if attribute is None else self._fitted(query, attribute)

    def _fitted(self, query: Query, attribute: Attribute) -> Query:
        if attribute.encrypt:
            raise query_invalid(f"Cannot query encrypted attribute: {query.attribute}")
        values = tuple(self._value(each, attribute) for each in query.values)
        _require_kind(query, attribute)
        return Query(method=query.method, attribute=query.attribute, values=values)

    def _find(self, name: str) -> Attribute | None:
        if name in self.attributes:
            return self.attributes[name]
        if name not in _SYSTEM:
            raise query_invalid(f"Attribute not found in schema: {name.partition('.')[0]}")
        return _SYSTEM[name]

    def _value(self, value: object, attribute: Attribute) -> object:
        normalised = _fitting(value, attribute, now=self.now)
        if normalised is None:
            raise _value_invalid(attribute.key)
        return normalised

    def _require_selectable(self, query: Query) -> None:
        names = query.values
        if not names:
            raise query_invalid("No attributes selected")
        for name in names:
            if not isinstance(name, str):
                raise query_invalid("Attribute selection must be a string")
            top = name.partition(".")[0]
            if name not in self.attributes and top not in _SELECTABLE:
                raise query_invalid(f"Attribute not found in schema: {top}")
        if len(set(names)) != len(names):
            raise query_invalid("Duplicate attributes selected")

    def _require_index(self, query: Query) -> None:
        if query.method in SEARCHING and query.attribute not in self.searchable:
            raise query_invalid(f'Searching by attribute "{query.attribute}" requires a fulltext index.')


def _value_invalid(key: str) -> Exception:
    return query_invalid(f'Query value is invalid for attribute "{key}"')


def _capitalised(method: str) -> str:
    return method[:1].upper() + method[1:]


def _require_count(query: Query) -> None:
    name, count = _capitalised(query.method), len(query.values)
    if query.method in DISTANCES:
        given = query.values[0] if count == 1 else None
        if not isinstance(given, list) or len(given) != 3:
            raise query_invalid("Distance query requires [[geometry, distance]] parameters")
    elif query.method in _ONE_VALUE:
        if count != 1:
            raise query_invalid(f"{name} queries require exactly one value.")
    elif query.method in RANGED:
        if count != 2:
            raise query_invalid(f"{name} queries require exactly two values.")
    elif query.method not in NULLNESS and (not count or query.values[0] == []):
        raise query_invalid(f"{name} queries require at least one value.")


def _require_kind(query: Query, attribute: Attribute) -> None:
    if not attribute.array and query.method in CONTAINING and attribute.type not in TEXT_TYPES:
        asked = "notContains" if query.method == "notContains" else "contains"
        reason = "because it is not an array, string, or object."
        raise query_invalid(f'Cannot query {asked} on attribute "{query.attribute}" {reason}')
    if attribute.array and query.method not in _OF_LISTS:
        raise query_invalid(f'Cannot query {query.method} on attribute "{query.attribute}" because it is an array.')


def _require_pattern(query: Query) -> None:
    try:
        Pattern(str(query.values[0]))
    except ValueError:
        raise _value_invalid(query.attribute) from None


def _with_number(query: Query) -> Query:
    lowest = 1 if query.method == "limit" else 0
    number = query.values[0] if query.values else None
    if isinstance(number, str) and number.isascii() and number.isdigit() and len(number) < 20:
        number = int(number)
    if isinstance(number, bool) or not isinstance(number, int) or not lowest <= number <= _MAX_NUMBER:
        bounds = f"{lowest} and {_MAX_NUMBER:,}"
        raise query_invalid(f"Invalid {query.method}: Value must be a valid range between {bounds}")
    return Query(method=query.method, attribute="", values=(number,))


def _fitting(value: object, attribute: Attribute, *, now: datetime) -> object | None:
    """
    Return *value* as the attribute would hold it, None when it never could.
    """
    if attribute.type == "id":
        return _sequence(value)
    if attribute.type == "datetime":
        return parse_moment(value, now=now) if isinstance(value, str) else None
    if attribute.type == "boolean":
        return value if isinstance(value, bool) else None
    if attribute.type in NUMBER_TYPES:
        return _number(value, attribute)
    return value if isinstance(value, str) else None


def _sequence(value: object) -> int | None:
    if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) < 20:
        value = int(value)
    return value if isinstance(value, int) and not isinstance(value, bool) and value > 0 else None


def _number(value: object, attribute: Attribute) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    if attribute.type == "double":
        return value
    bits = 64 if attribute.type == "bigint" or attribute.size >= 8 else 32
    return value if isinstance(value, int) and -(1 << (bits - 1)) <= value < (1 << (bits - 1)) else None
