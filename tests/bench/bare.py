"""
The journey of ``booking_to_chat`` as a bare aiohttp script: the same requests, sockets and waits, and nothing around.

It keeps no time of its steps, writes nothing down, explains nothing, and trusts that what it asks for is answered. A
test holds its requests to those of the check.
"""

import asyncio
import json
import random
import secrets
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from contextlib import AsyncExitStack
from datetime import UTC, datetime, timedelta
from typing import Any

import aiohttp

CUSTOMER, THERAPIST, TEAM = "synthetic-customer", "synthetic-therapist", "synthetic-pair"

# Between two sockets, however soon the first one is open; as the monitor does it (monitor/appwrite/gate.py).
_PAUSE_SECONDS = 0.02
_POLL_SECONDS = 0.05
_JOURNEY_SECONDS = 30.0

Headers = Mapping[str, str]
Story = Callable[[AsyncExitStack], Awaitable[None]]


class Turns:
    """
    Lets one socket open at a time, until its first frame.
    """

    def __init__(self) -> None:
        self._lock = asyncio.Lock()
        self._opens_at = 0.0

    async def __aenter__(self) -> None:
        await self._lock.acquire()
        loop = asyncio.get_running_loop()
        await asyncio.sleep(self._opens_at - loop.time())
        self._opens_at = loop.time() + _PAUSE_SECONDS

    async def __aexit__(self, *_: object) -> None:
        self._lock.release()


