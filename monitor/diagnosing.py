"""
Diagnosis of outcomes at hand: of `monitor once`, of a saved file, of a stretch of history.
"""

from collections.abc import Iterable, Sequence

from monitor.core.check import Check
from monitor.core.outcome import Outcome, Status
from monitor.core.redaction import Redactor, redacted
from monitor.diagnosis.separate import askable_of, worth_asking
from monitor.diagnosis.sighting import Sighting

# Beside what a person asked for, nothing that takes long.
_MOST_RUN = 4


def sightings_of(outcomes: Iterable[Outcome], redact: Redactor) -> tuple[Sighting, ...]:
    """
    Return *outcomes* as the rules read them, without secrets.
    """
    return tuple(Sighting.of(redacted(each, redact)) for each in outcomes if each.status is not Status.MISSED)


def worth_running(outcomes: Sequence[Outcome], configured: Iterable[Check]) -> tuple[Check, ...]:
    """
    Return those of the *configured* checks that were not run and would tell apart why some of *outcomes* failed.
    """
    sightings = sightings_of(outcomes, Redactor())
    ran = {each.check for each in sightings}
    others = {check.name: check for check in configured if check.name not in ran}
    askable = askable_of([check for check in configured if check.topics])
    failed = [each for each in sightings if each.status is Status.FAILED]
    names = dict.fromkeys(name for each in failed for name in worth_asking(each, sightings, askable))
    return tuple(others[name] for name in names if name in others)[:_MOST_RUN]
