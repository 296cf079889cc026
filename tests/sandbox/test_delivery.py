"""
Who gets the events of a create, an update and a delete; and what an event looks like.
"""

from dataclasses import dataclass, field

import pytest

from monitor.sandbox.protocol.family import COLLECTIONS, TABLES, Family
from tests.sandbox.client import Client, Listener
from tests.sandbox.states import DATA, EVERYTHING, STATE, add_collection, documents_path

pytestmark = pytest.mark.asyncio

LISTENERS = ("guest", "user_a", "user_b", "key")
NOBODY: tuple[str, ...] = ()
ACTIONS = ("create", "update", "delete")
DOCUMENT = "doc"


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """
    A collection, who writes a document of which permissions, and who hears of it.
    """

    collection: list[str]
    heard_by: tuple[str, ...]
    security: bool = False
    enabled: bool = True
    document: list[str] | None = None
    writer: str = "key"
    family: Family = field(default=COLLECTIONS)


READ_CREATE = ['read("any")', 'create("any")']
USERS_EVERYTHING = [each.replace("any", "users") for each in EVERYTHING]
READ_USER_A = ['read("user:user_a")']
CREATE_USERS = ['create("users")']


def channels(database: str) -> dict[str, str]:
    collections = f"databases.{database}.collections.{STATE}.documents"
    return {
        "collections": collections,
        "tables": f"databases.{database}.tables.{STATE}.rows",
        "tablesdb": f"tablesdb.{database}.tables.{STATE}.rows",
        "documents": "documents",
        "one-document": f"{collections}.{DOCUMENT}",
        "create-suffix": f"{collections}.create",
    }


async def listen_everywhere(client: Client, name: str) -> Listener:
    listener = await client.listen(by=name)
    await listener.frame()
    named = channels(client.sandbox.database).items()
    await listener.ask({"type": "subscribe", "data": [{"subscriptionId": k, "channels": [c]} for k, c in named]})
    return listener


async def write(client: Client, case: Case) -> None:
    root = documents_path(client.sandbox.database, family=case.family)
    body: dict[str, object] = {case.family.document_id: DOCUMENT, "data": DATA}
    if case.document is not None:
        body["permissions"] = case.document
    replies = [
        await client.call("POST", root, by=case.writer, body=body),
        await client.call("PATCH", f"{root}/{DOCUMENT}", by=case.writer, body={"data": {"count": 2}}),
        await client.call("DELETE", f"{root}/{DOCUMENT}", by=case.writer),
    ]
    assert [each.status for each in replies[1:]] == [200, 204]


@pytest.mark.parametrize(
    "case",
    [
        pytest.param(Case(collection=EVERYTHING, heard_by=LISTENERS), id="any-everything"),
        pytest.param(Case(collection=EVERYTHING, heard_by=LISTENERS, writer="user_b"), id="any-everything-by-user"),
        pytest.param(Case(collection=READ_CREATE, heard_by=LISTENERS), id="any-read-create"),
        pytest.param(Case(collection=READ_CREATE, heard_by=LISTENERS, family=TABLES), id="through-tables"),
        pytest.param(
            Case(collection=EVERYTHING, heard_by=LISTENERS, document=READ_USER_A), id="document-permissions-ignored"
        ),
        pytest.param(
            Case(collection=USERS_EVERYTHING, heard_by=("user_a", "user_b"), writer="user_b"), id="users-everything"
        ),
        pytest.param(Case(collection=[], heard_by=NOBODY, document=['read("any")']), id="no-permissions-security-off"),
        pytest.param(
            Case(collection=[], heard_by=LISTENERS, document=['read("any")'], security=True), id="readable-document"
        ),
        pytest.param(Case(collection=[], heard_by=NOBODY, security=True), id="unreadable-document"),
        pytest.param(
            Case(collection=CREATE_USERS, heard_by=LISTENERS, document=['read("any")'], security=True), id="read-any"
        ),
        pytest.param(
            Case(collection=CREATE_USERS, heard_by=("user_a",), document=READ_USER_A, security=True), id="read-user-a"
        ),
        pytest.param(
            Case(collection=CREATE_USERS, heard_by=("user_a", "user_b"), document=['read("users")'], security=True),
            id="read-users",
        ),
        pytest.param(
            Case(collection=CREATE_USERS, heard_by=("guest", "key"), document=['read("guests")'], security=True),
            id="read-guests",
        ),
        pytest.param(
            Case(collection=CREATE_USERS, heard_by=("user_b",), security=True, writer="user_b"),
            id="default-permissions",
        ),
        pytest.param(Case(collection=EVERYTHING, heard_by=LISTENERS, enabled=False), id="disabled"),
    ],
)
async def test_tells_whoever_may_read_on_every_form_of_channel(client: Client, case: Case) -> None:
    client.sign_in("user_a", "user_a")
    client.sign_in("user_b", "user_b")
    add_collection(
        client.sandbox.world,
        client.sandbox.database,
        permissions=case.collection,
        security=case.security,
        enabled=case.enabled,
    )
    listeners = {name: await listen_everywhere(client, name) for name in LISTENERS}

    await write(client, case)
    heard = {name: [each["subscriptions"] for each in await listener.events()] for name, listener in listeners.items()}

    every = ["documents", "collections", "one-document", "tables", "tablesdb"]
    told = [[*every, "create-suffix"], every, every]
    assert heard == {name: told if name in case.heard_by else [] for name in LISTENERS}


