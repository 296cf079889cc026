"""
The page of a bundle: one file without scripts or outside requests, readable on a phone, in the dark, and on paper.
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from html import escape
from pathlib import Path
from typing import Any

from monitor.core.duration import show_duration

_WRONG = ("failed", "errored", "degraded")
_MOST_LISTED = 200
_STYLE = Path(__file__).with_name("style.css")


def page_of(document: Mapping[str, Any]) -> str:
    """
    Return the page that shows *document*, which ``Evidence.document`` made.
    """
    outcomes: Sequence[Mapping[str, Any]] = document["outcomes"]
    wrong = [each for each in outcomes if each["status"] in _WRONG]
    target = document["target"]
    parts = [
        _head(document),
        *(_diagnosis(each) for each in document["diagnoses"]),
        "<h2>Timeline</h2>",
        _timeline(outcomes, int(document["outcomes_left_out"])),
        "<h2>What was wrong</h2>" if wrong else "<p>Nothing was wrong.</p>",
        *(_run(each) for each in reversed(wrong)),
        *_pictures(document["attachments"]),
        "<h2>All of it</h2><details><summary>as JSON</summary>",
        f"<pre>{escape(_json_without_pictures(document))}</pre></details>",
    ]
    title = escape(f"Evidence: {target.get('name') or 'saved outcomes'}")
    return f"""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; img-src data:; style-src 'unsafe-inline'">
