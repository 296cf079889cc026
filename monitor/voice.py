"""
How commands speak: without secrets, without what could steer a terminal, and of times as two people read them alike.
"""

import json
import textwrap
from collections.abc import Mapping
from datetime import datetime

import click

from monitor.core.duration import show_duration
from monitor.core.redaction import Redactor
from monitor.sinks.payload import plain

# Of a terminal, at night, over a slow line.
_WIDTH = 80
_LABEL_WIDTH = 10
# From the largest down; each is used from two of it on.
_UNITS_SECONDS = (86_400.0, 3_600.0, 60.0)


class Voice:
    """
    Prints what passed *redact*.
    """

    def __init__(self, redact: Redactor) -> None:
        self._redact = redact

    def __call__(self, line: str = "", *, colour: str | None = None, err: bool = False) -> None:
        """
        Print *line*; in *colour* on a terminal.
        """
        click.secho(self._clean(line), fg=colour, err=err)

    def field(self, label: str, text: str) -> None:
        """
        Print *text* under *label*, in as many lines of a terminal as it needs; a word is never broken.
        """
        margin = f"  {label:<{_LABEL_WIDTH}}"
        # Masked before it is wrapped: no redactor knows half a secret.
        lines = textwrap.wrap(
            self._clean(text),
            width=_WIDTH,
            initial_indent=margin,
            subsequent_indent=" " * len(margin),
            break_long_words=False,
            break_on_hyphens=False,
        )
        click.echo("\n".join(lines))

    def document(self, document: Mapping[str, object]) -> None:
        """
        Print *document* as JSON.
        """
        click.echo(json.dumps(plain(document, self._redact), indent=2, ensure_ascii=False))

    def _clean(self, text: str) -> str:
        return "".join(character if character.isprintable() else "?" for character in self._redact(text))


def moment(at: datetime) -> str:
    """
    Return *at*, which is in UTC, to the second: ``2026-01-23 03:12:07 UTC``.
    """
    return f"{at:%Y-%m-%d %H:%M:%S} UTC"


def roughly(seconds: float) -> str:
    """
    Return *seconds* as exactly as a person wants to know them: ``90.4`` → ``90s``, ``731.0`` → ``12m``.

    At least a second: a clock that was set back makes no stretch of time negative.
    """
    for unit in _UNITS_SECONDS:
        if seconds >= 2 * unit:
            return show_duration(round(seconds / unit) * unit)
    return show_duration(max(1.0, float(round(seconds))))
