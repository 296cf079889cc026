"""
What single values of a JSON answer are expected to be: the ``json`` setting of the kinds that judge one.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass

Scalar = str | int | float | bool | None

_MISSING = object()


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """
    One value that is not as expected; *expected* and *got* are written as JSON, and may quote secrets.
    """

    path: str
    expected: str
    got: str


def first_difference(answer: object, expected: Mapping[str, Scalar]) -> Difference | None:
    """
    Return the first of the *expected* values (path such as ``data.items.0.id`` → value) that *answer* does not have.
    """
    for path, wanted in expected.items():
        found = _look_up(answer, path)
        if found != wanted or isinstance(found, bool) is not isinstance(wanted, bool):
            return Difference(path=path, expected=_as_json(wanted), got=_as_json(found))
    return None


def _look_up(answer: object, path: str) -> object:
    for part in path.split("."):
        if isinstance(answer, Mapping):
            answer = answer.get(part, _MISSING)
        elif isinstance(answer, list) and part.isdecimal() and int(part) < len(answer):
            answer = answer[int(part)]
        else:
            return _MISSING
    return answer


def _as_json(value: object) -> str:
    if value is _MISSING:
        return "nothing"
    if isinstance(value, str):
        # Not escaped, or a secret with a quote in it would not be found.
        return f'"{value}"'
    if isinstance(value, list):
        return "a list"
    return "an object" if isinstance(value, Mapping) else json.dumps(value)
