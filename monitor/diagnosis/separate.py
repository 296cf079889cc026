"""
Which check to run at once, so that two causes are told apart before anybody is woken.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from monitor.core.check import Check, Watch
from monitor.core.topic import Topic
from monitor.diagnosis.diagnose import Doubts
from monitor.diagnosis.reading import read
from monitor.diagnosis.rules import RULES
from monitor.diagnosis.sighting import Sighting

# Each is a load on a platform that may be in trouble already.
_MOST_ASKED = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Askable:
    """
    A configured check that could be run: what it looks at, which collection that is about, and how long it may take.
    """

    check: str
    topics: frozenset[Topic]
    collection: str = ""
    timeout_seconds: float = 10.0


def askable_of(checks: Iterable[Check]) -> tuple[Askable, ...]:
    """
    Return those of *checks* that can be run at any time and look at something that causes differ in.
    """
    return tuple(
        Askable(
            check=check.name,
            topics=check.topics,
            collection=str(dict(check).get("collection") or ""),
            timeout_seconds=check.timeout_seconds,
        )
        for check in checks
        if check.topics and not isinstance(check, Watch)
    )


def worth_asking(trouble: Sighting, scene: Sequence[Sighting], askable: Iterable[Askable]) -> tuple[str, ...]:
    """
    Return the names of the checks whose newest sighting is older than *trouble*, and that would tell its causes apart.

    One for each topic that a possible cause asks for, the lowest layer first: of the same collection if there is one,
    else the one that takes the least time.
    """
    doubts, reading = Doubts(scene), read(trouble)
    possible = sorted({*reading.proofs, *reading.hints})
    topics = dict.fromkeys(
        topic for number in possible if not doubts.rule_out(number, trouble) for topic in RULES[number].asks
    )
    known = {each.check for each in scene if each.tells_of(trouble)}
    others = [each for each in askable if each.check != trouble.check]
    collection = str(trouble.evidence.get("collection") or "")
    chosen: dict[str, None] = {}
    for topic in topics:
        # One of another collection can tell nothing of this one.
        able = [each for each in others if topic in each.topics and collection in {"", each.collection or collection}]
        # Whoever has just looked has told already.
        if able and not any(each.check in known for each in able):
            best = min(able, key=lambda each: (each.collection != collection, each.timeout_seconds, each.check))
            chosen[best.check] = None
    return tuple(chosen)[:_MOST_ASKED]
