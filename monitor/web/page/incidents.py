"""
Incidents: what is wrong and since when, what to do first, why we think so, and who knows.
"""

from collections.abc import Iterable, Sequence

from monitor.core.cause import Cause
from monitor.diagnosis.diagnosis import Confidence
from monitor.incidents.incident import Fault
from monitor.web.model import DiagnosisView, FindingView, IncidentView, StatusView
from monitor.web.page.acting import actions
from monitor.web.page.markup import Html, cut, join, key_of, path_of, tag
from monitor.web.page.runs import MOST_MESSAGE_CHARACTERS
from monitor.web.page.wording import ago, clock, commands, counted, left, since, stretch

_CONFIDENCES = {
    Confidence.CERTAIN: "certain: what was seen has this cause only",
    Confidence.LIKELY: "likely: what was seen may have other causes too",
    Confidence.UNKNOWN: "nobody knows yet",
}
_MOST_LINES, _MOST_FINDINGS = 30, 50


def open_incidents(view: StatusView) -> Html | None:
    """
    Return the incidents that are open, the gravest first; None when there is none.
    """
    if not view.incidents:
        return None
    title = tag("h2", counted(len(view.incidents), "open incident"), id="incidents-title")
    cards = [_card(incident, view) for incident in view.incidents]
    return tag("section", title, *cards, id="incidents", aria_labelledby="incidents-title")


def resolved_incidents(view: StatusView) -> Html | None:
    """
    Return the incidents that were over last, each folded; None when there is none.
    """
    if not view.resolved:
        return None
    items = [tag("li", _folded(incident, view)) for incident in view.resolved]
    title = tag("h2", "Recently resolved", id="resolved-title")
    return tag("section", title, tag("ul", *items, class_="plain"), id="resolved", aria_labelledby="resolved-title")


def summary_of(incident: IncidentView, most_characters: int) -> str:
    """
    Return what is wrong in at most *most_characters*, cut between words: without what a check said, told beside it.
    """
    line = " ".join(incident.summary.split())
    for finding in incident.findings:
        line = line.partition(f": {finding.check}: ")[0]
    if len(line) <= most_characters:
        return line
    return line[:most_characters].rsplit(" ", 1)[0].rstrip(" ,:;(") + " …"


def _card(incident: IncidentView, view: StatusView) -> Html:
    key = key_of(incident.id)
    title = tag(
        "h3", commands(cut(incident.summary, MOST_MESSAGE_CHARACTERS), can_copy=False), id=f"incident-{key}-title"
    )
    body = _body(incident, view)
    if incident.silenced_until is not None:
        # Somebody is at it already: it takes no room from what nobody has seen yet.
        more = tag("summary", "What to do, why we think so, and who has been told")
        body = tag("details", more, body, id=f"more-{key}", class_="fold")
    return tag(
        "article",
        tag("header", _tags(incident, view), title),
        body,
        id=f"incident-{key}",
        class_=f"incident {incident.severity}",
        aria_labelledby=f"incident-{key}-title",
    )


def _folded(incident: IncidentView, view: StatusView) -> Html:
    key = key_of(incident.id)
    over = incident.resolved_at or view.at
    lasted = stretch((over - incident.failing_since).total_seconds())
    head = tag(
        "summary",
        tag("h3", incident.cause.value),
        tag("span", commands(summary_of(incident, 120), can_copy=False)),
        tag("small", "over ", ago(over, view.at), f", lasted {lasted}"),
    )
    return tag("details", head, _body(incident, view), id=f"incident-{key}", class_="fold")


def _tags(incident: IncidentView, view: StatusView) -> Html:
    silenced = incident.silenced_until
    parts = [
        tag("b", incident.severity.value, class_=f"severity {incident.severity}"),
        tag("code", incident.cause.value),
        tag("span", since(incident.failing_since, view.at)),
        tag("span", "flapping") if incident.is_flapping else None,
        tag("span", "silenced, pages again ", left(silenced, view.at)) if silenced else None,
    ]
    return tag("p", *parts, class_="tags")


def _body(incident: IncidentView, view: StatusView) -> Html:
    diagnosis = incident.diagnosis
    todo = [*_remedy(diagnosis), *_actions(incident)] if diagnosis else [*_actions(incident)]
    return tag(
        "div",
        tag("div", *todo, class_="todo") if todo else None,
        tag("div", *(_reasons(diagnosis) if diagnosis else [tag("p", "No diagnosis is kept of it.")]), class_="why"),
        tag("div", _findings(incident, view), _told(incident, view), class_="seen"),
        class_="columns",
    )


