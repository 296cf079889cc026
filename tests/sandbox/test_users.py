"""
The users API, for server keys.
"""

from datetime import timedelta

import pytest

from tests.sandbox.client import Client

pytestmark = pytest.mark.asyncio

LIMIT_1 = "queries[0]=%7B%22method%22%3A%22limit%22%2C%22values%22%3A%5B1%5D%7D"
BY_NAME = (
    "queries[0]=%7B%22method%22%3A%22equal%22%2C%22attribute%22%3A%22name%22%2C%22values%22%3A%5B%22Synthetic"
    "%20Therapist%22%5D%7D"
)


@pytest.mark.parametrize(
    ("part", "body", "field", "value"),
    [
        pytest.param("status", {"status": False}, "status", False, id="status"),
        pytest.param("name", {"name": "Other"}, "name", "Other", id="name"),
        pytest.param("email", {"email": "Other@example.com"}, "email", "other@example.com", id="email"),
        pytest.param("phone", {"number": "+4915112345678"}, "phone", "+4915112345678", id="phone"),
        pytest.param("verification", {"emailVerification": True}, "emailVerification", True, id="verification"),
        pytest.param(
            "verification/phone", {"phoneVerification": True}, "phoneVerification", True, id="phone-verification"
        ),
    ],
)
async def test_changes_one_thing_of_a_user(
    client: Client, part: str, body: dict[str, object], field: str, value: object
) -> None:
    changed = await client.call("PATCH", f"/users/synthetic-customer/{part}", by="key", body=body)
    stored = await client.call("GET", "/users/synthetic-customer", by="key")

    assert (changed.status, changed.body[field], stored.body) == (200, value, changed.body)


async def test_gives_a_user_another_password(client: Client) -> None:
    body = {"password": "another password"}
    await client.call("PATCH", "/users/synthetic-customer/password", by="key", body=body)

    body["email"] = client.sandbox.customer.email
    assert (await client.call("POST", "/account/sessions/email", body=body)).status == 201


async def test_gives_roles_by_labels_and_verification(client: Client) -> None:
    user = client.sandbox.world.accounts.users["synthetic-customer"]

    labels = ["vip", "vip", "beta"]
    labelled = await client.call("PUT", f"/users/{user.id}/labels", by="key", body={"labels": labels})
    await client.call("PATCH", f"/users/{user.id}/verification", by="key", body={"emailVerification": True})

    assert labelled.body["labels"] == ["vip", "beta"]
    assert user.roles()[-2:] == ("label:vip", "label:beta")
    assert {f"user:{user.id}/verified", "users/verified"} <= set(user.roles())


@pytest.mark.parametrize(
    ("query", "found"),
    [
        pytest.param("", ["synthetic-customer", "synthetic-therapist", "synthetic-stranger"], id="all"),
        pytest.param(LIMIT_1, ["synthetic-customer"], id="limit"),
        pytest.param(BY_NAME, ["synthetic-therapist"], id="by-name"),
        pytest.param("search=THERAPIST@", ["synthetic-therapist"], id="search"),
        pytest.param("search=nobody", [], id="none"),
    ],
)
async def test_lists_users(client: Client, query: str, found: list[str]) -> None:
    reply = await client.call("GET", f"/users?{query}", by="key")

    assert [each["$id"] for each in reply.body["users"]] == found


@pytest.mark.parametrize("query", ["queries=x", "queries[0]=x", "queries[a]=x", "search[]=x"])
async def test_refuses_a_list_that_makes_no_sense_or_passes_it_over(client: Client, query: str) -> None:
    reply = await client.call("GET", f"/users?{query}", by="key")

    assert reply.status in {200, 400}


@pytest.mark.parametrize("name", ["prefs", "name"])
async def test_keeps_preferences_of_any_shape(client: Client, name: str) -> None:
    prefs = {name: {"theme": ["dark", 1, None]}}

    put = await client.call("PATCH", "/users/synthetic-customer/prefs", by="key", body={"prefs": prefs})
    got = await client.call("GET", "/users/synthetic-customer/prefs", by="key")

    assert (put.body, got.body) == (prefs, prefs)


