"""
The smallest change of one action's grants that lets in all who may do it, and nobody who may not.

An identity may do what is granted to any role it holds. So every grant to a role that somebody holds who may not has
to go, and no other; who is then left out is let in by the fewest roles, the narrowest of those.
"""

from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass
from functools import cache

from monitor.core.permissions import width

# How dear it is to grant some roles: their number, their widths from the widest down, their names. Granting one more
# role in either case never turns the order of two such around, so that the best of a part is part of the best.
_Price = tuple[int, list[int], list[str]]
_Roles = tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """
    Roles to take the action from, and to give it to, in order of their names.

    *unreachable*: identities that no grant lets in without letting in one that must not.
    """

    remove: tuple[str, ...] = ()
    add: tuple[str, ...] = ()
    unreachable: tuple[str, ...] = ()


def smallest_change(
    granted: Set[str],
    *,
    allowed: Mapping[str, Set[str]],
    denied: Mapping[str, Set[str]],
    preferred: Set[str] = frozenset(),
) -> Change:
    """
    Return the change of the *granted* roles that is right for every identity, as far as there is one.

    *allowed* and *denied*: identity → the roles that it holds. Of equally few roles to add, *preferred* come first.
    """
    taboo = frozenset(role for roles in denied.values() for role in roles)
    kept = granted - taboo
    left_out = {name: roles - taboo for name, roles in allowed.items() if kept.isdisjoint(roles)}
    reachable = {name: roles for name, roles in left_out.items() if roles}
    return Change(
        remove=tuple(sorted(granted & taboo)),
        add=tuple(sorted(_cheapest(reachable, preferred))),
        unreachable=tuple(sorted(left_out.keys() - reachable.keys())),
    )


def _cheapest(left_out: Mapping[str, Set[str]], preferred: Set[str]) -> _Roles:
    lets_in = _narrowest_of_each_kind(left_out, preferred)

    @cache
    def cheapest(names: frozenset[str]) -> _Roles:
        if not names:
            return ()
        # Somebody must let this one in; who has the fewest choices splits the search the least.
        hardest = min(names, key=lambda name: (sum(name in let_in for let_in in lets_in.values()), name))
        choices = [(role, *cheapest(names - let_in)) for role, let_in in lets_in.items() if hardest in let_in]
        return min(choices, key=lambda roles: _price(roles, preferred))

    return cheapest(frozenset(left_out))


def _narrowest_of_each_kind(left_out: Mapping[str, Set[str]], preferred: Set[str]) -> dict[str, frozenset[str]]:
    # Role → whom it lets in. Of roles that let the same ones in, the cheapest is enough.
    best: dict[frozenset[str], str] = {}
    roles = {role for held in left_out.values() for role in held}
    for role in sorted(roles, key=lambda role: _price((role,), preferred)):
        best.setdefault(frozenset(name for name, held in left_out.items() if role in held), role)
    return {role: let_in for let_in, role in best.items()}


def _price(roles: Iterable[str], preferred: Set[str]) -> _Price:
    names = sorted(roles)
    widths = sorted((0 if role in preferred else 1 + width(role) for role in names), reverse=True)
    return len(names), widths, names
