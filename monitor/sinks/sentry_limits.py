"""
How long Sentry asks to be left alone, and with what: ``X-Sentry-Rate-Limits``, and ``Retry-After`` where it is missing.

The header comes with good answers too, and then names kinds of data that we may not even have: a limit of one kind must
not hold up the others. Source: develop.sentry.dev, "Rate Limiting".
"""

import math
import re
from collections.abc import Iterable
from enum import StrEnum

from monitor.core.clock import Clock
from monitor.sinks.judging import MAX_WAIT_SECONDS

# What a client has to wait for when a 429 names no time.
_UNNAMED_SECONDS = 60.0
# SECONDS:CATEGORY;CATEGORY:SCOPE:REASON, separated by commas; no category means every one.
_LIMIT = re.compile(r"\s*([0-9]{1,9}(?:\.[0-9]*)?)\s*:([^:,]*)(?::[^,]*)?\s*")


class Category(StrEnum):
    """
    The kinds of data that we send, as limits name them.
    """

    ERROR = "error"
    ATTACHMENT = "attachment"
    MONITOR = "monitor"


class Limits:
    """
    Until when nothing of a category is to be sent; never longer than any receiver may silence us.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._until = dict.fromkeys(Category, -math.inf)

    def seconds(self, category: Category) -> float:
        """
        Return for how long nothing of *category* is to be sent, 0.0 when it may be.
        """
        return max(0.0, self._until[category] - self._clock.monotonic())

    def heed(self, header: str) -> None:
        """
        Take over what the *header* of an answer says; what cannot be read of it is left out.
        """
        for part in header.split(","):
            limit = _LIMIT.fullmatch(part)
            if limit is not None:
                named = [name.strip() for name in limit[2].split(";")]
                self._close(float(limit[1]), Category if named == [""] else named)

    def refused(self, after_seconds: float | None) -> None:
        """
        Take over a 429 without that header: it holds for everything.
        """
        self._close(_UNNAMED_SECONDS if after_seconds is None else after_seconds, Category)

    def _close(self, seconds: float, categories: Iterable[str]) -> None:
        until = self._clock.monotonic() + min(seconds, MAX_WAIT_SECONDS)
        for category in {*categories} & {*Category}:
            self._until[Category(category)] = max(self._until[Category(category)], until)
