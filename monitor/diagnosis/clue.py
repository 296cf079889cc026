"""
What one outcome has to look like to speak for or against a cause: a row of the decision tables.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from monitor.core.outcome import Reason, Status
from monitor.core.topic import Topic
from monitor.diagnosis.sighting import Sighting


class _Sign:
    """
    A value that stands for many; compared by identity.
    """

    def __init__(self, name: str) -> None:
        self._name = name

    def __repr__(self) -> str:
        return self._name


# What a fact of the evidence must be: there, and neither empty nor false; or not so.
GIVEN: Final = _Sign("GIVEN")
NOT_GIVEN: Final = _Sign("NOT_GIVEN")

# Whose pages say nothing of the platform.
_OTHERS = frozenset({"site", "elsewhere"})


@dataclass(frozen=True, slots=True)
class AtLeast:
    """
    A number that is not smaller.
    """

    value: float


_WRONG = frozenset({Status.FAILED, Status.ERRORED})


@dataclass(frozen=True, slots=True, kw_only=True)
class Clue:
    """
    A pattern of one sighting. What is not named may be anything; of what is named, each must be one of its values.

    *says* tells in words what was seen, as the evidence of a diagnosis lists it. Unless it holds *anywhere*, a page
    that is not the platform's says nothing.
    """

    says: str
    statuses: Collection[Status] = _WRONG
    reasons: Collection[Reason] = ()
    topics: Collection[Topic] = ()
    facts: Mapping[str, Any] = field(default_factory=dict)
    but_not: Mapping[str, Any] = field(default_factory=dict)
    anywhere: bool = False

    def fits(self, sighting: Sighting) -> bool:
        """
        Return whether *sighting* looks like this.
        """
        return (
            sighting.status in self.statuses
            and (not self.reasons or sighting.reason in self.reasons)
            and (not self.topics or not sighting.topics.isdisjoint(self.topics))
            and (self.anywhere or "of" in self.facts or not _holds(sighting.evidence.get("of"), _OTHERS))
            and all(_holds(sighting.evidence.get(name), value) for name, value in self.facts.items())
            and not any(_holds(sighting.evidence.get(name), value) for name, value in self.but_not.items())
        )


def seen(says: str, *reasons: Reason, **facts: Any) -> Clue:
    """
    Return the clue of a run that did not pass, for one of *reasons* if any are named, with these *facts*.
    """
    return Clue(says=says, reasons=reasons, facts=facts)


def seen_anywhere(says: str, *reasons: Reason, **facts: Any) -> Clue:
    """
    Return the same of any page, whoever's it is.
    """
    return Clue(says=says, reasons=reasons, facts=facts, anywhere=True)


def _holds(fact: object, wanted: object) -> bool:
    if wanted is GIVEN:
        return fact not in (None, "", False, [], ())
    if wanted is NOT_GIVEN:
        return fact in (None, "", False, [], ())
    if isinstance(wanted, AtLeast):
        return isinstance(fact, int | float) and not isinstance(fact, bool) and fact >= wanted.value
    if isinstance(wanted, range):
        return isinstance(fact, int) and not isinstance(fact, bool) and fact in wanted
    if isinstance(wanted, frozenset):
        facts = fact if isinstance(fact, list | tuple) else (fact,)
        return any(isinstance(each, str | int | float) and each in wanted for each in facts)
    # 1 is not True, but the text of an enumeration is its member.
    return fact == wanted and isinstance(fact, bool) is isinstance(wanted, bool)
