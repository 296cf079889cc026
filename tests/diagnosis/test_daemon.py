"""
What a daemon makes of a fault: it looks again at what tells causes apart before it wakes anybody, and wakes one person
once, with the right cause.
"""

import asyncio
import tempfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import pytest
import pytest_asyncio

from monitor.core.cause import Cause
from monitor.core.check import Check
from monitor.core.outcome import Outcome, Status
from monitor.core.severity import Severity
from monitor.daemon import Daemon
from monitor.incidents.book import News
from monitor.incidents.incident import Incident
from monitor.sandbox.server import Sandbox
from tests.diagnosis.looking import switch_on
from tests.diagnosis.watched import settings_for

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]
in_one_loop = pytest.mark.asyncio(loop_scope="module")

_OFTEN_SECONDS = 20.0
_WELL_SECONDS = 40.0
_FOUND_SECONDS = 30.0
# Whoever is woken wrongly is so soon after the first: by then every check has looked at the fault.
_SETTLED_SECONDS = 14.0


class Watcher:
    """
    A daemon at a sandbox, and what it says of incidents.
    """

    def __init__(self, sandbox: Sandbox, folder: Path) -> None:
        self.opened: list[Incident] = []
        self.latest: dict[str, Incident] = {}
        self._passed: set[str] = set()
        self._told = asyncio.Event()
        self.is_over = False
        settings = settings_for(sandbox, folder)
        # The seldom ones would have everybody wait.
        self._checks = {name for name, check in settings.checks.items() if check.every_seconds <= _OFTEN_SECONDS}
        self.daemon = Daemon(settings, on_outcome=self._ended, on_news=self._hear)

    @property
    def pages(self) -> list[Incident]:
        """
        Those that somebody was woken for.
        """
        return [self.latest[each.id] for each in self.opened if self.latest[each.id].severity is Severity.PAGE]

    def _ended(self, check: Check, outcome: Outcome) -> None:
        if outcome.status is Status.PASSED:
            self._passed.add(check.name)
        self._told.set()

    def _hear(self, news: News) -> None:
        # What the repair does is another story.
        if self.is_over:
            return
        self.opened += news.opened
        self.latest |= {each.id: each for each in (*news.opened, *news.changed, *news.resolved)}
        self._told.set()

    async def until_well(self) -> None:
        await self._until(lambda: self._passed >= self._checks, _WELL_SECONDS)

    async def until_found(self) -> None:
        await self._until(lambda: bool(self.opened), _FOUND_SECONDS)

    async def _until(self, holds: Callable[[], bool], within_seconds: float) -> None:
        async with asyncio.timeout(within_seconds):
            while not holds():
                self._told.clear()
                await self._told.wait()


async def watch(phrases: Sequence[str]) -> Watcher:
    """
    Return what a daemon says when *phrases* begin while all is well.
    """
    with tempfile.TemporaryDirectory() as folder:
        async with Sandbox() as sandbox:
            watcher = Watcher(sandbox, Path(folder))
            running = asyncio.create_task(watcher.daemon.run())
            try:
                await watcher.until_well()
                switch_on(sandbox, phrases)
                await watcher.until_found()
                await asyncio.sleep(_SETTLED_SECONDS)
            finally:
                watcher.is_over = True
                sandbox.faults.switch_all_off()
                watcher.daemon.stop()
                await running
            return watcher


ALONE = {
    # Checks of every layer fail within a second.
    "api_gone": Cause.SERVICE_DOWN,
    # Only events tell.
    "redis_back_silent": Cause.REALTIME_SILENT,
    # The first to fail may be a function that hides it.
    "collection_missing": Cause.COLLECTION_MISSING,
    # Refused writes have two causes.
    "schema_stuck": Cause.SCHEMA_STUCK,
    # A held socket drops first.
    "realtime_gone": Cause.REALTIME_REFUSED,
    # Most of it looks like the monitor's own trouble.
    "session_invalid": Cause.SESSION_INVALID,
}
INDEPENDENT = ("origin_blocked", "function_failed")
# Each is a daemon and a platform.
_AT_ONCE = 4


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def watchers() -> Mapping[tuple[str, ...], Watcher]:
    places = asyncio.Semaphore(_AT_ONCE)

    async def in_turn(phrases: tuple[str, ...]) -> tuple[tuple[str, ...], Watcher]:
        async with places:
            return phrases, await watch(phrases)

    return dict(await asyncio.gather(*map(in_turn, [*((phrase,) for phrase in ALONE), INDEPENDENT])))


@in_one_loop
@pytest.mark.parametrize("phrase", ALONE)
async def test_it_wakes_one_person_once_with_the_right_cause(
    watchers: Mapping[tuple[str, ...], Watcher], phrase: str
) -> None:
    watcher = watchers[phrase,]

    assert [each.cause for each in watcher.pages] == [ALONE[phrase]]
    assert {each.cause for each in watcher.opened} == {ALONE[phrase]}


@in_one_loop
async def test_two_independent_faults_wake_twice(watchers: Mapping[tuple[str, ...], Watcher]) -> None:
    watcher = watchers[INDEPENDENT]

    assert {each.cause for each in watcher.pages} == {Cause.ORIGIN_BLOCKED, Cause.FUNCTION_FAILED}
    assert len(watcher.pages) == 2
