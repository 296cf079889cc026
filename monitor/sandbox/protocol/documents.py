"""
What callers send of documents (rows), and what they are shown of them.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from monitor.core.target import appwrite_id
from monitor.sandbox.errors import AppwriteError, argument_invalid
from monitor.sandbox.protocol.authorization import ON_DOCUMENTS, expand
from monitor.sandbox.protocol.caller import Caller
from monitor.sandbox.protocol.family import Family
from monitor.sandbox.protocol.reading import read_object
from monitor.sandbox.protocol.routing import Call
from monitor.sandbox.state.identifiers import chosen_id
from monitor.sandbox.state.limits import Limit
from monitor.sandbox.state.storage import Draft, Storage
from monitor.sandbox.state.world import Collection, Document

# As many documents as one call can send.
MAX_BATCH = 100
# How often a caller may write: counted for each route, all collections together.
_PER_CALLER = "ip:{ip},method:{method},url:{url},userId:{user}"
WRITES = (Limit(count=120, seconds=60, key=_PER_CALLER),)
DELETES = (Limit(count=60, seconds=60, key=_PER_CALLER),)
# How much a call has asked of the database, on the routes where a real server tells it.
ONE_OPERATION = {"X-Debug-Operations": "1"}
_UID_RULE = (
    "UID must contain at most 36 chars. Valid chars are a-z, A-Z, 0-9, and underscore."
    " Can't start with a leading underscore"
)
# Appwrite's own keys are dropped, so that a caller may send back what it was given.
_RESERVED = frozenset(
    [
        "$id",
        "$sequence",
        "$permissions",
        "$createdAt",
        "$updatedAt",
        "$databaseId",
        "$collectionId",
        "$tableId",
        "$collection",
        "$tenant",
    ]
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """
    The documents of one collection in one call: *family* has the words, *call* the caller and the publisher.
    """

    call: Call
    family: Family
    collection: Collection

    @property
    def storage(self) -> Storage:
        """
        Where changes are made.
        """
        return Storage(world=self.call.world, collection=self.collection, noun=self.family.document)

    def show(self, document: Document, wanted: frozenset[str] | None = None) -> dict[str, object]:
        """
        Return a document as an answer shows it, only with the attributes *wanted*; Appwrite's own are always there.
        """
        attributes = (key for key in self.collection.serving if wanted is None or key in wanted)
        return {
            **{key: document.data.get(key) for key in attributes},
            "$id": document.id,
            "$sequence": str(document.sequence) if self.call.world.profile.text_sequences else document.sequence,
            "$createdAt": document.created_at,
            "$updatedAt": document.updated_at,
            "$permissions": list(document.permissions),
            "$databaseId": self.collection.database_id,
            f"${self.family.collection_id}": self.collection.id,
        }

    def publish(self, action: str, document: Document) -> dict[str, object]:
        """
        Tell realtime what was done to a document; return it as it is shown.
        """
        shown = self.show(document)
        self.call.publisher.publish(action, self.collection, document, shown)
        return shown

    def listed(self, documents: Iterable[Mapping[str, object]], *, total: int) -> dict[str, object]:
        """
        Return the body of an answer that lists documents.
        """
        return {"total": total, self.family.documents: list(documents)}


def sent_permissions(call: Call) -> tuple[str, ...] | None:
    """
    Return the permissions of the body, None when it has none.
    """
    sent = call.fields.get("permissions")
    return None if sent is None else expand(sent, allowed=ON_DOCUMENTS, none=" or null")


def sent_data(call: Call) -> dict[str, object]:
    """
    Return the data of the body, which may be JSON in a text; empty when it has none.
    """
    data = call.fields.get("data")
    if isinstance(data, str):
        return read_object(data)
    return data if isinstance(data, dict) else {}


def sent_documents(call: Call, name: str) -> list[dict[str, object]]:
    """
    Return the documents that a bulk write sends under *name*.
    """
    sent = call.fields.get(name)
    if sent is None:
        return []
    given = sent if isinstance(sent, list) else [None]
    read = (read_object(each) if isinstance(each, str) else each for each in given)
    documents = [each for each in read if isinstance(each, dict)]
    if len(documents) != len(given) or len(documents) > MAX_BATCH:
        problem = f"Value must a valid array no longer than {MAX_BATCH} items and Value must be a valid JSON string"
        raise argument_invalid(name, problem)
    return documents


def draft_of(caller: Caller, data: Mapping[str, object], permissions: tuple[str, ...] | None) -> Draft:
    """
    Return what a document is to hold; only a key may say when it was made and changed.
    """
    return Draft(
        data={key: value for key, value in data.items() if key not in _RESERVED},
        permissions=permissions,
        created_at=data.get("$createdAt") if caller.is_key else None,
        updated_at=data.get("$updatedAt") if caller.is_key else None,
    )


def document_id_of(call: Call, family: Family) -> str:
    """
    Return the id of a document in the path.
    """
    return uid(call.path["document"], family.document_id)


def uid(value: object, parameter: str) -> str:
    """
    Return an id that must be possible, though nothing need have it.
    """
    try:
        return appwrite_id(value if isinstance(value, str) else "")
    except ValueError:
        raise argument_invalid(parameter, _UID_RULE) from None


def new_id(value: object, family: Family) -> str | None:
    """
    Return the id that a body asks for, None when it names none.
    """
    return None if value in (None, "") else chosen_id(value, family.document_id)


def data_missing(family: Family) -> AppwriteError:
    """
    Refuse a new document without data.
    """
    noun = family.document
    # The full stop is there for rows only.
    end = "." if noun == "row" else ""
    message = f"The {noun} data is missing. Try again with {noun} data populated{end}"
    return AppwriteError(400, f"{noun}_missing_data", message)


def payload_missing(family: Family) -> AppwriteError:
    """
    Refuse a change of nothing.
    """
    noun = family.document
    message = (
        f"The {noun} data and permissions are missing."
        f" You must provide either {noun} data or permissions to be updated."
    )
    return AppwriteError(400, f"{noun}_missing_payload", message)


def bad_request(message: str) -> AppwriteError:
    """
    Refuse a call that makes no sense.
    """
    return AppwriteError(400, "general_bad_request", message)