@pytest.mark.parametrize(
    ("method", "path", "body", "verdict"),
    [
        pytest.param("POST", "", {"userId": "u", "email": "nope"}, "400 general_argument_invalid", id="bad-email"),
        pytest.param("POST", "", {"userId": "u", "phone": "12"}, "400 general_argument_invalid", id="bad-phone"),
        pytest.param("POST", "", {"userId": {}}, "400 general_argument_invalid", id="bad-id"),
        pytest.param(
            "POST",
            "",
            {"userId": "u", "email": "synthetic-customer@example.com"},
            "409 user_already_exists",
            id="email-taken",
        ),
        pytest.param(
            "PATCH",
            "/synthetic-customer/email",
            {"email": "synthetic-therapist@example.com"},
            "409 user_email_already_exists",
            id="change-to-taken-email",
        ),
        pytest.param("PATCH", "/nobody/name", {"name": "x"}, "404 user_not_found", id="unknown"),
        pytest.param("PATCH", "/nobody/name", {}, "400 general_argument_invalid", id="body-before-user"),
        pytest.param("PATCH", "/nobody/name", {"name": "x" * 129}, "400 general_argument_invalid", id="long-name"),
        pytest.param("PUT", "/nobody/labels", {"labels": ["a b"]}, "400 general_argument_invalid", id="bad-label"),
        pytest.param("PUT", "/nobody/labels", {"labels": "a"}, "400 general_argument_invalid", id="no-labels"),
        pytest.param("PATCH", "/nobody/prefs", {"prefs": 7}, "400 general_argument_invalid", id="bad-prefs"),
        pytest.param("POST", "/nobody/jwts", {"duration": "x"}, "400 general_argument_invalid", id="bad-duration"),
        pytest.param("POST", "/nobody/tokens", {"length": 3}, "400 general_argument_invalid", id="short-token"),
        pytest.param("DELETE", "/synthetic-customer/sessions/x", None, "404 user_session_not_found", id="no-session"),
    ],
)
async def test_refuses_as_a_real_server(client: Client, method: str, path: str, body: object, verdict: str) -> None:
    reply = await client.call(method, f"/users{path}", by="key", body=body)

    assert reply.verdict == verdict


async def test_ends_all_sessions_of_a_user(client: Client) -> None:
    client.sign_in("first", "somebody")
    client.sign_in("second", "somebody")

    listed = await client.call("GET", "/users/somebody/sessions", by="key")
    ended = await client.call("DELETE", "/users/somebody/sessions", by="key")

    assert (listed.body["total"], ended.status) == (2, 204)
    assert [(await client.call("GET", "/account", by=each)).status for each in ("first", "second")] == [401, 401]


async def test_sets_no_cap_on_sessions_made_by_key_until_the_user_signs_in(client: Client) -> None:
    for _ in range(12):
        await client.call("POST", "/users/synthetic-customer/sessions", by="key", body={})
    sessions = client.sandbox.world.accounts.users["synthetic-customer"].sessions
    made = len(sessions)

    client.sign_in("customer", "synthetic-customer")

    assert (made, len(sessions)) == (12, 10)


async def test_notes_the_last_access_once_a_day(client: Client) -> None:
    accounts, clock = client.sandbox.world.accounts, client.sandbox.world.clock
    client.sign_in("somebody", "somebody")
    user = accounts.users["somebody"]
    never = user.accessed_at

    first = (await client.call("GET", "/account", by="somebody")).body["accessedAt"]
    same_day = (await client.call("GET", "/account", by="somebody")).body["accessedAt"]
    user.accessed_at = yesterday = (clock.now() - timedelta(hours=25)).isoformat()
    next_day = (await client.call("GET", "/account", by="somebody")).body["accessedAt"]

    assert (never, bool(first), same_day) == ("", True, first)
    assert next_day > yesterday


async def test_notes_an_access_with_who_signs_up_but_not_with_whom_a_key_makes(client: Client) -> None:
    body = {"userId": "unique()", "email": "new@example.com", "password": "long enough"}

    signed_up = await client.call("POST", "/account", body=body)
    anonymous = await client.call("POST", "/account/sessions/anonymous", body={})
    made = await client.call("POST", "/users", by="key", body={"userId": "made"})

    users = client.sandbox.world.accounts.users
    assert signed_up.body["accessedAt"] == signed_up.body["$createdAt"]
    assert users[anonymous.body["userId"]].accessed_at
    assert made.body["accessedAt"] == ""


async def test_shows_keys_the_hash_of_a_password_right_after_the_name(client: Client) -> None:
    reply = await client.call("GET", "/users/synthetic-customer", by="key")

    assert list(reply.body)[3:7] == ["name", "password", "hash", "hashOptions"]
    assert len(reply.body["password"]) == 97


async def test_takes_a_changed_email_for_unverified(client: Client) -> None:
    path, body = "/users/synthetic-customer", {"email": "changed@example.com"}
    await client.call("PATCH", f"{path}/verification", by="key", body={"emailVerification": True})

    reply = await client.call("PATCH", f"{path}/email", by="key", body=body)

    assert (reply.body["email"], reply.body["emailVerification"]) == ("changed@example.com", False)
