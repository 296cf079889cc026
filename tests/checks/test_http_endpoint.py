import json
import ssl
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import pytest_asyncio
import trustme
from aiohttp import web
from pydantic import ValidationError

from checks.http_endpoint import HttpEndpoint
from monitor.core.errors import CheckFailed
from monitor.core.outcome import Phase, Reason, Status
from monitor.core.transport import Response
from monitor.sandbox.server import Sandbox
from tests.conftest import Platform, check_of, platform_at
from tests.fakes.hostile import answering, http, serving

pytestmark = pytest.mark.asyncio

PAGE = '{"version": "1.9.6", "items": [{"id": 7, "on": true}]}'


@pytest_asyncio.fixture
async def site() -> AsyncIterator[str]:
    """
    A small site: JSON, HTML in place of a script, a redirect, and an echo of a header.
    """

    async def json_page(_request: web.Request) -> web.Response:
        return web.Response(text=PAGE, content_type="application/json", headers={"X-Served-By": "node-3"})

    async def fallback(_request: web.Request) -> web.Response:
        return web.Response(text="<html>Book now</html>", content_type="text/html")

    async def moved(_request: web.Request) -> web.Response:
        raise web.HTTPFound("/there")

    async def guarded(request: web.Request) -> web.Response:
        return web.Response(status=200 if request.headers.get("X-Pass") == "letmein" else 403)

    async def echo(request: web.Request) -> web.Response:
        secret = request.headers.get("X-Pass", "")
        headers = {"X-Echo": f"you said {secret}", "Location": f"/there/{secret}?code=letmein#letmein"}
        text = json.dumps({"echo": f"you said {secret}", "deleted_at": None})
        return web.Response(text=text, headers={**headers, "Content-Type": f"text/{secret}; charset=utf-8"})

    async def slashed(_request: web.Request) -> web.Response:
        return web.Response()

    app = web.Application()
    pages = {"/json": json_page, "/app.js": fallback, "/moved": moved, "/guarded": guarded, "/echo": echo}
    for path, page in {**pages, "/app/": slashed}.items():
        app.router.add_get(path, page)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    await runner.cleanup()


@pytest.mark.parametrize(
    ("path", "settings"),
    [
        pytest.param("/json", {"content_type": "application/json"}, id="content type"),
        pytest.param("/json", {"json": {"version": "1.9.6", "items.0.id": 7, "items.0.on": True}}, id="JSON values"),
        pytest.param("/json", {"header_matches": {"X-Served-By": "^node-"}}, id="header"),
        pytest.param("/json", {"max_body_bytes": 100}, id="size"),
        pytest.param("/app.js", {"body_matches": "Book (now|later)"}, id="text"),
        pytest.param("/moved", {"status": 302, "redirect_to": "/there"}, id="redirect"),
        pytest.param("/nowhere", {"status": [404, 410]}, id="one of several statuses"),
        pytest.param("/guarded", {"headers": {"X-Pass": "letmein"}}, id="request header"),
        pytest.param("/json", {"keep_alive": True}, id="kept connection"),
        pytest.param("/app/", {}, id="slash at the end"),
        pytest.param("/echo", {"json": {"deleted_at": None}}, id="null that is there"),
    ],
)
async def test_passes_when_the_answer_is_as_expected(
    platform: Platform, site: str, path: str, settings: dict[str, object]
) -> None:
    outcome = await platform.run(check_of("http_endpoint", url=site + path, **settings))

    assert (outcome.status, outcome.message) == (Status.PASSED, "")


