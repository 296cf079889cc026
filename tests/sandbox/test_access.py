"""
Who gets what: every state of a collection, every identity, every operation, in both families of routes.
"""

import json
from datetime import timedelta
from pathlib import Path

import pytest

from monitor.sandbox.protocol.family import COLLECTIONS, TABLES, Family
from tests.sandbox.client import Client
from tests.sandbox.states import DATA, OF_USER_A, add_collection, add_document, documents_path

pytestmark = pytest.mark.asyncio

RECORDED = json.loads((Path(__file__).parent / "access.json").read_text())
READ_ONLY = frozenset({"databases.read", "collections.read", "tables.read", "documents.read", "rows.read"})
BODIES: dict[str, object] = {
    "create": DATA | {"title": "new"},
    "update": {"count": 2},
    "upsert": DATA | {"count": 3},
}
METHODS = {"list": "GET", "get": "GET", "get_missing": "GET", "create": "POST", "update": "PATCH", "upsert": "PUT"}


def introduce(client: Client) -> None:
    world = client.sandbox.world
    world.add_key("standard_reads", scopes=READ_ONLY)
    world.add_key("standard_narrow", scopes=frozenset({"users.read", "locale.read"}))
    world.add_key("standard_late", expires_at=world.clock.now() - timedelta(seconds=1))
    client.sign_in("user_a", "user_a")
    client.sign_in("user_b", "user_b")
    client.identity("key_full", X_Appwrite_Key=client.sandbox.api_key)
    client.identity("key_read_only", X_Appwrite_Key="standard_reads")
    client.identity("key_without_scope", X_Appwrite_Key="standard_narrow")
    client.identity("key_bad", X_Appwrite_Key="standard_unknown")
    client.identity("key_expired", X_Appwrite_Key="standard_late")
    client.identity("bad_project", X_Appwrite_Project="no-such-project")
    client.identity("no_project_header", X_Appwrite_Project="")


def set_up(client: Client, state: str) -> tuple[str, str]:
    database = client.sandbox.database
    if state == "missing_database":
        return "missing-db", "bookings"
    if state == "missing_collection":
        return database, "does_not_exist"
    described = RECORDED["states"][state]
    options = {key: described[key] for key in ("permissions", "security", "enabled")}
    collection = add_collection(client.sandbox.world, database, **options)
    for identity in RECORDED["identities"]:
        for prefix in ("get", "upd", "del"):
            id_ = f"{prefix}-{identity}".replace("_", "-")
            add_document(collection, id_, permissions=OF_USER_A if described["security"] else None)
    return database, collection.id


async def attempt(client: Client, family: Family, root: str, *, operation: str, identity: str) -> str:
    name = identity.replace("_", "-")
    ids = {"get": f"get-{name}", "get_missing": "no-such", "delete": f"del-{name}"}
    ids |= {"update": f"upd-{name}", "upsert": f"upd-{name}"}
    body: dict[str, object] | None = {"data": BODIES[operation]} if operation in BODIES else None
    if body and operation == "create":
        body[family.document_id] = "unique()"
    path = f"{root}/{ids[operation]}" if operation in ids else root
    reply = await client.call(METHODS.get(operation, "DELETE"), path, by=identity, body=body)
    return reply.verdict


def in_words_of(family: Family, verdict: str) -> str:
    if family is COLLECTIONS:
        return verdict
    return verdict.replace("collection_", "table_").replace("document_", "row_")


@pytest.mark.parametrize("family", [COLLECTIONS, TABLES], ids=["documents", "rows"])
@pytest.mark.parametrize("state", RECORDED["states"])
async def test_answers_every_identity_as_recorded(client: Client, family: Family, state: str) -> None:
    introduce(client)
    database, collection = set_up(client, state)
    root = documents_path(database, family=family, collection=collection)

    answered = {
        (operation, identity): await attempt(client, family, root, operation=operation, identity=identity)
        for operation in RECORDED["states"][state]["answers"]
        for identity in RECORDED["identities"]
    }

    recorded = RECORDED["states"][state]["answers"].items()
    assert answered == {
        (operation, identity): in_words_of(family, verdict)
        for operation, verdicts in recorded
        for identity, verdict in zip(RECORDED["identities"], verdicts, strict=True)
    }


@pytest.mark.parametrize(
    ("method", "document", "verdict"),
    [
        pytest.param("GET", "", "401 user_unauthorized", id="list"),
        pytest.param("GET", "/one", "404 document_not_found", id="get"),
        pytest.param("PATCH", "/one", "401 user_unauthorized", id="update"),
        pytest.param("DELETE", "/one", "401 user_unauthorized", id="delete"),
    ],
)
async def test_ignores_what_a_document_grants_without_document_security(
    client: Client, method: str, document: str, verdict: str
) -> None:
    introduce(client)
    collection = add_collection(client.sandbox.world, client.sandbox.database, permissions=[], security=False)
    add_document(collection, "one", permissions=OF_USER_A)
    body = {"data": {"count": 2}} if method == "PATCH" else None

    reply = await client.call(method, documents_path(client.sandbox.database) + document, by="user_a", body=body)

    assert reply.verdict == verdict


@pytest.mark.parametrize(
    ("identity", "shown"),
    [
        pytest.param("guest", 0, id="guest-nothing"),
        pytest.param("user_a", 2, id="reader-all"),
        pytest.param("user_b", 0, id="stranger-nothing"),
        pytest.param("key_full", 3, id="key-all"),
    ],
)
async def test_lists_and_counts_only_what_the_caller_may_read(client: Client, identity: str, shown: int) -> None:
    introduce(client)
    collection = add_collection(client.sandbox.world, client.sandbox.database, permissions=[], security=True)
    for id_, permissions in {"one": OF_USER_A, "two": OF_USER_A, "three": []}.items():
        add_document(collection, id_, permissions=permissions)

    reply = await client.call("GET", documents_path(client.sandbox.database), by=identity)

    assert (reply.body["total"], len(reply.body["documents"])) == (shown, shown)
