"""
The set-up of the recordings, made through the API of the sandbox; keys and platforms as a console would make them.
"""

import asyncio
import secrets
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from monitor.sandbox.server import Sandbox
from tests.conformance.actors import PASSWORD, Caller
from tests.conformance.recording import Renaming, load_world

_AVAILABLE_TIMEOUT_SECONDS = 10.0
# The identities of http-documents.json, in the order of recording.
IDENTITIES = (
    "guest", "user_a", "user_b", "key_full", "key_read_only", "key_without_scope", "key_bad", "key_garbage",
    "key_expired", "bad_project", "bad_project_with_key", "no_project_header",
)  # fmt: skip


async def set_up(caller: Caller, renaming: Renaming) -> None:
    """
    Make database, collections, users and keys.
    """
    world = load_world(renaming)
    add_keys(caller, world)
    caller.sandbox.world.platforms.add(world["web_platform_hostname"])
    for each in (await caller.manage("GET", "/users"))["users"]:
        await caller.manage("DELETE", f"/users/{each['$id']}")
    await caller.manage("DELETE", f"/databases/{caller.sandbox.database}")
    await caller.manage("POST", "/databases", {"databaseId": world["database"], "name": "main"})
    for id_, declared in world["collections"].items():
        await _make_collection(caller, world["database"], id_, declared)
    for identity in ("user_a", "user_b"):
        await add_user(caller, renaming, identity, name=f"User {identity[-1].upper()}")


def add_keys(caller: Caller, world: dict[str, Any]) -> None:
    """
    Add the keys beside the full one, with their scopes.
    """
    sandbox, keys = caller.sandbox, world["keys"]
    limited = {"<API_KEY_READONLY>": keys["key_read_only"], "<API_KEY_NARROW>": keys["key_without_scope"]}
    for placeholder, scopes in limited.items():
        caller.secrets.keys[placeholder] = _add_key(sandbox, scopes=scopes)
    # By the clock of the sandbox, which stands still at the recorded day.
    yesterday = sandbox.world.clock.now() - timedelta(days=1)
    caller.secrets.keys["<API_KEY_EXPIRED>"] = _add_key(sandbox, expires_at=yesterday)


async def add_user(caller: Caller, renaming: Renaming, identity: str, *, name: str) -> None:
    """
    Make the user of an identity, and sign it in.
    """
    email = renaming.apply(_EMAILS[identity])
    body = {"userId": renaming.apply(identity), "email": email, "password": PASSWORD, "name": renaming.apply(name)}
    await caller.manage("POST", "/users", body)
    await caller.sign_in(identity, email)
    if identity == "user_blocked":
        return
    # The others had used their sessions before.
    headers = {"X-Appwrite-Project": caller.sandbox.project, "X-Appwrite-Session": caller.secrets.sessions[identity]}
    await caller.send("GET", "/v1/account", headers=headers)


async def seed_documents(caller: Caller, renaming: Renaming, family: str) -> None:
    """
    Make the documents that http-documents.json begins with, for ``databases`` or ``tablesdb``.
    """
    world = load_world(renaming)
    seeded, name = world["documents"], renaming.apply
    for id_, declared in world["collections"].items():
        if not any(id_ == name(each) for each in _STATES):
            continue
        permissions = seeded["permissions_with_document_security"] if declared["documentSecurity"] else None
        ids = [f"{what}-{who.replace('_', '-')}" for who in IDENTITIES for what in ("get", "upd", "del")]
        for document_id in ids:
            await _make_document(
                caller, family, (world["database"], id_), _body(document_id, seeded["data"], permissions, family)
            )


_EMAILS = {
    "user_a": "user.a@example.com",
    "user_b": "user.b@example.com",
    "user_c": "user.c@example.com",
    "user_blocked": "blocked@example.com",
    "client_1": "client.one@example.com",
    "therapist_1": "therapist.one@example.com",
}
_STATES = (
    "st_none", "st_none_docsec", "st_disabled", "st_any_rc", "st_any_all", "st_users", "st_docsec", "st_any_docsec",
)  # fmt: skip


def _body(document_id: str, data: dict[str, Any], permissions: Iterable[str] | None, family: str) -> dict[str, Any]:
    key = "documentId" if family == "databases" else "rowId"
    return {key: document_id, "data": data} | ({} if permissions is None else {"permissions": permissions})


async def seed_duplicates(caller: Caller, renaming: Renaming, family: str) -> None:
    """
    Make the documents whose id is taken when http-documents.json creates one more.
    """
    world = load_world(renaming)
    for state in ("st_any_all", "st_users", "st_docsec"):
        body = _body("dup", world["documents"]["data"], None, family)
        await _make_document(caller, family, (world["database"], renaming.apply(state)), body)


async def _make_document(caller: Caller, family: str, place: tuple[str, str], body: dict[str, Any]) -> None:
    database, collection = place
    path = (
        f"/databases/{database}/collections/{collection}/documents"
        if family == "databases"
        else f"/tablesdb/{database}/tables/{collection}/rows"
    )
    id_ = body.get("documentId") or body["rowId"]
    headers = {"X-Appwrite-Project": caller.sandbox.project, "X-Appwrite-Key": caller.sandbox.api_key}
    await caller.send("DELETE", f"/v1{path}/{id_}", headers=headers)
    await caller.manage("POST", path, body)


async def _make_collection(caller: Caller, database: str, id_: str, declared: dict[str, Any]) -> None:
    root = f"/databases/{database}/collections"
    body = {key: declared[key] for key in ("permissions", "documentSecurity", "enabled")}
    await caller.manage("POST", root, {"collectionId": id_, "name": id_, **body})
    for each in declared["attributes"]:
        await caller.manage(
            "POST",
            f"{root}/{id_}/attributes/{each['type']}",
            {key: value for key, value in each.items() if key != "type"},
        )
    await _until_available(caller, f"{root}/{id_}", "attributes")
    for each in declared["indexes"]:
        await caller.manage("POST", f"{root}/{id_}/indexes", each)
    await _until_available(caller, f"{root}/{id_}", "indexes")


async def _until_available(caller: Caller, path: str, noun: str) -> None:
    async with asyncio.timeout(_AVAILABLE_TIMEOUT_SECONDS):
        while any(each["status"] != "available" for each in (await caller.manage("GET", path))[noun]):  # noqa: ASYNC110
            await asyncio.sleep(0.01)


def _add_key(sandbox: Sandbox, *, scopes: Iterable[str] | None = None, expires_at: datetime | None = None) -> str:
    secret = f"standard_{secrets.token_hex(32)}"
    sandbox.world.add_key(secret, scopes=None if scopes is None else frozenset(scopes), expires_at=expires_at)
    return secret
