"""
Every fault of the server: what it breaks for whom, what goes on beside it, and that nothing of it is left afterwards.
"""

from collections.abc import Mapping

import aiohttp
import pytest

from monitor.sandbox.faults.catalogue import FAULTS
from monitor.sandbox.server import Sandbox
from tests.sandbox.client import Client
from tests.sandbox.states import documents_path
from tests.sandbox.survey import HEALTHY, acquaint, message, survey, verdict

pytestmark = pytest.mark.asyncio

REST = [name for name in HEALTHY if name not in {"socket", "event"}]
BY_KEY = ("health", "metadata", "databases")
BY_CLIENTS = [name for name in REST if name not in BY_KEY]


def all_rest(answer: str) -> dict[str, str]:
    return dict.fromkeys(REST, answer)


def no_socket(how: str) -> dict[str, str]:
    return {"socket": how, "event": "unheard"}


UNHEARD = {"event": "unheard"}
FORBIDDEN, UNAUTHORIZED = "401 general_access_forbidden", "401 user_unauthorized"
COLLECTION_GONE = {
    **dict.fromkeys(("list", "create"), "404 collection_not_found"),
    "rows": "404 table_not_found",
}
# What differs from a healthy sandbox, for faults with these parameters.
EFFECTS: list[tuple[str, Mapping[str, object], Mapping[str, str]]] = [
    ("proxy", {}, all_rest("403") | UNHEARD),
    ("proxy", {"status": 200}, all_rest("200") | UNHEARD),
    ("service_down", {}, all_rest("503") | no_socket("http 503")),
    ("server_error", {}, all_rest("500 general_unknown") | UNHEARD),
    (
        "server_error",
        {"methods": "write", "type": "database_timeout", "status": 408},
        dict.fromkeys(("create", "anonymous", "password", "function"), "408 database_timeout") | UNHEARD,
    ),
    ("slow", {"seconds": 0.001}, {}),
    ("api_gone", {"recovery_seconds": 0.0}, all_rest("502") | UNHEARD),
    ("database_gone", {"recovery_seconds": 0.0}, all_rest("500 general_unknown") | UNHEARD),
    ("redis_back_silent", {}, UNHEARD),
    ("realtime_gone", {"recovery_seconds": 0.0}, no_socket("http 502")),
    ("realtime_worker_killed", {}, {}),
    ("worker_stopped", {"recovery_seconds": 0.0}, {}),
    ("project_missing", {}, all_rest("404 project_not_found") | no_socket("error 1008, 1006")),
    (
        "wrong_region",
        {},
        dict.fromkeys(BY_CLIENTS, FORBIDDEN) | dict.fromkeys(BY_KEY, UNAUTHORIZED) | no_socket("error 401, 1006"),
    ),
    ("project_paused", {}, all_rest("403 project_paused") | {"version": "200"} | no_socket("error 403, 1006")),
    ("quota", {}, dict.fromkeys(("list", "bookings", "rows"), "402 database_read_cycle_limit_exceeded")),
    ("quota", {"of": "everything"}, all_rest("402 bandwidth_limit_exceeded") | {"version": "200"} | UNHEARD),
    (
        "rate_limited",
        {},
        dict.fromkeys(("create", "anonymous", "password", "function"), "429 general_rate_limit_exceeded"),
    ),
    (
        "rate_limited",
        {"methods": "any", "realtime": True},
        dict.fromkeys(BY_CLIENTS, "429 general_rate_limit_exceeded") | no_socket("error 1013, 1006"),
    ),
    ("key_invalid", {}, dict.fromkeys(BY_KEY, UNAUTHORIZED) | UNHEARD),
    ("key_invalid", {"how": "expired"}, dict.fromkeys(BY_KEY, "401 project_key_expired") | UNHEARD),
    ("key_scope", {}, dict.fromkeys(("metadata", "databases"), "401 general_unauthorized_scope")),
    ("key_scope", {"scopes": ["databases.read"]}, {"databases": "401 general_unauthorized_scope"}),
    (
        "session_invalid",
        {},
        {"account": "401 general_unauthorized_scope", "jwt": "401 user_jwt_invalid", "create": UNAUTHORIZED} | UNHEARD,
    ),
    ("session_invalid", {"sessions": False}, {"jwt": "401 user_jwt_invalid"}),
    ("origin_blocked", {}, {"page": "403 general_unknown_origin"}),
    ("origin_blocked", {"hosts": ["example.com"]}, {}),
    (
        "api_disabled",
        {},
        dict.fromkeys(("list", "create", "bookings"), "403 general_service_disabled"),
    ),
    ("api_disabled", {"services": ["locale"]}, {"page": "403 general_service_disabled"}),
    ("api_disabled", {"services": [], "protocols": ["rest"]}, dict.fromkeys(BY_CLIENTS, "403 general_api_disabled")),
    ("api_disabled", {"services": [], "protocols": ["websocket"]}, no_socket("error 403, 1006")),
    ("login_method_disabled", {}, {"anonymous": "501 user_auth_method_unsupported"}),
    ("login_method_disabled", {"method": "email-password"}, {"password": "501 user_auth_method_unsupported"}),
    (
        "database_missing",
        {},
        dict.fromkeys(("list", "create", "bookings", "rows", "metadata", "databases"), "404 database_not_found")
        | UNHEARD,
    ),
    (
        "database_missing",
        {"how": "disabled"},
        dict.fromkeys(("list", "create", "bookings", "rows"), "404 database_not_found"),
    ),
    ("collection_missing", {}, COLLECTION_GONE | {"metadata": "404 collection_not_found"} | UNHEARD),
    ("collection_missing", {"collection": "bookings"}, {"bookings": "404 collection_not_found"}),
    ("collection_disabled", {}, COLLECTION_GONE),
    ("collection_id_mismatch", {}, {"bookings": "404 collection_not_found"}),
    ("schema_drift", {}, {"create": "400 document_invalid_structure"} | UNHEARD),
    ("schema_stuck", {}, {"create": "400 document_invalid_structure"} | UNHEARD),
    ("permission_missing", {}, dict.fromkeys(("list", "create", "rows"), UNAUTHORIZED) | UNHEARD),
    ("permission_missing", {"actions": ["create"]}, {"create": UNAUTHORIZED}),
    ("permission_excess", {}, {}),
    ("realtime_refused", {}, no_socket("http 503")),
    ("realtime_refused", {"how": "frame", "code": 1013}, no_socket("error 1013, 1006")),
    ("realtime_crowded", {}, {}),
    ("realtime_misrouted", {}, no_socket("http 404")),
    ("realtime_silent", {}, UNHEARD),
    ("realtime_pipeline", {"every": 1}, UNHEARD),
    ("realtime_pipeline", {"every": 1, "collection": "bookings"}, {}),
    ("realtime_reordered", {"every": 1}, UNHEARD),
    ("realtime_late", {}, UNHEARD),
    ("realtime_late", {"collection": "bookings"}, {}),
    ("realtime_duplicate", {}, {}),
    ("function_failed", {}, {"function": "201 failed"}),
    ("function_failed", {"how": "denied"}, {"function": UNAUTHORIZED}),
    ("function_failed", {"how": "missing"}, {"function": "404 function_not_found"}),
    ("function_failed", {"how": "timeout"}, {"function": "408 function_synchronous_timeout"}),
    ("function_failed", {"how": "waiting"}, {}),
    ("function_failed", {"function": "another"}, {}),
    ("messages_stuck", {}, {}),
    ("message_misfiled", {}, {}),
    ("booking_expires", {}, {}),
    ("booking_unassigned", {}, {}),
    ("chat_record_late", {}, {}),
    ("notification_missing", {}, {}),
]
# Whoever calls while these are on waits, for longer than a survey can.
SEEN_ELSEWHERE = {"hang", "slow_headers", "redis_gone", "realtime_hang"}