class Ear:
    """
    One socket, and the documents that it has brought.
    """

    def __init__(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        self._socket = socket
        self._heard: list[Mapping[str, Any]] = []

    async def hear(self, fits: Callable[[Mapping[str, Any]], bool]) -> None:
        """
        Wait for a document that *fits*.
        """
        if any(map(fits, self._heard)):
            return
        while True:
            frame = await self._socket.receive_json()
            if frame["type"] == "event":
                self._heard.append(frame["data"]["payload"])
                if fits(self._heard[-1]):
                    return


class BareJourneys:
    """
    Plays journeys at *place*, which is what ``monitor sandbox --json`` says.
    """

    def __init__(self, place: Mapping[str, str]) -> None:
        self._endpoint = place["endpoint"]
        self._project = {"X-Appwrite-Project": place["project"]}
        self._key = {**self._project, "X-Appwrite-Key": place["api_key"]}
        self._database = place["database"]
        self._stories = {"january": self._january, "march": self._march}
        self._turns = Turns()
        self._session = aiohttp.ClientSession()

    async def run(self, profile: str, journeys: int, *, at_once: int) -> None:
        """
        Play *journeys* as *profile* says, so many at once: whatever ends is followed by the next.
        """
        turns, story = iter(range(journeys)), self._stories[profile]
        await asyncio.gather(*(self._work(story, turns) for _ in range(at_once)))

    async def close(self) -> None:
        """
        End every connection.
        """
        await self._session.close()

    async def _work(self, story: Story, turns: Iterator[int]) -> None:
        for _ in turns:
            async with asyncio.timeout(_JOURNEY_SECONDS), AsyncExitStack() as sockets:
                await story(sockets)

    async def _march(self, sockets: AsyncExitStack) -> None:
        jwts = await asyncio.gather(self._jwt(CUSTOMER), self._jwt(THERAPIST))
        customer, therapist = ({**self._project, "X-Appwrite-JWT": jwt} for jwt in jwts)
        booking, message, reply = _id(), _id(), _id()
        who = await self._therapist(therapist)
        his = await self._listen(sockets, therapist, "bookings", "chat_messages", "notifications")
        hers = await self._listen(sockets, customer, "bookings", "chat_messages")
        shared = [f'{action}("team:{TEAM}")' for action in ("read", "update")]

        data: dict[str, object] = {
            "userId": CUSTOMER,
            "therapistId": who,
            "status": "pending_accept",
            "durationMinutes": 90,
            "startsAt": _start(),
            "responseDeadline": _deadline(),
        }
        await self._create(customer, "bookings", booking, data, shared)
        await self._find(therapist, "bookings", therapistId=who, status="pending_accept")
        await his.hear(lambda document: document["$id"] == booking)
        chat = await self._await(therapist, "chat_sessions", bookingId=booking)
        await self._get(customer, "chat_sessions", chat)

        for writer, sender, reader, ear, id_ in (
            (customer, CUSTOMER, therapist, his, message),
            (therapist, THERAPIST, customer, hers, reply),
        ):
            data = {"sessionId": chat, "senderId": sender, "text": _text(), "read": False, "sentAt": _now()}
            await self._create(writer, "chat_messages", id_, data, shared)
            await ear.hear(lambda document, id_=id_: document["$id"] == id_)  # type: ignore[misc]
            await self._find(reader, "chat_messages", sessionId=chat)

        notification = await self._await(therapist, "notifications", userId=THERAPIST, relatedId=booking)
        await his.hear(lambda document: document["$id"] == notification)
        await self._get(therapist, "bookings", booking)
        await self._update(therapist, "bookings", booking, data={"status": "active"})
        await hers.hear(lambda document: document["$id"] == booking and document["status"] == "active")
        await self._get(customer, "bookings", booking)

        await sockets.aclose()
        await asyncio.gather(
            self._delete("bookings", booking),
            self._delete_traces("chat_sessions", "bookingId", booking),
            self._delete_traces("notifications", "relatedId", booking),
            self._delete("chat_messages", message),
            self._delete("chat_messages", reply),
        )

    async def _january(self, sockets: AsyncExitStack) -> None:
        guest, therapist = self._project, {**self._project, "X-Appwrite-JWT": await self._jwt(THERAPIST)}
        booking, chat, notification, customer, text = _id(), _id(), _id(), _id(), _text()
        who = await self._therapist(therapist)
        his = await self._listen(sockets, therapist, "bookings", "chat_messages", "notifications")
        await self._listen(sockets, guest, "bookings", "chat_messages")
        shared = [f'{action}("user:{THERAPIST}")' for action in ("read", "update")]

        data: dict[str, object] = {
            "userId": customer,
            "therapistId": who,
            "status": "pending",
            "durationMinutes": 60,
            "startsAt": _start(),
        }
        await self._create(guest, "bookings", booking, data)
        await self._update(self._key, "bookings", booking, permissions=shared)
        await self._find(therapist, "bookings", therapistId=who, status="pending")
        await his.hear(lambda document: document["$id"] == booking)

        data = {
            "bookingId": booking,
            "therapistId": who,
            "customerId": customer,
            "customerName": "Synthetic Customer",
            "customerLanguage": "en",
            "therapistName": "Synthetic Therapist",
            "therapistLanguage": "id",
            "therapistType": "therapist",
            "status": "pending",
            "expiresAt": _deadline(),
            "unreadCount": 0,
        }
        await self._create(guest, "chat_rooms", chat, data)
        await self._update(self._key, "chat_rooms", chat, permissions=shared)
        await self._await(therapist, "chat_rooms", bookingId=booking)

        body = {"senderId": customer, "recipientId": THERAPIST, "sessionId": chat, "message": text}
        call = {"body": json.dumps(body), "path": "/", "method": "POST", "async": False}
        execution = await self._ask("POST", "/functions/sendChatMessage/executions", guest, body=call)
        assert json.loads(execution["responseBody"])["success"]
        await his.hear(lambda document: document.get("text") == text)
        await self._find(therapist, "chat_messages", sessionId=chat)

        data = {
            "userId": THERAPIST,
            "kind": "booking",
            "body": "Synthetic booking",
            "read": False,
            "relatedId": booking,
        }
        await self._create(self._key, "notifications", notification, data, shared)
        await self._await(therapist, "notifications", userId=THERAPIST, relatedId=booking)
        await his.hear(lambda document: document["$id"] == notification)
        await self._get(therapist, "bookings", booking)
        await self._update(therapist, "bookings", booking, data={"status": "confirmed"})
        await self._get(therapist, "bookings", booking)

        await sockets.aclose()
        await asyncio.gather(
            self._delete("bookings", booking),
            self._delete("chat_rooms", chat),
            self._delete_traces("chat_messages", "text", text),
            self._delete_traces("chat_messages", "sessionId", chat),
            self._delete("notifications", notification),
        )

    async def _jwt(self, user: str) -> str:
        return str((await self._ask("POST", f"/users/{user}/jwts", self._key, body={"sessionId": "none"}))["jwt"])

    async def _therapist(self, headers: Headers) -> str:
        found = await self._find(headers, "therapists_collection_id", userId=THERAPIST)
        return str(found[0]["$id"])

    async def _listen(self, sockets: AsyncExitStack, headers: Headers, *collections: str) -> Ear:
        channels = [f"databases.{self._database}.collections.{each}.documents" for each in collections]
        params = [("project", headers["X-Appwrite-Project"]), *(("channels[]", channel) for channel in channels)]
        url = f"ws{self._endpoint.removeprefix('http')}/realtime"
        async with self._turns:
            socket = await sockets.enter_async_context(self._session.ws_connect(url, params=params, headers=headers))
            assert (await socket.receive_json())["type"] == "connected"
        return Ear(socket)

    async def _create(
        self,
        headers: Headers,
        collection: str,
        id_: str,
        data: Mapping[str, object],
        permissions: Sequence[str] | None = None,
    ) -> None:
        body: dict[str, object] = {"documentId": id_, "data": data}
        if permissions is not None:
            body["permissions"] = permissions
        await self._ask("POST", self._path(collection), headers, body=body)

    async def _update(self, headers: Headers, collection: str, id_: str, **changes: object) -> None:
        await self._ask("PATCH", f"{self._path(collection)}/{id_}", headers, body=changes)

    async def _get(self, headers: Headers, collection: str, id_: str) -> None:
        await self._ask("GET", f"{self._path(collection)}/{id_}", headers)

    async def _await(self, headers: Headers, collection: str, **where: str) -> str:
        while True:
            if found := await self._find(headers, collection, **where):
                return str(found[0]["$id"])
            await asyncio.sleep(_POLL_SECONDS)

    async def _find(self, headers: Headers, collection: str, **where: str) -> list[Mapping[str, Any]]:
        newest = '{"method":"orderDesc","attribute":"$createdAt"}'
        return await self._list(headers, collection, *map(_equal, where, where.values()), newest)

    async def _list(self, headers: Headers, collection: str, *queries: str) -> list[Mapping[str, Any]]:
        every = [*queries, '{"method":"limit","values":[100]}']
        params = {f"queries[{number}]": query for number, query in enumerate(every)}
        return list((await self._ask("GET", self._path(collection), headers, params=params))["documents"])

    async def _delete(self, collection: str, id_: str) -> None:
        await self._ask("DELETE", f"{self._path(collection)}/{id_}", self._key)

    async def _delete_traces(self, collection: str, attribute: str, value: str) -> None:
        while found := await self._list(self._key, collection, _equal(attribute, value)):
            for document in found:
                path = f"{self._path(collection)}/{document['$id']}"
                # Two ways may lead to one document.
                if await self._ask("GET", path, self._key, may_lack=True):
                    await self._ask("DELETE", path, self._key, may_lack=True)

    def _path(self, collection: str) -> str:
        return f"/databases/{self._database}/collections/{collection}/documents"

    async def _ask(
        self,
        method: str,
        path: str,
        headers: Headers,
        *,
        body: Mapping[str, object] | None = None,
        params: Mapping[str, str] | None = None,
        may_lack: bool = False,
    ) -> dict[str, Any]:
        url = self._endpoint + path
        async with self._session.request(method, url, headers=headers, json=body, params=params) as response:
            if response.status == 204 or (may_lack and response.status == 404):
                return {}
            answer = await response.json()
            if response.status >= 400:
                raise AssertionError(f"{method} {path} answered {response.status}: {answer}")
            return dict(answer)


def _equal(attribute: str, value: str) -> str:
    return json.dumps({"method": "equal", "attribute": attribute, "values": [value]}, separators=(",", ":"))


def _id() -> str:
    return f"synthetic-{secrets.token_hex(13)}"


def _text() -> str:
    # As long as an id, and of the letters that no filter minds.
    return f"synthetic-{''.join(random.choices('bcdfghjkmnpqrstvxz', k=26))}"


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds")


def _deadline() -> str:
    return (datetime.now(UTC) + timedelta(minutes=5)).isoformat(timespec="milliseconds")


def _start() -> str:
    return (datetime.now(UTC) + timedelta(minutes=random.randrange(1440, 43200))).isoformat(timespec="milliseconds")
