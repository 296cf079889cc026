"""
How events get to sinks that do not want them.
"""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from itertools import pairwise
from pathlib import Path

import pytest

from monitor.alerting.delivery import Delivery
from monitor.alerting.outbox import Outbox
from monitor.alerting.records import Batch, Posted, Records
from monitor.core.clock import SystemClock
from monitor.incidents.incident import Event, Transition
from monitor.sinks.base import DELIVERED, Answer, Result
from monitor.store import Store
from tests.alerting.sinks import HANGS, REFUSED, RETRY, ScriptedSink
from tests.clock import FakeClock
from tests.sinks.events import event

pytestmark = [pytest.mark.asyncio, pytest.mark.looptime(start=0.0)]

OPENED, CHANGED, REMINDED, RESOLVED = Transition


def event_of(incident: str, transition: Transition = OPENED) -> Event:
    return event(transition, event_id=f"{incident}-{transition}", id=incident)


@asynccontextmanager
async def delivering(*sinks: ScriptedSink) -> AsyncIterator[tuple[Outbox, Delivery, list[tuple[str, Result]]]]:
    """
    Deliver to *sinks*, with a store that knows everything at once.
    """
    outbox, attempts = Outbox(), list[tuple[str, Result]]()
    delivery = Delivery(
        outbox,
        FakeClock(),
        on_attempt=lambda sink, result: attempts.append((sink, result)),
        on_acknowledged=lambda: outbox.kept(*outbox.unkept()),
    )
    await delivery.use(sinks)
    try:
        yield outbox, delivery, attempts
    finally:
        await delivery.end(within_seconds=0.0)


def post(outbox: Outbox, delivery: Delivery, sink: str, *events: Event) -> None:
    for each in events:
        outbox.add(sink, each)
    outbox.kept(*outbox.unkept())
    delivery.wake()


def ids(events: Sequence[Event]) -> list[str]:
    return [each.id for each in events]


async def test_events_arrive_in_order() -> None:
    sink = ScriptedSink()
    async with delivering(sink) as (outbox, delivery, _):
        post(outbox, delivery, "pager", event_of("a"), event_of("b"), event_of("a", RESOLVED))
        await asyncio.sleep(1.0)

    assert ids(sink.got) == ["a-opened", "b-opened", "a-resolved"]


async def test_what_is_not_taken_is_tried_again_until_it_is() -> None:
    sink = ScriptedSink(answers=[RETRY] * 20)
    async with delivering(sink) as (outbox, delivery, attempts):
        post(outbox, delivery, "pager", event_of("a"), event_of("a", RESOLVED))
        await asyncio.sleep(1800.0)

    assert ids(sink.got) == ["a-opened", "a-resolved"]
    assert attempts.count(("pager", Result.RETRY)) == 20


async def test_pauses_grow_and_end_at_a_minute() -> None:
    sink = ScriptedSink(answers=[RETRY] * 30)
    async with delivering(sink) as (outbox, delivery, _):
        post(outbox, delivery, "pager", event_of("a"))
        await asyncio.sleep(1800.0)

    times = [at for at, _ in sink.attempts]
    pauses = [later - earlier for earlier, later in pairwise(times)]
    assert 0.5 <= pauses[0] <= 1.0
    assert all(30.0 <= pause <= 60.0 for pause in pauses[8:])


async def test_a_receiver_is_left_alone_for_as_long_as_it_asks() -> None:
    busy = Answer(result=Result.RETRY, why="it answered 429", after_seconds=120.0)
    sink = ScriptedSink(answers=[busy])
    async with delivering(sink) as (outbox, delivery, _):
        post(outbox, delivery, "pager", event_of("a"), event_of("b"))
        await asyncio.sleep(119.0)
        assert len(sink.attempts) == 1
        await asyncio.sleep(32.0)

    assert sorted(ids(sink.got)) == ["a-opened", "b-opened"]


