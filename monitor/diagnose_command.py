"""
``monitor diagnose``: what saved outcomes come to, and of a stretch of history what became of it and when.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from monitor import __version__
from monitor.bundle.evidence import Evidence, documents_of, write_bundle
from monitor.config import Settings
from monitor.core.outcome import Outcome
from monitor.core.redaction import Redactor, redact_all, redacted, secrets_in
from monitor.core.severity import Severity
from monitor.diagnosing import sightings_of
from monitor.diagnosis.diagnose import explain
from monitor.diagnosis.diagnosis import Diagnosis
from monitor.diagnosis.place import Place
from monitor.diagnosis.text import as_lines, headline
from monitor.incidents.book import Book, News
from monitor.incidents.findings import Watched
from monitor.incidents.incident import Incident, stamp
from monitor.incidents.settings import Alerts
from monitor.incidents.silence import Hush
from monitor.report import counted
from monitor.saved import Saved, load_saved
from monitor.voice import Voice, moment

# What is not known of a check that is not configured here.
_EVERY_SECONDS = 60.0
_COLOURS = {Severity.PAGE: "red", Severity.TICKET: "yellow", Severity.INFO: "cyan"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """
    What became of an incident *at* some time: it ``opened``, ``changed`` or ``resolved``.
    """

    at: datetime
    what: str
    incident: Incident


def diagnose_saved(paths: Sequence[Path], settings: Settings | None, *, output: str, bundle: Path | None) -> int:
    """
    Print what the outcomes in *paths* come to; return 1 when something is wrong in the end, else 0.

    *settings* name the target in remedies and how urgent checks are. *bundle* is a file to write the evidence to.
    Raises ``ConfigError`` for files that hold no outcomes.
    """
    saved = load_saved(paths)
    redact = Redactor(secrets_in(settings) if settings else ())
    say = Voice(redact)
    place = Place.of(settings.target) if settings else place_of(saved.about)
    changes = history_of(saved.outcomes, settings, place, redact) if saved.is_stretch else []
    diagnoses = explain(_last(saved.outcomes, redact), place)
    if output == "json":
        say.document(_document(changes, diagnoses, redact))
    else:
        _tell(saved, changes, diagnoses, say)
    if bundle is not None:
        evidence = Evidence(
            made_at=datetime.now(UTC),
            target=settings.target.about() if settings else saved.about,
            configuration=saved.configuration,
            outcomes=documents_of(saved.outcomes, redact),
            diagnoses=diagnoses or _graver(changes),
        )
        for each in write_bundle(bundle, evidence, redact=redact, sources=paths):
            say(f"evidence written to {each}", err=True)
    return 1 if diagnoses else 0


def place_of(about: Mapping[str, str]) -> Place:
    """
    Return what is known of a target that is *about* this.
    """
    return Place(
        endpoint=about.get("endpoint", ""),
        project=about.get("project", ""),
        database=about.get("database", ""),
        site=about.get("site", ""),
    )


def history_of(outcomes: Sequence[Outcome], settings: Settings | None, place: Place, redact: Redactor) -> list[Change]:
    """
    Return what becomes of incidents when *outcomes* come in their order, as a daemon would have had them.
    """
    alerts = settings.alerts if settings else Alerts()
    book = Book(target=outcomes[0].target, location=outcomes[0].location)
    book.place = place
    hush, changes = Hush(alerts, ()), list[Change]()
    remind_every = timedelta(seconds=alerts.remind_every_seconds)
    for outcome in outcomes:
        check = settings.checks.get(outcome.check) if settings else None
        watched = Watched(
            severity=check.severity if check else Severity.PAGE,
            every_seconds=check.every_seconds if check else _EVERY_SECONDS,
        )
        book.findings.observe(outcome, alerts, watched, evidence=redacted(outcome, redact))
        book.note_run(outcome)
        changes += _changes(
            book.settle(outcome.ended_at, routes=(), hush=hush, remind_every=remind_every), outcome.ended_at
        )
    return changes


def _changes(news: News, at: datetime) -> list[Change]:
    parts = (("opened", news.opened), ("changed", news.changed), ("resolved", news.resolved))
    return [Change(at=at, what=what, incident=each) for what, incidents in parts for each in incidents]


def _last(outcomes: Sequence[Outcome], redact: Redactor) -> Sequence[Any]:
    last = {each.check: each for each in outcomes if each.status.value != "missed"}
    return sightings_of(last.values(), redact)


def _graver(changes: Sequence[Change]) -> Sequence[Diagnosis]:
    """
    Return what was said of every incident that is over by the end, as it was said last.
    """
    said = {each.incident.id: each.incident.diagnosis for each in changes}
    return [each for each in said.values() if each is not None]


def _tell(saved: Saved, changes: Sequence[Change], diagnoses: Sequence[Diagnosis], say: Voice) -> None:
    first, last = saved.outcomes[0], saved.outcomes[-1]
    checks = len({each.check for each in saved.outcomes})
    span = f"{moment(first.started_at)} to {moment(last.ended_at)}"
    say(f"{counted(len(saved.outcomes), 'run')} of {counted(checks, 'check')}, {span}")
    for change in changes:
        incident = change.incident
        line = f"{moment(change.at)}  {change.what:<8} {incident.severity.value:<6} {incident.id}"
        say(line, colour=_COLOURS[incident.severity])
        if incident.diagnosis is not None and change.what != "resolved":
            say(f"    {headline(incident.diagnosis)}: {incident.summary}")
    if not diagnoses:
        say("nothing is wrong in the end" if changes else "nothing is wrong")
    for diagnosis in diagnoses:
        title, *lines = as_lines(diagnosis)
        say("")
        say(title, colour=_COLOURS[diagnosis.most])
        for line in lines:
            say(line)


def _document(changes: Sequence[Change], diagnoses: Sequence[Diagnosis], redact: Redactor) -> dict[str, object]:
    return {
        "monitor": __version__,
        "history": [
            {
                "at": stamp(each.at),
                "what": each.what,
                "incident": each.incident.id,
                "severity": each.incident.severity.value,
                "cause": each.incident.cause.value,
                "summary": redact(each.incident.summary),
                "checks": list(each.incident.checks),
            }
            for each in changes
        ],
        "diagnoses": [redact_all(each.as_json(), redact) for each in diagnoses],
    }
