import time
from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio
from pydantic import SecretStr

from monitor.core.cause import Cause
from monitor.core.redaction import Redactor
from monitor.core.severity import Severity
from monitor.incidents.incident import Incident, Purpose, Transition
from monitor.sinks.base import ATTEMPT_SECONDS, Result, Standing
from monitor.sinks.pagerduty import MAX_EVENT_BYTES, PagerDuty
from monitor.sinks.settings import PagerDutySettings
from tests.fakes.pagerduty import API_TOKEN, ROUTING_KEY, FakePagerDuty
from tests.fakes.receiver import Chance, Fault, Reply, Script, always
from tests.sinks.events import SetClock, event, finding, incident

pytestmark = pytest.mark.asyncio


@pytest_asyncio.fixture
async def pagerduty() -> AsyncIterator[FakePagerDuty]:
    async with FakePagerDuty() as pagerduty:
        yield pagerduty


def sink_for(pagerduty: FakePagerDuty, *, api_token: str | None = API_TOKEN, **settings: Any) -> PagerDuty:
    configured = PagerDutySettings(
        routing_key=SecretStr(ROUTING_KEY),
        url=pagerduty.enqueue_url,
        api_token=SecretStr(api_token) if api_token else None,
        api_url=pagerduty.url,
    )
    return PagerDuty(configured, redact=Redactor(), clock=SetClock(), **settings)


@pytest_asyncio.fixture
async def sink(pagerduty: FakePagerDuty) -> AsyncIterator[PagerDuty]:
    sink = sink_for(pagerduty)
    yield sink
    await sink.close()


async def test_an_incident_is_one_page_from_its_opening_to_its_end(pagerduty: FakePagerDuty, sink: PagerDuty) -> None:
    worse: dict[str, Any] = {"cause": Cause.SERVICE_DOWN, "summary": "the service is down"}
    for transition, changes in (
        (Transition.OPENED, {}),
        (Transition.CHANGED, worse),
        (Transition.REMINDED, worse),
        (Transition.RESOLVED, worse),
    ):
        answer = await sink.deliver(event(transition, **changes))
        assert answer.result is Result.DELIVERED

    (page,) = pagerduty.pages
    assert page.dedup_key == incident().dedup_key
    assert page.summary == "the service is down"
    assert [each["event_action"] for each in page.events] == ["trigger", "trigger", "trigger", "resolve"]
    assert (pagerduty.open_pages, pagerduty.second_pages, pagerduty.stray) == ([], [], [])


async def test_a_page_says_what_is_wrong_since_when_and_what_to_do(pagerduty: FakePagerDuty, sink: PagerDuty) -> None:
    await sink.deliver(event())

    sent = pagerduty.requests[0].json
    details = sent["payload"].pop("custom_details")
    assert sent == {
        "routing_key": ROUTING_KEY,
        "event_action": "trigger",
        "dedup_key": "production/fra1/20260123T093304-chat-delivery-1f2e",
        "client": "monitor",
        "payload": {
            "summary": "chat messages are stored, but no event reaches anybody",
            "source": "production",
            "severity": "critical",
            "timestamp": "2026-01-23T09:33:04.000+00:00",
            "component": "chat-delivery",
            "group": "fra1",
            "class": "realtime_pipeline",
        },
    }
    assert details["remedy"] == incident().remedy
    assert details["failing_since"] == "2026-01-23T09:33:00.000+00:00"
    assert details["findings"][0]["message"] == finding().message
    assert details["findings"][0]["outcome"]["evidence"] == {"phase": "event", "lost": 3}


@pytest.mark.parametrize(
    ("severity", "called"), [(Severity.PAGE, "critical"), (Severity.TICKET, "warning"), (Severity.INFO, "info")]
)
async def test_a_severity_has_a_name_there(
    pagerduty: FakePagerDuty, sink: PagerDuty, severity: Severity, called: str
) -> None:
    await sink.deliver(event(severity=severity))

    assert pagerduty.pages[0].events[0]["payload"]["severity"] == called