@pytest.mark.parametrize(
    ("name", "parameters", "effect"),
    EFFECTS,
    ids=[" ".join((name, *map(str, parameters.values()))) for name, parameters, _ in EFFECTS],
)
async def test_breaks_what_it_says_and_nothing_else_and_leaves_nothing(
    client: Client, name: str, parameters: Mapping[str, object], effect: Mapping[str, str]
) -> None:
    await acquaint(client)

    client.sandbox.faults.switch_on(name, **parameters)
    broken = await survey(client)
    client.sandbox.faults.switch_off(name)
    healed = await survey(client)

    assert broken == {**HEALTHY, **effect}
    assert healed == HEALTHY


async def test_every_fault_of_the_server_is_among_them() -> None:
    tried = {name for name, _, _ in EFFECTS}

    assert tried | SEEN_ELSEWHERE == {name for name in FAULTS if not name.startswith("page_")}


async def test_a_document_written_while_a_fault_is_on_is_there_afterwards(client: Client) -> None:
    await acquaint(client)
    path = documents_path(client.sandbox.database, collection="chat_messages")
    client.sandbox.faults.switch_on("collection_disabled")

    written = await client.call("POST", path, by="key", body=message())
    hidden = await client.call("GET", f"{path}/{written.body['$id']}", by="customer")
    client.sandbox.faults.switch_off("collection_disabled")
    shown = await client.call("GET", f"{path}/{written.body['$id']}", by="customer")

    assert (written.verdict, hidden.verdict) == ("201", "404 collection_not_found")
    assert shown.body == written.body


async def test_a_page_of_a_site_that_is_not_registered_gets_no_cors_header(client: Client) -> None:
    await acquaint(client)
    allowed = await client.call("GET", "/locale", by="page")

    client.sandbox.faults.switch_on("origin_blocked")
    blocked = await client.call("GET", "/locale", by="page")
    elsewhere = await verdict(client, "version")

    assert "Access-Control-Allow-Origin" in allowed.headers
    assert "Access-Control-Allow-Origin" not in blocked.headers
    assert elsewhere == "200"


async def test_a_proxy_answers_with_a_page_that_is_not_appwrites(client: Client) -> None:
    client.sandbox.faults.switch_on("proxy")

    reply = await client.call("GET", "/health/version")

    assert (reply.headers["Content-Type"], reply.body[:6]) == ("text/html", "<html>")
    assert reply.headers["Server"] != "Appwrite"


@pytest.mark.parametrize(("name", "path"), [("database_gone", "/ping"), ("realtime_misrouted", "/realtime")])
async def test_errors_name_the_version_that_the_sandbox_is(name: str, path: str) -> None:
    async with Sandbox(profile="1.8") as sandbox, aiohttp.ClientSession() as session:
        sandbox.faults.switch_on(name)
        reply = await Client(sandbox, session).call("GET", path)

    assert reply.body["version"] == "1.8.1"
