import json
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field

import pytest
import pytest_asyncio
from aiohttp import web
from pydantic import ValidationError

from monitor.core.check import Check
from monitor.core.clock import SystemClock
from monitor.core.cost import Cost, Limited
from monitor.core.errors import OwnFault
from monitor.core.outcome import Reason, Status
from monitor.core.run import Run
from monitor.frontend.cross_origin import origin_of
from monitor.sandbox.faults.phrases import parse_fault
from tests.checks.platforms import platform_of
from tests.conftest import Platform, check_of
from tests.engine import surroundings
from tests.fakes.proxy import Passing, proxy

pytestmark = pytest.mark.asyncio

APP = "https://app.example.com"
EVIL = "https://evil.example.net"
SDK_HEADERS = (
    "content-type, X-Appwrite-Project, X-Appwrite-Response-Format, X-Appwrite-Session, X-Fallback-Cookies,"
    " X-SDK-Language, X-SDK-Name, X-SDK-Platform, X-SDK-Version"
)


def origin_allowed(**settings: object) -> Check:
    return check_of("origin_allowed", **settings)


@pytest.mark.parametrize(
    ("settings", "steps"),
    [
        pytest.param({}, ["preflight", "request", "realtime"], id="the origin of the site"),
        pytest.param(
            {"denied_origins": [EVIL]}, ["preflight", "request", "realtime", "denied"], id="and a stranger's, denied"
        ),
        pytest.param({"path": "/ping"}, ["preflight", "request", "realtime"], id="a call that is for everybody"),
        pytest.param(
            {"origins": [APP, "http://localhost:5173"]},
            ["preflight", "request", "realtime"] * 2,
            id="several origins",
        ),
    ],
)
@pytest.mark.parametrize("profile", ["1.8", "1.9"])
async def test_passes_when_the_origins_are_registered_and_no_other_is(
    profile: str, settings: dict[str, object], steps: list[str]
) -> None:
    async with platform_of(profile=profile) as platform:
        platform.sandbox.world.platforms.add("app.example.com")

        outcome = await platform.run(origin_allowed(**settings))

    assert (outcome.status, outcome.message) == (Status.PASSED, "")
    assert [step.name for step in outcome.steps] == steps


@pytest.mark.parametrize(
    ("fault", "parameters", "reason", "step"),
    [
        pytest.param("origin_blocked", {}, Reason.UNAUTHORIZED, "request", id="no platform at all"),
        pytest.param("origin_blocked", {"hosts": ["127.0.0.1"]}, Reason.UNAUTHORIZED, "request", id="this one not"),
        pytest.param("project_missing", {}, Reason.NOT_FOUND, "request", id="no project"),
        pytest.param("wrong_region", {}, Reason.UNAUTHORIZED, "request", id="another region"),
        pytest.param("project_paused", {}, Reason.HTTP_STATUS, "request", id="paused"),
        pytest.param("service_down", {}, Reason.HTTP_STATUS, "preflight", id="down"),
        pytest.param("server_error", {}, Reason.HTTP_STATUS, "preflight", id="broken"),
        pytest.param("proxy", {"status": 502}, Reason.HTTP_STATUS, "preflight", id="a proxy's own error"),
        pytest.param("proxy", {"status": 200}, Reason.PROTOCOL, "request", id="a page in the API's place"),
        pytest.param("api_disabled", {"protocols": ["rest"]}, Reason.DISABLED, "request", id="REST switched off"),
        pytest.param("realtime_gone", {}, Reason.HTTP_STATUS, "realtime", id="no realtime"),
        pytest.param("realtime_misrouted", {}, Reason.PROTOCOL, "realtime", id="realtime misrouted"),
        pytest.param(
            "realtime_refused", {"how": "frame", "code": 1008}, Reason.UNAUTHORIZED, "realtime", id="REST alone lets in"
        ),
        pytest.param("realtime_refused", {"how": "frame", "code": 1013}, Reason.RATE_LIMITED, "realtime", id="crowded"),
    ],
)
async def test_says_what_keeps_the_site_out(
    platform: Platform, fault: str, parameters: dict[str, object], reason: Reason, step: str
) -> None:
    platform.sandbox.faults.switch_on(fault, **parameters)

    outcome = await platform.run(origin_allowed(denied_origins=[EVIL]))

    assert (outcome.status, outcome.reason) == (Status.FAILED, reason), outcome.message
    assert [ended.name for ended in outcome.steps if not ended.passed] == [step]


