"""
Faults of collections, schema, permissions, functions and jobs at a closer look.
"""

import asyncio
from collections.abc import Mapping
from typing import Any

import pytest
import pytest_asyncio

from tests.sandbox.client import Client
from tests.sandbox.states import documents_path
from tests.sandbox.survey import acquaint, message

pytestmark = pytest.mark.asyncio

BOOKING = {
    "userId": "c",
    "therapistId": "t",
    "status": "pending",
    "startsAt": "2026-01-01T10:00:00.000+00:00",
}


@pytest_asyncio.fixture(autouse=True)
async def _acquainted(client: Client) -> None:
    await acquaint(client)


def path_of(client: Client, collection: str) -> str:
    return documents_path(client.sandbox.database, collection=collection)


async def book(client: Client, collection: str = "bookings", **data: object) -> Any:
    body = {"documentId": "unique()", "data": BOOKING | data, "permissions": ['read("users")']}
    return await client.call("POST", path_of(client, collection), by="customer", body=body)


async def test_a_collection_under_another_id_works_there_with_its_events(client: Client) -> None:
    before = await book(client)
    client.sandbox.faults.switch_on("collection_id_mismatch")
    other = path_of(client, "bookings_live")
    channel = other.strip("/").replace("/", ".")
    listener = await client.listen(f"&channels[]={channel}", by="customer")
    await listener.frame()

    lost, found = await book(client), await book(client, "bookings_live")
    listed = await client.call("GET", other, by="customer")
    metadata = await client.call("GET", other.removesuffix("/documents"), by="key")
    events = await listener.events()

    assert (lost.verdict, found.verdict) == ("404 collection_not_found", "201")
    assert [each["$id"] for each in listed.body["documents"]] == [before.body["$id"], found.body["$id"]]
    assert (metadata.body["$id"], len(events)) == ("bookings_live", 1)


async def test_what_was_written_under_another_id_is_there_under_the_right_one_afterwards(client: Client) -> None:
    client.sandbox.faults.switch_on("collection_id_mismatch")
    written = await book(client, "bookings_live")
    client.sandbox.faults.switch_off("collection_id_mismatch")

    kept = await client.call("GET", f"{path_of(client, 'bookings')}/{written.body['$id']}", by="customer")
    gone = await client.call("GET", path_of(client, "bookings_live"), by="customer")

    assert (kept.verdict, gone.verdict) == ("200", "404 collection_not_found")


@pytest.mark.parametrize("method", ["PUT", "DELETE"])
async def test_a_collection_under_another_id_can_be_changed_and_deleted_there(client: Client, method: str) -> None:
    client.sandbox.faults.switch_on("collection_id_mismatch")
    path = path_of(client, "bookings_live").removesuffix("/documents")

    reply = await client.call(method, path, by="key", body={"name": "Bookings"})
    client.sandbox.faults.switch_off("collection_id_mismatch")
    after = await client.call("GET", path_of(client, "bookings").removesuffix("/documents"), by="key")

    assert reply.verdict == {"PUT": "200", "DELETE": "204"}[method]
    assert after.verdict == {"PUT": "200", "DELETE": "404 collection_not_found"}[method]


@pytest.mark.parametrize(
    ("parameters", "problem"),
    [
        pytest.param({}, 'Missing required attribute "isSystemMessage"', id="one more"),
        pytest.param({"attribute": "sentAt"}, 'Missing required attribute "sentAt"', id="one that was not"),
        pytest.param({"change": "missing", "attribute": "text"}, 'Unknown attribute: "text"', id="missing"),
        pytest.param(
            {"change": "renamed", "attribute": "text", "to": "originalText"},
            'Missing required attribute "originalText"',
            id="renamed",
        ),
        pytest.param({"change": "enum", "attribute": "text"}, "Value must be one of (Pending, Confirmed)", id="enum"),
        pytest.param({"change": "size", "attribute": "text", "size": 4}, "no longer than 4 chars", id="size"),
        pytest.param({"change": "type", "attribute": "text"}, "integer", id="type"),
    ],
)
async def test_a_schema_that_drifted_refuses_what_fitted(
    client: Client, parameters: Mapping[str, object], problem: str
) -> None:
    client.sandbox.faults.switch_on("schema_drift", **parameters)

    refused = await client.call("POST", path_of(client, "chat_messages"), by="customer", body=message())
    client.sandbox.faults.switch_off("schema_drift")
    taken = await client.call("POST", path_of(client, "chat_messages"), by="customer", body=message())

    assert (refused.verdict, taken.verdict) == ("400 document_invalid_structure", "201")
    assert problem in refused.body["message"]


