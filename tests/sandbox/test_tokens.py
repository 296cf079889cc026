"""
What a server key makes for users: tokens, JWTs, and users themselves; and what bad ones get.
"""

from datetime import timedelta

import pytest

from monitor.sandbox.errors import AppwriteError
from monitor.sandbox.state import jwt
from monitor.sandbox.state.tokens import Tokens
from tests.clock import FakeClock
from tests.sandbox.client import Client

pytestmark = pytest.mark.asyncio


async def test_opens_one_session_with_a_token_and_no_second(client: Client) -> None:
    made = await client.call("POST", f"/users/{client.sandbox.customer.id}/tokens", by="key", body={"length": 20})
    body = {"userId": client.sandbox.customer.id, "secret": made.body["secret"]}

    replies = [await client.call("POST", "/account/sessions/token", body=body) for _ in range(2)]

    assert len(made.body["secret"]) == 20
    assert [each.verdict for each in replies] == ["201", "401 user_invalid_token"]


@pytest.mark.parametrize("path", ["/account/jwts", "/account/jwt"])
async def test_makes_a_jwt_that_ends_with_its_session(client: Client, path: str) -> None:
    client.sign_in("somebody", "somebody")
    made = await client.call("POST", path, by="somebody", body={"duration": 60})
    client.identity("bearer", X_Appwrite_JWT=made.body["jwt"])

    before = await client.call("GET", "/account", by="bearer")
    again = await client.call("POST", path, by="bearer", body={})
    left = await client.call("DELETE", "/account/sessions/current", by="somebody")
    after = await client.call("GET", "/account", by="bearer")

    assert (before.body["$id"], again.verdict) == ("somebody", "403 user_jwt_creation_denied")
    assert (left.status, left.headers["X-Fallback-Cookies"]) == (204, "[]")
    assert after.verdict == "401 general_unauthorized_scope"


async def test_makes_a_jwt_for_a_user_without_a_session(client: Client) -> None:
    made = await client.call("POST", f"/users/{client.sandbox.therapist.id}/jwts", by="key", body={})
    client.identity("bearer", X_Appwrite_JWT=made.body["jwt"])

    reply = await client.call("GET", "/account", by="bearer")

    assert reply.body["$id"] == client.sandbox.therapist.id


@pytest.mark.parametrize(
    ("token", "problem"),
    [
        pytest.param("garbage", "Incomplete segments", id="garbage"),
        pytest.param("a.b.c", "Signature failed", id="foreign"),
        pytest.param("EXPIRED", "Expired", id="expired"),
    ],
)
@pytest.mark.parametrize(
    "path", ["/account", "/ping", "/databases/68f76ee1000e64ca8d05/collections/bookings/documents"]
)
async def test_refuses_a_bad_jwt_on_every_route(client: Client, path: str, token: str, problem: str) -> None:
    past = client.sandbox.world.clock.now() - timedelta(seconds=1)
    expired = jwt.sign({"userId": client.sandbox.customer.id, "sessionId": "", "exp": past.timestamp()})

    reply = await client.call("GET", path, headers={"X-Appwrite-JWT": token.replace("EXPIRED", expired)})

    assert reply.verdict == "401 user_jwt_invalid"
    assert reply.body["message"] == f"Failed to verify JWT. Invalid token: {problem}"


async def test_refuses_a_jwt_beside_a_session(client: Client) -> None:
    client.sign_in("somebody", "somebody")

    reply = await client.call("GET", "/account", by="somebody", headers={"X-Appwrite-JWT": "any"})

    assert reply.verdict == "403 user_jwt_and_cookie_set"


async def test_manages_users_with_a_key(client: Client) -> None:
    body = {"userId": "u1", "email": "u1@example.com", "name": "One"}

    created = await client.call("POST", "/users", by="key", body=body)
    listed = await client.call("GET", "/users?search=u1@", by="key")
    session = await client.call("POST", "/users/u1/sessions", by="key", body={})
    ended = await client.call("DELETE", f"/users/u1/sessions/{session.body['$id']}", by="key")
    deleted = await client.call("DELETE", "/users/u1", by="key")

    assert [each.status for each in (created, listed, session, ended, deleted)] == [201, 200, 201, 204, 204]
    assert [each["$id"] for each in listed.body["users"]] == ["u1"]


async def test_names_all_scopes_of_which_one_would_do(client: Client) -> None:
    client.sandbox.world.add_key("standard_narrow", scopes=frozenset({"users.read"}))
    client.identity("narrow", X_Appwrite_Key="standard_narrow")

    reply = await client.call("POST", "/users/synthetic-customer/sessions", by="narrow", body={})

    assert reply.body["message"] == (
        'app.monitored-app@service.localhost (role: applications) missing scopes (["users.write","sessions.write"])'
    )


async def test_has_not_set_all_headers_when_a_jwt_is_bad_as_recorded(client: Client) -> None:
    reply = await client.call("GET", "/account", headers={"X-Appwrite-JWT": "garbage"})

    assert [value for key, value in reply.repeated if key == "X-Debug-Fallback"] == ["false", "true"] * 2
    assert (reply.headers["Server"], "X-Content-Type-Options" in reply.headers) == ("swoole-http-server", False)


async def test_keeps_equal_tokens_of_two_users_apart(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("secrets.token_hex", lambda _: "abcdefgh")
    accounts = client.sandbox.world.accounts
    people = [client.sandbox.customer.id, client.sandbox.therapist.id]
    for each in people:
        accounts.tokens.create(each, length=4, expire_seconds=60)

    replies = [
        await client.call("POST", "/account/sessions/token", body={"userId": each, "secret": "abcd"}) for each in people
    ]

    assert [each.status for each in replies] == [201, 201]


async def test_refuses_a_token_that_has_expired() -> None:
    clock = FakeClock()
    tokens = Tokens(clock)
    token = tokens.create("somebody", length=6, expire_seconds=60)

    clock.jump(60)

    with pytest.raises(AppwriteError, match="Invalid token"):
        tokens.redeem("somebody", token.secret)


async def test_knows_nobody_of_the_project_by_a_jwt_in_the_console(client: Client) -> None:
    made = await client.call("POST", f"/users/{client.sandbox.customer.id}/jwts", by="key", body={})

    reply = await client.call(
        "GET", "/account", headers={"X-Appwrite-JWT": made.body["jwt"], "X-Appwrite-Project": "console"}
    )

    assert reply.verdict == "401 general_unauthorized_scope"
