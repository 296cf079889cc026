"""
The client against the sandbox: who may ask what, and who hears of it.
"""

import pytest
from pydantic import SecretStr

from monitor.appwrite import query
from monitor.appwrite.errors import AppwriteError, error_type_of
from monitor.appwrite.identities import sign_in
from monitor.appwrite.realtime import subscribe
from monitor.core.errors import CheckFailed, OwnFault
from monitor.core.identity import Anonymous, Guest, Password, User
from monitor.core.outcome import Phase, Reason
from monitor.core.run import Run
from monitor.sandbox.server import Sandbox
from tests.appwrite.conftest import MakeRun, clean_up

pytestmark = pytest.mark.asyncio

MESSAGE = {"sessionId": "s1", "senderId": "synthetic-customer", "text": "hello"}


@pytest.fixture
def run(make_run: MakeRun, sandbox: Sandbox) -> Run:
    customer = sandbox.customer
    return make_run(
        sandbox.endpoint,
        project=sandbox.project,
        database=sandbox.database,
        api_key=sandbox.api_key,
        identities={
            "guest": Guest(),
            "customer": User(user_id=customer.id),
            "therapist": User(user_id=sandbox.therapist.id),
            "login": Password(email=str(customer.email), password=SecretStr(str(customer.password))),
            "visitor": Anonymous(),
        },
    )


def messages_of(sandbox: Sandbox) -> str:
    return f"databases.{sandbox.database}.collections.chat_messages.documents"


@pytest.mark.parametrize(
    ("name", "user_id"),
    [
        pytest.param("customer", "synthetic-customer", id="jwt"),
        pytest.param("login", "synthetic-customer", id="password"),
        pytest.param("visitor", None, id="anonymous"),
    ],
)
async def test_signs_in_as(run: Run, name: str, user_id: str | None) -> None:
    client = await sign_in(run, name)
    account = await client.get_account()
    async with subscribe(client, ["account"], run=run) as subscription:
        heard_as = subscription.user_id

    assert account.id == heard_as
    assert user_id in {None, account.id}


@pytest.mark.parametrize("name", [pytest.param("guest", id="guest"), pytest.param("key", id="the-key-is-no-account")])
async def test_is_nobody_as(run: Run, name: str) -> None:
    client = await sign_in(run, name)

    answer = await client.send("GET", "/account")
    async with subscribe(client, ["documents"], run=run) as subscription:
        assert subscription.user_id is None

    assert (answer.status, error_type_of(answer)) == (401, "general_unauthorized_scope")


async def test_the_clean_up_ends_the_session(run: Run, sandbox: Sandbox) -> None:
    client = await sign_in(run, "login")

    await clean_up(run)

    with pytest.raises(OwnFault, match="its session has ended"):
        await client.get_account()


async def test_the_clean_up_deletes_the_anonymous_account(run: Run, sandbox: Sandbox) -> None:
    before = set(sandbox.world.accounts.users)
    await sign_in(run, "visitor")
    signed_in = set(sandbox.world.accounts.users)

    await clean_up(run)

    assert len(signed_in - before) == 1
    assert set(sandbox.world.accounts.users) == before


async def test_a_message_to_the_pair_reaches_the_therapist_and_no_guest(run: Run, sandbox: Sandbox) -> None:
    customer, therapist, guest = [await sign_in(run, name) for name in ("customer", "therapist", "guest")]
    channels = [messages_of(sandbox)]
    async with (
        subscribe(therapist, channels, run=run) as at_therapist,
        subscribe(guest, channels, run=run) as at_guest,
    ):
        message_id = run.new_id()
        written = run.elapsed_seconds()
        await customer.create_document("chat_messages", message_id, MESSAGE, ['read("team:synthetic-pair")'])
        event = await at_therapist.next_event(2.0)
        with pytest.raises(TimeoutError):
            await at_guest.next_event(0.1)
        pong_seconds = await at_therapist.ping(1.0)

    assert event.events[0].endswith(f"documents.{message_id}.create")
    assert (event.payload["$id"], event.payload["text"]) == (message_id, "hello")
    assert event.received_seconds > written
    assert 0 < pong_seconds < 1
    assert {Phase.UPGRADE, Phase.CONNECTED_FRAME} <= set(run.phases)


