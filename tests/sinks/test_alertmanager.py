"""
What is sent, to a receiver that only listens; and what becomes of it, at the real Alertmanager.
"""

import asyncio
import base64
import json
import time
import urllib.request
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from pydantic import SecretStr

from monitor.core.cause import Cause
from monitor.core.clock import Clock, SystemClock
from monitor.core.redaction import Redactor
from monitor.core.severity import Severity
from monitor.incidents.incident import Purpose, Transition
from monitor.sinks.alertmanager import Alertmanager
from monitor.sinks.base import Result, Standing
from monitor.sinks.settings import AlertmanagerSettings
from tests.fakes.pagerduty import FakePagerDuty
from tests.fakes.receiver import Fault, Receiver, Reply, Script, always
from tests.sinks.alertmanager import alertmanager
from tests.sinks.events import FAILING_SINCE, OPENED_AT, SetClock, event, finding, incident

pytestmark = pytest.mark.asyncio

_PATIENCE_SECONDS = 15.0
_REFINED: dict[str, Any] = {"cause": Cause.SERVICE_DOWN, "severity": Severity.TICKET}
_LABELS = {
    "alertname": "SyntheticIncident",
    "target": "production",
    "location": "fra1",
    "severity": "page",
    "cause": "realtime_pipeline",
    "incident": "20260123T093304-chat-delivery-1f2e",
}


def sink_for(url: str, clock: Clock | None = None, **settings: Any) -> Alertmanager:
    configured = AlertmanagerSettings.model_validate({"url": url, "repeat": "1m", **settings})
    return Alertmanager(configured, redact=Redactor(), clock=clock or SystemClock())


@pytest_asyncio.fixture
async def receiver() -> AsyncIterator[Receiver]:
    async with Receiver() as receiver:
        yield receiver


@pytest.fixture
def clock() -> SetClock:
    return SetClock(OPENED_AT + timedelta(seconds=10))


@pytest_asyncio.fixture
async def sink(receiver: Receiver, clock: SetClock) -> AsyncIterator[Alertmanager]:
    sink = sink_for(receiver.url, clock)
    yield sink
    await sink.close()


def sent_to(receiver: Receiver) -> list[list[tuple[str, bool]]]:
    """
    Return what every request said: the cause of each alert, and whether it is open.
    """
    return [
        [(each["labels"]["cause"], len(each["annotations"]) > 0) for each in request.json]
        for request in receiver.requests
    ]


async def test_an_open_incident_is_an_alert_that_ends_unless_it_is_said_again(
    receiver: Receiver, sink: Alertmanager
) -> None:
    await sink.deliver(event())

    assert receiver.requests[0].path == "/api/v2/alerts"
    assert receiver.requests[0].json == [
        {
            "labels": _LABELS,
            "annotations": {
                "summary": incident().summary,
                "description": f"chat-delivery in step write: no_event: {finding().message}",
                "remedy": incident().remedy,
            },
            "startsAt": "2026-01-23T09:33:00.000+00:00",
            "endsAt": "2026-01-23T09:37:14.000+00:00",
        }
    ]
    assert sink.repeats_seconds == 60.0


async def test_a_resolved_one_ended_when_it_was_resolved(receiver: Receiver, sink: Alertmanager) -> None:
    await sink.deliver(event(Transition.RESOLVED))

    (alert,) = receiver.requests[0].json
    assert alert["labels"] == _LABELS
    assert (alert["startsAt"], alert["endsAt"]) == ("2026-01-23T09:33:00.000+00:00", "2026-01-23T09:53:00.000+00:00")


@pytest.mark.parametrize("transition", Transition)
@pytest.mark.parametrize("hours", [-1000, 0, 1000], ids=["set-back", "right", "set-forward"])
async def test_an_alert_begins_before_it_ends_whatever_the_clock_does(
    receiver: Receiver, sink: Alertmanager, clock: SetClock, transition: Transition, hours: int
) -> None:
    await sink.deliver(event())
    clock.at += timedelta(hours=hours)
    await sink.deliver(event(transition, resolved_at=FAILING_SINCE, **_REFINED))

    for alert in [*receiver.requests[0].json, *receiver.requests[1].json]:
        assert datetime.fromisoformat(alert["startsAt"]) < datetime.fromisoformat(alert["endsAt"])
    assert all(datetime.fromisoformat(alert["startsAt"]) < clock.at for alert in receiver.requests[1].json)


