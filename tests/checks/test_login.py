from pathlib import Path

import pytest
from multidict import CIMultiDict

from monitor.config import load_settings
from monitor.core.check import Check
from monitor.core.errors import ConfigError
from monitor.core.outcome import Reason, Status
from monitor.registry import load_registry
from tests.checks.platforms import by_key, platform_of, run_without_key
from tests.conftest import Platform, check_of, failed_steps
from tests.fakes.proxy import Passing, proxy

pytestmark = pytest.mark.asyncio

STEPS = ["sign_in", "account_by_cookie", "account_by_header", "sign_out", "after"]


def login(**settings: object) -> Check:
    return check_of("login", **{"identity": "login", **settings})


def sessions(platform: Platform) -> list[str]:
    return [id_ for user in platform.sandbox.world.accounts.users.values() for id_ in user.sessions]


@pytest.mark.parametrize("profile", ["1.8", "1.9"])
async def test_passes_when_a_user_can_come_in_and_go(profile: str) -> None:
    async with platform_of(profile=profile) as platform:
        outcome = await platform.run(login())
        left = sessions(platform)

    assert (outcome.status, outcome.message) == (Status.PASSED, "")
    assert [step.name for step in outcome.steps] == STEPS
    assert left == []


async def test_needs_no_server_key(platform: Platform) -> None:
    outcome = await run_without_key(platform, login())

    assert (outcome.status, outcome.message) == (Status.PASSED, "")
    assert sessions(platform) == []


async def test_does_not_care_for_a_server_key_that_is_revoked(platform: Platform) -> None:
    platform.sandbox.faults.switch_on("key_invalid")

    outcome = await platform.run(login())

    assert (outcome.status, outcome.message) == (Status.PASSED, "")


@pytest.mark.parametrize(
    ("fault", "settings", "reason", "step"),
    [
        pytest.param(
            "login_method_disabled", {"method": "email-password"}, Reason.DISABLED, "sign_in", id="method off"
        ),
        pytest.param("api_disabled", {"services": ["account"]}, Reason.DISABLED, "sign_in", id="service off"),
        pytest.param("api_disabled", {"protocols": ["rest"]}, Reason.DISABLED, "sign_in", id="REST off"),
        pytest.param("rate_limited", {}, Reason.RATE_LIMITED, "sign_in", id="limits used up"),
        pytest.param("project_missing", {}, Reason.NOT_FOUND, "sign_in", id="no such project"),
        pytest.param("wrong_region", {}, Reason.UNAUTHORIZED, "sign_in", id="another region"),
        pytest.param("project_paused", {}, Reason.HTTP_STATUS, "sign_in", id="project paused"),
        pytest.param("quota", {"of": "everything"}, Reason.QUOTA, "sign_in", id="plan used up"),
        pytest.param("database_gone", {}, Reason.HTTP_STATUS, "sign_in", id="MariaDB stopped"),
        pytest.param("redis_gone", {}, Reason.TIMEOUT, "sign_in", id="Redis stopped"),
        pytest.param("service_down", {}, Reason.HTTP_STATUS, "sign_in", id="a proxy in its place"),
        pytest.param("proxy", {"status": 200}, Reason.PROTOCOL, "sign_in", id="a site in its place"),
        pytest.param("server_error", {"methods": "write"}, Reason.HTTP_STATUS, "sign_in", id="no writes"),
        pytest.param("server_error", {"methods": "read"}, Reason.HTTP_STATUS, "account_by_cookie", id="no reads"),
        pytest.param("hang", {"methods": "read"}, Reason.TIMEOUT, "account_by_cookie", id="reads hang"),
        pytest.param("session_invalid", {}, Reason.UNAUTHORIZED, "account_by_cookie", id="sessions are not taken"),
    ],
)
async def test_names_what_keeps_users_out(
    platform: Platform, fault: str, settings: dict[str, object], reason: Reason, step: str
) -> None:
    platform.sandbox.faults.switch_on(fault, **settings)

    outcome = await platform.run(login(timeout="500ms"))

    assert (outcome.status, outcome.reason) == (Status.FAILED, reason)
    assert failed_steps(outcome) == [step]
    assert sessions(platform) == []


def without_cookie(passing: Passing) -> None:
    passing.headers.popall("Set-Cookie", None)


def for_another_domain(passing: Passing) -> None:
    cookies = passing.headers.popall("Set-Cookie", [])
    for cookie in cookies:
        passing.headers.add("Set-Cookie", f"{cookie}; Domain=.api.internal")


