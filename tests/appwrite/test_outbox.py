"""
What a run writes and removes: over which connections, and whose fault a refusal is.
"""

import asyncio
import json
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from monitor.appwrite.answers import Collection
from monitor.appwrite.identities import sign_in
from monitor.appwrite.removal import AppwriteRemover
from monitor.appwrite.rest import Client
from monitor.core.errors import CheckFailed, OwnFault
from monitor.core.identity import Guest, User
from monitor.core.leftover import Fate, Leftover, Look
from monitor.core.run import Run
from monitor.listening.outbox import Outbox
from monitor.sandbox.server import Sandbox
from monitor.sandbox.state.schema import Index
from tests.appwrite.conftest import MakeRun, clean_up
from tests.fakes.hostile import http, serving

pytestmark = pytest.mark.asyncio

MESSAGES = "chat_messages"
CONNECTING_SECONDS = 0.3


class FarAway:
    """
    Takes a while to connect to; then it answers everything at once. *connections* counts them.
    """

    def __init__(self) -> None:
        self.connections = 0

    async def __call__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        await asyncio.sleep(CONNECTING_SECONDS)
        while True:
            request = (await reader.readuntil(b"\r\n\r\n")).decode()
            length = next((line[16:] for line in request.splitlines() if line.startswith("Content-Length: ")), "0")
            await reader.readexactly(int(length))
            writer.write(http(json.dumps({"$id": "x"}).encode(), "Content-Type: application/json"))


@pytest_asyncio.fixture
async def run(make_run: MakeRun, sandbox: Sandbox) -> AsyncIterator[Run]:
    run = make_run(
        sandbox.endpoint,
        project=sandbox.project,
        database=sandbox.database,
        api_key=sandbox.api_key,
        identities={"customer": User(user_id=sandbox.customer.id), "guest": Guest()},
    )
    yield run
    await clean_up(run)


async def outbox_of(run: Run, *, writer: str = "customer", roles: tuple[str, ...] = (), **given: object) -> Outbox:
    key = await sign_in(run, "key", fresh=False)
    collection = await key.get_collection(MESSAGES)
    return Outbox(key, await sign_in(run, writer, fresh=False), collection, given=given, roles=roles)


def ids(run: Run, count: int) -> list[str]:
    return [run.new_id() for _ in range(count)]


async def test_no_document_waits_for_a_connection(make_run: MakeRun) -> None:
    async with serving(FarAway()) as port:
        run = make_run(f"http://127.0.0.1:{port}/v1")
        session = run.transport.session("customer")
        client = Client(run, identity="customer", session=session, headers={"X-Appwrite-JWT": "jwt"}, fresh=False)
        outbox = Outbox(client, client, Collection.model_validate({"$id": MESSAGES}), given={}, roles=())
        await outbox.write(ids(run, 2))

        since_first = run.elapsed_seconds() - min(outbox.written.values())

    assert since_first < CONNECTING_SECONDS


async def test_twenty_documents_are_removed_over_few_connections_at_once(make_run: MakeRun) -> None:
    server = FarAway()
    async with serving(server) as port:
        run = make_run(f"http://127.0.0.1:{port}/v1")
        leftovers = [Leftover.document("main", MESSAGES, id_) for id_ in ids(run, 20)]
        removals = await AppwriteRemover().remove(run, dict.fromkeys(leftovers, Fate.MADE))

        took = run.elapsed_seconds()

    assert [removals[each].look for each in leftovers] == [Look.GONE] * 20

    # One after another over fresh connections they would take 6 s.
    assert CONNECTING_SECONDS <= took < 3 * CONNECTING_SECONDS
    assert server.connections <= 6


async def test_what_cannot_be_removed_keeps_nothing_else(run: Run, sandbox: Sandbox) -> None:
    outbox = await outbox_of(run)
    await outbox.write(ids(run, 4))
    sandbox.faults.switch_on("server_error", every=3, identity="key", methods="write")

    removals = await clean_up(run)

    sandbox.faults.switch_off("server_error")
    [(stays, removal)] = [each for each in removals.items() if each[1].look is Look.STAYS]
    assert removal.error.startswith("deleting in 'chat_messages'")
    assert list(sandbox.world.collections[MESSAGES].documents) == [stays.id]


async def test_a_key_that_may_not_remove_is_found_out_without_a_document(run: Run, sandbox: Sandbox) -> None:
    key = await sign_in(run, "key")
    await key.demand_removal(MESSAGES)
    sandbox.faults.switch_on("key_scope", scopes=["documents.write"])

    with pytest.raises(OwnFault, match=r"give the server key the scope documents\.write"):
        await key.demand_removal(MESSAGES)


async def test_only_what_was_accepted_is_written_and_all_that_was_sent_is_removed(run: Run, sandbox: Sandbox) -> None:
    outbox, key, wanted = await outbox_of(run), await sign_in(run, "key"), ids(run, 3)
    sandbox.faults.switch_on("server_error", every=2, identity="user", methods="write")

    with pytest.raises(CheckFailed):
        await outbox.write(wanted)
    await clean_up(run)

    assert list(outbox.written) == wanted[:1]
    assert not sandbox.world.collections[MESSAGES].documents
    # What was answered with 500 may yet come; what was never sent cannot.
    assert [run.leftovers[key.leftover(MESSAGES, id_)] for id_ in wanted] == [Fate.MADE, Fate.INTENDED, Fate.NOTHING]


async def test_a_role_that_the_writer_does_not_hold_is_the_configurations_mistake(run: Run, sandbox: Sandbox) -> None:
    outbox = await outbox_of(run, roles=("users", "team:nope"))

    with pytest.raises(OwnFault, match="'customer' does not hold 'team:nope'"):
        await outbox.write(ids(run, 1))

    sandbox.faults.switch_on("key_scope", scopes=["users.read"])
    with pytest.raises(CheckFailed, match="user_unauthorized"):
        await outbox.write(ids(run, 1))


@pytest.mark.parametrize(
    ("writer", "roles"),
    [
        pytest.param("guest", ("any",), id="a guest"),
        pytest.param("customer", ("users", "team:synthetic-pair"), id="a user who holds what he grants"),
        pytest.param("customer", (), id="nothing is granted"),
    ],
)
async def test_who_may_not_create_is_not_excused_by_roles_that_he_holds(
    run: Run, sandbox: Sandbox, writer: str, roles: tuple[str, ...]
) -> None:
    outbox = await outbox_of(run, writer=writer, roles=roles)
    sandbox.world.collections[MESSAGES].permissions = ()

    with pytest.raises(CheckFailed, match="user_unauthorized"):
        await outbox.write(ids(run, 1))


async def test_documents_differ_where_a_unique_index_minds(run: Run, sandbox: Sandbox) -> None:
    index = Index(id="u", key="u", type="unique", created_at="", attributes=("sessionId",))
    sandbox.world.collections[MESSAGES].indexes["u"] = index

    await (await outbox_of(run)).write(ids(run, 3))

    with pytest.raises(OwnFault, match="give data for sessionId that no document has"):
        await (await outbox_of(run, sessionId="always the same")).write(ids(run, 2))
