import json

import pytest
from pydantic import ValidationError

from monitor.core.check import Check
from monitor.core.outcome import Reason, Status
from monitor.sandbox import seed
from tests.checks.platforms import by_key, platform_of, run_without_key
from tests.conftest import Platform, check_of, failed_steps
from tests.fakes.proxy import Passing, proxy

pytestmark = pytest.mark.asyncio

PHONE_NUMBER = {"senderId": "synthetic-customer", "sessionId": "synthetic", "message": "call +62 812 3456 7890"}
BOTH = ["guest", "customer"]


def execution(**settings: object) -> Check:
    return check_of("function_execution", **{"function": "ping", "identities": BOTH, "within": "1s", **settings})


def contact_filter(**settings: object) -> Check:
    refusal = {"json": {"success": False, "violationType": "phone_number"}, "status": 400}
    return execution(**{"function": "sendChatMessage", "body": PHONE_NUMBER, **refusal, **settings})


def unwaited(**settings: object) -> Check:
    return execution(**{"mode": "async", "within": "400ms", **settings})


def only_for(platform: Platform, *roles: str) -> None:
    platform.sandbox.world.functions.by_id["ping"].execute = roles


@pytest.mark.parametrize("profile", ["1.8", "1.9"])
@pytest.mark.parametrize(
    ("settings", "steps"),
    [
        pytest.param({}, ["sign_in", "execute"], id="waited for"),
        pytest.param({"mode": "async"}, ["sign_in", "execute", "completed"], id="left to the worker"),
    ],
)
async def test_passes_when_the_function_runs(profile: str, settings: dict[str, object], steps: list[str]) -> None:
    async with platform_of(profile=profile) as platform:
        outcome = await platform.run(execution(**settings))

    assert (outcome.status, outcome.message) == (Status.PASSED, "")
    assert [step.name for step in outcome.steps] == steps


@pytest.mark.parametrize("identity", ["guest", "customer", "stranger", "login", "anonymous"])
async def test_calls_as_whoever_is_named(platform: Platform, identity: str) -> None:
    await platform.run(execution(identities=[identity]))

    readers = [made.readers for made in platform.sandbox.world.functions.executions.values()]
    assert len(readers) == 1
    assert (readers == [()]) is (identity == "guest")


@pytest.mark.parametrize(
    "settings",
    [
        pytest.param({"body": "as it is", "json": {"body": "as it is"}}, id="text"),
        pytest.param({"body": {"a": [1]}, "json": {"body": '{"a": [1]}'}}, id="JSON"),
        pytest.param({"path": "/health", "json": {"path": "/health"}}, id="path"),
        pytest.param({"method": "GET", "json": {"method": "GET"}}, id="method"),
        pytest.param({"body_matches": '"pong": ?true'}, id="text of the answer"),
        pytest.param({"status": [200, 204]}, id="one of several statuses"),
    ],
)
async def test_sends_the_request_and_judges_the_answer(platform: Platform, settings: dict[str, object]) -> None:
    outcome = await platform.run(execution(**settings))

    assert (outcome.status, outcome.message) == (Status.PASSED, "")


async def test_proves_a_filter_by_what_it_must_refuse_and_leaves_no_message(platform: Platform) -> None:
    outcome = await platform.run(contact_filter())

    messages = platform.sandbox.world.databases[seed.DATABASE].collections["chat_messages"].documents
    assert (outcome.status, outcome.message) == (Status.PASSED, "")
    assert list(messages) == []


