"""
The queries of subscriptions: fewer methods than lists have, and no attribute need exist.
"""

from collections.abc import Iterable, Sequence

from monitor.sandbox.errors import AppwriteError
from monitor.sandbox.realtime.refusal import UNEXPECTED, Refusal
from monitor.sandbox.state.queries import Query, Record, parse

_ALLOWED_METHODS = (
    "equal",
    "notEqual",
    "lessThan",
    "lessThanEqual",
    "greaterThan",
    "greaterThanEqual",
    "isNull",
    "isNotNull",
    "and",
    "or",
    "select",
)


def parse_filters(texts: Sequence[str], *, refused_with: int, prefix: str = "") -> tuple[Query, ...]:
    """
    Return the queries; raise ``Refusal`` of the code *refused_with* for bad ones, its text beginning with *prefix*.
    """
    try:
        queries = tuple(parse(texts, attributes=None))
    except AppwriteError as error:
        raise Refusal(refused_with, prefix + error.message) from error
    except RecursionError:
        raise Refusal(refused_with, f"{prefix}Invalid query: Maximum stack depth exceeded") from None
    for query in _with_nested(queries):
        if query.method not in _ALLOWED_METHODS:
            allowed = ", ".join(_ALLOWED_METHODS)
            problem = f"Query method '{query.method}' is not supported in Realtime queries."
            raise Refusal(refused_with, f"{prefix}{problem} Allowed query methods are: {allowed}")
        if query.method == "select" and query.values != ("*",):
            # A real server forgot to catch this one.
            problem = 'Only select("*") is allowed in Realtime queries. select("*") means "listen to all events".'
            raise Refusal(UNEXPECTED, problem)
    return queries


def passes(queries: Iterable[Query], payload: Record) -> bool:
    """
    Return whether the payload of an event fits all *queries*.
    """
    return all(query.fits(payload) for query in queries)


def _with_nested(queries: Iterable[Query]) -> Iterable[Query]:
    for query in queries:
        yield query
        yield from _with_nested(each for each in query.values if isinstance(each, Query))
