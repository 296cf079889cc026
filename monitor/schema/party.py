"""
Who needs which permission of a collection: its declared writers and readers, with all the roles that they hold.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from monitor.core.manifest import Action, DeclaredCollection
from monitor.core.permissions import permission, roles_granted, roles_with

# Who is not declared.
ANY_WRITER = "any writer"
ANY_READER = "any reader"


@dataclass(frozen=True, slots=True, kw_only=True)
class Permission:
    """
    That a *role* may do one thing to every document.
    """

    action: Action
    role: str

    def __str__(self) -> str:
        return permission(self.action, self.role)


def permissions_in(texts: Iterable[str]) -> frozenset[Permission]:
    """
    Return the permissions that *texts* grant; ``write`` is three of them.
    """
    texts = tuple(texts)
    return frozenset(Permission(action=action, role=role) for action in Action for role in roles_granted(texts, action))


def covering(permission: Permission, permissions: Iterable[Permission]) -> Permission | None:
    """
    Return one of *permissions* that lets everybody do what *permission* does; None when that lets in somebody new.
    """
    roles = roles_with([permission.role])
    covers = [each for each in permissions if each.action == permission.action and each.role in roles]
    return min(covers, key=str, default=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Party:
    """
    Somebody who needs to do one thing; *roles* are all those that he holds.
    """

    name: str
    action: Action
    roles: frozenset[str]

    def may(self, permissions: Iterable[Permission]) -> bool:
        """
        Return whether *permissions* of the collection let him do it.
        """
        return any(each.action == self.action and each.role in self.roles for each in permissions)


def parties_of(declared: DeclaredCollection) -> tuple[Party, ...]:
    """
    Return the declared writers and readers that hold roles; where none are declared, whoever each permission is for.
    """
    found = [
        Party(name=name, action=Action(writer.action), roles=roles_with(writer.roles))
        for name, writer in declared.writers.items()
    ]
    found += [
        Party(name=name, action=Action.READ, roles=roles_with(each.roles)) for name, each in declared.readers.items()
    ]
    for granted in permissions_in(declared.permissions):
        reads = granted.action is Action.READ
        if not (declared.readers if reads else declared.writers):
            name = ANY_READER if reads else ANY_WRITER
            found.append(Party(name=name, action=granted.action, roles=roles_with([granted.role])))
    # The key has no roles, and no permission binds it.
    return tuple(each for each in found if each.roles)
