"""
Creating, changing and listing documents: what is refused, in Appwrite's words, and what comes back.
"""

import json
from dataclasses import replace

import pytest

from monitor.sandbox.profile import V1_8
from monitor.sandbox.protocol.family import COLLECTIONS, TABLES, Family
from monitor.sandbox.state import storage
from monitor.sandbox.state.schema import Index
from tests.clock import FakeClock
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
        pytest.param({"documents": [DATA]}, "401 general_unauthorized_scope", id="bulk"),
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


@pytest.mark.parametrize(
    ("permission", "verdicts"),
    [
        pytest.param("update", ["200", "401 user_unauthorized"], id="update"),
        pytest.param("delete", ["401 user_unauthorized", "204"], id="delete"),
        pytest.param("read", ["401 user_unauthorized", "401 user_unauthorized"], id="read"),
    ],
)
async def test_tells_the_permission_to_update_from_that_to_delete(
    client: Client, permission: str, verdicts: list[str]
) -> None:
    add_document(
        add_collection(client.sandbox.world, client.sandbox.database, permissions=[f'{permission}("any")']), "one"
    )
    path = f"{documents_path(client.sandbox.database)}/one"

    replies = [await client.call("PATCH", path, body={"data": {"count": 2}}), await client.call("DELETE", path)]

    assert [each.verdict for each in replies] == verdicts


async def test_lets_a_change_name_only_roles_that_the_caller_holds(client: Client, root: str) -> None:
    reply = await client.call("PATCH", f"{root}/dup", body={"permissions": ['read("users")']})

    assert reply.body["message"] == "Permissions must be one of: (any, guests)"


async def test_refuses_a_change_without_data_and_permissions(client: Client, root: str) -> None:
    reply = await client.call("PATCH", f"{root}/dup", body={})

    assert reply.verdict == "400 document_missing_payload"


async def test_refuses_an_upsert_by_one_who_does_not_hold_the_roles_that_stay(client: Client) -> None:
    collection = add_collection(client.sandbox.world, client.sandbox.database, permissions=['update("any")'])
    add_document(collection, "one", permissions=['read("user:somebody")'])

    reply = await client.call("PUT", f"{documents_path(client.sandbox.database)}/one", body={"data": DATA})

    assert reply.body["message"] == "Permissions must be one of: (any, guests)"


async def test_numbers_and_refuses_as_the_older_version_does(client: Client) -> None:
    client.sandbox.world.profile = V1_8
    add_document(add_collection(client.sandbox.world, client.sandbox.database, permissions=['read("any")']), "dup")
    path = documents_path(client.sandbox.database)
    body = {"documentId": "dup", "data": DATA}

    shown = await client.call("GET", f"{path}/dup")
    refused = await client.call("POST", path, body=body)
    taken = await client.call("POST", path, by="key", body=body)

    assert shown.body["$sequence"] == 1
    assert refused.body["message"] == "The current user is not authorized to perform the requested action."
    assert taken.body["message"].startswith("Document with the requested ID already exists.")


async def test_lets_only_a_key_say_when_a_document_was_made(client: Client, root: str) -> None:
    moment = "2020-01-01T00:00:00.000+00:00"
    body = {"documentId": "unique()", "data": DATA | {"$createdAt": moment, "$updatedAt": "2020-01-02"}}

    by_key = await client.call("POST", root, by="key", body=body)
    by_guest = await client.call("POST", root, body=body)

    assert by_key.body["$createdAt"] == moment
    assert by_key.body["$updatedAt"] == "2020-01-02T00:00:00.000+00:00"
    assert by_guest.body["$createdAt"] > moment


async def test_drops_what_appwrite_itself_writes_but_no_other_dollar_key(client: Client, root: str) -> None:
    shown = (await client.call("GET", f"{root}/dup")).body

    sent_back = await client.call("PATCH", f"{root}/dup", body={"data": shown | {"count": 9}})
    invented = await client.call("PATCH", f"{root}/dup", body={"data": {"$mine": 1}})

    assert (sent_back.status, sent_back.body["count"]) == (200, 9)
    assert invented.body["message"] == 'Invalid document structure: Unknown attribute: "$mine"'


