"""
What a function is called with, and what it answers.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from monitor.sandbox.protocol.routing import Call


@dataclass(frozen=True, slots=True, kw_only=True)
class Invocation:
    """
    One run: the request as the caller wrote it. *call* reaches the platform, with the rights of whoever uses it.
    """

    call: Call
    body: str
    path: str
    method: str
    user_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """
    The HTTP answer of a function, and what it wrote to its logs.
    """

    status: int
    body: str
    logs: str = ""
    errors: str = ""


Handler = Callable[[Invocation], Result]


def as_json(status: int, body: Mapping[str, object], *, logs: str = "", errors: str = "") -> Result:
    """
    Return an answer in JSON.
    """
    return Result(status=status, body=json.dumps(body, separators=(",", ":")), logs=logs, errors=errors)
