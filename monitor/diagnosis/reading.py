"""
What every rule makes of one sighting; worked out once, since a thousand checks are looked at again every second.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache

from monitor.diagnosis.clue import Clue
from monitor.diagnosis.rule import Rule
from monitor.diagnosis.rules import RULES
from monitor.diagnosis.sighting import Sighting

# More than there are checks in one daemon, twice.
_MOST_READ = 8192


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """
    By the number of a rule in ``RULES``: the clue by which the sighting proves it, hints at it, or follows from it, and
    which rules it speaks against.
    """

    proofs: Mapping[int, Clue]
    hints: Mapping[int, Clue]
    follows: Mapping[int, Clue]
    against: frozenset[int]

    def explained_by(self, number: int) -> Clue | None:
        """
        Return the clue by which the rule of this *number* explains the sighting, if it does.
        """
        return self.proofs.get(number) or self.hints.get(number) or self.follows.get(number)


@lru_cache(maxsize=_MOST_READ)
def read(sighting: Sighting) -> Reading:
    """
    Return what the rules make of *sighting*.
    """
    numbered = tuple(enumerate(RULES))
    return Reading(
        proofs=_fits({number: rule.proofs for number, rule in numbered}, sighting),
        hints=_fits({number: rule.hints for number, rule in numbered}, sighting),
        follows=_fits({number: rule.follows for number, rule in numbered}, sighting),
        against=frozenset(_fits({number: rule.unless for number, rule in numbered}, sighting)),
    )


def places_of(rule: Rule, sighting: Sighting) -> frozenset[str]:
    """
    Return the collections, or whatever the rule is scoped by, that *sighting* speaks of; none when it does not say.
    """
    fact = sighting.evidence.get(rule.scope) if rule.scope else None
    return frozenset({str(fact)}) if fact else frozenset()


def _fits(rules: Mapping[int, Iterable[Clue]], sighting: Sighting) -> dict[int, Clue]:
    found = {number: _first(clues, sighting) for number, clues in rules.items()}
    return {number: clue for number, clue in found.items() if clue is not None}


def _first(clues: Iterable[Clue], sighting: Sighting) -> Clue | None:
    return next((clue for clue in clues if clue.fits(sighting)), None)
