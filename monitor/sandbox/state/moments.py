"""
Date and time values in documents and queries: ISO 8601 and, as PHP takes them, words and distances from now.
"""

import re
from datetime import UTC, datetime, timedelta

from monitor.sandbox.state.identifiers import stamp

# What the database can store; before it nothing is a date.
EARLIEST = datetime(1000, 1, 1, tzinfo=UTC)
_WORDS_DAYS = {"today": 0, "tomorrow": 1, "yesterday": -1, "midnight": 0}
_UNIT_SECONDS = {"sec": 1, "second": 1, "min": 60, "minute": 60, "hour": 3600, "day": 86_400, "week": 604_800}
_DISTANCE = re.compile(r"([+-]?)(\d{1,9}) ?([a-z]+?)s?( ago)?")
_UNIX = re.compile(r"@(-?\d{1,12})")


def parse_moment(text: str, *, now: datetime) -> str | None:
    """
    Return *text* in Appwrite's form, in UTC; None when it is no date. A missing offset means UTC.
    """
    word = text.strip().lower()
    if word == "now":
        return stamp(now)
    try:
        if word in _WORDS_DAYS:
            midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
            return stamp(midnight + timedelta(days=_WORDS_DAYS[word]))
        parsed = _relative(word, now) or datetime.fromisoformat(text.strip())
        utc = parsed.replace(tzinfo=UTC) if parsed.tzinfo is None else parsed.astimezone(UTC)
    except (ValueError, OverflowError):
        return None
    return stamp(utc) if utc >= EARLIEST else None


def _relative(word: str, now: datetime) -> datetime | None:
    unix = _UNIX.fullmatch(word)
    if unix:
        return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=int(unix[1]))
    distance = _DISTANCE.fullmatch(word)
    if distance is None or distance[3] not in _UNIT_SECONDS:
        return None
    backwards = (distance[1] == "-") != bool(distance[4])
    seconds = int(distance[2]) * _UNIT_SECONDS[distance[3]]
    return now + timedelta(seconds=-seconds if backwards else seconds)
