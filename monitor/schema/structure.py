"""
Whether values fit an attribute, as Appwrite judges the data of a document that is written.
"""

import ipaddress
import math
import re
from collections.abc import Callable, Mapping
from datetime import datetime
from urllib.parse import urlsplit

from pydantic import JsonValue

from monitor.core.manifest import DeclaredAttribute

WHOLE_NUMBERS = frozenset({"integer", "bigint"})
NUMBERS = WHOLE_NUMBERS | {"double"}
# The characters that texts without a declared size hold.
_LONGEST = {
    "text": 16_383,
    "mediumtext": 4_194_303,
    "longtext": 1_073_741_823,
    "email": 254,
    "url": 2000,
    "ip": 39,
    "datetime": 29,
}
SIZED_TEXTS = frozenset({"string", "varchar"})
PLAIN_TEXTS = SIZED_TEXTS | {"text", "mediumtext", "longtext"}
TEXTS = PLAIN_TEXTS | {"enum", "email", "url", "ip"}
RELATIONSHIP = "relationship"
_EMAIL = re.compile(r"[^@\s]{1,64}@[^@\s.]+(\.[^@\s.]+)+")


def refusal(value: JsonValue, attribute: DeclaredAttribute) -> str:
    """
    Return why a document with this *value* is refused; empty when it fits.

    Of types that documents hold in forms of their own (relationships, places), every value fits.
    """
    if value is None:
        return "is required" if attribute.required else ""
    if not attribute.array:
        return _refusal_of_one(value, attribute)
    if not isinstance(value, list):
        return "must be a list"
    found = (_refusal_of_one(each, attribute) for each in value if each is not None or attribute.required)
    return next(filter(None, found), "")


def narrows(was: DeclaredAttribute, becomes: DeclaredAttribute) -> bool:
    """
    Return whether some value that fitted the attribute fits it no longer.
    """
    if was.array != becomes.array or (becomes.required and not was.required):
        return True
    if was.type == "enum":
        return any(_refusal_of_one(element, becomes) for element in was.elements or ())
    if was.type in NUMBERS:
        return not _holds_numbers(becomes, was)
    if was.type == becomes.type == RELATIONSHIP:
        return (was.related_collection, was.relation_type) != (becomes.related_collection, becomes.relation_type)
    if becomes.type in PLAIN_TEXTS and was.type in PLAIN_TEXTS | _LONGEST.keys():
        return longest(was) > longest(becomes)
    return was.type != becomes.type


def longest(attribute: DeclaredAttribute) -> float:
    """
    Return how many characters a text may have.
    """
    return _LONGEST.get(attribute.type, math.inf) if attribute.size is None else attribute.size


def _holds_numbers(attribute: DeclaredAttribute, others: DeclaredAttribute) -> bool:
    if attribute.type not in NUMBERS or (attribute.type in WHOLE_NUMBERS and others.type == "double"):
        return False
    (low, high), (lowest, highest) = _range(attribute), _range(others)
    return low <= lowest and highest <= high


def _range(attribute: DeclaredAttribute) -> tuple[float, float]:
    low = -math.inf if attribute.min is None else attribute.min
    high = math.inf if attribute.max is None else attribute.max
    return low, high


def _refusal_of_one(value: JsonValue, attribute: DeclaredAttribute) -> str:
    if attribute.type == "enum":
        return "" if value in (attribute.elements or ()) else "is not among the elements"
    if attribute.type == "boolean":
        return "" if isinstance(value, bool) else "must be true or false"
    if attribute.type in NUMBERS:
        return _refusal_of_number(value, attribute)
    if attribute.type in PLAIN_TEXTS:
        fits_text = isinstance(value, str) and len(value) <= longest(attribute)
        return "" if fits_text else f"is no text of at most {longest(attribute):.0f} characters"
    fits = _FORMATS.get(attribute.type)
    return "" if fits is None or (isinstance(value, str) and fits(value)) else f"is no {attribute.type}"


def _refusal_of_number(value: JsonValue, attribute: DeclaredAttribute) -> str:
    kinds = int if attribute.type in WHOLE_NUMBERS else (int, float)
    if isinstance(value, bool) or not isinstance(value, kinds):
        return "must be a whole number" if attribute.type in WHOLE_NUMBERS else "must be a number"
    low, high = _range(attribute)
    return "" if low <= value <= high else "is out of the range"


def _is_moment(text: str) -> bool:
    # Appwrite takes "tomorrow" too; who relies on that is told one time too many.
    try:
        datetime.fromisoformat(text)
    except ValueError:
        return False
    return True


def _is_url(text: str) -> bool:
    try:
        url = urlsplit(text)
    except ValueError:
        return False
    return bool(url.scheme and url.netloc)


def _is_address(text: str) -> bool:
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return True


_FORMATS: Mapping[str, Callable[[str], object]] = {
    "datetime": _is_moment,
    "email": _EMAIL.fullmatch,
    "url": _is_url,
    "ip": _is_address,
}
