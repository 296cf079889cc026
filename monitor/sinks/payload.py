"""
What every payload goes through before it leaves: without secrets, valid everywhere, and no larger than is taken.

Texts come from servers and people: they may hold half a surrogate, control characters or megabytes, and none of it may
keep a receiver from taking the event. Lengths are measured in bytes of UTF-8, the strictest way in which a receiver may
count its characters.
"""

import json
import math
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import Any

from monitor.incidents.incident import Event, Finding, Incident, Purpose, stamp

Redact = Callable[[str], str]

# Larger than anything that we write ourselves; beyond it only a broken server speaks.
MAX_TEXT_CHARACTERS = 4096
# The end of a text that was cut may be the start of a secret, which no redactor knows again.
_HALF_A_SECRET = 1024
# A cause that a thousand checks found is proved by the first of them. All of them took a third of a second to redact,
# in which no check could run.
MOST_FINDINGS = 100
_MOST_OUTCOMES = 20

# What some receivers refuse in a text, or store as something else.
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")

# Our own names and numbers, which receivers compare: none of them holds a message, and a password that happens to be
# part of a name must not change it.
_NAMES = frozenset(
    (
        "at",
        "cause",
        "certificate_expires_at",
        "check",
        "dedup_key",
        "event",
        "failing_since",
        "fault",
        "id",
        "kind",
        "location",
        "locations",
        "name",
        "opened_at",
        "purpose",
        "reason",
        "resolved_at",
        "run_id",
        "severity",
        "since",
        "started_at",
        "status",
        "step",
        "target",
    )
)
# What servers have said, under whatever name.
_FOREIGN = "evidence"

_TITLES = {Purpose.INCIDENT: "", Purpose.TEST: "TEST PAGE: ", Purpose.CANARY: "TEST PAGE (canary): "}


def headline(event: Event, redact: Redact) -> str:
    """
    Return what is wrong in one line, which begins with ``TEST PAGE`` when nothing is.
    """
    return _TITLES[event.purpose] + " ".join(clean(event.incident.summary, redact).split())


def trimmed(incident: Incident) -> tuple[Incident, int]:
    """
    Return *incident* with the findings worth sending, the first of them with evidence, and how many are left out.
    """
    findings = (
        each if place < _MOST_OUTCOMES else replace(each, outcome={})
        for place, each in enumerate(incident.findings[:MOST_FINDINGS])
    )
    return replace(incident, findings=tuple(findings)), max(0, len(incident.findings) - MOST_FINDINGS)


def brief(finding: Finding) -> dict[str, object]:
    """
    Return what every receiver is told of *finding*, as it is.
    """
    return {
        "check": finding.check,
        "kind": finding.kind,
        "reason": finding.reason.value,
        "step": finding.step,
        "message": finding.message,
        "since": stamp(finding.since),
        "run_id": finding.run_id,
    }


def clean(text: str, redact: Redact) -> str:
    """
    Return *text* without secrets, cut if it is endless, as UTF-8 can hold it; of control characters only line breaks.
    """
    if len(text) > MAX_TEXT_CHARACTERS:
        text = redact(text[:MAX_TEXT_CHARACTERS])[:-_HALF_A_SECRET] + "…"
    else:
        text = redact(text)
    return _writable(text)


def cut(text: str, max_bytes: int) -> str:
    """
    Return as much of *text* as fits into *max_bytes* of UTF-8, with an ellipsis where it was cut.
    """
    encoded = text.encode("utf-8", "replace")
    if len(encoded) <= max_bytes:
        return encoded.decode()
    shortened = encoded[: max_bytes - len("…".encode())].decode("utf-8", "ignore")
    # A joiner joins nothing any more.
    return shortened.rstrip("\u200d\ufe0f ") + "…"


def plain(value: object, redact: Redact) -> Any:
    """
    Return *value*, as ``as_json`` makes it, with every text clean and every number one that JSON knows.
    """
    match value:
        case str():
            return clean(value, redact)
        case float() if not math.isfinite(value):
            return str(value)
        case Mapping():
            return {_writable(str(name)): _plain_field(str(name), each, redact) for name, each in value.items()}
        case list() | tuple():
            return [plain(each, redact) for each in value]
        case bool() | int() | float() | None:
            return value
        case _:
            return clean(str(value), redact)


def _plain_field(name: str, value: object, redact: Redact) -> Any:
    if name == _FOREIGN and isinstance(value, Mapping):
        return {_writable(str(key)): plain(each, redact) for key, each in value.items()}
    return plain(value, str if name in _NAMES else redact)


def encode(payload: object) -> bytes:
    """
    Return *payload* as compact JSON.
    """
    return json.dumps(payload, ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode("utf-8", "replace")


def smallest_loss(forms: Iterable[Callable[[], object]], *, max_bytes: int) -> bytes:
    """
    Return the first of *forms* that fits into *max_bytes* as JSON: they say the same with less and less detail.

    The last one has to fit whatever the incident is.
    """
    body = b""
    for form in forms:
        body = encode(form())
        if len(body) <= max_bytes:
            return body
    return body


def _writable(text: str) -> str:
    text = text.encode("utf-8", "replace").decode()
    return _CONTROL.sub("?", text)
