"""
The platform's backend: what it makes of which bookings, for whom, and when.
"""

import asyncio
import json
import socket
from collections.abc import AsyncIterator, Mapping
from dataclasses import replace
from typing import Any

import aiohttp
import pytest
import pytest_asyncio

from monitor.sandbox import seed
from monitor.sandbox.functions.backend import Backend
from monitor.sandbox.protocol.family import FAMILIES, Family
from monitor.sandbox.server import Sandbox
from tests.sandbox.bookings import BOOKING, OF_BACKEND, PAIR, book, made, settled, with_people
from tests.sandbox.client import Client, Listener
from tests.sandbox.states import documents_path

pytestmark = pytest.mark.asyncio


@pytest_asyncio.fixture(params=["1.8", "1.9"])
async def platform(request: pytest.FixtureRequest) -> AsyncIterator[Client]:
    async with Sandbox(profile=request.param) as sandbox, aiohttp.ClientSession() as session:
        yield with_people(Client(sandbox, session))


@pytest_asyncio.fixture(autouse=True)
async def _people(client: Client) -> None:
    with_people(client)


async def heard(listener: Listener, *, of: str) -> Any:
    """
    Return the payload of the next event of a collection.
    """
    while f"collections.{of}." not in (event := (await listener.frame())["data"])["events"][0]:
        pass
    return event["payload"]


@pytest.mark.parametrize("family", FAMILIES, ids=["collections", "tables"])
async def test_makes_chat_record_and_notification_of_a_booking(platform: Client, family: Family) -> None:
    booked = await book(platform, family=family)
    await settled()

    (chat,), (notification,) = made(platform).values()
    assert chat.data.pop("openedAt") is not None
    assert chat.data == {
        "bookingId": booked.body["$id"],
        "userId": seed.CUSTOMER,
        "therapistId": seed.THERAPIST_DOCUMENT,
        "status": "open",
    }
    assert {key: value for key, value in notification.data.items() if value is not None} == {
        "userId": seed.THERAPIST,
        "kind": "booking",
        "body": "New booking",
        "read": False,
        "relatedId": booked.body["$id"],
    }


@pytest.mark.parametrize(
    ("collection", "action", "readers"),
    [
        pytest.param("chat_sessions", "GET", {"customer", "therapist"}, id="chat-record-is-read"),
        pytest.param("chat_sessions", "PATCH", {"customer", "therapist"}, id="chat-record-is-changed"),
        pytest.param("chat_sessions", "DELETE", set(), id="chat-record-stays"),
        pytest.param("notifications", "GET", {"therapist"}, id="notification-is-read"),
        pytest.param("notifications", "PATCH", {"therapist"}, id="notification-is-changed"),
        pytest.param("notifications", "DELETE", set(), id="notification-stays"),
    ],
)
async def test_is_for_those_whom_it_concerns(client: Client, collection: str, action: str, readers: set[str]) -> None:
    await book(client)
    await settled()
    path = f"{documents_path(client.sandbox.database, collection=collection)}/{made(client)[collection][0].id}"
    body = {"data": {"status": "closed"} if collection == "chat_sessions" else {"read": True}}

    replies = {
        by: await client.call(action, path, by=by, body=body if action == "PATCH" else None)
        for by in ("guest", "customer", "therapist", "stranger")
    }

    assert {by for by, reply in replies.items() if reply.status < 400} == readers


async def test_both_hear_of_the_chat_and_the_therapist_of_the_booking(platform: Client) -> None:
    of_customer, of_therapist, of_stranger = [
        await platform.listen("&channels[]=documents", by=by) for by in ("customer", "therapist", "stranger")
    ]
    for each in (of_customer, of_therapist, of_stranger):
        await each.frame()

    booked = await book(platform)

    assert (await heard(of_customer, of="chat_sessions"))["bookingId"] == booked.body["$id"]
    assert (await heard(of_therapist, of="chat_sessions"))["bookingId"] == booked.body["$id"]
    assert (await heard(of_therapist, of="notifications"))["relatedId"] == booked.body["$id"]
    assert (await of_customer.events(), await of_stranger.events()) == ([], [])


