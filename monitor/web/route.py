"""
What can be asked: one table, of which the router, the permissions and the OpenAPI document are made.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from enum import Enum, auto

from aiohttp import web

from monitor.web.model import Shape

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

NAME_OF_CHECK = "name of a check"

# What only reads what is known answers at once; so this is for the body, and for a store that hangs.
_ANSWER_SECONDS = 10.0


class Right(Enum):
    """
    What somebody needs who asks: nothing; to be one who may read; to be one who may start work or change something.
    """

    NONE = auto()
    READ = auto()
    ACT = auto()


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameter:
    """
    One parameter, of the path unless it is *in_query*; *schema* is JSON Schema.
    """

    name: str
    about: str
    schema: dict[str, object]
    in_query: bool = False
    required: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """
    What is answered when it was done: of the media *type*, and if that is JSON, of this *shape*.
    """

    status: int = 200
    about: str = ""
    shape: type[Shape] | None = None
    type: str = "application/json"


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """
    One thing that can be asked.

    *refusals* are the statuses with which it can be refused, beside those that every one has. *within_seconds* is how
    long it may take; None when the handler sees to that itself.
    """

    method: str
    path: str
    handler: Handler
    right: Right
    about: str
    answer: Answer
    parameters: tuple[Parameter, ...] = ()
    body: type[Shape] | None = None
    refusals: tuple[int, ...] = ()
    within_seconds: float | None = field(default=_ANSWER_SECONDS)