async def test_however_long_a_receiver_asks_a_page_waits_a_quarter_of_an_hour_at_most() -> None:
    sink = ScriptedSink(answers=[Answer(result=Result.RETRY, why="429", after_seconds=1e9)])
    async with delivering(sink) as (outbox, delivery, _):
        post(outbox, delivery, "pager", event_of("a"))
        await asyncio.sleep(901.0)

    assert ids(sink.got) == ["a-opened"]


async def test_a_sink_that_hangs_for_ever_delays_no_other() -> None:
    hanging, other = ScriptedSink("pager", [HANGS] * 99), ScriptedSink("chat")
    async with delivering(hanging, other) as (outbox, delivery, attempts):
        post(outbox, delivery, "pager", event_of("a"))
        post(outbox, delivery, "chat", event_of("a"), event_of("b"))
        await asyncio.sleep(0.5)
        assert ids(other.got) == ["a-opened", "b-opened"]
        await asyncio.sleep(100.0)

    assert attempts.count(("pager", Result.RETRY)) >= 3
    assert "no end within 10 s" in delivery.trouble


async def test_an_event_that_alone_is_not_taken_keeps_no_other_back() -> None:
    sink = ScriptedSink(judge=lambda each: RETRY if each.incident.id == "poison" else DELIVERED)
    async with delivering(sink) as (outbox, delivery, _):
        post(outbox, delivery, "pager", event_of("poison"), event_of("a"), event_of("b"), event_of("poison", RESOLVED))
        await asyncio.sleep(5.0)
        assert ids(sink.got) == ["a-opened", "b-opened"]
        await asyncio.sleep(600.0)
        post(outbox, delivery, "pager", event_of("c"))
        await asyncio.sleep(0.1)

    assert ids(sink.got) == ["a-opened", "b-opened", "c-opened"]


async def test_what_is_refused_once_goes_out_soon() -> None:
    sink = ScriptedSink(answers=[REFUSED])
    async with delivering(sink) as (outbox, delivery, attempts):
        post(outbox, delivery, "pager", event_of("a"), event_of("b"))
        await asyncio.sleep(10.0)
        assert ids(sink.got) == ["b-opened"]
        assert attempts.count(("pager", Result.REFUSED)) == 1
        await asyncio.sleep(6.0)

    assert ids(sink.got) == ["b-opened", "a-opened"]


async def test_what_is_refused_again_and_again_is_tried_once_an_hour() -> None:
    sink = ScriptedSink(answers=[REFUSED] * 99)
    async with delivering(sink) as (outbox, delivery, _):
        post(outbox, delivery, "pager", event_of("a"))
        await asyncio.sleep(12 * 3600.0)

    times = [at for at, _ in sink.attempts]
    assert times[-1] - times[-2] == pytest.approx(3600.0, abs=1.0)
    assert len(times) <= 20


async def test_a_page_comes_through_behind_events_on_which_the_receiver_hangs() -> None:
    sink = ScriptedSink(judge=lambda each: HANGS if each.incident.id.startswith("bad") else DELIVERED)
    async with delivering(sink) as (outbox, delivery, _):
        post(outbox, delivery, "pager", *(event_of(f"bad{number}") for number in range(6)))
        await asyncio.sleep(300.0)

        post(outbox, delivery, "pager", event_of("good"))
        await asyncio.sleep(15.0)

    assert ids(sink.got) == ["good-opened"]


async def test_a_receiver_that_is_down_is_not_asked_oftener_than_once_a_second() -> None:
    sink = ScriptedSink(answers=[RETRY] * 999)
    async with delivering(sink) as (outbox, delivery, _):
        post(outbox, delivery, "pager", *(event_of(f"a{number}") for number in range(100)))
        await asyncio.sleep(20.0)

    assert len(sink.attempts) <= 40


