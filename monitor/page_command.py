"""
``monitor page --test``: proves the way to whoever is paged, through every sink at once, and says what each answered.

It goes straight to the sinks, past the outbox and whatever daemon runs: nothing is tried again but its end, since a
test page that stays open costs somebody the night.
"""

import asyncio
import signal
from collections.abc import Collection, Sequence

from monitor.alerting.canary import end_of, proof_event, standing_at
from monitor.alerting.delivery import attempt
from monitor.alerting.service import Outlets
from monitor.app import run_loop
from monitor.config import Settings
from monitor.core.clock import Clock, SystemClock
from monitor.core.errors import ConfigError, unknown
from monitor.core.redaction import Redactor, secrets_in
from monitor.core.severity import Severity
from monitor.incidents.incident import Event, Purpose
from monitor.logs import configure_logs
from monitor.outlets import outlets_of
from monitor.sinks.base import Answer, Result, Sink, Standing
from monitor.voice import Voice, roughly

_SUMMARY = "sent by hand with `monitor page --test`: no action is needed"
# A receiver that took the event may need a moment to show it.
_SETTLED_WITHIN_SECONDS = 5.0
_ASK_EVERY_SECONDS = 0.5
_TRIED_WITHIN_SECONDS = 3.0
_PAUSE_SECONDS = 1.0
_NAME_WIDTH = 13
# Whoever is faster than us may have acknowledged or resolved it by hand.
_SHOWN = (Standing.OPEN, Standing.ACKNOWLEDGED, Standing.RESOLVED)
_OVER = (Standing.RESOLVED, Standing.ABSENT)


def send_test_page(settings: Settings, *, chosen: Sequence[str], hold_seconds: float) -> int:
    """
    Send a test page through the sinks (the *chosen* ones, if any are), and resolve it after *hold_seconds*.

    Returns 1 unless every sink took both, and whoever can be asked knew of it. Raises ``ConfigError`` when no sink is
    configured, or not the one that was chosen.
    """
    redact = Redactor(secrets_in(settings))
    configure_logs(level="error", redact=redact)
    _demand_sinks(settings, chosen)
    try:
        return 0 if run_loop(_prove(settings, redact, chosen, hold_seconds)) else 1
    except asyncio.CancelledError:
        return 128 + signal.SIGTERM


async def _prove(settings: Settings, redact: Redactor, chosen: Sequence[str], hold_seconds: float) -> bool:
    clock = SystemClock()
    # CI and Kubernetes end a command that way; the page must be resolved all the same.
    if task := asyncio.current_task():
        asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, task.cancel)
    outlets = outlets_of(settings.sinks, redact=redact, clock=clock)
    trial = _Trial(outlets, clock, Voice(redact), chosen=chosen)
    try:
        return await trial.run(settings, hold_seconds=hold_seconds)
    finally:
        for sink in outlets.sinks:
            await sink.close()
        for listener in outlets.listeners:
            await listener.close()


