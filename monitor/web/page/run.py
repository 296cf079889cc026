"""
The page of one run: what links from a graph, an alert or an incident lead to.
"""

from monitor.core.duration import show_duration
from monitor.web.model import RunDetail, StatusView
from monitor.web.page.document import document
from monitor.web.page.glance import sentence, title_of
from monitor.web.page.markup import Html, cut, join, path_of, tag
from monitor.web.page.runs import run_body
from monitor.web.page.wording import ago, badge, clock, status_word

_MOST_CHARACTERS = 120


def run_page(detail: RunDetail, view: StatusView, *, may_act: bool) -> str:
    """
    Return the page that shows *detail*, of the moment of *view*; *may_act* when nobody needs a token to act.
    """
    name = cut(detail.check, _MOST_CHARACTERS)
    up = tag(
        "nav",
        tag("a", name, href=f"/checks/{path_of(detail.check)}"),
        tag("span", sentence(view)),
        class_="up",
        aria_label="To the check",
    )
    return document(
        join([up, _run(detail, name, view)]), view=view, title=title_of(view, detail.check), may_act=may_act
    )


def _run(detail: RunDetail, name: str, view: StatusView) -> Html:
    rows = [
        tag("div", tag("dt", label), tag("dd", fact))
        for label, fact in (
            ("Kind", cut(detail.kind, 80)),
            ("Began", join([clock(detail.started_at, view.at), ", ", ago(detail.started_at, view.at)])),
            ("Took", show_duration(detail.duration_seconds)),
        )
    ]
    return tag(
        "section",
        tag("h1", f"A run of {name}", id="now-title"),
        tag("p", badge(detail.status, status_word(detail)), class_="head"),
        tag("dl", *rows, class_="facts-line"),
        tag("div", run_body(detail), class_="run"),
        class_="one",
        id="now",
        aria_labelledby="now-title",
    )
