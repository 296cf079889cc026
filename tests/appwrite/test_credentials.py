"""
Whose fault a refusal is, asked of the sandbox: that of the monitor's own credentials, or the target's.
"""

from collections.abc import AsyncIterator, Awaitable, Callable

import pytest
import pytest_asyncio

from monitor.appwrite.identities import roles_of, sign_in
from monitor.appwrite.realtime import subscribe
from monitor.core.errors import CheckFailed, OwnFault
from monitor.core.identity import KEY, Anonymous, Guest, Password, User
from monitor.core.outcome import Reason
from monitor.core.run import Run
from monitor.sandbox.server import Sandbox
from tests.appwrite.conftest import MakeRun
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
    for clean_up in run.clean_ups:
        await clean_up()


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
        pytest.param("session_invalid", {}, list_as_customer, "its JWT is not accepted", id="jwt-expired"),
        pytest.param("session_invalid", {}, list_with_a_session, "its session has ended", id="session-expired"),
        pytest.param("session_invalid", {}, hold_a_socket, "is not accepted", id="jwt-expired-at-the-socket"),
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
        for clean_up in run.clean_ups:
            await clean_up()

    assert caught.value.reason is Reason.PROTOCOL
    assert set(sandbox.world.accounts.users) == users
    assert not sandbox.world.accounts.users[customer.id].sessions
