"""
On which channels, and under which names, a write to a document is announced.

The channels are the same whichever family of routes the write came through; the names depend on the family that made
the database, and their order on the route.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from monitor.sandbox.profile import Profile

_OF_COLLECTIONS = ("databases.{d}.collections.{c}", "documents.{x}")
_OF_TABLES = ("databases.{d}.tables.{c}", "rows.{x}")
_OF_TABLESDB = ("tablesdb.{d}.tables.{c}", "rows.{x}")
_ROOTS = {"legacy": ("databases",), "tablesdb": ("tablesdb", "databases")}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Order:
    """
    How a real server lists the names: every one is followed by its twins, in the order of *templates*.

    *documents* and *collections* tell which of database, collection and document are named; the others are ``*``.
    """

    templates: tuple[tuple[str, str], ...]
    documents: tuple[str, ...]
    collections: tuple[str, ...]


_COLLECTIONS_FIRST = _Order(
    templates=(_OF_COLLECTIONS, _OF_TABLES),
    documents=("dcx", "", "dx", "x", "cx", "dc", "c", "d"),
    collections=("dc", "", "d", "c"),
)
_TABLES_FIRST = _Order(
    templates=(_OF_TABLES, _OF_COLLECTIONS),
    documents=("dcx", "", "cx", "dx", "x", "dc", "c", "d"),
    collections=("dc", "", "c", "d"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Write:
    """
    One write to a document; *family* is the one that made the database: ``legacy`` or ``tablesdb``.

    *by_tables* tells that it was made through the routes of tables.
    """

    action: str
    database: str
    collection: str
    document: str
    family: str = "legacy"
    by_tables: bool = False


def channels_of(write: Write, profile: Profile) -> list[str]:
    """
    Return the channels: 8 for every action, and the same with the action as a suffix, as far as the version has them.
    """
    database, collection, document = write.database, write.collection, write.document
    channels = [
        "documents",
        f"databases.{database}.collections.{collection}.documents",
        f"databases.{database}.collections.{collection}.documents.{document}",
        "rows",
        f"databases.{database}.tables.{collection}.rows",
        f"databases.{database}.tables.{collection}.rows.{document}",
    ]
    if profile.tablesdb_channels:
        channels += [
            f"tablesdb.{database}.tables.{collection}.rows",
            f"tablesdb.{database}.tables.{collection}.rows.{document}",
        ]
    if profile.subscribe_messages:
        channels += [f"{channel}.{write.action}" for channel in channels]
    return channels


def names_of(write: Write) -> list[str]:
    """
    Return the names of the event, the most telling first: 42, or 64 in a database of the tables family.
    """
    ids = {"d": write.database, "c": write.collection, "x": write.document}
    # A real server announces a new row as if it were a document, but not what is done to it afterwards.
    order = _TABLES_FIRST if write.by_tables and write.action != "create" else _COLLECTIONS_FIRST
    templates = order.templates if write.family == "legacy" else (_OF_TABLESDB, _OF_TABLES, _OF_COLLECTIONS)
    documents = _filled([f"{outer}.{inner}" for outer, inner in templates], order.documents, ids)
    collections = _filled([outer for outer, _ in templates], order.collections, ids)
    databases = [f"{root}.{id_}" for id_ in (write.database, "*") for root in _ROOTS[write.family]]
    return [f"{name}.{write.action}" for name in documents] + documents + collections + databases


def _filled(templates: Sequence[str], namings: Sequence[str], ids: Mapping[str, str]) -> list[str]:
    names = []
    for named in namings:
        values = {letter: (id_ if letter in named else "*") for letter, id_ in ids.items()}
        names += [template.format_map(values) for template in templates]
    return names
