"""
The Sentry sink against a real receiver.
"""

from collections.abc import AsyncIterator, Iterator

import pytest
import pytest_asyncio

from monitor.core.cause import Cause
from monitor.core.clock import SystemClock
from monitor.core.redaction import Redactor
from monitor.core.severity import Severity
from monitor.incidents.incident import Fault, Purpose, Transition
from monitor.sinks.base import DELIVERED, Result
from monitor.sinks.sentry import Sentry
from monitor.sinks.settings import SentrySettings
from tests.sinks.bugsink import Bugsink, bugsink_in
from tests.sinks.events import event, finding

pytestmark = [pytest.mark.asyncio, pytest.mark.slow]

SECRET = "correct-horse-battery"


@pytest.fixture(scope="module")
def bugsink(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bugsink]:
    with bugsink_in(tmp_path_factory.mktemp("sentry") / "bugsink") as bugsink:
        yield bugsink


@pytest_asyncio.fixture
async def sink(bugsink: Bugsink) -> AsyncIterator[Sentry]:
    settings = SentrySettings.model_validate({"dsn": bugsink.dsn, "environment": "tests"})
    sink = Sentry(settings, redact=Redactor([SECRET, bugsink.dsn]), clock=SystemClock())
    yield sink
    await sink.close()


async def test_incidents_of_one_cause_are_one_issue_and_another_cause_is_another(
    bugsink: Bugsink, sink: Sentry
) -> None:
    for number in range(3):
        told = event(target="grouped", id=f"incident-{number}", event_id=f"{number}", summary=f"this time {number}")
        assert await sink.deliver(told) == DELIVERED
    assert await sink.deliver(event(target="grouped", cause=Cause.DNS, event_id="dns")) == DELIVERED
    assert (
        await sink.deliver(event(target="grouped", findings=(finding(fault=Fault.OWN),), event_id="own")) == DELIVERED
    )
    assert await sink.deliver(event(target="grouped", purpose=Purpose.TEST, event_id="test")) == DELIVERED

    stored = bugsink.events("grouped")

    assert [stored.issue for stored in stored[:3]] == [stored[0].issue] * 3
    assert len({each.issue for each in stored}) == 4
    assert [each.title for each in stored[2:]] == [
        "grouped: realtime pipeline",
        "grouped: dns",
        "grouped: the monitor's own fault: realtime pipeline",
        "grouped: TEST of the way to Sentry, nothing is wrong, from fra1",
    ]


async def test_an_event_that_is_sent_again_is_taken_and_is_still_one(bugsink: Bugsink, sink: Sentry) -> None:
    answers = [await sink.deliver(event(target="repeated")) for _ in range(3)]

    assert answers == [DELIVERED] * 3
    assert len(bugsink.events("repeated")) == 1


async def test_the_end_is_noted_in_the_issue_of_the_incident(bugsink: Bugsink, sink: Sentry) -> None:
    for transition in (Transition.OPENED, Transition.REMINDED, Transition.RESOLVED):
        assert await sink.deliver(event(transition, target="resolved")) == DELIVERED

    stored = bugsink.events("resolved")

    assert [(each.data["tags"]["transition"], each.level) for each in stored] == [
        ("opened", "fatal"),
        ("reminded", "fatal"),
        ("resolved", "info"),
    ]
    assert len({each.issue for each in stored}) == 1


@pytest.mark.parametrize("severity", Severity)
async def test_every_event_is_valid_by_the_schema_of_sentry(severity: Severity, bugsink: Bugsink, sink: Sentry) -> None:
    wild = "\ud83d\0\N{SLEEPING FACE}" * 100_000
    told = event(target=f"valid-{severity}", severity=severity, summary=wild, findings=(finding(message=wild),) * 50)

    assert await sink.deliver(told) == DELIVERED

    # What is not valid is answered with 200 as well, and dropped.
    [stored] = bugsink.events(f"valid-{severity}")
    assert (stored.data["environment"], stored.data["server_name"]) == ("tests", "fra1")


async def test_evidence_and_check_ins_arrive_byte_for_byte(bugsink: Bugsink, sink: Sentry) -> None:
    assert (
        await sink.deliver(event(target="attached", findings=(finding(outcome={"evidence": "of attached"}),)))
        == DELIVERED
    )
    assert await sink.check_in(ok=True, duration_seconds=1.5, every_seconds=60.0) == DELIVERED

    envelopes = bugsink.envelopes()

    assert any(b'"filename":"evidence-chat-delivery.json"' in each and b'"of attached"' in each for each in envelopes)
    assert any(b'"monitor_slug":"monitor"' in each and b'"duration":1.5' in each for each in envelopes)


async def test_a_secret_is_nowhere_in_what_is_stored(bugsink: Bugsink, sink: Sentry) -> None:
    outcome = {"message": f"said {SECRET}", "evidence": {"password": "opensesame", SECRET: [SECRET]}}
    found = finding(check=f"c-{SECRET}", message=f"got {SECRET}", outcome=outcome)
    before = len(bugsink.envelopes())

    told = event(target="secret", findings=(found,), summary=f"it is {SECRET}", remedy=SECRET, location=SECRET)
    assert await sink.deliver(told) == DELIVERED

    [envelope] = bugsink.envelopes()[before:]
    assert SECRET.encode() not in envelope
    assert b"opensesame" not in envelope
    assert envelope.count(b"[redacted]") >= 10


async def test_a_wrong_key_is_refused(bugsink: Bugsink) -> None:
    settings = SentrySettings.model_validate({"dsn": bugsink.dsn.replace("//", "//0")})
    sink = Sentry(settings, redact=Redactor(), clock=SystemClock())

    answer = await sink.deliver(event())
    await sink.close()

    assert answer.result is Result.REFUSED
