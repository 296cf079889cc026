"""
What is known of the target, its checks and its incidents: the source of all that is shown.

The daemon tells it of every run. It is kept small, and drawn in another thread: 60 runs of each of 1,000 checks would
hold the event loop for a third of a second.
"""

import asyncio
import gc
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import TypeVar

from monitor.alerting.history import History
from monitor.alerting.service import Alerting
from monitor.config import Settings
from monitor.core.check import Check
from monitor.core.clock import Clock
from monitor.core.outcome import Outcome, Status
from monitor.core.redaction import Redactor, secrets_in
from monitor.incidents.book import Case, News
from monitor.incidents.incident import Incident
from monitor.incidents.silence import Hush, Silence
from monitor.web.bars import MOST_BARS
from monitor.web.model import CheckView, IncidentView, RunDetail, RunView, SilenceView, StatusView
from monitor.web.moment import Moment, OpenIncident
from monitor.web.record import Record, Standing
from monitor.web.views import Redact, incident_view, run_detail, run_view_of, silence_view

T = TypeVar("T")

MOST_RESOLVED = 10
# Of checks whose runs are read at one time, so that nobody waits long for the store.
_READ_AT_ONCE = 20
# What was a secret once stays one: a run that ended before a reload may quote it.
_MOST_SECRETS = 10_000


