"""
Appwrite's query strings, as far as checks need them.
"""

import json


def equal(attribute: str, value: str | float | bool) -> str:
    """
    Keep what has *value* in *attribute*.
    """
    return _query("equal", attribute, value)


def limit(count: int) -> str:
    """
    Return at most *count*; the server's own limit is 25.
    """
    return _query("limit", None, count)


def order_desc(attribute: str) -> str:
    """
    Put the greatest *attribute* first, such as the newest ``$createdAt``.
    """
    return _query("orderDesc", attribute)


def select(*attributes: str) -> str:
    """
    Answer with nothing but *attributes* of each.
    """
    return _query("select", None, *attributes)


def starts_with(attribute: str, prefix: str) -> str:
    """
    Keep what begins with *prefix* in *attribute*.
    """
    return _query("startsWith", attribute, prefix)


def cursor_after(last_id: str) -> str:
    """
    Continue behind *last_id*.
    """
    return _query("cursorAfter", None, last_id)


def _query(method: str, attribute: str | None, *values: str | float | bool) -> str:
    query: dict[str, object] = {"method": method}
    if attribute is not None:
        query["attribute"] = attribute
    if values:
        query["values"] = list(values)
    return json.dumps(query, separators=(",", ":"))
