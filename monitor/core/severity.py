"""
How urgent an incident is, and so who hears of it.
"""

from enum import StrEnum


class Severity(StrEnum):
    """
    From the gravest down: a *page* wakes somebody, a *ticket* waits for the morning, an *info* is there to be read.
    """

    PAGE = "page"
    TICKET = "ticket"
    INFO = "info"

    @property
    def rank(self) -> int:
        """
        How grave it is; more is graver.
        """
        return _RANKS[self]


_RANKS = {severity: rank for rank, severity in enumerate(reversed(Severity))}