class _Trial:
    """
    One test page on its way through sinks, and what became of it at each: *problems*, by sink.
    """

    def __init__(self, outlets: Outlets, clock: Clock, say: Voice, *, chosen: Sequence[str]) -> None:
        self._sinks = [sink for sink in outlets.sinks if not chosen or sink.name in chosen]
        self._severities = {route.sink: route.severities for route in outlets.routes}
        self._clock = clock
        self._say = say
        self._answers: dict[str, Answer] = {}
        self._problems: set[str] = set()

    async def run(self, settings: Settings, *, hold_seconds: float) -> bool:
        """
        Send, wait, resolve, telling each; return whether all went well.
        """
        event = proof_event(
            Purpose.TEST,
            target=settings.target.name,
            location=settings.location,
            severity=Severity.PAGE,
            now=self._clock.now(),
            summary=_SUMMARY,
        )
        self._say(f"test page {event.incident.id} of {event.incident.target} from {event.incident.location}")
        try:
            await asyncio.gather(*(self._open(sink, event, hold_seconds) for sink in self._sinks))
            if self._to_end():
                self._say(f"resolving it in {roughly(hold_seconds)}" if hold_seconds else "resolving it")
                await asyncio.sleep(hold_seconds)
        finally:
            # Whatever ends us, Ctrl-C too: nobody may be left with a page that means nothing.
            await asyncio.gather(*(self._end(sink, event) for sink in self._to_end()))
        if settings.sinks.heartbeat is not None:
            self._tell("heartbeat", "is configured; only a daemon beats it, and this was none")
        return not self._problems

    async def _open(self, sink: Sink, event: Event, hold_seconds: float) -> None:
        started = self._clock.monotonic()
        answer = self._answers[sink.name] = await attempt(sink, event)
        took = self._clock.monotonic() - started
        if answer.result is not Result.DELIVERED:
            self._problems.add(sink.name)
            words = "refused" if answer.result is Result.REFUSED else "not taken now, a daemon would try again"
            self._tell(sink.name, f"{words}: {answer.why}", colour="red")
            return
        shown = await self._settled(sink, event, _SHOWN, max(hold_seconds, _SETTLED_WITHIN_SECONDS))
        if shown is Standing.ABSENT:
            self._problems.add(sink.name)
            self._tell(sink.name, "taken, but it does not show it, or does not answer: see its rules", colour="red")
            return
        says = "it cannot be asked what it shows" if shown is Standing.UNKNOWN else f"it says: {shown}"
        gets = self._severities[sink.name]
        warning = "" if Severity.PAGE in gets else f"; a real page is not sent here, only {', '.join(sorted(gets))}"
        self._tell(sink.name, f"delivered in {took:.2f}s; {says}{warning}", colour="yellow" if warning else "green")

    async def _settled(self, sink: Sink, event: Event, wanted: Collection[Standing], within_seconds: float) -> Standing:
        """
        Ask until the receiver says what is *wanted*, or that it cannot be asked; return what it said last.
        """
        ends_at = self._clock.monotonic() + within_seconds
        while True:
            standing = await standing_at(sink, event.incident.dedup_key)
            if standing in wanted or standing is Standing.UNKNOWN or self._clock.monotonic() >= ends_at:
                return standing
            await asyncio.sleep(_ASK_EVERY_SECONDS)

    def _to_end(self) -> list[Sink]:
        """
        Return the sinks that have the page, or may have it.
        """
        return [
            sink
            for sink in self._sinks
            if sink.name not in self._answers or self._answers[sink.name].result is not Result.REFUSED
        ]

    async def _end(self, sink: Sink, event: Event) -> None:
        end = end_of(event, self._clock.now())
        ends_at = self._clock.monotonic() + _TRIED_WITHIN_SECONDS
        answer = await attempt(sink, end)
        while answer.result is Result.RETRY and self._clock.monotonic() < ends_at:
            await asyncio.sleep(_PAUSE_SECONDS)
            answer = await attempt(sink, end)
        if answer.result is not Result.DELIVERED:
            self._problems.add(sink.name)
            self._tell(sink.name, f"not resolved, do it by hand if it is open there: {answer.why}", colour="red")
            return
        standing = await self._settled(sink, event, _OVER, _SETTLED_WITHIN_SECONDS)
        if standing not in {*_OVER, Standing.UNKNOWN}:
            self._problems.add(sink.name)
            self._tell(sink.name, f"took the end, and still says: {standing}: resolve it by hand", colour="red")
            return
        says = {Standing.RESOLVED: "; it says: resolved", Standing.ABSENT: "; it shows nothing any more"}
        self._tell(sink.name, f"resolved{says.get(standing, '')}", colour="green")

    def _tell(self, name: str, text: str, *, colour: str | None = None) -> None:
        self._say(f"  {name:<{_NAME_WIDTH}} {text}", colour=colour)


def _demand_sinks(settings: Settings, chosen: Sequence[str]) -> None:
    sections = {name: getattr(settings.sinks, name) for name in type(settings.sinks).model_fields}
    # What gets no severities carries no incidents: the heartbeat.
    configured = [name for name, section in sections.items() if hasattr(section, "severities")]
    if not configured:
        raise ConfigError("sinks: none is configured, so nobody is told of anything: add one, such as sinks.pagerduty")
    problems = [unknown("sink", name, configured) for name in chosen if name not in configured]
    if problems:
        raise ConfigError(*problems)
