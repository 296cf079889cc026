"""
What differs in realtime from one version to the next.
"""

from urllib.parse import quote

import pytest

from tests.sandbox.client import Client
from tests.sandbox.sockets import client_of, connected, ids_heard, query, subscribe, write

pytestmark = pytest.mark.asyncio

MASKED = "Error: Server Error"


@pytest.mark.parametrize("address", ["", "&channels[]=account.user_b"])
async def test_version_1_8_refuses_a_socket_without_channels(address: str) -> None:
    async with client_of(profile="1.8") as client:
        client.sandbox.hub.masks_messages = False
        listener = await client.listen(address)

        assert await listener.frame() == {"type": "error", "data": {"code": 1008, "message": "Missing channels"}}
        assert await listener.close_code() == 1006


@pytest.mark.parametrize(("profile", "text"), [("1.8", MASKED), ("1.9", "Missing or unknown project ID")])
async def test_only_version_1_9_tells_why_it_refuses_a_handshake(profile: str, text: str) -> None:
    async with client_of(profile=profile) as client:
        listener = await client.listen_at("/realtime?project=nope&channels[]=documents")

        assert (await listener.frame())["data"] == {"code": 1008, "message": text}


@pytest.mark.parametrize("kind", ["subscribe", "unsubscribe", "presence", "nope"])
async def test_version_1_8_knows_no_subscribe_messages(kind: str) -> None:
    async with client_of(profile="1.8") as client:
        listener = await connected(client, "&channels[]=documents")

        answer = await listener.ask({"type": kind, "data": [{"channels": ["documents"]}]})

        assert answer == {"type": "error", "data": {"code": 1003, "message": MASKED}}
        assert await listener.ask({"type": "ping"}) == {"type": "pong"}


async def test_version_1_8_names_no_subscriptions_and_fewer_channels() -> None:
    async with client_of(profile="1.8") as client:
        listener = await client.listen("&channels[]=documents")
        opened = await listener.frame()
        await write(client, "one")
        (event,) = await listener.events()

    assert opened == {"type": "connected", "data": {"channels": ["documents"], "user": None}}
    assert set(event) == {"events", "channels", "timestamp", "payload"}
    assert len(event["channels"]) == 6
    assert not [each for each in event["channels"] if each.startswith("tablesdb") or each.endswith("create")]
    assert len(event["events"]) == 42


async def test_version_1_8_is_silent_on_later_channels_and_deaf_to_queries_in_the_address() -> None:
    later = "&channels[]=documents.create&channels[]=tablesdb.x.tables.y.rows"
    filtered = f"&channels[]=documents&documents[0][]={quote(query('equal', 'status', 'no'))}"
    async with client_of(profile="1.8") as client:
        silent, unfiltered = await connected(client, later), await connected(client, filtered)
        unfiltered = await connected(
            client, f"&channels[]=documents&documents[0][]={quote(query('equal', 'status', 'no'))}"
        )
        await write(client, "one")

        assert (await ids_heard(silent), await ids_heard(unfiltered)) == ([], ["one"])


@pytest.mark.parametrize(("profile", "kept"), [("1.8", ["documents"]), ("1.9", ["documents", "account.user_a.create"])])
async def test_keeps_actions_of_the_own_account_where_events_go_to_them(profile: str, kept: list[str]) -> None:
    async with client_of(profile=profile) as client:
        client.sign_in("user_a", "user_a")
        listener = await client.listen("&channels[]=documents&channels[]=account.create", by="user_a")

        assert (await listener.frame())["data"]["channels"] == kept


@pytest.mark.parametrize("profile", ["1.8", "1.9"])
async def test_every_version_takes_authentication_and_pings(profile: str) -> None:
    async with client_of(profile=profile) as client:
        encoded = client.sign_in("user_a", "user_a")
        listener = await connected(client, "&channels[]=documents")

        answer = await listener.ask({"type": "authentication", "data": {"session": encoded}})

        assert (answer["data"]["success"], answer["data"]["user"]["$id"]) == (True, "user_a")


@pytest.mark.parametrize(
    ("message", "text"),
    [
        pytest.param("nonsense", "Message format is not valid.", id="format"),
        pytest.param({"type": "nope"}, "Message type is not valid.", id="type"),
        pytest.param({"type": "authentication", "data": {}}, "Payload is not valid.", id="no-session"),
        pytest.param({"type": "authentication", "data": {"session": "x"}}, "Session is not valid.", id="session"),
        pytest.param(subscribe({}), "channels is not present in payload.", id="no-channels"),
        pytest.param(subscribe({"channels": "x"}), "channels is not a valid array.", id="channels"),
        pytest.param(subscribe({"channels": [], "queries": None}), "queries is not a valid array.", id="queries"),
        pytest.param(
            {"type": "unsubscribe", "data": [{}]},
            "Each unsubscribe payload must include a non-empty subscriptionId.",
            id="unsubscribe",
        ),
    ],
)
async def test_tells_what_is_wrong_with_a_message_outside_production(
    client: Client, message: object, text: str
) -> None:
    client.sandbox.hub.masks_messages = False
    listener = await connected(client)

    answer = await listener.ask(message)

    assert answer == {"type": "error", "data": {"code": 1003, "message": text}}
