"""
Whose fault a refusal is, asked of the sandbox: that of the monitor's own credentials, or the target's.
"""

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence

import pytest
import pytest_asyncio

from monitor.appwrite.errors import AppwriteError
from monitor.appwrite.identities import roles_of, sign_in
from monitor.appwrite.realtime import subscribe
from monitor.core.errors import CheckFailed, OwnFault
from monitor.core.identity import KEY, Anonymous, Guest, Password, User
from monitor.core.leftover import Fate, Leftover, Unjournaled, What
from monitor.core.outcome import Reason
from monitor.core.run import Run
from monitor.sandbox.server import Sandbox
from tests.appwrite.conftest import MakeRun, clean_up
from tests.fakes.proxy import Passing, proxy

pytestmark = pytest.mark.asyncio


@pytest_asyncio.fixture
async def run(make_run: MakeRun, sandbox: Sandbox) -> AsyncIterator[Run]:
    customer = sandbox.customer
    run = make_run(
        sandbox.endpoint,
        project=sandbox.project,
        database=sandbox.database,
        api_key=sandbox.api_key,
        identities={
            "guest": Guest(),
            "customer": User(user_id=customer.id),
            "login": Password.model_validate({"email": customer.email, "password": customer.password}),
            "forgetful": Password.model_validate({"email": customer.email, "password": "not-the-password"}),
        },
    )
    yield run
    await clean_up(run)


async def read_metadata(run: Run) -> None:
    await (await sign_in(run, KEY)).get_collection("bookings")


async def list_as_customer(run: Run) -> None:
    await (await sign_in(run, "customer")).list_documents("bookings")


async def list_with_a_session(run: Run) -> None:
    await (await sign_in(run, "login")).get_document("bookings", "synthetic-none")


async def hold_a_socket(run: Run) -> None:
    async with subscribe(await sign_in(run, "customer"), ["account"], run=run):
        pass


async def hold_a_socket_with_a_session(run: Run) -> None:
    async with subscribe(await sign_in(run, "login"), ["account"], run=run):
        pass


async def sign_in_with_a_wrong_password(run: Run) -> None:
    await sign_in(run, "forgetful")


class Full(Unjournaled):
    """
    A journal that takes nothing more.
    """

    async def intend(self, run: Run, leftovers: Sequence[Leftover]) -> None:
        raise OwnFault("too much is left")


Act = Callable[[Run], Awaitable[None]]


@pytest.mark.parametrize(
    ("fault", "parameters", "act", "fix"),
    [
        pytest.param("key_invalid", {}, read_metadata, "the server key is wrong or revoked", id="key-revoked"),
        pytest.param("key_invalid", {"how": "expired"}, read_metadata, "make a new server key", id="key-expired"),
        pytest.param("key_scope", {}, read_metadata, "the scope collections.read", id="scope-missing"),
        pytest.param(
            "key_scope", {"scopes": ["users.write"]}, list_as_customer, "the scope users.write", id="cannot-mint-jwts"
        ),
        pytest.param(
            "session_invalid", {}, list_as_customer, "signing keys disagree: see what login finds", id="jwt-expired"
        ),
        pytest.param("session_invalid", {}, list_with_a_session, "its session has ended", id="session-expired"),
        pytest.param(
            "session_invalid", {}, hold_a_socket, "clocks or signing keys disagree", id="jwt-expired-at-the-socket"
        ),
        pytest.param(
            "session_invalid", {}, hold_a_socket_with_a_session, "is not accepted", id="session-expired-at-the-socket"
        ),
        pytest.param(None, {}, sign_in_with_a_wrong_password, "correct e-mail and password", id="wrong-password"),
    ],
)
async def test_credentials_of_the_monitor_that_are_refused_are_its_own_fault_with_the_fix(
    run: Run, sandbox: Sandbox, fault: str | None, parameters: dict[str, object], act: Act, fix: str
) -> None:
    if fault:
        sandbox.faults.switch_on(fault, **parameters)

    with pytest.raises(OwnFault) as caught:
        await act(run)

    assert fix in caught.value.message
    assert caught.value.evidence["credentials"] == "refused"
    assert len(caught.value.message) <= 200


