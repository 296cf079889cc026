"""
One row of the rule base: a cause, what it looks like, what rules it out, and what to do about it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from string import Formatter
from typing import Any

from monitor.core.cause import Cause
from monitor.core.severity import Severity
from monitor.core.topic import Topic
from monitor.diagnosis.clue import Clue


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """
    How a cause is told from all others.

    *means* says what is wrong, in a sentence that may hold ``{collection}`` and the like. *proofs* are seen with this
    cause only. *hints* are seen with others too: they make it one of several causes that are possible when nothing is
    proved. *follows* says nothing by itself, and is explained once the cause is known. *unless*: what nobody would see
    if it were the cause. *asks*: what else to look at before it is believed. *scope* names the fact that says where it
    is, such as ``collection``: what speaks of another place is another trouble. A cause may have several rules.

    *remedy* are the next moves, the first one first: where in the console, which command, which key of the
    configuration. *most* bounds how urgent it is, whatever the checks that saw it are configured as.
    """

    cause: Cause
    means: str
    proofs: tuple[Clue, ...]
    hints: tuple[Clue, ...] = ()
    follows: tuple[Clue, ...] = ()
    unless: tuple[Clue, ...] = ()
    asks: tuple[Topic, ...] = ()
    scope: str = ""
    remedy: tuple[str, ...] = ()
    opinion: str = ""
    most: Severity = Severity.PAGE

    @property
    def runbook(self) -> str:
        """
        Where the whole procedure is written down, in the project's repository.
        """
        return f"dashboards/runbooks/{self.cause.value}.md"


def placeholders_of(template: str) -> set[str]:
    """
    Return the names that stand in braces in *template*.
    """
    return {name for _, name, _, _ in Formatter().parse(template) if name}


def fill(template: str, values: Mapping[str, Any], *, unnamed: str = "") -> str:
    """
    Return *template* with its placeholders filled; with *unnamed* in the place of what nobody knows.
    """
    known = {name: " ".join(str(values.get(name, unnamed)).split()) for name in placeholders_of(template)}
    return template.format_map(known)
