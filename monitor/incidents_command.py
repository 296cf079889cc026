"""
``monitor incidents``: what is wrong, since when, who has been told, and what is still on its way to whom.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from monitor import __version__
from monitor.alerting.history import History, Overview
from monitor.alerting.records import Posted
from monitor.alerting.silences import Silences
from monitor.app import run_loop
from monitor.config import Settings
from monitor.core.clock import SystemClock
from monitor.core.redaction import Redactor, secrets_in
from monitor.core.severity import Severity
from monitor.incidents.book import Case
from monitor.incidents.incident import Fault, Incident, Transition, stamp
from monitor.incidents.silence import Hush
from monitor.logs import configure_logs
from monitor.report import counted
from monitor.store_at_hand import nothing_kept, path_of_store, store_at_hand
from monitor.voice import Voice, moment, roughly

# What it means that a sink has not acknowledged such an event yet.
_MISSES = {
    Transition.OPENED: "nobody there knows of it yet",
    Transition.CHANGED: "what changed is not known there",
    Transition.REMINDED: "it is not said again there",
    Transition.RESOLVED: "it is still open there",
}
# A daemon of which nothing was heard for so long has probably ended.
_SILENT_INTERVALS = 3
_SILENT_SECONDS = 60.0
# The first of each: the whole is in the JSON.
_MOST_EVIDENCE = 3
_NOTHING = Overview(open=(), resolved=(), waiting=(), last_run_at=None, open_unreadable=0, unreadable=0)
_COLOURS = {Severity.PAGE: "red", Severity.TICKET: "yellow", Severity.INFO: "cyan"}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Seen:
    """
    One incident, and what concerns it: until when it is silent, and which of its events wait.
    """

    case: Case
    silent_until: datetime | None
    waiting: Sequence[Posted]

    @property
    def incident(self) -> Incident:
        return self.case.incident

    @property
    def told(self) -> dict[str, datetime]:
        """
        When each sink was told last, of those that know of the incident.
        """
        ignorant = {each.sink for each in self.waiting if each.event.transition is Transition.OPENED}
        return {sink: told.at for sink, told in self.case.told.items() if sink not in ignorant}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Report:
    """
    What there is to tell *at* one time; *shown* of *overview*.
    """

    at: datetime
    overview: Overview
    shown: Sequence[_Seen]

    @property
    def open_count(self) -> int:
        return len(self.overview.open) + self.overview.open_unreadable


def show_incidents(settings: Settings, *, resolved: bool, most: int, output: str) -> int:
    """
    Print the incidents that are open (and those that are *resolved*), at *most* so many; return 1 when one is open.

    Raises ``ConfigError`` when the store cannot be read.
    """
    configure_logs(level="critical")
    say = Voice(Redactor(secrets_in(settings)))
    path = path_of_store(settings)
    if nothing := nothing_kept(path):
        say(nothing, err=True)
    report = _Report(at=SystemClock().now(), overview=_NOTHING, shown=())
    if not nothing:
        report = run_loop(_look(settings, most_resolved=most if resolved else 0, most=most))
    code = 1 if report.open_count else 0
    if output == "json":
        say.document(_document(settings, report, code))
    elif not nothing:
        _tell(settings, report, say)
    if bad := report.overview.unreadable:
        say(f"{counted(bad, 'row')} cannot be read: a newer version wrote them, or the disk damaged them", err=True)
    return code


async def _look(settings: Settings, *, most_resolved: int, most: int) -> _Report:
    target, location = settings.target.name, settings.location
    async with store_at_hand(path_of_store(settings)) as store:
        overview = await History(store, target=target, location=location).overview(most_resolved=most_resolved)
        silences = await Silences(store, target=target).all()
    now, hush = SystemClock().now(), Hush(settings.alerts, silences)
    shown = [
        _Seen(
            case=case,
            silent_until=hush.until(case.incident, now) if case.incident.resolved_at is None else None,
            waiting=[each for each in overview.waiting if each.event.incident.id == case.incident.id],
        )
        for case in [*overview.open, *overview.resolved][:most]
    ]
    return _Report(at=now, overview=overview, shown=shown)


def _tell(settings: Settings, report: _Report, say: Voice) -> None:
    for seen in report.shown:
        _tell_one(settings, seen, report.at, say)
        say()
    if left := max(0, len(report.overview.open) - len(report.shown)):
        say(f"… and {left} more: see --limit")
    for sink, waiting in _by_sink(report.overview.waiting).items():
        since = min(each.event.at for each in waiting)
        waits = "waits" if len(waiting) == 1 else "wait"
        say(f"{counted(len(waiting), 'event')} {waits} for {sink}, the oldest for {_ago(since, report.at)}")
    is_open = {0: "no incident is open", 1: "1 incident is open"}
    what = is_open.get(report.open_count, f"{report.open_count} incidents are open")
    say(f"{settings.target.name} from {settings.location}: {what}")
    say(_last_run(settings, report))


def _last_run(settings: Settings, report: _Report) -> str:
    last = report.overview.last_run_at
    if last is None:
        return "no run is kept: see whether a daemon runs with this configuration"
    shortest_seconds = min((check.every_seconds for check in settings.checks.values()), default=0.0)
    is_old = (report.at - last).total_seconds() > _SILENT_INTERVALS * shortest_seconds + _SILENT_SECONDS
    doubt = ": see whether the daemon runs" if is_old else ""
    return f"the last run ended {_ago(last, report.at)} ago, {moment(last)}{doubt}"


def _tell_one(settings: Settings, seen: _Seen, now: datetime, say: Voice) -> None:
    incident = seen.incident
    what = f"{incident.severity.value:<6}  {incident.cause.value}  "
    if incident.resolved_at is None:
        since = incident.failing_since
        say(f"✗ {what}open {_ago(since, now)}, since {moment(since)}", colour=_COLOURS[incident.severity])
    else:
        lasted = _ago(incident.failing_since, incident.resolved_at)
        say(f"✓ {what}over after {lasted}, at {moment(incident.resolved_at)}", colour="green")
    say.field("id", incident.id)
    say.field("checks", ", ".join(_checks(incident)))
    say.field("what", incident.summary)
    for line in incident.diagnosis.evidence_for[:_MOST_EVIDENCE] if incident.diagnosis else ():
        say.field("seen", line)
    for line in incident.diagnosis.evidence_against[:_MOST_EVIDENCE] if incident.diagnosis else ():
        say.field("against", line)
    for number, line in enumerate(incident.remedy.splitlines(), 1):
        say.field("to do", f"{number}. {line}")
    for line in incident.diagnosis.opinion if incident.diagnosis else ():
        say.field("unless", line)
    if seen.silent_until is not None:
        say.field("silenced", f"until {moment(seen.silent_until)}, for {_ago(now, seen.silent_until)} more")
    if incident.resolved_at is None:
        say.field("told", _told(settings, seen, now))
    for each in seen.waiting:
        event = each.event
        say.field("waiting", f"{each.sink}: {event.transition} for {_ago(event.at, now)}: {_MISSES[event.transition]}")


def _checks(incident: Incident) -> list[str]:
    remarks = {True: " (flapping)", False: ""}
    own = {Fault.OWN: " (the monitor's own trouble)", Fault.TARGET: ""}
    return [f"{each.check}{remarks[each.is_flapping]}{own[each.fault]}" for each in incident.findings]


def _told(settings: Settings, seen: _Seen, now: datetime) -> str:
    if seen.told:
        return ", ".join(f"{sink} {_ago(at, now)} ago" for sink, at in seen.told.items())
    if seen.waiting:
        return "nobody yet"
    if seen.silent_until is not None:
        return "nobody: it is silenced"
    severity = seen.incident.severity
    sections = (getattr(settings.sinks, name) for name in type(settings.sinks).model_fields)
    if not any(severity in getattr(section, "severities", ()) for section in sections):
        return f"nobody: no sink is configured that gets severity {severity}"
    return "nobody yet: see whether the daemon runs"


def _by_sink(waiting: Sequence[Posted]) -> dict[str, list[Posted]]:
    found: dict[str, list[Posted]] = {}
    for each in waiting:
        found.setdefault(each.sink, []).append(each)
    return found


def _ago(since: datetime, now: datetime) -> str:
    return roughly((now - since).total_seconds())


def _document(settings: Settings, report: _Report, code: int) -> dict[str, object]:
    """
    Return the report as JSON values: the form that programs may rely on.
    """
    last = report.overview.last_run_at
    return {
        "monitor": __version__,
        "exit_code": code,
        "target": settings.target.name,
        "location": settings.location,
        "at": stamp(report.at),
        "last_run_at": stamp(last) if last else None,
        "open": report.open_count,
        "incidents": [
            {
                **seen.incident.as_json(),
                "silenced_until": stamp(seen.silent_until) if seen.silent_until else None,
                "told": {sink: stamp(at) for sink, at in seen.told.items()},
                "waiting": [_waiting(each) for each in seen.waiting],
            }
            for seen in report.shown
        ],
        "outbox": {
            sink: {"events": len(waiting), "oldest_at": stamp(min(each.event.at for each in waiting))}
            for sink, waiting in _by_sink(report.overview.waiting).items()
        },
    }


def _waiting(posted: Posted) -> dict[str, str]:
    return {"sink": posted.sink, "event": posted.event.transition.value, "at": stamp(posted.event.at)}