@pytest.mark.parametrize(
    ("path", "settings", "reason", "words"),
    [
        pytest.param("/nowhere", {}, Reason.HTTP_STATUS, "answered 404, expected 200", id="status"),
        pytest.param(
            "/app.js",
            {"content_type": "text/javascript"},
            Reason.WRONG_ANSWER,
            "expected text/javascript, got text/html",
            id="HTML in place of a script",
        ),
        pytest.param(
            "/app.js", {"json": {"a": 1}}, Reason.PROTOCOL, "no JSON but text/html", id="HTML in place of JSON"
        ),
        pytest.param(
            "/json", {"json": {"version": "2.0"}}, Reason.WRONG_ANSWER, 'expected "2.0", got "1.9.6"', id="JSON value"
        ),
        pytest.param(
            "/json", {"json": {"items.9.id": 1}}, Reason.WRONG_ANSWER, "got nothing", id="JSON path not there"
        ),
        pytest.param(
            "/json", {"json": {"deleted_at": None}}, Reason.WRONG_ANSWER, "null, got nothing", id="null is not absence"
        ),
        pytest.param("/json", {"json": {"items.0": 1}}, Reason.WRONG_ANSWER, "got an object", id="JSON object"),
        pytest.param("/json", {"json": {"items.0.on": 1}}, Reason.WRONG_ANSWER, "got true", id="true is not 1"),
        pytest.param(
            "/json", {"header_matches": {"X-Served-By": "^cdn"}}, Reason.WRONG_ANSWER, "got node-3", id="header"
        ),
        pytest.param("/json", {"header_matches": {"X-Nope": "."}}, Reason.WRONG_ANSWER, "got none", id="no header"),
        pytest.param("/json", {"max_body_bytes": 10}, Reason.WRONG_ANSWER, "at most 10 bytes", id="size"),
        pytest.param("/app.js", {"body_matches": "Sold out"}, Reason.WRONG_ANSWER, "a match of Sold out", id="text"),
        pytest.param("/moved", {}, Reason.HTTP_STATUS, "answered 302", id="a redirect is not followed"),
        pytest.param(
            "/moved", {"status": 302, "redirect_to": "/here"}, Reason.WRONG_ANSWER, "got /there", id="redirect target"
        ),
    ],
)
async def test_fails_with_what_was_expected_and_what_came(
    platform: Platform, site: str, path: str, settings: dict[str, object], reason: Reason, words: str
) -> None:
    outcome = await platform.run(check_of("http_endpoint", url=site + path, **settings))

    assert (outcome.status, outcome.reason) == (Status.FAILED, reason)
    assert words in outcome.message


async def test_is_degraded_when_the_answer_is_slower_than_its_objective(platform: Platform, site: str) -> None:
    outcome = await platform.run(check_of("http_endpoint", url=f"{site}/json", objective="0.01ms"))

    assert (outcome.status, outcome.reason) == (Status.DEGRADED, Reason.SLOW)


@pytest.mark.parametrize(
    ("days_left", "status", "reason"),
    [
        pytest.param(30, Status.PASSED, None, id="long enough"),
        pytest.param(3, Status.FAILED, Reason.TLS, id="ends too soon"),
    ],
)
async def test_judges_how_long_the_certificate_lasts(
    sandbox: Sandbox,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    days_left: int,
    status: Status,
    reason: Reason | None,
) -> None:
    authority, context = trustme.CA(), ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.cert_pem.write_to_path(str(tmp_path / "ca.pem"))
    authority.issue_cert("127.0.0.1", not_after=datetime.now(UTC) + timedelta(days=days_left)).configure_cert(context)
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "ca.pem"))

    async with serving(answering(http(b"ok")), tls=context) as port, platform_at(sandbox) as platform:
        check = check_of("http_endpoint", url=f"https://127.0.0.1:{port}/", certificate_days=14)
        outcome = await platform.run(check)

    assert (outcome.status, outcome.reason) == (status, reason)
    assert outcome.observations.certificate_expires_at is not None
    assert Phase.TLS in outcome.phases


async def test_never_shows_a_request_header(platform: Platform, site: str) -> None:
    check = check_of("http_endpoint", url=f"{site}/guarded", headers={"X-Pass": "opensesame"})

    outcome = await platform.run(check)

    assert outcome.reason is Reason.HTTP_STATUS
    assert "opensesame" not in f"{outcome}{check!r}"


ECHOES = [
    pytest.param({"json": {"echo": "nothing"}}, id="JSON value"),
    pytest.param({"header_matches": {"X-Echo": "^nothing"}}, id="header"),
    pytest.param({"content_type": "text/html"}, id="content type"),
    pytest.param({"redirect_to": "/here"}, id="redirect"),
    pytest.param({"redirect_to": "/there/"}, id="query of a redirect"),
]


