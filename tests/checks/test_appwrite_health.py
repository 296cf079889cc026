import pytest
from aiohttp import web
from pydantic import ValidationError

from monitor.core.check import Check
from monitor.core.outcome import Reason, Status
from tests.checks.platforms import platform_of, run_without_key
from tests.conftest import Platform, check_of, failed_steps
from tests.fakes.proxy import Passing, proxy

pytestmark = pytest.mark.asyncio

QUEUES = {"databases": 0, "functions": 10, "messaging": 10}


def health(**settings: object) -> Check:
    return check_of("appwrite_health", **settings)


@pytest.mark.parametrize("profile", ["1.8", "1.9"])
async def test_passes_when_everything_is_well(profile: str) -> None:
    async with platform_of(profile=profile) as platform:
        check = health(version=rf"{profile}\.\d", queues=QUEUES, failed_queues={"v1-messaging": 0})
        outcome = await platform.run(check)

    assert (outcome.status, outcome.message) == (Status.PASSED, "")
    assert [step.name for step in outcome.steps] == ["version", "ping", "health", "queues"]
    assert str(outcome.evidence["version"]).startswith(profile)


@pytest.mark.parametrize("service", ["db", "cache", "pubsub", "storage", "anti-virus"])
async def test_takes_every_service_that_says_it_is_well(platform: Platform, service: str) -> None:
    outcome = await platform.run(health(services=[service]))

    assert (outcome.status, outcome.message) == (Status.PASSED, "")


async def test_asks_only_what_is_open_to_guests_without_a_key(platform: Platform) -> None:
    outcome = await run_without_key(platform, health())

    assert (outcome.status, outcome.message) == (Status.PASSED, "")
    assert [step.name for step in outcome.steps] == ["version", "ping"]


async def test_does_not_pass_over_queues_that_it_cannot_ask_for(platform: Platform) -> None:
    outcome = await run_without_key(platform, health(queues=QUEUES))

    assert (outcome.status, outcome.reason) == (Status.ERRORED, Reason.INTERNAL)
    assert "set target.api_key" in outcome.message


EVERYWHERE = ["version", "ping", "health", "queues"]
WITHOUT_KEY = ["version", "ping"]


@pytest.mark.parametrize(
    ("fault", "settings", "reason", "steps"),
    [
        pytest.param("database_gone", {}, Reason.HTTP_STATUS, EVERYWHERE, id="MariaDB stopped"),
        pytest.param("redis_gone", {}, Reason.TIMEOUT, EVERYWHERE, id="Redis stopped"),
        pytest.param("service_down", {}, Reason.HTTP_STATUS, EVERYWHERE, id="a proxy in its place"),
        pytest.param("api_gone", {}, Reason.HTTP_STATUS, EVERYWHERE, id="API killed"),
        pytest.param("proxy", {"status": 200}, Reason.PROTOCOL, EVERYWHERE, id="a site in its place"),
        pytest.param("server_error", {}, Reason.HTTP_STATUS, EVERYWHERE, id="500 to everything"),
        pytest.param("slow_headers", {}, Reason.TIMEOUT, EVERYWHERE, id="headers never end"),
        pytest.param("project_missing", {}, Reason.NOT_FOUND, EVERYWHERE, id="no such project"),
        pytest.param("wrong_region", {}, Reason.UNAUTHORIZED, EVERYWHERE, id="another region"),
        pytest.param("project_paused", {}, Reason.HTTP_STATUS, ["ping"], id="project paused"),
        pytest.param("quota", {"of": "everything"}, Reason.QUOTA, ["ping", "health", "queues"], id="plan used up"),
        pytest.param("rate_limited", {"methods": "any"}, Reason.RATE_LIMITED, WITHOUT_KEY, id="limits used up"),
        pytest.param(
            "api_disabled", {"services": [], "protocols": ["rest"]}, Reason.DISABLED, WITHOUT_KEY, id="REST off"
        ),
        pytest.param("server_error", {"path": "/health/db"}, Reason.HTTP_STATUS, ["health"], id="a pool fails"),
        pytest.param("proxy", {"path": "/health/db", "status": 403}, Reason.PROTOCOL, ["health"], id="a proxy's 403"),
        pytest.param("server_error", {"path": "/health/queue"}, Reason.HTTP_STATUS, ["queues"], id="500 to queues"),
    ],
)
async def test_names_the_lowest_part_that_fails(
    platform: Platform, fault: str, settings: dict[str, object], reason: Reason, steps: list[str]
) -> None:
    platform.sandbox.faults.switch_on(fault, **settings)

    outcome = await platform.run(health(queues=QUEUES, timeout="500ms"))

    assert (outcome.status, outcome.reason) == (Status.FAILED, reason)
    assert failed_steps(outcome) == steps


