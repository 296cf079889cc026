"""
A replay as people read it: each act as it happens, and all of them at the end.
"""

import textwrap

from monitor.core.severity import Severity
from monitor.incidents.book import News
from monitor.incidents.incident import Incident
from monitor.replay.course import Course, Moment
from monitor.replay.trial import Heard, Trial
from monitor.sandbox.incidents.script import Act, AllRight, Script

_WIDTH = 110
_INDENT = " " * 5
# Of the words before what is said: "detected", "remedy".
_LABEL = 8
_WAKES_NOBODY = {
    Severity.PAGE: "nobody again: the page that is out says more now",
    Severity.TICKET: "nobody: a ticket waits for the morning",
    Severity.INFO: "nobody: it is there to be read",
}
_HEADS = ("act", "expected", "diagnosed", "after", "over after", "pages", "verdict")


def beginning_of(number: int, act: Act, *, of: int) -> str:
    """
    Return what people did, what is wrong, and what is expected.
    """
    head = f"{number}/{of}  "
    title = textwrap.fill(act.title, _WIDTH, initial_indent=head, subsequent_indent=" " * len(head))
    expected = f"{_expected(act)} within {act.expectation.within_seconds:g}s"
    return "\n".join(("", title, _labelled("faults", ", ".join(act.faults) or "none"), _labelled("expected", expected)))


def lines_of(news: News, course: Course, heard: Heard) -> list[str]:
    """
    Return what is to be said of *news*, which *course* has heard.
    """
    lines: list[str] = []
    for incident in (*news.opened, *news.changed):
        label = _label_of(Moment(after_seconds=heard.after_seconds, incident=incident), course)
        if label or incident in heard.pages:
            lines.append(_labelled(label or "opened", f"after {heard.after_seconds:.1f}s: {incident.summary}"))
            lines += _reasoning(incident, wakes=incident in heard.pages)
        elif incident in heard.named:
            lines.append(_labelled("now", f"after {heard.after_seconds:.1f}s: {incident.cause}: {incident.summary}"))
    return [*lines, *(_labelled("over", f"after {heard.after_seconds:.1f}s: {cause}") for cause in heard.over)]


def end_of(course: Course) -> list[str]:
    """
    Return what came of an act, where that has not been said.
    """
    failures = [_labelled("FAILED", failure) for failure in course.failures()]
    if failures or not isinstance(course.act.expectation, AllRight):
        return failures
    return [_labelled("all right", f"again after {_seconds(course.over_after_seconds)}")]


def ending_of(script: Script, trial: Trial, *, took_seconds: float) -> str:
    """
    Return the table of all acts, and what did not go as expected.
    """
    rows = [_HEADS, *(_row(number, course) for number, course in enumerate(trial.courses, 1))]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    table = ["  ".join(f"{cell:<{width}}" for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows]
    right = sum(not course.failures() for course in trial.courses)
    total = f"{script.name}: {right} of {len(script.acts)} acts as expected, in {took_seconds:.0f}s"
    return "\n".join(("", *table, "", *(f"FAILED  {each}" for each in trial.failures()), total))


def _row(number: int, course: Course) -> tuple[str, ...]:
    said, after = _said(course)
    over = _seconds(course.over_after_seconds) or "still open"
    verdict = "FAILED" if course.failures() else "as expected"
    return str(number), _expected(course.act), said, after, over, str(len(course.pages)), verdict


def _said(course: Course) -> tuple[str, str]:
    """
    Return what was diagnosed, and after how long.
    """
    if isinstance(course.act.expectation, AllRight):
        return "", ""
    moment = course.diagnosed or course.detected
    if moment is None:
        return "nothing", ""
    return f"{moment.incident.cause} ({moment.incident.severity})", _seconds(moment.after_seconds)


def _label_of(moment: Moment, course: Course) -> str:
    if moment == course.detected:
        return "detected"
    return "diagnosed" if moment == course.diagnosed else ""


def _expected(act: Act) -> str:
    expected = act.expectation
    return "all right" if isinstance(expected, AllRight) else f"{expected.cause} ({expected.severity})"


def _reasoning(incident: Incident, *, wakes: bool) -> list[str]:
    first, *more = incident.remedy.splitlines() or ["none is known"]
    return [
        _labelled("cause", incident.cause.value),
        _labelled("remedy", first),
        *(_labelled("", move) for move in more),
        _labelled("wakes", "one person, once" if wakes else _WAKES_NOBODY[incident.severity]),
    ]


def _seconds(seconds: float | None) -> str:
    return "" if seconds is None else f"{seconds:.1f}s"


def _labelled(label: str, text: str) -> str:
    hang = " " * (len(_INDENT) + _LABEL + 1)
    return textwrap.fill(text, _WIDTH, initial_indent=f"{_INDENT}{label:<{_LABEL}} ", subsequent_indent=hang)