async def test_leaves_the_time_of_the_last_change_when_nothing_changes(client: Client, root: str) -> None:
    before = (await client.call("GET", f"{root}/dup")).body["$updatedAt"]
    client.sandbox.world.clock = clock = FakeClock()
    clock.jump(365 * 86_400)

    same = await client.call("PATCH", f"{root}/dup", body={"data": {"count": 1}})
    other = await client.call("PATCH", f"{root}/dup", body={"data": {"count": 2}})

    assert same.body["$updatedAt"] == before
    assert before < other.body["$updatedAt"] <= client.sandbox.world.now()


@pytest.mark.parametrize("method", ["GET", "PATCH", "DELETE"])
async def test_refuses_an_id_that_nothing_can_have(client: Client, root: str, method: str) -> None:
    body = {"data": {"count": 1}} if method == "PATCH" else None
    reply = await client.call(method, f"{root}/_x", body=body)

    assert reply.verdict == "400 general_argument_invalid"


async def test_refuses_one_document_more_than_a_collection_holds(
    client: Client, root: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(storage, "MAX_DOCUMENTS", 1)

    reply = await client.call("POST", root, body={"documentId": "unique()", "data": DATA})

    assert reply.verdict == "400 general_bad_request"


@pytest.mark.parametrize(
    ("method", "path"), [pytest.param("POST", "", id="create"), pytest.param("PATCH", "/dup", id="update")]
)
async def test_refuses_what_a_unique_index_has_already(client: Client, root: str, method: str, path: str) -> None:
    collection = client.sandbox.world.collections[STATE]
    now = client.sandbox.world.now()
    collection.indexes["once"] = Index(id="1", key="once", type="unique", created_at=now, attributes=("title",))
    add_document(collection, "other").data["title"] = "Other"

    reply = await client.call(method, f"{root}{path}", body={"documentId": "new", "data": DATA | {"title": "OTHER"}})

    assert reply.verdict == "409 document_already_exists"


async def test_changes_permissions_and_times_without_any_attribute(client: Client, root: str) -> None:
    permitted = await client.call("PATCH", f"{root}/dup", body={"permissions": ['read("any")']})
    dated = await client.call("PATCH", f"{root}/dup", by="key", body={"data": {"$updatedAt": "2020-01-01"}})

    assert permitted.body["$permissions"] == ['read("any")']
    assert dated.body["$updatedAt"] == "2020-01-01T00:00:00.000+00:00"


async def test_leaves_behind_what_an_attribute_held_that_is_gone(client: Client, root: str) -> None:
    client.sandbox.world.collections[STATE].documents["dup"].data["gone"] = 1

    reply = await client.call("PATCH", f"{root}/dup", body={"data": {"count": 2}})

    assert (reply.status, "gone" in reply.body) == (200, False)


@pytest.mark.parametrize("method", ["GET", "DELETE"])
async def test_tells_how_much_a_call_asked_of_the_database(client: Client, root: str, method: str) -> None:
    reply = await client.call(method, f"{root}/dup")

    assert reply.headers["X-Debug-Operations"] == "1"


async def test_knows_only_attributes_that_are_available(client: Client, root: str) -> None:
    collection = client.sandbox.world.collections[STATE]
    collection.attributes["late"] = replace(collection.attributes["count"], key="late", status="processing")

    written = await client.call("PATCH", f"{root}/dup", body={"data": {"late": 1}})
    shown = await client.call("GET", f"{root}/dup")

    assert written.body["message"] == 'Invalid document structure: Unknown attribute: "late"'
    assert "late" not in shown.body


async def test_announces_each_write_once_with_what_the_writer_was_answered(client: Client, root: str) -> None:
    listener = await client.listen("&channels[]=documents")
    await listener.frame()

    created = await client.call("POST", root, body={"documentId": "new", "data": DATA})
    await client.call("PATCH", f"{root}/new", body={"data": {"count": 2}})
    await client.call("PUT", f"{root}/new", body={"data": DATA})
    await client.call("DELETE", f"{root}/new")

    events = await listener.events()
    assert [each["events"][0].rpartition(".")[2] for each in events] == ["create", "update", "upsert", "delete"]
    assert events[0]["payload"] == created.body
