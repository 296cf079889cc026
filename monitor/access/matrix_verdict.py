"""
What a permission matrix says, in one sentence for whoever is woken and whole lists for whoever repairs it.

A cell too many beats one too few: nobody complains of it. Silence at all who listen is no matter of permissions.
"""

from collections.abc import Sequence

from monitor.access.matrix import Cell, Matrix, Way
from monitor.access.remedy import Remedy
from monitor.core.errors import CheckFailed, fit
from monitor.core.manifest import Action
from monitor.core.outcome import EvidenceValue, Reason

# Whole lists are for reading, not for filling a store.
_MOST_FINDINGS = 200
_MAX_CHARACTERS = 200
_DOES = {Action.CREATE: "create in", Action.READ: "read", Action.UPDATE: "update in", Action.DELETE: "delete from"}


def excess_of(matrix: Matrix, remedies: Sequence[Remedy]) -> CheckFailed | None:
    """
    Return what to say when somebody may do what he must not.
    """
    excess = matrix.excess()
    if not excess:
        return None
    worst, remedy = excess[0], _remedy_of(excess[0], remedies)
    head = f"{_subject(worst)}, must not ({_count(excess, matrix)} in excess)"
    published = f"; {remedy.exposes[0]}" if remedy and remedy.exposes else ""
    message = _as_much_as_fits(head, published, *_next_moves(remedy))
    return CheckFailed(Reason.PERMISSION_EXCESS, message, **_evidence(matrix, worst, remedies))


def missing_of(matrix: Matrix, remedies: Sequence[Remedy], *, within: str) -> CheckFailed | None:
    """
    Return what to say when somebody may not do what he must; *within* is how long events were waited for.
    """
    missing, silent = matrix.missing(), matrix.silent_collections()
    if not missing:
        return None
    refused = [cell for cell in missing if cell.way is Way.REST or cell.collection not in silent]
    if not refused:
        worst = missing[0]
        head = f"no event of {worst.collection!r} at anybody within {within}, though {worst.identity!r} can read it"
        message = _as_much_as_fits(head, ": restart realtime, then check its Redis pub/sub")
        return CheckFailed(Reason.NO_EVENT, message, **_evidence(matrix, worst, ()))
    worst, remedy = refused[0], _remedy_of(refused[0], remedies)
    head = f"{_subject(worst, is_missing=True)}, must ({_count(missing, matrix)} missing)"
    published = f"; {remedy.exposes[0]}" if remedy and remedy.exposes else ""
    message = _as_much_as_fits(head, *_next_moves(remedy), published)
    return CheckFailed(Reason.PERMISSION_MISSING, message, **_evidence(matrix, worst, remedies))


def _subject(cell: Cell, *, is_missing: bool = False) -> str:
    if cell.way is Way.REALTIME:
        return f"{cell.identity!r} receives {'no' if is_missing else 'the'} events of {cell.collection!r}"
    return f"{cell.identity!r} may {'not ' if is_missing else ''}{_DOES[cell.action]} {cell.collection!r}"


def _count(cells: Sequence[Cell], matrix: Matrix) -> str:
    return f"{len(cells)} of {sum(matrix.counts().values())} cells"


def _remedy_of(cell: Cell, remedies: Sequence[Remedy]) -> Remedy | None:
    return next((each for each in remedies if (each.collection, each.action) == (cell.collection, cell.action)), None)


def _next_moves(remedy: Remedy | None) -> Sequence[str]:
    if remedy is None:
        return (": see the permissions of the collection in the console under Settings",)
    first, *others = remedy.change
    path = f" under Databases > {remedy.collection} > Settings > Permissions"
    return f": {first}", *(f", {line}" for line in others), path


def _as_much_as_fits(head: str, *more: str) -> str:
    message = head
    for part in more:
        if len(message) + len(part) <= _MAX_CHARACTERS:
            message += part
        elif part.startswith(": "):
            message += ": see what to change in the evidence"
    return fit(message)


def _evidence(matrix: Matrix, worst: Cell, remedies: Sequence[Remedy]) -> dict[str, EvidenceValue]:
    change = [f"{each.collection}: {line}" for each in remedies for line in each.change]
    exposes = [sentence for each in remedies for sentence in each.exposes]
    return {
        "identity": worst.identity,
        "collection": worst.collection,
        "action": worst.action.value,
        "way": worst.way.value,
        "cells": sum(matrix.counts().values()),
        "excess": tuple(str(cell) for cell in matrix.excess()[:_MOST_FINDINGS]),
        "missing": tuple(str(cell) for cell in matrix.missing()[:_MOST_FINDINGS]),
        "change": tuple(change[:_MOST_FINDINGS]),
        "exposes": tuple(exposes[:_MOST_FINDINGS]),
    }