@pytest.mark.parametrize("purpose", [Purpose.TEST, Purpose.CANARY])
async def test_a_test_says_so_before_anything_else(pagerduty: FakePagerDuty, sink: PagerDuty, purpose: Purpose) -> None:
    await sink.deliver(event(purpose=purpose, findings=()))

    assert pagerduty.pages[0].summary.startswith("TEST PAGE")


async def test_a_key_that_is_too_long_becomes_one_that_is_the_same_every_time(pagerduty: FakePagerDuty) -> None:
    long, other = "x" * 300, "x" * 299 + "y"

    for incident_id, transition in ((long, Transition.OPENED), (other, Transition.OPENED), (long, Transition.RESOLVED)):
        # As after a restart.
        sink = sink_for(pagerduty)
        await sink.deliver(event(transition, id=incident_id))
        await sink.close()

    assert [page.resolved_at is not None for page in pagerduty.pages] == [True, False]
    assert len(pagerduty.pages[0].dedup_key) <= 255


@pytest.mark.slow
@pytest.mark.parametrize(
    ("characters", "findings", "kept"),
    [
        pytest.param(10, 2, "outcome", id="everything"),
        pytest.param(4000, 8, "outcome", id="large"),
        pytest.param(4000, 70, "message", id="without-outcomes"),
        pytest.param(4000, 5000, "message", id="of-the-first-hundred"),
    ],
)
async def test_what_is_too_large_loses_evidence_first_and_its_remedy_never(
    pagerduty: FakePagerDuty, sink: PagerDuty, characters: int, findings: int, kept: str
) -> None:
    text = "é" * characters
    found = finding(message="m" * characters, outcome={"evidence": dict.fromkeys("abcd", text)})

    answer = await sink.deliver(event(findings=(found,) * findings))

    sent = pagerduty.requests[0]
    details = sent.json["payload"]["custom_details"]
    assert answer.result is Result.DELIVERED
    assert len(sent.body) <= MAX_EVENT_BYTES
    assert details["remedy"] == incident().remedy
    assert all(kept in each for each in details["findings"])
    assert kept == "outcome" or not any("outcome" in each for each in details["findings"])
    assert len(details["findings"]) + details["more"] == findings


@pytest.mark.slow
async def test_when_nothing_else_fits_cause_and_remedy_do(pagerduty: FakePagerDuty, sink: PagerDuty) -> None:
    found = finding(message="\x01é" * 2000, step="é" * 4000)

    await sink.deliver(event(findings=(found,) * 200))

    details = pagerduty.requests[0].json["payload"]["custom_details"]
    assert (details["cause"], details["remedy"]) == ("realtime_pipeline", incident().remedy)
    assert details["more"] == 200
    assert "findings" not in details


@pytest.mark.parametrize("text", ["ü" * 5000, "👩‍👩‍👧‍👦" * 500, "\ud800" * 5000, "a\nb " * 1000])
async def test_a_summary_is_cut_between_characters(pagerduty: FakePagerDuty, sink: PagerDuty, text: str) -> None:
    await sink.deliver(event(summary=text))

    summary = pagerduty.pages[0].summary
    assert 300 < len(summary.encode()) <= 1024
    assert summary.endswith("…")
    assert "\n" not in summary


async def test_names_stay_though_a_password_is_a_part_of_them(pagerduty: FakePagerDuty) -> None:
    sink = PagerDuty(
        PagerDutySettings(routing_key=SecretStr(ROUTING_KEY), url=pagerduty.enqueue_url),
        redact=Redactor(["production", "chat-delivery"]),
        clock=SetClock(),
    )

    await sink.deliver(event(summary="the password is production"))
    await sink.close()

    (page,) = pagerduty.pages
    assert page.dedup_key == incident().dedup_key
    assert page.events[0]["payload"]["source"] == "production"
    assert page.summary == "the password is [redacted]"


