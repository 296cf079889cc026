"""
A change of a document that fits the live attributes, and really changes something.

Appwrite checks an update that changes nothing as if it were a read, so that it proves nothing of who may update.
"""

import secrets
import string
from collections.abc import Container, Mapping, Sequence

from monitor.appwrite.answers import Attribute, Collection

# What marks test data stays as it is.
_TEST_MARK = "isTest"
# Two values each, so that one of them is not the present one.
_PAIRS: Mapping[str, Sequence[object]] = {
    "boolean": (False, True),
    "email": ("synthetic@example.com", "synthetic@example.org"),
    "url": ("https://example.com/", "https://example.org/"),
    "ip": ("192.0.2.1", "192.0.2.2"),
    "datetime": ("2026-01-01T00:00:00.000+00:00", "2026-01-02T00:00:00.000+00:00"),
}
_LETTERS = ("a", "b")
_NUMBERS = frozenset({"integer", "bigint", "double"})
_TEXTS = frozenset({"string", "text", "varchar", "mediumtext", "longtext"})


def changed_data(collection: Collection, data: Mapping[str, object], *, keep: Container[str] = ()) -> dict[str, object]:
    """
    Return one attribute of *collection* with another value than in *data*; empty when there is none that can change.

    Those of *keep* stay. Plain texts come first: what has few values often means something to the platform.
    """
    for attribute in sorted(collection.attributes, key=lambda attribute: not _is_plain_text(attribute)):
        if attribute.status in {"", "available"} and attribute.key != _TEST_MARK and attribute.key not in keep:
            for value in _values(attribute):
                if value != data.get(attribute.key):
                    return {attribute.key: value}
    return {}


def _values(attribute: Attribute) -> Sequence[object]:
    values = _single_values(attribute)
    return [[value] for value in values] if attribute.array else values


def _single_values(attribute: Attribute) -> Sequence[object]:
    if attribute.elements:
        return attribute.elements
    if attribute.type in _NUMBERS:
        return _numbers(attribute)
    pair = _PAIRS.get(attribute.format or "", _PAIRS.get(attribute.type))
    if pair is not None:
        return pair
    if _is_plain_text(attribute):
        # Letters only: platforms refuse what looks like contact data. Made up, for where no two may be the same.
        size = min(attribute.size or 20, 20)
        made_up = "".join(secrets.choice(string.ascii_lowercase) for _ in range(size))
        return [made_up, *(letter * size for letter in _LETTERS)]
    return ()


def _is_plain_text(attribute: Attribute) -> bool:
    return attribute.type in _TEXTS and not attribute.format and not attribute.elements


def _numbers(attribute: Attribute) -> Sequence[float]:
    # Zero and its neighbours where the range has them, else its ends.
    low = attribute.min if attribute.min is not None else -1
    high = attribute.max if attribute.max is not None else 1
    inside = [number for number in (0, 1, -1) if low <= number <= high]
    numbers = [*inside, low, high]
    return numbers if attribute.type == "double" else [int(number) for number in numbers]
