"""
Health, ping, unknown routes, origins, and the headers that tell Appwrite from a proxy.
"""

import pytest

from tests.sandbox.client import Client

pytestmark = pytest.mark.asyncio


@pytest.mark.parametrize(
    ("path", "client_gets", "key_gets"),
    [
        pytest.param("/health", "401 general_unauthorized_scope", "200", id="http"),
        pytest.param("/health/version", "200", "401 general_unauthorized_scope", id="version"),
        pytest.param("/health/db", "401 general_unauthorized_scope", "200", id="db"),
        pytest.param("/health/cache", "401 general_unauthorized_scope", "200", id="cache"),
        pytest.param("/health/pubsub", "401 general_unauthorized_scope", "200", id="pubsub"),
        pytest.param("/health/storage", "401 general_unauthorized_scope", "200", id="storage"),
        pytest.param("/health/storage/local", "401 general_unauthorized_scope", "200", id="local-storage"),
        pytest.param("/health/anti-virus", "401 general_unauthorized_scope", "200", id="anti-virus"),
        pytest.param("/health/time", "401 general_unauthorized_scope", "500 general_server_error", id="time"),
        pytest.param(
            "/health/certificate?domain=example.com",
            "401 general_unauthorized_scope",
            "404 health_invalid_host",
            id="certificate",
        ),
        pytest.param(
            "/health/certificate", "401 general_unauthorized_scope", "400 general_argument_invalid", id="no-domain"
        ),
        pytest.param(
            "/health/stats", "401 general_unauthorized_scope", "401 general_unauthorized_scope", id="nobody-s"
        ),
        pytest.param("/health/queue/mails", "401 general_unauthorized_scope", "200", id="queue"),
        pytest.param("/health/queue/failed/v1-deletes", "401 general_unauthorized_scope", "200", id="failed-queue"),
        pytest.param(
            "/health/queue/failed/nope", "401 general_unauthorized_scope", "400 general_argument_invalid", id="no-queue"
        ),
        pytest.param("/health/queue/nope", "404", "404", id="unknown-queue"),
        pytest.param("/ping", "200", "200", id="ping"),
    ],
)
async def test_tells_health_to_keys_and_the_version_to_clients(
    client: Client, path: str, client_gets: str, key_gets: str
) -> None:
    client.sandbox.world.add_key("standard_narrow", scopes=frozenset())
    client.identity("narrow", X_Appwrite_Key="standard_narrow")
    client.sign_in("user", "somebody")

    replies = [await client.call("GET", path, by=each) for each in ("guest", "user", "key", "narrow")]

    assert [each.verdict for each in replies] == [client_gets, client_gets, key_gets, key_gets]


@pytest.mark.parametrize(
    ("path", "project", "verdict"),
    [
        pytest.param("/health/version", "no-such-project", "404 project_not_found", id="version-unknown-project"),
        pytest.param("/health/version", "", "200", id="version-without-project"),
        pytest.param("/ping", "no-such-project", "404 project_not_found", id="ping-unknown-project"),
        pytest.param("/ping", "", "404 project_not_found", id="ping-without-project"),
        pytest.param("/health/version?project=monitored-app", "", "200", id="project-in-query"),
    ],
)
async def test_wants_a_known_project_or_none(client: Client, path: str, project: str, verdict: str) -> None:
    reply = await client.call("GET", path, headers={"X-Appwrite-Project": project})

    assert reply.verdict == verdict


@pytest.mark.parametrize(
    ("method", "path"),
    [
        pytest.param("GET", "/nope", id="unknown"),
        pytest.param("PUT", "/health/version", id="method"),
        pytest.param("GET", "/../", id="outside-v1"),
    ],
)
async def test_answers_an_unknown_route_with_a_page(client: Client, method: str, path: str) -> None:
    reply = await client.call(method, path)

    assert (reply.status, reply.headers["Content-Type"]) == (404, "text/html; charset=UTF-8")
    assert reply.headers["Server"] == "Appwrite"


@pytest.mark.parametrize("path", ["//health///version/", "/health/version//"])
async def test_does_not_see_empty_parts_of_a_path(client: Client, path: str) -> None:
    assert (await client.call("GET", path)).body == {"version": "1.9.6"}


async def test_answers_head_as_get_without_a_body(client: Client) -> None:
    reply = await client.call("HEAD", "/health/version")

    assert (reply.status, reply.body) == (200, "")


async def test_sends_the_headers_of_a_real_server(client: Client) -> None:
    fine, failed = await client.call("GET", "/ping"), await client.call("GET", "/account")

    common = {"Server": "Appwrite", "X-Content-Type-Options": "nosniff", "Access-Control-Allow-Credentials": "true"}
    uncached = {"Cache-Control": "no-cache, no-store, must-revalidate", "Expires": "0", "Pragma": "no-cache"}
    assert common.items() <= dict(fine.headers).items()
    assert (common | uncached).items() <= dict(failed.headers).items()
    assert "Pragma" not in fine.headers


