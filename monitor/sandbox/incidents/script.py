"""
What a script of an incident is: acts in their order, each with the faults that are on and what is expected.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

from monitor.core.cause import Cause
from monitor.core.severity import Severity


@dataclass(frozen=True, slots=True, kw_only=True)
class Diagnosed:
    """
    That an incident of this cause and severity is open, at most so long after the act began.
    """

    cause: Cause
    severity: Severity = Severity.PAGE
    within_seconds: float


@dataclass(frozen=True, slots=True, kw_only=True)
class AllRight:
    """
    That no incident is open any more, at most so long after the act began.
    """

    within_seconds: float


Expectation: TypeAlias = Diagnosed | AllRight


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """
    What people did, in *title*, and what is wrong from then on.

    *faults* are parameters by the name of a fault, perhaps with a label; they take the place of those before. *allowed*
    are causes that may be named, and page, in place of the expected one until more has been seen.
    """

    title: str
    faults: Mapping[str, Mapping[str, object]] = field(default_factory=dict)
    expectation: Expectation
    allowed: frozenset[Cause] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Script:
    """
    An incident from its beginning to its end; each act has a cause of its own, or nobody could tell it from the others.
    """

    name: str
    summary: str
    acts: tuple[Act, ...]

    @property
    def limit_seconds(self) -> float:
        """
        How long it takes at most: every act until its limit.
        """
        return sum(act.expectation.within_seconds for act in self.acts)
