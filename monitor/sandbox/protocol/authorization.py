"""
Permissions: ``read("user:ID")``, what they may name, how ``write`` unfolds, and who may do what.

The effective roles for an action are the collection's, plus the document's when document security is on; an action is
allowed when a role of the caller is among them. Server keys pass everywhere.
"""

import json
import re
from collections.abc import Callable, Iterable, Sequence

from monitor.core.target import appwrite_id
from monitor.sandbox.errors import argument_invalid, unauthorized
from monitor.sandbox.protocol.caller import Caller
from monitor.sandbox.state.world import Collection, Document

ON_COLLECTIONS = ("read", "create", "update", "delete", "write")
ON_DOCUMENTS = ("read", "update", "delete", "write")
MAX_PERMISSIONS = 100

_ROLES = ("any", "guests", "users", "user", "team", "member", "label")
_WITH_ID = {"user", "team", "member", "label"}
_VERIFICATIONS = ("verified", "unverified")
_DIMENSIONS: dict[str, tuple[str, ...]] = {"users": _VERIFICATIONS, "user": _VERIFICATIONS, "team": ()}
_LABEL = re.compile(r"[A-Za-z0-9]{1,36}")
_ID_RULE = (
    "Parameter must contain at most 36 chars. Valid chars are a-z, A-Z, 0-9, period, hyphen, and underscore."
    " Can't start with a special char"
)


def expand(permissions: object, *, allowed: Sequence[str], none: str = "") -> tuple[str, ...]:
    """
    Return the permissions of a body with ``write`` unfolded and repetitions left out; refuse bad ones.

    *none* ends a refusal where the parameter may also be null.
    """
    try:
        return expanded(permissions, allowed=allowed)
    except ValueError as error:
        raise argument_invalid("permissions", f"{error}{none}") from None


def expanded(permissions: object, *, allowed: Sequence[str]) -> tuple[str, ...]:
    """
    Return the permissions as ``expand`` does; raise ``ValueError``, in Appwrite's words, for bad ones.
    """
    if not isinstance(permissions, list):
        raise ValueError("Permissions must be an array of strings.")  # noqa: TRY004 - one class for every bad one
    if len(permissions) > MAX_PERMISSIONS:
        raise ValueError(f"You can only provide up to {MAX_PERMISSIONS} permissions.")
    unfolded: dict[str, None] = {}
    for each in permissions:
        action, role = _parse(each, allowed)
        for one in (a for a in allowed if a not in {"read", "write"}) if action == "write" else (action,):
            unfolded[f'{one}("{role}")'] = None
    return tuple(unfolded)


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
    if caller.is_key or not _held(caller, action).isdisjoint(collection.permissions):
        return True
    if document is None or not collection.document_security:
        return False
    return not _held(caller, action).isdisjoint(document.permissions)


def reading(caller: Caller, collection: Collection) -> Callable[[Document], bool] | None:
    """
    Return what tells which documents *caller* may read, None for all; refuse one who may not list at all.
    """
    if may(caller, "read", collection):
        return None
    if not collection.document_security:
        raise unauthorized()
    held = _held(caller, "read")
    return lambda document: not held.isdisjoint(document.permissions)


def require(caller: Caller, action: str, collection: Collection, document: Document) -> None:
    """
    Refuse whoever may not do *action* to a document.
    """
    if not may(caller, action, collection, document):
        raise unauthorized()


def require_create(caller: Caller, collection: Collection, *, told_why: bool = True) -> None:
    """
    Refuse whoever may not create documents; there is no permission for that on documents.

    *told_why* is false for versions whose refusal does not name the roles.
    """
    if may(caller, "create", collection):
        return
    granted = roles_for(collection.permissions, "create")
    if not told_why:
        raise unauthorized()
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
    if caller.user is None:
        return ()
    return tuple(f'{action}("user:{caller.user.id}")' for action in ("read", "update", "delete"))


def _held(caller: Caller, action: str) -> frozenset[str]:
    return frozenset(f'{action}("{role}")' for role in caller.roles)


def _parse(permission: object, allowed: Sequence[str]) -> tuple[str, str]:
    if not isinstance(permission, str):
        raise ValueError("Every permission must be of type string.")  # noqa: TRY004 - one class for every bad one
    if not permission.startswith(tuple(allowed)):
        raise ValueError(f'Permission "{permission}" is not allowed. Must be one of: {", ".join(allowed)}.')
    action, quoted, rest = permission.partition('("')
    role = rest.removesuffix('")')
    if not quoted or role == rest or '"' in role:
        raise ValueError(f'Invalid permission string format: "{permission}".')
    if action not in allowed:
        raise ValueError(f'Invalid permission type: "{action}".')
    _require_role(role)
    return action, role


def _require_role(written: str) -> None:
    named, slash, dimension = written.partition("/")
    role, _, id_ = named.partition(":")
    if role not in _ROLES:
        raise ValueError(f'Role "{role}" is not allowed. Must be one of: {", ".join(_ROLES)}.')
    if role in _WITH_ID:
        _require_id(role, id_)
    elif named != role:
        raise ValueError(f'Role "{role}" can not have an ID value.')
    if slash:
        _require_dimension(role, dimension)


def _require_id(role: str, id_: str) -> None:
    if not id_:
        raise ValueError(f'Role "{role}" must have an ID value.')
    if role == "label":
        if not _LABEL.fullmatch(id_):
            raise ValueError('Role "label" identifier value is invalid: Value must contain only letters and numbers')
        return
    try:
        appwrite_id(id_)
    except ValueError:
        raise ValueError(f'Role "{role}" identifier value is invalid: {_ID_RULE}') from None


def _require_dimension(role: str, dimension: str) -> None:
    if not dimension:
        raise ValueError("Dimension must not be empty")
    if "/" in dimension:
        raise ValueError("Only one dimension can be provided")
    if role not in _DIMENSIONS:
        raise ValueError(f'Role "{role}" can not have a dimension value.')
    options = _DIMENSIONS[role]
    if options and dimension not in options:
        raise ValueError(f'Role "{role}" dimension value is invalid. Must be one of: {", ".join(options)}.')
    if not options:
        try:
            appwrite_id(dimension)
        except ValueError:
            raise ValueError(f'Role "{role}" dimension value is invalid: {_ID_RULE}') from None


def _php_json(roles: Sequence[str]) -> str:
    return json.dumps(roles, separators=(",", ":")).replace("/", "\\/")
