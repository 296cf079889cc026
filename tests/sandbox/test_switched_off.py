"""
Services, the REST API and ways to sign in that are switched off in the console.
"""

import pytest

from tests.sandbox.client import Client

pytestmark = pytest.mark.asyncio

DATABASES = "/databases/68f76ee1000e64ca8d05/collections/bookings/documents"
TABLES = "/tablesdb/68f76ee1000e64ca8d05/tables/bookings/rows"
SERVICE_OFF = "403 general_service_disabled"
API_OFF = "403 general_api_disabled"
NO_SCOPE = "401 general_unauthorized_scope"


@pytest.mark.parametrize(
    ("service", "path", "client_gets", "key_gets", "narrow_gets"),
    [
        pytest.param("databases", DATABASES, SERVICE_OFF, "200", NO_SCOPE, id="databases"),
        pytest.param("databases", TABLES, "200", "200", NO_SCOPE, id="databases-by-tables"),
        pytest.param("tablesdb", TABLES, SERVICE_OFF, "200", NO_SCOPE, id="tables"),
        pytest.param("account", "/account", SERVICE_OFF, NO_SCOPE, NO_SCOPE, id="account"),
        pytest.param("users", "/users", SERVICE_OFF, "200", "200", id="users"),
        pytest.param("locale", "/locale", SERVICE_OFF, "200", NO_SCOPE, id="locale"),
        pytest.param("health", "/health/version", "200", NO_SCOPE, NO_SCOPE, id="health-has-no-effect"),
    ],
)
async def test_refuses_a_service_to_all_but_keys(
    client: Client, service: str, path: str, client_gets: str, key_gets: str, narrow_gets: str
) -> None:
    client.sandbox.world.services_off.add(service)
    client.sandbox.world.add_key("standard_narrow", scopes=frozenset({"users.read"}))
    client.identity("narrow", X_Appwrite_Key="standard_narrow")
    client.sign_in("user", "somebody")

    replies = [await client.call("GET", path, by=each) for each in ("guest", "user", "key", "narrow")]

    assert [each.verdict for each in replies] == [client_gets, client_gets, key_gets, narrow_gets]


@pytest.mark.parametrize("path", [DATABASES, "/health/version", "/account"])
async def test_refuses_all_but_keys_when_the_api_is_off(client: Client, path: str) -> None:
    client.sandbox.world.protocols_off.add("rest")
    client.sign_in("user", "somebody")

    guest, user, key = [await client.call("GET", path, by=each) for each in ("guest", "user", "key")]

    assert (guest.verdict, user.verdict) == (API_OFF, API_OFF)
    assert key.verdict in {"200", NO_SCOPE}
    assert guest.body["message"] == "The requested API is disabled. You can enable the API from the Appwrite console."


@pytest.mark.parametrize(
    ("method", "path", "sentence"),
    [
        pytest.param("email-password", "/account", "Email / Password", id="sign-up"),
        pytest.param("email-password", "/account/sessions/email", "Email / Password", id="login"),
        pytest.param("anonymous", "/account/sessions/anonymous", "Anonymous", id="anonymous"),
    ],
)
async def test_refuses_a_way_to_sign_in_to_all_but_keys(client: Client, method: str, path: str, sentence: str) -> None:
    client.sandbox.world.auth_methods_off.add(method)

    refused, by_key = await client.call("POST", path, body={}), await client.call("POST", path, by="key", body={})

    assert refused.verdict == "501 user_auth_method_unsupported"
    assert refused.body["message"] == f"{sentence} authentication is disabled for this project"
    assert by_key.status in {201, 400}


async def test_goes_through_the_checks_in_the_order_of_a_real_server(client: Client) -> None:
    """
    One call that fails them all; each is mended once its error has come.
    """
    world, path = client.sandbox.world, "/account/sessions/email"
    world.services_off.add("account")
    world.protocols_off.add("rest")
    world.auth_methods_off.add("email-password")
    world.rate_limits = True
    client.sign_in("blocked", "somebody")
    world.accounts.users["somebody"].enabled = False
    headers = {"Origin": "https://evil.example.net", "X-Appwrite-JWT": "bad", "X-Appwrite-Project": "nope"}
    for _ in range(11):
        world.limits.use("url:/account/sessions/email,email:x", limit=10, seconds=3600)

    async def verdict() -> str:
        return (await client.call("POST", path, by="blocked", body={"email": "x"}, headers=headers)).verdict

    seen = [await verdict()]
    headers["Origin"] = "http://localhost"
    seen.append(await verdict())
    del headers["X-Appwrite-JWT"]
    seen.append(await verdict())
    del headers["X-Appwrite-Project"]
    seen.append(await verdict())
    world.services_off.clear()
    seen.append(await verdict())
    world.protocols_off.clear()
    seen.append(await verdict())
    world.accounts.users["somebody"].enabled = True
    seen.append(await verdict())
    world.rate_limits = False
    seen.append(await verdict())
    world.auth_methods_off.clear()
    seen.append(await verdict())
    client.identity("blocked")
    seen.append(await verdict())

    assert seen == [
        "403 general_unknown_origin",
        "401 user_jwt_invalid",
        "404 project_not_found",
        SERVICE_OFF,
        API_OFF,
        "403 user_blocked",
        "429 general_rate_limit_exceeded",
        "501 user_auth_method_unsupported",
        "401 user_session_already_exists",
        "400 general_argument_invalid",
    ]


async def test_switches_nothing_off_for_who_names_no_project(client: Client) -> None:
    client.sandbox.world.services_off.add("account")
    client.sandbox.world.protocols_off.add("rest")

    reply = await client.call("GET", "/account", headers={"X-Appwrite-Project": ""})

    assert reply.verdict == NO_SCOPE
