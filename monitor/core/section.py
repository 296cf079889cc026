"""
What every section of the configuration is.
"""

from typing import TypeVar

from pydantic import BaseModel, ConfigDict

T = TypeVar("T")


class Section(BaseModel):
    """
    A part of the configuration: it cannot be changed, takes no unknown key, and shows no value in an error.

    A field ``x_seconds`` is written ``x`` in the file, since the value there carries its unit (``30s``).
    """

    model_config = ConfigDict(
        frozen=True,
        extra="forbid",
        hide_input_in_errors=True,
        alias_generator=lambda field: field.removesuffix("_seconds"),
    )


def some(values: tuple[T, ...]) -> tuple[T, ...]:
    """
    Return *values* unless there are none: raise ``ValueError`` then.

    Not the bound of a field: pydantic finds that broken as well when an entry is wrong, and then two things are told.
    """
    if not values:
        raise ValueError("must have at least one entry")
    return values