@pytest.mark.parametrize(
    ("name", "parameters", "shown"),
    [
        ("schema_drift", {}, ("isSystemMessage", {"required": True, "status": "available"})),
        ("schema_drift", {"change": "size", "attribute": "text", "size": 9}, ("text", {"size": 9})),
        ("schema_drift", {"change": "type", "attribute": "text"}, ("text", {"type": "integer"})),
        ("schema_drift", {"change": "renamed", "attribute": "text", "to": "body"}, ("body", {"type": "string"})),
        ("schema_stuck", {}, ("text", {"status": "processing"})),
        ("schema_stuck", {"status": "failed"}, ("text", {"status": "failed"})),
    ],
)
async def test_the_server_key_sees_how_the_schema_is(
    client: Client, name: str, parameters: Mapping[str, object], shown: tuple[str, Mapping[str, object]]
) -> None:
    client.sandbox.faults.switch_on(name, **parameters)

    collection = await client.call("GET", path_of(client, "chat_messages").removesuffix("/documents"), by="key")

    attributes = {each["key"]: each for each in collection.body["attributes"]}
    assert attributes[shown[0]].items() >= shown[1].items()


@pytest.mark.parametrize("status", ["processing", "stuck"])
async def test_an_index_is_gone_or_stuck(client: Client, status: str) -> None:
    path = path_of(client, "chat_messages").replace("documents", "indexes")
    client.sandbox.faults.switch_on("schema_stuck", what="index", attribute="sessionId", status=status)
    stuck = await client.call("GET", path, by="key")
    client.sandbox.faults.switch_on("schema_drift", change="index", attribute="sessionId")

    gone = await client.call("GET", path, by="key")

    assert [each["status"] for each in stuck.body["indexes"]] == [status]
    assert gone.body["indexes"] == []


async def test_too_much_permission_shows_a_private_message_to_a_guest_and_tells_him_of_new_ones(client: Client) -> None:
    path = path_of(client, "chat_messages")
    written = await client.call("POST", path, by="key", body=message() | {"permissions": []})
    private = await client.call("GET", f"{path}/{written.body['$id']}")

    client.sandbox.faults.switch_on("permission_excess")
    listener = await client.listen("&channels[]=documents")
    await listener.frame()
    read = await client.call("GET", f"{path}/{written.body['$id']}")
    await client.call("POST", path, by="key", body=message() | {"permissions": []})

    assert (private.verdict, read.verdict) == ("404 document_not_found", "200")
    assert (await listener.frame())["type"] == "event"


async def test_too_much_permission_to_write_lets_a_guest_delete(client: Client) -> None:
    path = path_of(client, "chat_messages")
    written = await client.call("POST", path, by="key", body=message())
    client.sandbox.faults.switch_on("permission_excess", actions=["create", "delete"], role="guests")

    deleted = await client.call("DELETE", f"{path}/{written.body['$id']}")
    created = await client.call("POST", path, body=message() | {"permissions": []})

    assert (deleted.verdict, created.verdict) == ("204", "201")


async def test_a_key_that_lacks_a_scope_still_writes_documents(client: Client) -> None:
    client.sandbox.faults.switch_on("key_scope", scopes=["collections.read"])

    metadata = await client.call("GET", path_of(client, "bookings").removesuffix("/documents"), by="key")
    written = await client.call("POST", path_of(client, "chat_messages"), by="key", body=message())

    assert (metadata.verdict, written.verdict) == ("401 general_unauthorized_scope", "201")


@pytest.mark.parametrize(
    ("how", "ending"),
    [
        ("failed", {"status": "failed", "responseStatusCode": 500}),
        ("refused", {"status": "completed", "responseStatusCode": 400}),
    ],
)
async def test_a_function_that_fails_or_refuses_still_answers_201(
    client: Client, how: str, ending: Mapping[str, object]
) -> None:
    client.sandbox.faults.switch_on("function_failed", how=how)

    reply = await client.call("POST", "/functions/ping/executions", by="customer", body={})

    assert reply.verdict == "201"
    assert reply.body.items() >= ending.items()


