"""
Date and time values in documents and queries: ISO 8601 and, as PHP takes them, a few words.
"""

from datetime import UTC, datetime, timedelta

from monitor.sandbox.state.identifiers import stamp

_WORDS_DAYS = {"today": 0, "tomorrow": 1, "yesterday": -1, "midnight": 0}


def parse_moment(text: str, *, now: datetime) -> str | None:
    """
    Return *text* in Appwrite's form, in UTC; None when it is no date. A missing offset means UTC.
    """
    word = text.strip().lower()
    if word == "now":
        return stamp(now)
    if word in _WORDS_DAYS:
        midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
        return stamp(midnight + timedelta(days=_WORDS_DAYS[word]))
    try:
        parsed = datetime.fromisoformat(text)
    except ValueError:
        return None
    return stamp(parsed.replace(tzinfo=UTC) if parsed.tzinfo is None else parsed.astimezone(UTC))
