"""
The console over HTTP: what it changes, and whom it refuses.
"""

from typing import Any

import aiohttp
import pytest

from monitor.sandbox.console import MAX_KEYS, MAX_PLATFORMS
from monitor.sandbox.server import Sandbox
from monitor.sandbox.trust import TOKEN_HEADER
from tests.sandbox.client import Client

pytestmark = pytest.mark.asyncio


async def call(sandbox: Sandbox, method: str, path: str = "", *, headers: Any = None, **options: Any) -> Any:
    sent = {TOKEN_HEADER: sandbox.fault_token} | (headers or {})
    url = f"{sandbox.endpoint.removesuffix('/v1')}/sandbox/console{path}"
    async with aiohttp.ClientSession() as session, session.request(method, url, headers=sent, **options) as response:
        return response.status, await response.json()


async def test_makes_a_key_that_works_until_it_is_deleted(client: Client) -> None:
    body = {"name": "monitor", "scopes": ["users.read"], "expire": "2999-01-01T00:00:00+00:00"}
    status, key = await call(client.sandbox, "POST", "/keys", json=body)
    client.identity("new", X_Appwrite_Key=key["secret"])

    before = [await client.call("GET", path, by="new") for path in ("/users", "/databases")]
    await call(client.sandbox, "DELETE", f"/keys/{key['id']}")
    after = await client.call("GET", "/users", by="new")

    assert (status, key["name"], key["scopes"], key["expire"]) == (
        201,
        "monitor",
        ["users.read"],
        "2999-01-01T00:00:00.000+00:00",
    )
    assert [each.verdict for each in before] == ["200", "401 general_unauthorized_scope"]
    assert after.verdict == "401 user_unauthorized"


@pytest.mark.parametrize("expire", ["2020-01-01", "2020-01-01T00:00:00Z"])
async def test_makes_a_key_that_has_expired(client: Client, expire: str) -> None:
    _, key = await call(client.sandbox, "POST", "/keys", json={"expire": expire})
    client.identity("old", X_Appwrite_Key=key["secret"])

    assert (await client.call("GET", "/ping", by="old")).verdict == "401 project_key_expired"


@pytest.mark.parametrize(
    ("path", "verdict"),
    [
        pytest.param("/services/account", "403 general_service_disabled", id="service"),
        pytest.param("/protocols/rest", "403 general_api_disabled", id="protocol"),
    ],
)
async def test_switches_off_and_on(client: Client, path: str, verdict: str) -> None:
    verdicts = []
    for enabled in (False, True):
        await call(client.sandbox, "PUT", path, json={"enabled": enabled})
        verdicts.append((await client.call("GET", "/account")).verdict)

    assert verdicts == [verdict, "401 general_unauthorized_scope"]


async def test_registers_platforms(client: Client) -> None:
    origin = {"Origin": "https://shop.example.net"}

    await call(client.sandbox, "PUT", "/platforms/Shop.example.net")
    allowed = await client.call("GET", "/health/version", headers=origin)
    _, shown = await call(client.sandbox, "DELETE", "/platforms/shop.example.net")
    refused = await client.call("GET", "/health/version", headers=origin)

    assert (allowed.verdict, refused.verdict) == ("200", "403 general_unknown_origin")
    assert "shop.example.net" not in shown["platforms"]


async def test_shows_everything_but_secrets(sandbox: Sandbox) -> None:
    sandbox.world.services_off.add("teams")

    status, shown = await call(sandbox, "GET")

    assert (status, shown["services"]["teams"], shown["services"]["users"]) == (200, False, True)
    assert shown["protocols"] == {"graphql": True, "rest": True, "websocket": True}
    assert shown["platforms"] == ["127.0.0.1", "::1", "localhost"]
    assert sandbox.api_key not in str(shown)