async def test_a_function_may_be_denied_to_guests_only(client: Client) -> None:
    client.sandbox.faults.switch_on("function_failed", how="denied")

    verdicts = [
        (await client.call("POST", "/functions/ping/executions", by=by, body={})).verdict
        for by in ("guest", "customer", "key")
    ]

    assert verdicts == ["401 user_unauthorized", "201", "201"]


async def test_a_function_that_nobody_waits_for_may_wait_for_ever(client: Client) -> None:
    client.sandbox.faults.switch_on("function_failed", how="waiting")
    left = await client.call("POST", "/functions/ping/executions", by="key", body={"async": True})
    path = f"/functions/ping/executions/{left.body['$id']}"

    await asyncio.sleep(0.05)
    waiting = await client.call("GET", path, by="key")
    client.sandbox.faults.switch_off("function_failed")

    assert (left.verdict, waiting.body["status"]) == ("202", "waiting")
    await until(client, path, "completed")


async def test_a_message_may_never_leave(client: Client) -> None:
    client.sandbox.faults.switch_on("messages_stuck")
    body = {"messageId": "m", "title": "t", "body": "b", "users": [client.sandbox.therapist.id]}
    asked = await client.call("POST", "/messaging/messages/push", by="key", body=body)

    await asyncio.sleep(0.05)
    stuck = await client.call("GET", "/messaging/messages/m", by="key")
    client.sandbox.faults.switch_off("messages_stuck")

    assert (asked.verdict, stuck.body["status"]) == ("201", "processing")


async def test_a_pending_booking_is_cancelled_after_a_while_and_the_customer_hears_of_it(client: Client) -> None:
    listener = await client.listen("&channels[]=documents", by="customer")
    await listener.frame()
    client.sandbox.faults.switch_on("booking_expires", seconds=0.05)
    # The confirmed one first: its time would come first.
    confirmed, booked = await book(client, status="confirmed"), await book(client)

    names = [(await listener.frame())["data"]["events"][0].rpartition(".")[2] for _ in range(3)]
    read = [
        await client.call("GET", f"{path_of(client, 'bookings')}/{each.body['$id']}", by="customer")
        for each in (booked, confirmed)
    ]

    assert names == ["create", "create", "update"]
    assert [each.body["status"] for each in read] == ["cancelled", "confirmed"]
    assert await listener.events() == []


async def test_a_booking_is_left_when_the_job_is_gone_before_its_time(client: Client) -> None:
    client.sandbox.faults.switch_on("booking_expires", seconds=0.02)
    booked = await book(client)
    client.sandbox.faults.switch_off("booking_expires")

    await asyncio.sleep(0.05)
    read = await client.call("GET", f"{path_of(client, 'bookings')}/{booked.body['$id']}", by="customer")

    assert read.body == booked.body


async def until(client: Client, path: str, status: str) -> None:
    async with asyncio.timeout(5.0):
        while (await client.call("GET", path, by="key")).body["status"] != status:  # noqa: ASYNC110 - over HTTP
            await asyncio.sleep(0.01)


@pytest.mark.parametrize(
    ("parameters", "seen"),
    [
        pytest.param({"change": "missing"}, (False, "200"), id="missing"),
        pytest.param({"change": "renamed"}, (False, "400 document_invalid_structure"), id="renamed"),
        pytest.param({"change": "type"}, (True, "400 document_invalid_structure"), id="type"),
    ],
)
async def test_what_a_schema_hides_survives_a_change_in_the_meantime(
    client: Client, parameters: Mapping[str, object], seen: tuple[bool, str]
) -> None:
    path = path_of(client, "chat_messages")
    written = await client.call("POST", path, by="key", body=message())
    one = f"{path}/{written.body['$id']}"

    client.sandbox.faults.switch_on("schema_drift", attribute="text", **parameters)
    hidden = await client.call("GET", one, by="customer")
    changed = await client.call("PATCH", one, by="key", body={"data": {"read": True}})
    client.sandbox.faults.switch_off("schema_drift")
    after = await client.call("GET", one, by="customer")

    assert ("text" in hidden.body, changed.verdict) == seen
    assert after.body["text"] == "hello"
