"""
Query strings: parsed, checked against the attributes, and applied to records.

A record is anything flat: document data with ``$id`` and the like, a user as shown. Methods that Appwrite knows and
the sandbox does not serve are refused, never passed over in silence.
"""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from monitor.sandbox.errors import AppwriteError, query_invalid

Record = Mapping[str, object]

SYSTEM_ATTRIBUTES = frozenset({"$id", "$createdAt", "$updatedAt", "$sequence"})
DEFAULT_LIMIT = 25
MAX_TOTAL = 5000
_MAX_NUMBER = (1 << 63) - 1


def _contains(value: object, wanted: object) -> bool:
    if isinstance(value, list):
        return wanted in value
    return isinstance(value, str) and str(wanted) in value


def _compared(test: Callable[[object, object], bool]) -> Callable[[object, object], bool]:
    def compare(value: object, wanted: object) -> bool:
        numbers = isinstance(value, int | float) and isinstance(wanted, int | float)
        texts = isinstance(value, str) and isinstance(wanted, str)
        return (numbers or texts) and test(value, wanted)

    return compare


# Each is true when one of the values of the query fits; notEqual stands apart, since all must differ.
_FILTERS: dict[str, Callable[[object, object], bool]] = {
    "equal": lambda value, wanted: value == wanted,
    "lessThan": _compared(lambda value, wanted: value < wanted),  # type: ignore[operator]
    "lessThanEqual": _compared(lambda value, wanted: value <= wanted),  # type: ignore[operator]
    "greaterThan": _compared(lambda value, wanted: value > wanted),  # type: ignore[operator]
    "greaterThanEqual": _compared(lambda value, wanted: value >= wanted),  # type: ignore[operator]
    "contains": _contains,
    "startsWith": lambda value, wanted: isinstance(value, str) and value.startswith(str(wanted)),
}
_WITHOUT_VALUES = {"isNull", "isNotNull", "orderAsc", "orderDesc"}
_WITHOUT_ATTRIBUTE = {"limit", "offset", "cursorAfter", "select"}
_SERVED = {*_FILTERS, "notEqual", *_WITHOUT_VALUES, *_WITHOUT_ATTRIBUTE}
_KNOWN = _SERVED | {
    "between",
    "notBetween",
    "containsAny",
    "containsAll",
    "notContains",
    "endsWith",
    "notStartsWith",
    "notEndsWith",
    "regex",
    "search",
    "notSearch",
    "and",
    "or",
    "elemMatch",
    "cursorBefore",
    "orderRandom",
    "crosses",
    "notCrosses",
    "distanceEqual",
    "distanceNotEqual",
    "distanceGreaterThan",
    "distanceLessThan",
    "intersects",
    "notIntersects",
    "overlaps",
    "notOverlaps",
    "touches",
    "notTouches",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """
    One condition or shape.
    """

    method: str
    attribute: str
    values: tuple[object, ...]

    def fits(self, record: Record) -> bool:
        """
        Return whether *record* passes; shapes (``limit``, orders, …) let everything pass.
        """
        value = record.get(self.attribute)
        if self.method == "isNull":
            return value is None
        if self.method == "isNotNull":
            return value is not None
        if self.method == "notEqual":
            return value not in self.values
        test = _FILTERS.get(self.method)
        return test is None or any(test(value, wanted) for wanted in self.values)

    def written(self) -> str:
        """
        Return the query as Appwrite writes it.
        """
        parts: dict[str, object] = {"method": self.method}
        if self.attribute:
            parts["attribute"] = self.attribute
        return json.dumps(parts | {"values": list(self.values)}, separators=(",", ":"), ensure_ascii=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """
    What a list shows: *total* counts what fits, without limit, offset and cursor, up to 5000.
    """

    total: int
    records: Sequence[Record]


def parse(texts: Iterable[str], *, attributes: Iterable[str] | None) -> list[Query]:
    """
    Return the queries; *attributes* are the names that may be asked for beside Appwrite's own, None for any.
    """
    known = None if attributes is None else {*SYSTEM_ATTRIBUTES, *attributes}
    return [_parse_one(each, known) for each in texts]


def select(queries: Iterable[Query], records: Iterable[Record]) -> Page:
    """
    Return the records that fit, ordered and cut; *records* come in the order of their ``$sequence``.
    """
    queries = list(queries)
    ordered = _ordered(list(records), queries)
    fitting = [each for each in ordered if all(query.fits(each) for query in queries)]
    cursor = _last(queries, "cursorAfter")
    shown = fitting if cursor is None else _after(str(cursor), ordered=ordered, fitting=fitting)
    offset, limit = _last(queries, "offset") or 0, _last(queries, "limit")
    start = offset if isinstance(offset, int) else 0
    count = limit if isinstance(limit, int) else DEFAULT_LIMIT
    return Page(total=min(len(fitting), MAX_TOTAL), records=shown[start : start + count])


def selected(queries: Iterable[Query]) -> frozenset[str] | None:
    """
    Return the attributes that ``select`` names, None when everything is wanted.
    """
    named = frozenset(str(value) for query in queries if query.method == "select" for value in query.values)
    return named if named and "*" not in named else None


def cursor_of(queries: Iterable[Query]) -> str | None:
    """
    Return the id after which a list shall begin.
    """
    cursor = _last(queries, "cursorAfter")
    return None if cursor is None else str(cursor)


def cursor_not_found(id_: str, *, noun: str = "document") -> AppwriteError:
    """
    Refuse a cursor that names nothing.
    """
    message = f"{noun.capitalize()} '{id_}' for the 'cursor' value not found."
    return AppwriteError(400, "general_cursor_not_found", message)


def _parse_one(text: str, known: set[str] | None) -> Query:
    try:
        parsed = json.loads(text)
    except ValueError:
        raise query_invalid("Syntax error") from None
    if not isinstance(parsed, dict) or not isinstance(parsed.get("method"), str):
        raise query_invalid("Invalid query. Must be an object with a method")
    method, attribute, values = parsed["method"], parsed.get("attribute", ""), parsed.get("values", [])
    if method not in _KNOWN:
        raise query_invalid(f"Invalid query method: {method}")
    if method not in _SERVED:
        raise query_invalid(f"Query method '{method}' is not served by this sandbox")
    if not isinstance(values, list) or not isinstance(attribute, str):
        raise query_invalid("Invalid query values. Must be an array")
    query = Query(method=method, attribute=attribute, values=tuple(values))
    _check(query, known)
    return query


def _check(query: Query, known: set[str] | None) -> None:
    if query.method in {"limit", "offset"}:
        lowest = 1 if query.method == "limit" else 0
        number = query.values[0] if query.values else None
        if isinstance(number, bool) or not isinstance(number, int) or not lowest <= number <= _MAX_NUMBER:
            bounds = f"{lowest} and {_MAX_NUMBER:,}"
            raise query_invalid(f"Invalid {query.method}: Value must be a valid range between {bounds}")
        return
    if query.method not in _WITHOUT_VALUES and not query.values:
        raise query_invalid(f"{query.method[:1].upper()}{query.method[1:]} queries require at least one value.")
    if query.method in _WITHOUT_ATTRIBUTE:
        return
    if known is not None and query.attribute not in known:
        raise query_invalid(f"Attribute not found in schema: {query.attribute}")


def _last(queries: Iterable[Query], method: str) -> object:
    found = [query.values[0] for query in queries if query.method == method]
    return found[-1] if found else None


def _ordered(records: list[Record], queries: Iterable[Query]) -> list[Record]:
    orders = [query for query in queries if query.method in {"orderAsc", "orderDesc"}]
    # Sorted by the last order first: a stable sort keeps it below the ones that follow.
    for query in reversed(orders):
        records.sort(key=lambda record: _sort_key(record.get(query.attribute)), reverse=query.method == "orderDesc")
    return records


def _sort_key(value: object) -> tuple[int, float, str]:
    if value is None:
        return 0, 0.0, ""
    if isinstance(value, int | float):
        return 1, float(value), ""
    return 2, 0.0, str(value)


def _after(cursor: str, *, ordered: Sequence[Record], fitting: Sequence[Record]) -> list[Record]:
    passed = {id(each) for each in ordered[: [each["$id"] for each in ordered].index(cursor) + 1]}
    return [each for each in fitting if id(each) not in passed]
