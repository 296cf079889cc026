"""
Who may see, and change, what one side of a journey writes.
"""

from collections.abc import Iterable, Sequence
from typing import Literal

from monitor.core.identity import KEY

Share = Literal["backend", "nobody"] | tuple[str, ...]

_ACTIONS = ("read", "update")


def permissions_of(share: Share, *, writer: str, users: Iterable[str]) -> Sequence[str] | None:
    """
    Return what *writer*, an identity, grants with what he writes; None for what Appwrite grants him by default.
    """
    if isinstance(share, tuple):
        return [f'{action}("{role}")' for role in share for action in _ACTIONS]
    # To a key nothing is given by default.
    return shared_by_backend(users) if share == "backend" and writer == KEY else None


def shared_by_backend(users: Iterable[str]) -> list[str]:
    """
    Return what the platform's backend grants to both sides.
    """
    return [f'{action}("user:{user}")' for user in users for action in _ACTIONS]