<meta name="robots" content="noindex">
<title>{title}</title>
<style>{_STYLE.read_text(encoding="utf-8")}</style>
</head>
<body>
{"".join(parts)}
</body>
</html>
"""


def _head(document: Mapping[str, Any]) -> str:
    target = document["target"]
    facts = {
        "made at": document["made_at"],
        **{name: value for name, value in target.items() if name != "name"},
        "configuration": document["configuration"],
        "monitor": document["monitor"],
    }
    name = target.get("name") or "saved outcomes"
    return f"<h1>Evidence: {escape(str(name))}</h1>{_facts(facts)}"


def _diagnosis(each: Mapping[str, Any]) -> str:
    rivals = f", or {' or '.join(each['rivals'])}" if each["rivals"] else ""
    facts = {
        "what": each["summary"],
        "since": each["since"],
        "for": each["evidence_for"],
        "against": each["evidence_against"],
        "to do": each["remedy"],
        "unless": each["opinion"],
        "runbook": each["runbook"],
    }
    title = f"{each['cause']}{rivals} <small>({each['confidence']})</small>"
    urgency = escape(str(each["most"]))
    return f'<section class="card {urgency}"><h3>Diagnosis: {title}</h3>{_facts(facts, numbered=("to do",))}</section>'


def _timeline(outcomes: Sequence[Mapping[str, Any]], left_out: int) -> str:
    if not outcomes:
        return "<p>No run is kept.</p>"
    began = [datetime.fromisoformat(each["started_at"]).timestamp() for each in outcomes]
    took = [float(each.get("duration_seconds") or 0.0) for each in outcomes]
    start = min(began)
    span = max(max(at + seconds for at, seconds in zip(began, took, strict=True)) - start, 0.001)
    rows = "".join(
        _lane(each, (at - start) / span, seconds / span, seconds)
        for each, at, seconds in zip(outcomes, began, took, strict=True)
    )
    more = f"<p>{left_out} older runs are left out.</p>" if left_out else ""
    first = datetime.fromisoformat(outcomes[0]["started_at"])
    return f'<p>{first:%Y-%m-%d %H:%M:%S %Z}, {show_duration(span)}</p>{more}<div class="rows">{rows}</div>'


def _lane(outcome: Mapping[str, Any], begins: float, takes: float, seconds: float) -> str:
    status, name = escape(str(outcome["status"])), escape(str(outcome["check"]))
    left, width = min(99.7, 100 * begins), max(0.3, 100 * takes)
    tip = escape(f"{outcome['started_at']} {outcome['status']} {outcome.get('message') or ''}", quote=True)
    return (
        f'<div class="row {status}" title="{tip}"><span>{name}</span>'
        f'<div class="lane"><i style="left:{left:.2f}%;width:{min(width, 100 - left):.2f}%"></i></div>'
        f"<span>{show_duration(seconds)}</span></div>"
    )


def _run(outcome: Mapping[str, Any]) -> str:
    status, reason = escape(str(outcome["status"])), escape(str(outcome.get("reason") or ""))
    evidence = outcome.get("evidence") or {}
    facts = {
        "started": outcome["started_at"],
        "kind": outcome.get("kind"),
        "run": outcome.get("run_id"),
        **{name: fact for name, fact in evidence.items() if not isinstance(fact, list)},
        **{name: fact for name, fact in evidence.items() if isinstance(fact, list)},
        "phases": [f"{name} {show_duration(float(took))}" for name, took in (outcome.get("phases") or {}).items()],
    }
    return (
        f'<section class="card"><h3><span class="status {status}">{status}</span> {escape(str(outcome["check"]))}'
        f"{f': {reason}' if reason else ''}</h3><p>{escape(str(outcome.get('message') or ''))}</p>"
        f"{_steps(outcome)}{_facts(facts)}</section>"
    )


def _steps(outcome: Mapping[str, Any]) -> str:
    steps: Sequence[Mapping[str, Any]] = outcome.get("steps") or ()
    whole = max([float(outcome.get("duration_seconds") or 0.0), 0.001])
    rows = "".join(
        f'<div class="row"><span>{escape(str(step["name"]))}</span><div class="lane">'
        f'<i class="{"" if step["passed"] else "failed"}" style="left:{_share(step["started_seconds"], whole):.2f}%;'
        f'width:{max(0.3, _share(step["duration_seconds"], whole)):.2f}%"></i></div>'
        f"<span>{show_duration(float(step['duration_seconds']))}</span></div>"
        for step in steps
    )
    return f'<div class="rows">{rows}</div>' if rows else ""


def _share(seconds: float, whole: float) -> float:
    return min(100.0, 100.0 * float(seconds) / whole)


def _facts(facts: Mapping[str, Any], *, numbered: Sequence[str] = ()) -> str:
    rows = "".join(
        f"<dt>{escape(name)}</dt><dd>{_value(value, tag='ol' if name in numbered else 'ul')}</dd>"
        for name, value in facts.items()
        if value not in (None, "", [], (), {})
    )
    return f"<dl>{rows}</dl>" if rows else ""


def _value(value: object, *, tag: str) -> str:
    if not isinstance(value, list | tuple):
        return _told(str(value))
    items = "".join(f"<li>{_told(str(each))}</li>" for each in value[:_MOST_LISTED])
    more = f"<li>… and {len(value) - _MOST_LISTED} more</li>" if len(value) > _MOST_LISTED else ""
    return f"<{tag}>{items}{more}</{tag}>"


def _told(text: str) -> str:
    # What stands between backquotes is to be copied.
    parts = escape(text).split("`")
    return "".join(f"<code>{part}</code>" if number % 2 else part for number, part in enumerate(parts))


def _pictures(attachments: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    for number, each in enumerate(attachments):
        if not number:
            yield "<h2>Pictures</h2>"
        caption = escape(f"{each['check']}: {each['name']}", quote=True)
        media_type = escape(str(each["media_type"]), quote=True)
        yield (
            f'<figure><img alt="{caption}" src="data:{media_type};base64,{each["base64"]}">'
            f"<figcaption>{caption}</figcaption></figure>"
        )


def _json_without_pictures(document: Mapping[str, Any]) -> str:
    bare = {**document, "attachments": [{**each, "base64": "…"} for each in document["attachments"]]}
    return json.dumps(bare, indent=1, ensure_ascii=False)
