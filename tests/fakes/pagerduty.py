"""
PagerDuty as far as a sink sees it: the Events API v2, and the list of incidents of the REST API.
"""

import json
import re
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any
from urllib.parse import parse_qs

from tests.fakes.receiver import Received, Receiver, Reply

ROUTING_KEY = "R0123456789abcdef0123456789abcde"
API_TOKEN = "u+token-of-the-rest-api"

_ACTIONS = {"trigger", "acknowledge", "resolve"}
_SEVERITIES = {"critical", "error", "warning", "info"}
_TIMESTAMP = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)")
_MAX_BYTES = 512_000


class Standing(StrEnum):
    """
    How an incident stands, in the words of the REST API.
    """

    TRIGGERED = "triggered"
    ACKNOWLEDGED = "acknowledged"
    RESOLVED = "resolved"


@dataclass(slots=True, kw_only=True)
class Page:
    """
    An incident: what woke somebody once. *events* are all that were added to it, *at* and *resolved_at* monotonic.
    """

    dedup_key: str
    at: float
    standing: Standing = Standing.TRIGGERED
    resolved_at: float | None = None
    events: list[dict[str, Any]] = field(default_factory=list)

    @property
    def summary(self) -> str:
        """
        What it is called, as it was last said.
        """
        return str(next(each for each in reversed(self.events) if "payload" in each)["payload"]["summary"])


class FakePagerDuty(Receiver):
    """
    Opens an incident for every trigger whose key has none open; whatever it is told of one that is open adds to it.

    *pages* are all incidents, in the order in which they opened. *stray* are what resolved or acknowledged nothing.
    """

    def __init__(self, **settings: Any) -> None:
        super().__init__(**settings)
        self.pages: list[Page] = []
        self.stray: list[dict[str, Any]] = []

    @property
    def enqueue_url(self) -> str:
        """
        The address for events.
        """
        return f"{self.url}/v2/enqueue"

    @property
    def open_pages(self) -> list[Page]:
        """
        The incidents that are not resolved.
        """
        return [page for page in self.pages if page.standing is not Standing.RESOLVED]

    @property
    def second_pages(self) -> list[Page]:
        """
        The incidents whose key had one before: somebody was woken twice for one thing.
        """
        seen: set[str] = set()
        return [page for page in self.pages if page.dedup_key in seen or seen.add(page.dedup_key)]  # type: ignore[func-returns-value]

    def acknowledge(self, dedup_key: str) -> None:
        """
        Acknowledge by hand.
        """
        page = self._open(dedup_key)
        assert page is not None, f"nothing is open under {dedup_key!r}"
        page.standing = Standing.ACKNOWLEDGED

    def process(self, received: Received) -> Reply:
        """
        Answer as the Events API or the REST API does.
        """
        if (received.method, received.path) == ("POST", "/v2/enqueue"):
            return self._enqueue(received)
        if (received.method, received.path) == ("GET", "/incidents"):
            return self._list(received)
        return _reply(404, {"error": {"message": "Not Found", "code": 2100}})

    def _enqueue(self, received: Received) -> Reply:
        if len(received.body) > _MAX_BYTES:
            return _reply(413, {"status": "invalid event", "message": "Event is too large"})
        try:
            data = received.json
            errors = list(_errors_in(data))
        except ValueError:
            data, errors = {}, ["Invalid JSON"]
        if errors:
            answer = {"status": "invalid event", "message": "Event object is invalid", "errors": errors}
            return _reply(400, answer)
        self._fold(data, received.arrived)
        return _reply(
            202, {"status": "success", "message": "Event processed", "dedup_key": data.get("dedup_key", "made-up")}
        )

    def _fold(self, data: dict[str, Any], arrived: float) -> None:
        page = self._open(data["dedup_key"])
        if page is None:
            if data["event_action"] != "trigger":
                self.stray.append(data)
                return
            page = Page(dedup_key=data["dedup_key"], at=arrived)
            self.pages.append(page)
        page.events.append(data)
        if data["event_action"] == "acknowledge":
            page.standing = Standing.ACKNOWLEDGED
        if data["event_action"] == "resolve":
            page.standing, page.resolved_at = Standing.RESOLVED, arrived

    def _list(self, received: Received) -> Reply:
        if received.headers.get("Authorization") != f"Token token={API_TOKEN}":
            return _reply(401, {"error": {"message": "Unauthorized", "code": 2006}})
        query = parse_qs(received.query)
        incidents = [
            {"type": "incident", "status": page.standing.value, "incident_key": page.dedup_key}
            for page in reversed(self.pages)
            if page.dedup_key in query["incident_key"] and page.standing in query["statuses[]"]
        ]
        return _reply(200, {"incidents": incidents[: int(query.get("limit", ["25"])[0])], "more": False})

    def _open(self, dedup_key: str) -> Page | None:
        return next((page for page in self.open_pages if page.dedup_key == dedup_key), None)


def _errors_in(data: Any) -> list[str]:
    """
    Return what the Events API finds wrong with an event.
    """
    if not isinstance(data, dict):
        return ["Event object is not an object"]
    errors = []
    if len(str(data.get("routing_key", ""))) != 32:
        errors.append("Length of 'routing_key' is incorrect (should be 32 characters)")
    if data.get("event_action") not in _ACTIONS:
        errors.append("'event_action' is missing or unknown")
    key = data.get("dedup_key")
    if (key is None and data.get("event_action") != "trigger") or len(str(key or "")) > 255:
        errors.append("'dedup_key' is missing or longer than 255 characters")
    if data.get("event_action") == "trigger":
        errors += _errors_in_payload(data.get("payload"))
    return errors


def _errors_in_payload(payload: Any) -> list[str]:
    if not isinstance(payload, dict):
        return ["'payload' is missing or blank"]
    errors = [f"'payload.{name}' is missing or blank" for name in ("summary", "source") if not payload.get(name)]
    if len(payload.get("summary", "")) > 1024:
        errors.append("'payload.summary' is longer than 1024 characters")
    if payload.get("severity") not in _SEVERITIES:
        errors.append("'payload.severity' is invalid (must be one of critical, warning, error or info)")
    if not _TIMESTAMP.fullmatch(payload.get("timestamp", "2026-01-01T00:00:00Z")):
        errors.append("'payload.timestamp' is not in ISO 8601")
    return errors


def _reply(status: int, data: object) -> Reply:
    return Reply(status=status, body=json.dumps(data).encode(), headers={"Content-Type": "application/json"})
