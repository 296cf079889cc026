"""
What makes a wrong permission matrix right: which permissions to add and remove, and what they show to strangers.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field
from itertools import islice

from monitor.access.matrix import Matrix
from monitor.access.permission_change import Change, smallest_change
from monitor.core.manifest import Action
from monitor.core.permissions import exposure, permission, roles_granted


@dataclass(frozen=True, slots=True, kw_only=True)
class Permissions:
    """
    The permissions of one collection as they are, and as the manifest declares them, if it does.

    *public*: documents that everybody may read by permissions of their own, id → those permissions.
    """

    live: Sequence[str]
    declared: Sequence[str] = ()
    public: Mapping[str, Sequence[str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Remedy:
    """
    What to do to one action of one collection, in words; *exposes* says what strangers see by it, or see now.
    """

    collection: str
    action: Action
    change: tuple[str, ...]
    exposes: tuple[str, ...]


def remedies(
    matrix: Matrix, permissions: Mapping[str, Permissions], roles: Mapping[str, Set[str]]
) -> tuple[Remedy, ...]:
    """
    Return what makes the wrong cells of *matrix* right, the worst first, one remedy for each collection and action.

    *permissions*: by collection. *roles*: identity → those that it holds.
    """
    wrong = dict.fromkeys((cell.collection, cell.action) for cell in (*matrix.excess(), *matrix.missing()))
    return tuple(_remedy(matrix, collection, action, permissions[collection], roles) for collection, action in wrong)


def _remedy(
    matrix: Matrix, collection: str, action: Action, permissions: Permissions, roles: Mapping[str, Set[str]]
) -> Remedy:
    # Whose roles nobody knows has no say.
    may = {name: actions for name, actions in matrix.may[collection].items() if name in roles}
    allowed = {name: roles[name] for name, actions in may.items() if action in actions}
    denied = {name: roles[name] for name, actions in may.items() if action not in actions}
    change = smallest_change(
        roles_granted(permissions.live, action),
        allowed=allowed,
        denied=denied,
        preferred=roles_granted(permissions.declared, action),
    )
    public = permissions.public if action is Action.READ else {}
    told = (*_told(change, action, denied), *_told_of(public))
    exposures = (exposure(collection, action, role) for role in _shown(change, action))
    return Remedy(
        collection=collection,
        action=action,
        change=told or (f"{action} is granted as it must be: see what caches permissions, or the roles of users",),
        exposes=(*filter(None, exposures), *_published(collection, public)),
    )


def _told(change: Change, action: Action, denied: Collection[str]) -> Iterator[str]:
    for role in change.remove:
        yield f"remove {permission(action, role)}"
    for role in change.add:
        yield f"add {permission(action, role)}"
    if change.unreachable:
        who, whom = " and ".join(change.unreachable), " nor ".join(sorted(denied))
        # Documents have no permission to create.
        way = (
            "let the backend write for them"
            if action is Action.CREATE
            else "turn document security on, and grant it by permissions of the documents"
        )
        yield f"no permission of the collection lets {who} {action} and not {whom}: {way}"


def _told_of(public: Mapping[str, Sequence[str]]) -> Iterator[str]:
    for id_, permissions in islice(public.items(), 1):
        yield f"take {' and '.join(permissions)} off document {id_} itself{_more(public)}"


def _published(collection: str, public: Mapping[str, Sequence[str]]) -> Iterator[str]:
    for id_ in islice(public, 1):
        yield f"document {id_} of {collection} publishes itself{_more(public)}"


def _more(public: Collection[str]) -> str:
    return f", and {len(public) - 1} more" if len(public) > 1 else ""


def _shown(change: Change, action: Action) -> Sequence[str]:
    # To let somebody write is no exposure of data; that everybody may do, unasked, is told all the same.
    return change.remove if action is Action.CREATE else (*change.remove, *change.add)
