"""
One run, whole: what it said, its steps as a waterfall, the phases on the wire, the evidence.
"""

from collections.abc import Sequence

from monitor.core.duration import show_duration
from monitor.core.outcome import EvidenceValue, Status
from monitor.web.model import RunStep, RunView
from monitor.web.page.markup import Html, cut, join, path_of, tag
from monitor.web.page.wording import commands

MOST_MESSAGE_CHARACTERS = 1_000
# The whole is in the JSON of `/api/v1`.
_MOST_STEPS, _MOST_FACTS, _MOST_LISTED, _MOST_FACT_CHARACTERS = 60, 60, 50, 1_000
# Or a step of a millisecond in a run of a minute could not be seen.
_THINNEST_PERCENT = 0.8


def run_body(run: RunView, *, with_message: bool = True) -> Html:
    """
    Return all that is known of *run* but its status and time, which its caller says.
    """
    repeat = tag("p", "A repeat: it confirms, or says again what was known.", class_="note") if run.is_repeat else None
    message = tag("p", commands(cut(run.message, MOST_MESSAGE_CHARACTERS)), class_="message") if run.message else None
    return join([message if with_message else None, repeat, _waterfall(run), _phases(run), _evidence(run)])


def _waterfall(run: RunView) -> Html | None:
    if not run.steps:
        return None
    whole = max(run.duration_seconds, *(step.started_seconds + step.duration_seconds for step in run.steps), 0.000_001)
    rows = [_step(step, whole) for step in run.steps[:_MOST_STEPS]]
    rows += _more(len(run.steps) - _MOST_STEPS, "step")
    # What was done went well, and what came of it is wrong.
    is_wrong = run.status is Status.FAILED and all(step.passed for step in run.steps)
    took = tag(
        "tr",
        tag("th", "✗ whole run" if is_wrong else "whole run", scope="row"),
        tag("td"),
        tag("td", f"{show_duration(run.duration_seconds)}{', failed' if is_wrong else ''}"),
        class_="failed" if is_wrong else None,
    )
    return tag("table", tag("caption", "Steps"), tag("tbody", *rows), tag("tfoot", took), class_="steps")


def _step(step: RunStep, whole_seconds: float) -> Html:
    width = min(100.0, max(_THINNEST_PERCENT, 100 * step.duration_seconds / whole_seconds))
    x = max(0.0, min(100.0 - width, 100 * step.started_seconds / whole_seconds))
    status = Status.PASSED if step.passed else Status.FAILED
    # A failed one is hatched by its outline as well, and says so.
    bar = tag("rect", class_=status.value, x=f"{x:.1f}%", width=f"{width:.1f}%", height="100%")
    name = cut(step.name, 80) if step.passed else f"✗ {cut(step.name, 80)}"
    took = show_duration(step.duration_seconds)
    return tag(
        "tr",
        tag("th", name, scope="row"),
        tag("td", tag("svg", bar, class_="lane", aria_hidden="true")),
        tag("td", took if step.passed else f"{took}, failed"),
        class_=None if step.passed else "failed",
    )


def _phases(run: RunView) -> Html | None:
    if not run.phases:
        return None
    parts = [
        tag("div", tag("dt", phase.value), tag("dd", show_duration(seconds))) for phase, seconds in run.phases.items()
    ]
    return tag("div", tag("p", "On the wire", class_="label"), tag("dl", *parts, class_="phases"))


def _evidence(run: RunView) -> Html:
    facts = list(run.evidence.items())[:_MOST_FACTS]
    own = tag("a", cut(run.run_id, 80), href=f"/runs/{path_of(run.run_id)}")
    rows = [tag("tr", tag("th", "run", scope="row"), tag("td", own))]
    rows += [tag("tr", tag("th", cut(name, 80), scope="row"), tag("td", _fact(fact))) for name, fact in facts]
    rows += _more(len(run.evidence) - _MOST_FACTS, "fact")
    return tag("table", tag("caption", "Evidence"), tag("tbody", *rows), class_="facts")


def _fact(fact: EvidenceValue) -> Html:
    if not isinstance(fact, tuple):
        return commands(cut("–" if fact is None else str(fact), _MOST_FACT_CHARACTERS))
    items: Sequence[Html] = [tag("li", cut(str(each), _MOST_FACT_CHARACTERS)) for each in fact[:_MOST_LISTED]]
    rest = len(fact) - _MOST_LISTED
    return tag("ul", *items, tag("li", f"… and {rest} more") if rest > 0 else None)


def _more(rest: int, thing: str) -> list[Html]:
    if rest <= 0:
        return []
    more = f"… and {rest} more {thing}{'' if rest == 1 else 's'}"
    return [tag("tr", tag("th", more, scope="row"), tag("td"))]
