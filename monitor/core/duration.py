"""
Durations as people write them: ``500ms``, ``30s``, ``2m``, ``1h30m``, ``7d``.
"""

import re
from typing import Annotated

from pydantic import BeforeValidator, WithJsonSchema

_UNITS = {"ms": 0.001, "s": 1.0, "m": 60.0, "h": 3600.0, "d": 86400.0}
_PART = re.compile(r"([0-9]+(?:\.[0-9]+)?)(ms|s|m|h|d)")
# Nothing that a monitor waits for takes longer; also the bound for a text of a thousand nines.
MAX_SECONDS = 7 * 86400.0
PATTERN = rf"^(?:{_PART.pattern})+$"


def parse_duration(value: object) -> float:
    """
    Return the seconds that *value* means; raise ``ValueError`` unless it is a text with a unit, at most a week.

    A bare number is refused, since nobody can say at 3 a.m. whether 30 meant seconds or minutes.
    """
    if not isinstance(value, str) or not re.fullmatch(PATTERN, value):
        raise ValueError("must be a duration with a unit, such as 500ms, 30s, 2m or 1h30m")
    seconds = sum(float(amount) * _UNITS[unit] for amount, unit in _PART.findall(value))
    if seconds > MAX_SECONDS:
        raise ValueError(f"must be at most {show_duration(MAX_SECONDS)}")
    return seconds


def show_duration(seconds: float) -> str:
    """
    Return *seconds* as a person would write it: ``0.5`` → ``500ms``, ``90.0`` → ``90s``, ``120.0`` → ``2m``.
    """
    if 0.0 < seconds < 0.0001:
        return f"{seconds * 1e6:.0f}µs"
    if seconds < 1.0:
        return f"{seconds * 1000:.3g}ms"
    for unit in ("d", "h", "m"):
        if seconds % _UNITS[unit] == 0:
            return f"{seconds / _UNITS[unit]:g}{unit}"
    return f"{seconds:.4g}s"


Duration = Annotated[
    float, BeforeValidator(parse_duration), WithJsonSchema({"type": "string", "pattern": PATTERN, "examples": ["30s"]})
]
