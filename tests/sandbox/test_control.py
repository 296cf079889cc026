"""
The switches of the faults over HTTP.
"""

from typing import Any

import aiohttp
import pytest

from monitor.sandbox.faults.catalogue import FAULTS
from monitor.sandbox.faults.control import TOKEN_HEADER
from monitor.sandbox.server import Sandbox

pytestmark = pytest.mark.asyncio


async def call(sandbox: Sandbox, method: str, path: str = "", *, token: str | None = None, **options: Any) -> Any:
    headers = {TOKEN_HEADER: sandbox.fault_token if token is None else token}
    url = f"{sandbox.endpoint.removesuffix('/v1')}/sandbox/faults{path}"
    async with aiohttp.ClientSession() as session, session.request(method, url, headers=headers, **options) as response:
        return response.status, await response.json()


async def test_lists_every_fault_with_its_state(sandbox: Sandbox) -> None:
    sandbox.faults.switch_on("slow", seconds=0.5)

    status, body = await call(sandbox, "GET")

    shown = {each["name"]: each for each in body["faults"]}
    assert (status, set(shown)) == (200, set(FAULTS))
    assert (shown["slow"]["on"], shown["slow"]["parameters"]) == (True, {"seconds": 0.5})
    assert (shown["service_down"]["on"], shown["service_down"]["cause"]) == (False, "service_down")


async def test_switches_on_and_off(sandbox: Sandbox) -> None:
    on = await call(sandbox, "PUT", "/collection_missing", json={"collection": "bookings"})
    active = sandbox.faults.active()
    off = await call(sandbox, "DELETE", "/collection_missing")

    assert (on[0], on[1]["parameters"], active) == (200, {"collection": "bookings"}, ["collection_missing"])
    assert (off[0], off[1]["on"], sandbox.faults.active()) == (200, False, [])


async def test_switches_on_with_defaults_when_the_body_is_empty(sandbox: Sandbox) -> None:
    status, body = await call(sandbox, "PUT", "/realtime_refused")

    assert (status, body["parameters"]) == (200, {"how": "http", "status": 503})


async def test_stays_reachable_while_the_service_is_down(sandbox: Sandbox) -> None:
    sandbox.faults.switch_on("service_down")

    status, _ = await call(sandbox, "DELETE", "/service_down")

    assert (status, sandbox.faults.active()) == (200, [])


@pytest.mark.parametrize("token", ["", "wrong"])
@pytest.mark.parametrize(("method", "path"), [("GET", ""), ("PUT", "/slow"), ("DELETE", "/slow")])
async def test_refuses_whoever_lacks_the_token(sandbox: Sandbox, method: str, path: str, token: str) -> None:
    status, body = await call(sandbox, method, path, token=token)

    assert (status, sandbox.faults.active()) == (403, [])
    assert TOKEN_HEADER in body["message"]


async def test_refuses_a_peer_that_is_not_this_machine(sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("aiohttp.web.BaseRequest.remote", "203.0.113.7")

    status, _ = await call(sandbox, "PUT", "/slow")

    assert (status, sandbox.faults.active()) == (403, [])


@pytest.mark.parametrize(
    ("method", "path", "body", "status"),
    [
        pytest.param("PUT", "/nope", "{}", 404, id="unknown-fault"),
        pytest.param("DELETE", "/nope", "", 404, id="unknown-fault-off"),
        pytest.param("PUT", "/slow/more", "{}", 404, id="unknown-path"),
        pytest.param("PUT", "/slow", '{"minutes": 1}', 400, id="unknown-parameter"),
        pytest.param("PUT", "/slow", '{"seconds": "long"}', 400, id="wrong-type"),
        pytest.param("PUT", "/slow", "[]", 400, id="no-object"),
        pytest.param("PUT", "/slow", "{", 400, id="no-json"),
        pytest.param("POST", "/slow", "{}", 405, id="method"),
    ],
)
async def test_refuses_what_makes_no_sense(sandbox: Sandbox, method: str, path: str, body: str, status: int) -> None:
    answered, message = await call(sandbox, method, path, data=body)

    assert (answered, sandbox.faults.active()) == (status, [])
    assert message["message"]
