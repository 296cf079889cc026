"""
What each identity may do with the documents of each collection: by a table, else the manifest's, else its permissions.
"""

from collections.abc import Iterator, Mapping, Sequence, Set

from monitor.core.errors import unknown
from monitor.core.manifest import Action, DeclaredCollection, Manifest
from monitor.core.permissions import actions_granted

# Collection → identity → what it may do with every document.
Table = Mapping[str, Mapping[str, Sequence[Action]]]

ROLES_OF_GUESTS = frozenset({"any", "guests"})


class Access:
    """
    *collections*: those that are judged; unless they are *named*, those of *table*, else the manifest's enabled ones.
    """

    def __init__(self, table: Table, manifest: Manifest | None, *, named: Sequence[str] = ()) -> None:
        self._table = table
        self._declared: Mapping[str, DeclaredCollection] = manifest.collections if manifest else {}
        enabled = tuple(id_ for id_, collection in self._declared.items() if collection.enabled)
        self.collections: Sequence[str] = named or tuple(table) or enabled

    def permissions(self, collection: str) -> Sequence[str]:
        """
        Return the permissions that the manifest declares for *collection*.
        """
        return self._declared[collection].permissions if collection in self._declared else ()

    def said(self, collection: str, identity: str) -> frozenset[Action] | None:
        """
        Return what *identity* may do as somebody wrote it down; None when its roles decide.
        """
        declared = self._declared[collection].access if collection in self._declared else None
        actions = self._table.get(collection, {}).get(identity, (declared or {}).get(identity))
        return None if actions is None else frozenset(actions)

    def asks_for_roles(self, identity: str) -> bool:
        """
        Return whether the roles of *identity* decide anything.
        """
        return any(self.said(collection, identity) is None for collection in self.collections)

    def may(self, identities: Sequence[str], roles: Mapping[str, Set[str]]) -> dict[str, dict[str, frozenset[Action]]]:
        """
        Return collection → identity → actions; *roles* holds those of the identities whose roles are asked for.
        """
        return {
            collection: {name: self._may(collection, name, roles) for name in identities}
            for collection in self.collections
        }

    def objections(self, identities: Sequence[str]) -> Iterator[str]:
        """
        Yield why this says too little to judge *identities* by, as messages of the configuration.
        """
        if not self.collections:
            yield "there is no collection to judge: give access, or a manifest"
        for collection in self.collections:
            if collection not in self._declared:
                yield from self._says_too_little(collection, identities)

    def _may(self, collection: str, identity: str, roles: Mapping[str, Set[str]]) -> frozenset[Action]:
        said = self.said(collection, identity)
        return actions_granted(self.permissions(collection), roles[identity]) if said is None else said

    def _says_too_little(self, collection: str, identities: Sequence[str]) -> Iterator[str]:
        if collection not in self._table:
            yield f"{unknown('collection', collection, {*self._table, *self._declared})}, in access and the manifest"
        for name in identities:
            if name not in self._table.get(collection, {}):
                yield f"access.{collection} says nothing of {name}: say what it may do, or give a manifest"