async def test_shows_that_the_realtime_path_is_routed_to_the_realtime_server(client: Client) -> None:
    reply = await client.call("GET", "/realtime?project=monitored-app&channels[]=documents")

    assert (reply.status, reply.headers["Server"]) == (400, "swoole-http-server")
    assert "Powered by Swoole" in reply.body


@pytest.mark.parametrize(
    ("origin", "by", "verdict", "allowed"),
    [
        pytest.param("http://localhost:3000", "guest", "401 general_unauthorized_scope", True, id="this-machine"),
        pytest.param("https://app.example.com", "guest", "401 general_unauthorized_scope", True, id="platform"),
        pytest.param("https://evil.example.net", "guest", "403 general_unknown_origin", False, id="stranger"),
        pytest.param(
            "https://evil.example.net", "key", "401 general_unauthorized_scope", False, id="stranger-with-key"
        ),
    ],
)
async def test_lets_only_pages_of_registered_platforms_call(
    client: Client, origin: str, by: str, verdict: str, allowed: bool
) -> None:
    client.sandbox.world.platforms.add("app.example.com")

    reply = await client.call("GET", "/account", by=by, headers={"Origin": origin})
    preflight = await client.call("OPTIONS", "/account", headers={"Origin": origin})

    assert reply.verdict == verdict
    assert ("Access-Control-Allow-Origin" in reply.headers, preflight.status) == (allowed, 204)


async def test_wants_the_project_header_beside_a_key(client: Client) -> None:
    reply = await client.call("GET", "/health", by="key", headers={"X-Appwrite-Project": ""})

    assert reply.verdict == "403 project_id_missing"


async def test_treats_a_key_of_an_unknown_kind_as_nobody(client: Client) -> None:
    client.identity("odd", X_Appwrite_Key="foo_bar")

    reply = await client.call("GET", "/health/version", by="odd")

    assert reply.verdict == "200"


@pytest.mark.parametrize(
    ("query", "verdict"),
    [
        pytest.param("", "200", id="size"),
        pytest.param("?threshold=2", "200", id="below"),
        pytest.param("?threshold=1", "503 health_queue_size_exceeded", id="reached"),
        pytest.param("?threshold=x", "400 general_argument_invalid", id="no-number"),
        pytest.param("?threshold[]=1", "400 general_argument_invalid", id="list"),
    ],
)
async def test_tells_how_many_jobs_the_databases_worker_has_left(client: Client, query: str, verdict: str) -> None:
    worker = client.sandbox.world.worker
    await worker.stop()
    worker.put(lambda: None)

    reply = await client.call("GET", f"/health/queue/databases{query}", by="key")

    assert reply.verdict == verdict
    assert reply.status != 200 or reply.body == {"size": 1}


@pytest.mark.parametrize(
    ("key", "status"), [pytest.param("standard_nope", 401, id="bad"), pytest.param("foo_bar", 404, id="odd")]
)
async def test_tells_of_a_bad_key_before_a_missing_route(client: Client, key: str, status: int) -> None:
    reply = await client.call("GET", "/nope", headers={"X-Appwrite-Key": key})

    assert (reply.status, f"Error {status}" in reply.body) == (status, True)


@pytest.mark.parametrize(
    ("path", "encoding", "coded"),
    [
        pytest.param("/users", "gzip, deflate", "gzip", id="large"),
        pytest.param("/users", "identity", None, id="not-asked-for"),
        pytest.param("/health", "gzip", None, id="small"),
        pytest.param("/nope", "gzip", "gzip", id="page"),
    ],
)
async def test_compresses_large_answers_for_who_reads_it(
    client: Client, path: str, encoding: str, coded: str | None
) -> None:
    reply = await client.call("GET", path, by="key", headers={"Accept-Encoding": encoding})

    assert reply.headers.get("Content-Encoding") == coded
    assert reply.headers.get("X-Utopia-Compression") == (coded and "true")


@pytest.mark.parametrize(
    ("query", "header", "sentence"),
    [
        pytest.param("", "", "No Appwrite project was specified.", id="none"),
        pytest.param("", "console", "Access to this API is forbidden for the console project.", id="console"),
        pytest.param("?project=console", "", "Access to this API is forbidden for the console project.", id="query"),
    ],
)
async def test_serves_documents_of_projects_only(client: Client, query: str, header: str, sentence: str) -> None:
    path = f"/databases/{client.sandbox.database}/collections/bookings/documents{query}"

    reply = await client.call("GET", path, headers={"X-Appwrite-Project": header})

    assert reply.verdict == "401 general_access_forbidden"
    assert reply.body["message"].startswith(sentence)
