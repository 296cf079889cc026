"""
Events of accounts, executions and memberships: who hears of them; and memberships that change what a socket hears.
"""

import pytest

from monitor.sandbox.protocol.announcing import channels_of, names_of
from monitor.sandbox.state.accounts import Membership
from tests.sandbox.client import Client
from tests.sandbox.sockets import connected

pytestmark = pytest.mark.asyncio


def announce(client: Client, parts: dict[str, str], action: str, *, channels: list[str], roles: list[str]) -> None:
    sandbox = client.sandbox
    sandbox.hub.announce(
        names=names_of(parts, action),
        channels=channels_of(channels, action, sandbox.world.profile),
        roles=roles,
        payload={"$id": "it"},
    )


def change_account(client: Client, user_id: str) -> None:
    channels, roles = ["account", f"account.{user_id}"], [f"user:{user_id}"]
    announce(client, {"users": user_id}, "update", channels=channels, roles=roles)


@pytest.mark.parametrize(
    ("channel", "hears"),
    [
        pytest.param("account", True, id="account"),
        pytest.param("account.update", True, id="this-action"),
        pytest.param("account.create", False, id="another-action"),
        pytest.param("account.user_a", False, id="by-id-is-dropped"),
    ],
)
async def test_tells_a_user_of_his_account(client: Client, channel: str, hears: bool) -> None:
    client.sign_in("user_a", "user_a")
    listener = await connected(client, f"&channels[]={channel}", by="user_a")

    change_account(client, "user_a")

    heard = [each["events"][0] for each in await listener.events()]
    assert heard == (["users.user_a.update"] if hears else [])


async def test_tells_nobody_else_of_an_account(client: Client) -> None:
    client.sign_in("user_b", "user_b")
    channels = "&channels[]=account&channels[]=account.user_a&channels[]=account.user_a.update"
    listeners = [await connected(client, channels, by=name) for name in ("guest", "user_b", "key")]

    change_account(client, "user_a")

    assert [await each.events() for each in listeners] == [[], [], []]


async def test_names_all_subscriptions_that_an_event_meets_once(client: Client) -> None:
    client.sign_in("user_a", "user_a")
    listener = await client.listen("&channels[]=account&channels[]=account.update", by="user_a")
    opened = (await listener.frame())["data"]

    change_account(client, "user_a")

    (event,) = await listener.events()
    assert opened["channels"] == ["account", "account.user_a", "account.user_a.update"]
    assert event["subscriptions"] == opened["subscriptions"]
    assert event["channels"] == ["account", "account.user_a", "account.update", "account.user_a.update"]


async def test_tells_of_an_execution_whoever_may_read_it(client: Client) -> None:
    client.sign_in("user_a", "user_a")
    listeners = [
        await connected(client, f"&channels[]={each}", by="user_a")
        for each in ("executions", "executions.e1", "functions.f1", "functions.f1.create", "functions.f2")
    ]

    announce(
        client,
        {"functions": "f1", "executions": "e1"},
        "create",
        channels=["executions", "executions.e1", "functions.f1"],
        roles=["users"],
    )

    heard = [[event["events"][0] for event in await each.events()] for each in listeners]
    assert heard == [["functions.f1.executions.e1.create"]] * 4 + [[]]


async def test_tells_a_socket_of_a_team_from_the_moment_its_user_joins_until_he_leaves(client: Client) -> None:
    client.sign_in("user_a", "user_a")
    user = client.sandbox.world.accounts.users["user_a"]
    listener = await connected(client, "&channels[]=teams", by="user_a")

    def update_team(action: str) -> None:
        announce(client, {"teams": "t1"}, action, channels=["teams", "teams.t1"], roles=["team:t1"])

    update_team("create")
    user.memberships.append(Membership(id="m1", team_id="t1", roles=("owner",)))
    client.sandbox.hub.refresh_roles(user)
    update_team("update")
    user.memberships.clear()
    client.sandbox.hub.refresh_roles(user)
    update_team("delete")

    assert [each["events"][0] for each in await listener.events()] == ["teams.t1.update"]


async def test_keeps_the_roles_of_the_handshake_whatever_else_changes(client: Client) -> None:
    client.sign_in("user_a", "user_a")
    user = client.sandbox.world.accounts.users["user_a"]
    listener = await connected(client, "&channels[]=teams", by="user_a")

    user.labels = ("vip",)
    announce(client, {"teams": "t1"}, "update", channels=["teams"], roles=["label:vip"])

    assert await listener.events() == []
