"""
An incoming webhook of Slack, or of what understands the same: Mattermost, Rocket.Chat, Discord's ``/slack``.

A message is a headline and one attachment of plain fields, the form that all of them know. What it quotes was said by
servers and pages under test, so it can neither mention anybody nor show a link under another name: Slack's control
characters are escaped, markup is off, and the marks that the others look for are broken by a space of no width.
"""

from collections.abc import Callable

from monitor.core.clock import Clock
from monitor.core.duration import show_duration
from monitor.core.severity import Severity
from monitor.incidents.incident import Event, Incident, Transition
from monitor.sinks.base import ATTEMPT_SECONDS, Answer, Standing
from monitor.sinks.http import HttpClient
from monitor.sinks.payload import Redact, clean, cut, encode, headline
from monitor.sinks.settings import SlackSettings

# Slack takes 40,000 characters of text and shows 3,000 of a part; an escaped character is up to five.
_MAX_HEADLINE_BYTES = 600
_MAX_FIELD_BYTES = 400
_MAX_DIAGNOSIS_BYTES = 6000
_DIAGNOSIS = "Diagnosis"
_MOST_FINDINGS = 5
_NO_WIDTH = "\u200b"
_COLOURS = {Severity.PAGE: "#c01c28", Severity.TICKET: "#e5a50a", Severity.INFO: "#3584e4"}
_RESOLVED_COLOUR = "#26a269"
_WORDS = {
    Transition.OPENED: "open",
    Transition.CHANGED: "changed",
    Transition.REMINDED: "still open",
    Transition.RESOLVED: "resolved",
}


class Slack:
    """
    Writes one message for every event.
    """

    name = "slack"
    repeats_seconds: float | None = None

    def __init__(
        self, settings: SlackSettings, *, redact: Redact, clock: Clock, attempt_seconds: float = ATTEMPT_SECONDS
    ) -> None:
        self._url = settings.url.get_secret_value()
        self._redact = redact
        self._http = HttpClient(
            self.name, redact=redact, clock=clock, attempt_seconds=attempt_seconds, secrets=(self._url,)
        )

    async def deliver(self, event: Event) -> Answer:
        """
        Attempt once to hand *event* over.
        """
        body = encode(message_of(event, self._redact))
        return await self._http.post(self._url, body, {"Content-Type": "application/json"})

    async def standing(self, dedup_key: str) -> Standing:  # noqa: ARG002 - there is nothing to ask
        """
        Return unknown: what was posted cannot be asked for.
        """
        return Standing.UNKNOWN

    async def close(self) -> None:
        """
        Let go of connections.
        """
        await self._http.close()


def message_of(event: Event, redact: Redact) -> dict[str, object]:
    """
    Return the message that says *event*.
    """
    incident = event.incident
    what = f"[{incident.severity} · {_WORDS[event.transition]}] {incident.target} from {incident.location}"
    text = harmless(cut(f"{what}: {headline(event, redact)}", _MAX_HEADLINE_BYTES))
    is_over = event.transition is Transition.RESOLVED
    return {
        "text": text,
        "mrkdwn": False,
        "link_names": False,
        "attachments": [
            {
                "fallback": text,
                "color": _RESOLVED_COLOUR if is_over else _COLOURS[incident.severity],
                "mrkdwn_in": [],
                "fields": _fields(incident, lambda text, most: harmless(cut(clean(text, redact), most))),
                "footer": harmless(f"incident {incident.id}"),
                "ts": int(event.at.timestamp()),
            }
        ],
    }


def harmless(text: str) -> str:
    """
    Return *text* such that it mentions nobody, links nowhere under another name, and shows as it is.
    """
    text = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return text.replace("@", f"@{_NO_WIDTH}").replace("](", f"]{_NO_WIDTH}(")


def _fields(incident: Incident, show: Callable[[str, int], str]) -> list[dict[str, object]]:
    fields = [("Cause", incident.cause.value, True)]
    if incident.resolved_at is not None:
        seconds = max(0.0, (incident.resolved_at - incident.failing_since).total_seconds())
        # Nobody reads the seconds of what lasted minutes.
        fields.append(("Lasted", show_duration(seconds // 60 * 60 if seconds >= 120 else seconds // 1), True))
    else:
        fields.append(("Failing since", f"{incident.failing_since:%Y-%m-%d %H:%M:%S} UTC", True))
        if incident.explanation:
            fields.append((_DIAGNOSIS, incident.explanation, False))
        elif incident.remedy:
            fields.append(("What to do", incident.remedy, False))
    fields += [(each.check, each.message, False) for each in incident.findings[:_MOST_FINDINGS]]
    if len(incident.findings) > _MOST_FINDINGS:
        fields.append(("More", f"{len(incident.findings) - _MOST_FINDINGS} more checks", True))
    return [
        {
            "title": show(title, _MAX_FIELD_BYTES),
            "value": show(value, _MAX_DIAGNOSIS_BYTES if title == _DIAGNOSIS else _MAX_FIELD_BYTES),
            "short": short,
        }
        for title, value, short in fields
    ]