@pytest.mark.parametrize(
    "fault",
    [
        "origin_blocked:hosts=other.example.com",
        "key_invalid",
        "session_invalid",
        "database_missing",
        "permission_missing",
        "realtime_silent",
        "api_disabled:services=account",
        "api_disabled:services=health",
    ],
)
async def test_what_has_nothing_to_do_with_origins_passes(platform: Platform, fault: str) -> None:
    name, parameters = parse_fault(fault)
    platform.sandbox.faults.switch_on(name, **parameters)

    outcome = await platform.run(origin_allowed())

    assert (outcome.status, outcome.message) == (Status.PASSED, "")


@pytest.mark.parametrize(
    ("settings", "passed"),
    [
        pytest.param({}, ["preflight", "request"], id="as by default"),
        pytest.param({"path": "/ping"}, ["preflight"], id="ping"),
    ],
)
async def test_needs_no_ping_which_old_versions_lack(
    platform: Platform, settings: dict[str, object], passed: list[str]
) -> None:
    def without_ping(passing: Passing) -> None:
        if passing.call == "GET /v1/ping":
            passing.status, passing.body = 404, b"<html>"

    async with proxy(platform.sandbox.endpoint, answer=without_ping) as endpoint:
        outcome = await platform.run(origin_allowed(**settings), endpoint=endpoint)

    # No socket passes this proxy.
    assert [step.name for step in outcome.steps if step.passed] == passed


async def test_what_guests_may_not_read_is_told_as_a_permission(platform: Platform) -> None:
    platform.sandbox.faults.switch_on("permission_missing", collection="bookings")
    path = f"/databases/{platform.sandbox.database}/collections/bookings/documents"

    outcome = await platform.run(origin_allowed(path=path))

    assert (outcome.status, outcome.reason) == (Status.FAILED, Reason.PERMISSION_MISSING)


async def test_an_origin_that_is_not_registered_is_told_with_its_host_and_where_to_add_it(platform: Platform) -> None:
    outcome = await platform.run(origin_allowed(origins=["https://Book.Example.com:8443"]))

    assert (outcome.status, outcome.reason) == (Status.FAILED, Reason.UNAUTHORIZED)
    assert "add 'book.example.com' in the console under Overview > Platforms" in outcome.message
    assert outcome.evidence["origin"] == "https://book.example.com:8443"
    assert outcome.evidence["refused_by"] == "rest"


async def test_a_stranger_who_is_let_in_is_excess(platform: Platform) -> None:
    platform.sandbox.world.platforms.add("evil.example.net")

    outcome = await platform.run(origin_allowed(denied_origins=[EVIL]))

    assert (outcome.status, outcome.reason) == (Status.FAILED, Reason.PERMISSION_EXCESS)
    assert (outcome.evidence["origin"], outcome.evidence["let_in_by"]) == (EVIL, "rest")


