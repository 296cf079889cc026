"""
The sinks that are configured. Adding one is a module in ``monitor/sinks`` and a line here.
"""

from collections.abc import Mapping
from datetime import timedelta
from importlib import import_module
from typing import Protocol, runtime_checkable

from monitor.alerting.pulse import Beat, Listener
from monitor.alerting.service import Orders, Outlets
from monitor.config import Settings
from monitor.core.clock import Clock
from monitor.core.redaction import Redactor, secrets_in
from monitor.incidents.book import Route
from monitor.sinks.base import Answer, Sink
from monitor.sinks.settings import HeartbeatSettings, SinkSettings

# Key under ``sinks`` → module and class. Imported when configured: those of all sinks would take a tenth of a second.
_SINKS: Mapping[str, tuple[str, str]] = {
    "sentry": ("monitor.sinks.sentry", "Sentry"),
    "pagerduty": ("monitor.sinks.pagerduty", "PagerDuty"),
    "alertmanager": ("monitor.sinks.alertmanager", "Alertmanager"),
    "webhook": ("monitor.sinks.webhook", "Webhook"),
    "slack": ("monitor.sinks.slack", "Slack"),
}
_CHECK_IN_SECONDS = 60.0


@runtime_checkable
class ChecksIn(Protocol):
    """
    A sink that takes the pulse of the daemon as well.
    """

    @property
    def name(self) -> str:
        """
        Its key under ``sinks``.
        """

    async def check_in(self, *, ok: bool, duration_seconds: float, every_seconds: float) -> Answer:
        """
        Tell it that the daemon lives, and whether it can judge anything.
        """


def orders_of(settings: Settings, *, was: Settings | None, clock: Clock) -> Orders:
    """
    Return what *settings* say of alerting; with new outlets if what these depend on is not as it *was*.
    """
    redact = Redactor(secrets_in(settings))
    is_same = was is not None and was.sinks == settings.sinks and set(secrets_in(was)) == set(secrets_in(settings))
    return Orders(
        alerts=settings.alerts,
        checks=settings.checks,
        redact=redact,
        keep=timedelta(days=settings.store.keep_days),
        target=settings.target,
        outlets=None if is_same else outlets_of(settings.sinks, redact=redact, clock=clock),
    )


def outlets_of(settings: SinkSettings, *, redact: Redactor, clock: Clock) -> Outlets:
    """
    Return what is configured in *settings*, ready to be used and not connected yet.
    """
    sinks: list[Sink] = []
    routes: list[Route] = []
    for name, (module, kind) in _SINKS.items():
        section = getattr(settings, name)
        if section is None:
            continue
        sink: Sink = getattr(import_module(module), kind)(section, redact=redact, clock=clock)
        sinks.append(sink)
        severities = frozenset(section.severities)
        routes.append(Route(sink=name, severities=severities, repeats_seconds=sink.repeats_seconds))
    listeners: list[Listener] = []
    if settings.sentry is not None and settings.sentry.check_in is not None:
        listeners += [_CheckIn(sink) for sink in sinks if isinstance(sink, ChecksIn)]
    if settings.heartbeat is not None:
        listeners.append(_Heartbeat(settings.heartbeat, redact, clock))
    return Outlets(sinks=sinks, routes=routes, listeners=listeners)


class _Heartbeat:
    """
    The dead man's switch.
    """

    name = "heartbeat"

    def __init__(self, settings: HeartbeatSettings, redact: Redactor, clock: Clock) -> None:
        from monitor.sinks.heartbeat import HeartbeatClient  # noqa: PLC0415 - imported when configured

        self.every_seconds = settings.every_seconds
        self._client = HeartbeatClient(settings, redact=redact, clock=clock)

    async def hear(self, beat: Beat) -> Answer:
        return await self._client.beat(run_id=beat.run_id, failed=beat.failed)

    async def close(self) -> None:
        await self._client.close()


class _CheckIn:
    """
    A sink that has a cron monitor: Sentry.
    """

    every_seconds = _CHECK_IN_SECONDS

    def __init__(self, sink: ChecksIn) -> None:
        self.name = f"{sink.name}_check_in"
        self._sink = sink

    async def hear(self, beat: Beat) -> Answer:
        return await self._sink.check_in(ok=not beat.failed, duration_seconds=0.0, every_seconds=beat.every_seconds)

    async def close(self) -> None:
        # The sink is delivery's, which closes it.
        return
