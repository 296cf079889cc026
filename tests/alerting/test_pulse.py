"""
When the daemon's heart beats, and when it must not.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import pytest

from monitor.alerting.pulse import Beat, Pulse
from monitor.core.outcome import Reason, Status
from monitor.sinks.base import DELIVERED, Answer, Result
from tests.clock import FakeClock
from tests.engine import behaving, forever
from tests.outcomes import outcome_of

pytestmark = [pytest.mark.asyncio, pytest.mark.looptime(start=0.0)]


@dataclass
class Ear:
    """
    A listener that hears beats; None as an answer hangs.
    """

    name: str = "heartbeat"
    every_seconds: float = 60.0
    answer: Answer | None = DELIVERED
    beats: list[Beat] = field(default_factory=list)

    async def hear(self, beat: Beat) -> Answer:
        self.beats.append(beat)
        if self.answer is None:
            await asyncio.Event().wait()
        assert self.answer is not None
        return self.answer

    async def close(self) -> None:
        return


@dataclass
class Body:
    """
    A pulse and what decides whether it beats.
    """

    turning: bool = True
    stuck: str = ""
    results: list[tuple[str, Result]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.pulse = Pulse(
            FakeClock(),
            is_turning=lambda: self.turning,
            stuck=lambda: self.stuck,
            on_beat=lambda name, result: self.results.append((name, result)),
        )
        self.pulse.expect([behaving(forever, every="10s", timeout="5s"), behaving(forever, every="60s")])

    async def run(self, seconds: float, *statuses: Status, every_seconds: float = 10.0) -> None:
        """
        Let a run end every few seconds, with *statuses* in turn.
        """
        for number in range(round(seconds / every_seconds)):
            if statuses:
                status = statuses[number % len(statuses)]
                reason = None if status is Status.PASSED else Reason.INTERNAL
                self.pulse.note(outcome_of(status, reason, message="the key was refused"))
            await asyncio.sleep(every_seconds)


@asynccontextmanager
async def beating(*ears: Ear) -> AsyncIterator[Body]:
    body = Body()
    await body.pulse.send_to(ears)
    try:
        yield body
    finally:
        await body.pulse.end()


async def test_it_beats_once_an_interval_while_checks_run() -> None:
    ear = Ear()
    async with beating(ear) as body:
        await body.run(600.0, Status.PASSED)

    assert 10 <= len(ear.beats) <= 11
    assert {each.failed for each in ear.beats} == {""}
    assert len({each.run_id for each in ear.beats}) == len(ear.beats)


async def test_a_target_that_fails_is_no_reason_to_fall_silent() -> None:
    ear = Ear()
    async with beating(ear) as body:
        await body.run(600.0, Status.FAILED)

    assert {each.failed for each in ear.beats} == {""}


async def test_it_is_silent_before_the_first_run_has_ended_and_beats_soon_after() -> None:
    ear = Ear()
    async with beating(ear) as body:
        await body.run(30.0)
        assert ear.beats == []
        await body.run(2.0, Status.PASSED, every_seconds=1.0)

        assert len(ear.beats) == 1


async def test_it_falls_silent_when_no_run_ends_any_more() -> None:
    ear = Ear()
    async with beating(ear) as body:
        await body.run(120.0, Status.PASSED)
        before = len(ear.beats)
        await body.run(600.0)

    assert len(ear.beats) - before <= 1


async def test_it_falls_silent_when_all_runs_are_missed() -> None:
    ear = Ear()
    async with beating(ear) as body:
        await body.run(120.0, Status.PASSED)
        before = len(ear.beats)
        await body.run(600.0, Status.MISSED)

    assert len(ear.beats) - before <= 1


async def test_it_falls_silent_when_the_scheduler_stands() -> None:
    ear = Ear()
    async with beating(ear) as body:
        body.turning = False
        await body.run(600.0, Status.PASSED)

    assert ear.beats == []


async def test_it_says_so_when_nothing_can_be_judged() -> None:
    ear = Ear()
    async with beating(ear) as body:
        await body.run(600.0, Status.ERRORED)

    assert "no check can be judged: the key was refused" in ear.beats[-1].failed


async def test_it_says_so_when_most_runs_cannot_start() -> None:
    ear = Ear()
    async with beating(ear) as body:
        await body.run(600.0, Status.PASSED, Status.MISSED, Status.MISSED)

    assert "could not start" in ear.beats[-1].failed


async def test_the_check_that_runs_most_often_tells_whether_it_lives() -> None:
    ear = Ear(every_seconds=10.0)
    async with beating(ear) as body:
        body.pulse.expect([behaving(forever, every="10s", timeout="5s"), behaving(forever, every="3600s")])
        await body.run(60.0, Status.PASSED)
        before = len(ear.beats)
        await body.run(600.0)

    assert len(ear.beats) - before <= 3


async def test_one_check_that_can_be_judged_is_enough() -> None:
    ear = Ear()
    async with beating(ear) as body:
        await body.run(600.0, Status.ERRORED, Status.PASSED)

    assert {each.failed for each in ear.beats} == {""}


async def test_it_says_so_when_events_do_not_reach_their_sinks() -> None:
    ear = Ear()
    async with beating(ear) as body:
        body.stuck = "sink pagerduty has not taken anything since noon"
        await body.run(60.0, Status.PASSED)

    assert ear.beats[-1].failed == body.stuck


async def test_checks_that_run_less_often_than_it_beats_do_not_silence_it() -> None:
    ear = Ear(every_seconds=10.0)
    async with beating(ear) as body:
        body.pulse.expect([behaving(forever, every="300s", timeout="5s")])
        await body.run(1200.0, Status.PASSED, every_seconds=300.0)

    assert len(ear.beats) >= 110


async def test_a_listener_that_hangs_or_refuses_delays_no_other() -> None:
    hanging, refusing, well = Ear("a", answer=None), Ear("b", answer=Answer(result=Result.REFUSED, why="404")), Ear("c")
    async with beating(hanging, refusing, well) as body:
        await body.run(600.0, Status.PASSED)

    assert len(well.beats) >= 10
    assert len(hanging.beats) >= 8
    assert ("a", Result.RETRY) in body.results
    assert ("b", Result.REFUSED) in body.results