@pytest.mark.parametrize(
    ("message", "words"),
    [
        pytest.param("see you at ten", "itself answered 200, expected 400", id="lets through what it must not"),
        pytest.param("I am @ayu", 'expected "phone_number", got "username"', id="refuses for another reason"),
    ],
)
async def test_fails_when_a_refusal_is_not_the_expected_one(platform: Platform, message: str, words: str) -> None:
    outcome = await platform.run(contact_filter(body={**PHONE_NUMBER, "message": message}))

    assert (outcome.status, outcome.reason) == (Status.FAILED, Reason.WRONG_ANSWER)
    assert words in outcome.message


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        pytest.param({"status": 204}, "itself answered 200, expected 204", id="status"),
        pytest.param({"status": [204, 404]}, "expected 204 or 404", id="several statuses"),
        pytest.param({"json": {"pong": False}}, "JSON pong: expected false, got true", id="JSON value"),
        pytest.param({"json": {"pong.at": 1}}, "JSON pong.at: expected 1, got nothing", id="JSON path not there"),
        pytest.param({"body_matches": "^pang$"}, "without a match of ^pang$", id="text"),
    ],
)
async def test_fails_with_what_was_expected_and_what_came(
    platform: Platform, settings: dict[str, object], words: str
) -> None:
    outcome = await platform.run(execution(**settings))

    assert (outcome.status, outcome.reason) == (Status.FAILED, Reason.WRONG_ANSWER)
    assert words in outcome.message
    assert outcome.evidence["identity"] == "guest"
    assert outcome.evidence["execution_status"] == "completed"


async def test_an_answer_that_is_no_json_is_a_wrong_one(platform: Platform) -> None:
    def answer(passing: Passing) -> None:
        if passing.call.endswith("/executions"):
            passing.body = json.dumps(json.loads(passing.body) | {"responseBody": "<html>"}).encode()

    async with proxy(platform.sandbox.endpoint, answer=answer) as endpoint:
        outcome = await platform.run(execution(json={"pong": True}), endpoint=endpoint)

    assert (outcome.status, outcome.reason) == (Status.FAILED, Reason.WRONG_ANSWER)
    assert "answered 6 characters that are no JSON" in outcome.message
    assert outcome.evidence["answer"] == "<html>"


@pytest.mark.parametrize(
    ("how", "make", "reason", "step"),
    [
        pytest.param("failed", execution, Reason.WRONG_ANSWER, "execute", id="fails"),
        pytest.param("refused", execution, Reason.WRONG_ANSWER, "execute", id="answers 400 in a 201"),
        pytest.param("refused", contact_filter, Reason.WRONG_ANSWER, "execute", id="refuses for another reason"),
        pytest.param("denied", execution, Reason.PERMISSION_MISSING, "execute", id="guests may not"),
        pytest.param("missing", execution, Reason.NOT_FOUND, "execute", id="is not there"),
        pytest.param("timeout", execution, Reason.TIMEOUT, "execute", id="takes too long"),
        pytest.param("failed", unwaited, Reason.WRONG_ANSWER, "completed", id="fails unwaited for"),
        pytest.param("refused", unwaited, Reason.WRONG_ANSWER, "completed", id="answers 400 unwaited for"),
        pytest.param("denied", unwaited, Reason.PERMISSION_MISSING, "execute", id="guests may not, unwaited for"),
        pytest.param("missing", unwaited, Reason.NOT_FOUND, "execute", id="is not there, unwaited for"),
        pytest.param("timeout", unwaited, Reason.WRONG_ANSWER, "completed", id="is ended unwaited for"),
        pytest.param("waiting", unwaited, Reason.TIMEOUT, "completed", id="never starts"),
    ],
)
async def test_names_what_is_wrong_with_the_function(
    platform: Platform, how: str, make: type[Check], reason: Reason, step: str
) -> None:
    platform.sandbox.faults.switch_on("function_failed", how=how)

    outcome = await platform.run(make())

    assert (outcome.status, outcome.reason) == (Status.FAILED, reason)
    assert failed_steps(outcome) == [step]
    assert len(outcome.message) < 200


async def test_a_function_that_nobody_need_wait_for_hides_nothing_of_one_that_is_waited_for(platform: Platform) -> None:
    platform.sandbox.faults.switch_on("function_failed", how="waiting")

    waited_for = await platform.run(execution())
    left_to_the_worker = await platform.run(unwaited())

    assert waited_for.status is Status.PASSED
    assert "has not run, it is 'waiting' after 400ms" in left_to_the_worker.message
    assert "though one that is waited for does run" in left_to_the_worker.message
    assert left_to_the_worker.evidence["works_when_waited_for"] is True


