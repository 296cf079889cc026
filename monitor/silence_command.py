"""
``monitor silence``: says for how long the trouble of some checks wakes nobody; lists that, and takes it back.
"""

import getpass
import os
from collections.abc import Sequence
from datetime import datetime, timedelta

from monitor.alerting.silences import Silences
from monitor.app import run_loop
from monitor.config import Settings
from monitor.core.clock import SystemClock
from monitor.core.errors import MAX_MESSAGE_CHARACTERS, ConfigError, unknown
from monitor.core.redaction import Redactor, secrets_in
from monitor.incidents.silence import Silence, matches
from monitor.logs import configure_logs
from monitor.report import counted
from monitor.store_at_hand import nothing_kept, path_of_store, store_at_hand
from monitor.voice import Voice, moment, roughly

_SHORTEST_SECONDS = 1.0


def give_silence(settings: Settings, names: Sequence[str], *, for_seconds: float | None, reason: str) -> int:
    """
    Silence the checks called *names* (or matching one of them), and say until when.

    Raises ``ConfigError`` for a name that no check has, for what is missing, and when the store cannot be written.
    """
    names = tuple(dict.fromkeys(names))
    # It is kept, and shown to others.
    reason = Redactor(secrets_in(settings))(" ".join(reason.split()))
    seconds = _demand_complete(settings, names, for_seconds, reason)
    say = _voice(settings)
    silence = run_loop(_give(settings, names, seconds=seconds, reason=reason))
    covered = sum(matches(name, names) for name in settings.checks)
    say(f"silenced until {moment(silence.until)}, for {roughly(seconds)}: {', '.join(names)} ({_checks(covered)})")
    say(f"its id is {silence.id}; take it back with `monitor silence --lift {silence.id}`")
    say("what is found is measured and shown, and pages nobody; whoever was paged before is told when it is over")
    return 0


def list_silences(settings: Settings) -> int:
    """
    Print what is silent now: the silences that were given, and the windows of maintenance that are open.
    """
    say = _voice(settings)
    if nothing := nothing_kept(path_of_store(settings)):
        say(nothing, err=True)
    now = SystemClock().now()
    silences = () if nothing else run_loop(_in_force(settings, now))
    for silence in silences:
        say(f"{silence.id}  {', '.join(silence.checks)}")
        say.field("until", f"{moment(silence.until)}, for {_left(silence.until, now)} more")
        say.field("by", f"{silence.by}, at {moment(silence.since)}")
        say.field("reason", silence.reason)
    windows = {name: (window, window.until(now)) for name, window in settings.alerts.maintenance.items()}
    for name, (window, until) in windows.items():
        if until is not None:
            say(f"alerts.maintenance.{name}  {', '.join(window.checks)}")
            say.field("until", f"{moment(until)}, for {_left(until, now)} more")
    if not silences and not any(until for _, until in windows.values()):
        say("nothing is silenced")
    return 0


def lift_silences(settings: Settings, what: str) -> int:
    """
    End the silence whose id is *what*, or all that were given for exactly the check (or pattern) of that name.

    Raises ``ConfigError`` when there is none.
    """
    say = _voice(settings)
    path = path_of_store(settings)
    if nothing := nothing_kept(path):
        raise ConfigError(f"no silence {what!r}: {nothing}")
    lifted = run_loop(_lift(settings, what))
    for silence in lifted:
        say(f"lifted {silence.id}: {', '.join(silence.checks)}")
    say("what is still wrong is told within seconds, if a daemon runs")
    return 0


def _demand_complete(settings: Settings, names: Sequence[str], for_seconds: float | None, reason: str) -> float:
    problems = [unknown("check", name, settings.checks) for name in names if not _names_some(name, settings)]
    if not names:
        problems.append("no check is named: name some, or '*' for all of them")
    if not reason:
        problems.append("--reason: is missing: say why, for those who find it silent")
    if len(reason) > MAX_MESSAGE_CHARACTERS:
        problems.append(f"--reason: must have at most {MAX_MESSAGE_CHARACTERS} characters, got {len(reason)}")
    if for_seconds is None or for_seconds < _SHORTEST_SECONDS:
        problems.append("--for: must be given, as a duration such as 30m or 2h, of at least 1s")
    if problems or for_seconds is None:
        raise ConfigError(*problems)
    return for_seconds


def _names_some(name: str, settings: Settings) -> bool:
    return any(matches(check, [name]) for check in settings.checks)


def _voice(settings: Settings) -> Voice:
    configure_logs(level="critical")
    return Voice(Redactor(secrets_in(settings)))


async def _give(settings: Settings, names: Sequence[str], *, seconds: float, reason: str) -> Silence:
    now = SystemClock().now()
    async with store_at_hand(path_of_store(settings)) as store:
        return await Silences(store, target=settings.target.name).give(
            names, since=now, until=now + timedelta(seconds=seconds), reason=reason, by=_who()
        )


async def _in_force(settings: Settings, now: datetime) -> Sequence[Silence]:
    async with store_at_hand(path_of_store(settings)) as store:
        found = await Silences(store, target=settings.target.name).all()
    return [silence for silence in found if now < silence.until]


async def _lift(settings: Settings, what: str) -> Sequence[Silence]:
    now = SystemClock().now()
    async with store_at_hand(path_of_store(settings)) as store:
        silences = Silences(store, target=settings.target.name)
        there = [silence for silence in await silences.all() if now < silence.until]
        meant = [silence for silence in there if what == silence.id or silence.checks == (what,)]
        if not meant:
            raise ConfigError(_not_there(what, there))
        return [silence for silence in meant if await silences.lift(silence.id, now=now)]


def _not_there(what: str, there: Sequence[Silence]) -> str:
    among = [silence.id for silence in there if what in silence.checks]
    if among:
        return f"{what!r} is silenced together with others: lift {' or '.join(among)}, and silence the others anew"
    return unknown("silence", what, {silence.id for silence in there} | {", ".join(each.checks) for each in there})


def _who() -> str:
    try:
        return os.environ.get("USER") or getpass.getuser()
    except (OSError, KeyError, ImportError):
        # As in a container, whose user has a number and no name.
        return f"user {os.getuid()}"


def _checks(count: int) -> str:
    return counted(count, "check")


def _left(until: datetime, now: datetime) -> str:
    return roughly((until - now).total_seconds())