@pytest.mark.parametrize(
    "switched_off",
    [
        pytest.param(None, id="nothing"),
        pytest.param({"services": ["account"]}, id="the-account-service"),
        pytest.param({"services": [], "protocols": ["rest"]}, id="REST"),
    ],
)
async def test_a_revoked_key_is_known_without_a_ping_and_whatever_is_switched_off(
    run: Run, sandbox: Sandbox, switched_off: dict[str, object] | None
) -> None:
    sandbox.faults.switch_on("key_invalid")
    sandbox.faults.switch_on("server_error", path="/ping")
    if switched_off:
        sandbox.faults.switch_on("api_disabled", **switched_off)

    with pytest.raises(OwnFault, match="the server key is wrong or revoked"):
        await read_metadata(run)


@pytest.mark.parametrize(
    "page",
    [
        pytest.param(b"<html>", id="a-page"),
        pytest.param(b'{"type": "general_route_not_found", "code": 404}', id="an-error"),
    ],
)
@pytest.mark.parametrize(
    ("version", "is_ours"),
    [("1.5.11", True), ("1.6.0", False), ("1.9.6", False), (None, False)],
)
async def test_a_user_cannot_be_signed_in_where_keys_make_no_jwts(
    make_run: MakeRun, sandbox: Sandbox, version: str | None, is_ours: bool, page: bytes
) -> None:
    def answer(passing: Passing) -> None:
        if passing.call.endswith("/jwts"):
            passing.status, passing.body = 404, page
        if passing.call == "GET /v1/health/version":
            passing.status = 200 if version else 404
            passing.body = f'{{"version": "{version}"}}'.encode()

    async with proxy(sandbox.endpoint, answer=answer) as endpoint:
        fields = {"project": sandbox.project, "api_key": sandbox.api_key}
        run = make_run(endpoint, identities={"customer": User(user_id=sandbox.customer.id)}, **fields)
        with pytest.raises(OwnFault if is_ours else CheckFailed) as caught:
            await sign_in(run, "customer")

    if is_ours:
        assert "'customer' needs Appwrite 1.6, since keys make no JWTs in 1.5.11" in str(caught.value)


@pytest.mark.parametrize("act", [list_as_customer, list_with_a_session])
async def test_a_blocked_user_is_the_monitors_own_fault(run: Run, sandbox: Sandbox, act: Act) -> None:
    sandbox.world.accounts.users[sandbox.customer.id].enabled = False

    with pytest.raises(OwnFault):
        await act(run)


@pytest.mark.parametrize(
    ("fault", "act", "reason"),
    [
        pytest.param("wrong_region", read_metadata, Reason.UNAUTHORIZED, id="another-region-as-the-key"),
        pytest.param("wrong_region", list_as_customer, Reason.UNAUTHORIZED, id="another-region-as-a-user"),
        pytest.param("project_missing", read_metadata, Reason.NOT_FOUND, id="project-missing"),
        pytest.param("service_down", read_metadata, Reason.HTTP_STATUS, id="service-down"),
        pytest.param("permission_missing", list_with_a_session, Reason.NOT_FOUND, id="no-permission"),
    ],
)
async def test_what_is_the_targets_fault_stays_its_fault(
    run: Run, sandbox: Sandbox, fault: str, act: Act, reason: Reason
) -> None:
    sandbox.faults.switch_on(fault)

    with pytest.raises(CheckFailed) as caught:
        await act(run)

    assert caught.value.reason is reason


async def test_a_jwt_outlives_the_sign_out_of_another_session_of_its_user(run: Run) -> None:
    other = await sign_in(run, "login")
    customer = await sign_in(run, "customer")

    await other.delete_session()

    assert (await customer.get_account()).id == "synthetic-customer"


