"""
Everything between an outcome and a person, joined: keeper, delivery, pulse and canary.

Of several daemons that watch the same target from the same location with one store, one does this; the others stand
by, and the next takes over when it ends. What it has seen since the one before wrote its last is not lost on it.
"""

import asyncio
from collections import deque
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

import structlog

from monitor.alerting.canary import Canary
from monitor.alerting.delivery import Delivery
from monitor.alerting.keeper import Again, Hooks, Keeper
from monitor.alerting.pulse import STUCK_SECONDS, Listener, Pulse
from monitor.alerting.records import Records
from monitor.alerting.silences import Silences
from monitor.core.cause import Cause
from monitor.core.check import Check
from monitor.core.clock import Clock
from monitor.core.outcome import Outcome, Status
from monitor.core.redaction import Redactor
from monitor.core.severity import Severity
from monitor.core.target import Target
from monitor.incidents.book import News, Route
from monitor.incidents.findings import Findings
from monitor.incidents.settings import Alerts
from monitor.lease import Post
from monitor.sinks.base import Result, Sink
from monitor.sinks.incident_families import Queue
from monitor.store import Store

log = structlog.get_logger()

_LOOK_AT_POST_SECONDS = 1.0
# What one that stands by keeps in mind: more than a thousand checks see while the one before ends.
_MOST_HEARD = 5_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlets:
    """
    Where incidents and beats go: the *sinks*, what each gets, and who hears the pulse.
    """

    sinks: Sequence[Sink] = ()
    routes: Sequence[Route] = ()
    listeners: Sequence[Listener] = ()

    @property
    def names(self) -> tuple[str, ...]:
        """
        The names of all of them, as metrics have them.
        """
        return (*(sink.name for sink in self.sinks), *(listener.name for listener in self.listeners))