async def test_writes_reads_changes_and_deletes_a_document(run: Run) -> None:
    key = await sign_in(run, "key")
    message_id = run.new_id()

    created = await key.create_document("chat_messages", message_id, MESSAGE)
    changed = await key.update_document("chat_messages", message_id, {"text": "changed"})
    found = await key.list_documents("chat_messages", [query.equal("sessionId", "s1"), query.limit(5)])
    read = await key.get_document("chat_messages", message_id)
    await key.delete_document("chat_messages", message_id)

    assert (created.id, created.data["text"], changed.data["text"], read.data["text"]) == (
        message_id,
        "hello",
        "changed",
        "changed",
    )
    assert [document.id for document in found.documents] == [message_id]
    with pytest.raises(AppwriteError) as caught:
        await key.get_document("chat_messages", message_id)
    assert (caught.value.reason, caught.value.type) == (Reason.NOT_FOUND, "document_not_found")


async def test_that_it_may_delete_is_seen_without_deleting(run: Run, sandbox: Sandbox) -> None:
    key = await sign_in(run, "key")

    await key.demand_removal("chat_messages")
    sandbox.faults.switch_on("collection_missing")
    await key.demand_removal("chat_messages")
    sandbox.faults.switch_on("service_down")

    with pytest.raises(AppwriteError, match="answered 503"):
        await key.demand_removal("chat_messages")


async def test_refuses_to_delete_what_is_not_its_own(run: Run, sandbox: Sandbox) -> None:
    key = await sign_in(run, "key")

    with pytest.raises(OwnFault, match="does not begin with the monitor's mark"):
        await key.delete_document("bookings", "a-real-booking")


async def test_reads_the_platform_with_the_key(run: Run, sandbox: Sandbox) -> None:
    key = await sign_in(run, "key")

    await key.ping()
    version = await key.get_version()
    database = await key.get_database()
    collections = await key.list_collections()
    bookings = await key.get_collection("bookings")

    assert version.startswith("1.")
    assert database.id == sandbox.database
    assert {"bookings", "chat_sessions", "chat_messages", "notifications"} <= {each.id for each in collections}
    assert bookings.document_security
    assert 'create("any")' in bookings.permissions
    assert {each.status for each in bookings.attributes} == {"available"}


@pytest.mark.parametrize(
    ("name", "fault", "reason"),
    [
        pytest.param("key", "collection_missing", Reason.NOT_FOUND, id="collection-gone"),
        pytest.param("guest", None, Reason.PERMISSION_MISSING, id="guest-may-not-write"),
    ],
)
async def test_keeps_the_reason_of_a_refused_write(
    run: Run, sandbox: Sandbox, name: str, fault: str | None, reason: Reason
) -> None:
    if fault:
        sandbox.faults.switch_on(fault, collection="chat_messages")
    client = await sign_in(run, name)

    with pytest.raises(AppwriteError) as caught:
        await client.create_document("chat_messages", run.new_id(), MESSAGE)

    assert caught.value.reason is reason


async def test_a_bad_key_is_the_monitors_own_fault(make_run: MakeRun, sandbox: Sandbox) -> None:
    run = make_run(
        sandbox.endpoint, project=sandbox.project, api_key="standard_wrong", identities={"user": User(user_id="u1")}
    )

    with pytest.raises(OwnFault, match="the server key is wrong or revoked") as caught:
        await sign_in(run, "user")

    assert caught.value.evidence["type"] == "user_unauthorized"
    assert "standard_wrong" not in caught.value.message


async def test_an_unknown_project_is_refused_by_rest_and_realtime(make_run: MakeRun, sandbox: Sandbox) -> None:
    run = make_run(sandbox.endpoint, project="nobodys", identities={"guest": Guest()})
    guest = await sign_in(run, "guest")

    with pytest.raises(AppwriteError) as by_rest:
        await guest.ping()
    with pytest.raises(CheckFailed) as by_realtime:
        async with subscribe(guest, ["documents"], run=run):
            pytest.fail("was subscribed")

    assert by_rest.value.type == "project_not_found"
    assert by_realtime.value.evidence["error_code"] == 1008
