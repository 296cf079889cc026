"""
A document that fits the live attributes of a collection, for checks that must write something valid.

No two are alike where values may be free: a unique index refuses what another document, run or location has written.
What has few values often means something to the platform, whose jobs react to it: there the plainest is taken, unless
a unique index leaves no choice.
"""

import secrets
import string
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta

from monitor.appwrite.answers import Attribute, Collection
from monitor.core.errors import OwnFault, fit

# Where a platform has it, it marks test data for its own reports.
_TEST_MARK = "isTest"
_NONCE_LETTERS = 20
# Long past, so that nothing falls due.
_FIRST_MOMENT = datetime(2001, 1, 1, tzinfo=UTC)
_MILLISECONDS = 20 * 365 * 86_400_000
# Ranges of addresses that belong to nobody, kept for documentation (RFC 5737).
_NETWORKS = ("192.0.2", "198.51.100", "203.0.113")
_CHOICES: Mapping[str, Sequence[object]] = {"boolean": (False, True)}
_TEXTS = frozenset({"string", "text", "varchar", "mediumtext", "longtext"})
# Numbers stay this near to zero, or to that end of their range which is nearer to it.
_WIDEST = 1_000_000_000
# A range of fewer numbers is a choice, such as a rating, and not a quantity.
_FEWEST = 1_000


def sample_data(collection: Collection, given: Mapping[str, object]) -> dict[str, object]:
    """
    Return *given*, completed by a made-up value for every other required attribute of *collection*.

    Raises ``OwnFault`` when one has a type of which no value can be made up.
    """
    unique = _unique(collection)
    made_up = {
        attribute.key: _sample(collection, attribute, is_unique=attribute.key in unique)
        for attribute in collection.attributes
        if attribute.key not in given and (attribute.required or attribute.key == _TEST_MARK)
    }
    return {**made_up, **given}


def taken(collection: Collection) -> OwnFault:
    """
    Return what it means that a document of a new id was refused since there was one already (409).
    """
    keys = ", ".join(sorted(_unique(collection))) or "its attributes"
    text = f"a unique index of {collection.id!r} refused the document, since another has its values: give data for"
    return OwnFault(fit(f"{text} {keys} that no document has, or write fewer documents"), collection=collection.id)


def _unique(collection: Collection) -> frozenset[str]:
    return frozenset(key for index in collection.indexes if index.type == "unique" for key in index.attributes)


def _sample(collection: Collection, attribute: Attribute, *, is_unique: bool) -> object:
    value = _value(attribute, is_unique=is_unique)
    if value is None:
        text = f"no value can be made up for {attribute.key!r} of {collection.id!r} ({attribute.type or 'no type'})"
        raise OwnFault(fit(f"{text}: give data for {attribute.key}"), collection=collection.id, attribute=attribute.key)
    return [value] if attribute.array else value


def _value(attribute: Attribute, *, is_unique: bool) -> object:
    if attribute.key == _TEST_MARK and attribute.type == "boolean":
        return True
    if choices := attribute.elements or _CHOICES.get(attribute.type):
        return secrets.choice(choices) if is_unique else choices[0]
    if number := _NUMBERS.get(attribute.type):
        return number(attribute, is_unique)
    make = _MAKERS.get(attribute.format or "", _MAKERS.get(attribute.type))
    if make is not None:
        return make()
    return _letters(attribute.size or _NONCE_LETTERS) if attribute.type in _TEXTS else None


def _integer(attribute: Attribute, is_unique: bool) -> int:
    low, high = (int(end) for end in _range(attribute))
    if is_unique or high - low >= _FEWEST:
        return low + secrets.randbelow(high - low + 1)
    return max(low, min(high, 0))


def _double(attribute: Attribute, is_unique: bool) -> float:
    low, high = _range(attribute)
    if is_unique or high - low >= _FEWEST:
        return low + (high - low) * secrets.randbelow(_WIDEST) / _WIDEST
    return max(low, min(high, 0.0))


def _range(attribute: Attribute) -> tuple[float, float]:
    # Appwrite shows an open range as the limits of its type.
    low = attribute.min if attribute.min is not None else 0.0
    high = attribute.max if attribute.max is not None else max(0.0, low) + _WIDEST
    nearest = max(low, min(high, 0.0))
    # Upwards from there, unless that is the upper end.
    return (nearest, min(high, nearest + _WIDEST)) if high > nearest else (max(low, nearest - _WIDEST), nearest)


def _letters(size: int) -> str:
    # Letters only: platforms refuse what looks like contact data, which digits do.
    return "".join(secrets.choice(string.ascii_lowercase) for _ in range(min(size, _NONCE_LETTERS)))


def _email() -> str:
    return f"synthetic-{_letters(_NONCE_LETTERS)}@example.com"


def _url() -> str:
    return f"https://example.com/synthetic-{_letters(_NONCE_LETTERS)}"


def _ip() -> str:
    return f"{secrets.choice(_NETWORKS)}.{1 + secrets.randbelow(254)}"


def _datetime() -> str:
    moment = _FIRST_MOMENT + timedelta(milliseconds=secrets.randbelow(_MILLISECONDS))
    return moment.isoformat(timespec="milliseconds")


_MAKERS: Mapping[str, Callable[[], str]] = {"email": _email, "url": _url, "ip": _ip, "datetime": _datetime}
_NUMBERS: Mapping[str, Callable[[Attribute, bool], float]] = {
    "integer": _integer,
    "bigint": _integer,
    "double": _double,
}