@dataclass
class Front:
    """
    What stands in Appwrite's place: *preflight* and *headers* of its answers; *seen* is what it was asked.

    *strangers* is what pages of ``EVIL`` are answered: status and headers.
    """

    endpoint: str = ""
    strangers: tuple[int, list[tuple[str, str]]] = (403, [])
    preflight_status: int = 204
    preflight: list[tuple[str, str]] = field(default_factory=list)
    headers: list[tuple[str, str]] = field(default_factory=list)
    seen: list[tuple[str, Mapping[str, str]]] = field(default_factory=list)

    async def serve(self, request: web.Request) -> web.StreamResponse:
        self.seen.append((request.method, {name.lower(): value for name, value in request.headers.items()}))
        if request.path.endswith("/realtime"):
            socket = web.WebSocketResponse()
            await socket.prepare(request)
            await socket.send_json({"type": "connected", "data": {"channels": ["account"], "user": None}})
            await socket.receive()
            return socket
        if request.method == "OPTIONS":
            status, headers = self.preflight_status, self.preflight
        else:
            status, headers = self.strangers if request.headers["Origin"] == EVIL else (200, self.headers)
        body = json.dumps({"type": "general_unknown_origin", "code": 403}) if status == 403 else "Pong!"
        answer = web.Response(status=status, text=body if request.method == "GET" else None)
        for name, value in headers:
            answer.headers.add(name, value)
        return answer


def allowing(origin: str = APP, credentials: str = "true") -> list[tuple[str, str]]:
    return [("Access-Control-Allow-Origin", origin), ("Access-Control-Allow-Credentials", credentials)]


def allowing_first(methods: str = "GET, POST, PATCH", headers: str = SDK_HEADERS) -> list[tuple[str, str]]:
    return [
        *allowing(),
        ("Access-Control-Allow-Methods", methods),
        ("Access-Control-Allow-Headers", headers),
    ]


@pytest_asyncio.fixture
async def front() -> AsyncIterator[Front]:
    front = Front(preflight=allowing_first(), headers=allowing())
    app = web.Application()
    app.router.add_route("*", "/{path:.*}", front.serve)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    front.endpoint = f"http://127.0.0.1:{runner.addresses[0][1]}/v1"
    yield front
    await runner.cleanup()


@pytest.mark.parametrize(
    ("headers", "words"),
    [
        pytest.param([], "no Access-Control-Allow-Origin", id="stripped"),
        pytest.param(allowing("*"), "is *, which browsers refuse beside cookies", id="any"),
        pytest.param([*allowing(), *allowing()[:1]], "has several values", id="twice the same"),
        pytest.param([*allowing(), *allowing("*")[:1]], "has several values", id="twice"),
        pytest.param(allowing("https://old.example.com"), "is 'https://old.example.com'", id="another"),
        pytest.param(allowing(f"{APP}/"), f"is '{APP}/'", id="with a slash"),
        pytest.param(allowing()[:1], "Allow-Credentials is 'none'", id="no credentials"),
        pytest.param(allowing(credentials="false"), "Allow-Credentials is 'false'", id="credentials denied"),
        pytest.param([*allowing(), *allowing()[1:]], "Allow-Credentials is 'true, true'", id="credentials twice"),
    ],
)
@pytest.mark.parametrize("answer", ["preflight", "headers"])
async def test_headers_that_a_browser_refuses_are_a_wrong_answer(
    platform: Platform, front: Front, answer: str, headers: list[tuple[str, str]], words: str
) -> None:
    setattr(front, answer, [*headers, *(allowing_first()[2:] if answer == "preflight" else [])])

    outcome = await platform.run(origin_allowed(origins=[APP]), endpoint=front.endpoint)

    assert (outcome.status, outcome.reason) == (Status.FAILED, Reason.WRONG_ANSWER)
    assert words in outcome.message
    assert len(outcome.message) < 200
    assert outcome.evidence["asked"] == ("the preflight" if answer == "preflight" else "GET /account")


@pytest.mark.parametrize(
    ("status", "headers", "words"),
    [
        pytest.param(204, allowing_first(methods="GET, POST"), "lacks PATCH", id="method"),
        pytest.param(204, allowing_first(headers="Content-Type"), "lacks x-appwrite-project", id="headers"),
        pytest.param(204, allowing_first(headers="*"), "lacks content-type", id="any header"),
        pytest.param(204, allowing(), "Access-Control-Allow-Methods lacks PATCH", id="nothing allowed"),
        pytest.param(405, [], "answered 405: let OPTIONS through", id="not let through"),
        pytest.param(301, [], "answered 301: let OPTIONS through", id="redirect"),
    ],
)
async def test_a_preflight_that_stops_the_browser_is_a_wrong_answer(
    platform: Platform, front: Front, status: int, headers: list[tuple[str, str]], words: str
) -> None:
    front.preflight_status, front.preflight = status, headers

    outcome = await platform.run(origin_allowed(origins=[APP]), endpoint=front.endpoint)

    assert (outcome.status, outcome.reason) == (Status.FAILED, Reason.WRONG_ANSWER)
    assert words in outcome.message


