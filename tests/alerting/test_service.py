"""
Who of several daemons keeps the incidents, and what a reload changes.
"""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import pytest

from monitor.alerting.history import History
from monitor.alerting.service import Alerting, Ears, Orders, Outlets
from monitor.core.check import Check
from monitor.core.clock import SystemClock
from monitor.core.outcome import Reason, Status
from monitor.core.redaction import Redactor
from monitor.core.severity import Severity
from monitor.incidents.book import Route
from monitor.incidents.incident import Transition
from monitor.incidents.settings import Alerts
from monitor.store import Store
from tests.alerting.sinks import REFUSED, ScriptedSink
from tests.engine import TARGET, behaving, forever
from tests.outcomes import outcome_of

pytestmark = pytest.mark.asyncio

OPENED, RESOLVED = Transition.OPENED, Transition.RESOLVED
_STATUSES = {
    "P": Status.PASSED,
    "D": Status.DEGRADED,
    "F": Status.FAILED,
    "E": Status.ERRORED,
    "M": Status.MISSED,
}
_REASONS = {Status.DEGRADED: Reason.SLOW, Status.FAILED: Reason.NO_EVENT, Status.ERRORED: Reason.INTERNAL}


@dataclass
class Daemon:
    """
    As much of a daemon as decides who is told.
    """

    path: Path
    sink: ScriptedSink = field(default_factory=ScriptedSink)
    checks: dict[str, Check] = field(default_factory=lambda: {"checked": behaving(forever, every="60s")})

    def __post_init__(self) -> None:
        self.store = Store.open(self.path)
        self.clock = SystemClock()
        self.alerting = Alerting(
            self.store, self.path, self.clock, place=("t", "l"), is_turning=lambda: True, ears=Ears()
        )

    def orders(self, *, anew: bool = True) -> Orders:
        route = Route(sink="pager", severities=frozenset({Severity.PAGE}))
        outlets = Outlets(sinks=[self.sink], routes=[route])
        return Orders(
            alerts=Alerts(),
            checks=self.checks,
            redact=Redactor(),
            keep=timedelta(days=1),
            target=TARGET,
            outlets=outlets if anew else None,
        )

    def fail(self, times: int = 2) -> None:
        for _ in range(times):
            self.end(Status.FAILED)

    def end(self, status: Status, *, turn: int = 0) -> None:
        """
        Let a run of the check end, now or at a later *turn*.
        """
        reason = _REASONS.get(status)
        started_at = self.clock.now() + timedelta(seconds=60.0 * turn)
        outcome = outcome_of(status, reason, check="checked", started_at=started_at, duration_seconds=0.0)
        self.alerting.observe(self.checks["checked"], outcome)

    async def until_told(self, *transitions: Transition) -> None:
        async with asyncio.timeout(10.0):
            while [each.transition for each in self.sink.got] != list(transitions):  # noqa: ASYNC110
                await asyncio.sleep(0.01)

    async def until_at_the_post(self) -> None:
        async with asyncio.timeout(10.0):
            while self.alerting.trouble:  # noqa: ASYNC110
                await asyncio.sleep(0.05)

    async def stop(self) -> None:
        await self.alerting.end(within_seconds=1.0)
        await asyncio.to_thread(self.store.close)


@asynccontextmanager
async def daemon_at(path: Path) -> AsyncIterator[Daemon]:
    daemon = Daemon(path)
    await daemon.alerting.start(daemon.orders())
    try:
        yield daemon
    finally:
        await daemon.stop()


async def standing_by(first: Daemon) -> Daemon:
    """
    Start another daemon with the store of *first*; whoever asked stops it.
    """
    second = Daemon(first.path)
    await second.alerting.start(second.orders())
    return second


async def test_one_of_two_daemons_with_one_store_tells_people_and_the_other_stands_by(tmp_path: Path) -> None:
    async with daemon_at(tmp_path / "monitor.db") as first, daemon_at(tmp_path / "monitor.db") as second:
        first.fail()
        second.fail()
        await first.until_told(OPENED)
        await asyncio.sleep(0.2)

        assert second.sink.got == []
        assert first.alerting.trouble == ""
        assert "stands by" in second.alerting.trouble


async def test_the_one_that_stands_by_takes_over_and_knows_what_the_first_one_did(tmp_path: Path) -> None:
    async with daemon_at(tmp_path / "monitor.db") as first:
        second = await standing_by(first)
        first.fail()
        await first.until_told(OPENED)
    await second.until_at_the_post()

    second.fail()
    second.end(Status.PASSED)
    second.end(Status.PASSED)

    await second.until_told(RESOLVED)
    assert second.sink.got[0].incident.id == first.sink.got[0].incident.id
    await second.stop()


async def test_what_fails_while_it_takes_over_opens_nothing_beside_what_is_open(tmp_path: Path) -> None:
    async with daemon_at(tmp_path / "monitor.db") as first:
        second = await standing_by(first)
        first.fail()
        await first.until_told(OPENED)
    async with asyncio.timeout(10.0):
        while second.alerting.trouble:
            # It has the post, and does not know yet what the first one knew.
            second.fail()
            await asyncio.sleep(0)

    second.fail()
    second.end(Status.PASSED)
    second.end(Status.PASSED)

    await second.until_told(RESOLVED)
    assert second.sink.got[0].incident.id == first.sink.got[0].incident.id
    await second.stop()


