"""
Keeps the incidents: folds every outcome in, writes down what that changed, and has sinks told of it.

The fold is in memory and at once; the store learns of a change, and of the events that it makes, in one transaction,
and only then are they sent. So whatever ends the process, an incident that anybody was told of is known to the next.
While the store cannot be used, people are told all the same, and it learns of everything when it can.
"""

import asyncio
import json
import math
import sqlite3
from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import structlog

from monitor.alerting.outbox import Outbox
from monitor.alerting.records import Ran, Records
from monitor.alerting.scribe import Scribe
from monitor.alerting.silences import Silences
from monitor.core.check import Check
from monitor.core.clock import Clock
from monitor.core.outcome import Outcome, Status
from monitor.core.redaction import Redactor, redacted
from monitor.core.target import Target
from monitor.diagnosis.place import Place
from monitor.diagnosis.separate import Askable, askable_of, worth_asking
from monitor.incidents.book import Book, Case, News, Route
from monitor.incidents.findings import Watched
from monitor.incidents.incident import Event
from monitor.incidents.matching import MOST_HELD
from monitor.incidents.settings import Alerts
from monitor.incidents.silence import Hush
from monitor.scheduler import Grid
from monitor.store import StoreError

log = structlog.get_logger()

# A store that does not answer for so long is not waited for.
_LOAD_SECONDS = 10.0
_LOOK_AT_SILENCES_SECONDS = 2.0
_RETIRE_EVERY_SECONDS = 600.0
# Of the evidence that goes with a finding; the history has all of it.
_MOST_EVIDENCE_BYTES = 16 << 10
_MOST_REPR_CHARACTERS = 500
# Of a list in evidence that is too large for a message.
_MOST_LISTED = 10
_MOST_FACTS = 24
# Nobody is asked again sooner: a thousand checks that fail at once would ask the same few.
_ASK_AGAIN_SECONDS = 10.0
# With more findings than this they are brought up to date within the second, and not with each.
_MANY_FINDINGS = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Hooks:
    """
    Who else is to know: *on_news* of what became of incidents, *on_posted* that something waits for delivery.
    """

    on_news: Callable[[News], None] = lambda _: None
    on_posted: Callable[[], None] = lambda: None


