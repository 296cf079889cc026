"""
Presences: what users say of themselves, and who hears of it.
"""

import asyncio

import pytest

from tests.sandbox.client import Client, Listener
from tests.sandbox.sockets import connected

pytestmark = pytest.mark.asyncio

FOR_ALL = ['read("users")']
MASKED = "Error: Server Error"


def say(**data: object) -> dict[str, object]:
    return {"type": "presence", "data": data}


async def user(client: Client, name: str, query: str = "&channels[]=presences") -> Listener:
    client.sign_in(name, name)
    return await connected(client, query, by=name)


async def test_answers_with_the_presence(client: Client) -> None:
    listener = await user(client, "user_a", "&channels[]=documents")

    answer = await listener.ask(say(status="online", presenceId="p1", metadata={"page": "/"}, permissions=FOR_ALL))

    presence = answer["data"].pop("presence")
    created_at = presence.pop("$createdAt")
    assert answer == {"type": "response", "data": {"to": "presence"}}
    assert presence.pop("$updatedAt") == created_at
    assert presence == {
        "$id": "p1",
        "$permissions": FOR_ALL,
        "userId": "user_a",
        "source": "realtime",
        "status": "online",
        "metadata": {"page": "/"},
        "expiresAt": None,
    }


async def test_tells_whoever_may_read_it(client: Client) -> None:
    listener, guest = await user(client, "user_b"), await connected(client, "&channels[]=presences")
    speaker = await user(client, "user_a", "&channels[]=presences.p1.upsert")

    answer = await speaker.ask(say(status="typing", presenceId="p1", permissions=FOR_ALL))
    if answer["type"] == "event":
        answer = await speaker.frame()

    (event,) = await listener.events()
    assert event["events"] == ["presences.p1.upsert", "presences.*.upsert", "presences.p1", "presences.*"]
    assert event["channels"] == ["presences", "presences.p1", "presences.upsert", "presences.p1.upsert"]
    assert event["payload"] == answer["data"]["presence"]
    assert await guest.events() == []


async def test_belongs_to_its_user_alone_unless_permissions_say_more(client: Client) -> None:
    listener, speaker = await user(client, "user_b"), await user(client, "user_a")

    await speaker.say(say(status="online"))
    own = await speaker.events()

    assert len([each for each in own if "payload" in each]) == 1
    assert await listener.events() == []


async def test_replaces_what_the_user_said_before_and_keeps_its_id(client: Client) -> None:
    speaker = await user(client, "user_a", "&channels[]=documents")

    first = (await speaker.ask(say(status="online")))["data"]["presence"]
    second = (await speaker.ask(say(status="away", presenceId="other")))["data"]["presence"]

    assert (second["$id"], second["status"], second["$createdAt"]) == (first["$id"], "away", first["$createdAt"])


async def test_ends_with_the_connection(client: Client) -> None:
    listener, speaker = await user(client, "user_b"), await user(client, "user_a", "&channels[]=documents")
    await speaker.ask(say(status="online", permissions=FOR_ALL))

    await speaker.socket.close()

    events = [await asyncio.wait_for(listener.frame(), 5) for _ in range(2)]
    assert [each["data"]["events"][0].rpartition(".")[2] for each in events] == ["upsert", "delete"]


async def test_is_refused_to_guests_with_401_and_the_socket_stays(client: Client) -> None:
    listener = await connected(client, "&channels[]=documents")

    answer = await listener.ask(say(status="online"))

    assert answer == {"type": "error", "data": {"code": 401, "message": "User must be authorized"}}
    assert await listener.ask({"type": "ping"}) == {"type": "pong"}


@pytest.mark.parametrize(
    ("data", "code"),
    [
        pytest.param({}, 1003, id="no-status"),
        pytest.param({"status": 3}, 1003, id="status-no-text"),
        pytest.param({"status": "x" * 2_049}, 1003, id="status-too-long"),
        pytest.param({"status": "x", "metadata": "text"}, 1003, id="metadata-no-object"),
        pytest.param({"status": "x", "presenceId": "-bad"}, 400, id="bad-id"),
        pytest.param({"status": "x", "permissions": ["nonsense"]}, 400, id="bad-permission"),
        pytest.param({"status": "x", "permissions": ['read("user:user_b")']}, 401, id="role-not-held"),
    ],
)
async def test_refuses_a_bad_presence_and_tells_nobody(client: Client, data: dict[str, object], code: int) -> None:
    listener = await user(client, "user_a")

    answer = await listener.ask(say(**data))

    assert answer["data"]["code"] == code
    assert (answer["data"]["message"] == MASKED) == (code == 1003)
    assert await listener.events() == []
