"""
Presences: what users say of themselves while they are connected, such as ``online`` or ``typing``.

A user has one; saying something again replaces it, and the end of the connection that said it removes it. Both are
announced to whoever may read it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from monitor.sandbox.protocol.announcing import channels_of, names_of
from monitor.sandbox.protocol.authorization import (
    ON_DOCUMENTS,
    default_permissions,
    expand,
    require_held_roles,
    roles_for,
)
from monitor.sandbox.realtime.connection import Connection
from monitor.sandbox.realtime.hub import Hub
from monitor.sandbox.realtime.refusal import Refusal, bad_message
from monitor.sandbox.state.identifiers import chosen_id
from monitor.sandbox.state.world import World

_MAX_STATUS_CHARACTERS = 2_048
_UNAUTHORIZED = 401


@dataclass(frozen=True, slots=True, kw_only=True)
class Presence:
    """
    What one user says of himself.
    """

    id: str
    user_id: str
    status: str
    permissions: tuple[str, ...]
    metadata: object
    created_at: str
    updated_at: str

    def shown(self) -> dict[str, object]:
        """
        Return it as clients see it; without an end, since it ends with the connection.
        """
        return {
            "$id": self.id,
            "$createdAt": self.created_at,
            "$updatedAt": self.updated_at,
            "$permissions": list(self.permissions),
            "userId": self.user_id,
            "source": "realtime",
            "status": self.status,
            "metadata": self.metadata,
            "expiresAt": None,
        }


@dataclass(slots=True)
class _Said:
    by_user: dict[str, Presence] = field(default_factory=dict)
    by_connection: dict[Connection, set[str]] = field(default_factory=dict)


class Presences:
    """
    The presences of all users.
    """

    def __init__(self, world: World, hub: Hub) -> None:
        self._world = world
        self._hub = hub
        self._said = _Said()

    def upsert(self, connection: Connection, data: object) -> dict[str, object]:
        """
        Take what the user of *connection* says; return it as it is shown. Guests are refused.
        """
        presence = self._read(connection, data)
        self._said.by_user[presence.user_id] = presence
        self._said.by_connection.setdefault(connection, set()).add(presence.user_id)
        self._announce("upsert", presence)
        return presence.shown()

    def forget(self, connection: Connection) -> None:
        """
        Remove what was said on a connection that ended.
        """
        for user_id in self._said.by_connection.pop(connection, ()):
            presence = self._said.by_user.pop(user_id, None)
            if presence is not None:
                self._announce("delete", presence)

    def _read(self, connection: Connection, data: object) -> Presence:
        status = data.get("status") if isinstance(data, Mapping) else None
        if not isinstance(data, Mapping) or not isinstance(status, str) or len(status) > _MAX_STATUS_CHARACTERS:
            raise bad_message("Payload is not valid.")
        id_, metadata = chosen_id(data.get("presenceId", "unique()"), "presenceId"), data.get("metadata")
        if metadata is not None and not isinstance(metadata, Mapping):
            raise bad_message("Payload is not valid.")
        caller = connection.caller
        if caller.user is None:
            raise Refusal(_UNAUTHORIZED, "User must be authorized")
        asked = data.get("permissions")
        permissions = default_permissions(caller) if asked is None else expand(asked, allowed=ON_DOCUMENTS)
        require_held_roles(caller, permissions)
        known, now = self._said.by_user.get(caller.user.id), self._world.now()
        return Presence(
            id=known.id if known else id_,
            user_id=caller.user.id,
            status=status,
            permissions=permissions,
            metadata=metadata,
            created_at=known.created_at if known else now,
            updated_at=now,
        )

    def _announce(self, action: str, presence: Presence) -> None:
        self._hub.announce(
            names=names_of({"presences": presence.id}, action),
            channels=channels_of(["presences", f"presences.{presence.id}"], action, self._world.profile),
            roles=roles_for(presence.permissions, "read"),
            payload=presence.shown(),
        )
