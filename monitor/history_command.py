"""
``monitor history``: the runs of one check, one line each, and what they amount to.
"""

import math
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from monitor import __version__
from monitor.alerting.history import History, Stretch
from monitor.app import run_loop
from monitor.config import Settings
from monitor.core.clock import SystemClock
from monitor.core.duration import show_duration
from monitor.core.errors import ConfigError, unknown
from monitor.core.outcome import Status
from monitor.core.redaction import Redactor, secrets_in
from monitor.incidents.incident import stamp
from monitor.logs import configure_logs
from monitor.report import MARKS, counted
from monitor.store_at_hand import nothing_kept, path_of_store, store_at_hand
from monitor.voice import Voice, moment

# As for `monitor once`: what answered, though slowly, is right.
_RIGHT = (Status.PASSED, Status.DEGRADED)
_COLOURS = {Status.DEGRADED: "yellow", Status.FAILED: "red", Status.ERRORED: "magenta"}


def show_history(
    settings: Settings, check: str, *, most: int, since_seconds: float | None, failed: bool, output: str
) -> int:
    """
    Print the last runs of *check*, at *most* so many, of the last *since_seconds* (None: as far as is kept).

    Raises ``ConfigError`` for a check of which nobody has heard, and when the store cannot be read.
    """
    configure_logs(level="critical")
    say = Voice(Redactor(secrets_in(settings)))
    path = path_of_store(settings)
    stretch = Stretch()
    if nothing := nothing_kept(path):
        _demand_known(check, set(settings.checks))
        say(nothing, err=True)
    else:
        since = SystemClock().now() - timedelta(seconds=since_seconds) if since_seconds is not None else None
        stretch = run_loop(_look(settings, check, since=since, only=Status.FAILED if failed else None, most=most))
    if output == "json":
        say.document(_document(check, stretch))
    elif not nothing:
        for document in stretch.documents:
            say(_line(document), colour=_COLOURS.get(Status(document["status"])))
        for line in _summary(check, stretch):
            say(line)
    if stretch.unreadable:
        say(f"{counted(stretch.unreadable, 'run')} cannot be read: see whether a newer version wrote them", err=True)
    return 0


async def _look(settings: Settings, check: str, *, since: datetime | None, only: Status | None, most: int) -> Stretch:
    async with store_at_hand(path_of_store(settings)) as store:
        history = History(store, target=settings.target.name, location=settings.location)
        if check not in settings.checks:
            _demand_known(check, settings.checks.keys() | await history.checks())
        return await history.runs(check, since=since, only=only, most=most)


def _demand_known(check: str, known: set[str]) -> None:
    if check not in known:
        raise ConfigError(unknown("check", check, known))


def _line(document: Mapping[str, Any]) -> str:
    """
    Return one run in one line: ``2026-01-23 03:12:07Z ✗ failed: no_event   1.02s  receive: no event …``.
    """
    status, reason = Status(document["status"]), document.get("reason")
    verdict = status.value + (f": {reason}" if reason else "")
    took = show_duration(document.get("duration_seconds", 0.0))
    started = f"{datetime.fromisoformat(document['started_at']):%Y-%m-%d %H:%M:%S}Z"
    said = [text for text in (_failed_step(document), str(document.get("message", ""))) if text]
    return f"{started} {MARKS[status]} {verdict:<26} {took:>7}  {': '.join(said)}".rstrip()


def _failed_step(document: Mapping[str, Any]) -> str:
    steps = document.get("steps") or [{"passed": True}]
    return "" if steps[-1]["passed"] else str(steps[-1]["name"])


def _summary(check: str, stretch: Stretch) -> list[str]:
    runs = sum(stretch.counts.values())
    if not runs or stretch.first_at is None:
        return [f"no run of {check} is kept"]
    counts = ", ".join(f"{stretch.counts[status]} {status}" for status in Status if stretch.counts.get(status))
    share = _share_right(stretch)
    right = "nothing could be judged" if share is None else f"{share:g}% right"
    change = stretch.changed
    last = f"last change at {moment(change.at)}: {change.before} → {change.after}" if change else "no change"
    return [f"{counted(runs, 'run')} of {check} since {moment(stretch.first_at)}: {counts}", f"{right}; {last}"]


def _share_right(stretch: Stretch) -> float | None:
    """
    Return how many of a hundred verdicts were passed or degraded, to a tenth; None without any.
    """
    verdicts = sum(count for status, count in stretch.counts.items() if status.is_verdict)
    right = sum(stretch.counts.get(status, 0) for status in _RIGHT)
    # Rounded down: a failure in ten thousand runs must not read as none.
    return math.floor(1000 * right / verdicts) / 10 if verdicts else None


def _document(check: str, stretch: Stretch) -> dict[str, object]:
    """
    Return the runs as they are stored, and what they amount to: the form that programs may rely on.
    """
    change = stretch.changed
    return {
        "monitor": __version__,
        "check": check,
        "outcomes": list(stretch.documents),
        "runs": sum(stretch.counts.values()),
        "counts": {status.value: stretch.counts.get(status, 0) for status in Status},
        "percent_right": _share_right(stretch),
        "first_at": stamp(stretch.first_at) if stretch.first_at else None,
        "last_change": None
        if change is None
        else {"at": stamp(change.at), "from": change.before.value, "to": change.after.value},
    }
