"""
A cause on its way to be told.
"""

from dataclasses import dataclass, field

from monitor.core.cause import Cause
from monitor.diagnosis.clue import Clue
from monitor.diagnosis.rule import Rule
from monitor.diagnosis.sighting import Sighting, order_of


@dataclass(slots=True, kw_only=True)
class Suspect:
    """
    The *rules* of one cause that hold, what proved them, what it explains (by number of the trouble), and the causes
    that would explain the same. *places*, by number of the rule, are those that its proofs speak of.
    """

    rules: list[Rule] = field(default_factory=list)
    proofs: list[tuple[Clue, Sighting]] = field(default_factory=list)
    members: dict[int, tuple[Clue, Sighting]] = field(default_factory=dict)
    rivals: tuple[Cause, ...] = ()
    places: dict[int, frozenset[str]] = field(default_factory=dict)

    @property
    def rule(self) -> Rule:
        """
        The one that says what to do.
        """
        return self.rules[0]

    @property
    def explained(self) -> list[Sighting]:
        """
        The troubles that it explains, the oldest first.
        """
        return sorted((sighting for _, sighting in self.members.values()), key=order_of)
