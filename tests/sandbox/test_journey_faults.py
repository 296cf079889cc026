"""
Faults of what comes after a booking: the backend that makes chat and notification, the chat function, and jobs.
"""

import asyncio
import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest
import pytest_asyncio

from monitor.sandbox import seed
from monitor.sandbox.protocol.family import FAMILIES, Family
from tests.sandbox.bookings import BOOKING, PAIR, book, made, settled, with_people
from tests.sandbox.client import Client, Listener
from tests.sandbox.states import documents_path

pytestmark = pytest.mark.asyncio

TIMEOUT_SECONDS = 5.0


@pytest_asyncio.fixture(autouse=True)
async def _people(client: Client) -> None:
    with_people(client)


async def listening(client: Client, by: str) -> Listener:
    listener = await client.listen("&channels[]=documents", by=by)
    await listener.frame()
    return listener


def counted(client: Client) -> dict[str, int]:
    return {id_: len(documents) for id_, documents in made(client).items()}


async def found_by_therapist(client: Client, collection: str = "bookings") -> list[str]:
    """
    Return the ids of the bookings that the therapist's own query finds.
    """
    query = json.dumps({"method": "equal", "attribute": "therapistId", "values": [seed.THERAPIST_DOCUMENT]})
    path = documents_path(client.sandbox.database, collection=collection)
    reply = await client.call("GET", f"{path}?queries[]={query.replace(' ', '')}", by="therapist")
    return [each["$id"] for each in reply.body["documents"]]


async def send(client: Client, **fields: str) -> Any:
    body = {"senderId": seed.CUSTOMER, "message": "see you at eight", "recipientId": seed.THERAPIST} | fields
    path = f"/functions/{seed.CHAT_FUNCTION}/executions"
    reply = await client.call("POST", path, by="customer", body={"body": json.dumps(body)})
    return json.loads(reply.body["responseBody"])


def kept_under(client: Client, id_: str) -> set[object]:
    """
    Return the conversations that a message is stored under.
    """
    data = client.sandbox.world.collections["chat_messages"].documents[id_].data
    return {data["sessionId"], data["roomId"]}


async def test_the_chat_record_comes_late_and_the_notification_in_time(client: Client) -> None:
    listener = await listening(client, "therapist")
    client.sandbox.faults.switch_on("chat_record_late", seconds=0.05)
    started = asyncio.get_running_loop().time()

    booked = await book(client)
    events = [(await listener.frame())["data"] for _ in range(3)]

    assert asyncio.get_running_loop().time() - started >= 0.05
    assert [each["payload"]["$collectionId"] for each in events] == ["bookings", "notifications", "chat_sessions"]
    assert events[2]["payload"]["bookingId"] == booked.body["$id"]


async def test_lateness_of_two_faults_adds_up_and_a_missing_one_stays_missing(client: Client) -> None:
    faults = client.sandbox.faults
    faults.switch_on("chat_record_late", seconds=1.0)
    faults.switch_on("chat_record_late@again", seconds=2.0)
    faults.switch_on("notification_missing")
    faults.switch_on("notification_missing@again")

    assert faults.backend_delay("chat_sessions") == 3.0
    assert faults.backend_delay("notifications") is None
    faults.switch_all_off()
    assert {faults.backend_delay(each) for each in ("chat_sessions", "notifications")} == {0.0}


async def test_the_chat_record_of_a_booking_comes_late_though_the_fault_is_over(client: Client) -> None:
    listener = await listening(client, "customer")
    client.sandbox.faults.switch_on("chat_record_late", seconds=0.05)
    started = asyncio.get_running_loop().time()
    await book(client)
    await settled()

    client.sandbox.faults.switch_off("chat_record_late")
    payloads = [(await listener.frame())["data"]["payload"] for _ in range(2)]

    assert asyncio.get_running_loop().time() - started >= 0.05
    assert payloads[1]["$collectionId"] == "chat_sessions"


async def test_rooms_that_a_page_makes_are_not_late(client: Client) -> None:
    client.sandbox.faults.switch_on("chat_record_late")
    path = documents_path(client.sandbox.database, collection="chat_rooms")
    texts = ("customerId", "customerName", "customerLanguage", "therapistName", "therapistLanguage", "therapistType")
    data = dict.fromkeys(texts, "x") | {"status": "pending", "expiresAt": BOOKING["startsAt"], "unreadCount": 0}

    reply = await client.call("POST", path, body={"documentId": "unique()", "data": data, "permissions": []})

    assert reply.verdict == "201"


