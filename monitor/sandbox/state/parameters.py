"""
Parameters of a body, checked as Appwrite's validators check them and refused in their words.

Unlike a query string, a body has types: ``"true"`` is no boolean and ``5.0`` no integer here.
"""

import math
import re
from collections.abc import Iterable, Mapping

from monitor.sandbox.errors import argument_invalid, argument_missing

Fields = Mapping[str, object]

MAX_ITEMS = 100
LOWEST_INTEGER, HIGHEST_INTEGER = -(1 << 63), (1 << 63) - 1
KEY_RULE = (
    "Parameter must contain at most 36 chars. Valid chars are a-z, A-Z, 0-9, period, hyphen, and underscore."
    " Can't start with a special char"
)
_KEY = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,35}")
_ARRAY = f"Value must a valid array no longer than {MAX_ITEMS} items"


def is_key(value: object) -> bool:
    """
    Return whether *value* can be the key of an attribute or index.
    """
    return isinstance(value, str) and _KEY.fullmatch(value) is not None


def key_in(fields: Fields, name: str = "key") -> str:
    """
    Return a key that must be there.
    """
    value = present(fields, name)
    if not isinstance(value, str) or not is_key(value):
        raise argument_invalid(name, KEY_RULE)
    return value


def present(fields: Fields, name: str) -> object:
    """
    Return a parameter that must be sent, though perhaps as null.
    """
    if name not in fields:
        raise argument_missing(name)
    return fields[name]


def boolean_in(fields: Fields, name: str, *, default: bool | None = None) -> bool:
    """
    Return a boolean; without a default it must be there.
    """
    value = present(fields, name) if default is None else fields.get(name, default)
    if not isinstance(value, bool):
        raise argument_invalid(name, "Value must be a valid boolean")
    return value


def integer_in(fields: Fields, name: str) -> int | None:
    """
    Return an integer of 64 bits, or None.
    """
    value = fields.get(name)
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int) or not LOWEST_INTEGER <= value <= HIGHEST_INTEGER:
        raise argument_invalid(name, "Value must be a valid integer")
    return value


def number_in(fields: Fields, name: str) -> float | None:
    """
    Return a number, or None.
    """
    value = fields.get(name)
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float) or not _is_double(value):
        raise argument_invalid(name, "Value must be a valid float")
    return float(value)


def ranged_in(fields: Fields, name: str, *, lowest: int, highest: int) -> int:
    """
    Return an integer between two bounds that must be there.
    """
    value = present(fields, name)
    if isinstance(value, bool) or not isinstance(value, int) or not lowest <= value <= highest:
        raise argument_invalid(name, f"Value must be a valid range between {lowest:,} and {highest:,}")
    return value


def text_in(fields: Fields, name: str, *, longest: int, default: str | None = None) -> str:
    """
    Return a text of at least one character; without a default it must be there.
    """
    value = present(fields, name) if default is None else fields.get(name)
    if value is None and default is not None:
        return default
    if not isinstance(value, str) or not 1 <= len(value) <= longest:
        problem = f"Value must be a valid string and at least 1 chars and no longer than {longest} chars"
        raise argument_invalid(name, problem)
    return value


def list_in(fields: Fields, name: str) -> list[object]:
    """
    Return a list of not too many items, empty when it is not there.
    """
    value = fields.get(name)
    if value is None:
        return []
    if not isinstance(value, list) or len(value) > MAX_ITEMS:
        raise argument_invalid(name, _ARRAY)
    return value


def texts_in(fields: Fields, name: str, *, longest: int) -> tuple[str, ...]:
    """
    Return a list of texts that must be there.
    """
    present(fields, name)
    values = list_in(fields, name)
    texts = tuple(each for each in values if isinstance(each, str) and 1 <= len(each) <= longest)
    if len(texts) != len(values):
        problem = f"Value must be a valid string and at least 1 chars and no longer than {longest} chars"
        raise argument_invalid(name, f"Value must a valid array and {problem}")
    return texts


def chosen_in(fields: Fields, name: str, choices: Iterable[str]) -> str:
    """
    Return one of *choices*, which must be there.
    """
    value, allowed = present(fields, name), tuple(choices)
    if not isinstance(value, str) or value not in allowed:
        raise argument_invalid(name, f"Value must be one of ({', '.join(allowed)})")
    return value


def _is_double(value: float) -> bool:
    try:
        return math.isfinite(value)
    except OverflowError:
        return False
