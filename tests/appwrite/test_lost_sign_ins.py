"""
Sign-ins whose answer nobody has seen: what they made is found by its mark, and nothing else is.
"""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from monitor.appwrite.answers import Session, User
from monitor.appwrite.identities import sign_in
from monitor.appwrite.rest import Client
from monitor.appwrite.sign_in_mark import agent_of, bears, new_mark
from monitor.core.errors import CheckFailed, OwnFault
from monitor.core.identity import KEY, Anonymous, Password
from monitor.core.leftover import Fate, Leftover, Look, What
from monitor.core.run import Run
from monitor.sandbox.seed import CUSTOMER
from monitor.sandbox.server import Sandbox
from tests.appwrite.conftest import MakeRun, clean_up
from tests.fakes.proxy import Passing, proxy

pytestmark = pytest.mark.asyncio

IDENTITIES = ("login", "anonymous")


def spoil(passing: Passing) -> None:
    if passing.call.startswith("POST /v1/account/sessions") or passing.call == f"POST /v1/users/{CUSTOMER}/sessions":
        passing.status, passing.body = 502, b"<html>Bad Gateway</html>"


def run_at(make_run: MakeRun, sandbox: Sandbox, endpoint: str) -> Run:
    login = {"email": sandbox.customer.email, "password": sandbox.customer.password}
    return make_run(
        endpoint,
        project=sandbox.project,
        database=sandbox.database,
        api_key=sandbox.api_key,
        identities={"login": Password.model_validate(login), "anonymous": Anonymous()},
    )


@pytest_asyncio.fixture
async def run(make_run: MakeRun, sandbox: Sandbox) -> AsyncIterator[Run]:
    """
    A run that loses the answer to every sign-in.
    """
    async with proxy(sandbox.endpoint, answer=spoil) as endpoint:
        yield run_at(make_run, sandbox, endpoint)


def everybody(sandbox: Sandbox) -> dict[str, set[str]]:
    return {user.id: set(user.sessions) for user in sandbox.world.accounts.users.values()}


def add_others(sandbox: Sandbox, *, visitors: int = 1) -> None:
    """
    Sign a person in as the same user, and other visitors anonymously.
    """
    accounts = sandbox.world.accounts
    people = [accounts.users[sandbox.customer.id], *(accounts.create(id_=f"visitor-{n}") for n in range(visitors))]
    for each in people:
        accounts.open_session(each, provider="email", ip="127.0.0.1", agent=agent_of(new_mark()))
        accounts.open_session(each, provider="email", ip="127.0.0.1", agent="Mozilla/5.0")


def session_of(name: str, version: str) -> Session:
    shown = {"$id": "s1", "userId": "u1", "clientName": name, "clientVersion": version}
    return Session.model_validate(shown)


def user_of(id_: str, **contact: str) -> User:
    return User.model_validate({"$id": id_, **contact})


@pytest.mark.parametrize("identity", IDENTITIES)
async def test_what_a_sign_in_without_an_answer_has_made_is_removed(run: Run, sandbox: Sandbox, identity: str) -> None:
    add_others(sandbox)
    before = everybody(sandbox)

    with pytest.raises(CheckFailed, match="502"):
        await sign_in(run, identity)
    was_made = everybody(sandbox) != before
    removals = await clean_up(run)

    assert was_made
    assert [(each.look, each.documents) for each in removals.values()] == [(Look.GONE, 1)]
    assert everybody(sandbox) == before


@pytest.mark.slow
async def test_an_anonymous_account_is_found_behind_those_of_hundreds_of_others(run: Run, sandbox: Sandbox) -> None:
    add_others(sandbox, visitors=250)
    before = everybody(sandbox)

    with pytest.raises(CheckFailed, match="502"):
        await sign_in(run, "anonymous")
    await clean_up(run)

    assert everybody(sandbox) == before


@pytest.mark.parametrize("identity", IDENTITIES)
async def test_one_that_has_made_nothing_may_yet(run: Run, sandbox: Sandbox, identity: str) -> None:
    with pytest.raises(CheckFailed, match="502"):
        await sign_in(run, identity)
    before = everybody(sandbox)

    await clean_up(run)
    removals = await clean_up(run)

    assert [each.look for each in removals.values()] == [Look.ABSENT]
    assert everybody(sandbox) != before


