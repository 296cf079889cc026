"""
Accounts, sessions and tokens, seen from the caller and from the server key.
"""

import json
from base64 import b64decode
from datetime import timedelta

import pytest

from monitor.sandbox import jwt
from tests.sandbox.client import Client, Reply

pytestmark = pytest.mark.asyncio

PROJECT_COOKIE = "a_session_monitored-app"


async def sign_in_by_email(client: Client, *, by: str = "guest") -> Reply:
    customer = client.sandbox.customer
    body = {"email": customer.email, "password": customer.password}
    return await client.call("POST", "/account/sessions/email", by=by, body=body)


def cookies_of(reply: Reply) -> dict[str, str]:
    pairs = (value.split(";")[0].split("=", 1) for key, value in reply.repeated if key == "Set-Cookie")
    return {each[0]: each[1] for each in pairs}


@pytest.mark.parametrize(
    ("change", "verdict"),
    [
        pytest.param({}, "201", id="ok"),
        pytest.param({"email": "SYNTHETIC-customer@example.com"}, "409 user_already_exists", id="email-taken"),
        pytest.param({"userId": "synthetic-customer"}, "409 user_already_exists", id="id-taken"),
        pytest.param({"password": "short"}, "400 general_argument_invalid", id="short-password"),
        pytest.param({"email": "nope"}, "400 general_argument_invalid", id="bad-email"),
        pytest.param({"userId": None}, "400 general_argument_invalid", id="no-id"),
    ],
)
async def test_signs_up_as_recorded(client: Client, change: dict[str, object], verdict: str) -> None:
    body = {"userId": "unique()", "email": "new@example.com", "password": "long enough"} | change

    reply = await client.call("POST", "/account", body=body)

    assert reply.verdict == verdict


@pytest.mark.parametrize(
    ("change", "verdict"),
    [
        pytest.param({}, "201", id="ok"),
        pytest.param({"password": "wrong-password"}, "401 user_invalid_credentials", id="wrong-password"),
        pytest.param({"email": "nobody@example.com"}, "401 user_invalid_credentials", id="unknown-user"),
        pytest.param({"password": None}, "400 general_argument_invalid", id="no-password"),
    ],
)
async def test_signs_in_as_recorded(client: Client, change: dict[str, object], verdict: str) -> None:
    customer = client.sandbox.customer
    body = {"email": customer.email, "password": customer.password} | change

    replies = [await client.call("POST", path, body=body) for path in ("/account/sessions/email", "/account/sessions")]

    assert [each.verdict for each in replies] == [verdict, verdict]


async def test_hands_a_session_over_in_cookies_and_header_but_not_in_the_body(client: Client) -> None:
    reply = await sign_in_by_email(client)

    encoded = json.loads(reply.headers["X-Fallback-Cookies"])[PROJECT_COOKIE]
    assert cookies_of(reply) == {PROJECT_COOKIE: encoded, f"{PROJECT_COOKIE}_legacy": encoded}
    assert json.loads(b64decode(encoded))["id"] == client.sandbox.customer.id
    assert (reply.body["secret"], reply.body["current"], reply.body["factors"]) == ("", True, ["password"])


async def test_shows_the_secret_of_a_session_to_keys(client: Client) -> None:
    by_login = await sign_in_by_email(client, by="key")
    by_server = await client.call("POST", f"/users/{client.sandbox.customer.id}/sessions", by="key", body={})

    for reply in (by_login, by_server):
        client.identity("holder", X_Appwrite_Session=reply.body["secret"])
        assert (await client.call("GET", "/account", by="holder")).body["$id"] == client.sandbox.customer.id


@pytest.mark.parametrize(
    ("sent", "fallback"),
    [
        pytest.param({"Cookie": f"{PROJECT_COOKIE}=SESSION"}, ["false"], id="cookie"),
        pytest.param({"Cookie": f"{PROJECT_COOKIE}_legacy=SESSION"}, ["false"], id="legacy-cookie"),
        pytest.param({"X-Appwrite-Session": "SESSION"}, ["false"], id="header"),
        pytest.param(
            {"X-Fallback-Cookies": f'{{"{PROJECT_COOKIE}": "SESSION"}}'}, ["false", "true"], id="fallback-cookies"
        ),
    ],
)
async def test_knows_a_user_by_each_way_to_send_a_session(
    client: Client, sent: dict[str, str], fallback: list[str]
) -> None:
    encoded = client.sign_in("somebody", "somebody")
    headers = {key: value.replace("SESSION", encoded) for key, value in sent.items()}

    reply = await client.call("GET", "/account", headers=headers)

    assert reply.body["$id"] == "somebody"
    assert [value for key, value in reply.repeated if key == "X-Debug-Fallback"] == fallback


