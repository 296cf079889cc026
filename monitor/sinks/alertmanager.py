"""
Prometheus Alertmanager, by its API v2.

Alertmanager knows an alert by its labels. An incident keeps its target, location and id, but its cause and severity may
change, and routes and inhibition need them as labels: so a changed incident is another alert. The sink remembers with
which labels it has said an incident and ends what it said before in the same request that says it anew. After a restart
it remembers nothing; the former alert then ends by itself, since nobody sends it again.

An alert ends four intervals after it was last sent, unless it was resolved: this daemon's death does not leave it open.
"""

import base64
from collections.abc import Mapping
from datetime import datetime, timedelta
from urllib.parse import urlencode

from monitor.core.clock import Clock
from monitor.incidents.incident import Event, Finding, Incident, Purpose, Transition, stamp
from monitor.sinks.base import ATTEMPT_SECONDS, Answer, Result, Standing
from monitor.sinks.http import HttpClient
from monitor.sinks.payload import Redact, clean, cut, encode, headline
from monitor.sinks.settings import AlertmanagerSettings

ALERT_NAME = "SyntheticIncident"

# One repeat may fail, and the next, and a third be under way.
_REPEATS_BEFORE_THE_END = 4
_A_MOMENT = timedelta(milliseconds=1)
# Far more than can be open at once; what is forgotten ends by itself.
_MOST_REMEMBERED = 1000
_MAX_TEXT_BYTES = 4096
_MOST_FINDINGS = 20

Labels = Mapping[str, str]


class Alertmanager:
    """
    Says open incidents again and again, and ends them when they are resolved.
    """

    name = "alertmanager"

    def __init__(
        self, settings: AlertmanagerSettings, *, redact: Redact, clock: Clock, attempt_seconds: float = ATTEMPT_SECONDS
    ) -> None:
        self.repeats_seconds: float | None = settings.repeat_seconds
        self._alerts_url = f"{settings.url}/api/v2/alerts"
        self._labels = dict(settings.labels)
        self._redact = redact
        self._clock = clock
        password = settings.password.get_secret_value() if settings.password else ""
        credentials = base64.b64encode(f"{settings.username or ''}:{password}".encode()).decode()
        self._authorization = {"Authorization": f"Basic {credentials}"} if settings.username else {}
        self._http = HttpClient(
            self.name, redact=redact, clock=clock, attempt_seconds=attempt_seconds, secrets=(password, credentials)
        )
        # By dedup key, every set of labels under which Alertmanager may have the incident open.
        self._said: dict[str, list[Labels]] = {}

    async def deliver(self, event: Event) -> Answer:
        """
        Attempt once to hand *event* over.
        """
        key, labels = event.incident.dedup_key, self._labels_of(event)
        former = [each for each in self._said.get(key, ()) if each != labels]
        # Before it is known whether the request arrives: it may, though no answer does.
        self._remember(key, [*former, labels])
        alerts = [self._alert(event, labels), *(self._ended(event, each) for each in former)]
        headers = {"Content-Type": "application/json", **self._authorization}
        answer = await self._http.post(self._alerts_url, encode(alerts), headers)
        if answer.result is Result.DELIVERED:
            self._remember(key, [] if event.transition is Transition.RESOLVED else [labels])
        return answer

    async def standing(self, dedup_key: str) -> Standing:
        """
        Ask whether the incident with this key is open there; Alertmanager keeps nothing of what is over.
        """
        incident_id = dedup_key.rpartition("/")[2].replace("\\", "\\\\").replace('"', '\\"')
        query = urlencode({"filter": f'incident="{incident_id}"'})
        reply = await self._http.exchange(
            "GET", f"{self._alerts_url}?{query}", headers={"Accept": "application/json", **self._authorization}
        )
        alerts = reply.json()
        if not isinstance(alerts, list):
            return Standing.UNKNOWN
        return Standing.OPEN if any(_key_in(each) == dedup_key for each in alerts) else Standing.ABSENT

    async def close(self) -> None:
        """
        Let go of connections.
        """
        await self._http.close()

    def _remember(self, key: str, labels: list[Labels]) -> None:
        self._said.pop(key, None)
        if labels:
            self._said[key] = labels
        while len(self._said) > _MOST_REMEMBERED:
            del self._said[next(iter(self._said))]

    def _labels_of(self, event: Event) -> Labels:
        incident = event.incident
        # Routes must be able to tell a test from the real thing.
        purpose = {} if event.purpose is Purpose.INCIDENT else {"purpose": event.purpose.value}
        return {
            **self._labels,
            **purpose,
            "alertname": ALERT_NAME,
            "target": incident.target,
            "location": incident.location,
            "severity": incident.severity.value,
            "cause": incident.cause.value,
            "incident": incident.id,
        }

    def _alert(self, event: Event, labels: Labels) -> dict[str, object]:
        incident, begin = event.incident, self._begin(event.incident)
        end = incident.resolved_at or self._clock.now()
        if event.transition is not Transition.RESOLVED:
            end = self._clock.now() + timedelta(seconds=_REPEATS_BEFORE_THE_END * (self.repeats_seconds or 0.0))
        annotations = {
            "summary": headline(event, self._redact),
            "description": self._description(incident),
            "remedy": clean(incident.remedy, self._redact),
            **({"diagnosis": clean(incident.explanation, self._redact)} if incident.diagnosis else {}),
        }
        return {
            "labels": labels,
            "annotations": {name: cut(text, _MAX_TEXT_BYTES) for name, text in annotations.items()},
            **_span(begin, end),
        }

    def _ended(self, event: Event, labels: Labels) -> dict[str, object]:
        return {"labels": labels, "annotations": {}, **_span(self._begin(event.incident), self._clock.now())}

    def _begin(self, incident: Incident) -> datetime:
        # A wall clock that was set back must not make it begin in the future, or after its end.
        return min(incident.failing_since, self._clock.now() - _A_MOMENT)

    def _description(self, incident: Incident) -> str:
        lines = [_line(finding) for finding in incident.findings[:_MOST_FINDINGS]]
        if len(incident.findings) > _MOST_FINDINGS:
            lines.append(f"and {len(incident.findings) - _MOST_FINDINGS} more checks")
        return "\n".join(clean(line, self._redact) for line in lines)


def _span(begin: datetime, end: datetime) -> dict[str, str]:
    # Refused unless it begins before it ends, to the millisecond that is sent.
    return {"startsAt": stamp(begin), "endsAt": stamp(max(end, begin + _A_MOMENT))}


def _line(finding: Finding) -> str:
    where = f" in step {finding.step}" if finding.step else ""
    return f"{finding.check}{where}: {finding.reason}: {finding.message}"


def _key_in(alert: object) -> str | None:
    labels = alert.get("labels") if isinstance(alert, dict) else None
    if not isinstance(labels, dict):
        return None
    return "/".join(str(labels.get(name)) for name in ("target", "location", "incident"))