def for_another_path(passing: Passing) -> None:
    cookies = passing.headers.popall("Set-Cookie", [])
    for cookie in cookies:
        passing.headers.add("Set-Cookie", cookie.replace("path=/", "path=/v2"))


def expired_already(passing: Passing) -> None:
    for cookie in passing.headers.popall("Set-Cookie", []):
        passing.headers.add("Set-Cookie", f"{cookie}; Max-Age=0")


def of_somebody_else(passing: Passing) -> None:
    if passing.call == "GET /v1/account":
        passing.body = b'{"$id": "somebody-else"}'


def kept_alive(passing: Passing) -> None:
    if passing.call.startswith("GET"):
        passing.status, passing.body = 200, b'{"$id": "synthetic-customer"}'


@pytest.mark.parametrize(
    ("answer", "step", "words"),
    [
        pytest.param(without_cookie, "account_by_cookie", "the answer set none", id="cookie stripped"),
        pytest.param(for_another_domain, "account_by_cookie", "it is for the domain 'api.internal'", id="other domain"),
        pytest.param(for_another_path, "account_by_cookie", "it is for paths below '/v2'", id="other path"),
        pytest.param(expired_already, "account_by_cookie", "it has expired already", id="expired"),
        pytest.param(of_somebody_else, "account_by_cookie", "the account of somebody else", id="answers cached"),
        pytest.param(kept_alive, "after", "still opens the account", id="alive after the sign-out"),
    ],
)
async def test_names_what_an_answer_does_to_a_session(
    platform: Platform, answer: object, step: str, words: str
) -> None:
    async with proxy(platform.sandbox.endpoint, answer=answer) as endpoint:  # type: ignore[arg-type]
        outcome = await platform.run(login(), endpoint=endpoint)

    assert (outcome.status, outcome.reason) == (Status.FAILED, Reason.WRONG_ANSWER)
    assert failed_steps(outcome) == [step]
    assert words in outcome.message
    assert sessions(platform) == []


@pytest.mark.parametrize(
    ("header", "step", "words"),
    [
        pytest.param("Cookie", "account_by_cookie", "it is not accepted", id="cookies do not arrive"),
        pytest.param(
            "X-Appwrite-Session", "account_by_header", "not as X-Appwrite-Session", id="headers do not arrive"
        ),
    ],
)
async def test_names_what_does_not_arrive(platform: Platform, header: str, step: str, words: str) -> None:
    def request(_: str, headers: CIMultiDict[str]) -> None:
        headers.popall(header, None)

    async with proxy(platform.sandbox.endpoint, request=request) as endpoint:
        outcome = await platform.run(login(), endpoint=endpoint)

    assert (outcome.status, outcome.reason) == (Status.FAILED, Reason.WRONG_ANSWER)
    assert failed_steps(outcome) == [step]
    assert words in outcome.message
    assert sessions(platform) == []


async def test_a_wrong_password_is_the_monitors_own_fault(platform: Platform) -> None:
    await by_key(platform, "PATCH", "/users/synthetic-customer/password", password="another one now")

    outcome = await platform.run(login())

    assert (outcome.status, outcome.reason) == (Status.ERRORED, Reason.INTERNAL)
    assert "correct e-mail and password" in outcome.message
    assert platform.sandbox.customer.password not in f"{outcome}"


async def test_a_blocked_user_is_the_monitors_own_fault(platform: Platform) -> None:
    await by_key(platform, "PATCH", "/users/synthetic-customer/status", status=False)

    outcome = await platform.run(login())

    assert (outcome.status, outcome.reason) == (Status.ERRORED, Reason.INTERNAL)
    assert "unblock this test user" in outcome.message


@pytest.mark.parametrize(
    ("status", "kind", "words"),
    [
        pytest.param(401, "user_more_factors_required", "switch multi-factor sign-in off", id="second factor"),
        pytest.param(412, "user_password_reset_required", "reset the password", id="password to be reset"),
        pytest.param(403, "user_blocked", "unblock this test user", id="blocked meanwhile"),
    ],
)
async def test_a_user_that_must_do_more_than_sign_in_is_the_monitors_own_fault(
    platform: Platform, status: int, kind: str, words: str
) -> None:
    def answer(passing: Passing) -> None:
        if passing.call == "GET /v1/account":
            passing.status, passing.body = status, f'{{"type": "{kind}"}}'.encode()

    async with proxy(platform.sandbox.endpoint, answer=answer) as endpoint:
        outcome = await platform.run(login(), endpoint=endpoint)

    assert (outcome.status, outcome.reason) == (Status.ERRORED, Reason.INTERNAL)
    assert words in outcome.message
    assert sessions(platform) == []


