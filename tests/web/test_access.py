"""
Who may ask what; each rule has a row that it alone refuses.
"""

from base64 import b64encode
from pathlib import Path
from typing import Any
from unittest.mock import Mock

import pytest
import structlog
from aiohttp.test_utils import make_mocked_request

from monitor.config.web import Web
from monitor.web.access import Gate
from monitor.web.guard import Guard
from tests.web.serving import PASSWORD, TOKEN, WITH_TOKEN, serving, speak, with_tls

MOZILLA = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36"
pytestmark = pytest.mark.asyncio

RUN = "/api/v1/checks/chat-delivery/runs"
JSON = {"Content-Type": "application/json"}
SAFE = ("GET", "HEAD")


def basic(user: str, password: str) -> dict[str, str]:
    return {"Authorization": "Basic " + b64encode(f"{user}:{password}".encode()).decode()}


async def test_every_route_that_is_not_only_read_needs_the_token() -> None:
    async with serving(token=TOKEN) as served:
        app = served.server._app()
        guarded = {(route.method, route.resource.canonical) for route in app.router.routes() if route.resource}
        acting = {(method, path) for method, path in guarded if method not in SAFE or path == "/probe"}
        answers = {
            (method, path): await served.answer(method, path.replace("{name}", "chat-delivery").replace("{id}", "x"))
            for method, path in acting
        }

    assert {("POST", "/api/v1/checks/{name}/runs"), ("DELETE", "/api/v1/silences/{id}"), ("GET", "/probe")} <= acting
    assert {answer.status for answer in answers.values()} == {401}
    assert all(answer.headers["WWW-Authenticate"] == 'Bearer realm="monitor"' for answer in answers.values())
    assert served.script.asked == []


async def test_a_route_that_the_table_does_not_know_needs_it_too() -> None:
    async with serving(token=TOKEN) as served:
        guard = Guard(served.server._guard._gate, (), on_request=lambda _: None)
        served.server._guard._routes = guard._routes
        forgotten = await served.ask("GET", "/metrics")

    assert forgotten[0] == 401


@pytest.mark.parametrize(
    ("web", "headers", "status"),
    [
        pytest.param({"token": TOKEN}, WITH_TOKEN, 200, id="token"),
        pytest.param({"token": TOKEN}, {"Authorization": f"bearer {TOKEN}"}, 200, id="scheme-in-any-case"),
        pytest.param({"token": TOKEN}, {}, 401, id="no-token"),
        pytest.param({"token": TOKEN}, {"Authorization": f"Bearer {TOKEN}x"}, 401, id="longer-token"),
        pytest.param({"token": TOKEN}, {"Authorization": f"Bearer {TOKEN[:-1]}"}, 401, id="shorter-token"),
        pytest.param({"token": TOKEN}, {"Authorization": "Bearer ä"}, 401, id="not-ascii"),
        pytest.param({"token": TOKEN}, basic("", TOKEN), 401, id="token-as-password"),
        pytest.param({"user": "ann", "password": PASSWORD}, basic("ann", PASSWORD), 200, id="password"),
        pytest.param({"user": "ann", "password": PASSWORD}, basic("bob", PASSWORD), 401, id="other-user"),
        pytest.param({"user": "ann", "password": PASSWORD}, basic("ann", TOKEN), 401, id="wrong-password"),
        pytest.param({"user": "ann", "password": PASSWORD}, {"Authorization": "Basic ?"}, 401, id="no-base64"),
        pytest.param({"user": "ann", "password": PASSWORD}, {"Authorization": "Bearer "}, 401, id="empty-token"),
        pytest.param({"token": TOKEN, "user": "ann", "password": PASSWORD}, WITH_TOKEN, 200, id="either"),
        pytest.param({}, {}, 200, id="nothing-configured-and-from-here"),
        pytest.param({}, {"X-Forwarded-For": "192.0.2.7"}, 401, id="from-elsewhere-through-a-proxy"),
        pytest.param({"listen": "0.0.0.0:0"}, {}, 401, id="bound-elsewhere"),
        pytest.param({"listen": "0.0.0.0:0", "token": TOKEN}, WITH_TOKEN, 200, id="bound-elsewhere-with-token"),
    ],
)
async def test_work_is_started_for_who_shows_that_he_may(
    web: dict[str, Any], headers: dict[str, str], status: int
) -> None:
    async with serving(**web) as served:
        answered, body = await served.ask("POST", RUN, headers=headers)

    assert answered == status
    assert len(served.script.asked) == (status == 200)
    assert status == 200 or "web.token" in body["error"] or "credentials" in body["error"]


