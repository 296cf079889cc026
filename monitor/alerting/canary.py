"""
Canary pages: now and then one is sent the way that pages go, to prove that they arrive.

It goes through the outbox as any event does. Then the receiver is asked whether it knows of it, where it can be asked;
where not, that it took the event is all the proof there is. It resolves itself, also when this process ends before. One
that did not arrive in time is the monitor's own trouble, told through the other sinks.
"""

import asyncio
import secrets
from collections.abc import Collection, Mapping
from datetime import datetime, timedelta

import structlog

from monitor.alerting.delivery import Delivery
from monitor.alerting.keeper import Keeper
from monitor.alerting.records import Records, SentCanary
from monitor.core.cause import Cause
from monitor.core.clock import Clock
from monitor.core.severity import Severity
from monitor.incidents.incident import Event, Incident, Purpose, Transition
from monitor.incidents.settings import CanaryPage
from monitor.sinks.base import ATTEMPT_SECONDS, Sink, Standing

log = structlog.get_logger()

_LOOK_EVERY_SECONDS = 10.0
_ASK_EVERY_SECONDS = 5.0
_REMEDY = "nothing to do: it proves that pages arrive, and resolves itself"


def proof_event(
    purpose: Purpose, *, target: str, location: str, severity: Severity, now: datetime, summary: str
) -> Event:
    """
    Return an event of no incident, which proves the way to a receiver.
    """
    incident = Incident(
        id=f"{purpose}-{now:%Y%m%d}-{secrets.token_hex(6)}",
        target=target,
        location=location,
        severity=severity,
        cause=Cause.UNKNOWN,
        summary=summary,
        remedy=_REMEDY,
        findings=(),
        failing_since=now,
        opened_at=now,
    )
    return Event(id=f"{incident.id}-1", transition=Transition.OPENED, at=now, incident=incident, purpose=purpose)


def end_of(event: Event, now: datetime) -> Event:
    """
    Return the event that resolves what *event* opened.
    """
    incident = event.incident.resolved(now)
    return Event(
        id=f"{incident.id}-2", transition=Transition.RESOLVED, at=now, incident=incident, purpose=event.purpose
    )


class Canary:
    """
    Sends canary pages; *proved_at* is when one was last seen to have arrived, by sink.
    """

    def __init__(
        self, keeper: Keeper, delivery: Delivery, records: Records, clock: Clock, *, target: str, location: str
    ) -> None:
        self._keeper = keeper
        self._delivery = delivery
        self._records = records
        self._clock = clock
        self._place = (target, location)
        self.proved_at: dict[str, datetime] = {}

    async def keep(self, page: CanaryPage) -> None:
        """
        Send one through every sink that is asked for whenever it is due, for ever.
        """
        sent = await self._resume()
        for sink in page.sinks:
            # One that was never sent begins its interval now: a start is no reason to wake somebody.
            sent.setdefault(sink, self._clock.now())
            await self._note(sink, SentCanary(sent_at=sent[sink]))
        while True:
            now = self._clock.now()
            due = [sink for sink in page.sinks if abs(now - sent[sink]) >= timedelta(seconds=page.every_seconds)]
            for sink in due:
                sent[sink] = now
                await self.send(sink, page)
            await asyncio.sleep(_LOOK_EVERY_SECONDS)

    async def retire(self, *, keeps: Collection[str]) -> None:
        """
        End what was sent and is open, and the trouble with sinks that are none of those that it *keeps*.
        """
        for sink in await self._resume():
            if sink not in keeps:
                self._keeper.note_trouble(_trouble(sink), "")

    async def send(self, sink: str, page: CanaryPage) -> bool:
        """
        Send one through *sink*; return whether it arrived in time.
        """
        if sink not in self._delivery.sinks:
            return False
        target, location = self._place
        event = proof_event(
            Purpose.CANARY,
            target=target,
            location=location,
            severity=Severity.PAGE,
            now=self._clock.now(),
            summary="canary page: proves that pages arrive, no action is needed",
        )
        await self._note(sink, SentCanary(sent_at=event.at, open=event))
        self._keeper.post(sink, event)
        problem = await self._proved(self._delivery.sinks[sink], event, page)
        await self._end(sink, event)
        if problem:
            log.error("canary.lost", sink=sink, incident=event.incident.id, error=problem)
        else:
            log.info("canary.arrived", sink=sink, incident=event.incident.id)
            self.proved_at[sink] = self._clock.now()
        self._keeper.note_trouble(_trouble(sink), problem)
        return not problem

    async def _resume(self) -> dict[str, datetime]:
        try:
            kept: Mapping[str, SentCanary] = await self._records.canaries()
        except Exception as error:  # noqa: BLE001 - whatever the store lacks, canaries go on
            log.warning("canary.forgotten", error=str(error))
            return {}
        for sink, canary in kept.items():
            if canary.open is not None:
                await self._end(sink, canary.open)
        return {sink: canary.sent_at for sink, canary in kept.items()}

    async def _end(self, sink: str, event: Event) -> None:
        self._keeper.post(sink, end_of(event, self._clock.now()))
        await self._keeper.write()
        await self._note(sink, SentCanary(sent_at=event.at))

    async def _note(self, sink: str, canary: SentCanary) -> None:
        try:
            await self._records.note_canary(sink, canary)
        except Exception as error:  # noqa: BLE001 - as above
            log.warning("canary.not_noted", sink=sink, error=str(error))

    async def _proved(self, sink: Sink, event: Event, page: CanaryPage) -> str:
        """
        Wait until the receiver shows it; return what is wrong, or nothing.
        """
        ends_at = self._clock.monotonic() + page.within_seconds
        wanted = {Standing.ACKNOWLEDGED} if page.acknowledged else {Standing.OPEN, Standing.ACKNOWLEDGED}
        seen = Standing.ABSENT
        while self._clock.monotonic() < ends_at:
            if not self._keeper.outbox.has(sink.name, event.id):
                seen = await standing_at(sink, event.incident.dedup_key)
                if seen in wanted or (seen is Standing.UNKNOWN and not page.acknowledged):
                    return ""
            left = ends_at - self._clock.monotonic()
            await asyncio.sleep(max(0.0, min(_ASK_EVERY_SECONDS, page.within_seconds / 10, left)))
        if self._keeper.outbox.has(sink.name, event.id):
            return f"{sink.name} did not take it within {page.within_seconds:.0f} s: see event.delayed in the log"
        if page.acknowledged:
            return f"nobody acknowledged it at {sink.name} within {page.within_seconds:.0f} s: it is {seen} there"
        return f"{sink.name} took it and does not know of it: it is {seen} there"


def _trouble(sink: str) -> str:
    return f"canary page through {sink}"


async def standing_at(sink: Sink, dedup_key: str) -> Standing:
    """
    Ask *sink* once what its receiver knows of the incident; absent when there is no answer.
    """
    try:
        async with asyncio.timeout(ATTEMPT_SECONDS + 1.0):
            return await sink.standing(dedup_key)
    except TimeoutError:
        return Standing.ABSENT
    except Exception:  # a bug in one sink must not end the canaries
        log.exception("sink.crashed", sink=sink.name)
        return Standing.ABSENT
