"""
Messages: what a key may send, who gets it, and what becomes of it.
"""

import asyncio
from typing import Any

import pytest

from monitor.sandbox.state import messaging
from tests.sandbox.client import Client, Reply

pytestmark = pytest.mark.asyncio

CUSTOMER = "synthetic-customer"
TIMEOUT_SECONDS = 5.0


async def send(client: Client, kind: str = "push", **fields: object) -> Reply:
    body = {"messageId": "m1", "title": "New booking", "body": "Tonight", "users": [CUSTOMER]} | fields
    return await client.call("POST", f"/messaging/messages/{kind}", by="key", body=body)


async def add_device(client: Client, token: str = "a-token") -> None:
    body = {"targetId": "phone", "providerType": "push", "identifier": token}
    reply = await client.call("POST", f"/users/{CUSTOMER}/targets", by="key", body=body)
    assert reply.status == 201


async def settled(client: Client, path: str = "/messaging/messages/m1") -> Any:
    """
    Return the message once the worker is done with it.
    """
    async with asyncio.timeout(TIMEOUT_SECONDS):
        while (reply := await client.call("GET", path, by="key")).body["status"] == "processing":  # noqa: ASYNC110 - asked over HTTP, as a caller must
            await asyncio.sleep(0.005)
    return reply.body


async def test_delivers_to_the_device_of_a_user(client: Client) -> None:
    await add_device(client)

    made = await send(client)
    message = await settled(client)

    assert (made.status, made.body["status"], made.body["deliveredTotal"]) == (201, "processing", 0)
    assert (message["status"], message["deliveredTotal"], message["deliveryErrors"]) == ("sent", 1, [])
    assert message["deliveredAt"]
    assert message["data"] == {"title": "New booking", "body": "Tonight"}


async def test_delivers_an_email_to_the_address_of_the_account(client: Client) -> None:
    await send(client, "email", subject="s", content="c")

    assert (await settled(client))["deliveredTotal"] == 1


@pytest.mark.parametrize(
    ("enabled", "users", "error"),
    [
        pytest.param(True, ["nobody"], "No valid recipients found.", id="nobody-has-a-target"),
        pytest.param(False, [CUSTOMER], "No enabled provider found.", id="provider-switched-off"),
    ],
)
async def test_fails_with_the_reason(client: Client, *, enabled: bool, users: list[str], error: str) -> None:
    await add_device(client)
    client.sandbox.world.messaging.providers["sandbox-push"].enabled = enabled

    await send(client, users=users)
    message = await settled(client)

    assert (message["status"], message["deliveryErrors"], message["deliveredTotal"]) == ("failed", [error], 0)
    assert message["deliveredAt"] is None


async def test_an_expired_device_fails_the_message_that_reached_another(client: Client) -> None:
    await add_device(client)
    body = {"targetId": "old", "providerType": "push", "identifier": "old-token"}
    await client.call("POST", f"/users/{CUSTOMER}/targets", by="key", body=body)
    client.sandbox.world.accounts.users[CUSTOMER].extra_targets[1].expired = True

    await send(client)
    message = await settled(client)

    assert (message["status"], message["deliveredTotal"], len(message["deliveryErrors"])) == ("failed", 1, 1)


async def test_stays_in_process_while_the_worker_does_not_work(client: Client) -> None:
    await add_device(client)
    worker = client.sandbox.world.messaging.worker
    worker.works = lambda: False

    await send(client)
    worker.delay_seconds = 0.0
    await asyncio.sleep(0)
    reply = await client.call("GET", "/messaging/messages/m1", by="key")
    stuck, waiting = reply.body["status"], worker.waiting
    worker.works = lambda: True

    assert (stuck, waiting) == ("processing", 1)
    assert (await settled(client))["status"] == "sent"


async def test_a_draft_waits_until_it_is_sent(client: Client) -> None:
    await add_device(client)

    made = await send(client, draft=True)
    sent = await client.call("PATCH", "/messaging/messages/push/m1", by="key", body={"title": "t", "draft": False})

    assert (made.body["status"], sent.body["status"]) == ("draft", "processing")
    assert (await settled(client))["data"]["title"] == "t"


