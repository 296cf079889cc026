"""
Times, stretches of time and counts as a person reads them.

Every time is in UTC until the script writes it in the reader's own, and counts on what is "ago"; ``page.js`` has the
same rules.
"""

from datetime import datetime

from monitor.core.outcome import Status
from monitor.web.model import Bar
from monitor.web.page.markup import Html, join, tag, text

MARKS = {Status.PASSED: "✓", Status.DEGRADED: "~", Status.FAILED: "✗", Status.ERRORED: "!", Status.MISSED: "–"}
_UNITS_SECONDS = (("d", 86400), ("h", 3600), ("min", 60))


def counted(number: int, thing: str) -> str:
    """
    Return ``1 check`` or ``2 checks``.
    """
    return f"{number} {thing}{'' if number == 1 else 's'}"


def stretch(seconds: float) -> str:
    """
    Return *seconds* as exactly as a person wants to know them: ``90.4`` → ``90 s``, ``731.0`` → ``12 min``.

    At least a second: a clock that was set back makes no stretch of time negative.
    """
    for unit, unit_seconds in _UNITS_SECONDS:
        if seconds >= 2 * unit_seconds:
            return f"{int(seconds / unit_seconds + 0.5)} {unit}"
    return f"{max(1, int(seconds + 0.5))} s"


def clock(at: datetime, now: datetime) -> Html:
    """
    Return the time of day, with the date unless it is today's: ``03:12:07 UTC``.
    """
    shown = f"{at:%H:%M:%S} UTC" if at.date() == now.date() else f"{at:%Y-%m-%d %H:%M} UTC"
    return _time(at, shown, "clock")


def ago(at: datetime, now: datetime) -> Html:
    """
    Return how long ago it was: ``4 min ago``.
    """
    return _time(at, f"{stretch((now - at).total_seconds())} ago", "ago")


def lasting(since: datetime, now: datetime) -> Html:
    """
    Return how long it has lasted: ``4 min``.
    """
    return _time(since, stretch((now - since).total_seconds()), "lasting")


def left(until: datetime, now: datetime) -> Html:
    """
    Return how long it still takes: ``in 2 h``.
    """
    return _time(until, f"in {stretch((until - now).total_seconds())}", "left")


def since(at: datetime, now: datetime) -> Html:
    """
    Return ``since 03:12:07 UTC, 4 min``.
    """
    return join(["since ", clock(at, now), ", ", lasting(at, now)])


def status_word(run: Bar) -> str:
    """
    Return status and reason: ``failed: no_event``.
    """
    return f"{run.status}: {run.reason}" if run.reason else run.status.value


def badge(status: Status | None, words: str = "") -> Html:
    """
    Return a status with its mark, so that colour is not all that tells it.
    """
    if status is None:
        return tag("b", tag("i", "?", aria_hidden="true"), "not judged yet", class_="status none")
    return tag("b", tag("i", MARKS[status], aria_hidden="true"), words or status.value, class_=f"status {status}")


def commands(line: str, *, can_copy: bool = True) -> Html:
    """
    Return *line* with what stands between backquotes as code; what looks like a command has a button that copies it,
    unless it stands where no button may (*can_copy*).
    """
    parts = line.split("`")
    if len(parts) % 2 == 0:
        # One of them is left alone, and so none of them means anything.
        return text(line)
    return join(_code(part, can_copy=can_copy) if number % 2 else part for number, part in enumerate(parts) if part)


def _code(command: str, *, can_copy: bool) -> Html:
    if not can_copy or " " not in command:
        return tag("code", command)
    # Each word by itself, or a line would be broken between the two strokes of an option.
    code = tag("code", join((tag("span", word) for word in command.split(" ")), " "))
    copy = tag(
        "button",
        "copy",
        type="button",
        class_="copy",
        data_does="copy",
        data_scripted=True,
        hidden=True,
        aria_label=f"copy the command {command}",
    )
    return tag("span", code, copy, class_="command")


def _time(at: datetime, shown: str, form: str) -> Html:
    return tag(
        "time", shown, datetime=at.isoformat(timespec="seconds"), data_form=form, title=f"{at:%Y-%m-%d %H:%M:%S} UTC"
    )
