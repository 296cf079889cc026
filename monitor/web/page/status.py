"""
The page at ``/``: how it is, what is wrong and what to do, and every check.
"""

from monitor.web.model import StatusView
from monitor.web.page.checks import checks_section
from monitor.web.page.document import document
from monitor.web.page.glance import glance, title_of
from monitor.web.page.incidents import open_incidents, resolved_incidents
from monitor.web.page.markup import Html, cut, join, tag
from monitor.web.page.silences import silences_section
from monitor.web.page.wording import commands


def status_page(view: StatusView, *, may_act: bool) -> str:
    """
    Return the page that shows *view*; *may_act* when nobody needs a token to run or silence a check.
    """
    parts = [
        glance(view),
        open_incidents(view),
        _own_trouble(view),
        silences_section(view),
        checks_section(view),
        resolved_incidents(view),
    ]
    return document(join(parts), view=view, title=title_of(view), may_act=may_act)


def _own_trouble(view: StatusView) -> Html | None:
    if not view.trouble:
        return None
    title = tag("h2", "The monitor itself is in trouble", id="trouble-title")
    said = tag("p", commands(cut(view.trouble, 1_000)))
    return tag("section", title, said, id="trouble", class_="trouble", aria_labelledby="trouble-title")
