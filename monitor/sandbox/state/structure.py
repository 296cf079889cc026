"""
Whether the data of a document fit the attributes of its collection, in Appwrite's order and words.
"""

import ipaddress
import re
from collections.abc import Mapping
from datetime import datetime
from urllib.parse import urlsplit

from monitor.sandbox.errors import AppwriteError
from monitor.sandbox.state.moments import parse_moment
from monitor.sandbox.state.schema import Attribute

_INT_BITS = {"integer": 32, "bigint": 64}
_EMAIL = re.compile(r"[^@\s]+@[^@\s.]+(\.[^@\s.]+)+")
# What the types without a declared size may hold, in characters.
_TEXT_SIZES = {"text": 16383, "mediumtext": 4_194_303, "longtext": 1_073_741_823}


def complete(
    data: Mapping[str, object], attributes: Mapping[str, Attribute], *, noun: str, now: datetime
) -> dict[str, object]:
    """
    Return *data* with defaults and normalised values, one for every attribute; refuse what does not fit.

    *noun* is the family's word for a document, for the type of the error.
    """
    for key, attribute in attributes.items():
        if attribute.required and data.get(key) is None:
            raise _invalid(noun, f'Missing required attribute "{key}"')
    for key in data:
        if key not in attributes:
            raise _invalid(noun, f'Unknown attribute: "{key}"')
    values: dict[str, object] = {}
    for key, value in data.items():
        values[key] = _value(value, attributes[key], noun=noun, now=now)
    for key, attribute in attributes.items():
        if key not in values or (values[key] is None and attribute.default is not None):
            values[key] = attribute.default
    return values


def _value(value: object, attribute: Attribute, *, noun: str, now: datetime) -> object:
    if value is None:
        return None
    if not attribute.array:
        return _single(value, attribute, noun=noun, now=now)
    if not isinstance(value, list):
        raise _invalid(noun, f'Attribute "{attribute.key}" must be an array')
    return [_single(each, attribute, noun=noun, now=now) for each in value]


def _single(value: object, attribute: Attribute, *, noun: str, now: datetime) -> object:
    problem = None
    if attribute.type == "datetime":
        moment = parse_moment(value, now=now) if isinstance(value, str) else None
        problem = (
            None if moment else "format. Value must be valid date between 0001-01-01 00:00:00 and 9999-12-31 23:59:59"
        )
        value = moment
    elif attribute.type == "boolean":
        problem = None if isinstance(value, bool) else "type. Value must be a valid boolean"
    elif attribute.type in {"integer", "bigint", "double"}:
        problem = _number_problem(value, attribute)
    elif attribute.format:
        problem = _format_problem(value, attribute)
    else:
        size = attribute.size or _TEXT_SIZES.get(attribute.type, 0)
        if not isinstance(value, str) or len(value) > size:
            problem = f"type. Value must be a valid string and no longer than {size} chars"
    if problem:
        raise _invalid(noun, f'Attribute "{attribute.key}" has invalid {problem}')
    return value


def _number_problem(value: object, attribute: Attribute) -> str | None:
    if attribute.type == "double":
        if isinstance(value, bool) or not isinstance(value, int | float):
            return "type. Value must be a valid float"
    else:
        bits = _INT_BITS[attribute.type]
        low, high = -(1 << (bits - 1)), (1 << (bits - 1)) - 1
        if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
            return f"format. Value must be a valid signed {bits}-bit integer between {low:,} and {high:,}"
    minimum, maximum = attribute.minimum, attribute.maximum
    if (minimum is not None and value < minimum) or (maximum is not None and value > maximum):
        between = f"{_shown(minimum, '-∞')} and {_shown(maximum, '∞')}"
        return f"format. Value must be a valid range between {between}"
    return None


def _shown(bound: float | None, unbounded: str) -> str:
    return unbounded if bound is None else f"{bound:,}"


def _format_problem(value: object, attribute: Attribute) -> str | None:
    text = value if isinstance(value, str) else ""
    if attribute.format == "enum":
        return None if text in attribute.elements else f"format. Value must be one of ({', '.join(attribute.elements)})"
    if attribute.format == "email":
        return None if _EMAIL.fullmatch(text) else "format. Value must be a valid email address"
    if attribute.format == "url":
        url = urlsplit(text)
        return None if url.scheme and url.netloc else "format. Value must be a valid URL"
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return "format. Value must be a valid IP address"
    return None


def _invalid(noun: str, problem: str) -> AppwriteError:
    return AppwriteError(400, f"{noun}_invalid_structure", f"Invalid document structure: {problem}")
