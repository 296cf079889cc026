"""
Outcomes for tests of what comes after a run.
"""

from datetime import UTC, datetime
from typing import Any

from monitor.core.outcome import Outcome, Reason, Status, Step


def outcome_of(status: Status = Status.PASSED, reason: Reason | None = None, **settings: Any) -> Outcome:
    return Outcome(
        **{
            "check": "chat-delivery",
            "kind": "realtime_delivery",
            "target": "production",
            "location": "fra1",
            "run_id": "0123456789abcdef",
            "tick": 7,
            "started_at": datetime(2026, 1, 23, 9, 33, tzinfo=UTC),
            "duration_seconds": 0.25,
            "status": status,
            "reason": reason,
            "steps": (Step(name="write", started_seconds=0.0, duration_seconds=0.2, passed=status is Status.PASSED),),
            **settings,
        }
    )
