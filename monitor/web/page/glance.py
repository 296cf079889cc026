"""
The state in one glance: a sentence, a shape, and what the tab of the browser shows.
"""

from collections import Counter
from urllib.parse import quote

from monitor.web.model import Health, StatusView
from monitor.web.page.incidents import summary_of
from monitor.web.page.markup import Html, cut, join, key_of, path_of, tag
from monitor.web.page.standing import Standing, standing_of
from monitor.web.page.wording import ago, clock, commands, counted, since

_MOST_SUMMARY_CHARACTERS = 140
# Each state has a shape of its own: a disc, a triangle, an octagon, a ring. Of a square of 32 units.
_SHAPES = {
    Health.RIGHT: "M16 1a15 15 0 1 0 .01 0z",
    Health.DEGRADED: "M16 2 31 29H1z",
    Health.WRONG: "M10 1h12l9 9v12l-9 9H10l-9-9V10z",
    Health.UNKNOWN: "M16 1a15 15 0 1 0 .01 0z",
}
_GLYPHS = {
    Health.RIGHT: "M9 16.5l5 5 9.5-10.5",
    Health.DEGRADED: "M16 11v8m0 3.5v3",
    Health.WRONG: "M10.5 10.5l11 11m0-11l-11 11",
    Health.UNKNOWN: "M12 12.5a4 4 0 1 1 5.5 3.6q-1.5.7-1.5 2.9m0 3v3",
}
# The tab does not know which theme the page has: these are seen on light and on dark.
_COLOURS = {Health.RIGHT: "#1a7f45", Health.DEGRADED: "#a35c00", Health.WRONG: "#c9252d", Health.UNKNOWN: "#66707c"}
# What is said without an incident: of the first that any check stands so.
_SAID = {
    Standing.FAILING: "{checks} of {every} not right",
    Standing.DOUBTFUL: "{checks} of {every} failed just now: not confirmed yet",
    Standing.BLIND: "{checks} of {every} cannot be judged",
    Standing.SLOW: "Nothing fails, but {checks} of {every} slow",
    Standing.NEW: "{checks} of {every} not judged yet, the others are right",
}


def title_of(view: StatusView, page: str = "") -> str:
    """
    Return ``(2) production – monitor``: the number of open incidents, so that a tab in the background tells it.
    """
    count = f"({len(view.incidents)}) " if view.incidents else ""
    return f"{count}{f'{cut(page, 60)} – ' if page else ''}{cut(view.target, 60)} – monitor"


def favicon(health: Health) -> str:
    """
    Return the picture of the tab, as an address that holds it.
    """
    picture = (
        f"<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 32 32'><path fill='{_COLOURS[health]}' "
        f"d='{_SHAPES[health]}'/><path fill='none' stroke='#fff' stroke-width='3.5' d='{_GLYPHS[health]}'/></svg>"
    )
    return f"data:image/svg+xml,{quote(picture)}"


def glance(view: StatusView) -> Html:
    """
    Return the sentence that says how it is, and the numbers under it.
    """
    numbers = _numbers(view)
    return tag(
        "section",
        state_picture(view.health),
        tag("h1", sentence(view), id="now-title"),
        tag("p", numbers, class_="note") if numbers else None,
        tag("p", "as of ", clock(view.at, view.at), ", ", ago(view.at, view.at), class_="note at"),
        class_=f"now {view.health}",
        id="now",
        aria_labelledby="now-title",
        # What the script compares to know whether there is news to be said aloud.
        data_state=" ".join([view.health.value, *(key_of(each.id) for each in view.incidents)]),
    )


def state_picture(health: Health) -> Html:
    """
    Return the shape of *health*.
    """
    shape = tag("path", class_="shape", d=_SHAPES[health])
    return tag(
        "svg",
        shape,
        tag("path", class_="glyph", d=_GLYPHS[health]),
        class_="state",
        viewBox="0 0 32 32",
        aria_hidden="true",
    )


def sentence(view: StatusView) -> Html:
    """
    Return how it is: ``All 24 checks are right``, or ``2 incidents: guests cannot …, since 03:12:07 UTC, 4 min``.
    """
    if view.incidents:
        first = view.incidents[0]
        summary = commands(summary_of(first, _MOST_SUMMARY_CHARACTERS), can_copy=False)
        silenced = ", silenced" if all(each.silenced_until for each in view.incidents) else ""
        head = f"{counted(len(view.incidents), 'incident')}{silenced}: "
        return join([head, summary, ", ", tag("span", since(first.failing_since, view.at), class_="since")])
    return join([_without_incident(view)])


def _without_incident(view: StatusView) -> str:
    every = len(view.checks)
    if not every:
        return "No check is configured"
    standings = Counter(standing_of(each) for each in view.checks)
    if standings[Standing.NEW] == every:
        return "Nothing is known yet: no check has been judged"
    for standing, said in _SAID.items():
        if count := standings[standing]:
            return said.format(checks=counted(count, "check"), every=every)
    return "The only check is right" if every == 1 else f"All {every} checks are right"


def _numbers(view: StatusView) -> str:
    """
    Return ``30 checks: 3 not right, 27 right``; nothing where the sentence has said so.
    """
    standings = Counter(standing_of(each) for each in view.checks)
    parts = [f"{standings[each]} {each.words}" for each in Standing if standings[each]]
    silenced = sum(each.silenced_until is not None for each in view.checks)
    if silenced:
        parts.append(f"{silenced} silenced")
    return f"{counted(len(view.checks), 'check')}: {', '.join(parts)}" if len(parts) > 1 else ""


def incident_link(view: StatusView, incident_id: str) -> Html | None:
    """
    Return a link to the open incident of that id, None when there is none.
    """
    for incident in view.incidents:
        if incident.id == incident_id:
            words = commands(summary_of(incident, _MOST_SUMMARY_CHARACTERS), can_copy=False)
            return tag("a", words, href=f"/#incident-{path_of(key_of(incident.id))}")
    return None
