"""
Every sink, made for tests, with what the contract has to know of each.

A new sink is one entry of ``SUBJECTS``: how it is made for the address of a receiver, and which secrets it then holds.
``test_contract.py`` does the rest. What sends no JSON, or more than 1 MB, says so in its entry, and names the receiver
that answers it as the real thing does if any 2xx will not do.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote
from uuid import uuid4

from pydantic import SecretStr
from sentry_sdk.envelope import Envelope

from monitor.core.clock import SystemClock
from monitor.core.redaction import Redactor
from monitor.incidents.incident import Event
from monitor.sinks.alertmanager import Alertmanager
from monitor.sinks.base import ATTEMPT_SECONDS, Answer, Sink, Standing
from monitor.sinks.heartbeat import HeartbeatClient
from monitor.sinks.pagerduty import PagerDuty
from monitor.sinks.sentry import Sentry
from monitor.sinks.settings import (
    AlertmanagerSettings,
    HeartbeatSettings,
    PagerDutySettings,
    SentrySettings,
    SlackSettings,
    WebhookSettings,
)
from monitor.sinks.slack import Slack
from monitor.sinks.webhook import Webhook
from tests.fakes import healthchecks, pagerduty, sentry, webhook
from tests.fakes.receiver import Received, Receiver

PASSWORD = 'pass"word of ünïcode & more'


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """
    A sink under contract.

    *make* is given the address of a receiver (without a path), and what every sink is. *secrets* must never be seen.
    *receiver* takes what it sends; *read* reads a request, raising ``ValueError`` if nobody could.
    """

    make: Callable[..., Sink]
    secrets: tuple[str, ...]
    receiver: Callable[..., Receiver] = Receiver
    read: Callable[[Received], Any] = lambda received: received.json
    max_bytes: int = 1_000_000


class BeatingHeart:
    """
    The dead man's switch as a sink: an event is a beat that says what is wrong.
    """

    name = "heartbeat"
    repeats_seconds: float | None = None

    def __init__(self, settings: HeartbeatSettings, **given: Any) -> None:
        self._client = HeartbeatClient(settings, **given)

    async def deliver(self, event: Event) -> Answer:
        return await self._client.beat(run_id=uuid4(), failed=event.incident.findings[0].message)

    async def standing(self, dedup_key: str) -> Standing:
        return Standing.UNKNOWN

    async def close(self) -> None:
        await self._client.close()


def _pagerduty(url: str, **given: Any) -> Sink:
    settings = PagerDutySettings(
        routing_key=SecretStr(pagerduty.ROUTING_KEY),
        url=f"{url}/v2/enqueue",
        api_token=SecretStr(pagerduty.API_TOKEN),
        api_url=url,
    )
    return PagerDuty(settings, **given)


def _alertmanager(url: str, **given: Any) -> Sink:
    settings = AlertmanagerSettings(url=f"{url}/prefix-of-it", username="monitor", password=SecretStr(PASSWORD))
    return Alertmanager(settings, **given)


def _webhook(url: str, **given: Any) -> Sink:
    address = SecretStr(f"{url}/hooks/hook-token?key=query-token")
    return Webhook(WebhookSettings(url=address, secret=SecretStr(webhook.SECRET)), **given)


def _slack(url: str, **given: Any) -> Sink:
    return Slack(SlackSettings(url=SecretStr(f"{url}/services/T0TEAM000/B0BOT0000/slack-token")), **given)


def _heartbeat(url: str, **given: Any) -> Sink:
    return BeatingHeart(HeartbeatSettings(url=SecretStr(f"{url}/{healthchecks.CHECK_ID}")), **given)


def _sentry(url: str, **given: Any) -> Sink:
    dsn = f"{url.replace('://', f'://{sentry.KEY}@')}/{sentry.PROJECT}"
    return Sentry(SentrySettings(dsn=SecretStr(dsn)), **given)


SUBJECTS: Mapping[str, Subject] = {
    "pagerduty": Subject(
        make=_pagerduty,
        secrets=(pagerduty.ROUTING_KEY, pagerduty.API_TOKEN, "/v2/enqueue"),
        receiver=pagerduty.FakePagerDuty,
        max_bytes=512_000,
    ),
    "alertmanager": Subject(make=_alertmanager, secrets=(PASSWORD, "prefix-of-it")),
    "webhook": Subject(
        make=_webhook, secrets=(webhook.SECRET, "hook-token", "query-token"), receiver=webhook.FakeWebhook
    ),
    "slack": Subject(make=_slack, secrets=("T0TEAM000", "B0BOT0000", "slack-token"), max_bytes=40_000),
    "heartbeat": Subject(
        make=_heartbeat,
        secrets=(healthchecks.CHECK_ID,),
        receiver=healthchecks.FakeHealthchecks,
        read=lambda received: received.body.decode("utf-8"),
        max_bytes=10_000,
    ),
    "sentry": Subject(
        make=_sentry,
        secrets=(sentry.KEY, "/api/42/envelope"),
        receiver=sentry.FakeSentry,
        read=lambda received: Envelope.deserialize(received.body),
        max_bytes=2_000_000,
    ),
}


def sink_of(subject: Subject, url: str, *, attempt_seconds: float = ATTEMPT_SECONDS) -> Sink:
    """
    Return the sink for the receiver at *url*; its redactor knows no secret, so that the sink has to.
    """
    return subject.make(url, redact=Redactor(), clock=SystemClock(), attempt_seconds=attempt_seconds)


def forms_of(secret: str) -> set[str]:
    """
    Return how *secret* may stand in a text: as it is, in JSON, and in an address.
    """
    return {secret, json.dumps(secret)[1:-1], json.dumps(secret, ensure_ascii=False)[1:-1], quote(secret)}
