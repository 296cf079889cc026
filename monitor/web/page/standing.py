"""
How a check stands: what somebody has to look at first comes first.
"""

from enum import StrEnum

from monitor.core.outcome import Status
from monitor.web.model import CheckView


class Standing(StrEnum):
    """
    From what needs somebody down to what needs nobody.
    """

    FAILING = "failing"
    DOUBTFUL = "doubtful"
    BLIND = "blind"
    SLOW = "slow"
    NEW = "new"
    RIGHT = "right"

    @property
    def heading(self) -> str:
        """
        The heading over the checks that stand so.
        """
        return _HEADINGS[self]

    @property
    def words(self) -> str:
        """
        The word after their number.
        """
        return _WORDS[self]


_HEADINGS = {
    Standing.FAILING: "Not right",
    Standing.DOUBTFUL: "Failed, being confirmed",
    Standing.BLIND: "Cannot be judged",
    Standing.SLOW: "Slow",
    Standing.NEW: "Not judged yet",
    Standing.RIGHT: "Right",
}
_WORDS = {
    Standing.FAILING: "not right",
    Standing.DOUBTFUL: "being confirmed",
    Standing.BLIND: "cannot be judged",
    Standing.SLOW: "slow",
    Standing.NEW: "not judged yet",
    Standing.RIGHT: "right",
}


def standing_of(check: CheckView) -> Standing:
    """
    Return how *check* stands. What the monitor cannot judge is not called right, though it was when it was judged last.
    """
    if check.is_failing:
        return Standing.FAILING
    if check.status is Status.FAILED:
        return Standing.DOUBTFUL
    if last_status(check) in {Status.ERRORED, Status.MISSED}:
        return Standing.BLIND
    if check.status is Status.DEGRADED:
        return Standing.SLOW
    return Standing.NEW if check.status is None else Standing.RIGHT


def last_status(check: CheckView) -> Status | None:
    """
    Return how its last run ended, which may be no verdict; None before the first.
    """
    return check.bars[-1].status if check.bars else check.status
