"""
What is known of one check: its last runs in short, the last one whole, and the last verdict.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from monitor.core.check import Check
from monitor.core.outcome import EvidenceValue, Outcome
from monitor.web.bars import Bars
from monitor.web.model import CheckView
from monitor.web.views import Redact, run_view

# Of the evidence of the last run; the history has all of it.
_MOST_EVIDENCE_CHARACTERS = 4_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """
    What others know of a check: whether it is believed to be wrong, in which incident, and until when it is silent.
    """

    is_failing: bool = False
    incident: str | None = None
    silenced_until: datetime | None = None


@dataclass(slots=True, kw_only=True)
class Record:
    """
    One check. *since* is when the status of its last *verdict* began.
    """

    check: Check
    bars: Bars = field(default_factory=Bars)
    last: Outcome | None = None
    verdict: Outcome | None = None
    since: datetime | None = None

    def add(self, outcome: Outcome) -> None:
        """
        Let *outcome* be the last run.
        """
        self.bars.add(outcome)
        # Pictures are for the evidence bundle.
        self.last = light = replace(outcome, attachments=(), evidence=_bounded(outcome.evidence))
        if not outcome.status.is_verdict:
            return
        if self.verdict is None or self.verdict.status is not outcome.status:
            self.since = outcome.started_at
        self.verdict = light

    def copy(self) -> "Record":
        """
        Return it as it is now, for another thread.
        """
        return replace(self, bars=self.bars.copy())

    def view(self, standing: Standing, redact: Redact, *, with_bars: bool = True) -> CheckView:
        """
        Return it as it is shown; without its bars, where they are known.
        """
        check, verdict = self.check, self.verdict
        return CheckView.model_construct(
            name=check.name,
            kind=check.kind(),
            severity=check.severity,
            every_seconds=check.every_seconds,
            status=verdict.status if verdict else None,
            reason=verdict.reason if verdict else None,
            message=redact(verdict.message) if verdict else "",
            since=self.since,
            is_failing=standing.is_failing,
            incident=standing.incident,
            silenced_until=standing.silenced_until,
            bars=self.bars.views() if with_bars else (),
            last_run=run_view(self.last, redact) if self.last else None,
        )


def _bounded(evidence: Mapping[str, EvidenceValue]) -> Mapping[str, EvidenceValue]:
    """
    Return as much of *evidence* as a thousand checks may have, the facts that come first.
    """
    room = _MOST_EVIDENCE_CHARACTERS
    kept: dict[str, EvidenceValue] = {}
    for name, value in evidence.items():
        room -= len(name) + _size(value)
        if room < 0:
            return {**kept, "left_out": "too much to be shown here: see the runs of this check"}
        kept[name] = value
    return evidence


def _size(value: object) -> int:
    if isinstance(value, str):
        return len(value)
    return sum(map(_size, value)) if isinstance(value, (tuple, list)) else len(repr(value)) if value else 8
