"""
Queries on lists of flat records: users, teams, collections, … as they are shown.

Their attributes have no declared types. Documents are asked through ``askable`` and ``page``, with types.
"""

from collections.abc import Iterable

from monitor.core.clock import SystemClock
from monitor.sandbox.errors import AppwriteError
from monitor.sandbox.state.askable import Askable
from monitor.sandbox.state.page import Listing, Page, cut, shape_of
from monitor.sandbox.state.query import CURSORS, Query, Record, read_query, require_few

__all__ = ["Page", "Query", "Record", "cursor_not_found", "cursor_of", "parse", "select", "selected"]


def parse(texts: Iterable[str], *, attributes: Iterable[str] | None) -> list[Query]:
    """
    Return the queries; *attributes* are the names that may be asked for beside Appwrite's own, None for any.
    """
    texts = list(texts)
    require_few(texts)
    queries = [read_query(each) for each in texts]
    if attributes is None:
        return queries
    return Askable(attributes=dict.fromkeys(attributes), now=SystemClock().now()).check(queries)


def select(queries: Iterable[Query], records: Iterable[Record]) -> Page[Record]:
    """
    Return the records that fit, ordered and cut; *records* come in the order of their ``$sequence``.
    """
    records = list(records)
    shape = shape_of(queries)
    cursor = next((each for each in records if each["$id"] == shape.cursor), None) if shape.cursor else None
    return cut(Listing(items=records, value_of=lambda record, name: record.get(name), cursor=cursor), shape)


def selected(queries: Iterable[Query]) -> frozenset[str] | None:
    """
    Return the attributes that ``select`` names, None when everything is wanted.
    """
    named = frozenset(str(value) for query in queries if query.method == "select" for value in query.values)
    return named if named and "*" not in named else None


def cursor_of(queries: Iterable[Query]) -> str | None:
    """
    Return the id after or before which a list shall begin or end.
    """
    found = next((each for each in queries if each.method in CURSORS), None)
    return None if found is None else str(next(iter(found.values), ""))


def cursor_not_found(id_: str, *, noun: str = "document") -> AppwriteError:
    """
    Refuse a cursor that names nothing.
    """
    message = f"{noun.capitalize()} '{id_}' for the 'cursor' value not found."
    return AppwriteError(400, "general_cursor_not_found", message)
