"""
A life told from its begin to its end, for whoever asks why it went wrong.
"""

from collections.abc import Iterator
from datetime import datetime

from tests.delivery.life import Evidence

# What is told of a line of the log, beside its name.
_FIELDS = ("check", "status", "reason", "sink", "incident", "transition", "attempts", "error", "checks", "exception")


def chronicle(seen: Evidence) -> Iterator[str]:
    """
    Yield what was planned, and then everything that happened, in order.
    """
    plan = seen.plan
    yield (
        f"{plan.scene}: open_after {plan.open_after}, resolve_after {plan.resolve_after}, confirm {plan.confirm_ms} ms,"
        f" clean_up {plan.clean_up_ms} ms, repeats {plan.repeats_seconds}, fails until {plan.seconds:.2f} s"
    )
    for check in plan.checks:
        stretches = ", ".join(f"{each.begins:.2f}–{each.ends:.2f} {each.way}" for each in check.failing)
        yield f"{check.name} ({check.severity}) fails: {stretches or 'never'}"
    for receiver, spells in plan.weather.items():
        yield f"{receiver}: {', '.join(f'{each.sky} until {each.ends:.2f}' for each in spells)}"
    for blow in plan.blows:
        yield str(blow)
    for at, line in sorted(_happened(seen)):
        yield f"{at - seen.began_at:7.3f} {line}"


def _happened(seen: Evidence) -> Iterator[tuple[float, str]]:
    for daemon in seen.daemons:
        yield daemon.started_at, f"daemon {daemon.name} started{' on a bad disk' if daemon.is_hindered else ''}"
        if daemon.ended_at is not None:
            yield daemon.ended_at, f"daemon {daemon.name} ended with {daemon.code}"
        for line in daemon.log:
            fields = " ".join(f"{key}={line[key]}" for key in _FIELDS if key in line)
            yield datetime.fromisoformat(line["time"]).timestamp(), f"daemon {daemon.name} {line['event']} {fields}"
    for receiver, events in seen.told.items():
        for event in events:
            yield event.at, f"{receiver} told: {event.event_id} {event.transition} ({event.status})"
    for asked in seen.asked:
        yield asked.at, f"{asked.check} asked by {asked.daemon}: {'right' if asked.passed else 'failed'}"
    for incident in seen.stored.incidents:
        yield incident.opened_at.timestamp(), f"store: {incident.id} opened, {' '.join(incident.checks)}"
        if incident.resolved_at is not None:
            yield incident.resolved_at.timestamp(), f"store: {incident.id} resolved"
