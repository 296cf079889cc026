"""
How values and names are written in a message.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from difflib import get_close_matches

from monitor.config.secrecy import without_secrets

MUST_BE_MAPPING = "must be a mapping of keys to values"
MUST_BE_NUMBER = "must be a number"

# Together a line of a terminal; the rest is counted.
MAX_NAMES = 8
MAX_NAMES_CHARACTERS = 100


def show(value: object) -> str:
    """
    Return a short form of *value*, with quotes where its end could not be seen.
    """
    if value is None:
        return "nothing"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, Mapping):
        return "a mapping"
    if isinstance(value, list | tuple):
        return "a list"
    text = shortened(without_secrets(str(value)), 40)
    return text if re.fullmatch(r"[\w.+*:/-]+…?", text) else repr(text)


def shortened(text: str, characters: int) -> str:
    """
    Return *text* with at most so many *characters*.
    """
    return text if len(text) <= characters else f"{text[: characters - 1]}…"


def did_you_mean(name: object, known: Iterable[str]) -> str:
    """
    Return the question for the nearest of the *known* names; nothing when none is near.
    """
    guesses = get_close_matches(str(name), list(known), n=1)
    return f": did you mean {guesses[0]}?" if guesses else ""


def choice(names: Sequence[str], word: str = "or") -> str:
    """
    Return *names* as a person would list them: ``a, b or c``; of many the first, and how many more there are.
    """
    shown = [*names[:MAX_NAMES]]
    while len(", ".join(shown)) > MAX_NAMES_CHARACTERS and len(shown) > 1:
        shown.pop()
    if len(shown) < len(names):
        return f"{', '.join(shown)} … and {len(names) - len(shown)} more"
    return f"{', '.join(names[:-1])} {word} {names[-1]}" if len(names) > 1 else "".join(names)
