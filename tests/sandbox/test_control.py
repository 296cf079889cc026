"""
The switches of the faults over HTTP.
"""

from typing import Any

import aiohttp
import pytest

from monitor.core.errors import ConfigError
from monitor.sandbox.faults.catalogue import FAULTS
from monitor.sandbox.faults.remote import switch_remote
from monitor.sandbox.server import Sandbox
from monitor.sandbox.trust import TOKEN_HEADER

pytestmark = pytest.mark.asyncio


async def call(
    sandbox: Sandbox,
    method: str,
    path: str = "",
    *,
    token: str | None = None,
    headers: dict[str, str] | None = None,
    **options: Any,
) -> Any:
    sent = {TOKEN_HEADER: sandbox.fault_token if token is None else token} | (headers or {})
    url = f"{sandbox.endpoint.removesuffix('/v1')}/sandbox/faults{path}"
    async with aiohttp.ClientSession() as session, session.request(method, url, headers=sent, **options) as response:
        return response.status, await response.json()


async def test_lists_every_fault_with_its_state(sandbox: Sandbox) -> None:
    sandbox.faults.switch_on("collection_missing", collection="bookings")

    status, body = await call(sandbox, "GET")

    shown = {each["name"]: each for each in body["faults"]}
    missing, down = shown["collection_missing"], shown["service_down"]
    assert (status, set(shown), body["active"]) == (200, set(FAULTS), ["collection_missing"])
    assert (missing["on"], missing["parameters"], missing["rows"]) == (
        True,
        {"collection": "bookings"},
        ["F04"],
    )
    assert (down["on"], down["cause"], down["pages"]) == (False, "service_down", True)
    assert (down["parameters"], down["takes"]) == ({"status": 503}, {"status": "HTTP status of the proxy (500 … 599)"})


async def test_switches_on_and_off(sandbox: Sandbox) -> None:
    on = await call(sandbox, "PUT", "/collection_missing", json={"collection": "bookings"})
    active = sandbox.faults.active()
    off = await call(sandbox, "DELETE", "/collection_missing")

    assert (on[0], on[1]["parameters"], active) == (200, {"collection": "bookings"}, ["collection_missing"])
    assert (off[0], off[1]["on"], sandbox.faults.active()) == (200, False, [])


async def test_switches_on_with_defaults_when_the_body_is_empty(sandbox: Sandbox) -> None:
    status, body = await call(sandbox, "PUT", "/service_down")

    assert (status, body["parameters"]) == (200, {"status": 503})


async def test_takes_lists_as_json(sandbox: Sandbox) -> None:
    status, body = await call(sandbox, "PUT", "/permission_missing", json={"actions": ["read"]})

    assert (status, body["parameters"]) == (200, {"collection": "chat_messages", "actions": ["read"]})


async def test_switches_one_fault_on_several_times(sandbox: Sandbox) -> None:
    await call(sandbox, "PUT", "/collection_missing")
    await call(sandbox, "PUT", "/collection_missing@second", json={"collection": "bookings"})

    _, body = await call(sandbox, "GET")

    on = {each["name"]: each["parameters"]["collection"] for each in body["faults"] if each["on"]}
    assert on == {"collection_missing": "chat_messages", "collection_missing@second": "bookings"}


async def test_switches_everything_off(sandbox: Sandbox) -> None:
    for name in ("redis_gone", "slow", "proxy"):
        sandbox.faults.switch_on(name)

    status, body = await call(sandbox, "DELETE")

    assert (status, body["active"], sandbox.faults.active()) == (200, [], [])


async def test_shows_what_is_left_when_a_fault_is_off(sandbox: Sandbox) -> None:
    await call(sandbox, "PUT", "/redis_gone", json={"recovery_seconds": 0.0})
    await call(sandbox, "DELETE", "/redis_gone")

    _, body = await call(sandbox, "GET")

    assert body["active"] == ["redis_back_silent"]


@pytest.mark.parametrize("name", ["service_down", "database_gone", "redis_gone", "hang", "origin_blocked"])
async def test_stays_reachable_whatever_is_broken(sandbox: Sandbox, name: str) -> None:
    sandbox.faults.switch_on(name)

    status, _ = await call(sandbox, "DELETE")

    assert (status, sandbox.faults.active()) == (200, [])