async def test_says_when_a_function_runs_neither_way(platform: Platform) -> None:
    platform.sandbox.faults.switch_on("function_failed@worker", how="waiting")
    platform.sandbox.faults.switch_on("function_failed", how="failed")

    outcome = await platform.run(unwaited())

    assert (outcome.status, outcome.reason) == (Status.FAILED, Reason.TIMEOUT)
    assert "waited for" not in outcome.message
    assert outcome.evidence["works_when_waited_for"] is False


async def test_what_never_ran_is_stuck_though_a_newer_server_calls_it_failed(platform: Platform) -> None:
    def answer(passing: Passing) -> None:
        if passing.call.startswith("GET") and "/executions/" in passing.call:
            unrun = {"status": "failed", "responseStatusCode": 0}
            passing.body = json.dumps(json.loads(passing.body) | unrun).encode()

    async with proxy(platform.sandbox.endpoint, answer=answer) as endpoint:
        outcome = await platform.run(unwaited(), endpoint=endpoint)

    assert (outcome.status, outcome.reason) == (Status.FAILED, Reason.TIMEOUT)
    assert "has not run, it is 'failed' after 400ms" in outcome.message


@pytest.mark.parametrize(
    ("looks", "status"), [pytest.param(2, Status.PASSED, id="for a moment"), pytest.param(99, Status.FAILED, id="ever")]
)
async def test_an_execution_that_cannot_be_found_yet_is_waited_for(
    platform: Platform, looks: int, status: Status
) -> None:
    seen = []

    def answer(passing: Passing) -> None:
        if passing.call.startswith("GET") and "/executions/" in passing.call:
            seen.append(passing.call)
            if len(seen) <= looks:
                passing.status = 404
                passing.body = b'{"type": "execution_not_found", "code": 404, "message": "", "version": "2.2.0"}'

    async with proxy(platform.sandbox.endpoint, answer=answer) as endpoint:
        outcome = await platform.run(unwaited(identities=["guest"], within="1s"), endpoint=endpoint)

    assert outcome.status is status
    assert len(seen) == (3 if status is Status.PASSED else 5)
    if status is Status.FAILED:
        assert outcome.reason is Reason.TIMEOUT
        assert "has not run, it is 'waiting' after 1s" in outcome.message


async def test_a_function_that_is_gone_meanwhile_is_not_waited_for(platform: Platform) -> None:
    def answer(passing: Passing) -> None:
        if passing.call.startswith("GET") and "/executions/" in passing.call:
            passing.status = 404
            passing.body = b'{"type": "function_not_found", "code": 404, "message": "", "version": "2.2.0"}'

    async with proxy(platform.sandbox.endpoint, answer=answer) as endpoint:
        outcome = await platform.run(unwaited(identities=["guest"]), endpoint=endpoint)

    assert (outcome.status, outcome.reason) == (Status.FAILED, Reason.NOT_FOUND)


async def test_tells_the_errors_of_a_function_that_failed(platform: Platform) -> None:
    platform.sandbox.faults.switch_on("function_failed")

    outcome = await platform.run(execution())

    assert "failed with 500, expected 200" in outcome.message
    assert outcome.evidence["errors"] == "Error: an error was thrown while the function ran"


@pytest.mark.parametrize("fault", [None, "key_scope"])
async def test_a_function_that_failed_has_failed_though_its_errors_cannot_be_read(
    platform: Platform, fault: str | None
) -> None:
    platform.sandbox.faults.switch_on("function_failed")
    check = execution(identities=["guest"])
    if fault:
        platform.sandbox.faults.switch_on(fault, scopes=["executions.read", "execution.read"])

    outcome = await (platform.run(check) if fault else run_without_key(platform, check))

    assert (outcome.status, outcome.reason) == (Status.FAILED, Reason.WRONG_ANSWER)
    assert outcome.evidence["errors"] == ""