@pytest.mark.parametrize("action", ACTIONS)
async def test_names_an_event_and_its_channels_as_recorded(client: Client, action: str) -> None:
    add_collection(client.sandbox.world, client.sandbox.database, permissions=EVERYTHING)
    listener = await listen_everywhere(client, "guest")

    await write(client, Case(collection=EVERYTHING, heard_by=LISTENERS))
    event = (await listener.events())[ACTIONS.index(action)]

    database, names = client.sandbox.database, event["events"]
    root = f"databases.{database}"
    assert (len(names), len(set(names)), len(event["channels"])) == (42, 42, 16)
    assert names[:5] == [
        f"{root}.collections.{STATE}.documents.{DOCUMENT}.{action}",
        f"{root}.tables.{STATE}.rows.{DOCUMENT}.{action}",
        f"databases.*.collections.*.documents.*.{action}",
        f"databases.*.tables.*.rows.*.{action}",
        f"{root}.collections.*.documents.{DOCUMENT}.{action}",
    ]
    assert names[32:34] == [f"{root}.collections.{STATE}", f"{root}.tables.{STATE}"]
    assert names[40:] == [root, "databases.*"]
    assert event["channels"][8:10] == [f"documents.{action}", f"{root}.collections.{STATE}.documents.{action}"]


async def test_names_what_is_done_to_a_row_by_tables_first_but_not_its_creation(client: Client) -> None:
    add_collection(client.sandbox.world, client.sandbox.database, permissions=EVERYTHING)
    listener = await listen_everywhere(client, "guest")

    await write(client, Case(collection=EVERYTHING, heard_by=LISTENERS, family=TABLES))
    create, update, delete = (each["events"] for each in await listener.events())

    root = f"databases.{client.sandbox.database}"
    assert create[0] == f"{root}.collections.{STATE}.documents.{DOCUMENT}.create"
    assert update[:6] == [
        f"{root}.tables.{STATE}.rows.{DOCUMENT}.update",
        f"{root}.collections.{STATE}.documents.{DOCUMENT}.update",
        "databases.*.tables.*.rows.*.update",
        "databases.*.collections.*.documents.*.update",
        f"databases.*.tables.{STATE}.rows.{DOCUMENT}.update",
        f"databases.*.collections.{STATE}.documents.{DOCUMENT}.update",
    ]
    assert update[32:40:2] == [
        f"{root}.tables.{STATE}",
        "databases.*.tables.*",
        f"databases.*.tables.{STATE}",
        f"{root}.tables.*",
    ]
    assert (len(update), delete[0]) == (42, f"{root}.tables.{STATE}.rows.{DOCUMENT}.delete")


@pytest.mark.parametrize("family", [COLLECTIONS, TABLES], ids=lambda each: each.root)
async def test_gives_events_of_a_database_of_tables_64_names(client: Client, family: Family) -> None:
    database = client.sandbox.database
    client.sandbox.world.databases[database].type = "tablesdb"
    add_collection(client.sandbox.world, database, permissions=EVERYTHING)
    listener = await listen_everywhere(client, "guest")

    await write(client, Case(collection=EVERYTHING, heard_by=LISTENERS, family=family))
    event = (await listener.events())[0]

    names = event["events"]
    assert (len(names), len(set(names)), len(event["channels"])) == (64, 64, 16)
    assert names[:4] == [
        f"tablesdb.{database}.tables.{STATE}.rows.{DOCUMENT}.create",
        f"databases.{database}.tables.{STATE}.rows.{DOCUMENT}.create",
        f"databases.{database}.collections.{STATE}.documents.{DOCUMENT}.create",
        "tablesdb.*.tables.*.rows.*.create",
    ]
    assert names[60:] == [f"tablesdb.{database}", f"databases.{database}", "tablesdb.*", "databases.*"]


async def test_sends_nothing_twice_to_a_socket_with_several_subscriptions(client: Client) -> None:
    add_collection(client.sandbox.world, client.sandbox.database, permissions=EVERYTHING)
    listener = await client.listen("&channels[]=documents&channels[]=rows&channels[]=documents.create")
    (id_,) = (await listener.frame())["data"]["subscriptions"]
    await listener.ask({"type": "subscribe", "data": [{"subscriptionId": "s2", "channels": ["rows"]}]})

    await write(client, Case(collection=EVERYTHING, heard_by=LISTENERS))

    assert [each["subscriptions"] for each in await listener.events()] == [[id_, "s2"]] * 3


async def test_sends_the_document_as_its_writer_got_it(client: Client) -> None:
    add_collection(client.sandbox.world, client.sandbox.database, permissions=EVERYTHING)
    listener = await listen_everywhere(client, "guest")
    root = documents_path(client.sandbox.database, family=TABLES)

    reply = await client.call("PUT", f"{root}/{DOCUMENT}", body={"data": DATA})
    (event,) = await listener.events()

    assert event["payload"] == reply.body
    assert event["events"][0].endswith(".upsert")


async def test_goes_on_telling_a_socket_whose_session_ended(client: Client) -> None:
    client.sign_in("user_a", "user_a")
    add_collection(client.sandbox.world, client.sandbox.database, permissions=USERS_EVERYTHING)
    listener = await listen_everywhere(client, "user_a")

    await client.call("DELETE", "/account/sessions/current", by="user_a")
    body = {"documentId": DOCUMENT, "data": DATA}
    await client.call("POST", documents_path(client.sandbox.database), by="key", body=body)

    assert len(await listener.events()) == 1


async def test_tells_members_of_a_team(client: Client) -> None:
    client.sign_in("therapist", client.sandbox.therapist.id)
    listener = await client.listen("&channels[]=documents", by="therapist")
    await listener.frame()
    data = {"sessionId": "s", "senderId": "c", "text": "hello"}
    body = {"documentId": "unique()", "data": data, "permissions": [f'read("team:{client.sandbox.team}")']}

    await client.call("POST", documents_path(client.sandbox.database, collection="chat_messages"), by="key", body=body)

    assert [each["payload"]["text"] for each in await listener.events()] == ["hello"]
