"""
What is said of a trouble: its cause, the evidence, and what to do.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Self

from monitor.core.cause import Cause
from monitor.core.severity import Severity


class Confidence(StrEnum):
    """
    How far a diagnosis can be trusted: what was seen has this cause only; it may have others too; nobody knows.
    """

    CERTAIN = "certain"
    LIKELY = "likely"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Diagnosis:
    """
    One cause. *summary* is what is wrong in one line, *checks* who saw it, the one that tells most first.

    *evidence_for* and *evidence_against* are sentences, *remedy* the next moves in their order, *rivals* the causes
    that explain it as well, *opinion* what would change it. *most* bounds how urgent it is. *scope* are the
    collections, functions and the like that it is about; *since* is when the first trouble began.
    """

    cause: Cause
    confidence: Confidence
    summary: str
    checks: tuple[str, ...] = ()
    evidence_for: tuple[str, ...] = ()
    evidence_against: tuple[str, ...] = ()
    remedy: tuple[str, ...] = ()
    rivals: tuple[Cause, ...] = ()
    opinion: tuple[str, ...] = ()
    scope: tuple[str, ...] = ()
    runbook: str = ""
    most: Severity = Severity.PAGE
    since: datetime | None = None

    def as_json(self) -> dict[str, Any]:
        """
        Return it as plain JSON values.
        """
        return {
            "cause": self.cause.value,
            "confidence": self.confidence.value,
            "summary": self.summary,
            "checks": list(self.checks),
            "evidence_for": list(self.evidence_for),
            "evidence_against": list(self.evidence_against),
            "remedy": list(self.remedy),
            "rivals": [each.value for each in self.rivals],
            "opinion": list(self.opinion),
            "scope": list(self.scope),
            "runbook": self.runbook,
            "most": self.most.value,
            "since": self.since.isoformat(timespec="milliseconds") if self.since else None,
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self:
        """
        Return what ``as_json`` made *data* of; raise ``ValueError``, ``KeyError`` or ``TypeError`` for anything else.
        """
        return cls(
            cause=Cause(data["cause"]),
            confidence=Confidence(data["confidence"]),
            summary=str(data["summary"]),
            checks=_texts(data["checks"]),
            evidence_for=_texts(data["evidence_for"]),
            evidence_against=_texts(data["evidence_against"]),
            remedy=_texts(data["remedy"]),
            rivals=tuple(Cause(each) for each in data["rivals"]),
            opinion=_texts(data["opinion"]),
            scope=_texts(data["scope"]),
            runbook=str(data["runbook"]),
            most=Severity(data["most"]),
            since=datetime.fromisoformat(data["since"]) if data["since"] else None,
        )


def _texts(values: Sequence[object]) -> tuple[str, ...]:
    return tuple(str(each) for each in values)
