"""
Transactions: nobody sees what is staged, a commit does all or nothing, and says so only then.
"""

from collections.abc import AsyncIterator

import aiohttp
import pytest
import pytest_asyncio

from monitor.sandbox.server import Sandbox
from tests.clock import FakeClock
from tests.sandbox.client import Client, Reply
from tests.sandbox.states import DATA, EVERYTHING, STATE, add_collection, add_document, documents_path

pytestmark = pytest.mark.asyncio

TRANSACTIONS = "/databases/transactions"


@pytest_asyncio.fixture
async def client() -> AsyncIterator[Client]:
    """
    A sandbox whose clock can be moved, with the documents *one* and *two* where any may do everything.
    """
    jar = aiohttp.DummyCookieJar()
    async with Sandbox(clock=FakeClock()) as sandbox, aiohttp.ClientSession(cookie_jar=jar) as session:
        collection = add_collection(sandbox.world, sandbox.database, permissions=EVERYTHING)
        for id_ in ("one", "two"):
            add_document(collection, id_)
        client = Client(sandbox, session)
        client.sign_in("user_a", "user_a")
        client.sign_in("user_b", "user_b")
        yield client


@pytest.fixture
def root(client: Client) -> str:
    return documents_path(client.sandbox.database)


def documents(client: Client) -> dict[str, object]:
    stored = client.sandbox.world.collections[STATE].documents.values()
    return {each.id: each.data["count"] for each in stored}


def jump(client: Client, seconds: float) -> None:
    clock = client.sandbox.world.clock
    assert isinstance(clock, FakeClock)
    clock.jump(seconds)


async def begin(client: Client, by: str = "key", **body: object) -> str:
    return str((await client.call("POST", TRANSACTIONS, by=by, body=body)).body["$id"])


async def end(client: Client, id_: str, by: str = "key", *, how: str = "commit") -> Reply:
    return await client.call("PATCH", f"{TRANSACTIONS}/{id_}", by=by, body={how: True})


def operation(action: str, client: Client, **more: object) -> dict[str, object]:
    return {"action": action, "databaseId": client.sandbox.database, "collectionId": STATE} | more


async def stage(client: Client, id_: str, *operations: object, by: str = "key") -> Reply:
    body = {"operations": list(operations)}
    return await client.call("POST", f"{TRANSACTIONS}/{id_}/operations", by=by, body=body)


async def test_begins_pending_and_says_when_it_expires(client: Client) -> None:
    reply = await client.call("POST", TRANSACTIONS, by="key", body={"ttl": 60})

    assert (reply.status, reply.body["status"], reply.body["operations"]) == (201, "pending", 0)
    assert reply.body.keys() == {"$id", "$createdAt", "$updatedAt", "status", "operations", "expiresAt"}
    assert reply.body["expiresAt"] > reply.body["$createdAt"]


@pytest.mark.parametrize("ttl", [59, 3601, "60"])
async def test_refuses_a_ttl_out_of_range(client: Client, ttl: object) -> None:
    reply = await client.call("POST", TRANSACTIONS, by="key", body={"ttl": ttl})

    assert reply.verdict == "400 general_argument_invalid"


async def test_stages_every_single_write_and_does_it_on_commit(client: Client, root: str) -> None:
    id_ = await begin(client)
    more = {"transactionId": id_}

    replies = [
        await client.call("POST", root, by="key", body={"documentId": "new", "data": DATA} | more),
        await client.call("PATCH", f"{root}/one", by="key", body={"data": {"count": 7}} | more),
        await client.call("PUT", f"{root}/put", by="key", body={"data": DATA} | more),
        await client.call("PATCH", f"{root}/one/count/increment", by="key", body={"value": 2} | more),
        await client.call("DELETE", f"{root}/two", by="key", body=more),
    ]
    before = documents(client)
    committed = await end(client, id_)

    assert [each.status for each in replies] == [201, 200, 201, 200, 204]
    assert [each.body["count"] for each in replies[:4]] == [1, 7, 1, 9]
    assert before == {"one": 1, "two": 1}
    assert (committed.status, committed.body["status"], committed.body["operations"]) == (200, "committed", 5)
    assert documents(client) == {"one": 9, "new": 1, "put": 1}


async def test_stages_bulk_writes_and_does_them_on_commit(client: Client, root: str) -> None:
    id_ = await begin(client)
    more = {"transactionId": id_}

    replies = [
        await client.call("POST", root, by="key", body={"documents": [DATA | {"$id": "x"}]} | more),
        await client.call("PATCH", root, by="key", body={"data": {"count": 4}} | more),
        await client.call("PUT", root, by="key", body={"documents": [DATA | {"$id": "y", "count": 5}]} | more),
    ]
    before = documents(client)
    await end(client, id_)

    assert [each.body for each in replies] == [{"total": total, "documents": []} for total in (1, 0, 1)]
    assert before == {"one": 1, "two": 1}
    assert documents(client) == {"one": 4, "two": 4, "x": 4, "y": 5}