async def test_a_wrong_key_is_named_by_pagerduty_and_refused(pagerduty: FakePagerDuty) -> None:
    sink = PagerDuty(
        PagerDutySettings(routing_key=SecretStr("too-short"), url=pagerduty.enqueue_url),
        redact=Redactor(),
        clock=SetClock(),
    )

    answer = await sink.deliver(event())
    await sink.close()

    assert answer.result is Result.REFUSED
    assert answer.why.startswith(f"pagerduty at {pagerduty.url.removeprefix('http://')} answered 400 (Event object")
    assert "check the key" in answer.why


async def test_a_repeat_after_a_lost_answer_wakes_nobody_again(pagerduty: FakePagerDuty, sink: PagerDuty) -> None:
    pagerduty.faults = Script([Fault.RESET_AFTER, Fault.RESET])
    answers = [await sink.deliver(event()) for _ in range(3)]

    assert [answer.result for answer in answers] == [Result.RETRY, Result.RETRY, Result.DELIVERED]
    assert len(pagerduty.pages) == 1


async def test_an_answer_counts_as_soon_as_it_begins(pagerduty: FakePagerDuty, sink: PagerDuty) -> None:
    pagerduty.faults = always(Fault.SLOW)

    started = time.monotonic()
    answer = await sink.deliver(event())

    assert answer.result is Result.DELIVERED
    assert time.monotonic() - started < ATTEMPT_SECONDS / 2


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(3))
async def test_repeated_until_it_is_delivered_it_is_one_page_whatever_happens_on_the_way(
    pagerduty: FakePagerDuty, seed: int
) -> None:
    sink = sink_for(pagerduty, attempt_seconds=0.1)
    pagerduty.faults = Chance(seed, [*Fault, Reply(status=429), Reply(status=500)], share=0.7)

    told = [event(made, id=str(number)) for number in range(5) for made in (Transition.OPENED, Transition.RESOLVED)]
    for sent in told:
        while (await sink.deliver(sent)).result is not Result.DELIVERED:
            continue
    await sink.close()

    assert sorted(page.dedup_key[-1] for page in pagerduty.pages) == list("01234")
    assert (pagerduty.open_pages, pagerduty.second_pages) == ([], [])


async def test_it_knows_how_an_incident_stands(pagerduty: FakePagerDuty, sink: PagerDuty) -> None:
    key = incident().dedup_key
    seen = [await sink.standing(key)]

    await sink.deliver(event())
    seen.append(await sink.standing(key))
    pagerduty.acknowledge(key)
    seen.append(await sink.standing(key))
    await sink.deliver(event(Transition.RESOLVED))
    seen.append(await sink.standing(key))
    await sink.deliver(event())
    seen.append(await sink.standing(key))

    assert seen == [Standing.ABSENT, Standing.OPEN, Standing.ACKNOWLEDGED, Standing.RESOLVED, Standing.OPEN]
    assert len(pagerduty.second_pages) == 1


async def test_a_long_key_is_asked_for_as_it_was_sent(pagerduty: FakePagerDuty, sink: PagerDuty) -> None:
    long: Incident = incident(id="ü" * 300)
    await sink.deliver(event(id=long.id))

    assert await sink.standing(long.dedup_key) is Standing.OPEN


@pytest.mark.parametrize("fault", [Fault.RESET, Fault.RESET_IN_BODY, Reply(status=500), Reply(body=b'{"incidents":7}')])
async def test_what_is_not_answered_is_not_known(
    pagerduty: FakePagerDuty, sink: PagerDuty, fault: Fault | Reply
) -> None:
    await sink.deliver(event())
    pagerduty.faults = always(fault)

    assert await sink.standing(incident().dedup_key) is Standing.UNKNOWN


@pytest.mark.parametrize("api_token", [None, "wrong"])
async def test_without_a_token_that_lets_in_nothing_is_known(pagerduty: FakePagerDuty, api_token: str | None) -> None:
    sink = sink_for(pagerduty, api_token=api_token)
    await sink.deliver(event())

    standing = await sink.standing(incident().dedup_key)
    await sink.close()

    assert standing is Standing.UNKNOWN
    assert len(pagerduty.requests) == (1 if api_token is None else 2)