@pytest.mark.parametrize(
    ("roles", "refused", "admitted"),
    [
        pytest.param(("users",), ("guest",), ("customer",), id="members only"),
        pytest.param(("guests",), ("customer",), ("guest",), id="guests only"),
        pytest.param((), ("guest", "customer"), (), id="nobody"),
    ],
)
async def test_tells_who_may_not_execute_it_and_who_may(
    platform: Platform, roles: tuple[str, ...], refused: tuple[str, ...], admitted: tuple[str, ...]
) -> None:
    only_for(platform, *roles)

    outcome = await platform.run(execution())

    assert (outcome.status, outcome.reason) == (Status.FAILED, Reason.PERMISSION_MISSING)
    assert (outcome.evidence["refused"], outcome.evidence["admitted"]) == (refused, admitted)
    assert outcome.message.startswith(f"{refused[0]!r} may not execute function 'ping'")


@pytest.mark.parametrize("settings", [{}, {"mode": "async"}], ids=["waited for", "left to the worker"])
async def test_passes_when_those_are_refused_that_must_be(platform: Platform, settings: dict[str, object]) -> None:
    only_for(platform, f"user:{platform.sandbox.customer.id}")

    outcome = await platform.run(execution(identities=["customer"], denied=["guest", "stranger"], **settings))

    assert (outcome.status, outcome.message) == (Status.PASSED, "")
    assert [step.name for step in outcome.steps][:3] == ["sign_in", "denied", "execute"]


@pytest.mark.parametrize("how", [None, "failed", "timeout"])
async def test_who_gets_in_though_he_must_not_is_an_excess_whatever_the_function_does(
    platform: Platform, how: str | None
) -> None:
    if how:
        platform.sandbox.faults.switch_on("function_failed", how=how)

    outcome = await platform.run(execution(identities=["customer"], denied=["stranger"]))

    assert (outcome.status, outcome.reason) == (Status.FAILED, Reason.PERMISSION_EXCESS)
    assert outcome.message.startswith("'stranger' may execute function 'ping', expected a refusal")
    assert failed_steps(outcome) == ["denied"]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        pytest.param({"deployment_id": ""}, "deploy the function", id="no deployment"),
        pytest.param({"build": "failed"}, "its deployment is not built", id="a build that failed"),
        pytest.param({"enabled": False}, "deleted or disabled", id="disabled"),
    ],
)
async def test_says_why_there_is_nothing_to_run(platform: Platform, change: dict[str, object], words: str) -> None:
    function = platform.sandbox.world.functions.by_id["ping"]
    for name, value in change.items():
        setattr(function, name, value)

    outcome = await platform.run(execution())

    assert (outcome.status, outcome.reason) == (Status.FAILED, Reason.NOT_FOUND)
    assert words in outcome.message


@pytest.mark.parametrize(
    ("fault", "settings", "reason", "step"),
    [
        pytest.param("api_disabled", {"services": ["functions"]}, Reason.DISABLED, "execute", id="service off"),
        pytest.param("api_disabled", {"protocols": ["rest"]}, Reason.DISABLED, "execute", id="REST off"),
        pytest.param("rate_limited", {}, Reason.RATE_LIMITED, "execute", id="limits used up"),
        pytest.param("quota", {"of": "everything"}, Reason.QUOTA, "sign_in", id="plan used up"),
        pytest.param("project_missing", {}, Reason.NOT_FOUND, "sign_in", id="no such project"),
        pytest.param("wrong_region", {}, Reason.UNAUTHORIZED, "sign_in", id="another region"),
        pytest.param("project_paused", {}, Reason.HTTP_STATUS, "sign_in", id="project paused"),
        pytest.param("database_gone", {}, Reason.HTTP_STATUS, "sign_in", id="MariaDB stopped"),
        pytest.param("redis_gone", {}, Reason.TIMEOUT, "sign_in", id="Redis stopped"),
        pytest.param(
            "proxy", {"path": "/functions", "status": 502}, Reason.HTTP_STATUS, "execute", id="a proxy in its place"
        ),
        pytest.param("proxy", {"path": "/functions", "status": 200}, Reason.PROTOCOL, "execute", id="a site"),
        pytest.param("server_error", {"path": "/functions"}, Reason.HTTP_STATUS, "execute", id="500"),
        pytest.param("hang", {"path": "/functions"}, Reason.TIMEOUT, "execute", id="no answer"),
    ],
)
async def test_names_what_is_wrong_around_it(
    platform: Platform, fault: str, settings: dict[str, object], reason: Reason, step: str
) -> None:
    platform.sandbox.faults.switch_on(fault, **settings)

    outcome = await platform.run(execution(timeout="500ms"))

    assert (outcome.status, outcome.reason) == (Status.FAILED, reason)
    assert failed_steps(outcome) == [step]