async def test_nobody_notifies_the_therapist_while_the_chat_is_there(client: Client) -> None:
    client.sandbox.faults.switch_on("notification_missing")
    booked = await book(client)
    await settled()
    broken = counted(client)

    client.sandbox.faults.switch_off("notification_missing")
    await book(client)
    await settled()

    assert (booked.verdict, broken) == ("201", {"chat_sessions": 1, "notifications": 0})
    assert counted(client) == {"chat_sessions": 2, "notifications": 1}


@pytest.mark.parametrize("name", ["sessionId", "roomId"])
async def test_a_message_is_stored_under_another_conversation_and_said_to_be_sent(client: Client, name: str) -> None:
    conversation, attributes = "6b02f6ee8a1001117ba0", client.sandbox.world.collections["chat_messages"].attributes
    attributes["roomId"] = replace(attributes["sessionId"], key="roomId", required=False)
    client.sandbox.faults.switch_on("message_misfiled")
    misfiled = await send(client, **{name: conversation})
    client.sandbox.faults.switch_off("message_misfiled")
    filed = await send(client, **{name: conversation})

    assert (misfiled["success"], filed["success"]) == (True, True)
    assert kept_under(client, misfiled["messageId"]) == {f"therapist_{conversation}"}
    assert kept_under(client, filed["messageId"]) == {conversation}


async def test_a_misfiled_message_fits_whatever_the_conversation_is_called_and_is_heard(client: Client) -> None:
    listener = await listening(client, "therapist")
    client.sandbox.faults.switch_on("message_misfiled")

    sent = await send(client, sessionId="s" * 36)

    (event,) = await listener.events()
    assert event["payload"]["$id"] == sent["messageId"]
    assert event["payload"]["sessionId"] == f"therapist_{'s' * 26}"


async def test_a_misfiling_function_still_refuses_contact_details(client: Client) -> None:
    client.sandbox.faults.switch_on("message_misfiled")

    refused = await send(client, sessionId="s", message="call me")

    assert (refused["success"], refused["violationType"]) == (False, "contact_request")


@pytest.mark.parametrize("order", [("message_misfiled", "function_failed"), ("function_failed", "message_misfiled")])
async def test_a_function_that_fails_misfiles_nothing(client: Client, order: tuple[str, str]) -> None:
    for each in order:
        client.sandbox.faults.switch_on(each)

    path = f"/functions/{seed.CHAT_FUNCTION}/executions"
    body = {"body": json.dumps({"senderId": seed.CUSTOMER, "message": "hello", "sessionId": "s"})}
    reply = await client.call("POST", path, by="customer", body=body)

    assert reply.body["status"] == "failed"
    assert not client.sandbox.world.collections["chat_messages"].documents


@pytest.mark.parametrize("family", FAMILIES, ids=["collections", "tables"])
async def test_only_the_therapists_query_does_not_find_a_booking_that_is_given_to_nobody(
    client: Client, family: Family
) -> None:
    client.sandbox.faults.switch_on("booking_unassigned")
    lost = await book(client, family=family)
    while_on = await found_by_therapist(client)
    client.sandbox.faults.switch_off("booking_unassigned")
    kept = await book(client)
    await settled()

    records = made(client)
    assert lost.body["therapistId"] == seed.THERAPIST_DOCUMENT
    assert (while_on, await found_by_therapist(client)) == ([], [kept.body["$id"]])
    assert [each.data["bookingId"] for each in records["chat_sessions"]] == [lost.body["$id"], kept.body["$id"]]
    assert [each.data["relatedId"] for each in records["notifications"]] == [lost.body["$id"], kept.body["$id"]]
    assert records["chat_sessions"][0].data["therapistId"] == seed.THERAPIST_DOCUMENT


async def test_a_booking_that_is_given_to_nobody_is_announced_and_otherwise_as_it_was(client: Client) -> None:
    listener = await listening(client, "customer")
    client.sandbox.faults.switch_on("booking_unassigned")

    booked = await book(client)

    frames = [(await listener.frame())["data"] for _ in range(3)]
    update = next(each for each in frames if each["events"][0].endswith(f"{booked.body['$id']}.update"))
    changed = {key for key, value in update["payload"].items() if booked.body[key] != value}
    assert changed - {"$updatedAt"} == {"therapistId"}
    assert 0 < len(update["payload"]["therapistId"]) <= 36