async def test_stages_a_list_of_operations(client: Client) -> None:
    id_ = await begin(client)

    staged = await stage(
        client,
        id_,
        operation("create", client, documentId="new", data=DATA),
        operation("update", client, documentId="one", data={"count": 3}),
        operation("increment", client, documentId="one", data={"attribute": "count", "value": 2, "max": 9}),
        operation("decrement", client, documentId="two", data={"attribute": "count"}),
        operation("upsert", client, documentId="put", data=DATA),
        operation("bulkCreate", client, data=[DATA | {"$id": "x"}]),
        operation("bulkUpsert", client, data=[DATA | {"$id": "y"}]),
        operation("bulkDelete", client, data={"queries": ['{"method":"equal","attribute":"$id","values":["x"]}']}),
        operation("bulkUpdate", client, data={"queries": [], "data": {"active": False}}),
        operation("delete", client, documentId="new"),
    )
    await end(client, id_)

    assert (staged.status, staged.body["operations"]) == (201, 10)
    assert documents(client) == {"one": 5, "two": 0, "put": 1, "y": 1}


async def test_does_nothing_of_a_commit_of_which_one_write_fails(client: Client, root: str) -> None:
    id_ = await begin(client)
    await stage(
        client,
        id_,
        operation("delete", client, documentId="two"),
        operation("update", client, documentId="one", data={"count": 8}),
        operation("create", client, documentId="one", data=DATA),
    )
    before = list(client.sandbox.world.collections[STATE].documents.items())

    refused = await end(client, id_)
    again = await end(client, id_)

    assert [refused.verdict, again.verdict] == ["409 transaction_conflict", "400 transaction_not_ready"]
    assert list(client.sandbox.world.collections[STATE].documents.items()) == before
    assert (await client.call("GET", f"{TRANSACTIONS}/{id_}", by="key")).body["status"] == "failed"


@pytest.mark.parametrize(
    ("action", "more", "verdict"),
    [
        pytest.param(
            "create", {"documentId": "x", "data": {"count": 1}}, "400 document_invalid_structure", id="structure"
        ),
        pytest.param(
            "increment",
            {"documentId": "one", "data": {"attribute": "count", "max": 1}},
            "400 attribute_limit_exceeded",
            id="limit",
        ),
    ],
)
async def test_names_what_a_commit_failed_of(
    client: Client, action: str, more: dict[str, object], verdict: str
) -> None:
    id_ = await begin(client)
    await stage(client, id_, operation(action, client, **more))

    assert (await end(client, id_)).verdict == verdict


async def test_fails_when_what_it_changes_is_gone_by_then(client: Client, root: str) -> None:
    id_ = await begin(client)
    await stage(client, id_, operation("update", client, documentId="one", data={"count": 3}))
    await client.call("DELETE", f"{root}/one")

    assert (await end(client, id_)).verdict == "404 document_not_found"


@pytest.mark.parametrize("action", ["update", "upsert", "delete"])
async def test_conflicts_with_a_change_since_the_write_was_staged(client: Client, root: str, action: str) -> None:
    jump(client, 365 * 86_400)
    id_ = await begin(client)
    data = {} if action == "delete" else {"data": DATA | {"count": 3}}
    await stage(client, id_, operation(action, client, documentId="one", **data))
    jump(client, 1)
    await client.call("PATCH", f"{root}/one", body={"data": {"count": 2}})

    assert (await end(client, id_)).verdict == "409 transaction_conflict"
    assert documents(client)["one"] == 2


async def test_does_not_conflict_with_itself(client: Client) -> None:
    id_ = await begin(client)
    for count in (2, 3):
        await stage(client, id_, operation("update", client, documentId="one", data={"count": count}))
        jump(client, 1)

    assert (await end(client, id_)).verdict == "200"
    assert documents(client)["one"] == 3


async def test_forgets_what_is_rolled_back(client: Client) -> None:
    id_ = await begin(client)
    await stage(client, id_, operation("delete", client, documentId="one"))

    reply = await end(client, id_, how="rollback")

    assert (reply.status, reply.body["status"]) == (200, "failed")
    assert documents(client) == {"one": 1, "two": 1}


async def test_announces_single_writes_on_commit_and_not_before(client: Client, root: str) -> None:
    listener = await client.listen("&channels[]=documents")
    await listener.frame()
    id_ = await begin(client)
    await client.call("PUT", f"{root}/put", by="key", body={"data": DATA, "transactionId": id_})
    await client.call("DELETE", f"{root}/two", by="key", body={"transactionId": id_})
    await client.call("PATCH", root, by="key", body={"data": {"count": 4}, "transactionId": id_})
    early = await listener.events()

    await end(client, id_)

    names = [each["events"][0].split(".documents.")[1] for each in await listener.events()]
    assert (early, names) == ([], ["put.update", "two.delete"])


