"""
Keeps the incidents: folds every outcome in, writes down what that changed, and has sinks told of it.

The fold is in memory and at once; the store learns of a change, and of the events that it makes, in one transaction,
and only then are they sent. So whatever ends the process, an incident that anybody was told of is known to the next.
While the store cannot be used, people are told all the same, and it learns of everything when it can.
"""

import asyncio
import json
from collections import deque
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import structlog

from monitor.alerting.outbox import Outbox
from monitor.alerting.records import Batch, Ran, Records
from monitor.alerting.silences import Silences
from monitor.core.check import Check
from monitor.core.clock import Clock
from monitor.core.outcome import Outcome, Status
from monitor.core.redaction import Redactor, redacted
from monitor.incidents.book import Book, Case, News, Route
from monitor.incidents.findings import Watched
from monitor.incidents.incident import Event, Incident
from monitor.incidents.settings import Alerts
from monitor.incidents.silence import Hush
from monitor.store import StoreError

log = structlog.get_logger()

# History, and what only the next outcome would change anyway, is written together.
_WRITE_EVERY_SECONDS = 1.0
# A disk that hangs must not keep people from being told.
_PATIENCE_SECONDS = 2.0
_PATIENCE_WHILE_SLOW_SECONDS = 0.25
_LOOK_AT_SILENCES_SECONDS = 2.0
_RETIRE_EVERY_SECONDS = 600.0
# Runs that wait for a store which cannot be written; the oldest are given up.
_MOST_RUNS_UNWRITTEN = 10_000
# Of the evidence that goes with a finding; the history has all of it.
_MOST_EVIDENCE_BYTES = 16 << 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Hooks:
    """
    Who else is to know: *on_news* of what became of incidents, *on_posted* that something waits for delivery.
    """

    on_news: Callable[[News], None] = lambda _: None
    on_posted: Callable[[], None] = lambda: None


