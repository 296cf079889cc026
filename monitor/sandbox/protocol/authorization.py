"""
Permissions: ``read("user:ID")``, what they may name, how ``write`` unfolds, and who may do what.

The effective roles for an action are the collection's, plus the document's when document security is on; an action is
allowed when a role of the caller is among them. Server keys pass everywhere.
"""

import json
import re
from collections.abc import Iterable, Sequence

from monitor.core.target import appwrite_id
from monitor.sandbox.errors import argument_invalid, unauthorized
from monitor.sandbox.protocol.caller import Caller
from monitor.sandbox.state.world import Collection, Document

ON_COLLECTIONS = ("read", "create", "update", "delete", "write")
ON_DOCUMENTS = ("read", "update", "delete", "write")

_PERMISSION = re.compile(r'(\w+)\("([^"]*)"\)')
_WITH_ID = {"user", "team", "member", "label"}
_DIMENSIONS = {"users": {"verified", "unverified"}, "user": {"verified", "unverified"}}


def expand(permissions: object, *, allowed: Sequence[str], none: str = "") -> tuple[str, ...]:
    """
    Return the permissions of a body with ``write`` unfolded and repetitions left out; refuse bad ones.

    *none* ends a refusal where the parameter may also be null.
    """
    if not isinstance(permissions, list) or not all(isinstance(each, str) for each in permissions):
        raise argument_invalid("permissions", f"Value must be a valid array of permissions{none}")
    expanded: dict[str, None] = {}
    for each in permissions:
        action, role = _parse(each, allowed=allowed, none=none)
        for one in (a for a in allowed if a not in {"read", "write"}) if action == "write" else (action,):
            expanded[f'{one}("{role}")'] = None
    return tuple(expanded)


def roles_for(permissions: Iterable[str], action: str) -> list[str]:
    """
    Return the roles to which *permissions* allow *action*.
    """
    start = f'{action}("'
    return [each[len(start) : -2] for each in permissions if each.startswith(start)]


def may(caller: Caller, action: str, collection: Collection, document: Document | None = None) -> bool:
    """
    Return whether *caller* may do *action*; without a document, by the collection's permissions alone.
    """
    if caller.is_key:
        return True
    granted = roles_for(collection.permissions, action)
    if document is not None and collection.document_security:
        granted += roles_for(document.permissions, action)
    return not caller.roles.isdisjoint(granted)


def require_create(caller: Caller, collection: Collection) -> None:
    """
    Refuse whoever may not create documents; there is no permission for that on documents.
    """
    if may(caller, "create", collection):
        return
    granted = roles_for(collection.permissions, "create")
    if not granted:
        raise unauthorized("No permissions provided for action 'create'")
    raise unauthorized(
        f'Missing "create" permission for role "{granted[-1]}".'
        f' Only "{_php_json(caller.ordered_roles)}" scopes are allowed and "{_php_json(granted)}" was given.'
    )


def require_held_roles(caller: Caller, permissions: Iterable[str]) -> None:
    """
    Refuse a client that gives permissions to roles it does not hold itself.
    """
    if caller.is_key:
        return
    for each in permissions:
        if each[each.index('"') + 1 : -2] not in caller.roles:
            raise unauthorized(f"Permissions must be one of: ({', '.join(caller.ordered_roles)})")


def default_permissions(caller: Caller) -> tuple[str, ...]:
    """
    Return what a new document gets when the body names no permissions.
    """
    if caller.is_key or caller.user is None:
        return ()
    return tuple(f'{action}("user:{caller.user.id}")' for action in ("read", "update", "delete"))


def _parse(permission: str, *, allowed: Sequence[str], none: str) -> tuple[str, str]:
    match = _PERMISSION.fullmatch(permission)
    if match is None or match[1] not in allowed:
        raise argument_invalid(
            "permissions",
            f'Permission "{permission}" is not allowed. Must be one of: {", ".join(allowed)}.{none}',
        )
    if not _is_role(match[2]):
        raise argument_invalid(
            "permissions",
            f'Role "{match[2]}" is not allowed. Must be one of: any, guests, users, user, team, member, label.{none}',
        )
    return match[1], match[2]


def _is_role(role: str) -> bool:
    name, _, dimension = role.partition("/")
    kind, colon, id_ = name.partition(":")
    if bool(colon) != (kind in _WITH_ID) or kind not in {"any", "guests", "users", *_WITH_ID}:
        return False
    if colon:
        try:
            appwrite_id(id_)
        except ValueError:
            return False
    return "/" not in role or kind == "team" or dimension in _DIMENSIONS.get(kind, ())


def _php_json(roles: Sequence[str]) -> str:
    return json.dumps(roles, separators=(",", ":")).replace("/", "\\/")
