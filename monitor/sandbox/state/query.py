"""
Query strings: what they say, before it is known whether anything has the attributes they name.

A text that is no query is refused here, in Appwrite's words; whether it fits the attributes is ``askable``'s matter.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from monitor.sandbox.errors import AppwriteError, argument_invalid, query_invalid

Record = Mapping[str, object]

MAX_QUERIES = 100
MAX_QUERY_CHARS = 4096
# Deeper conditions are refused; a real server ends where its memory does.
_MAX_DEPTH = 24

COMPARING = ("equal", "notEqual", "lessThan", "lessThanEqual", "greaterThan", "greaterThanEqual")
CONTAINING = ("contains", "containsAny", "containsAll", "notContains")
AFFIXED = ("startsWith", "endsWith", "notStartsWith", "notEndsWith")
RANGED = ("between", "notBetween")
SEARCHING = ("search", "notSearch")
NULLNESS = ("isNull", "isNotNull")
DISTANCES = ("distanceEqual", "distanceNotEqual", "distanceGreaterThan", "distanceLessThan")
SPATIAL = (
    *DISTANCES,
    *("crosses", "notCrosses", "intersects", "notIntersects", "overlaps", "notOverlaps", "touches", "notTouches"),
)
LOGIC = ("and", "or")
NESTING = (*LOGIC, "elemMatch")
ORDERS = ("orderAsc", "orderDesc", "orderRandom")
CURSORS = ("cursorAfter", "cursorBefore")
SHAPES = ("select", "limit", "offset", *CURSORS, *ORDERS)
FILTERS = (
    *(*COMPARING, *CONTAINING, *AFFIXED, *RANGED, *SEARCHING, *NULLNESS, *SPATIAL, *NESTING),
    *("regex", "exists", "notExists"),
)
METHODS = frozenset({*FILTERS, *SHAPES})

_PHP_TYPES = {str: "string", bool: "boolean", int: "integer", float: "double", type(None): "NULL"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """
    One condition or shape; *values* of ``and`` and ``or`` are queries themselves.
    """

    method: str
    attribute: str
    values: tuple[object, ...]

    @property
    def nested(self) -> tuple["Query", ...]:
        """
        The queries among the values.
        """
        return tuple(each for each in self.values if isinstance(each, Query))

    @property
    def is_filter(self) -> bool:
        """
        Whether it decides what is shown, not how.
        """
        return self.method in FILTERS

    def fits(self, record: Record) -> bool:
        """
        Return whether *record* passes, letter by letter as realtime compares; shapes let everything pass.
        """
        value = record.get(self.attribute)
        if self.method in LOGIC:
            decide = all if self.method == "and" else any
            return decide(each.fits(record) for each in self.nested)
        if self.method in NULLNESS:
            return (value is None) == (self.method == "isNull")
        if self.method == "notEqual":
            return value not in self.values
        if self.method not in COMPARING:
            return True
        return any(_compare(self.method, value, wanted) for wanted in self.values)

    def written(self) -> str:
        """
        Return the query as Appwrite writes it.
        """
        return json.dumps(self.parts(), separators=(",", ":"), ensure_ascii=False)

    def parts(self) -> dict[str, object]:
        """
        Return the query as the object that its text writes down.
        """
        parts: dict[str, object] = {"method": self.method}
        if self.attribute:
            parts["attribute"] = self.attribute
        values = [each.parts() if isinstance(each, Query) else each for each in self.values]
        return parts | {"values": values}


def require_few(texts: Sequence[str]) -> None:
    """
    Refuse more queries, or longer ones, than the parameter may hold.
    """
    if len(texts) > MAX_QUERIES or not all(0 < len(each) <= MAX_QUERY_CHARS for each in texts):
        raise argument_invalid(
            "queries",
            f"Value must a valid array no longer than {MAX_QUERIES} items and Value must be a valid string and"
            f" at least 1 chars and no longer than {MAX_QUERY_CHARS} chars",
        )


def read_query(text: str) -> Query:
    """
    Return the query that *text* writes down.
    """
    try:
        parsed = json.loads(text, parse_constant=_no_constant)
        # Half of a surrogate pair is JSON to Python, but no text that could be sent on.
        json.dumps(parsed, ensure_ascii=False).encode()
    except (ValueError, RecursionError):
        raise query_invalid("Syntax error") from None
    return _read(parsed, depth=0)


def malformed(problem: str) -> AppwriteError:
    """
    Refuse what is no query at all; unlike others, Appwrite writes these problems without a preface.
    """
    return AppwriteError(400, "general_query_invalid", problem)


def _read(parsed: object, *, depth: int) -> Query:
    if depth > _MAX_DEPTH:
        raise query_invalid(f"Queries can be nested {_MAX_DEPTH} levels deep")
    if isinstance(parsed, list):
        parsed = {}
    if not isinstance(parsed, dict):
        raise malformed(f"Invalid query. Must be an array, got {_php_type(parsed)}")
    method = _or(parsed.get("method"), "")
    if not isinstance(method, str):
        raise malformed(f"Invalid query method. Must be a string, got {_php_type(method)}")
    if method not in METHODS:
        raise malformed(f"Invalid query method: {method}")
    attribute = _or(parsed.get("attribute"), "")
    if not isinstance(attribute, str):
        raise malformed(f"Invalid query attribute. Must be a string, got {_php_type(attribute)}")
    values = _read_values(parsed.get("values"))
    if method in NESTING:
        values = [_read(each, depth=depth + 1) for each in values]
    if method in ORDERS and not attribute:
        attribute = "$sequence"
    return Query(method=method, attribute=attribute, values=tuple(values))


def _read_values(given: object) -> list[object]:
    values = _or(given, [])
    if isinstance(values, dict):
        values = list(values.values())
    if not isinstance(values, list):
        raise malformed(f"Invalid query values. Must be an array, got {_php_type(values)}")
    return values


def _or(value: object, default: object) -> object:
    return default if value is None else value


def _no_constant(name: str) -> object:
    raise ValueError(f"{name} is no JSON")


def _php_type(value: object) -> str:
    return _PHP_TYPES.get(type(value), "array")


def _compare(method: str, value: object, wanted: object) -> bool:
    if method == "equal":
        return value == wanted
    if isinstance(value, int | float) and isinstance(wanted, int | float):
        return _stands(method, (value > wanted) - (value < wanted))
    if isinstance(value, str) and isinstance(wanted, str):
        return _stands(method, (value > wanted) - (value < wanted))
    return False


def _stands(method: str, difference: int) -> bool:
    if difference == 0:
        return method.endswith("Equal")
    return method.startswith("less" if difference < 0 else "greater")