class Keeper:
    """
    The incidents of one daemon.

    *alerts* and *routes* may be replaced by ``use``. Nothing here raises for a store that cannot be used.
    """

    def __init__(
        self,
        records: Records,
        silences: Silences,
        clock: Clock,
        *,
        target: str,
        location: str,
        hooks: Hooks,
    ) -> None:
        self._records = records
        self._silences = silences
        self._clock = clock
        self._hooks = hooks
        self.outbox = Outbox()
        self.book = Book(target=target, location=location)
        self._alerts = Alerts()
        self._routes: Sequence[Route] = ()
        self._redact = Redactor()
        self._keep = timedelta(days=30)
        self._changed_streaks: set[tuple[str, str]] = set()
        self._changed_cases: dict[str, Case] = {}
        self._forgotten: set[str] = set()
        self._runs: deque[Ran] = deque(maxlen=_MOST_RUNS_UNWRITTEN)
        self._is_urgent = asyncio.Event()
        self._writing = asyncio.Lock()
        # Since the store was last written to in vain.
        self._fails = False

    @property
    def open_incidents(self) -> list[Incident]:
        """
        The incidents that are open, oldest first.
        """
        return sorted((case.incident for case in self.book.cases.values()), key=lambda each: (each.opened_at, each.id))

    def use(self, *, alerts: Alerts, routes: Sequence[Route], redact: Redactor, keep: timedelta) -> None:
        """
        Go by *alerts* and *routes* from here on, and *keep* history for so long.
        """
        self._alerts, self._routes, self._redact, self._keep = alerts, tuple(routes), redact, keep

    async def restore(self, checks: Collection[str]) -> None:
        """
        Go on where the process before this one ended. What concerns none of *checks* any more is over.
        """
        try:
            async with asyncio.timeout(_PATIENCE_SECONDS * 5):
                kept = await self._records.load()
        except (StoreError, TimeoutError) as error:
            log.error("incidents.forgotten", error=str(error) or "the store did not answer")
            # What it holds must not be overwritten: the next process knows of it again.
            self.outbox.begin_at(round(self._clock.now().timestamp() * 1000.0))
            return
        self.outbox.restore(kept.posted)
        self.book.restore(kept.cases)
        findings = [finding for case in kept.cases for finding in case.incident.findings]
        self.book.findings.restore(kept.streaks, findings)
        known = {check for check, _ in kept.streaks} | {finding.check for finding in findings}
        for check in known - set(checks):
            # What is no check, the monitor has found out about itself.
            if not check.startswith("("):
                self.forget(check)
        await self._silences.look(self._clock.now())

    def observe(self, check: Check, outcome: Outcome) -> bool:
        """
        Fold *outcome* of *check* in; return whether a second look must confirm that it failed.
        """
        document = redacted(outcome, self._redact)
        self._runs.append(Ran(check=outcome.check, ended_at=outcome.ended_at, document=_kept_of(outcome, document)))
        watched = Watched(severity=check.severity, every_seconds=check.every_seconds)
        doubtful = self.book.findings.observe(outcome, self._alerts, watched, evidence=_bounded(document))
        self._changed_streaks.add((outcome.check, outcome.location))
        self.settle()
        return doubtful

    def is_news(self, outcome: Outcome) -> bool:
        """
        Return whether nothing that is known of its check is as new as *outcome*.
        """
        streak = self.book.findings.streaks.get((outcome.check, outcome.location))
        return streak is None or streak.seen_at is None or outcome.ended_at > streak.seen_at

    def forget(self, check: str) -> None:
        """
        Take *check* for gone: it is not configured any more, so nothing is wrong with it.
        """
        self.book.findings.forget(check)
        self._changed_streaks = {key for key in self._changed_streaks if key[0] != check}
        self._forgotten.add(check)
        self.settle()

    def settle(self) -> None:
        """
        Bring incidents up to date, and have told what is due: reminders, what a silence that ended kept back.
        """
        news = self.book.settle(
            self._clock.now(),
            routes=self._routes,
            hush=Hush(self._alerts, self._silences.known),
            remind_every=timedelta(seconds=self._alerts.remind_every_seconds),
        )
        for incident in (*news.opened, *news.changed):
            self._changed_cases[incident.id] = self.book.cases[incident.id]
        for incident in news.resolved:
            self._changed_cases[incident.id] = Case(incident=incident)
        for dispatch in news.dispatches:
            self.outbox.add(dispatch.sink, dispatch.event)
            if case := self.book.cases.get(dispatch.event.incident.id):
                self._changed_cases[case.incident.id] = case
        if news.dispatches or news.opened or news.resolved:
            self._is_urgent.set()
        if news.opened or news.changed or news.resolved:
            self._hooks.on_news(news)

    def post(self, sink: str, event: Event) -> None:
        """
        Have *event*, which is of no incident, delivered to *sink* as those of incidents are.
        """
        self.outbox.add(sink, event)
        self._is_urgent.set()

    def note_trouble(self, name: str, message: str) -> None:
        """
        Open an incident of the monitor's own trouble *name*, or end it when *message* is empty.
        """
        if message:
            self.book.findings.note_trouble(f"({name})", message, self._clock.now())
        else:
            self.book.findings.end_trouble(f"({name})")
        self.settle()

    def acknowledged(self) -> None:
        """
        Have the store told soon of what sinks have acknowledged.
        """
        self._is_urgent.set()

    async def keep(self) -> None:
        """
        Settle and write, for ever.
        """
        retire_at = look_at = self._clock.monotonic()
        while True:
            try:
                now = self._clock.monotonic()
                if now >= look_at:
                    look_at = now + _LOOK_AT_SILENCES_SECONDS
                    await self._silences.look(self._clock.now())
                self._drop_old()
                self.settle()
                await self.write()
                if now >= retire_at:
                    retire_at = now + (0.0 if await self._retire() else _RETIRE_EVERY_SECONDS)
            except Exception:  # a bug in one turn must not end it for good: nobody would be told of anything
                log.exception("incidents.not_kept")
            await self._pause()

    async def _pause(self) -> None:
        seconds = _WRITE_EVERY_SECONDS
        try:
            async with asyncio.timeout(seconds):
                await self._is_urgent.wait()
        except TimeoutError:
            return

    async def write(self) -> None:
        """
        Write down all that changed; let it be told though that fails.
        """
        # Not cut off by the end of whoever asks: what it has taken, and could not write, would be known to nobody.
        await asyncio.shield(asyncio.create_task(self._write(), name="incidents:write"))

    async def _write(self) -> None:
        async with self._writing:
            self._is_urgent.clear()
            added, acknowledged = self.outbox.unkept()
            cases, self._changed_cases = self._changed_cases, {}
            keys, self._changed_streaks = self._changed_streaks, set()
            forgotten, self._forgotten = self._forgotten, set()
            runs = tuple(self._runs)
            self._runs.clear()
            if not (added or acknowledged or cases or keys or forgotten or runs):
                return
            streaks = self.book.findings.streaks
            batch = Batch(
                runs=runs,
                streaks={key: streaks[key] for key in keys if key in streaks},
                forgotten=forgotten,
                cases=tuple(cases.values()),
                posted=[each.posted for each in added],
                acknowledged=acknowledged,
                open_cases=len(self.book.cases),
                waiting=len(self.outbox),
            )
            saving = asyncio.create_task(self._records.save(batch), name="incidents:save")
            try:
                await self._wait(saving)
                is_whole = await saving
            except StoreError:
                self._changed_cases = cases | self._changed_cases
                self._changed_streaks |= keys
                self._forgotten |= forgotten
                self._runs.extendleft(reversed(runs[-(_MOST_RUNS_UNWRITTEN - len(self._runs)) :]))
                self.outbox.release()
                await asyncio.sleep(_WRITE_EVERY_SECONDS if self._fails else 0.0)
                self._fails = True
            else:
                self._fails = False
                self.outbox.kept(added, acknowledged)
                if not is_whole:
                    self._write_anew()
            self._hooks.on_posted()

    def _write_anew(self) -> None:
        """
        Have all that is known written next: the file is another one, and knows nothing of it.
        """
        log.warning("incidents.written_anew", incidents=len(self.book.cases), events=len(self.outbox))
        self._changed_cases = {**self.book.cases, **self._changed_cases}
        self._changed_streaks |= self.book.findings.streaks.keys()
        self.outbox.forget_kept()
        self._is_urgent.set()

    async def _wait(self, saving: asyncio.Task[bool]) -> None:
        """
        Wait for the disk, and let what is added meanwhile be told when that takes too long.
        """
        patience_seconds = _PATIENCE_SECONDS
        while True:
            await asyncio.wait({saving}, timeout=patience_seconds)
            if saving.done():
                return
            patience_seconds = _PATIENCE_WHILE_SLOW_SECONDS
            self.outbox.release()
            self._hooks.on_posted()

    def _drop_old(self) -> None:
        for each in self.outbox.drop_old(self._clock.now()):
            log.error("event.dropped", sink=each.posted.sink, incident=each.posted.event.incident.id, because="too old")

    async def _retire(self) -> bool:
        try:
            return await self._records.retire(before=self._clock.now() - self._keep)
        except StoreError:
            # It says so itself.
            return False


def _kept_of(outcome: Outcome, document: Mapping[str, Any]) -> Mapping[str, Any]:
    """
    Return what the history keeps of a run: of one that passed only what is there.
    """
    if outcome.status is not Status.PASSED:
        return document
    return {key: value for key, value in document.items() if value not in (None, "", False, [], {})}


def _bounded(document: Mapping[str, Any]) -> Mapping[str, Any]:
    """
    Return *document* with no more evidence than an event can carry to any sink.
    """
    if len(json.dumps(document)) <= _MOST_EVIDENCE_BYTES:
        return document
    evidence = {"left_out": "too much for a message: see `monitor history`"}
    return {**document, "evidence": evidence, "delivery_seconds": [], "steps": document["steps"][-20:]}