class State:
    """
    What is known of the checks of *settings*; of incidents and of what was before, once it ``attend``s to them.

    *trouble* says what is wrong with the monitor itself.
    """

    def __init__(self, settings: Settings, clock: Clock, *, trouble: Callable[[], str] = lambda: "") -> None:
        self._clock = clock
        self._trouble = trouble
        self._started_at = clock.now()
        self._records: dict[str, Record] = {}
        self._resolved: deque[Incident] = deque(maxlen=MOST_RESOLVED)
        self._secrets: dict[str, None] = {}
        self.alerting: Alerting | None = None
        self._history: History | None = None
        self._drawing = asyncio.Lock()
        self.use(settings)

    def use(self, settings: Settings) -> None:
        """
        Go by *settings* from here on: new checks are there at once, and those that are gone are not.
        """
        self.settings = settings
        self._secrets |= dict.fromkeys(secrets_in(settings))
        for surplus in tuple(self._secrets)[:-_MOST_SECRETS]:
            del self._secrets[surplus]
        self.redact: Redact = Redactor(self._secrets)
        before, self._records = self._records, {}
        for name, check in settings.checks.items():
            record = before.get(name)
            if record is None or record.check.kind() != check.kind():
                record = Record(check=check)
            record.check = check
            self._records[name] = record

    async def attend(self, alerting: Alerting, history: History) -> None:
        """
        Show what *alerting* keeps, and begin with what *history* has.

        Called before the first run. Raises ``StoreError`` when the history cannot be read.
        """
        self.alerting, self._history = alerting, history
        overview = await history.overview(most_resolved=MOST_RESOLVED)
        self._resolved.extend(case.incident for case in reversed(overview.resolved))
        names = tuple(self._records)
        for begin in range(0, len(names), _READ_AT_ONCE):
            kept = await history.recent(names[begin : begin + _READ_AT_ONCE], most=MOST_BARS)
            for name, documents in kept.items():
                for document in documents:
                    self._records[name].add(Outcome.from_json(document))
                self._date_back(self._records[name])

    def observe(self, outcome: Outcome) -> bool:
        """
        Let *outcome* be the last run of its check, and return whether its status is another one than before.

        Of a check that is not configured nothing is kept.
        """
        record = self._records.get(outcome.check)
        if record is None:
            return False
        before = record.last.status if record.last else None
        record.add(outcome)
        return before is not outcome.status

    def hear(self, news: News) -> None:
        """
        Keep what is over.
        """
        self._resolved.extend(news.resolved)

    def check(self, name: str) -> Check | None:
        """
        Return the check called *name*; None when there is none.
        """
        record = self._records.get(name)
        return record.check if record else None

    async def draw(self, paint: Callable[[Moment], T]) -> T:
        """
        Return what *paint* makes of all that is known now, in another thread, and of no two readers at once.
        """
        async with self._drawing:
            return await asyncio.to_thread(_undisturbed, paint, await self._moment())

    async def brief(self) -> StatusView:
        """
        Return everything but the checks, and what is over.
        """
        return (await self._moment()).status(in_short=True)

    async def check_view(self, name: str, *, with_bars: bool = True) -> CheckView | None:
        """
        Return the check called *name*; None when there is none.
        """
        record = self._records.get(name)
        if record is None:
            return None
        [standing] = self._standings([name], await self._open(), self._hush())
        return record.view(standing, self.redact, with_bars=with_bars)

    async def runs(self, name: str, *, most: int) -> tuple[RunView, ...]:
        """
        Return the last runs of the check called *name* that are kept, the newest first.

        Raises ``StoreError`` when they cannot be read.
        """
        if self._history is None:
            return ()
        kept = (await self._history.recent([name], most=most))[name]
        return tuple(run_view_of(document, self.redact) for document in reversed(kept))

    async def run(self, id_: str) -> RunDetail | None:
        """
        Return the run *id_*; None when none is kept. Raises ``StoreError`` when those that are cannot be read.
        """
        if self._history is not None and (document := await self._history.run(id_)):
            return run_detail(Outcome.from_json(document), self.redact)
        # What has just ended is not written down yet.
        last = (record.last for record in self._records.values())
        return next((run_detail(each, self.redact) for each in last if each and each.run_id == id_), None)

    async def incidents(self, *, most_resolved: int) -> tuple[tuple[IncidentView, ...], tuple[IncidentView, ...]]:
        """
        Return those that are open, and the last that are resolved; raise ``StoreError`` when those cannot be read.
        """
        open_ = tuple(each.view(self.redact) for each in await self._open())
        if self._history is None or not most_resolved:
            return open_, ()
        kept = [case.incident for case in (await self._history.overview(most_resolved=most_resolved)).resolved]
        # What is just over is not written down yet.
        known = {each.id: each for each in kept} | {each.id: each for each in self._resolved}
        newest = sorted(known.values(), key=lambda each: (each.resolved_at or each.opened_at, each.id), reverse=True)
        return open_, tuple(incident_view(each, self.redact) for each in newest[:most_resolved])

    async def incident(self, id_: str) -> IncidentView | None:
        """
        Return the incident *id_*, open or not; None when there is none. Raises ``StoreError`` as ``incidents`` does.
        """
        for each in await self._open():
            if each.incident.id == id_:
                return each.view(self.redact)
        for incident in self._resolved:
            if incident.id == id_:
                return incident_view(incident, self.redact)
        case = await self._history.incident(id_) if self._history is not None else None
        return incident_view(case.incident, self.redact) if case else None

    def silences(self) -> tuple[SilenceView, ...]:
        """
        Return the silences that are in force.
        """
        return tuple(silence_view(each, self.redact) for each in self._silences())

    async def _moment(self) -> Moment:
        open_ = await self._open()
        return Moment(
            settings=self.settings,
            redact=self.redact,
            at=self._clock.now(),
            started_at=self._started_at,
            trouble=self._trouble(),
            records=[record.copy() for record in self._records.values()],
            standings=self._standings(self._records, open_, self._hush()),
            open=open_,
            resolved=tuple(reversed(self._resolved)),
            silences=self._silences(),
        )

    async def _open(self) -> Sequence[OpenIncident]:
        if self.alerting is None:
            return ()
        keeper = self.alerting.keeper
        if self.alerting.keeps_incidents:
            cases = tuple(keeper.book.cases.values())
        elif self._history is not None:
            # Another daemon keeps them, in the same store.
            cases = tuple((await self._history.overview(most_resolved=0)).open)
        else:
            cases = ()
        now, hush = self._clock.now(), self._hush()
        found = [
            OpenIncident(
                incident=case.incident,
                sinks=self.settings.sinks.told_of(case.incident.severity),
                told=self._told(case),
                silenced_until=hush.until(case.incident, now),
            )
            for case in cases
        ]
        return sorted(found, key=_urgency)

    def _told(self, case: Case) -> dict[str, datetime]:
        unaware = self.alerting.keeper.outbox.unaware(case.incident.id) if self.alerting else frozenset()
        return {sink: told.at for sink, told in case.told.items() if sink not in unaware}

    def _standings(self, names: Iterable[str], open_: Sequence[OpenIncident], hush: Hush) -> list[Standing]:
        names = tuple(names)
        incidents = {check: each.incident.id for each in reversed(open_) for check in each.incident.checks}
        findings = self.alerting.keeper.book.findings if self.alerting else None
        return [
            Standing(
                is_failing=name in incidents or (findings is not None and findings.is_failing(name)),
                incident=incidents.get(name),
                silenced_until=until,
            )
            for name, until in zip(names, hush.until_of(names, self._clock.now()), strict=True)
        ]

    def _hush(self) -> Hush:
        return Hush(self.settings.alerts, self.alerting.silences.known if self.alerting else ())

    def _silences(self) -> list[Silence]:
        now = self._clock.now()
        known = self.alerting.silences.known if self.alerting else ()
        return [each for each in known if each.since <= now < each.until]

    def _date_back(self, record: Record) -> None:
        """
        Let what has lasted for longer than the bars reach have begun when it was first seen.
        """
        if self.alerting is None or record.verdict is None or record.since is None:
            return
        verdicts = [bar.status for bar in record.bars.views() if bar.status.is_verdict]
        streak = self.alerting.keeper.book.findings.streaks.get((record.check.name, self.settings.location))
        if streak is None or streak.changed_at is None or set(verdicts) != {record.verdict.status}:
            return
        if record.verdict.status is not Status.DEGRADED:
            record.since = min(record.since, streak.changed_at)


def _undisturbed(paint: Callable[[Moment], T], moment: Moment) -> T:
    """
    Return what *paint* makes of *moment* while no garbage is collected.

    A thousand checks are 60,000 bars, which are gone when this is done; in between, the collector would look at all of
    them, and nobody else could work for 65 ms (measured).
    """
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        return paint(moment)
    finally:
        if was_enabled:
            gc.enable()


def _urgency(each: OpenIncident) -> tuple[bool, int, float, str]:
    incident = each.incident
    # Somebody is at what is silenced.
    return each.silenced_until is not None, -incident.severity.rank, -incident.opened_at.timestamp(), incident.id
