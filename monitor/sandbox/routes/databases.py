"""
Routes on databases; for server keys only. A database made by either family is served by both.
"""

from collections.abc import Sequence

from monitor.sandbox.errors import AppwriteError, already_exists, not_found
from monitor.sandbox.protocol.answers import Answer
from monitor.sandbox.protocol.family import Family
from monitor.sandbox.protocol.listing import listed, matching
from monitor.sandbox.protocol.routing import Call, Route
from monitor.sandbox.state.identifiers import chosen_id
from monitor.sandbox.state.parameters import boolean_in, present, text_in
from monitor.sandbox.state.world import Database

LONGEST_NAME = 128
# This machine's memory, not Appwrite's limit.
MAX_DATABASES = 1_000


class DatabaseRoutes:
    """
    The routes of one family.
    """

    def __init__(self, family: Family) -> None:
        self._type = "legacy" if family.root == "databases" else family.root
        self._many = f"/{family.root}"

    def routes(self) -> Sequence[Route]:
        """
        Return all of them.
        """
        many, one = self._many, f"{self._many}/{{database}}"
        read, write = ("databases.read",), ("databases.write",)
        return (
            Route(method="GET", path=many, handler=_list, scopes=read),
            Route(method="POST", path=many, handler=self._create, scopes=write),
            Route(method="GET", path=one, handler=_get, scopes=read),
            Route(method="PUT", path=one, handler=_update, scopes=write),
            Route(method="DELETE", path=one, handler=_delete, scopes=write),
        )

    def _create(self, call: Call) -> Answer:
        world, now = call.world, call.world.now()
        database_id = chosen_id(present(call.fields, "databaseId"), "databaseId")
        name = text_in(call.fields, "name", longest=LONGEST_NAME)
        enabled = boolean_in(call.fields, "enabled", default=True)
        if database_id in world.databases:
            raise already_exists("database", database_id)
        if len(world.databases) >= MAX_DATABASES:
            message = f"This sandbox keeps no more than {MAX_DATABASES:,} databases."
            raise AppwriteError(400, "general_bad_request", message)
        database = Database(
            id=database_id,
            name=name,
            created_at=now,
            updated_at=now,
            enabled=enabled,
            type=self._type,
            sequence=world.next_sequence(),
        )
        world.databases[database_id] = database
        return Answer(status=201, body=_show(database))


def find_database(call: Call) -> Database:
    """
    Return the database of the path; a disabled one exists for keys only.
    """
    database = call.world.database(call.path["database"])
    if database is None or not (database.enabled or call.caller.is_key):
        raise not_found("database", call.path["database"])
    return database


def stored_database(call: Call) -> Database:
    """
    Return the database of the path as it is kept, to be changed; one that a fault hides is not found.
    """
    return call.world.databases[find_database(call).id]


def _list(call: Call) -> Answer:
    shown = [_show(each) for each in call.world.visible_databases()]
    return listed(call, "databases", matching(call, shown, of=("$id", "name")), askable=("name",))


def _get(call: Call) -> Answer:
    return Answer(body=_show(find_database(call)))


def _update(call: Call) -> Answer:
    """
    Change a database; without ``enabled`` it is enabled, as with a real server.
    """
    name = None
    if call.world.profile.name_required or call.fields.get("name") is not None:
        name = text_in(call.fields, "name", longest=LONGEST_NAME)
    enabled = boolean_in(call.fields, "enabled", default=True)
    database = stored_database(call)
    database.name = name or database.name
    database.enabled = enabled
    database.updated_at = call.world.now()
    return Answer(body=_show(find_database(call)))


def _delete(call: Call) -> Answer:
    del call.world.databases[stored_database(call).id]
    return Answer(status=204)


def _show(database: Database) -> dict[str, object]:
    return {
        "$id": database.id,
        "name": database.name,
        "$createdAt": database.created_at,
        "$updatedAt": database.updated_at,
        "enabled": database.enabled,
        "type": database.type,
    }
