"""
Ids and times as Appwrite writes them.
"""

import itertools
import secrets
from datetime import datetime

from monitor.core.target import appwrite_id
from monitor.sandbox.errors import argument_invalid

_UNIQUE = "unique()"
_RULE = (
    "Parameter must contain at most 36 chars. Valid chars are a-z, A-Z, 0-9, period, hyphen, and underscore."
    " Can't start with a special char"
)
_COUNTER = itertools.count(int.from_bytes(secrets.token_bytes(4)))


def unique_id() -> str:
    """
    Return 20 hex digits; no two of one process are equal.
    """
    return f"{next(_COUNTER):010x}{secrets.token_hex(5)}"


def chosen_id(value: object, parameter: str) -> str:
    """
    Return the id that a caller asks for, a new one for ``unique()``.
    """
    if value == _UNIQUE:
        return unique_id()
    if not isinstance(value, str):
        raise argument_invalid(parameter, _RULE)
    try:
        return appwrite_id(value)
    except ValueError:
        raise argument_invalid(parameter, _RULE) from None


def stamp(moment: datetime) -> str:
    """
    Return *moment* as ``2026-08-21T12:34:56.789+00:00``.
    """
    return moment.isoformat(timespec="milliseconds")