async def test_a_changed_incident_ends_what_was_said_before_in_the_same_request(
    receiver: Receiver, sink: Alertmanager, clock: SetClock
) -> None:
    await sink.deliver(event())
    await sink.deliver(event(Transition.CHANGED, **_REFINED))
    await sink.deliver(event(Transition.REMINDED, **_REFINED))
    await sink.deliver(event(Transition.RESOLVED, **_REFINED))

    assert sent_to(receiver) == [
        [("realtime_pipeline", True)],
        [("service_down", True), ("realtime_pipeline", False)],
        [("service_down", True)],
        [("service_down", True)],
    ]
    ended = receiver.requests[1].json[1]
    assert (ended["labels"], datetime.fromisoformat(ended["endsAt"])) == (_LABELS, clock.at)


async def test_what_may_have_arrived_is_ended_too(receiver: Receiver, sink: Alertmanager) -> None:
    receiver.faults = Script([Fault.RESET_AFTER, Reply(status=503)])
    causes = (Cause.REALTIME_PIPELINE, Cause.SERVICE_DOWN, Cause.DNS, Cause.DNS)

    answers = [await sink.deliver(event(Transition.CHANGED, cause=cause)) for cause in causes]

    assert [answer.result for answer in answers[:3]] == [Result.RETRY, Result.RETRY, Result.DELIVERED]
    assert sent_to(receiver)[2:] == [
        [("dns", True), ("realtime_pipeline", False), ("service_down", False)],
        [("dns", True)],
    ]


async def test_an_incident_that_goes_back_to_its_first_cause_is_open_under_it(
    receiver: Receiver, sink: Alertmanager
) -> None:
    for changes in (dict[str, Any](), _REFINED, dict[str, Any]()):
        await sink.deliver(event(Transition.CHANGED, **changes))

    assert sent_to(receiver)[-1] == [("realtime_pipeline", True), ("service_down", False)]


async def test_incidents_do_not_end_each_other(receiver: Receiver, sink: Alertmanager) -> None:
    await sink.deliver(event(id="one"))
    await sink.deliver(event(id="two", cause=Cause.DNS))

    assert sent_to(receiver)[-1] == [("dns", True)]


async def test_configured_labels_are_added_and_never_replace_what_it_is_known_by(receiver: Receiver) -> None:
    sink = sink_for(receiver.url, labels={"team": "booking", "incident": "mine"})

    await sink.deliver(event())
    await sink.close()

    assert receiver.requests[0].json[0]["labels"] == {**_LABELS, "team": "booking"}


async def test_a_test_can_be_routed_apart_and_says_so(receiver: Receiver, sink: Alertmanager) -> None:
    await sink.deliver(event(purpose=Purpose.TEST))

    (alert,) = receiver.requests[0].json
    assert alert["labels"] == {**_LABELS, "purpose": "test"}
    assert alert["annotations"]["summary"].startswith("TEST PAGE: ")


async def test_it_signs_in_where_it_must(receiver: Receiver) -> None:
    sink = sink_for(receiver.url, username="monitor", password=SecretStr("wörd:with"))

    await sink.deliver(event())
    await sink.standing(incident().dedup_key)
    await sink.close()

    expected = f"Basic {base64.b64encode('monitor:wörd:with'.encode()).decode()}"
    assert [request.headers["Authorization"] for request in receiver.requests] == [expected] * 2


async def test_of_many_checks_some_are_described(receiver: Receiver, sink: Alertmanager) -> None:
    await sink.deliver(event(findings=tuple(finding(check=f"c-{number}") for number in range(50))))

    lines = receiver.requests[0].json[0]["annotations"]["description"].splitlines()
    assert len(lines) == 21
    assert lines[-1] == "and 30 more checks"


async def test_what_is_remembered_has_a_bound(receiver: Receiver, sink: Alertmanager) -> None:
    receiver.faults = always(Reply(status=400))
    for number in range(1010):
        sink._remember(str(number), [_LABELS])

    await sink.deliver(event())

    assert len(sink._said) == 1000


@pytest_asyncio.fixture
async def pagerduty() -> AsyncIterator[FakePagerDuty]:
    async with FakePagerDuty() as pagerduty:
        yield pagerduty


@pytest.fixture
def server(tmp_path: Path, pagerduty: FakePagerDuty) -> Iterator[str]:
    with alertmanager(tmp_path, pagerduty) as url:
        yield url


@pytest_asyncio.fixture
async def real(server: str) -> AsyncIterator[Alertmanager]:
    sink = sink_for(server)
    yield sink
    await sink.close()


async def alerts_at(url: str) -> list[dict[str, Any]]:
    """
    Return the alerts that are not over.
    """

    def ask() -> list[dict[str, Any]]:
        with urllib.request.urlopen(f"{url}/api/v2/alerts", timeout=5.0) as answer:
            found: list[dict[str, Any]] = json.load(answer)
            return found

    return await asyncio.to_thread(ask)


async def eventually(is_so: Callable[[], Awaitable[object]]) -> None:
    deadline = time.monotonic() + _PATIENCE_SECONDS
    while time.monotonic() < deadline:
        if await is_so():
            return
        await asyncio.sleep(0.02)
    raise AssertionError("it did not come to that")


