"""
Reads the files of a front end: what they name, and what they load.

Imports little, since it is done in a process of its own.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from monitor.frontend.bundle import Capture, Mention, capture, read_mentions
from monitor.frontend.scripts import imports_of, scripts_of_page

# As env files are served.
TEXT_TYPES = frozenset({"text/plain", "application/octet-stream"})


class Role(StrEnum):
    """
    What a file is to the front end.
    """

    PAGE = "page"
    SCRIPT = "script"
    NAMED = "file of this check"


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """
    One file; *label* is what flaws call it, *media_type* what its host does.
    """

    url: str
    label: str
    role: Role
    media_type: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Search:
    """
    What is looked for beside what is always recognised: *concepts*, folded, and *captures*.
    """

    concepts: frozenset[str]
    captures: tuple[Capture, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """
    What some files name, and the addresses of the *scripts* that they load.
    """

    mentions: tuple[Mention, ...]
    scripts: tuple[str, ...]


def read_sources(sources: Iterable[Source], search: Search) -> Reading:
    """
    Read *sources*.
    """
    mentions, scripts = list[Mention](), dict[str, None]()
    for source in sources:
        label, text, is_env = source.label, source.text, source.media_type in TEXT_TYPES
        mentions += read_mentions(text, file=label, concepts=search.concepts, is_env=is_env)
        mentions += capture(text, file=label, captures=search.captures)
        if source.role is Role.PAGE:
            scripts |= dict.fromkeys(scripts_of_page(text, source.url))
        if source.role is not Role.NAMED:
            scripts |= dict.fromkeys(imports_of(text, source.url))
    return Reading(mentions=tuple(mentions), scripts=tuple(scripts))