@pytest.mark.parametrize(
    ("identity", "roles"),
    [
        pytest.param("guest", {"any", "guests"}, id="guest"),
        pytest.param(
            "customer",
            {
                "any",
                "users",
                "users/unverified",
                "user:synthetic-customer",
                "user:synthetic-customer/unverified",
                "team:synthetic-pair",
                "member:synthetic-pair-1",
            },
            id="user-in-a-team",
        ),
    ],
)
async def test_knows_the_roles_of_an_identity(run: Run, identity: str, roles: set[str]) -> None:
    assert await roles_of(run, identity) >= roles


@pytest.mark.parametrize("identity", ["login", "anonymous"])
async def test_a_session_whose_secret_was_stripped_on_the_way_is_ended_all_the_same(
    make_run: MakeRun, sandbox: Sandbox, identity: str
) -> None:
    def strip(passing: Passing) -> None:
        passing.headers.popall("Set-Cookie", None)
        passing.headers.popall("X-Fallback-Cookies", None)

    customer, users = sandbox.customer, set(sandbox.world.accounts.users)
    async with proxy(sandbox.endpoint, answer=strip) as endpoint:
        run = make_run(
            endpoint,
            project=sandbox.project,
            api_key=sandbox.api_key,
            identities={
                "login": Password.model_validate({"email": customer.email, "password": customer.password}),
                "anonymous": Anonymous(),
            },
        )
        with pytest.raises(CheckFailed, match="without a session secret") as caught:
            await sign_in(run, identity)
        await clean_up(run)

    assert caught.value.reason is Reason.PROTOCOL
    assert set(sandbox.world.accounts.users) == users
    assert not sandbox.world.accounts.users[customer.id].sessions


@pytest.mark.parametrize("what", ["user", "session"])
async def test_nothing_that_no_run_has_made_is_removed(run: Run, sandbox: Sandbox, what: str) -> None:
    key, customer = await sign_in(run, KEY), sandbox.world.accounts.users[sandbox.customer.id]
    other = await sign_in(run, "login")
    [session] = [each for each in run.leftovers if each.what is What.SESSION]
    fate = run.leftovers.pop(session)

    with pytest.raises(OwnFault, match="no run has made it"):
        await (key.delete_user(customer.id) if what == "user" else key.delete_user_session(customer.id, session.id))

    assert (await other.get_account()).id == customer.id
    run.leftovers[session] = fate


@pytest.mark.parametrize("what", ["anonymous", "login"])
async def test_nobody_signs_in_when_that_could_not_be_written_down(
    make_run: MakeRun, sandbox: Sandbox, what: str
) -> None:
    identities = {
        "anonymous": Anonymous(),
        "login": Password.model_validate({"email": sandbox.customer.email, "password": sandbox.customer.password}),
    }
    run = make_run(
        sandbox.endpoint, project=sandbox.project, api_key=sandbox.api_key, identities=identities, journal=Full()
    )
    users = set(sandbox.world.accounts.users)

    with pytest.raises(OwnFault, match="too much is left"):
        await sign_in(run, what)

    assert set(run.leftovers.values()) == {Fate.NOTHING}
    assert set(sandbox.world.accounts.users) == users
    assert not [user.id for user in sandbox.world.accounts.users.values() if user.sessions]


@pytest.mark.parametrize("what", ["user", "session"])
async def test_an_answer_that_knows_nothing_of_it_is_no_removal(run: Run, sandbox: Sandbox, what: str) -> None:
    key = await sign_in(run, KEY)
    leftover = Leftover.account("u1") if what == "user" else Leftover.session(sandbox.customer.id, "s1")
    run.leftovers[leftover] = Fate.MADE
    sandbox.faults.switch_on("project_missing")

    with pytest.raises(AppwriteError, match="404"):
        await (key.delete_user("u1") if what == "user" else key.delete_user_session(leftover.by, "s1"))

    sandbox.faults.switch_off("project_missing")
    await (key.delete_user("u1") if what == "user" else key.delete_user_session(leftover.by, "s1"))
