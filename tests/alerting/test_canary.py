"""
Pages that prove that pages arrive.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from monitor.alerting.canary import Canary
from monitor.alerting.delivery import Delivery
from monitor.alerting.keeper import Hooks, Keeper
from monitor.alerting.records import Records
from monitor.alerting.silences import Silences
from monitor.incidents.incident import Purpose, Transition
from monitor.incidents.settings import CanaryPage
from monitor.sinks.base import Standing
from tests.alerting.sinks import HANGS, ScriptedSink
from tests.clock import FakeClock
from tests.stores import InstantStore

pytestmark = [pytest.mark.asyncio, pytest.mark.looptime(start=0.0)]

HOUR = 3600.0
OPENED, RESOLVED = Transition.OPENED, Transition.RESOLVED


class Nest:
    """
    Everything that a canary page passes.
    """

    def __init__(self, store: InstantStore, sink: ScriptedSink) -> None:
        clock = FakeClock()
        self.sink = sink
        self.records = Records(store, target="t", location="l")
        self.keeper = Keeper(
            self.records,
            Silences(store, target="t"),
            clock,
            target="t",
            location="l",
            hooks=Hooks(on_posted=self._wake),
        )
        self.delivery = Delivery(self.keeper.outbox, clock, on_acknowledged=self.keeper.acknowledged)
        self.canary = Canary(self.keeper, self.delivery, self.records, clock, target="t", location="l")

    def _wake(self) -> None:
        self.delivery.wake()

    @asynccontextmanager
    async def going(self) -> AsyncIterator["Nest"]:
        await self.keeper.restore([])
        await self.delivery.use([self.sink])
        task = asyncio.create_task(self.keeper.keep())
        try:
            yield self
        finally:
            task.cancel()
            await asyncio.wait({task})
            await self.delivery.end(within_seconds=0.0)

    @property
    def troubles(self) -> list[str]:
        return [case.incident.summary for case in self.keeper.book.cases.values()]


def page(**settings: object) -> CanaryPage:
    return CanaryPage.model_validate({"sinks": ["pager"], "within": "5m", **settings})


@pytest.mark.parametrize(
    ("standing", "acknowledged", "arrives"),
    [
        pytest.param(Standing.OPEN, False, True, id="open-there"),
        pytest.param(Standing.ACKNOWLEDGED, False, True, id="acknowledged-there"),
        pytest.param(Standing.UNKNOWN, False, True, id="cannot-be-asked"),
        pytest.param(Standing.ABSENT, False, False, id="not-known-there"),
        pytest.param(Standing.OPEN, True, False, id="nobody-acknowledged"),
        pytest.param(Standing.ACKNOWLEDGED, True, True, id="somebody-acknowledged"),
        pytest.param(Standing.UNKNOWN, True, False, id="nobody-knows-whether"),
    ],
)
async def test_a_page_arrives_when_the_receiver_says_so(standing: Standing, acknowledged: bool, arrives: bool) -> None:
    sink = ScriptedSink()
    sink.standings["*"] = standing
    async with Nest(InstantStore(), sink).going() as nest:
        assert await nest.canary.send("pager", page(acknowledged=acknowledged)) is arrives
        await asyncio.sleep(5.0)

        assert [each.transition for each in sink.got] == [OPENED, RESOLVED]
        assert {each.purpose for each in sink.got} == {Purpose.CANARY}
        assert len({each.incident.dedup_key for each in sink.got}) == 1
        assert bool(nest.troubles) is not arrives
        assert ("pager" in nest.canary.proved_at) is arrives


async def test_a_page_that_is_not_taken_in_time_is_trouble_until_one_is() -> None:
    sink = ScriptedSink(answers=[HANGS] * 60)
    async with Nest(InstantStore(), sink).going() as nest:
        assert not await nest.canary.send("pager", page())
        assert "did not take it within 300 s" in nest.troubles[0]
        await asyncio.sleep(7200.0)

        assert await nest.canary.send("pager", page())

        assert nest.troubles == []


async def test_it_is_sent_at_its_interval_and_not_at_the_start() -> None:
    sink = ScriptedSink()
    async with Nest(InstantStore(), sink).going() as nest:
        task = asyncio.create_task(nest.canary.keep(page(every="1h")))
        await asyncio.sleep(HOUR - 60.0)
        assert sink.got == []
        await asyncio.sleep(2 * HOUR)
        task.cancel()

    assert [each.transition for each in sink.got] == [OPENED, RESOLVED] * 2


async def test_the_interval_goes_on_over_a_restart() -> None:
    store, sink = InstantStore(), ScriptedSink()
    for _ in range(2):
        async with Nest(store, sink).going() as nest:
            task = asyncio.create_task(nest.canary.keep(page(every="1h")))
            await asyncio.sleep(0.7 * HOUR)
            task.cancel()

    assert [each.transition for each in sink.got] == [OPENED, RESOLVED]


async def test_what_is_not_asked_for_any_more_leaves_nothing_open() -> None:
    sink = ScriptedSink()
    sink.standings["*"] = Standing.ABSENT
    async with Nest(InstantStore(), sink).going() as nest:
        await nest.canary.send("pager", page())
        task = asyncio.create_task(nest.canary.send("pager", page()))
        await asyncio.sleep(10.0)
        task.cancel()
        assert nest.troubles

        await nest.canary.retire(keeps=())
        await asyncio.sleep(5.0)

        assert nest.troubles == []
        assert [each.transition for each in sink.got] == [OPENED, RESOLVED] * 2


async def test_one_that_was_under_way_when_the_process_ended_is_resolved_by_the_next() -> None:
    store = InstantStore()
    sink = ScriptedSink()
    sink.standings["*"] = Standing.ABSENT
    async with Nest(store, sink).going() as nest:
        task = asyncio.create_task(nest.canary.send("pager", page()))
        await asyncio.sleep(10.0)
        task.cancel()
        assert [each.transition for each in sink.got] == [OPENED]

    async with Nest(store, sink).going() as nest:
        keeping = asyncio.create_task(nest.canary.keep(page(every="1h")))
        await asyncio.sleep(10.0)
        keeping.cancel()

    assert [each.transition for each in sink.got] == [OPENED, RESOLVED]
