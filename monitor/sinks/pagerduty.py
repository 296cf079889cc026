"""
PagerDuty, by its Events API v2.

Every event carries the dedup key that the incident got when it opened: a repeat, a reminder or a better diagnosis adds
to the incident that PagerDuty has open under it. Whoever resolves it there by hand while it lasts is told again.
"""

from collections.abc import Mapping
from hashlib import sha256
from typing import Any
from urllib.parse import urlencode

from monitor.core.clock import Clock
from monitor.core.severity import Severity
from monitor.incidents.incident import Event, Finding, Transition, stamp
from monitor.sinks.base import ATTEMPT_SECONDS, Answer, Standing
from monitor.sinks.http import HttpClient
from monitor.sinks.payload import Redact, brief, clean, cut, encode, headline, plain, smallest_loss, trimmed
from monitor.sinks.settings import PagerDutySettings

# Of the Events API: beyond it an event is refused as a whole.
MAX_EVENT_BYTES = 512_000
MAX_SUMMARY_BYTES = 1024
MAX_DEDUP_KEY_BYTES = 255

_MAX_FIELD_BYTES = 255
_MAX_REMEDY_BYTES = 4096
_MAX_DIAGNOSIS_BYTES = 16_384
_SEVERITIES = {Severity.PAGE: "critical", Severity.TICKET: "warning", Severity.INFO: "info"}
# Of the incidents that had one key, the newest; one that is open stands before one that is over.
_STANDINGS = {
    "triggered": Standing.OPEN,
    "acknowledged": Standing.ACKNOWLEDGED,
    "resolved": Standing.RESOLVED,
}


class PagerDuty:
    """
    Triggers and resolves; asks the REST API how an incident stands, where a token for it is configured.
    """

    name = "pagerduty"
    repeats_seconds: float | None = None

    def __init__(
        self, settings: PagerDutySettings, *, redact: Redact, clock: Clock, attempt_seconds: float = ATTEMPT_SECONDS
    ) -> None:
        self._settings = settings
        self._redact = redact
        self._routing_key = settings.routing_key.get_secret_value()
        self._api_token = settings.api_token.get_secret_value() if settings.api_token else ""
        self._http = HttpClient(
            self.name,
            redact=redact,
            clock=clock,
            attempt_seconds=attempt_seconds,
            secrets=(self._routing_key, self._api_token),
        )

    async def deliver(self, event: Event) -> Answer:
        """
        Attempt once to hand *event* over.
        """
        return await self._http.post(self._settings.url, self._body(event), {"Content-Type": "application/json"})

    async def standing(self, dedup_key: str) -> Standing:
        """
        Ask PagerDuty how the incident with this key stands; unknown without a token for its REST API.
        """
        if not self._api_token:
            return Standing.UNKNOWN
        query = [("incident_key", key_of(dedup_key)), ("date_range", "all"), ("sort_by", "created_at:desc")]
        query += [("statuses[]", status) for status in _STANDINGS] + [("limit", "5")]
        reply = await self._http.exchange(
            "GET",
            f"{self._settings.api_url}/incidents?{urlencode(query)}",
            headers={"Authorization": f"Token token={self._api_token}", "Accept": "application/json"},
        )
        return _standing_in(reply.json())

    async def close(self) -> None:
        """
        Let go of connections.
        """
        await self._http.close()

    def _body(self, event: Event) -> bytes:
        envelope = {"routing_key": self._routing_key, "dedup_key": key_of(event.incident.dedup_key)}
        if event.transition is Transition.RESOLVED:
            return encode({**envelope, "event_action": "resolve"})

        def with_details(**details: object) -> dict[str, Any]:
            payload = {**self._payload(event), "custom_details": plain(details, self._redact)}
            return {**envelope, "event_action": "trigger", "client": "monitor", "payload": payload}

        (incident, left_out), about = trimmed(event.incident), self._about(event)
        return smallest_loss(
            (
                lambda: with_details(**about, findings=[_full(each) for each in incident.findings], more=left_out),
                lambda: with_details(**about, findings=[brief(each) for each in incident.findings], more=left_out),
                lambda: with_details(**about, more=len(event.incident.findings)),
            ),
            max_bytes=MAX_EVENT_BYTES,
        )

    def _payload(self, event: Event) -> dict[str, str]:
        incident = event.incident
        fields = {
            "summary": cut(headline(event, self._redact), MAX_SUMMARY_BYTES),
            "source": cut(incident.target, _MAX_FIELD_BYTES),
            "severity": _SEVERITIES[incident.severity],
            "timestamp": stamp(event.at),
            "component": cut(", ".join(incident.checks), _MAX_FIELD_BYTES),
            "group": cut(incident.location, _MAX_FIELD_BYTES),
            "class": incident.cause.value,
        }
        return {name: value for name, value in fields.items() if value}

    def _about(self, event: Event) -> Mapping[str, object]:
        incident = event.incident
        return {
            "cause": incident.cause.value,
            "remedy": cut(clean(incident.remedy, self._redact), _MAX_REMEDY_BYTES),
            "diagnosis": cut(clean(incident.explanation, self._redact), _MAX_DIAGNOSIS_BYTES),
            "event": event.transition.value,
            "purpose": event.purpose.value,
            "incident": incident.id,
            "target": incident.target,
            "location": incident.location,
            "failing_since": stamp(incident.failing_since),
            "is_flapping": incident.is_flapping,
        }


def key_of(dedup_key: str) -> str:
    """
    Return the key under which PagerDuty knows the incident: the same, or a digest of one that is too long for it.
    """
    encoded = dedup_key.encode("utf-8", "replace")
    if len(encoded) <= MAX_DEDUP_KEY_BYTES:
        return encoded.decode()
    return f"sha256:{sha256(encoded).hexdigest()}"


def _full(finding: Finding) -> dict[str, object]:
    return {**brief(finding), "outcome": dict(finding.outcome)}


def _standing_in(data: object) -> Standing:
    incidents = data.get("incidents") if isinstance(data, dict) else None
    if not isinstance(incidents, list):
        return Standing.UNKNOWN
    if not incidents:
        return Standing.ABSENT
    statuses = [each.get("status") for each in incidents if isinstance(each, dict)]
    return next((standing for status, standing in _STANDINGS.items() if status in statuses), Standing.UNKNOWN)