async def test_asks_for_everything_although_the_first_failed(platform: Platform) -> None:
    platform.sandbox.faults.switch_on("server_error@version", path="/health/version")
    platform.sandbox.faults.switch_on("server_error@cache", path="/health/cache")
    platform.sandbox.faults.switch_on("server_error@pubsub", path="/health/pubsub")

    outcome = await platform.run(health())

    findings = outcome.evidence["findings"]
    assert outcome.message.startswith("3 findings, the lowest: /health/version answered 500")
    assert isinstance(findings, tuple)
    assert [str(finding).split(" answered")[0] for finding in findings] == [
        "/health/version",
        "health of 'cache'",
        "health of 'pubsub'",
    ]


async def test_what_there_was_no_time_left_to_ask_for_is_no_finding(platform: Platform) -> None:
    platform.sandbox.faults.switch_on("hang")

    outcome = await platform.run(health(queues=QUEUES, timeout="300ms"))

    assert "/v1/health/version: connected, but no first byte" in outcome.message
    assert outcome.evidence["findings"] == (outcome.message,)


@pytest.mark.parametrize(
    ("service", "words"),
    [
        pytest.param("db", "does not reach its database server", id="db"),
        pytest.param("cache", "does not reach Redis, its cache", id="cache"),
        pytest.param("pubsub", "does not reach Redis, by which events reach realtime", id="pubsub"),
        pytest.param("time", "does not reach a time server, or the clock is wrong", id="time"),
    ],
)
async def test_says_what_is_behind_a_service_that_fails(platform: Platform, service: str, words: str) -> None:
    if service != "time":
        platform.sandbox.faults.switch_on("server_error", path=f"/health/{service}", type="general_server_error")

    outcome = await platform.run(health(services=[service]))

    assert (outcome.status, outcome.reason) == (Status.FAILED, Reason.HTTP_STATUS)
    assert words in outcome.message
    assert outcome.evidence["service"] == service


async def test_fails_when_the_version_is_another_one(platform: Platform) -> None:
    outcome = await platform.run(health(version=r"1\.9"))

    assert (outcome.status, outcome.reason) == (Status.FAILED, Reason.WRONG_ANSWER)
    assert "'1.9.6', expected 1\\.9" in outcome.message


async def test_tells_that_the_cloud_paused_the_project(platform: Platform) -> None:
    platform.sandbox.faults.switch_on("project_paused")

    outcome = await platform.run(health(services=[]))

    assert "restore it in the console" in outcome.message


def stop_worker(platform: Platform, *, waiting: int) -> None:
    platform.sandbox.faults.switch_on("worker_stopped")
    for _ in range(waiting):
        platform.sandbox.world.worker.put(lambda: None)


@pytest.mark.parametrize(
    ("most", "status"),
    [pytest.param(2, Status.PASSED, id="as many as may wait"), pytest.param(1, Status.FAILED, id="one more than that")],
)
async def test_fails_when_more_jobs_wait_than_may_since_their_worker_stands_still(
    platform: Platform, most: int, status: Status
) -> None:
    stop_worker(platform, waiting=2)

    outcome = await platform.run(health(queues={"functions": 0, "databases": most}))

    assert outcome.status is status
    if status is Status.FAILED:
        assert outcome.reason is Reason.WRONG_ANSWER
        assert outcome.message.startswith("2 jobs wait for the 'databases' worker, expected at most 1")


