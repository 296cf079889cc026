"""
Sentry, or what speaks its protocol: one issue per target and cause, and check-ins of the daemon's pulse.

The SDK only makes the envelope. It is posted here, so that what became of it is known: the outbox holds an event until
an envelope with it was accepted, where the SDK would have lost it. Accepted is not shown yet: a filter or a quota of
the project may still drop it, and nobody is told. Sentry must never be the only way to a person.
"""

import asyncio
import math
import uuid
from dataclasses import replace
from http import HTTPStatus

from monitor.core.clock import Clock
from monitor.core.duration import show_duration
from monitor.core.errors import fit
from monitor.incidents.incident import Event
from monitor.sinks.base import ATTEMPT_SECONDS, DELIVERED, Answer, Result, Standing
from monitor.sinks.http import HttpClient, Reply
from monitor.sinks.payload import Redact
from monitor.sinks.sentry_envelope import Envelopes
from monitor.sinks.sentry_event import attachments_of, event_of
from monitor.sinks.sentry_limits import Category, Limits
from monitor.sinks.settings import SentrySettings


class Sentry:
    """
    Posts an envelope for every event; asks nothing back, since the key of a project only lets in.
    """

    name = "sentry"
    repeats_seconds: float | None = None

    def __init__(
        self, settings: SentrySettings, *, redact: Redact, clock: Clock, attempt_seconds: float = ATTEMPT_SECONDS
    ) -> None:
        self._settings = settings
        self._redact = redact
        self._clock = clock
        self._limits = Limits(clock)
        self._attempt_seconds = attempt_seconds
        self._envelopes = Envelopes(settings, redact)
        self._http = HttpClient(
            self.name,
            redact=redact,
            clock=clock,
            attempt_seconds=attempt_seconds,
            secrets=(settings.dsn.get_secret_value(), *self._envelopes.secrets),
        )

    async def deliver(self, event: Event) -> Answer:
        """
        Attempt once to hand *event* over; what is too large for the receiver goes without its evidence.
        """
        if limited := self._limited(Category.ERROR):
            return limited
        try:
            payload, files = event_of(event), await attachments_of(event.incident, self._redact)
            if self._limits.seconds(Category.ATTACHMENT):
                files = {}
            envelope = self._envelopes.make(payload, files)
            bare = self._envelopes.make(payload) if files else envelope
        except Exception as fault:  # noqa: BLE001 a bug, ours or the SDK's, must not end what delivers pages
            return _no_envelope(fault)
        started = self._clock.monotonic()
        reply = await self._post(envelope)
        if reply.status == HTTPStatus.REQUEST_ENTITY_TOO_LARGE and files:
            left = self._attempt_seconds - (self._clock.monotonic() - started)
            reply = await self._post(bare, seconds=left)
        return self._settled(reply, Category.ERROR)

    async def check_in(self, *, ok: bool, duration_seconds: float, every_seconds: float) -> Answer:
        """
        Tell the cron monitor how the daemon's pulse is; it counts as missed once it is late by an interval.
        """
        if self._settings.check_in is None:
            return DELIVERED
        if limited := self._limited(Category.MONITOR):
            return limited
        try:
            envelope = self._envelopes.make(
                {
                    "type": "check_in",
                    "check_in_id": uuid.uuid4().hex,
                    "monitor_slug": self._settings.check_in,
                    "status": "ok" if ok else "error",
                    "duration": round(max(0.0, duration_seconds), 3),
                    "monitor_config": _schedule(every_seconds),
                }
            )
        except Exception as fault:  # noqa: BLE001 as above
            return _no_envelope(fault)
        return self._settled(await self._post(envelope), Category.MONITOR)

    async def standing(self, dedup_key: str) -> Standing:  # noqa: ARG002 the key of a project only lets in
        """
        Say that it cannot be asked.
        """
        return Standing.UNKNOWN

    async def close(self) -> None:
        """
        Let go of connections.
        """
        await self._http.close()

    def _limited(self, category: Category) -> Answer | None:
        seconds = self._limits.seconds(category)
        if not seconds:
            return None
        why = f"sentry has asked for a pause of {show_duration(math.ceil(seconds))}: raise its quota if this lasts"
        return Answer(result=Result.RETRY, why=why, after_seconds=seconds)

    async def _post(self, envelope: bytes, *, seconds: float | None = None) -> Reply:
        """
        Post *envelope* once, within *seconds* if they are fewer than those of an attempt.
        """
        where = self._envelopes
        try:
            async with asyncio.timeout(seconds):
                return await self._http.exchange(
                    "POST", where.url, body=envelope, headers=where.headers, wants_body=False
                )
        except TimeoutError:
            why = "sentry refused the evidence, and did not answer in time to the event without it: check its load"
            return Reply(answer=Answer(result=Result.RETRY, why=why))

    def _settled(self, reply: Reply, category: Category) -> Answer:
        """
        Return what *reply* means, once its limits are heeded.
        """
        limits, is_limited = reply.headers.get("X-Sentry-Rate-Limits", ""), reply.status == HTTPStatus.TOO_MANY_REQUESTS
        if limits:
            self._limits.heed(limits)
        elif is_limited:
            self._limits.refused(reply.answer.after_seconds)
        if not is_limited:
            return reply.answer
        return replace(reply.answer, after_seconds=self._limits.seconds(category) or reply.answer.after_seconds)


def _schedule(every_seconds: float) -> dict[str, object]:
    """
    Return how often Sentry is to expect a check-in; its shortest interval is a minute.
    """
    minutes = max(1, math.ceil(every_seconds / 60))
    return {
        "schedule": {"type": "interval", "value": minutes, "unit": "minute"},
        "checkin_margin": minutes,
        "max_runtime": minutes,
    }


def _no_envelope(fault: Exception) -> Answer:
    # The text of the fault may quote anything of the event.
    why = f"sentry was not asked, since no envelope could be made ({type(fault).__name__}): report a bug of monitor"
    return Answer(result=Result.REFUSED, why=fit(why))