@pytest.mark.parametrize(
    ("parameters", "collection", "attribute"),
    [
        pytest.param({"attribute": "userId"}, "bookings", "userId", id="attribute"),
        pytest.param({"collection": "bookings_collection_id"}, "bookings_collection_id", "therapistId", id="other"),
    ],
)
async def test_takes_out_of_any_collection_whom_it_is_told_to(
    client: Client, parameters: Mapping[str, object], collection: str, attribute: str
) -> None:
    client.sandbox.faults.switch_on("booking_unassigned", **parameters)

    other = await book(client, into=next(each for each in ("bookings", "bookings_collection_id") if each != collection))
    booked = await book(client, into=collection)
    await settled()

    stored = client.sandbox.world.collections
    now = stored[collection].documents[booked.body["$id"]].data
    assert {key for key, value in now.items() if booked.body[key] != value} == {attribute}
    assert [each.data["therapistId"] for each in stored[other.body["$collectionId"]].documents.values()] == [
        seed.THERAPIST_DOCUMENT
    ]


async def test_a_document_of_the_same_id_elsewhere_is_left_alone(client: Client) -> None:
    collections = client.sandbox.world.collections
    booked = await book(client)
    client.sandbox.faults.switch_on("booking_unassigned")

    path = documents_path(client.sandbox.database, collection="bookings_collection_id")
    body = {"documentId": booked.body["$id"], "data": BOOKING}
    await client.call("POST", path, by="key", body=body)
    await settled()

    kept = [collections[each].documents[booked.body["$id"]] for each in ("bookings", "bookings_collection_id")]
    assert [each.data["therapistId"] for each in kept] == [seed.THERAPIST_DOCUMENT] * 2


async def test_what_names_nobody_is_left_alone(client: Client) -> None:
    client.sandbox.faults.switch_on("booking_unassigned", attribute="paid")
    listener = await listening(client, "customer")

    booked = await book(client, data={"paid": True, "status": "pending"})
    await settled()

    assert client.sandbox.world.collections["bookings"].documents[booked.body["$id"]].data["paid"] is True
    assert len(await listener.events()) == 1


async def test_a_booking_of_march_expires_and_both_hear_of_it(client: Client) -> None:
    listeners = [await listening(client, by) for by in ("customer", "therapist")]
    client.sandbox.faults.switch_on("booking_expires", pending="pending_accept", seconds=0.05)

    booked = await book(client)

    for listener in listeners:
        async with asyncio.timeout(TIMEOUT_SECONDS):
            while not (event := (await listener.frame())["data"])["events"][0].endswith(".update"):
                pass
        assert (event["payload"]["$id"], event["payload"]["status"]) == (booked.body["$id"], "cancelled")
    assert counted(client) == {"chat_sessions": 1, "notifications": 1}


@pytest.mark.parametrize("status", ["pending", "active"])
async def test_only_what_waits_for_the_therapist_expires_in_march(client: Client, status: str) -> None:
    client.sandbox.faults.switch_on("booking_expires", pending="pending_accept", seconds=0.0)

    booked = await book(client, data={"status": status})
    await settled()

    assert client.sandbox.world.collections["bookings"].documents[booked.body["$id"]].data["status"] == status


async def test_january_plays_through_the_chat_function_with_a_guest(client: Client) -> None:
    database = client.sandbox.database
    booking = {**BOOKING, "userId": "guest_a", "status": "pending"}
    anybody = ['read("any")', 'update("any")']
    bookings, messages = [documents_path(database, collection=each) for each in ("bookings", "chat_messages")]
    body = {"documentId": "unique()", "data": booking, "permissions": anybody}

    booked = await client.call("POST", bookings, body=body)
    sent = await send(client, senderId=seed.CUSTOMER, roomId="room")
    one = f"{bookings}/{booked.body['$id']}"
    accepted = await client.call("PATCH", one, by="therapist", body={"data": {"status": "confirmed"}})
    read = await client.call("GET", f"{messages}/{sent['messageId']}", by="therapist")

    assert (booked.verdict, await found_by_therapist(client)) == ("201", [booked.body["$id"]])
    assert (accepted.body["status"], read.body["sessionId"]) == ("confirmed", "room")
    assert counted(client) == {"chat_sessions": 0, "notifications": 0}


async def test_a_booking_is_accepted_by_its_therapist_in_march(client: Client) -> None:
    booked = await book(client, data={"isTest": True, "responseDeadline": "2026-01-01T10:05:00.000+00:00"})
    one = f"{documents_path(client.sandbox.database, collection='bookings')}/{booked.body['$id']}"

    accepted = await client.call("PATCH", one, by="therapist", body={"data": {"status": "active"}})

    assert (booked.body["isTest"], booked.body["$permissions"]) == (True, PAIR)
    assert (accepted.verdict, accepted.body["status"]) == ("200", "active")
