"""
The state of the sandbox: databases with their collections and documents, keys, teams and accounts of one project.

Handlers look collections up through ``World.collection``, where active faults may hide or change what is seen; what is
stored stays as it is, so that switching a fault off restores everything.
"""

from dataclasses import dataclass, field
from datetime import datetime

from monitor.core.clock import Clock, SystemClock
from monitor.sandbox.profile import V1_9, Profile
from monitor.sandbox.state.accounts import Accounts, Session
from monitor.sandbox.state.functions import Functions
from monitor.sandbox.state.identifiers import stamp
from monitor.sandbox.state.kept import KeptLists
from monitor.sandbox.state.limits import Counters
from monitor.sandbox.state.messaging import Messaging
from monitor.sandbox.state.schema import Attribute, Index
from monitor.sandbox.state.teams import Teams
from monitor.sandbox.state.transactions import Transactions
from monitor.sandbox.state.view import View
from monitor.sandbox.state.worker import Worker


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
    One collection (or table); *permissions* are expanded, ``write`` never occurs. *sequence* numbers it.
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
    sequence: int = 1

    @property
    def serving(self) -> dict[str, Attribute]:
        """
        The attributes that documents have: not those still processing, nor those that failed.
        """
        return {key: each for key, each in self.attributes.items() if each.serves}


@dataclass(slots=True, kw_only=True)
class Database:
    """
    One database; *type* is ``legacy`` or ``tablesdb``, after the family that made it. Both families serve it.
    """

    id: str
    name: str
    created_at: str
    updated_at: str
    enabled: bool = True
    type: str = "legacy"
    sequence: int = 1
    collections: dict[str, Collection] = field(default_factory=dict)
    _last_collection: int = 0

    def next_sequence(self) -> int:
        """
        Return the number of a new collection; deleted numbers are not given again.
        """
        self._last_collection += 1
        return self._last_collection


@dataclass(slots=True, kw_only=True)
class ApiKey:
    """
    A server key; *scopes* None means all that a key can have, *lacks* are those it has not in any case.
    """

    secret: str = field(repr=False)
    scopes: frozenset[str] | None = None
    lacks: frozenset[str] = frozenset()
    expires_at: datetime | None = None
    name: str = ""


class World:
    """
    All state of one project.
    """

    def __init__(self, *, project: str, profile: Profile = V1_9, clock: Clock | None = None) -> None:
        self.project = project
        self.profile = profile
        self.clock = clock or SystemClock()
        self.accounts = Accounts(self.clock)
        self.teams = Teams(self.accounts)
        self.messaging = Messaging(self.accounts)
        self.functions = Functions()
        self.databases: dict[str, Database] = {}
        self._last_database = 0
        self.transactions = Transactions(self.clock)
        self.kept_lists = KeptLists(self.clock)
        # What schema changes leave to be done; whoever runs the world starts and stops it.
        self.worker = Worker()
        self.keys: dict[str, ApiKey] = {}
        # Hosts registered as web platforms, beside this machine; other origins are refused.
        self.platforms = {"localhost", "127.0.0.1", "::1"}
        # What is switched off in the console: services such as "databases", protocols such as "rest" and "websocket".
        self.services_off: set[str] = set()
        self.protocols_off: set[str] = set()
        # Ways to sign in that are switched off: "email-password", "anonymous", "jwt", …
        self.auth_methods_off: set[str] = set()
        # Secrets of developer keys, which lift rate limits and the check of the origin, and give no permission.
        self.developer_keys: set[str] = set()
        # Calls are counted, and refused beyond their limits, only while it is on.
        self.rate_limits = False
        self.limits = Counters(self.clock)
        self.view = View()

    @property
    def workers(self) -> tuple[Worker, ...]:
        """
        All that do jobs after an answer; whoever runs the world starts and stops them.
        """
        return self.worker, self.messaging.worker, self.functions.worker

    @property
    def collections(self) -> dict[str, Collection]:
        """
        The collections of all databases by id, as they are stored.
        """
        return {id_: each for database in self.databases.values() for id_, each in database.collections.items()}

    def next_sequence(self) -> int:
        """
        Return the number of a new database.
        """
        self._last_database += 1
        return self._last_database

    def now(self) -> str:
        """
        Return the time as Appwrite writes it.
        """
        return stamp(self.clock.now())

    def database(self, database_id: str) -> Database | None:
        """
        Return a database as it is seen while faults are on.
        """
        stored = self.databases.get(database_id)
        return stored and self.view.database(stored)

    def visible_databases(self) -> list[Database]:
        """
        Return the databases as they are seen while faults are on.
        """
        seen = (self.view.database(each) for each in self.databases.values())
        return [each for each in seen if each is not None]

    def collection(self, database_id: str, collection_id: str) -> Collection | None:
        """
        Return a collection as it is seen while faults are on.
        """
        stored = self.databases[database_id].collections.get(self.view.locate(collection_id))
        seen = stored and self.view.collection(stored)
        # One that seems to live under another id is not there under its own.
        return seen if seen is not None and seen.id == collection_id else None

    def visible_collections(self, database_id: str) -> list[Collection]:
        """
        Return the collections of a database as they are seen while faults are on.
        """
        seen = (self.view.collection(each) for each in self.databases[database_id].collections.values())
        return [each for each in seen if each is not None]

    def key(self, secret: str) -> ApiKey | None:
        """
        Return a server key as it is seen while faults are on.
        """
        stored = self.keys.get(secret)
        return stored and self.view.key(stored)

    def session(self, encoded: str) -> Session | None:
        """
        Return the session that *encoded* proves, as it is seen while faults are on.
        """
        found = self.accounts.find_session(encoded)
        return found and self.view.session(found)

    def add_key(
        self, secret: str, *, scopes: frozenset[str] | None = None, expires_at: datetime | None = None
    ) -> ApiKey:
        """
        Add a server key; an ``_`` in *secret* must follow the word ``standard``.
        """
        key = ApiKey(secret=secret, scopes=scopes, expires_at=expires_at)
        self.keys[secret] = key
        return key
