"""
The collections of the recordings: one for every state that permissions can be in.
"""

from monitor.sandbox.protocol.authorization import ON_DOCUMENTS, expand
from monitor.sandbox.protocol.family import COLLECTIONS, Family
from monitor.sandbox.state.inline import parse_attribute
from monitor.sandbox.state.world import Collection, Document, World

DATA: dict[str, object] = {
    "title": "seed",
    "status": "open",
    "count": 1,
    "active": True,
    "at": "2026-01-01T10:00:00.000+00:00",
}
ATTRIBUTES: list[dict[str, object]] = [
    {"key": "title", "type": "string", "size": 255, "required": True},
    {"key": "status", "type": "enum", "elements": ["open", "closed"]},
    {"key": "count", "type": "integer", "min": 0, "max": 100_000},
    {"key": "active", "type": "boolean"},
    {"key": "at", "type": "datetime"},
]
OF_USER_A = ['read("user:user_a")', 'update("user:user_a")', 'delete("user:user_a")']
EVERYTHING = ['read("any")', 'create("any")', 'update("any")', 'delete("any")']
STATE = "state"


def add_collection(
    world: World, database: str, *, permissions: list[str], security: bool = False, enabled: bool = True
) -> Collection:
    """
    Add a collection named ``state``.
    """
    now = world.now()
    parsed = [parse_attribute(each, now=now) for each in ATTRIBUTES]
    collection = Collection(
        id=STATE,
        database_id=database,
        name=STATE,
        created_at=now,
        updated_at=now,
        permissions=tuple(permissions),
        document_security=security,
        enabled=enabled,
        attributes={each.key: each for each in parsed},
    )
    world.databases[database].collections[STATE] = collection
    return collection


def add_document(collection: Collection, id_: str, *, permissions: list[str] | None = None) -> Document:
    """
    Add a document with the data of the recordings.
    """
    document = Document(
        id=id_,
        sequence=collection.documents.next_sequence(),
        permissions=expand(permissions or [], allowed=ON_DOCUMENTS),
        created_at=collection.created_at,
        updated_at=collection.created_at,
        data=dict(DATA),
    )
    collection.documents[id_] = document
    return document


def documents_path(database: str, *, family: Family = COLLECTIONS, collection: str = STATE) -> str:
    """
    Return the path of a collection's documents.
    """
    return f"/{family.root}/{database}/{family.collections}/{collection}/{family.documents}"
