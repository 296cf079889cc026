"""
Values of a profile with placeholders, such as ``"{customer}"`` or ``"{customer}_{therapist}"``, filled for each run.

What looks like anything else in braces, such as a text of JSON, is left as it is.
"""

import re
import secrets
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta

from monitor.core.leftover import MARK

# Placeholder → what it stands for; the documentation of ``monitor checks booking_to_chat`` names them too.
PLACEHOLDERS: Mapping[str, str] = {
    "customer": "id of the customer's user; of a guest one that is made up, as pages do",
    "therapist": "id of the therapist's document, or of his user where the profile names no collection of therapists",
    "therapist_user": "id of the therapist's user",
    "booking": "id of the booking",
    "chat": "id of the chat's record",
    "text": "the text of the message: the monitor's mark and letters of no meaning",
    "reply": "the text of the answer, likewise",
    "now": "the time of the run",
    "start": "when the booked massage begins: another minute in every run",
    "deadline": "five minutes after the run began: until then the therapist may answer",
    "whatsapp": "a telephone number of the range that is kept for fiction",
}
_PLACEHOLDER = re.compile(r"\{([a-z_]+)\}")
# No vowels, no digits, and neither t nor f: no word begins with what a filter of contact details takes for tg or fb.
_ALPHABET = "bcdghjkmnpqrsvxz"
# With the mark as long as an id may be: a text is one, so that what a function writes of it can be found by it.
_NONCE_LETTERS = 36 - len(MARK)
_DEADLINE = timedelta(minutes=5)
_DAYS_AHEAD = 30


def placeholders_in(value: object) -> Iterator[str]:
    """
    Yield the names in braces that stand anywhere in *value*.
    """
    if isinstance(value, str):
        yield from _PLACEHOLDER.findall(value)
    elif isinstance(value, Mapping):
        for item in value.values():
            yield from placeholders_in(item)
    elif isinstance(value, Sequence):
        for item in value:
            yield from placeholders_in(item)


def fill(value: object, facts: Mapping[str, str]) -> object:
    """
    Return *value* with every placeholder that *facts* know in its place.
    """
    if isinstance(value, str):
        return _PLACEHOLDER.sub(lambda found: facts.get(found[1], found[0]), value)
    if isinstance(value, Mapping):
        return {key: fill(item, facts) for key, item in value.items()}
    if isinstance(value, Sequence):
        return [fill(item, facts) for item in value]
    return value


def fill_all(values: Mapping[str, object], facts: Mapping[str, str]) -> dict[str, object]:
    """
    Return *values*, each filled.
    """
    return {key: fill(value, facts) for key, value in values.items()}


def made_up(now: datetime) -> dict[str, str]:
    """
    Return the facts that are another in every run, so that no two runs or locations ever meet.
    """
    minutes_ahead = 24 * 60 + secrets.randbelow(_DAYS_AHEAD * 24 * 60)
    start = now.replace(second=0, microsecond=0) + timedelta(
        minutes=minutes_ahead, milliseconds=secrets.randbelow(60_000)
    )
    return {
        "text": f"{MARK}{_nonce()}",
        "reply": f"{MARK}{_nonce()}",
        "now": _iso(now),
        "start": _iso(start),
        "deadline": _iso(now + _DEADLINE),
        # Numbers for fiction: 555-0100 to 555-0199 in every area of North America.
        "whatsapp": f"+1{secrets.choice('23456789')}{secrets.randbelow(10)}255501{secrets.randbelow(100):02}",
    }


def _nonce() -> str:
    # At once, since a letter at a time asks the system for randomness a hundred times a journey.
    return "".join(_ALPHABET[byte % len(_ALPHABET)] for byte in secrets.token_bytes(_NONCE_LETTERS))


def _iso(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="milliseconds")
