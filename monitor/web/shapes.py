"""
What goes over the wire beside what is shown: lists, what is asked for, and what is wrong with that.
"""

from typing import Annotated

from pydantic import ConfigDict, Field

from monitor.core.duration import MAX_SECONDS
from monitor.core.errors import MAX_MESSAGE_CHARACTERS
from monitor.web.model import CheckView, IncidentView, Shape, SilenceView

# Whoever means more of them has a pattern; and so many long names are a body that is read.
_MOST_CHECKS_NAMED = 300
_LONGEST_NAME = 200
# As with `monitor silence`.
_SHORTEST_SECONDS = 1.0


class Refusal(Shape):
    """
    Why something was not done, in *error*: one sentence, with what to do.
    """

    error: str


class Checks(Shape):
    """
    All *checks*, in the order of the configuration.
    """

    checks: tuple[CheckView, ...] = ()


class Incidents(Shape):
    """
    The incidents that are *open*, the gravest first and what is silenced last; and the last that were *resolved*, the
    newest first.
    """

    open: tuple[IncidentView, ...] = ()
    resolved: tuple[IncidentView, ...] = ()


class Silences(Shape):
    """
    The *silences* that are in force.
    """

    silences: tuple[SilenceView, ...] = ()


class SilenceOrder(Shape):
    """
    A silence that somebody asks for: trouble of the *checks* (names, or patterns such as ``chat-*``) pages nobody.
    """

    model_config = ConfigDict(
        strict=True, json_schema_extra={"examples": [{"checks": ["*"], "for_seconds": 3600, "reason": "an upgrade"}]}
    )

    checks: Annotated[
        tuple[Annotated[str, Field(min_length=1, max_length=_LONGEST_NAME)], ...],
        Field(min_length=1, max_length=_MOST_CHECKS_NAMED, description="names, or patterns such as chat-*"),
    ]
    for_seconds: float = Field(ge=_SHORTEST_SECONDS, le=MAX_SECONDS, allow_inf_nan=False)
    reason: str = Field(
        min_length=1, max_length=MAX_MESSAGE_CHARACTERS, pattern=r"\S", description="for those who find it silent"
    )