@pytest.mark.parametrize(
    ("seen", "told"),
    [
        pytest.param("PPF", [], id="fails-again"),
        pytest.param("DDF", [], id="slow-then-fails-again"),
        pytest.param("PPFE", [], id="fails-again-then-cannot-be-judged"),
        pytest.param("PPFM", [], id="fails-again-then-misses-its-turn"),
        pytest.param("PPFPP", [RESOLVED], id="right-in-the-end"),
    ],
)
async def test_what_is_open_is_not_resolved_by_what_was_right_before_it_failed_again(
    tmp_path: Path, seen: str, told: list[Transition]
) -> None:
    async with daemon_at(tmp_path / "monitor.db") as first:
        second = await standing_by(first)
        first.fail()
        await first.until_told(OPENED)
        for turn, letter in enumerate(seen, start=1):
            second.end(_STATUSES[letter], turn=turn)
    await second.until_at_the_post()
    await asyncio.sleep(0.3)

    assert [each.transition for each in second.sink.got] == told
    open_ = [severity for severity, _ in second.alerting.open_incidents()]
    assert open_ == ([] if told else [Severity.PAGE])
    await second.alerting.keeper.write()
    history = await History(second.store, target="t", location="l").runs("checked", since=None, only=None, most=20)
    assert history.counts == Counter(_STATUSES[letter] for letter in f"FF{seen}")
    await second.stop()


@pytest.mark.parametrize(
    ("seen", "told"),
    [
        pytest.param("FF", [OPENED], id="still-fails"),
        pytest.param("FFPP", [], id="was-over-before-anybody-could-say-so"),
        pytest.param("FPF", [], id="fails-now-and-then"),
    ],
)
async def test_who_takes_over_knows_what_it_saw_while_nobody_was_at_the_post(
    tmp_path: Path, seen: str, told: list[Transition]
) -> None:
    async with daemon_at(tmp_path / "monitor.db") as first:
        second = await standing_by(first)
        first.end(Status.PASSED)
        for turn, letter in enumerate(seen, start=1):
            second.end(_STATUSES[letter], turn=turn)
        assert second.sink.got == []
    await second.until_at_the_post()
    await asyncio.sleep(0.3)

    assert [each.transition for each in second.sink.got] == told
    await second.stop()


async def test_what_the_one_before_knew_already_is_not_told_again(tmp_path: Path) -> None:
    async with daemon_at(tmp_path / "monitor.db") as first:
        second = await standing_by(first)
        second.fail()
        first.fail()
        first.end(Status.PASSED)
        first.end(Status.PASSED)
        await first.until_told(OPENED, RESOLVED)
    await second.until_at_the_post()
    await asyncio.sleep(0.3)

    assert second.sink.got == []
    await second.stop()


async def test_what_two_daemons_saw_at_the_same_time_was_seen_once(tmp_path: Path) -> None:
    async with daemon_at(tmp_path / "monitor.db") as first:
        second = await standing_by(first)
        first.fail()
        await first.until_told(OPENED)
        for daemon in (first, second):
            daemon.end(Status.PASSED, turn=1)
    await second.until_at_the_post()
    await asyncio.sleep(0.3)

    assert second.sink.got == []
    second.end(Status.PASSED, turn=2)
    await second.until_told(RESOLVED)
    await second.stop()


async def test_what_was_not_told_at_the_end_is_told_after_the_next_start(tmp_path: Path) -> None:
    async with daemon_at(tmp_path / "monitor.db") as first:
        first.sink._judge = lambda _: None
        first.fail()
    assert first.sink.got == []

    async with daemon_at(tmp_path / "monitor.db") as second:
        await second.until_told(OPENED)


async def test_what_is_acknowledged_at_the_very_end_is_not_told_again(tmp_path: Path) -> None:
    async with daemon_at(tmp_path / "monitor.db") as first:
        first.fail()
    assert [each.transition for each in first.sink.got] == [OPENED]

    async with daemon_at(tmp_path / "monitor.db") as second:
        await asyncio.sleep(0.5)

        assert second.sink.got == []


async def test_a_reload_tries_at_once_what_was_refused(tmp_path: Path) -> None:
    async with daemon_at(tmp_path / "monitor.db") as daemon:
        daemon.sink._judge = lambda _: REFUSED
        daemon.fail()
        await asyncio.sleep(0.3)
        daemon.sink._judge = None
        assert "takes no event" in daemon.alerting.trouble

        await daemon.alerting.use(daemon.orders(anew=False))

        await daemon.until_told(OPENED)


async def test_a_check_that_a_reload_removes_is_over(tmp_path: Path) -> None:
    async with daemon_at(tmp_path / "monitor.db") as daemon:
        daemon.fail()
        await daemon.until_told(OPENED)

        daemon.checks = {"another": behaving(forever)}
        await daemon.alerting.use(daemon.orders(anew=False))

        await daemon.until_told(OPENED, RESOLVED)


async def test_a_reload_that_changes_nothing_keeps_streak_incident_and_connections(tmp_path: Path) -> None:
    async with daemon_at(tmp_path / "monitor.db") as daemon:
        daemon.fail(1)

        await daemon.alerting.use(daemon.orders(anew=False))
        daemon.fail(1)

        await daemon.until_told(OPENED)
        assert not daemon.sink.closed


async def test_metrics_know_what_is_open_and_what_waits(tmp_path: Path) -> None:
    async with daemon_at(tmp_path / "monitor.db") as daemon:
        daemon.sink._judge = lambda _: None
        assert daemon.alerting.open_findings() == {("checked", "engine"): False}
        daemon.fail()
        await asyncio.sleep(0.2)

        assert daemon.alerting.open_findings() == {("checked", "engine"): True}
        assert [severity for severity, _ in daemon.alerting.open_incidents()] == [Severity.PAGE]
        assert daemon.alerting.queues()["pager"].events == 1
