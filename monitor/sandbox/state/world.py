"""
The state of the sandbox: databases with their collections and documents, keys, teams and accounts of one project.

Handlers look collections up through ``World.collection``, where active faults may hide or change what is seen; what is
stored stays as it is, so that switching a fault off restores everything.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from monitor.core.clock import Clock, SystemClock
from monitor.sandbox.profile import V1_9, Profile
from monitor.sandbox.state.accounts import Accounts
from monitor.sandbox.state.identifiers import stamp
from monitor.sandbox.state.schema import Attribute, Index


@dataclass(slots=True, kw_only=True)
class Document:
    """
    One document (or row); *data* holds a value, perhaps None, for every attribute.
    """

    id: str
    sequence: int
    permissions: tuple[str, ...]
    created_at: str
    updated_at: str
    data: dict[str, object]


class Documents(dict[str, Document]):
    """
    The documents of a collection by id, and the number of the last one; deleted numbers are not given again.
    """

    def __init__(self) -> None:
        super().__init__()
        self._last_sequence = 0

    def next_sequence(self) -> int:
        """
        Return the number of a new document.
        """
        self._last_sequence += 1
        return self._last_sequence


@dataclass(slots=True, kw_only=True)
class Collection:
    """
    One collection (or table); *permissions* are expanded, ``write`` never occurs.
    """

    id: str
    database_id: str
    name: str
    created_at: str
    updated_at: str
    permissions: tuple[str, ...] = ()
    document_security: bool = False
    enabled: bool = True
    attributes: dict[str, Attribute] = field(default_factory=dict)
    indexes: dict[str, Index] = field(default_factory=dict)
    documents: Documents = field(default_factory=Documents)


@dataclass(slots=True, kw_only=True)
class Database:
    """
    One database, made by the collection family (``legacy``).
    """

    id: str
    name: str
    created_at: str
    enabled: bool = True
    collections: dict[str, Collection] = field(default_factory=dict)


@dataclass(slots=True, kw_only=True)
class ApiKey:
    """
    A server key; *scopes* None means all that a key can have.
    """

    secret: str = field(repr=False)
    scopes: frozenset[str] | None = None
    expires_at: datetime | None = None


def _unchanged(collection: Collection) -> Collection | None:
    return collection


class World:
    """
    All state of one project.
    """

    def __init__(self, *, project: str, profile: Profile = V1_9, clock: Clock | None = None) -> None:
        self.project = project
        self.profile = profile
        self.clock = clock or SystemClock()
        self.accounts = Accounts(self.clock)
        self.databases: dict[str, Database] = {}
        self.keys: dict[str, ApiKey] = {}
        # Hosts registered as web platforms, beside this machine; other origins are refused.
        self.platforms = {"localhost", "127.0.0.1", "::1"}
        # What is switched off in the console: services such as "databases", protocols such as "rest" and "websocket".
        self.services_off: set[str] = set()
        self.protocols_off: set[str] = set()
        self.view: Callable[[Collection], Collection | None] = _unchanged

    @property
    def collections(self) -> dict[str, Collection]:
        """
        The collections of all databases by id, as they are stored.
        """
        return {id_: each for database in self.databases.values() for id_, each in database.collections.items()}

    def now(self) -> str:
        """
        Return the time as Appwrite writes it.
        """
        return stamp(self.clock.now())

    def collection(self, database_id: str, collection_id: str) -> Collection | None:
        """
        Return a collection as it is seen while faults are on.
        """
        stored = self.databases[database_id].collections.get(collection_id)
        return stored and self.view(stored)

    def visible_collections(self, database_id: str) -> list[Collection]:
        """
        Return the collections of a database as they are seen while faults are on.
        """
        seen = (self.view(each) for each in self.databases[database_id].collections.values())
        return [each for each in seen if each is not None]

    def add_key(
        self, secret: str, *, scopes: frozenset[str] | None = None, expires_at: datetime | None = None
    ) -> ApiKey:
        """
        Add a server key; an ``_`` in *secret* must follow the word ``standard``.
        """
        key = ApiKey(secret=secret, scopes=scopes, expires_at=expires_at)
        self.keys[secret] = key
        return key
