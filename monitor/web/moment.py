"""
All that is known at one time, so that it can be drawn in another thread while the daemon goes on.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from monitor import __version__
from monitor.config import Settings
from monitor.incidents.incident import Incident
from monitor.incidents.silence import Silence
from monitor.web.health import health_of
from monitor.web.model import CheckView, IncidentView, SilenceView, StatusView
from monitor.web.record import Record, Standing
from monitor.web.views import Redact, incident_view, silence_view


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenIncident:
    """
    An incident that is open, and what concerns it.
    """

    incident: Incident
    sinks: tuple[str, ...]
    told: Mapping[str, datetime]
    silenced_until: datetime | None = None

    def view(self, redact: Redact) -> IncidentView:
        """
        Return it as it is shown.
        """
        return incident_view(
            self.incident, redact, sinks=self.sinks, told=self.told, silenced_until=self.silenced_until
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """
    What is known *at* one time; nothing of it changes any more. Every one of *standings* is that of one of *records*.
    """

    settings: Settings
    redact: Redact
    at: datetime
    started_at: datetime
    trouble: str
    records: Sequence[Record]
    standings: Sequence[Standing]
    open: Sequence[OpenIncident]
    resolved: Sequence[Incident]
    silences: Sequence[Silence]

    def status(self, *, in_short: bool = False) -> StatusView:
        """
        Return everything; *in_short* without checks, and without what is over.
        """
        return StatusView.model_construct(
            target=self.settings.target.name,
            location=self.settings.location,
            version=__version__,
            at=self.at,
            started_at=self.started_at,
            health=health_of([each.incident for each in self.open], self.records),
            trouble=self.redact(self.trouble),
            checks=() if in_short else self.checks(),
            incidents=tuple(each.view(self.redact) for each in self.open),
            resolved=() if in_short else tuple(incident_view(each, self.redact) for each in self.resolved),
            silences=self.in_force(),
        )

    def checks(self) -> tuple[CheckView, ...]:
        """
        Return all checks, in the order of the configuration.
        """
        return tuple(
            record.view(standing, self.redact) for record, standing in zip(self.records, self.standings, strict=True)
        )

    def in_force(self) -> tuple[SilenceView, ...]:
        """
        Return the silences that are in force.
        """
        return tuple(silence_view(each, self.redact) for each in self.silences)
