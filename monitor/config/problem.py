"""
One thing that is wrong in a configuration, and the sentence that tells it.
"""

import re
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

from monitor.config.route import Route
from monitor.config.secrecy import without_secrets
from monitor.config.wording import shortened

MAX_MESSAGE_CHARACTERS = 200


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Position:
    """
    A place in the file, both counted from 1.
    """

    line: int
    column: int

    def __str__(self) -> str:
        return f"{self.line}:{self.column}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """
    One thing that is wrong: at *position* of the file or, without one, in the *source* that is named instead.
    """

    message: str
    route: Route = ()
    position: Position | None = None
    source: str = ""

    @property
    def place(self) -> tuple[Route, Position | str]:
        """
        What tells it from other problems: of two with one place, the second follows from the first.
        """
        return self.route, self.position or self.source


def in_order(problem: Problem) -> tuple[bool, Position, str]:
    """
    Sort what stands in the file by its position, and the rest, by its source, after it.
    """
    return problem.position is None, problem.position or Position(line=0, column=0), problem.source


def sentence(problem: Problem, path: Path, secrets: Collection[str]) -> str:
    """
    Return *problem* as a sentence that begins with its place, without any of the *secrets*.
    """
    place = f"{path}:{problem.position}" if problem.position else problem.source
    # First without secrets: of one that is cut in two, the half would be shown.
    message = shortened(without_secrets(problem.message, secrets), MAX_MESSAGE_CHARACTERS)
    return ": ".join(part for part in (place, _label(problem.route), message) if part)


def _label(route: Route) -> str:
    return "".join(f"[{key}]" if isinstance(key, int) else f".{_key(key)}" for key in route).removeprefix(".")


def _key(key: str) -> str:
    # `{password:hunter2}` without a space after the colon is one key: what follows the colon may be a secret.
    return shortened(re.sub(r"[^\w.-].*", "…", key, flags=re.DOTALL), 64)