async def test_the_writer_is_answered_before_anything_is_made(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    answered: dict[str, bool] = {}
    done = asyncio.Event()
    sock = socket.create_connection(("127.0.0.1", int(client.sandbox.site.rpartition(":")[2].strip("/"))))
    sock.setblocking(False)

    def look(_: str, collection: Any, *__: object) -> None:
        answered[collection.id] = is_readable(sock)
        if len(answered) == 1 + len(OF_BACKEND):
            done.set()

    monkeypatch.setattr(client.sandbox.hub, "publish", look)
    with sock:
        sock.sendall(request(client))
        await asyncio.wait_for(done.wait(), 5.0)

    assert answered == {"bookings": False, "chat_sessions": True, "notifications": True}


def request(client: Client) -> bytes:
    """
    Return a booking as it goes over the wire.
    """
    body = json.dumps({"documentId": "unique()", "data": dict(BOOKING)}).encode()
    path = f"/v1{documents_path(client.sandbox.database, collection='bookings')}"
    headers = {"Host": "127.0.0.1", "Content-Type": "application/json", "Content-Length": str(len(body))}
    lines = [f"POST {path} HTTP/1.1", *(f"{k}: {v}" for k, v in (headers | client.headers_of("customer")).items())]
    return "\r\n".join([*lines, "", ""]).encode() + body


def is_readable(sock: socket.socket) -> bool:
    """
    Return whether an answer has come: over loopback what was sent is there at once.
    """
    try:
        return sock.recv(12, socket.MSG_PEEK) == b"HTTP/1.1 201"
    except BlockingIOError:
        return False


@pytest.mark.parametrize(
    ("into", "data"),
    [
        pytest.param("bookings", {"status": "pending"}, id="january"),
        pytest.param("bookings", {"status": "active"}, id="accepted-already"),
        pytest.param("bookings", {"therapistId": "nobody"}, id="no-therapist"),
        pytest.param("bookings", {"therapistId": seed.THERAPIST}, id="the-therapists-user"),
        pytest.param("bookings_collection_id", {}, id="the-other-bookings"),
    ],
)
async def test_makes_nothing_of_anything_else(client: Client, into: str, data: Mapping[str, object]) -> None:
    booked = await book(client, into=into, data=data)
    await settled()

    assert booked.verdict == "201"
    assert made(client) == {"chat_sessions": [], "notifications": []}


async def test_makes_nothing_of_a_booking_that_is_changed_or_sent_back(client: Client) -> None:
    booked = await book(client, data={"status": "pending"})
    one = f"{documents_path(client.sandbox.database, collection='bookings')}/{booked.body['$id']}"

    changed = await client.call("PATCH", one, by="customer", body={"data": {"status": "pending_accept"}})
    put = await client.call("PUT", one, by="customer", body={"data": BOOKING, "permissions": PAIR})
    await settled()

    assert (changed.verdict, put.verdict) == ("200", "200")
    assert made(client) == {"chat_sessions": [], "notifications": []}


async def test_makes_one_of_each_for_every_booking_of_many(client: Client) -> None:
    path = documents_path(client.sandbox.database, collection="bookings")

    await client.call("POST", path, by="key", body={"documents": [BOOKING, BOOKING, {**BOOKING, "status": "pending"}]})
    await settled()

    assert {id_: len(documents) for id_, documents in made(client).items()} == {"chat_sessions": 2, "notifications": 2}


async def test_a_customer_without_an_account_is_not_given_the_chat(client: Client) -> None:
    booked = await book(client, data={"userId": "a guest, by his own id"})
    await settled()

    (chat,), _ = made(client).values()
    assert booked.verdict == "201"
    assert chat.permissions == ('read("user:synthetic-therapist")', 'update("user:synthetic-therapist")')


@pytest.mark.parametrize(
    ("fault", "parameters", "expected"),
    [
        pytest.param("collection_missing", {"collection": "chat_sessions"}, ["notifications"], id="no-chat-sessions"),
        pytest.param("collection_missing", {"collection": "notifications"}, ["chat_sessions"], id="no-notifications"),
        pytest.param("schema_drift", {"collection": "chat_sessions"}, ["notifications"], id="chat-sessions-refuse"),
        pytest.param("collection_missing", {"collection": "therapists_collection_id"}, [], id="no-therapists"),
        pytest.param("collection_disabled", {"collection": "chat_sessions"}, list(OF_BACKEND), id="the-key-may-still"),
    ],
)
async def test_the_booking_stands_whatever_cannot_be_made(
    client: Client,
    caplog: pytest.LogCaptureFixture,
    fault: str,
    parameters: Mapping[str, object],
    expected: list[str],
) -> None:
    client.sandbox.faults.switch_on(fault, **parameters)

    booked = await book(client)
    await settled()

    assert booked.verdict == "201"
    assert [id_ for id_, documents in made(client).items() if documents] == expected
    assert caplog.records == []


@pytest.mark.parametrize("gone", ["booking", "database"])
async def test_what_is_gone_before_the_backend_comes_is_no_trouble(
    client: Client, caplog: pytest.LogCaptureFixture, gone: str
) -> None:
    sandbox = client.sandbox
    databases, bookings = sandbox.world.databases, sandbox.world.collections["bookings"]

    def delay(_: str) -> float:
        (bookings.documents if gone == "booking" else databases).clear()
        return 0.0

    backend = Backend(sandbox.world, sandbox.hub, delay=delay)
    await book(client, data={"status": "pending"})
    (booking,) = bookings.documents.values()
    backend.publish("create", bookings, replace(booking, data=booking.data | {"status": "pending_accept"}), {})
    await settled()

    assert not any(made(client).values())
    assert caplog.records == []


@pytest.mark.parametrize("attribute", ["therapistId", "userId"])
async def test_lists_where_ids_were_are_nobodys(
    client: Client, caplog: pytest.LogCaptureFixture, attribute: str
) -> None:
    bookings = client.sandbox.world.collections["bookings"]
    bookings.attributes[attribute] = replace(bookings.attributes[attribute], array=True)

    booked = await book(client, data={attribute: [seed.THERAPIST_DOCUMENT]})
    await settled()

    assert booked.verdict == "201"
    assert not made(client)["chat_sessions"]
    assert caplog.records == []


async def test_therapists_made_later_are_served_too(client: Client) -> None:
    therapists = documents_path(client.sandbox.database, collection="therapists_collection_id")
    data = {"name": "Ketut", "userId": seed.STRANGER}
    therapist = await client.call("POST", therapists, by="key", body={"documentId": "unique()", "data": data})

    await book(client, data={"therapistId": therapist.body["$id"]})
    await settled()

    _, (notification,) = made(client).values()
    assert notification.data["userId"] == seed.STRANGER