async def test_who_is_bound_elsewhere_without_a_token_is_told_to_set_one() -> None:
    async with serving(listen="0.0.0.0:0") as served:
        status, body = await served.ask("POST", RUN)

    assert (status, body) == (
        401,
        {"error": "nobody is let in from elsewhere: set web.token, or web.user and web.password"},
    )


@pytest.mark.parametrize(
    ("peer", "is_refused"),
    [
        pytest.param(("127.0.0.1", 40000), False, id="this-machine"),
        pytest.param(("::1", 40000, 0, 0), False, id="this-machine-v6"),
        pytest.param(("::ffff:127.0.0.1", 40000, 0, 0), False, id="this-machine-in-v6-clothes"),
        pytest.param(("192.0.2.7", 40000), True, id="another"),
        pytest.param(None, True, id="nobody-knows"),
    ],
)
async def test_without_credentials_the_other_side_must_be_this_machine(peer: object, is_refused: bool) -> None:
    transport = Mock(get_extra_info=lambda name: peer if name == "peername" else None)
    request = make_mocked_request("POST", RUN, transport=transport)
    gate = Gate(Web(), lambda: 0.0)

    assert gate.may_act(request) is not is_refused


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        pytest.param({"Origin": "{address}"}, 200, id="our-own-page"),
        pytest.param({"Origin": "{address}", "Sec-Fetch-Site": "same-origin"}, 200, id="our-own-page-in-a-browser"),
        pytest.param({"Origin": "http://evil.example"}, 403, id="another-site"),
        pytest.param({"Origin": "http://127.0.0.1:1"}, 403, id="another-port-of-this-machine"),
        pytest.param({"Origin": "null"}, 403, id="a-frame-without-origin"),
        pytest.param({"Sec-Fetch-Site": "cross-site"}, 403, id="another-site-says-the-browser"),
        pytest.param({"Sec-Fetch-Site": "same-site"}, 403, id="another-port-says-the-browser"),
        pytest.param({"User-Agent": MOZILLA}, 403, id="a-browser-says-nothing"),
        pytest.param({"User-Agent": MOZILLA, "Origin": "{address}"}, 200, id="our-own-page-in-a-browser-without-tls"),
        pytest.param({"User-Agent": MOZILLA, "Sec-Fetch-Site": "none"}, 200, id="somebody-typed-it"),
    ],
)
@pytest.mark.parametrize(("method", "path"), [("POST", RUN), ("GET", "/probe?check=chat-delivery")])
async def test_a_page_of_another_site_starts_nothing_even_with_the_token(
    headers: dict[str, str], status: int, method: str, path: str
) -> None:
    async with serving(token=TOKEN) as served:
        given = {name: value.format(address=served.address) for name, value in headers.items()}
        answered, _ = await served.ask(method, path, headers={**WITH_TOKEN, **given})

    assert answered == status
    assert len(served.script.asked) == (status == 200)