async def test_announces_nothing_of_a_commit_that_failed(client: Client) -> None:
    listener = await client.listen("&channels[]=documents")
    await listener.frame()
    id_ = await begin(client)
    operations = [operation("create", client, documentId=each, data=DATA) for each in ("new", "one")]
    await stage(client, id_, *operations)

    await end(client, id_)

    assert await listener.events() == []


async def test_shows_what_is_staged_to_reads_within_the_transaction_only(client: Client, root: str) -> None:
    id_ = await begin(client, by="user_a")
    body = {"documentId": "new", "data": DATA, "transactionId": id_}
    await client.call("POST", root, by="user_a", body=body)
    await client.call("DELETE", f"{root}/two", by="user_a", body={"transactionId": id_})

    async def listed(by: str, query: str) -> list[str]:
        return [each["$id"] for each in (await client.call("GET", f"{root}{query}", by=by)).body["documents"]]

    inside = f"?transactionId={id_}"
    assert await listed("user_a", inside) == ["one", "new"]
    assert await listed("user_a", "") == await listed("user_b", inside) == ["one", "two"]
    assert (await client.call("GET", f"{root}/new{inside}", by="user_a")).verdict == "200"
    assert (await client.call("GET", f"{root}/two{inside}", by="user_a")).verdict == "404 document_not_found"


async def test_shows_nothing_more_of_a_transaction_that_has_ended(client: Client, root: str) -> None:
    id_ = await begin(client)
    await stage(client, id_, operation("delete", client, documentId="one"))
    await end(client, id_, how="rollback")

    reply = await client.call("GET", f"{root}/one?transactionId={id_}", by="key")

    assert reply.verdict == "200"


@pytest.mark.parametrize(
    ("by", "verdict"),
    [
        pytest.param("user_a", "200", id="owner"),
        pytest.param("key", "200", id="key"),
        pytest.param("user_b", "404 transaction_not_found", id="other-user"),
        pytest.param("guest", "404 transaction_not_found", id="guest"),
    ],
)
async def test_is_there_only_for_its_owner_and_for_keys(client: Client, by: str, verdict: str) -> None:
    id_ = await begin(client, by="user_a")

    got = await client.call("GET", f"{TRANSACTIONS}/{id_}", by=by)
    listed = await client.call("GET", TRANSACTIONS, by=by)

    assert got.verdict == verdict
    assert listed.body["total"] == (1 if verdict == "200" else 0)


async def test_is_gone_when_deleted(client: Client) -> None:
    id_ = await begin(client)

    deleted = await client.call("DELETE", f"{TRANSACTIONS}/{id_}", by="key")

    assert deleted.status == 204
    assert (await end(client, id_)).verdict == "404 transaction_not_found"


async def test_expires(client: Client, root: str) -> None:
    id_ = await begin(client, ttl=60)
    jump(client, 61)

    staged = await client.call("DELETE", f"{root}/one", by="key", body={"transactionId": id_})

    verdicts = [staged.verdict, (await stage(client, id_, operation("delete", client, documentId="one"))).verdict]
    assert [*verdicts, (await end(client, id_)).verdict] == ["410 transaction_expired"] * 3


async def test_takes_a_hundred_operations_and_no_more(client: Client, root: str) -> None:
    id_ = await begin(client)
    one = operation("increment", client, documentId="one", data={"attribute": "count"})

    full = await stage(client, id_, *[one] * 100)
    over = await stage(client, id_, one)
    again = await client.call("DELETE", f"{root}/one", by="key", body={"transactionId": id_})

    assert full.body["operations"] == 100
    assert [over.verdict, again.verdict] == ["400 transaction_limit_exceeded"] * 2


@pytest.mark.parametrize(
    "body", [pytest.param({}, id="neither"), pytest.param({"commit": True, "rollback": True}, id="both")]
)
async def test_refuses_to_end_in_no_way_or_in_two(client: Client, body: object) -> None:
    reply = await client.call("PATCH", f"{TRANSACTIONS}/{await begin(client)}", by="key", body=body)

    assert reply.verdict == "400 general_bad_request"


