"""
Appwrite's query strings, as far as checks need them.
"""

import json

# Made once: json.dumps makes another for every text that is not in its own form.
_encode = json.JSONEncoder(separators=(",", ":")).encode


def equal(attribute: str, value: str | float | bool) -> str:
    """
    Keep what has *value* in *attribute*.
    """
    return _query("equal", attribute, value)


def compare(method: str, attribute: str, *values: object) -> str:
    """
    Keep what *method* (``equal``, ``notEqual``, ``greaterThan``, ``lessThan``) finds in *attribute* for *values*.
    """
    return _query(method, attribute, *values)


def limit(count: int) -> str:
    """
    Return at most *count*; the server's own limit is 25.
    """
    return _query("limit", None, count)


def offset(count: int) -> str:
    """
    Leave out the first *count*.
    """
    return _query("offset", None, count)


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


def _query(method: str, attribute: str | None, *values: object) -> str:
    query: dict[str, object] = {"method": method}
    if attribute is not None:
        query["attribute"] = attribute
    if values:
        query["values"] = list(values)
    return _encode(query)