async def test_fails_when_the_server_itself_calls_a_queue_too_long(platform: Platform) -> None:
    stop_worker(platform, waiting=5_001)

    outcome = await platform.run(health(queues={"databases": 10}))

    assert (outcome.status, outcome.reason) == (Status.FAILED, Reason.WRONG_ANSWER)
    assert outcome.evidence["queue"] == "databases"


@pytest.mark.parametrize(
    ("waiting", "status"),
    [pytest.param(5_001, Status.PASSED, id="below it"), pytest.param(6_001, Status.FAILED, id="above it")],
)
async def test_a_limit_above_the_servers_own_holds(platform: Platform, waiting: int, status: Status) -> None:
    stop_worker(platform, waiting=waiting)

    outcome = await platform.run(health(queues={"databases": 6_000}))

    assert outcome.status is status


async def test_names_the_worker_whose_jobs_have_failed(platform: Platform) -> None:
    def answer(passing: Passing) -> None:
        if passing.call == "GET /v1/health/queue/failed/v1-messaging":
            passing.body = b'{"size": 3}'

    async with proxy(platform.sandbox.endpoint, answer=answer) as endpoint:
        outcome = await platform.run(health(failed_queues={"v1-deletes": 0, "v1-messaging": 2}), endpoint=endpoint)

    assert (outcome.status, outcome.reason) == (Status.FAILED, Reason.WRONG_ANSWER)
    assert outcome.message.startswith("3 jobs of the 'messaging' worker have failed, expected at most 2")


@pytest.mark.parametrize(
    ("status", "body"),
    [
        pytest.param(401, {"type": "general_unauthorized_scope", "message": "missing scopes"}, id="no scope"),
        pytest.param(403, {"type": "general_resource_blocked", "message": "blocked"}, id="blocked"),
        pytest.param(404, {"type": "general_route_not_found", "message": "no route"}, id="gone in this version"),
        pytest.param(404, None, id="a page of Appwrite"),
    ],
)
async def test_what_a_server_does_not_offer_is_noted_and_no_failure(
    platform: Platform, status: int, body: dict[str, str] | None
) -> None:
    def answer(passing: Passing) -> None:
        if passing.call in {"GET /v1/health/cache", "GET /v1/health/queue/databases"}:
            refusal = web.json_response(body, status=status) if body else web.Response(text="<html>", status=status)
            passing.status, passing.body = status, refusal.body if isinstance(refusal.body, bytes) else b""
            passing.headers["Content-Type"] = refusal.headers["Content-Type"]

    async with proxy(platform.sandbox.endpoint, answer=answer) as endpoint:
        of_services = await platform.run(health(), endpoint=endpoint)
        of_queues = await platform.run(health(queues=QUEUES), endpoint=endpoint)

    assert (of_services.status, of_services.evidence["not_offered"]) == (Status.PASSED, ("cache",))
    # Who named a queue meant it to be watched.
    assert (of_queues.status, of_queues.reason) == (Status.DEGRADED, Reason.NOT_FOUND)
    assert of_queues.message.startswith("queue 'databases' is not offered by this server")
    assert of_queues.evidence["not_offered"] == ("cache", "queue/databases")


@pytest.mark.parametrize(
    ("page", "version", "status"),
    [
        pytest.param(404, 200, Status.DEGRADED, id="of a version without queues"),
        pytest.param(403, 200, Status.FAILED, id="of something that keeps callers out"),
        pytest.param(404, 404, Status.FAILED, id="of something in Appwrite's place"),
    ],
)
async def test_a_page_in_the_place_of_a_queue_is_believed_where_the_version_was_told(
    platform: Platform, page: int, version: int, status: Status
) -> None:
    def answer(passing: Passing) -> None:
        # As a network of caches signs all that passes it.
        passing.headers["Server"] = "cloudflare"
        if passing.call.startswith("GET /v1/health/queue/"):
            passing.status, passing.body = page, b"<html>"
        if passing.call == "GET /v1/health/version":
            passing.status = version

    async with proxy(platform.sandbox.endpoint, answer=answer) as endpoint:
        outcome = await platform.run(health(queues={"databases": 1}), endpoint=endpoint)

    assert outcome.status is status
    assert ("queue/databases" in outcome.evidence.get("not_offered", ())) is (status is Status.DEGRADED)  # type: ignore[operator]


