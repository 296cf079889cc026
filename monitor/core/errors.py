"""
Every error the program raises on purpose.

::

    MonitorError
    ├── ConfigError       a user's mistake, with its place and remedy; ends the command with exit code 2
    ├── CheckFailed       the target is at fault: the run ends as ``failed`` with this reason
    └── OwnFault          the monitor is at fault: the run ends as ``errored``, never as a verdict on the target

Whatever else a check raises is a bug of ours and ends the run as ``errored`` too.
Library errors are translated at the edge (``monitor/appwrite/``), once, with ``raise … from``.
"""

from collections.abc import Iterable
from difflib import get_close_matches
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from monitor.core.outcome import EvidenceValue, Reason


# Whoever reads a message at night has one look.
MAX_MESSAGE_CHARACTERS = 200
_MOST_NAMES = 12


class MonitorError(Exception):
    """
    The root: carries a message that may be shown to a person as it is.
    """


class ConfigError(MonitorError):
    """
    What the user configured or asked for cannot be; one or more problems, each a complete sentence with its place.
    """

    def __init__(self, *problems: str) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


class CheckFailed(MonitorError):
    """
    Says no: the target did not do what was asked.

    *message* names the thing, expected, got and the next move, in lower case, with no secret, in ≤ 200 characters.
    *evidence* holds flat facts (status, error type, identity, …) for diagnosis to read.
    """

    def __init__(self, reason: "Reason", message: str, **evidence: "EvidenceValue") -> None:
        super().__init__(message)
        self.reason = reason
        self.message = message
        self.evidence = evidence


class OwnFault(MonitorError):
    """
    The monitor cannot judge: no file descriptor left, no network of its own, credentials of its own refused.

    *message* names the fix; *evidence* holds flat facts for diagnosis, as with ``CheckFailed``.
    """

    def __init__(self, message: str, **evidence: "EvidenceValue") -> None:
        super().__init__(message)
        self.message = message
        self.evidence = evidence


def fit(message: str) -> str:
    """
    Return *message* in one line of at most 200 printable characters.
    """
    line = " ".join(message.encode("utf-8", "replace").decode().split())
    if len(line) > MAX_MESSAGE_CHARACTERS:
        line = f"{line[: MAX_MESSAGE_CHARACTERS - 1]}…"
    return "".join(character if character.isprintable() else "?" for character in line)


def unknown(thing: str, name: str, known: Iterable[str]) -> str:
    """
    Return the sentence for a *name* that is not there, with the nearest of the *known* ones or the first of them.
    """
    names = sorted(known)
    guess = get_close_matches(name, names, n=1)
    if guess:
        return f"unknown {thing} {name!r}: did you mean {guess[0]!r}?"
    more = f" and {len(names) - _MOST_NAMES} more" if len(names) > _MOST_NAMES else ""
    return f"unknown {thing} {name!r}: there are {', '.join(names[:_MOST_NAMES]) or 'none'}{more}"
