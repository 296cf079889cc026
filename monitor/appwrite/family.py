"""
The two families of calls over the same data, with their own nouns, and the channels on which its events come.

A server before 1.8 has no tables. Which family wrote does not matter to channels: every write is announced on all.
"""

from dataclasses import dataclass

ACTIONS = ("create", "update", "upsert", "delete")


@dataclass(frozen=True, slots=True, kw_only=True)
class Family:
    """
    How the paths and bodies of one family call things, in the singular.
    """

    root: str
    collection: str
    document: str
    attribute: str

    @property
    def collections(self) -> str:
        """
        Collections, in paths and in the answers of lists.
        """
        return f"{self.collection}s"

    @property
    def documents(self) -> str:
        """
        Documents, in paths and in the answers of lists.
        """
        return f"{self.document}s"

    @property
    def document_id(self) -> str:
        """
        The id of a document, in bodies.
        """
        return f"{self.document}Id"

    def channel(self, database: str, collection: str) -> str:
        """
        Return the channel of all documents of *collection*; servers of every version know it.
        """
        return f"databases.{database}.{self.collections}.{collection}.{self.documents}"


COLLECTIONS = Family(root="databases", collection="collection", document="document", attribute="attribute")
TABLES = Family(root="tablesdb", collection="table", document="row", attribute="column")
FAMILIES = {"collections": COLLECTIONS, "tables": TABLES}


def every_channel(
    database: str, collection: str, document_ids: tuple[str, ...] = (), *, actions: tuple[str, ...] = ACTIONS
) -> tuple[str, ...]:
    """
    Return every channel on which events of *collection* may come, and of single documents, with their *actions*.

    Of all versions (``appwrite-protocol.md`` 5.6): what a server does not know is accepted, and silent.
    """
    wholes = [COLLECTIONS.channel(database, collection), TABLES.channel(database, collection)]
    wholes.append(f"tablesdb.{database}.tables.{collection}.rows")
    bases = ["documents", "rows", *wholes, *(f"{whole}.{id_}" for id_ in document_ids for whole in wholes)]
    return tuple(channel for base in bases for channel in (base, *(f"{base}.{action}" for action in actions)))
