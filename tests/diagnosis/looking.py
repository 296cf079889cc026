"""
Rounds of all checks at a sandbox in which something is wrong, folded as a daemon folds them: what is diagnosed, and who
would have been paged.
"""

import asyncio
import tempfile
from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path

from monitor.app import leftovers_of, store_of, surroundings_of
from monitor.appwrite.transport import AiohttpTransport
from monitor.config import Settings
from monitor.core.budget import UNLIMITED
from monitor.core.cause import Cause
from monitor.core.check import Check, Watch
from monitor.core.clock import Clock, SystemClock
from monitor.core.outcome import Outcome, Status
from monitor.core.redaction import Redactor, redacted
from monitor.core.severity import Severity
from monitor.diagnosing import sightings_of
from monitor.diagnosis.diagnose import explain
from monitor.diagnosis.diagnosis import Diagnosis
from monitor.diagnosis.place import Place
from monitor.incidents.book import Book, Route
from monitor.incidents.findings import Watched
from monitor.incidents.incident import Incident, Transition
from monitor.incidents.settings import Alerts
from monitor.incidents.silence import Hush
from monitor.runner import Runner
from monitor.sandbox.command import read_faults
from monitor.sandbox.server import Sandbox
from tests.diagnosis.watched import settings_for
from tests.engine import NoStalls

# What a watch takes at most to see what happened to its socket: an interval of pings, and a wait for the pong.
_WATCH_SECONDS = 6.0
_PAGER = Route(sink="pager", severities=frozenset({Severity.PAGE}))
_WRONG = {Status.FAILED, Status.ERRORED}


@dataclass(slots=True)
class Look:
    """
    What was diagnosed at the end of each round, the lowest layer first, every incident that opened, and how often
    somebody would have been woken.
    """

    rounds: list[tuple[Diagnosis, ...]] = field(default_factory=list)
    opened: list[Incident] = field(default_factory=list)
    pages: int = 0
    outcomes: dict[str, Outcome] = field(default_factory=dict)

    @property
    def causes(self) -> list[Cause]:
        """
        The causes that were named last.
        """
        return [each.cause for each in self.rounds[-1]] if self.rounds else []


class Looker:
    """
    A sandbox, the checks that look at it, and the book of what they find.
    """

    def __init__(self, sandbox: Sandbox, settings: Settings, only: Sequence[str] | None) -> None:
        self.sandbox = sandbox
        self.runner: Runner
        self._checks = {name: each for name, each in settings.checks.items() if only is None or name in only}
        self._alerts = Alerts()
        self.book = Book(target=settings.target.name, location="here")
        self.book.place = Place.of(settings.target)
        self._place = self.book.place
        self._look = Look()
        self._latest: dict[str, Outcome] = {}
        self._told = asyncio.Event()

    @property
    def watches(self) -> dict[str, Check]:
        """
        The checks that observe without end.
        """
        return {name: check for name, check in self._checks.items() if isinstance(check, Watch)}

    def note(self, check: Check, outcome: Outcome) -> None:
        """
        Fold *outcome* in, as a daemon would.
        """
        # Of a watch, what was wrong in this round stays what is said of it.
        before = self._latest.get(check.name)
        if not (isinstance(check, Watch) and before and before.status in _WRONG):
            self._latest[check.name] = outcome
        watched = Watched(severity=check.severity, every_seconds=check.every_seconds)
        self.book.findings.observe(outcome, self._alerts, watched, evidence=redacted(outcome, Redactor()))
        self.book.note_run(outcome)
        news = self.book.settle(
            outcome.ended_at, routes=(_PAGER,), hush=Hush(self._alerts, ()), remind_every=timedelta(hours=4)
        )
        self._look.opened += news.opened
        self._look.pages += sum(each.event.transition is Transition.OPENED for each in news.dispatches)
        self._told.set()

    async def look(self, *, rounds: int = 2) -> Look:
        """
        Run every check once, and again, so many times; return what came of it.
        """
        self._look = Look()
        for _ in range(rounds):
            self._latest = {}
            waiting = asyncio.create_task(self._until_watches(_WRONG, within_seconds=_WATCH_SECONDS))
            runs = [self.runner.run_now(check) for name, check in self._checks.items() if name not in self.watches]
            await asyncio.gather(*runs)
            await waiting
            self._look.rounds.append(explain(sightings_of(self._latest.values(), Redactor()), self._place))
            self._look.outcomes = dict(self._latest)
        return self._look

    async def begin(self) -> None:
        """
        Have the watches look, until all of them are well.
        """
        self.runner.watch(self._checks.values())
        await self._until_watches({Status.PASSED}, within_seconds=_WATCH_SECONDS)

    async def _until_watches(self, statuses: set[Status], *, within_seconds: float) -> None:
        try:
            async with asyncio.timeout(within_seconds):
                while not all(name in self._latest and self._latest[name].status in statuses for name in self.watches):
                    self._told.clear()
                    await self._told.wait()
        except TimeoutError:
            return


@asynccontextmanager
async def looking(
    *,
    checks: Mapping[str, object] | None = None,
    only: Sequence[str] | None = None,
    clock: Clock | None = None,
) -> AsyncIterator[Looker]:
    """
    Start a sandbox and look at it; without the budget of requests, which rounds without a pause would spend.
    """
    with tempfile.TemporaryDirectory() as folder:
        async with Sandbox() as sandbox:
            settings = settings_for(sandbox, Path(folder), checks=checks)
            looker, clock = Looker(sandbox, settings, only), clock or SystemClock()
            async with (
                store_of(settings) as store,
                leftovers_of(settings, clock, store) as leftovers,
                surroundings_of(settings, clock, leftovers) as surroundings,
            ):
                transport = AiohttpTransport(user_agent="monitor/diagnosis", budget=None)
                unlimited = replace(surroundings, transport=transport, budget=UNLIMITED)
                looker.runner = Runner(unlimited, stalls=NoStalls(), on_outcome=looker.note)
                await looker.begin()
                try:
                    yield looker
                finally:
                    # Or whoever hangs in a fault would hang there for ever.
                    sandbox.faults.switch_all_off()
                    await looker.runner.stop(patience_seconds=0.0)
                    await transport.close()


def switch_on(sandbox: Sandbox, phrases: Iterable[str]) -> None:
    """
    Switch on the faults that *phrases* name, as on the command line.
    """
    for name, parameters in read_faults(tuple(phrases)).items():
        sandbox.faults.switch_on(name, **parameters)