@pytest.mark.parametrize(
    ("version", "status", "steps"),
    [
        ("1.5.11", Status.PASSED, ["version", "health"]),
        ("1.6.0", Status.PASSED, ["version", "health"]),
        ("1.6.1", Status.FAILED, ["version", "ping", "health"]),
        ("1.10.0", Status.FAILED, ["version", "ping", "health"]),
        ("2.0", Status.FAILED, ["version", "ping", "health"]),
        ("cloud", Status.FAILED, ["version", "ping", "health"]),
    ],
)
async def test_asks_no_version_for_a_ping_that_has_none(
    platform: Platform, version: str, status: Status, steps: list[str]
) -> None:
    def answer(passing: Passing) -> None:
        if passing.call == "GET /v1/ping":
            passing.status, passing.body = 404, b"<html>"
        if passing.call == "GET /v1/health/version":
            passing.body = f'{{"version": "{version}"}}'.encode()

    async with proxy(platform.sandbox.endpoint, answer=answer) as endpoint:
        outcome = await platform.run(health(), endpoint=endpoint)

    assert outcome.status is status
    assert [step.name for step in outcome.steps] == steps


@pytest.mark.parametrize("how", ["revoked", "expired"])
async def test_a_key_that_is_refused_is_the_monitors_own_fault(platform: Platform, how: str) -> None:
    platform.sandbox.faults.switch_on("key_invalid", how=how)

    outcome = await platform.run(health(queues=QUEUES))

    assert (outcome.status, outcome.reason) == (Status.ERRORED, Reason.INTERNAL)
    assert outcome.evidence["credentials"] == "refused"


async def test_what_was_found_without_the_key_counts_although_the_key_is_refused(platform: Platform) -> None:
    platform.sandbox.faults.switch_on("key_invalid", how="expired")

    outcome = await platform.run(health(version="2.+"))

    assert (outcome.status, outcome.reason) == (Status.FAILED, Reason.WRONG_ANSWER)


@pytest.mark.parametrize(
    ("pool", "reason", "words"),
    [
        pytest.param('"status": "fail", "ping": 1', Reason.WRONG_ANSWER, "is 'fail', expected pass", id="not well"),
        pytest.param('"status": "pass", "ping": 900', Reason.SLOW, "took 900ms, objective 500ms", id="slow"),
    ],
)
async def test_is_degraded_when_a_pool_is_not_as_it_should_be(
    platform: Platform, pool: str, reason: Reason, words: str
) -> None:
    def answer(passing: Passing) -> None:
        if passing.call == "GET /v1/health/db":
            passing.body = f'{{"total": 1, "statuses": [{{"name": "Projects.DB (main)", {pool}}}]}}'.encode()

    async with proxy(platform.sandbox.endpoint, answer=answer) as endpoint:
        outcome = await platform.run(health(objective="500ms"), endpoint=endpoint)

    assert (outcome.status, outcome.reason) == (Status.DEGRADED, reason)
    assert "'Projects.DB (main)'" in outcome.message
    assert words in outcome.message


async def test_is_degraded_when_ping_takes_longer_than_its_objective(platform: Platform) -> None:
    outcome = await platform.run(health(services=[], objective="0.01ms"))

    assert (outcome.status, outcome.reason) == (Status.DEGRADED, Reason.SLOW)


async def test_knows_nothing_of_realtime_and_data(platform: Platform) -> None:
    for fault in ("redis_back_silent", "realtime_gone", "collection_missing", "permission_excess"):
        platform.sandbox.faults.switch_on(fault)

    outcome = await platform.run(health(queues=QUEUES))

    assert (outcome.status, outcome.message) == (Status.PASSED, "")


@pytest.mark.parametrize(
    "settings",
    [
        pytest.param({"queues": {"databsaes": 1}}, id="queue"),
        pytest.param({"queues": {"databases": -1}}, id="size"),
        pytest.param({"failed_queues": {"Messaging": 1}}, id="failed queue"),
        pytest.param({"services": ["redis"]}, id="service"),
        pytest.param({"version": "("}, id="version"),
    ],
)
async def test_refuses_what_no_server_has(settings: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        health(**settings)
