import hashlib
import hmac
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from pydantic import SecretStr

from monitor.core.redaction import Redactor
from monitor.incidents.incident import Event, Transition
from monitor.sinks.base import Result, Standing
from monitor.sinks.settings import WebhookSettings
from monitor.sinks.webhook import MAX_BODY_BYTES, Webhook
from tests.fakes.receiver import Fault, Script
from tests.fakes.webhook import SECRET, FakeWebhook
from tests.sinks.events import OPENED_AT, SetClock, event, finding, incident

pytestmark = pytest.mark.asyncio


@pytest_asyncio.fixture
async def receiver() -> AsyncIterator[FakeWebhook]:
    async with FakeWebhook(now=OPENED_AT.timestamp()) as receiver:
        yield receiver


def sink_for(receiver: FakeWebhook, *, secret: str | None = SECRET, clock: SetClock | None = None) -> Webhook:
    settings = WebhookSettings(url=SecretStr(f"{receiver.url}/hook?a=b"), secret=SecretStr(secret) if secret else None)
    return Webhook(settings, redact=Redactor(), clock=clock or SetClock())


@pytest_asyncio.fixture
async def sink(receiver: FakeWebhook) -> AsyncIterator[Webhook]:
    sink = sink_for(receiver)
    yield sink
    await sink.close()


async def test_what_arrives_is_the_event_and_can_be_read_back(receiver: FakeWebhook, sink: Webhook) -> None:
    sent = event(Transition.RESOLVED, summary="Грüße an 🧪")

    await sink.deliver(sent)

    assert Event.from_json(receiver.events[0]) == sent
    received = receiver.requests[0]
    assert "Грüße an 🧪".encode() in received.body
    assert b'": ' not in received.body
    assert received.headers["Content-Type"] == "application/json"
    assert received.headers["X-Monitor-Event-Id"] == sent.id
    assert (received.path, received.query) == ("/hook", "a=b")


async def test_the_signature_is_of_the_time_and_the_body(receiver: FakeWebhook, sink: Webhook) -> None:
    await sink.deliver(event())

    received = receiver.requests[0]
    assert received.headers["X-Monitor-Timestamp"] == str(int(OPENED_AT.timestamp()))
    signed = received.headers["X-Monitor-Timestamp"].encode() + b"." + received.body
    expected = hmac.new(SECRET.encode(), signed, hashlib.sha256).hexdigest()
    assert received.headers["X-Monitor-Signature"] == f"v1={expected}"


@pytest.mark.parametrize("secret", ["another", SECRET + "x" * 100])
async def test_a_wrong_secret_is_refused(receiver: FakeWebhook, secret: str) -> None:
    sink = sink_for(receiver, secret=secret)

    answer = await sink.deliver(event())
    await sink.close()

    assert answer.result is Result.REFUSED
    assert receiver.events == []


async def test_without_a_secret_nothing_is_signed(receiver: FakeWebhook) -> None:
    sink = sink_for(receiver, secret=None)

    await sink.deliver(event())
    await sink.close()

    assert "X-Monitor-Signature" not in receiver.requests[0].headers


async def test_an_attempt_is_signed_for_its_own_time(receiver: FakeWebhook) -> None:
    clock = SetClock(OPENED_AT.replace(year=2020))
    sink = sink_for(receiver, clock=clock)

    early = await sink.deliver(event())
    clock.at = OPENED_AT
    again = await sink.deliver(event())
    await sink.close()

    assert [early.result, again.result] == [Result.REFUSED, Result.DELIVERED]


async def test_a_repeat_is_known_by_its_id(receiver: FakeWebhook, sink: Webhook) -> None:
    receiver.faults = Script([Fault.RESET_AFTER])
    await sink.deliver(event())
    await sink.deliver(event())
    await sink.deliver(event(Transition.RESOLVED))

    assert receiver.transitions(incident().id) == ["opened", "resolved"]
    assert receiver.repeats == 1


@pytest.mark.slow
@pytest.mark.parametrize(
    ("characters", "findings", "sent"),
    [
        pytest.param(1000, 90, 90, id="no-outcomes"),
        pytest.param(1000, 2000, 100, id="many"),
        pytest.param(4000, 300, 20, id="enormous"),
    ],
)
async def test_what_is_too_large_loses_evidence_and_is_still_an_event(
    receiver: FakeWebhook, sink: Webhook, characters: int, findings: int, sent: int
) -> None:
    text = "é" * characters
    found = finding(message=text, step=text, outcome={"evidence": {f"said-{number}": text for number in range(40)}})

    answer = await sink.deliver(event(findings=(found,) * findings))

    assert answer.result is Result.DELIVERED
    assert len(receiver.requests[0].body) <= MAX_BODY_BYTES
    read = Event.from_json(receiver.events[0])
    assert read.incident.remedy == incident().remedy
    assert {each.message for each in read.incident.findings} == {text}
    assert len(read.incident.findings) == sent
    assert receiver.events[0]["incident"].get("more_findings", 0) == findings - sent


@pytest.mark.parametrize(
    ("given", "asked"),
    [
        pytest.param("/a%2Fb?token=x%20y+z", "/a%2Fb?token=x%20y+z", id="encoded-stays"),
        pytest.param("/a b/ü\r\n?x=ä b#part", "/a%20b/%C3%BC?x=%C3%A4%20b", id="what-no-request-holds"),
        pytest.param("", "/", id="no-path"),
    ],
)
async def test_the_address_is_the_one_that_was_configured(receiver: FakeWebhook, given: str, asked: str) -> None:
    settings = WebhookSettings(url=SecretStr(receiver.url + given), secret=SecretStr(SECRET))
    sink = Webhook(settings, redact=Redactor(), clock=SetClock())

    await sink.deliver(event())
    await sink.close()

    assert receiver.requests[0].target == asked


async def test_it_cannot_be_asked(sink: Webhook) -> None:
    assert await sink.standing(incident().dedup_key) is Standing.UNKNOWN