@pytest.mark.parametrize(
    ("host", "status"),
    [
        pytest.param("127.0.0.1", 200, id="address"),
        pytest.param("127.0.0.1:9464", 200, id="address-and-port"),
        pytest.param("[::1]:9464", 200, id="v6"),
        pytest.param("192.0.2.7", 200, id="any-address"),
        pytest.param("localhost:1", 200, id="localhost"),
        pytest.param("LocalHost.", 200, id="localhost-whole"),
        pytest.param("monitor.example.com", 200, id="configured"),
        pytest.param("evil.example", 421, id="foreign"),
        pytest.param("127.0.0.1.evil.example", 421, id="begins-like-an-address"),
        pytest.param("localhost.evil.example", 421, id="begins-like-localhost"),
        pytest.param("x@localhost", 421, id="no-name"),
        pytest.param("", 421, id="empty"),
    ],
)
async def test_a_foreign_host_is_refused_whatever_is_asked(host: str, status: int) -> None:
    paths = {"/api/v1/status": 200, "/metrics": 200, "/-/healthy": 200, "/": 200, "/nowhere": 404}

    async with serving(hosts=["monitor.example.com"]) as served:
        answers = {
            path: await speak(served.address, f"GET {path} HTTP/1.1", f"Host: {host}", "Connection: close")
            for path in paths
        }

    for path, answer in answers.items():
        assert answer.split(" ", 2)[1] == str(paths[path] if status == 200 else status)
        assert status == 200 or "web.hosts" in answer


async def test_one_of_two_hosts_that_is_foreign_is_refused() -> None:
    async with serving() as served:
        answer = await speak(served.address, "GET / HTTP/1.1", "Host: localhost", "Host: evil.example")

    assert answer.split(" ", 2)[1] in {"400", "421"}


async def test_the_host_of_listen_is_ours() -> None:
    async with serving(listen="localhost:0") as served:
        status, _ = await served.ask("GET", "/api/v1/status")

    assert status == 200


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/", 401), ("/checks/chat-delivery", 401), ("/metrics", 401), ("/api/v1/status", 401), ("/api/v1/events", 401),
        ("/api/v1/openapi.json", 401), ("/nowhere", 401), ("/-/healthy", 200), ("/-/ready", 200),
    ],
)  # fmt: skip
async def test_reading_needs_credentials_where_readers_says_so(path: str, status: int) -> None:
    async with serving(token=TOKEN, readers="authorized") as served:
        without, _ = await served.ask("GET", path)
        health, _ = await served.ask("GET", "/api/v1/status", headers=WITH_TOKEN)

    assert (without, health) == (status, 200)


async def test_wrong_credentials_are_told_once_in_a_while_and_never_shown(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    guess = "Bearer a-wrong-guess-of-somebody"

    with structlog.testing.capture_logs() as lines:
        async with serving(token=TOKEN) as served:
            for _ in range(50):
                await served.ask("POST", RUN, headers={"Authorization": guess})

    told = [line for line in lines if line["event"] == "credentials.refused"]
    assert len(told) == 1
    assert "guess" not in str(lines)


@pytest.mark.parametrize(
    ("web", "headers", "may_act"),
    [
        pytest.param({}, {}, True, id="from-here"),
        pytest.param({"listen": "0.0.0.0:0"}, {}, False, id="bound-elsewhere"),
        pytest.param({"token": TOKEN}, {}, False, id="a-browser-has-no-token"),
        pytest.param({"token": TOKEN}, WITH_TOKEN, True, id="token"),
        pytest.param({"user": "ann", "password": PASSWORD}, {}, True, id="a-browser-asks-for-a-password"),
    ],
)
async def test_pages_offer_what_may_be_done(
    web: dict[str, Any], headers: dict[str, str], may_act: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("monitor.web.showing.status_page", lambda _, *, may_act: f"offers: {may_act}")

    async with serving(**web) as served:
        _, page = await served.ask("GET", "/", headers=headers)

    assert page == f"offers: {may_act}"


async def test_an_origin_without_tls_is_foreign_to_a_server_with_it(tmp_path: Path) -> None:
    settings = with_tls(tmp_path)

    async with serving(settings) as served:
        foreign = {"Origin": served.address.replace("https", "http")}
        refused = await served.ask("POST", RUN, headers=foreign, ssl=False)
        own = await served.ask("POST", RUN, headers={"Origin": served.address}, ssl=False)

    assert (refused[0], own[0]) == (403, 200)
