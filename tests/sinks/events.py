"""
Incidents and events for tests of sinks, and the time at which they are sent.
"""

from datetime import UTC, datetime, timedelta
from typing import Any

from monitor.core.cause import Cause
from monitor.core.outcome import Reason, Status
from monitor.core.severity import Severity
from monitor.incidents.incident import Event, Fault, Finding, Incident, Purpose, Transition
from tests.outcomes import outcome_of

FAILING_SINCE = datetime(2026, 1, 23, 9, 33, tzinfo=UTC)
OPENED_AT = FAILING_SINCE + timedelta(seconds=4)
RESOLVED_AT = FAILING_SINCE + timedelta(minutes=20)


class SetClock:
    """
    Shows the time that a test sets.
    """

    def __init__(self, at: datetime = OPENED_AT) -> None:
        self.at = at

    def now(self) -> datetime:
        return self.at

    def monotonic(self) -> float:
        return self.at.timestamp()


def finding(**changes: Any) -> Finding:
    """
    Return what one check found; *changes* are fields of it.
    """
    message = "no event of 'chat_messages' reached therapist within 5s: restart realtime"
    failed = outcome_of(Status.FAILED, Reason.NO_EVENT, message=message, evidence={"phase": "event", "lost": 3})
    return Finding(
        **{
            "check": "chat-delivery",
            "kind": "realtime_delivery",
            "fault": Fault.TARGET,
            "severity": Severity.PAGE,
            "reason": Reason.NO_EVENT,
            "message": message,
            "step": "write",
            "run_id": failed.run_id,
            "since": FAILING_SINCE,
            "opened_at": OPENED_AT,
            "locations": ("fra1",),
            "outcome": failed.as_json(),
            **changes,
        }
    )


def incident(**changes: Any) -> Incident:
    """
    Return an open incident; *changes* are fields of it.
    """
    return Incident(
        **{
            "id": "20260123T093304-chat-delivery-1f2e",
            "target": "production",
            "location": "fra1",
            "severity": Severity.PAGE,
            "cause": Cause.REALTIME_PIPELINE,
            "summary": "chat messages are stored, but no event reaches anybody",
            "remedy": "restart the realtime container: docker compose restart appwrite-realtime",
            "findings": (finding(),),
            "failing_since": FAILING_SINCE,
            "opened_at": OPENED_AT,
            **changes,
        }
    )


def event(
    transition: Transition = Transition.OPENED,
    *,
    event_id: str = "",
    at: datetime | None = None,
    purpose: Purpose = Purpose.INCIDENT,
    **changes: Any,
) -> Event:
    """
    Return an event of an incident, resolved if *transition* says so; *changes* are fields of the incident.
    """
    over = transition is Transition.RESOLVED
    if over:
        changes = {"resolved_at": RESOLVED_AT, **changes}
    return Event(
        id=event_id or f"event-{transition}",
        transition=transition,
        at=at or (RESOLVED_AT if over else OPENED_AT),
        incident=incident(**changes),
        purpose=purpose,
    )