@pytest.mark.parametrize(
    ("change", "told"),
    [
        pytest.param({"action": None}, "Key 'action' must be a non\u2011empty string", id="no-action"),
        pytest.param({"action": "destroy"}, "Key 'action' must be one of: create, update, upsert", id="action"),
        pytest.param({"documentId": ""}, "Key 'documentId' must be a non-empty string", id="empty-id"),
        pytest.param({"data": 5}, "Key 'data' must be an array", id="data"),
        pytest.param({"action": "increment"}, "Key 'attribute' is required in data for increment", id="attribute"),
        pytest.param({"action": "bulkDelete"}, "Key 'queries' is required in data for bulkDelete", id="queries"),
    ],
)
async def test_refuses_a_list_of_which_one_is_no_operation(
    client: Client, change: dict[str, object], told: str
) -> None:
    good = operation("create", client, documentId="new", data=DATA)

    reply = await stage(client, await begin(client), good, good | change)

    assert reply.verdict == "400 general_argument_invalid"
    assert told in reply.body["message"]


@pytest.mark.parametrize(
    ("action", "permissions", "verdict"),
    [
        pytest.param("create", ['update("any")'], "401 user_unauthorized", id="create"),
        pytest.param("update", ['create("any")'], "401 user_unauthorized", id="update"),
        pytest.param("delete", ['update("any")'], "401 user_unauthorized", id="delete"),
        pytest.param("bulkCreate", EVERYTHING, "401 user_unauthorized", id="bulk"),
        pytest.param("update", ['update("any")'], "201", id="allowed"),
    ],
)
async def test_asks_for_permission_when_a_write_is_staged(
    client: Client, action: str, permissions: list[str], verdict: str
) -> None:
    client.sandbox.world.collections[STATE].permissions = tuple(permissions)
    id_ = await begin(client, by="user_a")
    document = "new" if action == "create" else "one"

    reply = await stage(client, id_, operation(action, client, documentId=document, data=DATA), by="user_a")

    assert reply.verdict == verdict


@pytest.mark.parametrize(
    ("method", "path", "body", "verdict"),
    [
        pytest.param("POST", "", {"documentId": "new", "data": DATA}, "401 user_unauthorized", id="create"),
        pytest.param("PATCH", "/nope", {"data": DATA}, "404 document_not_found", id="update-nothing"),
        pytest.param("DELETE", "/nope", {}, "404 document_not_found", id="delete-nothing"),
        pytest.param("PATCH", "/nope/count/increment", {}, "404 document_not_found", id="count-nothing"),
        pytest.param("PATCH", "/one/title/increment", {}, "400 attribute_type_invalid", id="count-a-text"),
    ],
)
async def test_refuses_to_stage_what_can_be_refused_at_once(
    client: Client, root: str, method: str, path: str, body: dict[str, object], verdict: str
) -> None:
    client.sandbox.world.collections[STATE].permissions = ('update("any")', 'delete("any")')
    id_ = await begin(client, by="user_a")

    reply = await client.call(method, f"{root}{path}", by="user_a", body=body | {"transactionId": id_})

    assert reply.verdict == verdict


async def test_asks_for_permission_again_when_it_commits(client: Client) -> None:
    id_ = await begin(client, by="user_a")
    await stage(client, id_, operation("delete", client, documentId="one"), by="user_a")
    client.sandbox.world.collections[STATE].permissions = ('read("any")',)

    assert (await end(client, id_, by="user_a")).verdict == "401 user_unauthorized"
    assert "one" in documents(client)


async def test_refuses_roles_that_the_caller_does_not_hold(client: Client) -> None:
    id_ = await begin(client, by="user_a")
    data = DATA | {"$permissions": ['read("user:user_b")']}

    reply = await stage(client, id_, operation("create", client, documentId="new", data=data), by="user_a")

    assert reply.body["message"].startswith("Permissions must be one of: (any, users, user:user_a")


async def test_serves_rows_in_their_own_words(client: Client) -> None:
    id_ = (await client.call("POST", "/tablesdb/transactions", by="key", body={})).body["$id"]
    one = {"action": "delete", "databaseId": client.sandbox.database, "tableId": STATE, "rowId": "one"}

    staged = await client.call("POST", f"/tablesdb/transactions/{id_}/operations", by="key", body={"operations": [one]})
    committed = await client.call("PATCH", f"/tablesdb/transactions/{id_}", by="key", body={"commit": True})

    assert [staged.status, committed.status] == [201, 200]
    assert documents(client) == {"two": 1}


async def test_staging_a_change_shows_nobody_a_document_he_may_not_read(client: Client, root: str) -> None:
    stored = client.sandbox.world.collections[STATE]
    stored.permissions, stored.document_security = (), True
    add_document(stored, "private", permissions=['read("user:user_a")', 'update("user:user_a")'])
    change = {"data": {"count": 7}}

    refused = await client.call(
        "PATCH", f"{root}/private", by="user_b", body=change | {"transactionId": await begin(client, "user_b")}
    )
    staged = await client.call(
        "PATCH", f"{root}/private", by="user_a", body=change | {"transactionId": await begin(client, "user_a")}
    )

    assert (refused.verdict, staged.verdict) == ("401 user_unauthorized", "200")