@pytest.mark.parametrize(
    ("fault", "settings", "checked"),
    [
        pytest.param("key_invalid", {}, {}, id="key revoked"),
        pytest.param("key_invalid", {"how": "expired"}, {}, id="key expired"),
        pytest.param("key_scope", {"scopes": ["users.write"]}, {}, id="key may not sign users in"),
        pytest.param(
            "key_scope",
            {"scopes": ["executions.read", "execution.read"]},
            {"mode": "async"},
            id="key may not read executions",
        ),
        pytest.param("session_invalid", {}, {}, id="JWT expired"),
        pytest.param("session_invalid", {}, {"identities": [], "denied": ["customer"]}, id="JWT of the denied"),
        pytest.param(
            "session_invalid",
            {"jwts": False},
            {"identities": [], "denied": ["login"]},
            id="session of the denied",
        ),
    ],
)
async def test_credentials_that_are_refused_are_the_monitors_own_fault(
    platform: Platform, fault: str, settings: dict[str, object], checked: dict[str, object]
) -> None:
    only_for(platform, "users")
    platform.sandbox.faults.switch_on(fault, **settings)

    outcome = await platform.run(execution(**{"identities": ["customer"], **checked}))

    assert (outcome.status, outcome.reason) == (Status.ERRORED, Reason.INTERNAL)
    assert outcome.evidence["credentials"] == "refused"


async def test_a_blocked_user_is_the_monitors_own_fault(platform: Platform) -> None:
    await by_key(platform, "PATCH", "/users/synthetic-customer/status", status=False)

    outcome = await platform.run(execution())

    assert (outcome.status, outcome.reason) == (Status.ERRORED, Reason.INTERNAL)
    assert "unblock this test user" in outcome.message


async def test_needs_no_server_key_for_guests_who_wait(platform: Platform) -> None:
    waited_for = await run_without_key(platform, execution(identities=["guest"]))
    left_to_the_worker = await run_without_key(platform, unwaited(identities=["guest"]))

    assert waited_for.status is Status.PASSED
    assert left_to_the_worker.status is Status.ERRORED
    assert platform.sandbox.world.functions.worker.waiting == 0


@pytest.mark.parametrize("mode", ["sync", "async"])
async def test_is_degraded_when_it_takes_longer_than_its_objective(platform: Platform, mode: str) -> None:
    outcome = await platform.run(execution(mode=mode, objective="0.01ms"))

    assert (outcome.status, outcome.reason) == (Status.DEGRADED, Reason.SLOW)
    assert "function 'ping' as 'guest' took" in outcome.message


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        pytest.param({"identities": []}, "nobody is to call the function", id="nobody"),
        pytest.param({"denied": ["guest"]}, "'guest' stands in identities and in denied", id="both"),
        pytest.param({"mode": "async", "json": {"a": 1}}, "need mode: sync", id="a body that is not shown"),
        pytest.param({"mode": "async", "body_matches": "a"}, "need mode: sync", id="a text that is not shown"),
        pytest.param({"mode": "async", "within": "3s"}, "must be shorter than timeout", id="no time to look"),
        pytest.param({"function": "Send Message"}, "is not an Appwrite id", id="name of the function"),
        pytest.param({"path": "health"}, "pattern", id="path"),
        pytest.param({"body_matches": "("}, "is not a regular expression", id="pattern"),
        pytest.param({"status": []}, "at least 1 item", id="no status"),
    ],
)
async def test_refuses_what_proves_nothing(settings: dict[str, object], words: str) -> None:
    with pytest.raises(ValidationError, match=words):
        execution(**settings)
