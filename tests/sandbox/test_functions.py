"""
Functions: who may execute them, at once or by the worker, and what the chat function lets pass.
"""

import asyncio
import json
from collections.abc import Mapping
from typing import Any

import pytest

from monitor.sandbox.functions.contacts import violation_in
from monitor.sandbox.state import functions
from tests.sandbox.client import Client, Reply

pytestmark = pytest.mark.asyncio

CUSTOMER = "synthetic-customer"
TIMEOUT_SECONDS = 5.0


async def execute(
    client: Client,
    function: str = "ping",
    *,
    by: str = "guest",
    fields: Mapping[str, object] | None = None,
    **more: object,
) -> Reply:
    return await client.call("POST", f"/functions/{function}/executions", by=by, body={**(fields or {}), **more})


async def chat(client: Client, text: str, **fields: str) -> Reply:
    body = {"senderId": CUSTOMER, "sessionId": "s1", "message": text} | fields
    return await execute(client, "sendChatMessage", by="key", body=json.dumps(body))


async def settled(client: Client, execution: str, *, by: str) -> Any:
    """
    Return the execution once the worker is done with it.
    """
    path = f"/functions/ping/executions/{execution}"
    async with asyncio.timeout(TIMEOUT_SECONDS):
        while (reply := await client.call("GET", path, by=by)).body["status"] in {"waiting", "processing"}:  # noqa: ASYNC110 - asked over HTTP, as a caller must
            await asyncio.sleep(0.005)
    return reply.body


async def test_answers_at_once_with_what_the_function_said(client: Client) -> None:
    reply = await execute(client, body="hello", path="/x", method="PUT")

    assert (reply.status, reply.body["status"], reply.body["responseStatusCode"]) == (201, "completed", 200)
    assert json.loads(reply.body["responseBody"]) == {"pong": True, "method": "PUT", "path": "/x", "body": "hello"}
    assert (reply.body["functionId"], reply.body["trigger"], reply.body["logs"]) == ("ping", "http", "")


async def test_an_asynchronous_execution_is_completed_by_the_worker(client: Client) -> None:
    client.sign_in("ann", "ann")

    reply = await execute(client, by="ann", fields={"async": True})
    done = await settled(client, reply.body["$id"], by="ann")

    assert (reply.status, reply.body["status"]) == (202, "waiting")
    assert (done["status"], done["responseStatusCode"], done["responseBody"]) == ("completed", 200, "")


async def test_an_asynchronous_execution_waits_while_the_worker_does_not_work(client: Client) -> None:
    client.sandbox.world.functions.worker.works = lambda: False

    reply = await execute(client, by="key", fields={"async": True})
    path = f"/functions/ping/executions/{reply.body['$id']}"

    assert client.sandbox.world.functions.worker.waiting == 1
    assert (await client.call("GET", path, by="key")).body["status"] == "waiting"


async def test_only_keys_see_logs(client: Client) -> None:
    client.sign_in("ann", "ann")
    made = await execute(client, by="ann")
    path = f"/functions/ping/executions/{made.body['$id']}"

    by_user, by_key = [await client.call("GET", path, by=who) for who in ("ann", "key")]

    assert (by_user.body["logs"], by_key.body["logs"]) == ("", "pong")


async def test_users_see_their_own_executions(client: Client) -> None:
    client.sign_in("ann", "ann")
    client.sign_in("ben", "ben")
    made = await execute(client, by="ann")
    path = f"/functions/ping/executions/{made.body['$id']}"

    totals = [(await client.call("GET", "/functions/ping/executions", by=who)).body["total"] for who in ("ann", "ben")]

    assert totals == [1, 0]
    assert (await client.call("GET", path, by="ben")).verdict == "404 execution_not_found"
    assert (await client.call("GET", path)).verdict == "401 general_unauthorized_scope"


@pytest.mark.parametrize(
    ("changes", "who", "verdict"),
    [
        pytest.param({"execute": ("users",)}, "guest", "401 user_unauthorized", id="guest-where-users-may"),
        pytest.param({"execute": ("users",)}, "ann", "201", id="user-where-users-may"),
        pytest.param({"execute": ()}, "ann", "401 user_unauthorized", id="nobody-may"),
        pytest.param({"execute": ()}, "key", "201", id="keys-always-may"),
        pytest.param({"deployment_id": ""}, "key", "404 deployment_not_found", id="nothing-deployed"),
        pytest.param({"build": "building"}, "key", "400 build_not_ready", id="still-building"),
        pytest.param({"takes_seconds": 16.0}, "key", "408 function_synchronous_timeout", id="takes-too-long"),
        pytest.param({"enabled": False}, "ann", "404 function_not_found", id="disabled-for-users"),
        pytest.param({"enabled": False}, "key", "201", id="disabled-for-keys"),
    ],
)
async def test_answers_as_the_function_is(client: Client, changes: dict[str, object], who: str, verdict: str) -> None:
    client.sign_in("ann", "ann")
    for name, value in changes.items():
        setattr(client.sandbox.world.functions.by_id["ping"], name, value)

    assert (await execute(client, by=who)).verdict == verdict