@pytest.mark.parametrize("token", ["", "wrong"])
@pytest.mark.parametrize(("method", "path"), [("GET", ""), ("PUT", "/slow"), ("DELETE", "/slow"), ("DELETE", "")])
async def test_refuses_whoever_lacks_the_token(sandbox: Sandbox, method: str, path: str, token: str) -> None:
    sandbox.faults.switch_on("proxy")

    status, body = await call(sandbox, method, path, token=token)

    assert (status, sandbox.faults.active()) == (403, ["proxy"])
    assert TOKEN_HEADER in body["message"]


@pytest.mark.parametrize(
    "headers",
    [
        pytest.param({"Origin": "https://example.com"}, id="a page elsewhere"),
        pytest.param({"Origin": "http://localhost"}, id="a page on another port"),
        pytest.param({"Origin": "null"}, id="a page without an origin"),
        pytest.param({"Host": "rebound.example.com"}, id="a name that was bound to this machine"),
    ],
)
async def test_refuses_other_origins_and_names_even_with_the_token(sandbox: Sandbox, headers: dict[str, str]) -> None:
    status, _ = await call(sandbox, "PUT", "/slow", headers=headers)

    assert (status, sandbox.faults.active()) == (403, [])


async def test_refuses_a_peer_that_is_not_this_machine(sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("aiohttp.web.BaseRequest.remote", "203.0.113.7")

    status, _ = await call(sandbox, "PUT", "/slow")

    assert (status, sandbox.faults.active()) == (403, [])


@pytest.mark.parametrize(
    ("method", "path", "body", "status"),
    [
        pytest.param("PUT", "/nope", "{}", 404, id="unknown-fault"),
        pytest.param("DELETE", "/nope", "", 404, id="unknown-fault-off"),
        pytest.param("PUT", "/slow@", "{}", 400, id="no-label"),
        pytest.param("PUT", "/slow/more", "{}", 404, id="unknown-path"),
        pytest.param("PUT", "/slow", '{"minutes": 1}', 400, id="unknown-parameter"),
        pytest.param("PUT", "/slow", '{"seconds": "long"}', 400, id="wrong-type"),
        pytest.param("PUT", "/slow", '{"seconds": NaN}', 400, id="not-a-number"),
        pytest.param("PUT", "/slow", "[]", 400, id="no-object"),
        pytest.param("PUT", "/slow", "{", 400, id="no-json"),
        pytest.param("PUT", "/slow", b"\xff\xfe", 400, id="no-text"),
        pytest.param("PUT", "/slow", "[" * 60_000, 400, id="too-deep"),
        pytest.param("PUT", "/slow", " " * 500_000, 400, id="too-large"),
        pytest.param("POST", "/slow", "{}", 405, id="method"),
        pytest.param("PUT", "", "{}", 405, id="no-name"),
    ],
)
async def test_refuses_what_makes_no_sense(
    sandbox: Sandbox, method: str, path: str, body: str | bytes, status: int
) -> None:
    answered, message = await call(sandbox, method, path, data=body)

    assert (answered, sandbox.faults.active()) == (status, [])
    assert message["message"]


async def test_a_running_sandbox_is_switched_from_elsewhere(sandbox: Sandbox) -> None:
    on: dict[str, dict[str, object]] = {"slow": {"seconds": 0.0}, "collection_missing@b": {"collection": "bookings"}}
    first = await switch_remote(sandbox.endpoint, sandbox.fault_token, on=on, off=())

    second = await switch_remote(sandbox.endpoint.removesuffix("/v1"), sandbox.fault_token, on={}, off=("slow",))

    assert (first, second) == (["slow", "collection_missing@b"], ["collection_missing@b"])
    assert sandbox.faults.parameters("collection_missing@b") == {"collection": "bookings"}


@pytest.mark.parametrize(
    ("address", "token", "message"),
    [
        pytest.param("{}", "wrong", TOKEN_HEADER, id="token"),
        pytest.param("http://127.0.0.1:1", "t", "no sandbox answers there", id="nobody"),
        pytest.param("nonsense", "t", "no sandbox answers there", id="no address"),
    ],
)
async def test_what_cannot_be_switched_from_elsewhere_is_one_sentence(
    sandbox: Sandbox, address: str, token: str, message: str
) -> None:
    with pytest.raises(ConfigError) as refused:
        await switch_remote(address.format(sandbox.endpoint), token, on={"slow": {}}, off=())

    assert message in str(refused.value)
    assert sandbox.faults.active() == []
