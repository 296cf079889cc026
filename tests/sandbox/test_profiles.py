"""
What the versions answer differently over HTTP.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import aiohttp
import pytest

from monitor.core.errors import ConfigError
from monitor.sandbox.server import Sandbox
from tests.sandbox.client import Client
from tests.sandbox.states import DATA, EVERYTHING, add_collection, documents_path

pytestmark = pytest.mark.asyncio

BOTH = "key and session"


@asynccontextmanager
async def running(profile: str) -> AsyncIterator[Client]:
    jar = aiohttp.DummyCookieJar()
    async with Sandbox(profile=profile) as sandbox, aiohttp.ClientSession(cookie_jar=jar) as session:
        client = Client(sandbox, session)
        encoded = client.sign_in("user", "somebody")
        client.identity(BOTH, X_Appwrite_Session=encoded, X_Appwrite_Key=sandbox.api_key)
        yield client


@pytest.mark.parametrize(("profile", "version"), [("1.8", "1.8.1"), ("1.9", "1.9.6")])
async def test_tells_its_version_also_in_errors(profile: str, version: str) -> None:
    async with running(profile) as client:
        told, refused = await client.call("GET", "/health/version"), await client.call("GET", "/account")

    assert (told.body, refused.body["version"]) == ({"version": version}, version)


@pytest.mark.parametrize(("profile", "verdict"), [("1.8", "403 user_api_key_and_session_set"), ("1.9", "200")])
async def test_lets_a_key_win_over_a_session_or_refuses_both(profile: str, verdict: str) -> None:
    async with running(profile) as client:
        reply = await client.call("GET", "/users", by=BOTH)

    assert reply.verdict == verdict


async def test_refuses_the_key_of_an_account_beside_a_session() -> None:
    async with running("1.9") as client:
        headers = {"X-Appwrite-Key": "account_any", "X-Appwrite-User": "somebody"}
        reply = await client.call("GET", "/account", by="user", headers=headers)

    assert reply.verdict == "403 user_api_key_and_session_set"


@pytest.mark.parametrize(
    ("profile", "wished", "kind"),
    [
        pytest.param("1.8", None, int, id="1.8"),
        pytest.param("1.9", None, str, id="1.9"),
        pytest.param("1.9", "1.8.0", int, id="1.9-as-1.8"),
        pytest.param("1.9", "1.9.0", str, id="1.9-as-itself"),
        pytest.param("1.9", "nonsense", str, id="no-version"),
    ],
)
async def test_numbers_documents_as_the_wished_version_does(profile: str, wished: str | None, kind: type) -> None:
    headers = {"X-Appwrite-Response-Format": wished} if wished else {}
    async with running(profile) as client:
        add_collection(client.sandbox.world, client.sandbox.database, permissions=EVERYTHING)
        path, body = documents_path(client.sandbox.database), {"documentId": "one", "data": DATA}
        created = await client.call("POST", path, body=body, headers=headers)
        listed = await client.call("GET", path, headers=headers)

    assert [type(each["$sequence"]) for each in (created.body, *listed.body["documents"])] == [kind, kind]


@pytest.mark.parametrize(
    ("profile", "wished", "warned"),
    [
        ("1.9", "2.5.0", True),
        ("1.9", "1.9.6", False),
        ("1.8", "1.9.0", True),
        ("1.9", "99", True),
        ("1.9", "x", False),
        ("1.9", "9.9.9x", False),
    ],
)
@pytest.mark.parametrize("path", ["/health/version", "/account"])
async def test_warns_who_is_made_for_a_newer_server(profile: str, wished: str, warned: bool, path: str) -> None:
    async with running(profile) as client:
        reply = await client.call("GET", path, headers={"X-Appwrite-Response-Format": wished})

    expected = (
        f"The current SDK is built for Appwrite {wished}. However, the current Appwrite server version is"
        f" {reply.body['version']}. Please downgrade your SDK to match the Appwrite version:"
        " https://appwrite.io/docs/sdks"
    )
    assert reply.headers.get("X-Appwrite-Warning") == (expected if warned else None)


@pytest.mark.parametrize(("profile", "lasts"), [("1.8", True), ("1.9", False)])
async def test_lets_callers_choose_how_long_a_jwt_lasts_only_where_they_can(profile: str, lasts: bool) -> None:
    async with running(profile) as client:
        made = await client.call("POST", "/account/jwts", by="user", body={"duration": 0})
        client.identity("bearer", X_Appwrite_JWT=made.body["jwt"])
        reply = await client.call("GET", "/account", by="bearer")

    assert reply.verdict == ("200" if lasts else "401 user_jwt_invalid")


@pytest.mark.parametrize(("profile", "named"), [("1.8", False), ("1.9", True)])
async def test_names_what_was_not_found_only_where_the_version_does(profile: str, named: bool) -> None:
    async with running(profile) as client:
        reply = await client.call("GET", f"/databases/{client.sandbox.database}/collections/nope/documents")

    assert (reply.verdict, "'nope'" in reply.body["message"]) == ("404 collection_not_found", named)


async def test_refuses_a_profile_that_it_does_not_know() -> None:
    with pytest.raises(ConfigError, match=r"no profile '1\.7': choose '1\.8' or '1\.9'"):
        Sandbox(profile="1.7")
