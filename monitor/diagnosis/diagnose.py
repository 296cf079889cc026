"""
The reasoning: from what was seen to causes, from the lowest layer to the highest.

1. A rule is *proved* by a sighting that fits one of its proofs, unless something seen since then rules it out.
2. Proved causes explain, the lowest layer first, every trouble that fits any of their clues and is of no other place.
3. What is left may fit hints: the rule that explains most of it, the lowest one of several, is likely, and those that
   would explain the same are its rivals.
4. Whatever fits nothing is unknown, with what is known of it.

Nothing here knows a clock or the network: the same sightings give the same diagnoses, whenever they are looked at.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from monitor.core.outcome import Status
from monitor.diagnosis.clue import Clue
from monitor.diagnosis.diagnosis import Diagnosis
from monitor.diagnosis.place import Place
from monitor.diagnosis.reading import places_of, read
from monitor.diagnosis.rules import RULES
from monitor.diagnosis.sighting import Sighting, order_of
from monitor.diagnosis.suspect import Suspect
from monitor.diagnosis.telling import tell, tell_own, tell_unknown


@dataclass(frozen=True, slots=True, kw_only=True)
class Explained:
    """
    A diagnosis, and which of the troubles it explains, by their place among those that were asked about.
    """

    diagnosis: Diagnosis
    members: tuple[int, ...]


def diagnose(
    troubles: Sequence[Sighting], scene: Sequence[Sighting] = (), place: Place | None = None
) -> tuple[Explained, ...]:
    """
    Return what explains *troubles*, the lowest layer first; each trouble is a member of exactly one.

    *scene* is the newest sighting of every check, right and wrong ones.
    """
    seen = _distinct([*troubles, *scene])
    doubts = Doubts(seen)
    # Whatever order they come in, the same is said.
    left = dict(sorted(enumerate(troubles), key=lambda each: order_of(each[1])))
    suspects = [suspect for suspect in _standing(_proved(seen, doubts)) if _explains(suspect, left)]
    while (likely := _likely(left, doubts)) is not None:
        known = next((each for each in suspects if each.rule.cause is likely.rule.cause), None)
        if known is None:
            suspects.append(likely)
        else:
            known.members |= likely.members
        for number in likely.members:
            del left[number]
    suspects.sort(key=lambda suspect: RULES.index(suspect.rule))
    told = (
        Explained(diagnosis=tell(suspect, seen, place or Place()), members=tuple(sorted(suspect.members)))
        for suspect in suspects
    )
    return (*told, *_unknown(left))


def explain(sightings: Sequence[Sighting], place: Place | None = None) -> tuple[Diagnosis, ...]:
    """
    Return what explains all that is wrong in *sightings*, one of each check, the lowest layer first.
    """
    wrong = [each for each in sightings if each.is_wrong]
    return tuple(each.diagnosis for each in diagnose(wrong, sightings, place))


class Doubts:
    """
    What was seen that speaks against rules.
    """

    def __init__(self, seen: Iterable[Sighting]) -> None:
        self._against: dict[int, list[Sighting]] = {}
        for each in seen:
            for number in read(each).against:
                self._against.setdefault(number, []).append(each)

    def rule_out(self, number: int, sighting: Sighting) -> bool:
        """
        Return whether something seen since *sighting*'s trouble began rules out that the rule of this *number* is why.
        """
        here = places_of(RULES[number], sighting)
        for each in self._against.get(number, ()):
            there = places_of(RULES[number], each)
            if each.tells_of(sighting) and (not here or not there or here & there):
                return True
        return False


def _distinct(sightings: Iterable[Sighting]) -> tuple[Sighting, ...]:
    found = {(each.check, each.run_id, each.status): each for each in sightings}
    return tuple(sorted(found.values(), key=order_of))


def _proved(seen: Sequence[Sighting], doubts: Doubts) -> list[Suspect]:
    """
    Return the causes that are proved by what was seen, the lowest layer first.
    """
    proofs: dict[int, list[Sighting]] = {}
    for sighting in seen:
        for number in read(sighting).proofs:
            if not doubts.rule_out(number, sighting):
                proofs.setdefault(number, []).append(sighting)
    suspects: dict[str, Suspect] = {}
    for number in sorted(proofs):
        suspect = suspects.setdefault(RULES[number].cause.value, Suspect())
        suspect.rules.append(RULES[number])
        suspect.proofs += [(read(each).proofs[number], each) for each in proofs[number]]
    return list(suspects.values())


def _standing(suspects: Sequence[Suspect]) -> list[Suspect]:
    """
    Return those of *suspects* that are proved by something which none of a lower layer explains.
    """
    standing: list[Suspect] = []
    for suspect in suspects:
        suspect.proofs = [
            (clue, each) for clue, each in suspect.proofs if not any(_clue_of(lower, each) for lower in standing)
        ]
        if suspect.proofs:
            suspect.places = {
                RULES.index(rule): frozenset().union(*(places_of(rule, each) for _, each in suspect.proofs))
                for rule in suspect.rules
            }
            standing.append(suspect)
    return standing


def _explains(suspect: Suspect, left: dict[int, Sighting]) -> bool:
    """
    Move what *suspect* explains out of *left*; return whether that is anything.
    """
    for key, sighting in tuple(left.items()):
        if (clue := _clue_of(suspect, sighting)) is not None:
            suspect.members[key] = (clue, left.pop(key))
    return bool(suspect.members)


def _clue_of(suspect: Suspect, sighting: Sighting) -> Clue | None:
    """
    Return the clue by which *suspect*, which is proved, explains *sighting*; None when it does not.
    """
    for number, known in suspect.places.items():
        clue, here = read(sighting).explained_by(number), places_of(RULES[number], sighting)
        if clue is not None and (not here or not known or here & known):
            return clue
    return None


def _likely(left: dict[int, Sighting], doubts: Doubts) -> Suspect | None:
    """
    Return the cause that the hints speak for most, with those that would explain the same; None when there is none.
    """
    fits: dict[int, dict[int, Sighting]] = {}
    for key, sighting in left.items():
        for number in read(sighting).hints:
            if not doubts.rule_out(number, sighting):
                fits.setdefault(number, {})[key] = sighting
    if not fits:
        return None
    # The lowest layer of those that explain the most.
    best = min(fits, key=lambda number: (-len(fits[number]), number))
    rule, members = RULES[best], fits[best]
    rivals = [RULES[number].cause for number in sorted(fits) if members.keys() <= fits[number].keys()]
    # What would follow, and points at nothing lower.
    following = {
        key: each
        for key, each in left.items()
        if key not in members and best in read(each).follows and all(number > best for number in read(each).hints)
    }
    return Suspect(
        rules=[rule],
        members={key: (read(each).hints[best], each) for key, each in members.items()}
        | {key: (read(each).follows[best], each) for key, each in following.items()},
        rivals=tuple(dict.fromkeys(cause for cause in rivals if cause is not rule.cause)),
    )


def _unknown(left: dict[int, Sighting]) -> list[Explained]:
    """
    Return what nobody can explain: the monitor's own trouble as one, the platform's by its reason, and every page that
    is not the platform's by itself.
    """
    groups: dict[str, dict[int, Sighting]] = {}
    for key, each in left.items():
        alone = f" {each.check}" if each.evidence.get("of") == "elsewhere" else ""
        groups.setdefault("" if each.status is Status.ERRORED else f"{each.reason}{alone}", {})[key] = each
    return [
        Explained(diagnosis=(tell_unknown if reason else tell_own)(tuple(group.values())), members=tuple(group))
        for reason, group in groups.items()
    ]