async def test_a_new_configuration_tries_at_once_what_was_refused() -> None:
    wrong, right = ScriptedSink(answers=[REFUSED] * 9), ScriptedSink()
    async with delivering(wrong) as (outbox, delivery, _):
        post(outbox, delivery, "pager", event_of("a"))
        await asyncio.sleep(1.0)
        assert "it answered 403" in delivery.trouble

        await delivery.use([right])
        await asyncio.sleep(1.0)

        assert ids(right.got) == ["a-opened"]
        assert wrong.closed
        assert delivery.trouble == ""


async def test_a_bug_in_a_sink_ends_nothing() -> None:
    def crash_once(_: Event) -> Answer:
        if len(sink.attempts) == 1:
            raise ZeroDivisionError
        return DELIVERED

    sink = ScriptedSink(judge=crash_once)
    async with delivering(sink) as (outbox, delivery, _):
        post(outbox, delivery, "pager", event_of("a"))
        await asyncio.sleep(5.0)

    assert ids(sink.got) == ["a-opened"]


async def test_the_next_event_waits_for_the_store_to_know_of_the_one_before() -> None:
    sink = ScriptedSink()
    outbox = Outbox()
    delivery = Delivery(outbox, FakeClock())
    await delivery.use([sink])
    post(outbox, delivery, "pager", event_of("a"), event_of("a", RESOLVED))

    await asyncio.sleep(60.0)
    assert ids(sink.got) == ["a-opened"]
    outbox.kept(*outbox.unkept())
    delivery.wake()
    await asyncio.sleep(1.0)

    assert ids(sink.got) == ["a-opened", "a-resolved"]
    await delivery.end(within_seconds=0.0)


async def test_the_end_waits_for_what_can_be_delivered_and_not_for_ever() -> None:
    sink = ScriptedSink(answers=[HANGS])
    async with delivering(sink) as (outbox, delivery, _):
        post(outbox, delivery, "pager", event_of("a"))
        started = asyncio.get_running_loop().time()

        await delivery.end(within_seconds=3.0)

        assert 3.0 <= asyncio.get_running_loop().time() - started <= 5.0
        assert outbox.holds("pager")
        assert sink.closed


async def test_the_end_does_not_wait_for_what_was_refused() -> None:
    sink = ScriptedSink(answers=[REFUSED])
    async with delivering(sink) as (outbox, delivery, _):
        post(outbox, delivery, "pager", event_of("a"))
        await asyncio.sleep(1.0)
        started = asyncio.get_running_loop().time()

        await delivery.end(within_seconds=10.0)

        assert asyncio.get_running_loop().time() - started < 1.0
        assert outbox.holds("pager")


@pytest.mark.slow
@pytest.mark.looptime(False)
async def test_ten_thousand_events_drain_in_order_after_a_restart(tmp_path: Path) -> None:
    count = 10_000
    events = [event_of(f"incident-{number:05}") for number in range(count)]
    store = Store.open(tmp_path / "monitor.db")
    before = Records(store, target="t", location="l")
    posted = [Posted(number=number + 1, sink="pager", event=each) for number, each in enumerate(events)]
    await before.save(Batch(posted=posted))
    await asyncio.to_thread(store.close)

    store = Store.open(tmp_path / "monitor.db")
    records, outbox, sink = Records(store, target="t", location="l"), Outbox(), ScriptedSink()
    outbox.restore((await records.load()).posted)
    delivery = Delivery(outbox, SystemClock())
    await delivery.use([sink])
    async with asyncio.timeout(60.0):
        while len(outbox):
            await asyncio.sleep(0.05)
            added, acknowledged = outbox.unkept()
            await records.save(Batch(acknowledged=acknowledged))
            outbox.kept(added, acknowledged)
    await delivery.end(within_seconds=0.0)
    added, acknowledged = outbox.unkept()
    await records.save(Batch(acknowledged=acknowledged))

    assert ids(sink.got) == ids(events)
    assert not (await records.load()).posted
    await asyncio.to_thread(store.close)
