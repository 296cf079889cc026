"""
When something becomes an incident, and when nobody is to be woken: the section ``alerts``.
"""

import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Annotated
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, Field

from monitor.core.duration import Duration
from monitor.core.section import Section, some

_DAY_SECONDS = 86_400.0
_TIME = re.compile(r"([01][0-9]|2[0-3]):([0-5][0-9])")


class Day(StrEnum):
    """
    A day of the week.
    """

    MON = "mon"
    TUE = "tue"
    WED = "wed"
    THU = "thu"
    FRI = "fri"
    SAT = "sat"
    SUN = "sun"


_DAYS = tuple(Day)


def _zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ValueError(f"{name!r} is no time zone: give a name such as UTC or Europe/Berlin") from None
    return name


def _time_of_day(text: str) -> str:
    if not _TIME.fullmatch(text):
        raise ValueError(f"must be a time of day with two digits each, such as 02:30, got {text!r}")
    return text


class Maintenance(Section):
    """
    A window that recurs: what is found wrong within is measured and shown, and pages nobody.
    """

    checks: Annotated[tuple[str, ...], AfterValidator(some)] = Field(
        default=("*",), description="names of checks, or patterns of them such as chat-*"
    )
    days: Annotated[tuple[Day, ...], AfterValidator(some)] = Field(
        default=_DAYS, description="days of the week on which it begins"
    )
    at: Annotated[str, AfterValidator(_time_of_day)] = Field(
        description="time of day at which it begins: 02:30", json_schema_extra={"pattern": f"^{_TIME.pattern}$"}
    )
    for_seconds: Duration = Field(ge=60.0, le=7 * _DAY_SECONDS, description="how long it lasts")
    timezone: Annotated[str, AfterValidator(_zone)] = Field(default="UTC", description="whose time of day it is")

    def until(self, now: datetime) -> datetime | None:
        """
        Return the end of the window that is open at *now*; None when none is.
        """
        zone = ZoneInfo(self.timezone)
        hour, minute = map(int, self.at.split(":"))
        today = now.astimezone(zone).date()
        ends: list[datetime] = []
        for days_ago in range(int(self.for_seconds // _DAY_SECONDS) + 2):
            date = today - timedelta(days=days_ago)
            begins = datetime(date.year, date.month, date.day, hour, minute, tzinfo=zone).astimezone(UTC)
            end = begins + timedelta(seconds=self.for_seconds)
            if _DAYS[date.weekday()] in self.days and begins <= now < end:
                ends.append(end)
        return max(ends, default=None)


class CanaryPage(Section):
    """
    A page that recurs to prove that pages arrive; it resolves itself.
    """

    every_seconds: Duration = Field(default=7 * _DAY_SECONDS, ge=60.0, description="interval; counted on over restarts")
    within_seconds: Duration = Field(
        default=300.0, ge=1.0, le=_DAY_SECONDS, description="how long the receiver has to know of it"
    )
    sinks: Annotated[tuple[str, ...], AfterValidator(some)] = Field(
        default=("pagerduty",), description="through which sinks"
    )
    acknowledged: bool = Field(default=False, description="whether somebody has to acknowledge it within that time")


class Alerts(Section):
    """
    When a failure becomes an incident, when it is over, and when it is said again.
    """

    open_after: int = Field(default=2, ge=1, le=100, description="failed runs in a row that open an incident")
    resolve_after: int = Field(default=2, ge=1, le=100, description="right runs in a row that resolve it")
    confirm_every_seconds: Duration = Field(
        default=2.0,
        ge=0.05,
        le=3600.0,
        description="pause before a failed run is repeated at once, until it is believed",
    )
    remind_every_seconds: Duration = Field(
        default=4 * 3600.0, ge=60.0, description="how often an open incident is said again"
    )
    quorum: int = Field(
        default=1, ge=1, le=100, description="locations that must find a check failing, of those that report it"
    )
    maintenance: Mapping[str, Maintenance] = Field(
        default_factory=dict, max_length=100, description="recurring windows in which nobody is paged, by name"
    )
    canary: CanaryPage | None = Field(default=None, description="a recurring page that proves that pages arrive")
