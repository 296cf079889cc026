"""
Whether the data of a document fit the attributes of its collection, in Appwrite's order and words.

First what is missing, then what is unknown, then each value in the order in which the caller wrote them.
"""

import ipaddress
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

from monitor.sandbox.errors import AppwriteError
from monitor.sandbox.state.moments import parse_moment
from monitor.sandbox.state.schema import NUMBER_TYPES, Attribute

_EMAIL = re.compile(r"[^@\s]{1,64}@[^@\s.]+(\.[^@\s.]+)+")
# What the types without a declared size may hold, in characters.
_TEXT_SIZES = {"text": 16_383, "mediumtext": 4_194_303, "longtext": 1_073_741_823}
LARGEST_FLOAT = 1.7976931348623157e308
_DATES = "Value must be valid date between 1000-01-01 00:00:00 and 9999-12-31 23:59:59."


@dataclass(frozen=True, slots=True, kw_only=True)
class Structure:
    """
    What the documents of a collection must look like; *noun* is the family's word for one, for the type of errors.
    """

    attributes: Mapping[str, Attribute]
    noun: str
    now: datetime

    def whole(self, data: Mapping[str, object]) -> dict[str, object]:
        """
        Return *data* with defaults and normalised values, one for every attribute; refuse what does not fit.
        """
        given = {key: data.get(key, each.default) for key, each in self.attributes.items()}
        given |= {key: self._default(key) if value is None else value for key, value in data.items()}
        for key, attribute in self.attributes.items():
            if attribute.required and given[key] is None:
                raise self._invalid(f'Missing required attribute "{key}"')
        return given | self._checked({key: given[key] for key in data})

    def part(self, data: Mapping[str, object]) -> dict[str, object]:
        """
        Return *data* with normalised values, as ``whole``, but without asking for what is missing.
        """
        return self._checked(data)

    def moment(self, key: str, value: object) -> str:
        """
        Return a date that Appwrite keeps itself (``$createdAt``, ``$updatedAt``), given by a key.
        """
        found = parse_moment(value, now=self.now) if isinstance(value, str) else None
        if found is None:
            raise self._invalid(f'Attribute "{key}" has invalid type. {_DATES}')
        return found

    def _default(self, key: str) -> object:
        attribute = self.attributes.get(key)
        return attribute.default if attribute else None

    def _checked(self, data: Mapping[str, object]) -> dict[str, object]:
        for key in data:
            if key not in self.attributes:
                raise self._invalid(f'Unknown attribute: "{key}"')
        return {key: self._value(value, self.attributes[key]) for key, value in data.items()}

    def _value(self, value: object, attribute: Attribute) -> object:
        if value is None and not attribute.required:
            return None
        if not attribute.array:
            return self._single(value, attribute, place=attribute.key)
        if not isinstance(value, list):
            raise self._invalid(f'Attribute "{attribute.key}" must be an array')
        return [
            None
            if each is None and not attribute.required
            else self._single(each, attribute, place=f"{attribute.key}['{number}']")
            for number, each in enumerate(value)
        ]

    def _single(self, value: object, attribute: Attribute, *, place: str) -> object:
        if attribute.type == "datetime":
            moment = parse_moment(value, now=self.now) if isinstance(value, str) else None
            if moment is None:
                raise self._invalid(f'Attribute "{place}" has invalid type. {_DATES}')
            return moment
        problem = _problem(value, attribute)
        if problem:
            # Numbers have a format too: their range.
            label = "format" if attribute.format or attribute.type in NUMBER_TYPES else "type"
            raise self._invalid(f'Attribute "{place}" has invalid {label}. {problem}')
        return value

    def _invalid(self, problem: str) -> AppwriteError:
        return AppwriteError(400, f"{self.noun}_invalid_structure", f"Invalid document structure: {problem}")


def complete(
    data: Mapping[str, object], attributes: Mapping[str, Attribute], *, noun: str, now: datetime
) -> dict[str, object]:
    """
    Return *data* as a whole document of these *attributes* holds them; refuse what does not fit.
    """
    return Structure(attributes=attributes, noun=noun, now=now).whole(data)


def _problem(value: object, attribute: Attribute) -> str | None:
    if attribute.type == "boolean":
        return None if isinstance(value, bool) else "Value must be a valid boolean"
    if attribute.type in NUMBER_TYPES:
        return _number_problem(value, attribute)
    if attribute.format == "enum":
        listed = ", ".join(attribute.elements)
        return None if value in attribute.elements else f"Value must be one of ({listed})"
    if attribute.format:
        fits, description = _FORMATS[attribute.format]
        return None if isinstance(value, str) and fits(value) else f"Value must be a valid {description}"
    size = attribute.size or _TEXT_SIZES.get(attribute.type, 0)
    if isinstance(value, str) and len(value) <= size:
        return None
    return f"Value must be a valid string and no longer than {size} chars"


def _number_problem(value: object, attribute: Attribute) -> str | None:
    if attribute.type == "double":
        if isinstance(value, bool) or not isinstance(value, int | float):
            return "Value must be a valid float"
        return _range_problem(value, attribute, lowest=-LARGEST_FLOAT, highest=LARGEST_FLOAT)
    bits = 64 if attribute.type == "bigint" or attribute.size >= 8 else 32
    low, high = -(1 << (bits - 1)), (1 << (bits - 1)) - 1
    if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
        return f"Value must be a valid signed {bits}-bit integer between {low:,} and {high:,}"
    return _range_problem(value, attribute, lowest=low, highest=high)


def _range_problem(value: float, attribute: Attribute, *, lowest: float, highest: float) -> str | None:
    low = lowest if attribute.minimum is None else attribute.minimum
    high = highest if attribute.maximum is None else attribute.maximum
    if low <= value <= high:
        return None
    return f"Value must be a valid range between {low:,.0f} and {high:,.0f}"


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
    return "%" not in text


_FORMATS: dict[str, tuple[Callable[[str], object], str]] = {
    "email": (_EMAIL.fullmatch, "email address"),
    "url": (_is_url, "URL"),
    "ip": (_is_address, "IP address"),
}
