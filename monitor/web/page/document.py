"""
The document around what a page shows: its head, what is on every page, and the style and the script inside of it.
"""

from base64 import b64encode
from hashlib import sha256
from pathlib import Path

from monitor.web.model import StatusView
from monitor.web.page.acting import silence_dialog, token_form
from monitor.web.page.glance import favicon
from monitor.web.page.markup import Html, cut, join, tag
from monitor.web.page.wording import clock

_HERE = Path(__file__).parent
_STYLE = (_HERE / "style.css").read_text(encoding="utf-8")
# One scope: what one part names, those after it use.
_PARTS = ("saying.js", "times.js", "filter.js", "acting.js", "taking.js", "live.js")
_SCRIPT = (
    '(() => {\n"use strict";\n' + "".join((_HERE / part).read_text(encoding="utf-8") for part in _PARTS) + "})();\n"
)
_LINKS = {"/metrics": "Metrics", "/api/v1/status": "Status as JSON", "/api/v1/openapi.json": "OpenAPI document"}
# Without a script the page loads itself again, in seconds.
_REFRESH_SECONDS = 30


def _hash_of(text: str) -> str:
    return f"'sha256-{b64encode(sha256(text.encode()).digest()).decode()}'"


# For the header that whoever serves the pages sends with them. What somebody smuggles past the escaping is not run.
CONTENT_SECURITY_POLICY = "; ".join(
    [
        "default-src 'none'",
        f"script-src {_hash_of(_SCRIPT)}",
        f"style-src {_hash_of(_STYLE)}",
        "img-src data:",
        "connect-src 'self'",
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors 'none'",
    ]
)


def document(main: Html, *, view: StatusView, title: str, may_act: bool) -> str:
    """
    Return the whole page around *main*.
    """
    body = tag(
        "body",
        tag("a", "Skip to how it is", href="#main", class_="skip"),
        _top(view),
        tag("main", main, id="main", tabindex=-1, data_at=view.at.isoformat()),
        _bottom(view),
        tag("p", id="said", role="status"),
        silence_dialog(),
        tag("script", Html(_SCRIPT)),
        # A page of another version has another script: the script reloads then.
        data_version=view.version,
        data_may_act=may_act,
    )
    return f'<!doctype html>\n<html lang="en">\n{_head(view, title)}\n{body}\n</html>\n'


def _head(view: StatusView, title: str) -> Html:
    refresh = tag("noscript", tag("meta", http_equiv="refresh", content=_REFRESH_SECONDS))
    return tag(
        "head",
        tag("meta", charset="utf-8"),
        tag("meta", name="viewport", content="width=device-width, initial-scale=1"),
        tag("meta", name="color-scheme", content="light dark"),
        tag("meta", name="referrer", content="no-referrer"),
        tag("meta", name="robots", content="noindex"),
        refresh,
        tag("title", title),
        tag("link", rel="icon", href=favicon(view.health)),
        tag("style", Html(_STYLE)),
    )


def _top(view: StatusView) -> Html:
    brand = tag("a", "monitor", href="/", class_="brand")
    where = tag("span", tag("b", cut(view.target, 60)), f" seen from {cut(view.location, 60)}", class_="where")
    live = tag(
        "p",
        tag("span", "○", aria_hidden="true"),
        tag("span", "connecting …"),
        id="live",
        data_scripted=True,
        hidden=True,
    )
    return tag("header", tag("p", brand, where), live, token_form(), class_="top")


def _bottom(view: StatusView) -> Html:
    links = [tag("li", tag("a", words, href=path)) for path, words in _LINKS.items()]
    return tag(
        "footer",
        tag("nav", tag("ul", *links), aria_label="For programs"),
        tag("p", join([f"monitor {cut(view.version, 40)}, started ", clock(view.started_at, view.at)])),
        tag("p", "Times are in UTC.", id="zone"),
    )
