"""
What was seen of a run that failed: whether the page is at fault, or what it talks to, and how.
"""

from enum import StrEnum

from monitor.appwrite.failures import failed
from monitor.core.errors import CheckFailed
from monitor.core.outcome import EvidenceValue, Reason


class Observed(StrEnum):
    """
    One word for what a page did, or what became of what it sent; a closed set, since diagnosis decides by it.
    """

    # How the page is configured, seen in what it sends.
    OTHER_PROJECT = "other_project"
    EMPTY_ID = "empty_id"
    NAME_AS_ID = "name_as_id"
    OTHER_COLLECTION = "other_collection"
    UNDEFINED_CHANNEL = "undefined_channel"
    SOCKET_STORM = "socket_storm"
    # What the page does, while the API does what it is asked to.
    NO_SUBSCRIPTION = "no_subscription"
    EVENT_NOT_SHOWN = "event_not_shown"
    NOT_WRITTEN = "not_written"
    NAVIGATED_AWAY = "navigated_away"
    STUCK = "stuck"
    NOT_LISTED = "not_listed"
    NO_REQUEST = "no_request"
    THERAPIST_MISSING = "therapist_missing"
    CONVERSATION_DIFFERS = "conversation_differs"
    HANDED_OFF = "handed_off"
    PAGE_MISSING = "page_missing"
    # What the server does.
    REFUSED = "refused"
    NO_EVENT = "no_event"


# What a page alone cannot be blamed for: the API has not been asked yet whether it is well.
BEHAVIOUR = frozenset(
    {
        Observed.NO_SUBSCRIPTION,
        Observed.EVENT_NOT_SHOWN,
        Observed.NOT_WRITTEN,
        Observed.NAVIGATED_AWAY,
        Observed.STUCK,
        Observed.NOT_LISTED,
        Observed.NO_REQUEST,
        Observed.PAGE_MISSING,
        Observed.NO_EVENT,
    }
)
_REASONS = {Observed.NO_EVENT: Reason.NO_EVENT, Observed.HANDED_OFF: Reason.DISABLED}


def seen(
    observed: Observed, side: str, text: str, reason: Reason | None = None, /, **facts: EvidenceValue
) -> CheckFailed:
    """
    Return the failure that *observed* at one side's page means.
    """
    why = reason or _REASONS.get(observed, Reason.WRONG_ANSWER)
    return failed(why, text, **facts, side=side, observed=observed.value)