def now(**changes: Any) -> dict[str, Any]:
    """
    Return the times of an incident of this minute.
    """
    since = datetime.now(UTC) - timedelta(seconds=30)
    return {"failing_since": since, "opened_at": since + timedelta(seconds=4), **changes}


@pytest.mark.slow
async def test_an_incident_reaches_the_pager_behind_alertmanager_and_so_does_its_end(
    real: Alertmanager, pagerduty: FakePagerDuty
) -> None:
    async def pages() -> bool:
        return pagerduty.open_pages != []

    async def no_pages() -> bool:
        return pagerduty.open_pages == []

    answer = await real.deliver(event(**now()))
    await eventually(pages)
    standing = await real.standing(incident().dedup_key)
    other = await real.standing("production/syd/20260123T093304-chat-delivery-1f2e")

    resolved = await real.deliver(event(Transition.RESOLVED, **now(resolved_at=datetime.now(UTC))))
    await eventually(no_pages)

    assert (answer.result, resolved.result) == (Result.DELIVERED, Result.DELIVERED)
    assert (standing, other) == (Standing.OPEN, Standing.ABSENT)
    assert len(pagerduty.pages) == 1
    assert await real.standing(incident().dedup_key) is Standing.ABSENT


@pytest.mark.slow
async def test_an_open_incident_lasts_as_long_as_it_is_said_again(server: str) -> None:
    # As if it had been said four minutes ago, but for a second.
    clock = SetClock(datetime.now(UTC) - timedelta(seconds=239))
    sink = sink_for(server, clock)
    await sink.deliver(event(**now()))
    ends_at = clock.at + timedelta(seconds=240)

    async def is_past() -> bool:
        return datetime.now(UTC) > ends_at + timedelta(seconds=0.2)

    clock.at += timedelta(seconds=2)
    await sink.deliver(event(Transition.REMINDED, **now()))
    await sink.close()

    await eventually(is_past)
    assert [each["labels"]["incident"] for each in await alerts_at(server)] == [incident().id]
    # And no longer, once nobody says it.
    await eventually(lambda: nothing_at(server))


@pytest.mark.slow
async def test_a_changed_incident_is_exactly_one_alert(server: str, real: Alertmanager) -> None:
    await real.deliver(event(**now()))
    seen = [await alerts_at(server)]
    await real.deliver(event(Transition.CHANGED, **now(**_REFINED)))
    seen.append(await alerts_at(server))
    await real.deliver(event(Transition.CHANGED, **now()))
    seen.append(await alerts_at(server))

    labels = [[(each["labels"]["severity"], each["labels"]["cause"]) for each in alerts] for alerts in seen]
    assert labels == [[("page", "realtime_pipeline")], [("ticket", "service_down")], [("page", "realtime_pipeline")]]


@pytest.mark.slow
async def test_after_a_restart_the_former_alert_ends_by_itself(server: str) -> None:
    before = sink_for(server, SetClock(datetime.now(UTC) - timedelta(seconds=239)))
    await before.deliver(event(**now()))
    await before.close()

    after = sink_for(server)
    await after.deliver(event(Transition.CHANGED, **now(**_REFINED)))
    await after.close()

    async def only_one() -> bool:
        return [each["labels"]["cause"] for each in await alerts_at(server)] == ["service_down"]

    await eventually(only_one)


@pytest.mark.slow
async def test_what_hangs_together_inhibits_each_other_as_it_changes(server: str, real: Alertmanager) -> None:
    symptom = now(id="symptom", severity=Severity.TICKET, cause=Cause.JOURNEY_BROKEN)
    await real.deliver(event(**symptom))
    await real.deliver(event(**now(id="cause")))
    before = await states_at(server)

    await real.deliver(event(Transition.CHANGED, **now(id="cause", cause=Cause.SERVICE_DOWN)))
    await eventually(lambda: is_suppressed(server, "symptom"))
    during = await states_at(server)
    over = now(id="cause", cause=Cause.SERVICE_DOWN, resolved_at=datetime.now(UTC))
    await real.deliver(event(Transition.RESOLVED, **over))

    assert "suppressed" not in before.values()
    assert during["cause"] != "suppressed"

    async def is_free() -> bool:
        return not await is_suppressed(server, "symptom")

    await eventually(is_free)


async def states_at(url: str) -> dict[str, str]:
    return {each["labels"]["incident"]: each["status"]["state"] for each in await alerts_at(url)}


async def is_suppressed(url: str, incident_id: str) -> bool:
    return (await states_at(url))[incident_id] == "suppressed"


async def nothing_at(url: str) -> bool:
    return await alerts_at(url) == []
