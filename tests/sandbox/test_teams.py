"""
Teams and memberships: who may do what, and which roles follow.
"""

import pytest

from tests.sandbox.client import Client

pytestmark = pytest.mark.asyncio


async def make_team(client: Client, id_: str = "crew", **members: list[str]) -> dict[str, str]:
    """
    Make a team by key; return the id of the membership of each user.
    """
    await client.call("POST", "/teams", by="key", body={"teamId": id_, "name": "Crew"})
    ids = {}
    for user_id, roles in members.items():
        body = {"userId": user_id, "roles": roles}
        made = await client.call("POST", f"/teams/{id_}/memberships", by="key", body=body)
        ids[user_id] = made.body["$id"]
    return ids


async def test_seeds_the_team_of_the_two_users(client: Client) -> None:
    reply = await client.call("GET", f"/teams/{client.sandbox.team}/memberships", by="key")

    assert [each["userId"] for each in reply.body["memberships"]] == ["synthetic-customer", "synthetic-therapist"]
    assert all(each["confirm"] for each in reply.body["memberships"])


async def test_a_user_owns_the_team_he_makes(client: Client) -> None:
    client.sign_in("ann", "ann")

    made = await client.call("POST", "/teams", by="ann", body={"teamId": "unique()", "name": "Mine"})
    renamed = await client.call("PUT", f"/teams/{made.body['$id']}", by="ann", body={"name": "Ours"})

    assert (made.status, made.body["total"]) == (201, 1)
    assert (renamed.status, renamed.body["name"]) == (200, "Ours")


async def test_users_see_only_their_own_teams(client: Client) -> None:
    client.sign_in("ann", "ann")
    client.sign_in("ben", "ben")
    await make_team(client, ann=["owner"])

    of_ann = await client.call("GET", "/teams", by="ann")
    of_ben = await client.call("GET", "/teams", by="ben")

    assert [each["$id"] for each in of_ann.body["teams"]] == ["crew"]
    assert of_ben.body == {"total": 0, "teams": []}


@pytest.mark.parametrize(
    ("who", "method", "path", "verdict"),
    [
        pytest.param("guest", "GET", "/teams", "401 general_unauthorized_scope", id="guests-have-no-teams"),
        pytest.param("ben", "GET", "/teams/crew", "404 team_not_found", id="stranger-reads"),
        pytest.param("ben", "DELETE", "/teams/crew", "404 team_not_found", id="stranger-deletes"),
        pytest.param("cat", "GET", "/teams/crew", "200", id="member-reads"),
        pytest.param("cat", "PUT", "/teams/crew", "401 user_unauthorized", id="member-renames"),
        pytest.param("ann", "PUT", "/teams/crew", "200", id="owner-renames"),
        pytest.param("cat", "POST", "/teams/crew/memberships", "503 general_smtp_disabled", id="member-invites"),
        pytest.param("key", "GET", "/teams/none", "404 team_not_found", id="missing-team"),
        pytest.param("key", "POST", "/teams", "409 team_already_exists", id="taken-id"),
        pytest.param("key", "POST", "/teams/crew/memberships", "404 user_not_found", id="missing-user"),
        pytest.param("key", "GET", "/teams/crew/memberships/none", "404 membership_not_found", id="missing-membership"),
    ],
)
async def test_answers(client: Client, who: str, method: str, path: str, verdict: str) -> None:
    for name in ("ann", "ben", "cat"):
        client.sign_in(name, name)
    await make_team(client, ann=["owner"], cat=["guest"])
    body = {"teamId": "crew", "name": "Crew", "userId": "nobody", "roles": []}

    reply = await client.call(method, path, by=who, body=None if method == "GET" else body)

    assert reply.verdict == verdict


async def test_refuses_a_second_membership(client: Client) -> None:
    client.sign_in("ann", "ann")
    await make_team(client, ann=["owner"])

    again = await client.call("POST", "/teams/crew/memberships", by="key", body={"userId": "ann", "roles": []})

    assert again.verdict == "409 membership_already_confirmed"


async def test_a_membership_makes_roles(client: Client) -> None:
    client.sign_in("ann", "ann")
    ids = await make_team(client, ann=["owner", "night"])

    roles = client.sandbox.world.accounts.users["ann"].roles()

    assert {"team:crew", "team:crew/owner", "team:crew/night", f"member:{ids['ann']}"} <= set(roles)


async def test_roles_go_with_the_team(client: Client) -> None:
    client.sign_in("ann", "ann")
    await make_team(client, ann=["owner"])

    gone = await client.call("DELETE", "/teams/crew", by="ann")

    assert gone.status == 204
    assert not [each for each in client.sandbox.world.accounts.users["ann"].roles() if "crew" in each]


async def test_open_sockets_follow_a_membership(client: Client) -> None:
    client.sign_in("ann", "ann")
    listener = await client.listen("&channels[]=teams", by="ann")
    await listener.frame()
    ids = await make_team(client, ann=["owner"])

    await client.call("PUT", "/teams/crew", by="key", body={"name": "Heard"})
    await client.call("DELETE", f"/teams/crew/memberships/{ids['ann']}", by="key")
    await client.call("PUT", "/teams/crew", by="key", body={"name": "Unheard"})

    assert [each["payload"]["name"] for each in await listener.events()] == ["Heard"]


async def test_announces_a_team_under_its_names(client: Client) -> None:
    client.sign_in("ann", "ann")
    await make_team(client, ann=["owner"])
    listener = await client.listen("&channels[]=teams.crew.update", by="ann")
    await listener.frame()

    await client.call("PUT", "/teams/crew", by="key", body={"name": "New"})

    (event,) = await listener.events()
    assert event["events"] == ["teams.crew.update", "teams.*.update", "teams.crew", "teams.*"]


async def test_lists_by_query(client: Client) -> None:
    for id_ in ("one", "two"):
        await make_team(client, id_)
    after_one = "queries[0]=%7B%22method%22:%22cursorAfter%22,%22values%22:[%22one%22]%7D"
    after_none = after_one.replace("one", "none")

    uncounted = await client.call("GET", "/teams?total=false&search=o", by="key")
    page = await client.call("GET", f"/teams?{after_one}", by="key")
    refused = await client.call("GET", f"/teams?{after_none}", by="key")

    assert (uncounted.body["total"], len(uncounted.body["teams"])) == (0, 2)
    assert [each["$id"] for each in page.body["teams"]] == ["two"]
    assert refused.verdict == "400 general_cursor_not_found"