@pytest.mark.parametrize(
    ("method", "path", "verdict"),
    [
        pytest.param("GET", "/account", "401 general_unauthorized_scope", id="account"),
        pytest.param("GET", "/account/sessions/current", "401 general_unauthorized_scope", id="session"),
        pytest.param("POST", "/account/jwts", "401 general_unauthorized_scope", id="jwt"),
        pytest.param("GET", "/users", "401 general_unauthorized_scope", id="users"),
        pytest.param(
            "POST", "/users/synthetic-customer/sessions", "401 general_unauthorized_scope", id="server-session"
        ),
    ],
)
@pytest.mark.parametrize(
    "cookie", [pytest.param("", id="none"), pytest.param("a_session_monitored-app=x", id="garbage")]
)
async def test_treats_whoever_has_no_valid_session_as_a_guest(
    client: Client, method: str, path: str, verdict: str, cookie: str
) -> None:
    body: dict[str, object] | None = {} if method == "POST" else None

    reply = await client.call(method, path, headers={"Cookie": cookie}, body=body)

    assert reply.verdict == verdict
    assert reply.body["message"].startswith("User (role: guests) missing scopes")


@pytest.mark.parametrize("path", ["/email", "/anonymous", "/token"])
async def test_refuses_a_login_to_one_who_is_signed_in(client: Client, path: str) -> None:
    client.sign_in("somebody", "somebody")

    reply = await client.call("POST", f"/account/sessions{path}", by="somebody", body={})

    assert reply.verdict == "401 user_session_already_exists"


async def test_signs_an_anonymous_user_in(client: Client) -> None:
    reply = await client.call("POST", "/account/sessions/anonymous", body={})
    client.identity("anonymous", X_Fallback_Cookies=reply.headers["X-Fallback-Cookies"])
    account = await client.call("GET", "/account", by="anonymous")

    assert (reply.body["provider"], account.body["email"], account.body["targets"]) == ("anonymous", "", [])


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


async def test_lists_and_deletes_single_sessions(client: Client) -> None:
    client.sign_in("first", "somebody")
    client.sign_in("second", "somebody")

    listed = await client.call("GET", "/account/sessions", by="first")
    other = next(each["$id"] for each in listed.body["sessions"] if not each["current"])
    deleted = await client.call("DELETE", f"/account/sessions/{other}", by="first")
    again = await client.call("DELETE", f"/account/sessions/{other}", by="first")

    assert listed.body["total"] == 2
    assert (deleted.verdict, again.verdict) == ("204", "404 user_session_not_found")
    assert (await client.call("GET", "/account", by="second")).verdict == "401 general_unauthorized_scope"


async def test_keeps_ten_sessions_of_a_user_and_drops_the_oldest(client: Client) -> None:
    for number in range(11):
        client.sign_in(f"login-{number}", "somebody")

    replies = [await client.call("GET", "/account", by=f"login-{number}") for number in (0, 1, 10)]

    assert [each.status for each in replies] == [401, 200, 200]


@pytest.mark.parametrize("path", ["/account", "/databases/68f76ee1000e64ca8d05/collections/bookings/documents"])
async def test_refuses_everything_to_a_blocked_user(client: Client, path: str) -> None:
    client.sign_in("customer", client.sandbox.customer.id)
    blocked = await client.call("PATCH", "/users/synthetic-customer/status", by="key", body={"status": False})

    replies = [await client.call("GET", path, by="customer"), await sign_in_by_email(client)]

    assert blocked.body["status"] is False
    assert {each.verdict for each in replies} == {"403 user_blocked"}


async def test_lets_a_user_delete_the_own_account(client: Client) -> None:
    client.sign_in("somebody", "somebody")

    deleted = await client.call("DELETE", "/account", by="somebody")

    assert deleted.verdict == "204"
    assert (await client.call("GET", "/users/somebody", by="key")).verdict == "404 user_not_found"


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
