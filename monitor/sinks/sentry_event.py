"""
An event of an incident in the words of Sentry: which issue it belongs to, what that is called, what can be searched.

The issue is the target and the cause. Its title is made of the same, so that it stays while the summary, in the lines
below it, gets better; a resolved incident is noted in the issue of the cause that it had last. What proves the way to
the pager, and what is our own fault, are issues of their own.
"""

import asyncio
import hashlib
import json
import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from monitor.core.errors import fit
from monitor.core.severity import Severity
from monitor.incidents.incident import Event, Fault, Finding, Incident, Purpose, Transition, stamp
from monitor.sinks.payload import Redact, brief, clean
from monitor.sinks.scrubbing import scrubbed

# Evidence of more checks than anybody opens; tags and contexts name the others.
_MOST_FINDINGS = 20
_MOST_NAMES = 5
# Sentry takes 20 MB in an envelope, but it is sent from a daemon that has to keep its time.
MAX_ATTACHED_BYTES = 1_000_000
# All there is to a check-in; the SDK would add the name of this host, among others.
_CHECK_IN = frozenset(
    {
        "type",
        "event_id",
        "check_in_id",
        "monitor_slug",
        "status",
        "duration",
        "environment",
        "release",
        "monitor_config",
    }
)
# What is made here, and is nothing any more if the redactor finds something in it: a release looks like an address.
_OURS = _CHECK_IN | {"timestamp", "level", "platform"}
_UNSAFE = re.compile(r"[^\w.-]+")
_LEVELS = {Severity.PAGE: "fatal", Severity.TICKET: "warning", Severity.INFO: "info"}
_PURPOSES = {
    Purpose.TEST: "TEST of the way to Sentry, nothing is wrong",
    Purpose.CANARY: "CANARY to prove the way to Sentry, nothing is wrong",
}


def event_of(event: Event) -> dict[str, object]:
    """
    Return *event* as Sentry's event payload, as it is: ``without_secrets`` has to see it before it leaves.
    """
    incident = event.incident
    return {
        "event_id": event_id_of(event),
        "timestamp": event.at.isoformat(),
        "platform": "other",
        "logger": "monitor.incidents",
        "level": _level(event),
        "fingerprint": list(_fingerprint(event)),
        "logentry": {"formatted": "\n".join(_message(event))},
        "server_name": incident.location,
        "tags": dict(_tags(event)),
        "contexts": {
            "incident": _incident(event),
            **({"diagnosis": incident.diagnosis.as_json()} if incident.diagnosis else {}),
            "findings": {"seen": [_finding(each) for each in incident.findings[:_MOST_FINDINGS]]},
        },
    }


def without_secrets(payload: Mapping[str, object], redact: Redact) -> dict[str, Any]:
    """
    Return what is sent of *payload*, an event or a check-in, whatever the SDK has added to it; raises nothing.
    """
    if payload.get("type") == "check_in":
        payload = {name: value for name, value in payload.items() if name in _CHECK_IN}
    sent = {name: value if name in _OURS else scrubbed(value, redact) for name, value in payload.items()}
    if isinstance(tags := sent.get("tags"), dict):
        # Cut when they are clean: no redactor knows half a secret again.
        sent["tags"] = {name: text for name, value in tags.items() if (text := fit(str(value)))}
    return sent


async def attachments_of(incident: Incident, redact: Redact) -> dict[str, bytes]:
    """
    Return the evidence as files by name, without secrets, at most a megabyte of it: the largest are left out first.
    """
    files: dict[str, bytes] = {}
    for finding in incident.findings[:_MOST_FINDINGS]:
        if finding.outcome:
            name = f"evidence-{_UNSAFE.sub('-', fit(clean(finding.check, redact)))}.json"
            files[name] = json.dumps(scrubbed(finding.outcome, redact), ensure_ascii=False, indent=2).encode()
            # A large one takes up to 50 ms, and the checks are timed on the same loop.
            await asyncio.sleep(0)
    while sum(map(len, files.values())) > MAX_ATTACHED_BYTES:
        del files[max(files, key=lambda name: len(files[name]))]
    return files


def event_id_of(event: Event) -> str:
    """
    Return the id that *event* has at Sentry however often it is sent, and that no other location's has.
    """
    return hashlib.sha256(f"{event.incident.dedup_key}\n{event.id}".encode("utf-8", "replace")).hexdigest()[:32]


def _level(event: Event) -> str:
    if event.transition is Transition.RESOLVED:
        return "info"
    return "warning" if _is_own(event.incident) else _LEVELS[event.incident.severity]


def _is_own(incident: Incident) -> bool:
    faults = {finding.fault for finding in incident.findings}
    return faults == {Fault.OWN}


def _fingerprint(event: Event) -> tuple[str, ...]:
    incident = event.incident
    if event.purpose is not Purpose.INCIDENT:
        return (event.purpose.value, incident.target, incident.location)
    return (*incident.fingerprint, *((Fault.OWN.value,) if _is_own(incident) else ()))


def _title(event: Event) -> str:
    incident = event.incident
    if event.purpose is not Purpose.INCIDENT:
        return f"{incident.target}: {_PURPOSES[event.purpose]}, from {incident.location}"
    cause, *checks = incident.fingerprint[1:]
    own = "the monitor's own fault: " if _is_own(incident) else ""
    seen_by = f" ({', '.join(checks[:_MOST_NAMES])}{', …' if len(checks) > _MOST_NAMES else ''})" if checks else ""
    return f"{incident.target}: {own}{cause.replace('_', ' ')}{seen_by}"


def _message(event: Event) -> Iterator[str]:
    """
    Yield the title, which every event of the issue has, then what is known of this one.
    """
    incident = event.incident
    yield _title(event)
    yield ""
    yield f"{event.transition.value}: {incident.summary}"
    if event.transition is Transition.RESOLVED:
        return
    if incident.diagnosis is not None:
        yield ""
        yield incident.explanation
    elif incident.remedy:
        yield f"remedy: {incident.remedy}"


def _tags(event: Event) -> Iterator[tuple[str, str]]:
    """
    Yield name and value of what issues can be searched by; *check*, *kind* and *reason* are those of who saw it first.
    """
    incident = event.incident
    yield "target", incident.target
    yield "location", incident.location
    yield "cause", incident.cause.value
    yield "severity", incident.severity.value
    yield "incident", incident.id
    yield "transition", event.transition.value
    yield "purpose", event.purpose.value
    yield "flapping", str(incident.is_flapping).lower()
    for finding in incident.findings[:1]:
        yield "check", finding.check
        yield "kind", finding.kind
        yield "reason", finding.reason.value
        yield "fault", finding.fault.value
        yield "checks", ",".join(incident.checks)


def _incident(event: Event) -> Mapping[str, object]:
    incident = event.incident
    return {
        "id": incident.id,
        "dedup_key": incident.dedup_key,
        "event": event.id,
        "purpose": event.purpose.value,
        "summary": incident.summary,
        "remedy": incident.remedy,
        "failing_since": stamp(incident.failing_since),
        "opened_at": stamp(incident.opened_at),
        "resolved_at": _stamp(incident.resolved_at),
        "checks": list(incident.checks[:_MOST_FINDINGS]),
        "check_count": len(incident.findings),
    }


def _stamp(at: datetime | None) -> str | None:
    return stamp(at) if at else None


def _finding(finding: Finding) -> Mapping[str, object]:
    return {**brief(finding), "locations": list(finding.locations), "is_flapping": finding.is_flapping}