def _remedy(diagnosis: DiagnosisView) -> Iterable[Html]:
    if diagnosis.remedy:
        moves = [tag("li", commands(cut(move, MOST_MESSAGE_CHARACTERS))) for move in diagnosis.remedy[:_MOST_LINES]]
        yield tag("h4", "Do this")
        yield tag("ol", *moves, class_="moves")
    if diagnosis.runbook:
        yield tag("p", "Runbook: ", _runbook(diagnosis.runbook), class_="note")


def _runbook(runbook: str) -> Html:
    # No other scheme: a link of `javascript:` would do what it says.
    if runbook.startswith(("https://", "http://")):
        return tag("a", cut(runbook, 200), href=runbook, rel="noreferrer")
    return tag("code", cut(runbook, 200))


def _reasons(diagnosis: DiagnosisView) -> Iterable[Html]:
    yield tag("h4", "Why we think so")
    yield tag("p", _CONFIDENCES[diagnosis.confidence], class_=f"confidence {diagnosis.confidence}")
    yield from _lines("For", diagnosis.evidence_for)
    yield from _lines("Against", diagnosis.evidence_against)
    yield from _rivals(diagnosis.rivals)
    yield from _lines("What would change it", diagnosis.opinion)


def _lines(label: str, lines: Sequence[str]) -> Iterable[Html]:
    if lines:
        items = [tag("li", commands(cut(line, MOST_MESSAGE_CHARACTERS))) for line in lines[:_MOST_LINES]]
        rest = len(lines) - _MOST_LINES
        yield tag("p", label, class_="label")
        yield tag("ul", *items, tag("li", f"… and {rest} more") if rest > 0 else None)


def _rivals(rivals: Sequence[Cause]) -> Iterable[Html]:
    if rivals:
        yield tag("p", "Explains it as well", class_="label")
        yield tag("p", join((tag("code", each.value) for each in rivals), ", "))


def _findings(incident: IncidentView, view: StatusView) -> Html:
    items = [tag("li", _finding(each, view)) for each in incident.findings[:_MOST_FINDINGS]]
    rest = len(incident.findings) - _MOST_FINDINGS
    more = tag("li", f"… and {counted(rest, 'check')} more") if rest > 0 else None
    return join([tag("h4", f"Seen by {counted(len(incident.findings), 'check')}"), tag("ul", *items, more)])


def _finding(finding: FindingView, view: StatusView) -> Html:
    remarks = [
        f"in {cut(finding.step, 80)}" if finding.step else "",
        "flapping" if finding.is_flapping else "",
        "the monitor's own trouble" if finding.fault is Fault.OWN else "",
    ]
    said = f": {cut(finding.message, MOST_MESSAGE_CHARACTERS)}" if finding.message else ""
    return join(
        [
            tag("a", cut(finding.check, 120), href=f"/checks/{path_of(finding.check)}"),
            " ",
            tag("a", finding.reason.value, href=f"/runs/{path_of(finding.run_id)}"),
            f" {', '.join(remark for remark in remarks if remark)}".rstrip() + ", ",
            since(finding.since, view.at),
            commands(said),
        ]
    )


def _told(incident: IncidentView, view: StatusView) -> Html:
    if incident.told:
        rows = [
            tag("div", tag("dt", cut(sink, 80)), tag("dd", clock(at, view.at), ", ", ago(at, view.at)))
            for sink, at in incident.told.items()
        ]
        told = tag("dl", *rows)
    elif incident.silenced_until is not None:
        told = tag("p", "Nobody: it is silenced.")
    else:
        waits = incident.resolved_at is None and incident.sinks
        nobody = "Nobody." if incident.resolved_at else f"Nobody: no sink takes a {incident.severity}."
        told = tag("p", "Nobody yet." if waits else nobody)
    over = tag("p", "Over at ", clock(incident.resolved_at, view.at), ".") if incident.resolved_at else None
    return join([tag("h4", "Who has been told"), told, over])


def _actions(incident: IncidentView) -> Iterable[Html]:
    if incident.resolved_at is not None or not incident.findings:
        return
    names = list(dict.fromkeys(finding.check for finding in incident.findings))
    yield actions(names, what=f"the {counted(len(names), 'check')} of {incident.cause}")
