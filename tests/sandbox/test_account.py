"""
Accounts, sessions and tokens, seen from the caller and from the server key.
"""

import json
import re
from base64 import b64decode

import pytest

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


async def test_lists_and_deletes_single_sessions(client: Client) -> None:
    client.sign_in("first", "somebody")
    client.sign_in("second", "somebody")

    listed = await client.call("GET", "/account/sessions", by="first")
    other = next(each["$id"] for each in listed.body["sessions"] if not each["current"])
    deleted = await client.call("DELETE", f"/account/sessions/{other}", by="first")
    again = await client.call("DELETE", f"/account/sessions/{other}", by="first")

    assert listed.body["total"] == 2
    assert (deleted.verdict, again.verdict) == ("204", "404 user_session_not_found")
    assert "Set-Cookie" not in deleted.headers
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


@pytest.mark.parametrize(
    ("part", "body", "field", "value"),
    [
        pytest.param("name", {"name": "Other"}, "name", "Other", id="name"),
        pytest.param("prefs", {"prefs": {"theme": "dark"}}, "prefs", {"theme": "dark"}, id="prefs"),
        pytest.param("prefs", {"prefs": []}, "prefs", {}, id="no-prefs"),
        pytest.param(
            "email", {"email": "Other@example.com", "password": "a-password"}, "email", "other@example.com", id="email"
        ),
    ],
)
async def test_lets_a_user_change_the_own_account(
    client: Client, part: str, body: dict[str, object], field: str, value: object
) -> None:
    client.sign_in("somebody", "somebody")

    changed = await client.call("PATCH", f"/account/{part}", by="somebody", body=body)
    stored = await client.call("GET", "/account", by="somebody")

    assert (changed.status, changed.body[field], stored.body) == (200, value, changed.body)


@pytest.mark.parametrize(
    ("part", "body", "verdict"),
    [
        pytest.param("email", {"email": "x@example.com"}, "400 general_argument_invalid", id="email-without-password"),
        pytest.param(
            "email", {"email": "x@example.com", "password": "no such one"}, "401 user_invalid_credentials", id="email"
        ),
        pytest.param("password", {"password": "long enough"}, "401 user_invalid_credentials", id="password"),
        pytest.param("name", {}, "400 general_argument_invalid", id="no-name"),
        pytest.param("prefs", {"prefs": "dark"}, "400 general_argument_invalid", id="prefs-no-object"),
        pytest.param("prefs", {"prefs": {"a": "x" * 70_000}}, "400 general_argument_invalid", id="prefs-too-large"),
    ],
)
async def test_refuses_a_change_without_proof_or_sense(
    client: Client, part: str, body: dict[str, object], verdict: str
) -> None:
    client.sign_in("somebody", "somebody")
    before = await client.call("GET", "/account", by="somebody")

    reply = await client.call("PATCH", f"/account/{part}", by="somebody", body=body)

    assert reply.verdict == verdict
    assert (await client.call("GET", "/account", by="somebody")).body == before.body


async def test_changes_a_password_for_who_knows_the_old_one(client: Client) -> None:
    client.sign_in("somebody", "somebody")

    body = {"password": "another password", "oldPassword": "a-password"}
    changed = await client.call("PATCH", "/account/password", by="somebody", body=body)
    login = {"email": "somebody@example.com", "password": "another password"}

    assert changed.status == 200
    assert (await client.call("POST", "/account/sessions/email", body=login)).status == 201


async def test_makes_a_lasting_account_of_an_anonymous_one(client: Client) -> None:
    reply = await client.call("POST", "/account/sessions/anonymous", body={})
    client.identity("anonymous", X_Fallback_Cookies=reply.headers["X-Fallback-Cookies"])
    body = {"email": "now@example.com", "password": "long enough"}

    await client.call("PATCH", "/account/email", by="anonymous", body=body)

    assert (await client.call("POST", "/account/sessions/email", body=body)).status == 201


