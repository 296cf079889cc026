"""
The contract between delivery and a sink.

A sink makes one attempt to hand one event over and says what became of it. It retries nothing, orders nothing and keeps
nothing: that is delivery's business. It raises nothing either, but passes its cancellation on.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from monitor.incidents.incident import Event

# Whatever a receiver does, an attempt ends within it.
ATTEMPT_SECONDS = 10.0


class Result(StrEnum):
    """
    What became of an attempt.

    *delivered*: the receiver has it, for certain. *retry*: it may or may not have it, and will take it later: 5xx,
    429, no answer, no connection. *refused*: it will not take this event as it is, and says so (4xx): a wrong key, a
    wrong address, a payload that it does not understand.
    """

    DELIVERED = "delivered"
    RETRY = "retry"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """
    The answer of a sink to one attempt.

    *why* says in one line what was wrong and what to do, without any secret and without the address, which may hold
    one; empty when delivered. *after_seconds* is how long the receiver asks to be left alone (``Retry-After``).
    """

    result: Result
    why: str = ""
    after_seconds: float | None = None


DELIVERED = Answer(result=Result.DELIVERED)


class Standing(StrEnum):
    """
    What a receiver says of an incident when it is asked. *unknown*: it cannot be asked, or did not answer.
    """

    OPEN = "open"
    ACKNOWLEDGED = "acknowledged"
    RESOLVED = "resolved"
    ABSENT = "absent"
    UNKNOWN = "unknown"


class Sink(Protocol):
    """
    Carries events out of the daemon.
    """

    @property
    def name(self) -> str:
        """
        Its key under ``sinks``; a metric label.
        """

    @property
    def repeats_seconds(self) -> float | None:
        """
        How often an open incident has to be said again for the receiver not to forget it; None when it forgets nothing.
        """

    async def deliver(self, event: Event) -> Answer:
        """
        Attempt once to hand *event* over, within ``ATTEMPT_SECONDS``.
        """

    async def standing(self, dedup_key: str) -> Standing:
        """
        Ask the receiver what it knows of the incident with this key.
        """

    async def close(self) -> None:
        """
        Let go of connections.
        """
