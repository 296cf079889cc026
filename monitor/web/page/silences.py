"""
The silences that are in force.
"""

from monitor.web.model import SilenceView, StatusView
from monitor.web.page.acting import lift_button
from monitor.web.page.markup import Html, cut, join, key_of, tag
from monitor.web.page.wording import clock, left

_MOST_CHECKS, _MOST_CHARACTERS = 20, 300


def silences_section(view: StatusView) -> Html | None:
    """
    Return the silences in force; None when there is none.
    """
    if not view.silences:
        return None
    items = [_silence(each, view) for each in view.silences]
    title = tag("h2", "Silences in force", id="silences-title")
    return tag(
        "section", title, tag("ul", *items, class_="plain panel"), id="silences", aria_labelledby="silences-title"
    )


def _silence(silence: SilenceView, view: StatusView) -> Html:
    names = [tag("code", cut(each, 80)) for each in silence.checks[:_MOST_CHECKS]]
    rest = len(silence.checks) - _MOST_CHECKS
    said = f"{cut(silence.reason, _MOST_CHARACTERS)}, by {cut(silence.by, 80)}"
    return tag(
        "li",
        tag("p", join(names, ", "), f" and {rest} more" if rest > 0 else None),
        tag("p", "pages again ", left(silence.until, view.at), ", at ", clock(silence.until, view.at)),
        tag("p", said, class_="note"),
        lift_button(silence.id, what=", ".join(cut(each, 80) for each in silence.checks[:3])),
        id=f"silence-{key_of(silence.id)}",
    )
