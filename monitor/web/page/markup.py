"""
HTML that is safe by default: whatever is not ``Html`` already is escaped on its way into an element.

Names, messages and evidence come from outside and are hostile until shown otherwise. With a template language the
escaping would be as automatic, but what a template reads would not be type-checked.
"""

import re
from collections.abc import Iterable
from hashlib import blake2s
from html import escape
from urllib.parse import quote

Attribute = str | int | float | bool | None

_NEEDS_ESCAPE = re.compile("[&<>\"']")
# Control characters, lone surrogates (UTF-8 has none), zero-width spaces, and what turns the direction of all the text
# that follows; the joiners that some scripts and emoji need may stay.
_UNSHOWABLE = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ud800-\udfff]"
)
_PLAIN_KEY = re.compile(r"[A-Za-z0-9_-]{1,80}")
# Elements without content; the slash counts for those of pictures only, which would hold one another without it.
_VOID = frozenset({"input", "link", "meta", "rect", "path"})


class Html(str):
    """
    Text that is HTML already; made by this module, and of constants and numbers only.
    """

    __slots__ = ()


def text(value: str) -> Html:
    """
    Return *value* as it is to be read; what cannot be shown becomes ``�``.
    """
    if isinstance(value, Html):
        return value
    shown = value if value.isascii() and value.isprintable() else _UNSHOWABLE.sub("�", value)
    return Html(escape(shown) if _NEEDS_ESCAPE.search(shown) else shown)


def tag(name: str, /, *children: str | None, **attributes: Attribute) -> Html:
    """
    Return one element. ``None`` among *children* is left out; of *attributes* ``class_`` is ``class``, ``aria_label``
    ``aria-label``, ``None`` and ``False`` are left out, and ``True`` stands without a value.
    """
    head = "".join(
        [_attribute(key, value) for key, value in attributes.items() if value is not None and value is not False]
    )
    if name in _VOID:
        return Html(f"<{name}{head}/>")
    inner = "".join([child if isinstance(child, Html) else text(child) for child in children if child is not None])
    return Html(f"<{name}{head}>{inner}</{name}>")


def join(parts: Iterable[str | None], between: str = "") -> Html:
    """
    Return *parts* one after another, without those that are ``None``.
    """
    return Html(text(between).join([text(part) for part in parts if part is not None]))


def cut(value: str, most_characters: int) -> str:
    """
    Return at most *most_characters* of *value*, and how many more there are.
    """
    if len(value) <= most_characters:
        return value
    return f"{value[:most_characters]} … ({len(value) - most_characters} characters more)"


def key_of(value: str) -> str:
    """
    Return *value* as a part of an element's id: itself when it is plain, else a digest.
    """
    return value if _PLAIN_KEY.fullmatch(value) else blake2s(_encoded(value), digest_size=8).hexdigest()


def path_of(value: str) -> str:
    """
    Return *value* as one segment of a path.
    """
    return quote(_encoded(value), safe="")


def _attribute(key: str, value: Attribute) -> str:
    name = key.rstrip("_").replace("_", "-")
    if value is True:
        return f" {name}"
    return f' {name}="{text(value if isinstance(value, str) else str(value))}"'


def _encoded(value: str) -> bytes:
    return value.encode("utf-8", "replace")
