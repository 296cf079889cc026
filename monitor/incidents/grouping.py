"""
The seam between findings and incidents: which findings have one cause, what it is, and what to do.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from monitor.core.severity import Severity
from monitor.diagnosis.diagnose import diagnose
from monitor.diagnosis.diagnosis import Diagnosis
from monitor.diagnosis.place import Place
from monitor.diagnosis.sighting import Sighting
from monitor.incidents.incident import Fault, Finding


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """
    Findings with one cause, and what is said of it.
    """

    findings: tuple[Finding, ...]
    diagnosis: Diagnosis

    @property
    def severity(self) -> Severity:
        """
        How urgent it is: as the gravest of the findings, but no more than the cause can be.
        """
        # What keeps the monitor from judging is no outage.
        severities = (Severity.TICKET if each.fault is Fault.OWN else each.severity for each in self.findings)
        return min(max(severities, key=_rank), self.diagnosis.most, key=_rank)

    @property
    def summary(self) -> str:
        """
        What is wrong, in one line.
        """
        flapping = " (flapping)" if any(each.is_flapping for each in self.findings) else ""
        return f"{self.diagnosis.summary}{flapping}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Trouble:
    """
    A finding, and its last run as the rules read it.
    """

    finding: Finding
    sighting: Sighting


# From all that is open, oldest first, and the newest of every check, to what has one cause; every finding is in exactly
# one group.
Grouping: TypeAlias = Callable[[Sequence[Trouble], Sequence[Sighting], Place], Sequence[Group]]


def by_cause(troubles: Sequence[Trouble], scene: Sequence[Sighting], place: Place) -> Sequence[Group]:
    """
    Return what has one cause, the lowest layer first.
    """
    explained = diagnose([each.sighting for each in troubles], scene, place)
    return [
        Group(findings=tuple(troubles[number].finding for number in each.members), diagnosis=each.diagnosis)
        for each in explained
    ]


def _rank(severity: Severity) -> int:
    return severity.rank
