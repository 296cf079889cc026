"""
Who hears what of the documents that somebody writes, on real sockets.
"""

from collections.abc import AsyncIterator
from dataclasses import dataclass

import pytest
import pytest_asyncio

from monitor.appwrite.family import every_channel
from monitor.appwrite.identities import sign_in
from monitor.appwrite.rest import Client
from monitor.core.errors import CheckFailed
from monitor.core.identity import Guest, User
from monitor.core.run import Run
from monitor.listening.eavesdropping import addresses, eavesdrop
from monitor.listening.reception import receive
from monitor.sandbox.server import Sandbox
from tests.appwrite.conftest import MakeRun

MESSAGE = {"sessionId": "s1", "senderId": "synthetic-customer", "text": "hello"}
TO_THE_PAIR = ['read("team:synthetic-pair")']
TO_HIMSELF = ['read("user:synthetic-customer")']
TO_ANYBODY = ['read("any")']


@dataclass
class Scene:
    """
    A writer, and whoever listens.
    """

    run: Run
    writer: Client
    reader: Client
    guest: Client

    async def write(self, permissions: list[str]) -> str:
        id_ = self.run.new_id()
        await self.writer.create_document("chat_messages", id_, MESSAGE, permissions)
        return id_


@pytest_asyncio.fixture
async def scene(make_run: MakeRun, sandbox: Sandbox) -> AsyncIterator[Scene]:
    run = make_run(
        sandbox.endpoint,
        project=sandbox.project,
        database=sandbox.database,
        api_key=sandbox.api_key,
        identities={
            "customer": User(user_id=sandbox.customer.id),
            "therapist": User(user_id=sandbox.therapist.id),
            "guest": Guest(),
        },
    )
    customer, therapist, guest = [await sign_in(run, name) for name in ("customer", "therapist", "guest")]
    yield Scene(run=run, writer=customer, reader=therapist, guest=guest)


@pytest.mark.asyncio
async def test_the_event_of_another_document_is_not_the_one(scene: Scene) -> None:
    ours = scene.run.new_id()
    async with receive(scene.reader, ["chat_messages"], [ours]) as reception:
        await scene.write(TO_THE_PAIR)

        heard = await reception.hear([ours], until_seconds=scene.run.elapsed_seconds() + 0.05)

    assert (heard, reception.arrivals, reception.ended) == (False, [], None)


@pytest.mark.asyncio
async def test_a_change_of_the_document_is_not_its_creation(scene: Scene) -> None:
    id_ = await scene.write([*TO_THE_PAIR, 'update("user:synthetic-customer")'])
    async with receive(scene.reader, ["chat_messages"], [id_]) as reception:
        await scene.writer.update_document("chat_messages", id_, {"text": "again"})

        assert not await reception.hear([id_], until_seconds=scene.run.elapsed_seconds() + 0.05)


@pytest.mark.asyncio
async def test_a_socket_that_ends_ends_the_waiting_and_says_how(scene: Scene, sandbox: Sandbox) -> None:
    ours = scene.run.new_id()
    async with receive(scene.reader, ["chat_messages"], [ours]) as reception:
        sandbox.hub.drop_all()

        heard = await reception.hear([ours], until_seconds=scene.run.elapsed_seconds() + 4.0)

    assert not heard
    assert reception.ended is not None
    assert scene.run.elapsed_seconds() < 4.0


@pytest.mark.asyncio
async def test_the_reader_may_not_read_only_if_the_document_alone_is_hidden(scene: Scene, sandbox: Sandbox) -> None:
    shared, hidden = await scene.write(TO_THE_PAIR), await scene.write(TO_HIMSELF)
    async with receive(scene.reader, ["chat_messages"], []) as reception:
        readable = [await reception.can_read("chat_messages", id_) for id_ in (shared, hidden)]
        sandbox.faults.switch_on("collection_disabled")

        with pytest.raises(CheckFailed, match="collection_not_found"):
            await reception.can_read("chat_messages", shared)

    assert readable == [True, False]


@pytest.mark.asyncio
async def test_an_eavesdropper_is_not_deafened_by_the_events_that_he_may_hear(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("monitor.appwrite.realtime._MAX_BUFFERED_EVENTS", 2)
    ours = scene.run.new_id()
    async with eavesdrop(scene.guest, "chat_messages", [ours]) as eavesdropper:
        await scene.writer.create_document("chat_messages", ours, MESSAGE, TO_ANYBODY)
        for _ in range(5):
            await scene.write(TO_ANYBODY)

        await eavesdropper.listen()

    assert [leak.document_id for leak in eavesdropper.leaks] == [ours]


@pytest.mark.parametrize(
    ("documents", "groups"),
    [pytest.param(1, 1, id="one fits into one address"), pytest.param(20, 3, id="twenty need three")],
)
def test_every_channel_of_a_creation_is_asked_for_in_addresses_that_proxies_take(documents: int, groups: int) -> None:
    longest = [f"{number:036}" for number in range(documents)]

    found = addresses("d" * 36, "c" * 36, longest)

    expected = every_channel("d" * 36, "c" * 36, tuple(longest), actions=("create",))
    assert [channel for group in found for channel in group] == list(expected)
    assert len(found) == groups
    assert all(sum(len(f"channels%5B%5D={channel}&") for channel in group) < 8_000 for group in found)