async def test_a_session_that_the_key_opened_without_an_answer_is_ended(run: Run, sandbox: Sandbox) -> None:
    add_others(sandbox)
    before = everybody(sandbox)
    key = await sign_in(run, KEY)

    with pytest.raises(CheckFailed, match="502"):
        await key.create_user_session(CUSTOMER)
    was_made = everybody(sandbox) != before
    await clean_up(run)

    assert was_made
    assert everybody(sandbox) == before


@pytest.mark.parametrize("email", ["kept", ""])
async def test_a_session_that_the_key_opened_is_the_users_and_ended(
    make_run: MakeRun, sandbox: Sandbox, email: str
) -> None:
    run, user = run_at(make_run, sandbox, sandbox.endpoint), sandbox.world.accounts.users[CUSTOMER]
    user.email = user.email if email else None
    before = everybody(sandbox)

    session = await (await sign_in(run, KEY)).create_user_session(CUSTOMER)
    opened = everybody(sandbox)
    await clean_up(run)

    assert (session.user_id, session.id in opened[CUSTOMER]) == (CUSTOMER, True)
    assert session.secret not in repr(session)
    assert everybody(sandbox) == before


@pytest.mark.parametrize("identity", IDENTITIES)
async def test_a_dry_look_ends_nothing(run: Run, sandbox: Sandbox, identity: str) -> None:
    with pytest.raises(CheckFailed, match="502"):
        await sign_in(run, identity)
    before = everybody(sandbox)

    removals = await clean_up(run, dry=True)

    assert [(each.look, each.documents) for each in removals.values()] == [(Look.GONE, 1)]
    assert everybody(sandbox) == before
    await clean_up(run)


@pytest.mark.parametrize("identity", IDENTITIES)
async def test_once_answered_it_is_known_by_its_id(make_run: MakeRun, sandbox: Sandbox, identity: str) -> None:
    run = run_at(make_run, sandbox, sandbox.endpoint)

    await sign_in(run, identity)

    fates = {leftover.what: fate for leftover, fate in run.leftovers.items()}
    known, by_mark = {
        "login": (What.SESSION, What.SIGN_IN),
        "anonymous": (What.ACCOUNT, What.ANONYMOUS_SIGN_IN),
    }[identity]
    assert fates == {known: Fate.MADE, by_mark: Fate.NOTHING}
    await clean_up(run)


async def test_one_that_was_refused_is_not_looked_for(make_run: MakeRun, sandbox: Sandbox) -> None:
    run = run_at(make_run, sandbox, sandbox.endpoint)
    forgetful = Password.model_validate({"email": sandbox.customer.email, "password": "not-the-password"})
    run.identities = {"login": forgetful}

    with pytest.raises(OwnFault):
        await sign_in(run, "login")

    assert list(run.leftovers.values()) == [Fate.NOTHING]


@pytest.mark.parametrize(
    ("name", "version"),
    [
        pytest.param("aiohttp", "1.1000000000000", id="another-mark"),
        pytest.param("curl", "1.10000000000000", id="another-library"),
        pytest.param("", "", id="no-program"),
    ],
)
async def test_a_session_without_the_mark_is_never_ended(
    make_run: MakeRun, sandbox: Sandbox, name: str, version: str
) -> None:
    key = await sign_in(run_at(make_run, sandbox, sandbox.endpoint), KEY)
    session = session_of(name, version)
    sign_in_of_ours = Leftover.sign_in("1.10000000000000", email=sandbox.customer.email)

    with pytest.raises(OwnFault, match="refused to remove session 's1'"):
        await key.delete_marked_session(sign_in_of_ours, session)


@pytest.mark.parametrize(
    "user",
    [
        pytest.param(user_of("u1", email="somebody@example.com"), id="with-e-mail"),
        pytest.param(user_of("u1", phone="+491"), id="with-phone"),
        pytest.param(user_of("u2"), id="of-another-session"),
    ],
)
async def test_nobody_but_the_anonymous_one_is_deleted(make_run: MakeRun, sandbox: Sandbox, user: User) -> None:
    key: Client = await sign_in(run_at(make_run, sandbox, sandbox.endpoint), KEY)
    session = session_of("aiohttp", "1.10000000000000")

    with pytest.raises(OwnFault, match="refused to delete user"):
        await key.delete_marked_user(Leftover.anonymous_sign_in("1.10000000000000", since=""), user, session)


async def test_a_mark_fits_where_appwrite_keeps_the_version_of_a_program() -> None:
    marks = {new_mark() for _ in range(1_000)}

    assert len(marks) == 1_000
    assert {len(mark) for mark in marks} == {16}
    assert not bears(session_of("", ""), "")
