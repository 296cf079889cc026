"""
What is said of a cause: sentences of evidence, the remedy with this target's names filled in, and what would change it.
"""

import shlex
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from monitor.core.cause import Cause
from monitor.core.severity import Severity
from monitor.diagnosis.diagnosis import Confidence, Diagnosis
from monitor.diagnosis.place import Place
from monitor.diagnosis.rule import fill, placeholders_of
from monitor.diagnosis.sighting import Sighting, first_at, order_of
from monitor.diagnosis.suspect import Suspect

_MOST_EVIDENCE = 12
_MOST_NAMED = 3
_MOST_SUMMARY_CHARACTERS = 400
# What remedies name, of the evidence.
_FACTS = ("collection", "function", "near_miss", "queue", "step", "identity", "host")
_SCOPES = frozenset({"collection", "function"})
_LISTS = {"scopes": "scopes", "change": "change", "flaw": "flaws", "breaking": "breaking"}
# What stands for a name that nobody knows, in a sentence.
_UNNAMED = "that the evidence names"
_OWN_REMEDIES: Mapping[str, str] = {
    "loop": "the event loop stood still: the log names the check (`run.stalled`); give the machine a processor",
    "bug": "the log has the traceback (`check.crashed`): report it, and take the check out meanwhile",
    "machine": "raise what the machine has run out of: `ulimit -n`, local ports, memory",
    "budget": "run fewer checks that write, or less often: Appwrite limits what one address may send",
    "configuration": "`monitor config validate` tells what the configuration lacks",
}
_LOOK_AT_LOG = "see the log of the monitor, and run it by hand"


def tell(suspect: Suspect, seen: Sequence[Sighting], place: Place) -> Diagnosis:
    """
    Return *suspect* in words.
    """
    rule = suspect.rule
    witnesses = _witnesses(suspect)
    scope = tuple(dict.fromkeys(_scope(suspect)))
    values = _values([*witnesses, *suspect.explained], place, scope)
    # One sighting of each that is the reason why it is believed, then all that follows from it.
    return Diagnosis(
        cause=rule.cause,
        confidence=Confidence.CERTAIN if suspect.proofs else Confidence.LIKELY,
        summary=_cut(f"{_doubt(suspect)}{fill(rule.means, values, unnamed=_UNNAMED)}: {_lead(witnesses[0])}"),
        checks=tuple(dict.fromkeys(each.check for each in [*witnesses, *suspect.explained])),
        evidence_for=tuple(_evidence_for(suspect)),
        evidence_against=tuple(_evidence_against(suspect, seen)),
        remedy=tuple(_moves(rule.remedy, values, scope)),
        rivals=suspect.rivals,
        opinion=tuple(_opinion(suspect)),
        scope=scope,
        runbook=rule.runbook,
        most=rule.most,
        since=first_at(suspect.explained),
    )


def tell_own(own: Sequence[Sighting]) -> Diagnosis:
    """
    Return what is said when the monitor itself cannot judge, for reasons that have nothing to do with the platform.
    """
    own = sorted(own, key=order_of)
    kinds = tuple(dict.fromkeys(str(each.evidence.get("own") or "") for each in own))
    remedies = dict.fromkeys(_OWN_REMEDIES.get(kind, _LOOK_AT_LOG) for kind in kinds)
    return Diagnosis(
        cause=Cause.UNKNOWN,
        confidence=Confidence.UNKNOWN,
        summary=_cut(f"the monitor cannot judge {_names(own)}: {own[0].message}"),
        checks=_checks(own),
        evidence_for=tuple(_said(each, "could not judge") for each in own[:_MOST_EVIDENCE]),
        remedy=(*remedies, f"`monitor once {own[0].check}`"),
        opinion=("nothing here says anything of the platform",),
        runbook="dashboards/runbooks/unknown.md",
        most=Severity.TICKET,
        since=first_at(own),
    )


def tell_unknown(troubles: Sequence[Sighting]) -> Diagnosis:
    """
    Return what is said when nobody knows the cause: what is known.
    """
    troubles = sorted(troubles, key=order_of)
    first = troubles[0]
    where = f" in {first.step}" if first.step else ""
    return Diagnosis(
        cause=Cause.UNKNOWN,
        confidence=Confidence.UNKNOWN,
        summary=_cut(f"{_names(troubles)}: {first.reason}{where}: {first.message}"),
        checks=_checks(troubles),
        evidence_for=tuple(_said(each, f"{each.reason}") for each in troubles[:_MOST_EVIDENCE]),
        remedy=(f"run it by hand: `monitor once {first.check}`", "for others: `monitor once --bundle evidence.html`"),
        opinion=("no rule fits what was seen; a check of a lower layer that fails would",),
        runbook="dashboards/runbooks/unknown.md",
        since=first_at(troubles),
    )


