"""
What one check saw last, as the rules read it: from an outcome that is new, or from one that was kept as JSON.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Self

from monitor.core.outcome import Reason, Status


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Sighting:
    """
    The newest outcome of one check. *since* is when the streak began that it belongs to: for one that is not right, the
    start of its first run.
    """

    check: str
    kind: str
    status: Status
    reason: Reason | None
    message: str
    step: str
    run_id: str
    started_at: datetime
    ended_at: datetime
    since: datetime
    evidence: Mapping[str, Any] = field(default_factory=dict)
    topics: frozenset[str] = frozenset()

    @classmethod
    def of(cls, document: Mapping[str, Any], *, since: datetime | None = None) -> Self:
        """
        Return what ``Outcome.as_json`` made *document* of; raise ``ValueError``, ``KeyError`` or ``TypeError`` for
        anything else. What the history leaves out, since it is empty, may be missing.
        """
        started_at = datetime.fromisoformat(document["started_at"])
        if started_at.tzinfo is None:
            raise ValueError(f"started_at has no time zone: {document['started_at']}")
        steps: Sequence[Mapping[str, Any]] = document.get("steps") or ()
        reason = document.get("reason")
        return cls(
            check=str(document["check"]),
            kind=str(document["kind"]),
            status=Status(document["status"]),
            reason=Reason(reason) if reason else None,
            message=str(document.get("message") or ""),
            step="" if not steps or steps[-1]["passed"] else str(steps[-1]["name"]),
            run_id=str(document.get("run_id", "")),
            started_at=started_at,
            ended_at=started_at + timedelta(seconds=float(document.get("duration_seconds") or 0.0)),
            since=since or started_at,
            evidence=dict(document.get("evidence") or {}),
            topics=frozenset(document.get("topics") or ()),
        )

    @property
    def is_right(self) -> bool:
        """
        Whether the target did what was asked, in time.
        """
        return self.status is Status.PASSED

    @property
    def is_wrong(self) -> bool:
        """
        Whether it says that something is wrong: with the target, or with the monitor.
        """
        return self.status in {Status.FAILED, Status.ERRORED, Status.DEGRADED}

    def tells_of(self, other: "Sighting") -> bool:
        """
        Return whether it was made after *other*'s trouble had begun, and so says something about it.
        """
        return self.ended_at >= other.since


def order_of(sighting: Sighting) -> tuple[datetime, str, str]:
    """
    Return what sightings are told in the order of, however they came: the oldest trouble first.
    """
    return sighting.since, sighting.check, sighting.run_id


def first_at(sightings: Sequence[Sighting]) -> datetime | None:
    """
    Return when the first of their troubles began.
    """
    return min((each.since for each in sightings), default=None)
