"""
What lists in the configuration must be.
"""

from typing import TypeVar

T = TypeVar("T")


def some(values: tuple[T, ...]) -> tuple[T, ...]:
    """
    Return *values* unless there are none: raise ``ValueError`` then.

    Not the bound of a field: pydantic finds that broken as well when an entry is wrong, and then two things are told.
    """
    if not values:
        raise ValueError("must have at least one entry")
    return values