def _witnesses(suspect: Suspect) -> list[Sighting]:
    proofs = [sighting for _, sighting in suspect.proofs]
    # What was believed comes before what has only been seen once.
    explained = {each.check for each in suspect.explained}
    # One that passed may hold the proof, and has nothing to say.
    return sorted(proofs, key=lambda each: (not each.message, each.check not in explained)) or suspect.explained


def _scope(suspect: Suspect) -> Iterable[str]:
    name = suspect.rule.scope
    for sighting in [*_witnesses(suspect), *suspect.explained]:
        if name and (fact := sighting.evidence.get(name)):
            yield str(fact)


def _values(witnesses: Sequence[Sighting], place: Place, scope: Sequence[str]) -> dict[str, Any]:
    values: dict[str, Any] = dict(place.values())
    for each in reversed(witnesses):
        values |= {name: str(fact) for name in _FACTS if (fact := each.evidence.get(name))}
        for name, fact in _LISTS.items():
            listed = each.evidence.get(fact)
            if isinstance(listed, list | tuple) and listed:
                values[name] = "; ".join(str(line) for line in listed[:_MOST_NAMED])
        values |= {"check": each.check, "since": f"{each.since:%Y-%m-%d %H:%M} UTC"}
        if each.step:
            values.setdefault("step", each.step)
    if len(scope) > 1:
        more = f" and {len(scope) - _MOST_NAMED} more" if len(scope) > _MOST_NAMED else ""
        values["collection" if "collection" in values else "function"] = ", ".join(scope[:_MOST_NAMED]) + more
    return values


def _moves(templates: Iterable[str], values: Mapping[str, Any], scope: Sequence[str]) -> Iterable[str]:
    """
    Yield what to do: a command of several collections or functions once for each, and nothing that names what nobody
    knows.
    """
    for template in templates:
        is_command, names = "`" in template, placeholders_of(template)
        several = names & _SCOPES if is_command and len(scope) > 1 else set()
        for each in scope[:_MOST_NAMED] if several else ("",):
            known = {**values, **dict.fromkeys(several, each)}
            if is_command:
                # It is copied into a shell.
                known = {name: shlex.quote(str(value)) for name, value in known.items()}
            if names <= known.keys():
                yield fill(template, known)


def _doubt(suspect: Suspect) -> str:
    return "" if suspect.proofs else "probably: "


def _lead(sighting: Sighting) -> str:
    where = f" in {sighting.step}" if sighting.step else ""
    return f"{sighting.check}{where}: {sighting.message}" if sighting.message else f"as {sighting.check} sees it"


def _evidence_for(suspect: Suspect) -> Iterable[str]:
    told: dict[str, dict[str, Sighting]] = {}
    members = sorted(suspect.members.values(), key=lambda each: order_of(each[1]))
    for clue, sighting in [*suspect.proofs, *members]:
        told.setdefault(clue.says, {}).setdefault(sighting.check, sighting)
    for says, sightings in list(told.items())[:_MOST_EVIDENCE]:
        first = next(iter(sightings.values()))
        said = f" ({first.message})" if first.message else ""
        yield f"{says}: {_names(tuple(sightings.values()))}{said}"


def _evidence_against(suspect: Suspect, seen: Sequence[Sighting]) -> Iterable[str]:
    """
    Yield what went well since it began, of the parts that the cause is about.
    """
    if suspect.rule.scope:
        # That another collection is well says nothing of this one.
        return
    kinds = {each.kind for each in _witnesses(suspect)}
    right = [
        each
        for each in seen
        if each.is_right
        and each.tells_of(suspect.explained[0])
        and (each.kind in kinds or not each.topics.isdisjoint(suspect.rule.asks))
    ]
    for each in right[:_MOST_EVIDENCE]:
        yield f"{each.check} ({each.kind}) passed at {each.ended_at:%H:%M:%S} UTC"


def _opinion(suspect: Suspect) -> Iterable[str]:
    if suspect.rule.opinion:
        yield suspect.rule.opinion
    if suspect.rivals:
        names = " or ".join(suspect.rivals)
        yield f"it may as well be {names}: no check that was run can tell"


def _said(sighting: Sighting, says: str) -> str:
    return f"{sighting.check}: {says}: {sighting.message}"


def _names(sightings: Sequence[Sighting]) -> str:
    names = list(dict.fromkeys(each.check for each in sightings))
    more = f" and {len(names) - _MOST_NAMED} more" if len(names) > _MOST_NAMED else ""
    return f"{', '.join(names[:_MOST_NAMED])}{more}"


def _checks(sightings: Sequence[Sighting]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(each.check for each in sightings))


def _cut(line: str) -> str:
    return line if len(line) <= _MOST_SUMMARY_CHARACTERS else f"{line[: _MOST_SUMMARY_CHARACTERS - 1]}…"
