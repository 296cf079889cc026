"""
Both families of calls, on both versions of the sandbox: the same questions, and the same answers.
"""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from monitor.appwrite import query
from monitor.appwrite.errors import AppwriteError
from monitor.appwrite.family import FAMILIES, every_channel
from monitor.appwrite.identities import sign_in
from monitor.appwrite.realtime import subscribe
from monitor.appwrite.rest import Client
from monitor.core.identity import KEY, User
from monitor.core.outcome import Reason
from monitor.core.run import Run
from monitor.sandbox.server import Sandbox
from tests.appwrite.conftest import MakeRun

pytestmark = pytest.mark.asyncio

MESSAGE = {"sessionId": "s1", "senderId": "synthetic-customer", "text": "hello"}


@pytest_asyncio.fixture(params=["1.8", "1.9"])
async def versioned(request: pytest.FixtureRequest) -> AsyncIterator[Sandbox]:
    async with Sandbox(profile=request.param) as sandbox:
        yield sandbox


@pytest.fixture(params=sorted(FAMILIES))
def run(request: pytest.FixtureRequest, make_run: MakeRun, versioned: Sandbox) -> Run:
    run = make_run(
        versioned.endpoint,
        project=versioned.project,
        database=versioned.database,
        api_key=versioned.api_key,
        identities={"customer": User(user_id=versioned.customer.id), "therapist": User(user_id=versioned.therapist.id)},
    )
    run.target = run.target.model_copy(update={"api": request.param})
    return run


async def written(client: Client, document_id: str) -> dict[str, object]:
    document = await client.create_document("chat_messages", document_id, MESSAGE)
    return dict(document.data)


async def test_a_document_lives_and_ends(run: Run) -> None:
    customer, id_ = await sign_in(run, "customer"), run.new_id()

    made = await written(customer, id_)
    changed = await customer.update_document("chat_messages", id_, {"text": "bye"})
    page = await customer.list_documents("chat_messages", [query.equal("$id", id_)])
    got = await customer.get_document("chat_messages", id_)
    await customer.delete_document("chat_messages", id_)

    assert made.items() >= MESSAGE.items()
    assert [document.id for document in page.documents] == [id_]
    assert changed.data["text"] == got.data["text"] == "bye"
    with pytest.raises(AppwriteError, match="it is gone") as caught:
        await customer.get_document("chat_messages", id_)
    assert caught.value.reason is Reason.NOT_FOUND


async def test_the_metadata_is_the_same(run: Run, versioned: Sandbox) -> None:
    key = await sign_in(run, KEY)

    collection = await key.get_collection("chat_messages")
    inventory = await key.list_collections()
    databases = await key.list_databases()

    assert (collection.document_security, collection.permissions) == (True, ('create("users")',))
    assert [attribute.key for attribute in collection.attributes][:3] == ["sessionId", "senderId", "text"]
    assert [index.attributes for index in collection.indexes] == [("sessionId",)]
    assert {each.id for each in inventory} == set(versioned.world.collections)
    assert [database.id for database in databases] == [versioned.database]


async def test_what_one_writes_is_heard_on_the_channel_of_the_family(run: Run) -> None:
    key, therapist, id_ = await sign_in(run, KEY), await sign_in(run, "therapist"), run.new_id()
    channel = therapist.family.channel(run.target.database, "chat_messages")

    async with subscribe(therapist, [channel], run=run) as subscription:
        await key.create_document("chat_messages", id_, MESSAGE, ['read("users")'])
        event = await subscription.next_event(2.0)

    assert event.payload["$id"] == id_


async def test_a_collection_that_is_gone_is_not_found(run: Run) -> None:
    key = await sign_in(run, KEY)

    with pytest.raises(AppwriteError, match="check the id, and whether it was deleted") as caught:
        await key.get_collection("chat_halls")

    assert caught.value.reason is Reason.NOT_FOUND


async def test_every_channel_of_an_event_is_among_those_that_are_listened_to(run: Run, versioned: Sandbox) -> None:
    key, id_ = await sign_in(run, KEY), run.new_id()
    channels = every_channel(run.target.database, "chat_messages", (id_,))

    async with subscribe(await sign_in(run, "therapist"), channels, run=run) as subscription:
        await key.create_document("chat_messages", id_, MESSAGE, ['read("users")'])
        event = await subscription.next_event(2.0)

    assert set(event.channels) <= set(channels)
    assert set(event.channels)