@dataclass(frozen=True, slots=True, kw_only=True)
class Again:
    """
    What is to run because of one outcome: the same check, to *confirm* that it failed, and at once those *asked*, which
    tell its causes apart.
    """

    confirm: bool = False
    asked: tuple[str, ...] = ()


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
        self._askable: tuple[Askable, ...] = ()
        # Monotonic seconds, by the name of the check.
        self._asked_at: dict[str, float] = {}
        self._scribe = Scribe(records, self.book, self.outbox, on_posted=hooks.on_posted)

    def use(self, *, alerts: Alerts, routes: Sequence[Route], redact: Redactor, keep: timedelta) -> None:
        """
        Go by *alerts* and *routes* from here on, and *keep* history for so long.
        """
        for sink in {route.sink for route in self._routes} - {route.sink for route in routes}:
            told = sum(sink in case.told for case in self.book.cases.values())
            if told:
                error = f"{told} open incidents stay open there: put it back, or resolve them there by hand"
                log.warning("sink.removed", sink=sink, error=error)
        self._alerts, self._routes, self._redact, self._keep = alerts, tuple(routes), redact, keep

    def judge(self, target: Target, checks: Collection[Check]) -> None:
        """
        Name *target* in remedies from here on, and have *checks* asked when a cause is not clear.
        """
        self.book.place = Place.of(target)
        self._askable = askable_of(checks)
        names = {each.check for each in self._askable}
        self._asked_at = {name: at for name, at in self._asked_at.items() if name in names}

    async def restore(self, checks: Collection[str]) -> None:
        """
        Go on where the process before this one ended. What concerns none of *checks* any more is over.
        """
        try:
            async with asyncio.timeout(_LOAD_SECONDS):
                kept = await self._records.load()
        except Exception as error:  # noqa: BLE001 - without what was known before, people are told of what is now
            log.error("incidents.forgotten", error=str(error) or "the store did not answer")
            # What it holds must not be overwritten: the next process knows of it again.
            self.outbox.begin_at(round(self._clock.now().timestamp() * 1000.0))
            return
        # First, or what is forgotten below would let people be told in a silence.
        await self._silences.look(self._clock.now())
        self.outbox.restore(kept.posted)
        self.book.restore(kept.cases)
        findings = [finding for case in kept.cases for finding in case.incident.findings]
        self.book.findings.restore(kept.streaks, findings)
        known = {check for check, _ in kept.streaks} | {finding.check for finding in findings}
        for check in known - set(checks):
            # What is no check, the monitor has found out about itself.
            if not check.startswith("("):
                self.forget(check)
        await self._tell_elsewhere()

    async def _tell_elsewhere(self) -> None:
        """
        Warn of incidents that nobody resolves who does not watch there any more, under a new name or location.
        """
        with suppress(StoreError, sqlite3.Error):
            for target, location, count in await self._records.elsewhere():
                log.warning("incidents.elsewhere", target=target, location=location, incidents=count)

    def observe(self, check: Check, outcome: Outcome, *, settles: bool = True) -> Again:
        """
        Fold *outcome* of *check* in; return what must be looked at again because of it.

        Unless it *settles*, nobody is told before the next time.
        """
        document = self.record(outcome)
        watched = Watched(severity=check.severity, every_seconds=check.every_seconds)
        doubtful = self.book.findings.observe(outcome, self._alerts, watched, evidence=_bounded(document))
        self.book.note_run(outcome)
        is_wrong = outcome.status in {Status.FAILED, Status.ERRORED} and not outcome.is_repeat
        asked = self._ask(outcome) if is_wrong else ()
        # What is no news waits for the next second: a thousand checks that fail would leave no time for anything else.
        if settles and self.book.findings.take_news():
            if self.book.findings.count > _MANY_FINDINGS:
                self._scribe.hurry()
            else:
                self.settle()
        return Again(confirm=doubtful, asked=asked)

    def record(self, outcome: Outcome) -> Mapping[str, Any]:
        """
        Have *outcome* written to history, which opens and resolves nothing; return it as plain values, redacted.
        """
        document = plain(redacted(outcome, self._redact))
        ran = Ran(check=outcome.check, ended_at=outcome.ended_at, document=_kept_of(outcome, document))
        self._scribe.note_run(ran, place=outcome.location)
        return document

    def _ask(self, outcome: Outcome) -> tuple[str, ...]:
        """
        Return the checks that would tell apart why *outcome* is wrong; nobody is told before they have, or 8 s passed.
        """
        findings = self.book.findings
        trouble = findings.seen(outcome.check, outcome.location)
        streak = findings.streaks[outcome.check, outcome.location]
        # Later ones in a row tell no more.
        if trouble is None or max(streak.failures, streak.errors) > 1:
            return ()
        names = worth_asking(trouble, findings.scene, self._askable)
        if not names:
            return ()
        now = self._clock.monotonic()
        fresh = tuple(n for n in names if now - self._asked_at.get(n, -math.inf) >= _ASK_AGAIN_SECONDS)
        self._asked_at |= dict.fromkeys(fresh, now)
        self.book.hold(outcome.check, names, until=self._clock.now() + MOST_HELD)
        return fresh

    def is_news(self, check: Check, outcome: Outcome) -> bool:
        """
        Return whether *outcome* of *check* says what is not known yet.

        Two daemons look at the same time, and both find the same: that was seen once.
        """
        streak = self.book.findings.streaks.get((outcome.check, outcome.location))
        if streak is None or streak.seen_at is None:
            return True
        grid = Grid.of(check.name, check.every_seconds)
        is_other = (outcome.status is Status.FAILED) is not streak.recent.endswith("x")
        is_later = grid.tick_at(outcome.started_at) > grid.tick_at(streak.seen_at)
        return is_later or (is_other and outcome.ended_at > streak.seen_at)

    def forget(self, check: str) -> None:
        """
        Take *check* for gone: it is not configured any more, so nothing is wrong with it.
        """
        self.book.findings.forget(check)
        self._scribe.forget(check)
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
            self._scribe.note_case(self.book.cases[incident.id])
        for incident in news.resolved:
            self._scribe.note_case(Case(incident=incident))
        for dispatch in news.dispatches:
            self.outbox.add(dispatch.sink, dispatch.event)
            if case := self.book.cases.get(dispatch.event.incident.id):
                self._scribe.note_case(case)
        if news.dispatches or news.opened or news.resolved:
            self._scribe.hurry()
        if news.opened or news.changed or news.resolved:
            self._hooks.on_news(news)

    def post(self, sink: str, event: Event) -> None:
        """
        Have *event*, which is of no incident, delivered to *sink* as those of incidents are.
        """
        self.outbox.add(sink, event)
        self._scribe.hurry()

    def note_trouble(self, name: str, message: str) -> None:
        """
        Open an incident of the monitor's own trouble *name*, or end it when *message* is empty.
        """
        if message:
            self.book.findings.note_trouble(f"({name})", message, self._clock.now())
        else:
            self.book.findings.end_trouble(f"({name})")
        self.settle()

    @property
    def trouble(self) -> str:
        """
        Why what is found is not written down; empty when it is. What the store itself has to say is not among it.
        """
        return self._scribe.trouble

    def acknowledged(self) -> None:
        """
        Have the store told soon of what sinks have acknowledged.
        """
        self._scribe.hurry()

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
            await self._scribe.pause()

    async def write(self) -> None:
        """
        Write down all that changed; let it be told though that fails.
        """
        await self._scribe.write()

    def _drop_old(self) -> None:
        for each in self.outbox.drop_old(self._clock.now()):
            log.error("event.dropped", sink=each.posted.sink, incident=each.posted.event.incident.id, because="too old")

    async def _retire(self) -> bool:
        try:
            return await self._records.retire(before=self._clock.now() - self._keep)
        except (StoreError, sqlite3.Error):
            # It says so itself.
            return False


def plain(document: Mapping[str, Any]) -> Mapping[str, Any]:
    """
    Return *document* as JSON can have it: a kind from elsewhere may put anything into its evidence.
    """
    try:
        json.dumps(document, allow_nan=False)
    except (TypeError, ValueError):
        return {key: _plain_value(value) for key, value in document.items()}
    return document


def _plain_value(value: object) -> object:
    if isinstance(value, Mapping):
        return {str(key): _plain_value(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_plain_value(each) for each in value]
    is_plain = value is None or isinstance(value, str | int) or (isinstance(value, float) and math.isfinite(value))
    return value if is_plain else repr(value)[:_MOST_REPR_CHARACTERS]


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
    # The facts that diagnosis reads are short; what is long are lists and quotes.
    short = {
        key: value[:_MOST_LISTED] if isinstance(value, list) else value for key, value in document["evidence"].items()
    }
    few = [(key, value) for key, value in short.items() if len(json.dumps(value)) <= _MOST_REPR_CHARACTERS]
    evidence = dict(few[:_MOST_FACTS]) | {"left_out": "too much for a message: see `monitor history`"}
    return {**document, "evidence": evidence, "delivery_seconds": [], "steps": document["steps"][-20:]}