async def test_asks_as_a_browser_does(platform: Platform, front: Front) -> None:
    outcome = await platform.run(origin_allowed(origins=[APP]), endpoint=front.endpoint)

    assert outcome.status is Status.PASSED, outcome.message
    (_, preflight), (_, request), (_, handshake) = front.seen
    assert [method for method, _ in front.seen] == ["OPTIONS", "GET", "GET"]
    assert {preflight["origin"], request["origin"], handshake["origin"]} == {APP}
    assert "x-appwrite-project" not in preflight
    assert request["x-appwrite-project"] == platform.sandbox.project
    secrets = {"x-appwrite-key", "x-appwrite-jwt", "x-appwrite-session", "cookie"}
    assert not [each for each in (preflight, request, handshake) if secrets & each.keys()]


@pytest.mark.parametrize(
    ("status", "headers", "expected"),
    [
        pytest.param(200, allowing(EVIL), (Status.FAILED, Reason.PERMISSION_EXCESS, "rest"), id="answers shown"),
        pytest.param(200, allowing("*"), (Status.FAILED, Reason.PERMISSION_EXCESS, "rest"), id="shown to anybody"),
        pytest.param(403, [], (Status.FAILED, Reason.PERMISSION_EXCESS, "realtime"), id="sockets only"),
        pytest.param(200, [], (Status.FAILED, Reason.PERMISSION_EXCESS, "realtime"), id="answers kept by browsers"),
    ],
)
async def test_a_stranger_must_be_refused_by_rest_and_by_realtime(
    platform: Platform, front: Front, status: int, headers: list[tuple[str, str]], expected: object
) -> None:
    front.strangers = (status, headers)

    outcome = await platform.run(origin_allowed(origins=[APP], denied_origins=[EVIL]), endpoint=front.endpoint)

    assert (outcome.status, outcome.reason, outcome.evidence.get("let_in_by")) == expected
    assert [step.name for step in outcome.steps][-1] == "denied"


async def test_without_a_site_and_without_origins_nothing_can_be_judged() -> None:
    check = origin_allowed()

    with pytest.raises(OwnFault, match=r"set target\.site, or origins"):
        await check.run(Run(surroundings(SystemClock()), timeout_seconds=check.timeout_seconds))


async def test_every_origin_costs_one_connection() -> None:
    check = origin_allowed(origins=[APP, "http://localhost"], denied_origins=[EVIL])

    assert check.costs() == (Cost(what=Limited.CONNECTS, count=3),)
    assert origin_allowed().costs() == (Cost(what=Limited.CONNECTS, count=1),)


@pytest.mark.parametrize(
    ("url", "origin"),
    [
        ("https://example.com", "https://example.com"),
        ("https://Example.COM:443/booking?x=1#top", "https://example.com"),
        ("http://example.com:80/", "http://example.com"),
        ("http://example.com:443", "http://example.com:443"),
        ("http://[::1]:3000/", "http://[::1]:3000"),
        ("https://[::1]", "https://[::1]"),
    ],
)
async def test_writes_an_origin_as_browsers_do(url: str, origin: str) -> None:
    assert origin_of(url) == origin


@pytest.mark.parametrize(
    "origin", ["example.com", "https://example.com/app", "https://exämple.com", "https://a@b.com", "*", "null", ""]
)
async def test_refuses_what_is_no_origin(origin: str) -> None:
    with pytest.raises(ValidationError):
        origin_allowed(origins=[origin])
