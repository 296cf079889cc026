"""
Creating, changing and listing documents: what is refused, in Appwrite's words, and what comes back.
"""

import json

import pytest

from monitor.sandbox.protocol.family import COLLECTIONS, TABLES, Family
from tests.sandbox.client import Client
from tests.sandbox.states import DATA, EVERYTHING, STATE, add_collection, add_document, documents_path

pytestmark = pytest.mark.asyncio

INT_32 = "signed 32-bit integer between -2,147,483,648 and 2,147,483,647"


@pytest.fixture
def root(client: Client) -> str:
    """
    The documents of a collection where any may do everything; one of them is ``dup``.
    """
    add_document(add_collection(client.sandbox.world, client.sandbox.database, permissions=EVERYTHING), "dup")
    client.sign_in("user_a", "user_a")
    return documents_path(client.sandbox.database)


@pytest.mark.parametrize(
    ("data", "problem"),
    [
        pytest.param({"title": None}, 'Missing required attribute "title"', id="missing"),
        pytest.param({"nope": 1}, 'Unknown attribute: "nope"', id="unknown"),
        pytest.param(
            {"count": "many"}, f'Attribute "count" has invalid format. Value must be a valid {INT_32}', id="int"
        ),
        pytest.param(
            {"active": "yes"}, 'Attribute "active" has invalid type. Value must be a valid boolean', id="bool"
        ),
        pytest.param(
            {"title": 12},
            'Attribute "title" has invalid type. Value must be a valid string and no longer than 255 chars',
            id="no-text",
        ),
        pytest.param(
            {"title": "x" * 256},
            'Attribute "title" has invalid type. Value must be a valid string and no longer than 255 chars',
            id="too-long",
        ),
        pytest.param(
            {"status": "weird"},
            'Attribute "status" has invalid format. Value must be one of (open, closed)',
            id="not-in-enum",
        ),
        pytest.param(
            {"count": -5},
            'Attribute "count" has invalid format. Value must be a valid range between 0 and 100,000',
            id="out-of-range",
        ),
    ],
)
async def test_refuses_data_that_do_not_fit_the_attributes(
    client: Client, root: str, data: dict[str, object], problem: str
) -> None:
    body = {"documentId": "unique()", "data": DATA | data}

    reply = await client.call("POST", root, body=body)

    assert reply.body == {
        "message": f"Invalid document structure: {problem}",
        "code": 400,
        "type": "document_invalid_structure",
        "version": "1.9.6",
    }


@pytest.mark.parametrize(
    ("body", "verdict"),
    [
        pytest.param({"documentId": "dup", "data": DATA}, "409 document_already_exists", id="duplicate"),
        pytest.param({"documentId": "*bad id*", "data": DATA}, "400 general_argument_invalid", id="bad-id"),
        pytest.param({"data": DATA}, "400 document_missing_data", id="no-id"),
        pytest.param({"documentId": "unique()"}, "400 document_missing_data", id="no-data"),
        pytest.param({}, "400 document_missing_data", id="empty"),
        pytest.param({"documentId": "unique()", "data": json.dumps(DATA)}, "201", id="data-as-text"),
        pytest.param({"documentId": "unique()", "data": DATA | {"at": "tomorrow"}}, "201", id="tomorrow"),
        pytest.param({"documentId": "unique()", "documents": [DATA]}, "401 general_unauthorized_scope", id="bulk"),
    ],
)
async def test_judges_a_body_as_recorded(client: Client, root: str, body: object, verdict: str) -> None:
    reply = await client.call("POST", root, body=body)

    assert reply.verdict == verdict


@pytest.mark.parametrize(
    ("permission", "guest", "user_a", "key"),
    [
        pytest.param('read("user:user_b")', "401 user_unauthorized", "401 user_unauthorized", "201", id="other-user"),
        pytest.param('read("user:user_a")', "401 user_unauthorized", "201", "201", id="own-user"),
        pytest.param('read("any")', "201", "201", "201", id="any"),
        pytest.param('read("users")', "401 user_unauthorized", "201", "201", id="users"),
        pytest.param('read("team:other")', "401 user_unauthorized", "401 user_unauthorized", "201", id="other-team"),
        pytest.param('create("any")', *["400 general_argument_invalid"] * 3, id="create-on-document"),
        pytest.param("rd(any)", *["400 general_argument_invalid"] * 3, id="malformed"),
        pytest.param('read("team")', *["400 general_argument_invalid"] * 3, id="team-without-id"),
    ],
)
async def test_lets_a_client_name_only_roles_it_holds(
    client: Client, root: str, permission: str, guest: str, user_a: str, key: str
) -> None:
    body = {"documentId": "unique()", "data": DATA, "permissions": [permission]}

    replies = [await client.call("POST", root, by=each, body=body) for each in ("guest", "user_a", "key")]

    assert [each.verdict for each in replies] == [guest, user_a, key]


