"""
Events as JSON, posted to an address of one's own.

The body is ``Event.as_json``. Three headers stand beside it: the id of the event, the same for every repeat; the time
of sending; and, where a secret is configured, ``v1=`` with the HMAC-SHA256 of that time, a dot and the body. A receiver
that refuses old times and known ids cannot be played a recording.

Of an incident with very many findings only the first are sent; ``more_findings`` beside them says how many more it has.
"""

import hmac
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from monitor.core.clock import Clock
from monitor.incidents.incident import Event
from monitor.sinks.base import ATTEMPT_SECONDS, Answer, Standing
from monitor.sinks.http import HttpClient
from monitor.sinks.payload import Redact, plain, smallest_loss, trimmed
from monitor.sinks.settings import WebhookSettings

# What web servers take without being told otherwise.
MAX_BODY_BYTES = 1_000_000

# Whatever they hold, so many fit.
_FEW_FINDINGS = 20


class Webhook:
    """
    Posts every event as it is.
    """

    name = "webhook"
    repeats_seconds: float | None = None

    def __init__(
        self, settings: WebhookSettings, *, redact: Redact, clock: Clock, attempt_seconds: float = ATTEMPT_SECONDS
    ) -> None:
        self._url = settings.url.get_secret_value()
        self._secret = settings.secret.get_secret_value() if settings.secret else ""
        self._redact = redact
        self._clock = clock
        secrets = (self._secret, self._url)
        self._http = HttpClient(self.name, redact=redact, clock=clock, attempt_seconds=attempt_seconds, secrets=secrets)

    async def deliver(self, event: Event) -> Answer:
        """
        Attempt once to hand *event* over.
        """
        body = self._body(event)
        sent_at = str(int(self._clock.now().timestamp()))
        headers = {
            "Content-Type": "application/json",
            "X-Monitor-Event-Id": event.id,
            "X-Monitor-Timestamp": sent_at,
        }
        if self._secret:
            headers["X-Monitor-Signature"] = sign(self._secret, sent_at, body)
        return await self._http.post(self._url, body, headers)

    async def standing(self, dedup_key: str) -> Standing:  # noqa: ARG002 - there is nothing to ask
        """
        Return unknown: a webhook cannot be asked.
        """
        return Standing.UNKNOWN

    async def close(self) -> None:
        """
        Let go of connections.
        """
        await self._http.close()

    def _body(self, event: Event) -> bytes:
        incident, left_out = trimmed(event.incident)
        whole = plain(replace(event, incident=incident).as_json(), self._redact)
        if left_out:
            whole["incident"]["more_findings"] = left_out
        return smallest_loss(
            (lambda: whole, lambda: _without_outcomes(whole), lambda: _short(whole)), max_bytes=MAX_BODY_BYTES
        )


def sign(secret: str, sent_at: str, body: bytes) -> str:
    """
    Return the signature of *body*, sent at *sent_at* (seconds since 1970).
    """
    return f"v1={hmac.new(secret.encode(), f'{sent_at}.'.encode() + body, 'sha256').hexdigest()}"


def _without_outcomes(event: Mapping[str, Any]) -> dict[str, Any]:
    findings = [{**each, "outcome": {}} for each in event["incident"]["findings"]]
    return {**event, "incident": {**event["incident"], "findings": findings}}


def _short(event: Mapping[str, Any]) -> dict[str, Any]:
    bare = _without_outcomes(event)
    few = bare["incident"]["findings"][:_FEW_FINDINGS]
    left_out = bare["incident"].get("more_findings", 0) + len(bare["incident"]["findings"]) - len(few)
    return {**bare, "incident": {**bare["incident"], "findings": few, "more_findings": left_out}}