@dataclass(frozen=True, slots=True, kw_only=True)
class Orders:
    """
    What is configured of all this. *outlets* None: as before.
    """

    alerts: Alerts
    checks: Mapping[str, Check]
    redact: Redactor
    keep: timedelta
    target: Target
    outlets: Outlets | None = field(default=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ears:
    """
    Who is told what goes on: of incidents, and of every attempt to tell a sink.
    """

    on_news: Callable[[News], None] = lambda _: None
    on_attempt: Callable[[str, Result], None] = lambda _sink, _result: None


class Alerting:
    """
    What one daemon makes of its outcomes. ``start`` it before the first, and ``end`` it after the last.
    """

    def __init__(
        self,
        store: Store,
        path: Path | None,
        clock: Clock,
        *,
        place: tuple[str, str],
        is_turning: Callable[[], bool],
        ears: Ears,
    ) -> None:
        target, location = place
        self._clock = clock
        self._post = Post(path, f"{target}\0{location}")
        self._records = Records(store, target=target, location=location)
        self.silences = silences = Silences(store, target=target)
        self.keeper = Keeper(
            self._records,
            silences,
            clock,
            target=target,
            location=location,
            hooks=Hooks(on_news=ears.on_news, on_posted=self._wake),
        )
        self.delivery = Delivery(
            self.keeper.outbox, clock, on_attempt=ears.on_attempt, on_acknowledged=self.keeper.acknowledged
        )
        self._canary = Canary(self.keeper, self.delivery, self._records, clock, target=target, location=location)
        self._pulse = Pulse(clock, is_turning=is_turning, stuck=self._stuck, on_beat=ears.on_attempt)
        self._orders: Orders | None = None
        self._outlets = Outlets()
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self._heard: deque[tuple[Check, Outcome]] = deque(maxlen=_MOST_HEARD)
        # Once it knows what the one before knew; what opened sooner would be forgotten, or told in its stead.
        self._keeps_incidents = False

    @property
    def keeps_incidents(self) -> bool:
        """
        Whether this daemon does this, and does not stand by.
        """
        return self._keeps_incidents

    @property
    def trouble(self) -> str:
        """
        Why people may not be told; empty when they are.
        """
        if not self._keeps_incidents:
            return "another daemon with the same store keeps the incidents: this one stands by"
        return "; ".join(filter(None, (self.keeper.trouble, self.delivery.trouble)))

    async def start(self, orders: Orders) -> None:
        """
        Go on where the process before ended, by *orders*; or stand by until the one that does this ends.
        """
        self._heed(orders)
        if self._post.take():
            await self._begin()
        else:
            log.warning("incidents.kept_elsewhere", error=self.trouble)
            self._tasks["standby"] = asyncio.create_task(self._stand_by(), name="alerting:standby")

    async def use(self, orders: Orders) -> None:
        """
        Go by *orders* from here on.
        """
        before = self._orders
        self._heed(orders)
        if not self._keeps_incidents:
            return
        for name in (before.checks.keys() if before else ()) - orders.checks.keys():
            self.keeper.forget(name)
        # Whoever reloads may have mended what a sink refused.
        self.keeper.outbox.hurry()
        await self._connect(anew=orders.outlets is not None, before=before)
        self.delivery.wake()

    def observe(self, check: Check, outcome: Outcome) -> Again:
        """
        Fold *outcome* in; return what must be looked at again because of it.
        """
        if not self._keeps_incidents:
            self._heard.append((check, outcome))
            return Again()
        self._pulse.note(outcome)
        return self.keeper.observe(check, outcome)

    async def end(self, *, within_seconds: float) -> None:
        """
        Tell people what can be told *within_seconds*; the rest waits in the store for the next process.
        """
        for name in ("standby", "canary"):
            await self._cancel(name)
        await self._pulse.end()
        if self._keeps_incidents:
            await self.keeper.write()
            await self.delivery.end(within_seconds=within_seconds)
            await self._cancel("keeper")
            await self.keeper.write()
        self._post.leave()

    # Asked from the thread that renders the metrics.

    def open_findings(self) -> Mapping[tuple[str, str], bool]:
        """
        Return for every configured check, by name and kind, whether it is believed to be wrong.
        """
        checks = self._orders.checks if self._orders else {}
        return {(name, check.kind()): self.keeper.book.findings.is_failing(name) for name, check in checks.items()}

    def open_incidents(self) -> Sequence[tuple[Severity, Cause]]:
        """
        Return severity and cause of every incident that is open.
        """
        return [(case.incident.severity, case.incident.cause) for case in tuple(self.keeper.book.cases.values())]

    def queues(self) -> Mapping[str, Queue]:
        """
        Return what waits, by sink.
        """
        counts = self.keeper.outbox.counts()
        return {
            sink: Queue(events=events, oldest_at=oldest_at)
            for sink in {*counts, *self.delivery.sinks}
            for events, oldest_at in [counts.get(sink, (0, None))]
        }

    def proved_at(self) -> Mapping[str, datetime]:
        """
        Return when a canary page was last seen at the receiver, by sink.
        """
        return dict(self._canary.proved_at)

    def _heed(self, orders: Orders) -> None:
        self._orders = orders
        if orders.outlets is not None:
            self._outlets = orders.outlets
        self._pulse.expect(orders.checks.values())
        self.keeper.judge(orders.target, orders.checks.values())
        self.keeper.use(alerts=orders.alerts, routes=self._outlets.routes, redact=orders.redact, keep=orders.keep)

    async def _stand_by(self) -> None:
        # Nobody says when it is free: a process that is killed says nothing.
        while not self._post.take():  # noqa: ASYNC110
            await asyncio.sleep(_LOOK_AT_POST_SECONDS)
        log.warning("incidents.taken_over")
        await self._begin()

    async def _begin(self) -> None:
        checks = self._orders.checks if self._orders else {}
        await self.keeper.restore(checks)
        self._keeps_incidents = True
        heard, self._heard = self._heard, deque()
        still = _failing_again(heard, self.keeper.book.findings)
        for check, outcome in heard:
            # Nobody is woken for what was over before there was somebody to say so.
            if check.name not in checks or not self.keeper.is_news(check, outcome):
                continue
            if check.name in still and outcome.status in {Status.PASSED, Status.DEGRADED}:
                # Nor is anybody told that it was right for a while.
                self.keeper.record(outcome)
            else:
                self.keeper.observe(check, outcome, settles=False)
        self.keeper.settle()
        self._tasks["keeper"] = asyncio.create_task(self.keeper.keep(), name="alerting:keeper")
        await self._connect(anew=True)

    async def _connect(self, *, anew: bool, before: Orders | None = None) -> None:
        if anew:
            await self.delivery.use(self._outlets.sinks)
            await self._pulse.send_to(self._outlets.listeners)
        page = self._orders.alerts.canary if self._orders else None
        if not anew and before is not None and before.alerts.canary == page:
            return
        await self._cancel("canary")
        await self._canary.retire(keeps=page.sinks if page else ())
        if page is not None:
            self._tasks["canary"] = asyncio.create_task(self._canary.keep(page), name="alerting:canary")

    async def _cancel(self, name: str) -> None:
        if task := self._tasks.pop(name, None):
            task.cancel()
            await asyncio.wait({task})

    def _wake(self) -> None:
        self.delivery.wake()

    def _stuck(self) -> str:
        before = self._clock.now() - timedelta(seconds=STUCK_SECONDS)
        for sink, queue in self.queues().items():
            if sink in self.delivery.sinks and queue.oldest_at and queue.oldest_at < before:
                return f"sink {sink} has not taken what it was to be told since {queue.oldest_at:%H:%M:%S} UTC"
        return ""


def _failing_again(heard: Iterable[tuple[Check, Outcome]], findings: Findings) -> frozenset[str]:
    """
    Return the checks that were believed to have failed before *heard*, and whose last verdict in it is a failure.
    """
    verdicts = (outcome for _, outcome in heard if outcome.status.is_verdict and not outcome.is_repeat)
    last = {outcome.check: outcome.status for outcome in verdicts}
    return frozenset(name for name, status in last.items() if status is Status.FAILED and findings.is_failing(name))
