"""
The manual of a kind, read from the docstring of its module: the one place where it is written.

Its headings are fixed (style guide A3): ``Talks to:``, ``Steps:``, ``Fails as:``, ``Leaves:``, ``Example::``.
"""

import inspect
import re
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from monitor.core.check import Check
from monitor.core.outcome import Reason

_HEADING = re.compile(r"^(Talks to|Steps|Fails as|Leaves|Example):+", re.MULTILINE)

# What any exchange with a target can fail with, whatever the check asks; no manual repeats it.
_ANY_EXCHANGE = frozenset({Reason.TIMEOUT, Reason.DNS, Reason.TLS, Reason.CONNECTION, Reason.PROTOCOL})
# The same for Appwrite, which says more.
_APPWRITE = frozenset({Reason.HTTP_STATUS, Reason.RATE_LIMITED, Reason.QUOTA, Reason.DISABLED})


@dataclass(frozen=True, slots=True, kw_only=True)
class Manual:
    """
    *steps*: names in their order. *fails_as*: reason → what it means here. *example*: the YAML of one entry under
    ``checks``. *text*: the whole.
    """

    summary: str
    talks_to: str
    steps: tuple[str, ...]
    fails_as: Mapping[Reason, str]
    example: str
    text: str

    @property
    def reasons(self) -> frozenset[Reason]:
        """
        Every reason with which a run of this kind can be ``failed``.
        """
        return _ANY_EXCHANGE | (_APPWRITE if "Appwrite" in self.talks_to else frozenset()) | self.fails_as.keys()


@cache
def manual_of(kind: type[Check]) -> Manual:
    """
    Return the manual of *kind*; raise ``ValueError`` when a heading is missing or names an unknown reason.
    """
    text = inspect.cleandoc(sys.modules[kind.__module__].__doc__ or "")
    sections = _sections(text)
    missing = [heading for heading in ("Talks to", "Steps", "Fails as", "Leaves", "Example") if heading not in sections]
    if missing:
        raise ValueError(f"kind {kind.kind()!r} has no {', '.join(missing)} in the docstring of its module")
    return Manual(
        summary=" ".join(text.partition("\n\n")[0].split()),
        talks_to=sections["Talks to"],
        steps=tuple(re.findall(r"(\w+)(?: \([^)]*\))?(?:,|$)", " ".join(sections["Steps"].split()))),
        fails_as=_reasons(sections["Fails as"]),
        example=inspect.cleandoc("\n" + sections["Example"]).strip() + "\n",
        text=text,
    )


def settings_of(kind: type[Check]) -> str:
    """
    Return the settings of *kind*, one a line, those inside of others further in.
    """
    schema = kind.model_json_schema()
    del schema["properties"]["name"]
    return "\n".join(_settings(schema, schema.get("$defs", {}), "  "))


def _settings(schema: Mapping[str, Any], definitions: Mapping[str, Any], margin: str) -> Iterator[str]:
    for name, field in schema["properties"].items():
        yield f"{margin}{name:<{max(1, 20 - len(margin) + 2)}} {field.get('description', '')}"
        references = [each.get("$ref") for each in (field, *field.get("anyOf", ()))]
        for reference in filter(None, references):
            inner = definitions[reference.rpartition("/")[2]]
            if "properties" in inner:
                yield from _settings(inner, definitions, f"{margin}  ")


def _sections(text: str) -> dict[str, str]:
    headings = list(_HEADING.finditer(text))
    ends = [*(heading.start() for heading in headings[1:]), len(text)]
    return {heading.group(1): text[heading.end() : end] for heading, end in zip(headings, ends, strict=False)}


def _reasons(section: str) -> dict[Reason, str]:
    # "not_found  the collection was deleted"; a continuation line has no word followed by two blanks.
    entries = re.findall(r"^\s*([a-z_]+) {2,}(.+)$", section, re.MULTILINE)
    return {Reason(name): meaning.strip() for name, meaning in entries}