async def test_extends_a_session_and_ends_all(client: Client) -> None:
    client.sign_in("first", "somebody")
    client.sign_in("second", "somebody")
    before = await client.call("GET", "/account/sessions/current", by="first")

    extended = await client.call("PATCH", "/account/sessions/current", by="first", body={})
    ended = await client.call("DELETE", "/account/sessions", by="first")

    assert extended.body["expire"] >= before.body["expire"]
    assert extended.body["$updatedAt"] >= before.body["$updatedAt"]
    assert (ended.status, ended.headers["X-Fallback-Cookies"], len(cookies_of(ended))) == (204, "[]", 2)
    assert [(await client.call("GET", "/account", by=each)).status for each in ("first", "second")] == [401, 401]


@pytest.mark.parametrize(
    ("origin", "handed"),
    [
        pytest.param(None, True, id="no-page"),
        pytest.param("http://127.0.0.1:3000", False, id="same-host"),
        pytest.param("http://localhost:3000", True, id="other-host"),
    ],
)
async def test_hands_a_session_to_pages_whom_no_cookie_reaches(
    client: Client, origin: str | None, handed: bool
) -> None:
    body = {"email": client.sandbox.customer.email, "password": client.sandbox.customer.password}

    reply = await client.call(
        "POST", "/account/sessions/email", body=body, headers={"Origin": origin} if origin else {}
    )

    assert (reply.status, "X-Fallback-Cookies" in reply.headers, len(cookies_of(reply))) == (201, handed, 2)


async def test_writes_the_end_of_a_cookie_as_recorded(client: Client) -> None:
    reply = await sign_in_by_email(client)

    cookie = next(value for key, value in reply.repeated if key == "Set-Cookie")
    assert re.search(r"; expires=[A-Z][a-z]{2}, \d\d-[A-Z][a-z]{2}-\d{4} \d\d:\d\d:\d\d GMT; Max-Age=31536000;", cookie)


async def test_notes_which_library_signed_in(client: Client) -> None:
    reply = await sign_in_by_email(client)

    assert (reply.body["clientType"], reply.body["clientName"]) == ("library", "aiohttp")


async def test_tells_the_sockets_of_a_user_what_happens_to_the_account(client: Client) -> None:
    client.sign_in("somebody", "somebody")
    client.sign_in("other", "other")
    listeners = [await client.listen("&channels[]=account", by=each) for each in ("somebody", "other")]
    for each in listeners:
        await each.frame()

    await client.call("PATCH", "/account/name", by="somebody", body={"name": "New"})
    await client.call("DELETE", "/account/sessions/current", by="somebody")

    renamed, left = await listeners[0].events()
    assert (renamed["events"][0], renamed["payload"]["name"]) == ("users.somebody.update.name", "New")
    assert {"users.*.update", "users.somebody"} <= set(renamed["events"])
    assert re.fullmatch(r"users\.somebody\.sessions\.\w+\.delete", left["events"][0])
    assert {"account", "account.somebody"} <= set(left["channels"])
    assert await listeners[1].events() == []


async def test_looks_for_administrators_in_the_console_where_there_are_none(client: Client) -> None:
    client.sign_in("somebody", "somebody")

    reply = await client.call("GET", "/account", by="somebody", headers={"X-Appwrite-Mode": "admin"})

    assert reply.verdict == "401 general_unauthorized_scope"


@pytest.mark.parametrize(
    ("path", "verdict"),
    [
        pytest.param("", "401 user_email_not_whitelisted", id="sign-up"),
        pytest.param("/sessions/email", "401 user_invalid_credentials", id="email"),
        pytest.param("/sessions/anonymous", "401 user_anonymous_console_prohibited", id="anonymous"),
        pytest.param("/sessions/token", "401 user_invalid_token", id="token"),
    ],
)
async def test_knows_nobody_in_the_console(client: Client, path: str, verdict: str) -> None:
    accounts, customer = client.sandbox.world.accounts, client.sandbox.customer
    token = accounts.tokens.create(customer.id, length=6, expire_seconds=60)
    known = set(accounts.users)
    body = {"userId": customer.id, "email": customer.email, "password": customer.password, "secret": token.secret}

    reply = await client.call("POST", f"/account{path}", body=body, headers={"X-Appwrite-Project": ""})

    assert (reply.verdict, set(accounts.users)) == (verdict, known)