@pytest.mark.parametrize("settings", ECHOES)
async def test_shows_no_part_of_a_request_header_that_the_server_echoes(
    platform: Platform, site: str, settings: dict[str, object]
) -> None:
    secret = "LetMeIn" * 12

    outcome = await platform.run(check_of("http_endpoint", url=f"{site}/echo", headers={"X-Pass": secret}, **settings))

    assert outcome.reason is Reason.WRONG_ANSWER
    assert "letmein" not in f"{outcome}".lower()


@pytest.mark.parametrize(
    "settings",
    [
        pytest.param({"status": 500}, id="status"),
        pytest.param({"json": {"version": "2"}}, id="JSON value"),
        pytest.param({"max_body_bytes": 1}, id="size"),
    ],
)
async def test_never_shows_the_query_of_the_address(platform: Platform, site: str, settings: dict[str, object]) -> None:
    outcome = await platform.run(check_of("http_endpoint", url=f"{site}/json?code=letmein", **settings))

    assert outcome.status is Status.FAILED
    assert f"GET {site.removeprefix('http://')}/json" in outcome.message
    assert "letmein" not in f"{outcome}"


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(b"[" * 100_000, id="nested without end"),
        pytest.param(b"9" * 100_000, id="a number without end"),
        pytest.param(b"\xff\xfe\x00", id="not even text"),
    ],
)
async def test_a_hostile_body_is_no_json(platform: Platform, body: bytes) -> None:
    async with serving(answering(http(body))) as port:
        outcome = await platform.run(check_of("http_endpoint", url=f"http://127.0.0.1:{port}/", json={"a": 1}))

    assert (outcome.status, outcome.reason) == (Status.FAILED, Reason.PROTOCOL)


@pytest.mark.parametrize(
    "value",
    [pytest.param('"' + "long " * 200_000 + '"', id="text"), pytest.param("[" * 900 + "]" * 900, id="nested list")],
)
async def test_a_message_is_one_short_line_whatever_is_expected_and_comes(value: str) -> None:
    long = "long" * 100
    check = HttpEndpoint.model_validate({"name": "checked", "url": f"http://host/{long}", "json": {long: "two\nlines"}})

    with pytest.raises(CheckFailed) as caught:
        check._judge_json(Response(status=200, headers={}, body=f'{{"{long}": {value}}}'.encode(), phases={}))

    assert caught.value.reason is Reason.WRONG_ANSWER
    assert len(caught.value.message) <= 200
    assert "\n" not in caught.value.message


@pytest.mark.parametrize(
    ("url", "settings", "obstacle"),
    [
        pytest.param("http://localhost/", {}, "an http:// url", id="no TLS"),
        pytest.param("https://localhost/", {"verify_tls": False}, "verify_tls: false", id="not verified"),
        pytest.param("https://localhost/", {"keep_alive": True}, "keep_alive: true", id="kept connection"),
    ],
)
async def test_refuses_to_judge_a_certificate_that_it_would_not_see(
    url: str, settings: dict[str, object], obstacle: str
) -> None:
    with pytest.raises(ValidationError, match=f"certificate_days proves nothing with {obstacle}"):
        check_of("http_endpoint", url=url, certificate_days=14, **settings)


async def test_refuses_a_pattern_that_is_none() -> None:
    with pytest.raises(ValidationError, match="is not a regular expression"):
        check_of("http_endpoint", url="http://localhost/", body_matches="(")


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        pytest.param({"status": []}, "at least 1 item", id="no status"),
        pytest.param({"headers": {"X-Pass": "open\r\nsesame"}}, "one line of printable", id="header of two lines"),
    ],
)
async def test_refuses_what_no_answer_could_meet_or_no_request_carry(settings: dict[str, object], words: str) -> None:
    with pytest.raises(ValidationError, match=words) as caught:
        check_of("http_endpoint", url="http://localhost/", **settings)

    assert "sesame" not in str(caught.value)
