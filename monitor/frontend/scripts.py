"""
Which scripts a page loads, and which a script imports: what a browser would fetch, as far as it is written down.

Addresses that a script puts together while it runs, as webpack's chunks are, are not seen.
"""

import re
from collections.abc import Iterator
from html import unescape
from urllib.parse import urldefrag, urljoin

_TAG = re.compile(r"<(?P<tag>script|link|base)\b(?P<attributes>[^<>]{0,2000}+)", re.IGNORECASE)
_ATTRIBUTE = re.compile(
    r"""(?<![\w-])(?P<name>src|href|rel|as)\s{0,8}+=\s{0,8}+(?:"(?P<double>[^"]*+)"|'(?P<single>[^']*+)'|(?P<bare>[^\s"']++))""",
    re.IGNORECASE,
)
_IMPORT = re.compile(
    r"""(?<![\w$.])(?:from|import)\s{0,8}+\(?\s{0,8}+(?P<mark>["'`])(?P<address>[^"'`\\$\n]{1,300}+)(?P=mark)"""
)
_COMMENT, _COMMENT_END = "<!--", "-->"


def scripts_of_page(html: str, url: str) -> tuple[str, ...]:
    """
    Return the addresses of the scripts that the page at *url* loads or preloads, in their order.
    """
    base, found = url, dict[str, None]()
    for match in _TAG.finditer(_without_comments(html)):
        attributes = _attributes(match["attributes"])
        is_script = match["tag"].lower() == "script"
        rel = attributes.get("rel", "").lower().split()
        is_preload = "modulepreload" in rel or ("preload" in rel and attributes.get("as", "").lower() == "script")
        address = attributes.get("src" if is_script else "href", "").strip()
        if match["tag"].lower() == "base":
            base = _joined(url, address) or url
        elif address and (is_script or is_preload) and (joined := _joined(base, address)):
            found[joined] = None
    return tuple(found)


def imports_of(script: str, url: str) -> tuple[str, ...]:
    """
    Return the addresses of the modules that the script at *url* imports by a path, at once or later.
    """
    addresses = (match["address"] for match in _IMPORT.finditer(script))
    # A bare name, such as "react", is resolved when the bundle is built.
    paths = (each for each in addresses if each.startswith(("./", "../", "/", "http://", "https://")))
    scripts = (each for each in paths if each.partition("?")[0].endswith((".js", ".mjs")))
    return tuple(dict.fromkeys(joined for each in scripts if (joined := _joined(url, each))))


def _joined(base: str, address: str) -> str:
    try:
        joined = urldefrag(urljoin(base, address)).url
    except ValueError:
        return ""
    return joined if joined.startswith(("http://", "https://")) else ""


def _attributes(text: str) -> dict[str, str]:
    return {
        match["name"].lower(): unescape(match["double"] or match["single"] or match["bare"] or "")
        for match in _ATTRIBUTE.finditer(text)
    }


def _without_comments(html: str) -> str:
    return "".join(_pieces(html))


def _pieces(html: str) -> Iterator[str]:
    at = 0
    while (start := html.find(_COMMENT, at)) >= 0:
        yield html[at:start]
        end = html.find(_COMMENT_END, start)
        if end < 0:
            return
        at = end + len(_COMMENT_END)
    yield html[at:]