@pytest.mark.parametrize(
    ("identity", "words"),
    [
        pytest.param("customer", "this one is of kind user", id="signed in by the key"),
        pytest.param("nowhere", "none of this name is declared", id="not declared"),
    ],
)
async def test_an_identity_without_password_is_the_monitors_own_fault(
    platform: Platform, identity: str, words: str
) -> None:
    outcome = await platform.run(login(identity=identity))

    assert (outcome.status, outcome.reason) == (Status.ERRORED, Reason.INTERNAL)
    assert words in outcome.message


CONFIG = """
target: {name: test, endpoint: http://127.0.0.1:1/v1, project: p, database: d, api_key: not-a-real-key}
identities:
  customer: {kind: user, user_id: synthetic-customer}
  login: {kind: password, email: login@example.com, password: not a real one}
checks:
  first: {kind: login, every: EVERY, identity: IDENTITY}
"""


@pytest.mark.parametrize(
    ("identity", "every", "words"),
    [
        pytest.param("customer", "5m", "'customer' is of kind user: name one of kind password", id="no password"),
        pytest.param("login", "39s", "sign-outs an hour, expected at most 90", id="too often"),
    ],
)
async def test_the_configuration_refuses_what_cannot_go_well(
    tmp_path: Path, identity: str, every: str, words: str
) -> None:
    path = tmp_path / "monitor.yaml"
    path.write_text(CONFIG.replace("IDENTITY", identity).replace("EVERY", every))

    with pytest.raises(ConfigError, match=words):
        load_settings(path, load_registry(), {})


async def test_the_configuration_takes_it_as_often_as_the_manual_says(tmp_path: Path) -> None:
    path = tmp_path / "monitor.yaml"
    path.write_text(CONFIG.replace("IDENTITY", "login").replace("EVERY", "40s"))

    assert list(load_settings(path, load_registry(), {}).checks) == ["first"]


async def test_any_number_of_good_sign_ins_may_be_made() -> None:
    async with platform_of(rate_limits=True) as platform:
        outcomes = [await platform.run(login()) for _ in range(12)]

    assert {outcome.status for outcome in outcomes} == {Status.PASSED}


async def test_bad_sign_ins_are_limited_and_then_nobody_is_blamed_for_the_password() -> None:
    async with platform_of(rate_limits=True) as platform:
        await by_key(platform, "PATCH", "/users/synthetic-customer/password", password="another one now")
        outcomes = [await platform.run(login()) for _ in range(11)]

    assert {outcome.status for outcome in outcomes[:10]} == {Status.ERRORED}
    assert (outcomes[10].status, outcomes[10].reason) == (Status.FAILED, Reason.RATE_LIMITED)


@pytest.mark.parametrize("with_key", [True, False], ids=["with the key", "without a key"])
async def test_ends_a_session_that_could_not_be_used(platform: Platform, with_key: bool) -> None:
    platform.sandbox.faults.switch_on("server_error", methods="read")

    outcome = await (platform.run(login()) if with_key else run_without_key(platform, login()))

    assert failed_steps(outcome) == ["account_by_cookie"]
    assert sessions(platform) == []


async def test_ends_with_the_key_a_session_that_the_user_cannot_end(platform: Platform) -> None:
    def request(call: str, headers: CIMultiDict[str]) -> None:
        if call.startswith("DELETE /v1/account/"):
            headers["X-Appwrite-Project"] = "another-project"

    async with proxy(platform.sandbox.endpoint, request=request) as endpoint:
        outcome = await platform.run(login(), endpoint=endpoint)

    assert failed_steps(outcome) == ["sign_out"]
    assert sessions(platform) == []


async def test_is_degraded_when_signing_in_takes_longer_than_its_objective(platform: Platform) -> None:
    outcome = await platform.run(login(objective="0.01ms"))

    assert (outcome.status, outcome.reason) == (Status.DEGRADED, Reason.SLOW)


async def test_shows_no_secret_of_a_session(platform: Platform) -> None:
    seen: list[str] = []

    def answer(passing: Passing) -> None:
        seen.extend(value for name, value in passing.headers.items() if name.lower() == "x-fallback-cookies")
        without_cookie(passing)

    async with proxy(platform.sandbox.endpoint, answer=answer) as endpoint:
        outcome = await platform.run(login(), endpoint=endpoint)

    secret = seen[0].split('"')[3]
    assert len(secret) > 20
    assert secret not in f"{outcome}"
