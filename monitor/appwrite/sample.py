"""
A document that fits the live attributes of a collection, for checks that must write something valid.
"""

import secrets
import string
from collections.abc import Mapping
from datetime import UTC, datetime

from monitor.appwrite.answers import Attribute, Collection

# Where a platform has it, it marks test data for its own reports.
_TEST_MARK = "isTest"
_FIXED = {
    "boolean": False,
    "email": "synthetic@example.com",
    "url": "https://example.com/",
    "ip": "192.0.2.1",
    # A fixed moment: the value is never judged, and a check has no clock.
    "datetime": datetime(2026, 1, 1, tzinfo=UTC).isoformat(timespec="milliseconds"),
}
_NUMBERS = frozenset({"integer", "bigint", "double"})


def sample_data(collection: Collection, given: Mapping[str, object]) -> dict[str, object]:
    """
    Return *given*, completed by a made-up value for every other required attribute of *collection*.
    """
    made_up = {
        attribute.key: _sample(attribute)
        for attribute in collection.attributes
        if attribute.required or attribute.key == _TEST_MARK
    }
    return {**made_up, **given}


def _sample(attribute: Attribute) -> object:
    value = _value(attribute)
    return [value] if attribute.array else value


def _value(attribute: Attribute) -> object:
    if attribute.key == _TEST_MARK and attribute.type == "boolean":
        return True
    if attribute.elements:
        return attribute.elements[0]
    if attribute.type in _NUMBERS:
        return _number(attribute)
    fixed = _FIXED.get(attribute.format or "", _FIXED.get(attribute.type))
    return _letters(attribute.size) if fixed is None else fixed


def _number(attribute: Attribute) -> float:
    # The number nearest to zero that the range allows; Appwrite shows an open range as the limits of its type.
    low = attribute.min if attribute.min is not None else 0
    high = attribute.max if attribute.max is not None else 0
    nearest = max(low, min(high, 0))
    return nearest if attribute.type == "double" else int(nearest)


def _letters(size: int | None) -> str:
    # Letters only: platforms refuse what looks like contact data, which digits do.
    wanted = min(size or 20, 20)
    return "".join(secrets.choice(string.ascii_lowercase) for _ in range(wanted))
