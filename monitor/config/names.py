"""
What the name of a ``MONITOR_…`` variable or of a mounted secret file means: ``__`` between keys, ``_`` also for ``-``.
"""

from collections.abc import Iterable, Sequence
from difflib import get_close_matches

from monitor import CONFIG_VARIABLE
from monitor.config.draft import Draft
from monitor.config.problem import Problem
from monitor.config.route import Route

PREFIX = "MONITOR_"
SECRETS_DIR_VARIABLE = "MONITOR_SECRETS_DIR"
# What has this prefix and names no setting.
OTHER_VARIABLES = frozenset({SECRETS_DIR_VARIABLE, CONFIG_VARIABLE})


def route_of(draft: Draft, name: str) -> Route | None:
    """
    Return where the value of *name* belongs; None when it names no setting, or two alike.
    """
    parts = _parts(name)
    route, _ = _followed(draft, parts)
    return route if len(route) == len(parts) else None


def refuse_name(draft: Draft, name: str, source: str) -> None:
    """
    Note why *name* names nothing, with the setting that may have been meant.
    """
    parts = _parts(name)
    route, alike = _followed(draft, parts)
    if alike:
        message = f"names {' and '.join(alike)} alike: rename one of them in {draft.document.path}"
    else:
        message = f"names no setting: {_remedy(draft, parts, route)}"
    draft.note(Problem(message=message, source=source))


def secret_of(draft: Draft, named: Route) -> Route | None:
    """
    Return the route of the secret whose file stands at *named*; None when that is an ordinary key.
    """
    secret = draft.shape(named[:-1]).secret_of(str(named[-1])) if named else None
    return (*named[:-1], secret) if secret else None


def _parts(name: str) -> list[str]:
    return name[len(PREFIX) :].lower().split("__")


def _followed(draft: Draft, parts: Sequence[str]) -> tuple[Route, list[str]]:
    """
    Return the route that *parts* name, as far as they name one, and the keys that the next part could all mean.
    """
    route: Route = ()
    for part in parts:
        keys = [key for key in draft.keys(route) if _in_variable(key) == part]
        if len(keys) != 1:
            return route, keys
        route = (*route, keys[0])
    return route, []


def _remedy(draft: Draft, parts: Sequence[str], route: Route) -> str:
    before, part, after = parts[: len(route)], parts[len(route)], parts[len(route) + 1 :]
    guesses = [[*before, *guess, *after] for guess in _guesses(part, draft.keys(route))]
    right = [guess for guess in guesses if len(_followed(draft, guess)[0]) == len(guess)]
    for guess in right or guesses:
        return f"did you mean {PREFIX}{'__'.join(guess).upper()}?"
    return "correct or unset it"


def _guesses(part: str, keys: Iterable[str]) -> list[list[str]]:
    known = [_in_variable(key) for key in keys]
    # One underscore instead of two is the most common mistake.
    split = [[key, part.removeprefix(f"{key}_")] for key in known if part.startswith(f"{key}_")]
    return [*split, *([guess] for guess in get_close_matches(part, known, n=1))]


def _in_variable(key: str) -> str:
    return key.replace("-", "_").lower()