async def test_a_scheduled_message_waits_for_its_time(client: Client) -> None:
    await add_device(client)

    made = await send(client, scheduledAt="2999-01-01T00:00:00.000+00:00")
    client.sandbox.world.messaging.messages["m1"].scheduled_at = "2020-01-01T00:00:00.000+00:00"

    assert made.body["status"] == "scheduled"
    assert (await settled(client))["status"] == "sent"


@pytest.mark.parametrize(
    ("who", "method", "path", "body", "verdict"),
    [
        pytest.param("guest", "GET", "", None, "401 general_unauthorized_scope", id="guests-read-nothing"),
        pytest.param("user", "GET", "/m1", None, "401 general_unauthorized_scope", id="users-read-nothing"),
        pytest.param("key", "GET", "/none", None, "404 message_not_found", id="missing"),
        pytest.param("key", "DELETE", "/m1", None, "204", id="deleted"),
        pytest.param("key", "PATCH", "/push/m1", {"title": "t"}, "400 message_already_sent", id="sent-already"),
        pytest.param(
            "key", "POST", "/push", {"messageId": "m2", "title": "t"}, "400 message_missing_target", id="to-nobody"
        ),
        pytest.param(
            "key", "POST", "/push", {"messageId": "m1", "users": ["u"]}, "409 document_already_exists", id="taken-id"
        ),
        pytest.param("key", "POST", "/sms", {"messageId": "m2"}, "400 general_argument_invalid", id="no-content"),
        pytest.param(
            "key",
            "POST",
            "/push",
            {"messageId": "m2", "data": "x"},
            "400 general_argument_invalid",
            id="data-no-object",
        ),
        pytest.param("key", "POST", "/push", {}, "400 general_argument_invalid", id="no-id"),
        pytest.param(
            "key", "POST", "/push", {"messageId": "m2", "users": "u"}, "400 general_argument_invalid", id="no-list"
        ),
    ],
)
async def test_answers(client: Client, who: str, method: str, path: str, body: object, verdict: str) -> None:
    client.sign_in("user", "ann")
    await add_device(client)
    await send(client)
    await settled(client)

    reply = await client.call(method, f"/messaging/messages{path}", by=who, body=body)

    assert reply.verdict == verdict


async def test_lists_by_status_and_text(client: Client) -> None:
    await send(client, messageId="one", title="apple", draft=True)
    await send(client, messageId="two", title="pear", draft=True)
    query = '{"method":"equal","attribute":"status","values":["draft"]}'.replace('"', "%22")

    drafts = await client.call("GET", f"/messaging/messages?queries[0]={query}", by="key")
    pears = await client.call("GET", "/messaging/messages?search=pear", by="key")

    assert drafts.body["total"] == 2
    assert [each["$id"] for each in pears.body["messages"]] == ["two"]


async def test_tells_targets_and_what_was_done(client: Client) -> None:
    await add_device(client)
    await send(client, users=[], targets=["phone"])

    targets = await client.call("GET", "/messaging/messages/m1/targets", by="key")
    logs = await client.call("GET", "/messaging/messages/m1/logs", by="key")

    assert [each["identifier"] for each in targets.body["targets"]] == ["a-token"]
    assert [each["event"] for each in logs.body["logs"]] == ["messages.m1.create"]


async def test_forgets_the_oldest_message(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(messaging, "MAX_MESSAGES", 2)

    for id_ in ("one", "two", "three"):
        await send(client, messageId=id_, draft=True)

    assert list(client.sandbox.world.messaging.messages) == ["two", "three"]


async def test_targets_are_kept_with_the_user(client: Client) -> None:
    await add_device(client)

    listed = await client.call("GET", f"/users/{CUSTOMER}/targets", by="key")
    again = await client.call(
        "POST",
        f"/users/{CUSTOMER}/targets",
        by="key",
        body={"targetId": "phone", "providerType": "push", "identifier": "x"},
    )
    gone = await client.call("DELETE", f"/users/{CUSTOMER}/targets/phone", by="key")
    missing = await client.call("GET", f"/users/{CUSTOMER}/targets/phone", by="key")

    assert [each["providerType"] for each in listed.body["targets"]] == ["email", "push"]
    assert (again.verdict, gone.status) == ("409 user_target_already_exists", 204)
    assert missing.verdict == "404 user_target_not_found"