@pytest.mark.parametrize(
    ("headers", "sentence"),
    [
        pytest.param({TOKEN_HEADER: ""}, "its token", id="no-token"),
        pytest.param({TOKEN_HEADER: "wrong"}, "its token", id="wrong-token"),
        pytest.param({TOKEN_HEADER: "\udcff"}, "its token", id="no-text"),
        pytest.param({"Origin": "https://evil.example.net"}, "another origin", id="origin"),
        pytest.param({"Origin": "http://localhost:1"}, "another origin", id="other-port"),
        pytest.param({"Origin": "null"}, "another origin", id="no-origin"),
        pytest.param({"Host": "evil.example.net"}, "this machine only", id="rebound-name"),
        pytest.param({"Host": "[::1"}, "this machine only", id="bad-host"),
    ],
)
@pytest.mark.parametrize("area", ["console/services/users", "faults/slow"])
async def test_refuses_whoever_is_not_trusted(
    sandbox: Sandbox, headers: dict[str, str], sentence: str, area: str
) -> None:
    status, body = await call(sandbox, "PUT", f"/../{area}", headers=headers, json={"enabled": False})

    assert (status, set(sandbox.world.services_off), sandbox.faults.active()) == (403, set(), [])
    assert sentence in body["message"]


async def test_refuses_a_peer_that_is_not_this_machine(sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("aiohttp.web.BaseRequest.remote", "203.0.113.7")

    assert (await call(sandbox, "GET"))[0] == 403


async def test_trusts_a_page_of_the_sandbox_itself(sandbox: Sandbox) -> None:
    origin = sandbox.endpoint.removesuffix("/v1")

    assert (await call(sandbox, "GET", headers={"Origin": origin}))[0] == 200


@pytest.mark.parametrize(
    ("method", "path", "body", "status"),
    [
        pytest.param("PUT", "/services/nope", '{"enabled": false}', 404, id="unknown-service"),
        pytest.param("PUT", "/protocols/smtp", '{"enabled": false}', 404, id="unknown-protocol"),
        pytest.param("PUT", "/services/users", "{}", 400, id="nothing"),
        pytest.param("PUT", "/services/users", '{"enabled": 0}', 400, id="wrong-type"),
        pytest.param("PUT", "/services/users", '{"enabled": false, "more": 1}', 400, id="too-much"),
        pytest.param("PUT", "/services/users", "[]", 400, id="no-object"),
        pytest.param("PUT", "/services/users", b"\xff", 400, id="no-text"),
        pytest.param("PUT", "/services/users", "[" * 60_000, 400, id="deep"),
        pytest.param("PUT", "/services/users", " " * 70_000 + '{"enabled": false}', 400, id="large"),
        pytest.param("POST", "/keys", '{"scopes": "users.read"}', 400, id="scopes-no-list"),
        pytest.param("POST", "/keys", '{"scopes": ["Users Read"]}', 400, id="no-scope"),
        pytest.param("POST", "/keys", '{"expire": "soon"}', 400, id="no-time"),
        pytest.param("POST", "/keys", '{"expire": 7}', 400, id="time-no-text"),
        pytest.param("POST", "/keys", '{"name": 7}', 400, id="name-no-text"),
        pytest.param("POST", "/keys", '{"nmae": "x"}', 400, id="unknown-field"),
        pytest.param("DELETE", "/keys/nope", "", 404, id="unknown-key"),
        pytest.param("PUT", "/platforms/https:%2F%2Fx", "", 400, id="no-host"),
        pytest.param("DELETE", "/platforms/nope", "", 404, id="unknown-platform"),
        pytest.param("POST", "", "", 404, id="method"),
        pytest.param("GET", "/nope", "", 404, id="unknown-path"),
    ],
)
async def test_answers_what_makes_no_sense_with_one_sentence(
    sandbox: Sandbox, method: str, path: str, body: str | bytes, status: int
) -> None:
    answered, message = await call(sandbox, method, path, data=body)

    assert (answered, list(message)) == (status, ["message"])
    assert set(sandbox.world.services_off) == set()


@pytest.mark.parametrize(
    ("method", "path", "most"), [("POST", "/keys", MAX_KEYS), ("PUT", "/platforms/host-{}", MAX_PLATFORMS)]
)
async def test_makes_no_more_than_a_few(sandbox: Sandbox, method: str, path: str, most: int) -> None:
    world = sandbox.world
    for number in range(most):
        world.add_key(f"standard_{number}")
        world.platforms.add(f"other-{number}")

    status, body = await call(sandbox, method, path.format(1))

    assert (status, "delete one first" in body["message"]) == (400, True)