async def test_names_the_roles_of_a_member_in_its_refusal(client: Client) -> None:
    client.sign_in("customer", client.sandbox.customer.id)
    data = {"sessionId": "s", "senderId": "c", "text": "hello"}
    body = {"documentId": "unique()", "data": data, "permissions": ['read("user:someone")']}

    reply = await client.call(
        "POST", documents_path(client.sandbox.database, collection="chat_messages"), by="customer", body=body
    )

    me = "user:synthetic-customer"
    assert reply.body["message"] == (
        f"Permissions must be one of: (any, users, {me}, {me}/unverified, users/unverified,"
        " team:synthetic-pair, member:synthetic-pair-1)"
    )


async def test_lets_a_customer_share_with_the_team_so_that_the_therapist_reads(client: Client) -> None:
    client.sign_in("customer", client.sandbox.customer.id)
    client.sign_in("therapist", client.sandbox.therapist.id)
    path = documents_path(client.sandbox.database, collection="chat_messages")
    data = {"sessionId": "s", "senderId": "c", "text": "hello"}
    shared = [f'read("team:{client.sandbox.team}")']

    body = {"documentId": "m1", "data": data, "permissions": shared}
    await client.call("POST", path, by="customer", body=body)
    replies = [await client.call("GET", f"{path}/m1", by=each) for each in ("therapist", "guest")]

    assert [each.verdict for each in replies] == ["200", "404 document_not_found"]


async def test_unfolds_write_and_gives_a_user_the_default_permissions(client: Client, root: str) -> None:
    body = {"documentId": "unique()", "data": DATA}

    default = await client.call("POST", root, by="user_a", body=body)
    unfolded = await client.call("POST", root, by="user_a", body=body | {"permissions": ['write("users")']})

    own = [f'{action}("user:user_a")' for action in ("read", "update", "delete")]
    assert default.body["$permissions"] == own
    assert unfolded.body["$permissions"] == ['update("users")', 'delete("users")']


@pytest.mark.parametrize(
    ("family", "noun"),
    [pytest.param(COLLECTIONS, "$collectionId", id="document"), pytest.param(TABLES, "$tableId", id="row")],
)
async def test_shows_a_document_in_the_words_of_its_family(
    client: Client, root: str, family: Family, noun: str
) -> None:
    path = documents_path(client.sandbox.database, family=family)

    reply = await client.call("GET", f"{path}/dup")

    system = {"$id": "dup", "$sequence": "1", "$permissions": [], "$databaseId": client.sandbox.database, noun: STATE}
    times = {key: reply.body[key] for key in ("$createdAt", "$updatedAt")}
    assert reply.body == DATA | system | times


@pytest.mark.parametrize(
    ("permissions", "verdict"),
    [
        pytest.param(['read("any")'], "200", id="read-suffices"),
        pytest.param(['update("any")'], "401 user_unauthorized", id="update-does-not"),
    ],
)
async def test_checks_a_change_of_nothing_against_read(client: Client, permissions: list[str], verdict: str) -> None:
    collection = add_collection(client.sandbox.world, client.sandbox.database, permissions=permissions)
    document = add_document(collection, "one")

    body = {"data": {"count": document.data["count"]}}
    reply = await client.call("PATCH", f"{documents_path(client.sandbox.database)}/one", body=body)

    assert reply.verdict == verdict


async def test_refuses_a_change_without_data_and_permissions(client: Client, root: str) -> None:
    reply = await client.call("PATCH", f"{root}/dup", body={})

    assert reply.verdict == "400 document_missing_payload"


async def test_refuses_an_upsert_by_one_who_does_not_hold_the_roles_that_stay(client: Client) -> None:
    collection = add_collection(client.sandbox.world, client.sandbox.database, permissions=['update("any")'])
    add_document(collection, "one", permissions=['read("user:somebody")'])

    reply = await client.call("PUT", f"{documents_path(client.sandbox.database)}/one", body={"data": DATA})

    assert reply.body["message"] == "Permissions must be one of: (any, guests)"


@pytest.mark.parametrize(
    ("by", "method", "verdict"),
    [
        pytest.param("guest", "DELETE", "404 database_not_found", id="client-delete"),
        pytest.param("guest", "PATCH", "404 database_not_found", id="client-update"),
        pytest.param("key", "DELETE", "400 general_bad_request", id="key-delete"),
    ],
)
async def test_deletes_nothing_when_an_empty_id_collapses_onto_the_collection(
    client: Client, root: str, by: str, method: str, verdict: str
) -> None:
    reply = await client.call(method, f"{root}//", by=by)

    assert reply.verdict == verdict
    assert "dup" in client.sandbox.world.collections[STATE].documents
