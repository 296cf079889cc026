"""
What is known of a cause goes to every sink that carries incidents, in the same words and without secrets.
"""

from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio
from sentry_sdk.envelope import Envelope

from monitor.core.cause import Cause
from monitor.core.clock import SystemClock
from monitor.core.redaction import Redactor
from monitor.diagnosis.diagnosis import Confidence, Diagnosis
from monitor.incidents.incident import Incident
from monitor.sinks.base import Result, Sink
from tests.fakes.receiver import Receiver
from tests.sinks.contract import SUBJECTS, Subject
from tests.sinks.events import FAILING_SINCE, event, incident

pytestmark = pytest.mark.asyncio(loop_factories=["asyncio"])

SECRET = "correct-horse-battery"
DIAGNOSIS = Diagnosis(
    cause=Cause.REALTIME_SILENT,
    confidence=Confidence.CERTAIN,
    summary="sockets open and no event arrives",
    checks=("chat-delivery",),
    evidence_for=("no event arrives of the control collection neither", f"it said {SECRET}"),
    evidence_against=("api-version passed",),
    remedy=("restart the realtime container", f"with {SECRET}"),
    rivals=(Cause.REALTIME_PIPELINE,),
    opinion=("an event of any collection would make it another",),
    runbook="dashboards/runbooks/realtime_silent.md",
    since=FAILING_SINCE,
)
# The dead man's switch carries beats, and no incident.
CARRIERS = [pytest.param(subject, id=name) for name, subject in SUBJECTS.items() if name != "heartbeat"]


@pytest.fixture(params=CARRIERS)
def subject(request: pytest.FixtureRequest) -> Subject:
    assert isinstance(request.param, Subject)
    return request.param


@pytest_asyncio.fixture
async def receiver(subject: Subject) -> AsyncIterator[Receiver]:
    async with subject.receiver() as receiver:
        yield receiver


@pytest_asyncio.fixture
async def sink(subject: Subject, receiver: Receiver) -> AsyncIterator[Sink]:
    sink = subject.make(receiver.url, redact=Redactor([SECRET]), clock=SystemClock())
    yield sink
    await sink.close()


async def test_every_sink_tells_the_evidence_and_what_would_change_the_opinion(
    subject: Subject, receiver: Receiver, sink: Sink
) -> None:
    answer = await sink.deliver(event(diagnosis=DIAGNOSIS))

    sent = "".join(_text_of(subject.read(each)) for each in receiver.requests)
    assert answer.result is Result.DELIVERED
    for text in (
        "no event arrives of the control collection neither",
        "api-version passed",
        "restart the realtime container",
        "an event of any collection would make it another",
        "realtime_silent.md",
    ):
        assert text in sent
    assert SECRET not in sent


def _text_of(sent: Any) -> str:
    if isinstance(sent, Envelope):
        return b"".join(item.get_bytes() for item in sent.items).decode()
    return str(sent)


async def test_it_is_read_back_as_it_was() -> None:
    told = incident(diagnosis=DIAGNOSIS)

    assert Incident.from_json(told.as_json()) == told


async def test_what_an_older_version_wrote_is_read_too() -> None:
    document = incident().as_json()
    del document["diagnosis"]

    assert Incident.from_json(document) == incident()
