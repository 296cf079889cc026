"""
Permissions as Appwrite writes them, such as ``read("team:ID/ROLE")``: whom they let do what, and how widely.

``write`` of a collection is create, update and delete; Appwrite never shows it, but people declare it.
"""

import re
from collections.abc import Iterable, Set

from monitor.core.manifest import Action

_PERMISSION = re.compile(r'(\w+)\("([^"]+)"\)')
_WRITE = "write"
_WRITES = frozenset({Action.CREATE, Action.UPDATE, Action.DELETE})

# Roles from one person to everybody. Behind a role stands what names the same people until they are verified, or verify
# themselves: a grant that somebody falls out of one day.
_WIDTHS = (
    re.compile(r"user:[^/]+"),
    re.compile(r"user:.+/.+"),
    re.compile(r"member:.+"),
    re.compile(r"team:.+/.+"),
    re.compile(r"team:[^/]+"),
    re.compile(r"label:.+"),
    re.compile(r"users/verified"),
    re.compile(r"users"),
    re.compile(r"users/unverified"),
    re.compile(r"guests"),
)

# As the console calls them, with who that is: nobody is kept from signing up.
_PUBLIC = {
    "any": ("Any", "anybody"),
    "guests": ("All guests", "anybody not signed in"),
    "users": ("All users", "whoever signs up"),
    "users/unverified": ("Unverified users", "whoever signs up"),
    "users/verified": ("Verified users", "whoever signs up"),
}
_EXPOSURES = {
    Action.READ: "publishes every document",
    Action.CREATE: "lets {whom} write documents",
    Action.UPDATE: "lets {whom} change every document",
    Action.DELETE: "lets {whom} delete every document",
}


def roles_granted(permissions: Iterable[str], action: Action) -> frozenset[str]:
    """
    Return the roles to which *permissions* of a collection grant *action*; what is no permission grants nothing.
    """
    found = [match for each in permissions if (match := _PERMISSION.fullmatch(each))]
    return frozenset(role for granted, role in (match.groups() for match in found) if action in _actions_named(granted))


def actions_granted(permissions: Iterable[str], roles: Set[str]) -> frozenset[Action]:
    """
    Return what *permissions* of a collection let somebody do who holds *roles*.
    """
    granted = tuple(permissions)
    return frozenset(action for action in Action if not roles.isdisjoint(roles_granted(granted, action)))


def roles_with(roles: Iterable[str]) -> frozenset[str]:
    """
    Return *roles* with those that whoever holds them has too: ``team:a/owner`` is of ``team:a``, and one of ``users``.

    What is granted to any of these, whoever holds one of *roles* may do.
    """
    named = frozenset(roles)
    wider = {role.partition("/")[0] for role in named}
    states = {f"users/{role.partition('/')[2]}" for role in named if role.startswith("user:") and "/" in role}
    users = {"users"} if wider - {"any", "guests"} else set()
    return named | wider | states | users | {"any"} if named else named


def permission(action: Action, role: str) -> str:
    """
    Return the permission of *action* for *role*, as Appwrite writes it.
    """
    return f'{action}("{role}")'


def width(role: str) -> int:
    """
    Return how many *role* may stand for, as a rank from 0, one user, to everybody.
    """
    return next((rank for rank, form in enumerate(_WIDTHS) if form.fullmatch(role)), len(_WIDTHS))


def exposure(collection: str, action: Action, role: str) -> str:
    """
    Return what it opens to strangers that *collection* grants *action* to *role*; empty when that is to none.
    """
    if role not in _PUBLIC:
        return ""
    name, whom = _PUBLIC[role]
    return f"{name}: {action} on {collection} {_EXPOSURES[action].format(whom=whom)}"


def _actions_named(name: str) -> frozenset[Action]:
    if name == _WRITE:
        return _WRITES
    return frozenset({Action(name)}) if name in list(Action) else frozenset()