@pytest.mark.parametrize(
    ("function", "fields", "verdict"),
    [
        pytest.param("none", {}, "404 function_not_found", id="missing"),
        pytest.param("ping", {"method": "BREW"}, "400 general_argument_invalid", id="unknown-method"),
        pytest.param("ping", {"async": 7}, "400 general_argument_invalid", id="async-is-no-boolean"),
        pytest.param("ping", {"headers": 7}, "400 general_argument_invalid", id="headers-are-no-object"),
        pytest.param("ping", {"path": "/" * 2049}, "400 general_argument_invalid", id="long-path"),
    ],
)
async def test_refuses(client: Client, function: str, fields: dict[str, object], verdict: str) -> None:
    assert (await execute(client, function, fields=fields)).verdict == verdict


async def test_keys_list_functions(client: Client) -> None:
    reply = await client.call("GET", "/functions", by="key")
    one = await client.call("GET", "/functions/ping", by="key")
    guest = await client.call("GET", "/functions")

    assert [each["$id"] for each in reply.body["functions"]] == ["ping", "sendChatMessage"]
    assert one.body["execute"] == ["any"]
    assert guest.verdict == "401 general_unauthorized_scope"


async def test_announces_an_execution_to_whoever_made_it(client: Client) -> None:
    client.sign_in("ann", "ann")
    client.sign_in("ben", "ben")
    of_ann, of_ben = [await client.listen("&channels[]=executions", by=who) for who in ("ann", "ben")]
    await of_ann.frame(), await of_ben.frame()

    made = await execute(client, by="ann")

    (event,) = await of_ann.events()
    assert event["events"][0] == f"functions.ping.executions.{made.body['$id']}.create"
    assert {"executions", f"executions.{made.body['$id']}", "functions.ping"} <= set(event["channels"])
    assert await of_ben.events() == []


async def test_writes_a_message_that_both_people_hear(client: Client) -> None:
    client.sign_in("therapist", "synthetic-therapist")
    channel = f"databases.{client.sandbox.database}.collections.chat_messages.documents"
    listener = await client.listen(f"&channels[]={channel}", by="therapist")
    await listener.frame()

    reply = await chat(client, "see you at eight", recipientId="synthetic-therapist")

    answer = json.loads(reply.body["responseBody"])
    (event,) = await listener.events()
    assert (reply.body["status"], answer["success"]) == ("completed", True)
    assert event["payload"]["$id"] == answer["messageId"]
    assert event["payload"]["text"] == "see you at eight"


@pytest.mark.parametrize(
    ("text", "status", "state", "answer"),
    [
        pytest.param("my number is 0812 3456 7890", 400, "completed", "phone_number", id="refused"),
        pytest.param("x" * 256, 500, "failed", None, id="too-long-for-content"),
        pytest.param("x" * 255, 200, "completed", None, id="just-fits"),
        pytest.param("", 400, "completed", None, id="empty"),
    ],
)
async def test_refuses_inside_of_an_execution(
    client: Client, text: str, status: int, state: str, answer: str | None
) -> None:
    reply = await chat(client, text)

    assert (reply.status, reply.body["responseStatusCode"], reply.body["status"]) == (201, status, state)
    assert json.loads(reply.body["responseBody"]).get("violationType") == answer


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("see you tonight", None),
        ("the online hotline is nice", None),
        ("room 12, at 20:30", None),
        ("WA please", "whatsapp"),
        ("on WhatsApp", "whatsapp"),
        ("line: kate", "social_media"),
        ("ig kate", "social_media"),
        ("@kate", "username"),
        ("kate@example.com", "email"),
        ("08123456789", "phone_number"),
        ("nol delapan satu dua tiga", "number_words"),
        ("call me", "contact_request"),
    ],
)
async def test_finds_contact_details(text: str, kind: str | None) -> None:
    assert violation_in(text) == kind


async def test_a_function_that_cannot_write_fails(client: Client) -> None:
    client.sandbox.world.databases[client.sandbox.database].collections.pop("chat_messages")

    reply = await chat(client, "hello")

    assert (reply.status, reply.body["status"], reply.body["responseStatusCode"]) == (201, "failed", 500)
    assert "chat_messages" in reply.body["errors"]


async def test_forgets_the_oldest_execution(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(functions, "MAX_EXECUTIONS", 1)

    await execute(client)
    last = await execute(client)

    assert list(client.sandbox.world.functions.executions) == [last.body["$id"]]
