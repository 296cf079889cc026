"""
The document that is put to the test, at the sandbox.
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from types import MappingProxyType

import pytest

from monitor.access.canary import Canary
from monitor.appwrite.identities import sign_in
from monitor.appwrite.rest import Client
from monitor.core.errors import CheckFailed, OwnFault
from monitor.core.identity import KEY, Guest
from monitor.core.leftover import Fate, Look
from monitor.core.outcome import Reason
from monitor.core.run import Run
from monitor.sandbox.server import Sandbox
from monitor.sandbox.state.schema import Index
from monitor.sandbox.state.world import Collection, Document
from tests.appwrite.conftest import MakeRun, clean_up

pytestmark = pytest.mark.asyncio

CHAT = "chat_messages"
QUESTIONS: list[Callable[[Canary, Client], Awaitable[object]]] = [
    Canary.may_create,
    Canary.may_get,
    Canary.may_list,
    Canary.may_update,
    Canary.may_delete,
    Canary.own_documents,
]


@pytest.fixture
def run(make_run: MakeRun, sandbox: Sandbox) -> Run:
    return make_run(
        sandbox.endpoint,
        project=sandbox.project,
        database=sandbox.database,
        api_key=sandbox.api_key,
        identities={"guest": Guest()},
    )


@pytest.fixture
def chat(sandbox: Sandbox) -> Collection:
    return sandbox.world.databases[sandbox.database].collections[CHAT]


async def placed(run: Run, given: Mapping[str, object] = MappingProxyType({})) -> Canary:
    key = await sign_in(run, KEY)
    canary = Canary(key, await key.get_collection(CHAT), given)
    await canary.place()
    return canary


def stored(chat: Collection, canary: Canary) -> Document:
    return chat.documents[canary.id]


async def test_grants_nothing_to_anybody(run: Run, chat: Collection) -> None:
    canary, guest = await placed(run), await sign_in(run, "guest")

    assert stored(chat, canary).permissions == ()
    assert not await canary.may_create(guest)
    assert not await canary.may_get(guest)
    assert not await canary.may_list(guest)
    assert not await canary.may_update(guest)
    assert not await canary.may_delete(guest)


async def test_is_there_and_grants_nothing_whatever_was_done_with_it(run: Run, chat: Collection) -> None:
    chat.permissions = tuple(f'{action}("any")' for action in ("create", "read", "update", "delete"))
    canary, guest = await placed(run), await sign_in(run, "guest")
    before = stored(chat, canary)

    assert await canary.may_create(guest)
    assert stored(chat, canary) is before
    assert await canary.may_get(guest)
    assert await canary.may_list(guest)
    assert await canary.may_update(guest)
    assert stored(chat, canary).data != before.data
    assert await canary.may_delete(guest)
    assert canary.id not in chat.documents
    await canary.restore()
    assert stored(chat, canary).permissions == ()


async def test_every_update_changes_something(run: Run, chat: Collection) -> None:
    # Appwrite takes an update that changes nothing for a read. This collection has two possible documents.
    chat.attributes = {"read": chat.attributes["read"]}
    canary, guest = await placed(run), await sign_in(run, "guest")

    for _ in range(3):
        chat.permissions = ('update("any")',)
        assert await canary.may_update(guest)
        chat.permissions = ('read("any")',)
        assert not await canary.may_update(guest)
        await canary.touch()


async def test_an_update_to_what_the_server_put_there_itself_is_none(run: Run, chat: Collection) -> None:
    chat.attributes = {"text": chat.attributes["text"], "read": replace(chat.attributes["read"], default=False)}
    canary, guest = await placed(run, {"text": "hide me"}), await sign_in(run, "guest")
    chat.permissions = ('read("any")',)

    assert not await canary.may_update(guest)
    await canary.touch()
    assert stored(chat, canary).data == {"text": "hide me", "read": True}


async def test_one_whose_attributes_are_all_kept_cannot_change(run: Run, chat: Collection) -> None:
    chat.attributes = {"text": chat.attributes["text"]}

    assert (await placed(run)).can_change
    assert not (await placed(run, {"text": "hide me"})).can_change


async def test_shows_of_documents_that_show_themselves_their_permissions_and_no_more(
    run: Run, chat: Collection
) -> None:
    canary, guest = await placed(run), await sign_in(run, "guest")
    data: dict[str, object] = {"text": "secret"}
    own = Document(id="own", sequence=1, permissions=('read("any")',), created_at="", updated_at="", data=data)
    chat.documents |= {"own": own, "other": replace(own, id="other", permissions=())}

    (shown,) = await canary.own_documents(guest)

    assert (shown.id, shown.permissions, shown.data) == ("own", ('read("any")',), {})


@pytest.mark.parametrize(
    "act",
    [
        pytest.param(lambda canary, guest: canary.may_update(guest), id="update"),
        pytest.param(lambda canary, guest: canary.may_delete(guest), id="delete"),
        pytest.param(lambda canary, _: canary.touch(), id="touch"),
    ],
)
async def test_one_that_somebody_removed_is_no_verdict_on_permissions(
    run: Run, chat: Collection, act: Callable[[Canary, Client], Awaitable[object]]
) -> None:
    canary, guest = await placed(run), await sign_in(run, "guest")
    chat.documents.clear()

    with pytest.raises(OwnFault, match="was removed while it was asked for"):
        await act(canary, guest)


@pytest.mark.parametrize("security", [True, False])
@pytest.mark.parametrize("ask", QUESTIONS, ids=lambda ask: ask.__name__)
async def test_a_collection_that_is_gone_is_no_verdict_on_permissions(
    run: Run, chat: Collection, ask: Callable[[Canary, Client], Awaitable[object]], security: bool
) -> None:
    canary, guest = await placed(run), await sign_in(run, "guest")
    chat.enabled, chat.document_security = False, security

    with pytest.raises(CheckFailed) as failed:
        await ask(canary, guest)

    assert failed.value.reason is Reason.NOT_FOUND


@pytest.mark.parametrize("act", [Canary.touch, Canary.restore])
async def test_values_that_another_document_has_are_the_monitors_own_fault(
    run: Run, chat: Collection, act: Callable[[Canary], Awaitable[object]]
) -> None:
    kind = replace(chat.attributes["text"], key="kind", size=0, format="enum", elements=("a", "b"), required=True)
    chat.attributes = {"kind": kind}
    canary = await placed(run)
    once = Index(id="once", key="once", type="unique", created_at="", attributes=("kind",))
    chat.indexes = {"once": once}
    for value in kind.elements:
        chat.documents[value] = replace(stored(chat, canary), id=value, data={"kind": value})
    if act is Canary.restore:
        del chat.documents[canary.id]

    with pytest.raises(OwnFault, match="a unique index of 'chat_messages' refused the document"):
        await act(canary)


async def test_it_is_removed_after_the_run(run: Run, chat: Collection) -> None:
    canary = await placed(run)

    await clean_up(run)

    assert canary.id not in chat.documents


async def test_a_question_that_had_no_answer_may_yet_make_it(run: Run, sandbox: Sandbox, chat: Collection) -> None:
    canary, guest = await placed(run), await sign_in(run, "guest")
    sandbox.faults.switch_on("server_error", methods="write")

    with pytest.raises(CheckFailed):
        await canary.may_create(guest)
    sandbox.faults.switch_off("server_error")
    [removal] = (await clean_up(run)).values()

    assert (removal.look, removal.documents, canary.id in chat.documents) == (Look.ABSENT, 1, False)


@pytest.mark.parametrize("permissions", [(), ('create("any")',)], ids=["refused", "there already"])
async def test_a_question_that_had_an_answer_makes_nothing(
    run: Run, chat: Collection, permissions: tuple[str, ...]
) -> None:
    chat.permissions = permissions
    canary, guest = await placed(run), await sign_in(run, "guest")

    await canary.may_create(guest)

    assert list(run.leftovers.values()) == [Fate.MADE]
