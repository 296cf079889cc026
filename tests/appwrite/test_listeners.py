"""
Several identities that listen at once, at the sandbox.
"""

from urllib.parse import urlencode

import pytest

from monitor.appwrite.identities import sign_in
from monitor.core.errors import CheckFailed, OwnFault
from monitor.core.identity import KEY, Guest, User
from monitor.core.run import Run
from monitor.listening.listeners import channels_of, listeners
from monitor.sandbox.server import Sandbox
from tests.appwrite.conftest import MakeRun

pytestmark = pytest.mark.asyncio

# Read by everybody, and by nobody.
OPEN, SHUT = "therapists_collection_id", "chat_messages"


@pytest.fixture
def run(make_run: MakeRun, sandbox: Sandbox) -> Run:
    return make_run(
        sandbox.endpoint,
        project=sandbox.project,
        database=sandbox.database,
        api_key=sandbox.api_key,
        identities={"guest": Guest(), "customer": User(user_id=sandbox.customer.id)},
    )


async def test_each_hears_of_the_documents_that_it_may_read_and_of_no_others(run: Run) -> None:
    key, clients = await sign_in(run, KEY), {name: await sign_in(run, name) for name in ("guest", "customer")}
    ids = {OPEN: run.new_id(), SHUT: run.new_id()}

    async with listeners(run, clients, ids) as heard:
        await key.create_document(OPEN, ids[OPEN], {"name": "a", "userId": "u"}, [])
        await key.create_document(OPEN, run.new_id(), {"name": "b", "userId": "u"}, [])
        data = {"sessionId": "a", "senderId": "b", "text": "c"}
        await key.create_document(SHUT, ids[SHUT], data, ['read("users")'])
        await heard.listen({"guest": {ids[OPEN]}}, within_seconds=5.0, quiet_seconds=0.1)

    assert heard.heard == {"guest": {ids[OPEN]}, "customer": set(ids.values())}


async def test_waits_no_longer_than_for_the_last_event_and_then_for_the_silence(run: Run) -> None:
    key, clients = await sign_in(run, KEY), {"guest": await sign_in(run, "guest")}
    ids = {OPEN: run.new_id()}

    async with listeners(run, clients, ids) as heard:
        await key.create_document(OPEN, ids[OPEN], {"name": "a", "userId": "u"}, [])
        began = run.elapsed_seconds()
        await heard.listen({"guest": {ids[OPEN]}}, within_seconds=60.0, quiet_seconds=0.1)

    # Loops count in milliseconds.
    assert 0.09 <= run.elapsed_seconds() - began < 5.0


async def test_a_socket_that_ends_meanwhile_is_not_taken_for_silence(run: Run, sandbox: Sandbox) -> None:
    clients = {"guest": await sign_in(run, "guest"), "customer": await sign_in(run, "customer")}

    async with listeners(run, clients, {OPEN: run.new_id()}) as heard:
        sandbox.hub.drop_all()

        with pytest.raises(CheckFailed, match="ended with 1006"):
            await heard.listen({}, within_seconds=1.0, quiet_seconds=1.0)


async def test_one_who_is_refused_does_not_keep_the_others_from_listening(run: Run, sandbox: Sandbox) -> None:
    clients = {name: await sign_in(run, name) for name in ("customer", "guest")}
    sandbox.faults.switch_on("session_invalid")

    async with listeners(run, clients, {OPEN: run.new_id()}) as heard:
        assert heard.heard == {"guest": set()}

    assert [refused.evidence["identity"] for refused in heard.refused] == ["customer"]


async def test_a_fault_that_is_nobodys_credentials_is_raised(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_args: object, **_settings: object) -> None:
        raise OwnFault("no file descriptor is left")

    clients = {"guest": await sign_in(run, "guest")}
    monkeypatch.setattr(clients["guest"].session, "open_socket", fail)

    with pytest.raises(OwnFault):
        async with listeners(run, clients, {OPEN: run.new_id()}):
            pass


async def test_one_left_out_is_not_listened_to(run: Run, sandbox: Sandbox) -> None:
    clients = {"guest": await sign_in(run, "guest"), "customer": await sign_in(run, "customer")}

    async with listeners(run, clients, {OPEN: run.new_id()}) as heard:
        heard.leave_out("guest")
        heard.leave_out("customer")
        sandbox.hub.drop_all()
        await heard.listen({}, within_seconds=0.1, quiet_seconds=0.1)

    assert heard.heard == {}


async def test_listens_where_pages_do_and_on_every_other_form_but_not_to_the_whole_platform(run: Run) -> None:
    channels = channels_of(await sign_in(run, "guest"), {SHUT: "synthetic-1"})

    database = run.target.database
    assert channels[0] == f"databases.{database}.collections.{SHUT}.documents"
    assert set(channels[1:]) == {
        f"databases.{database}.tables.{SHUT}.rows",
        f"tablesdb.{database}.tables.{SHUT}.rows",
        f"databases.{database}.collections.{SHUT}.documents.synthetic-1",
        f"databases.{database}.tables.{SHUT}.rows.synthetic-1",
        f"tablesdb.{database}.tables.{SHUT}.rows.synthetic-1",
    }


async def test_the_address_of_many_collections_stays_below_what_proxies_take(run: Run) -> None:
    ids = {f"{number}".rjust(36, "c"): f"synthetic-{number}".ljust(36, "x") for number in range(20)}

    channels = channels_of(await sign_in(run, "guest"), ids)

    assert len(urlencode([("channels[]", channel) for channel in channels])) < 7000
    firsts = [f"databases.{run.target.database}.collections.{collection}.documents" for collection in ids]
    assert list(channels[:20]) == firsts
