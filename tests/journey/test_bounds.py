"""
How often a journey writes, where that is bounded: over many runs, and across restarts.
"""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from monitor.appwrite.removal import AppwriteRemover
from monitor.core.clock import SystemClock
from monitor.core.outcome import Outcome, Reason, Status
from monitor.journey.journey import Journey
from monitor.journey.stage import Stage
from monitor.lease import Lease
from monitor.leftovers import Leftovers
from monitor.store import Store
from tests.conftest import Platform
from tests.journey.story import counting, impatient, journey

pytestmark = pytest.mark.asyncio


class LaterClock(SystemClock):
    """
    The system's clock, set forward by *later*.
    """

    later = timedelta()

    def now(self) -> datetime:
        return super().now() + self.later


@contextmanager
def restarted(platform: Platform, path: Path, clock: LaterClock) -> Iterator[None]:
    """
    Give *platform* the journal of a process that has just been started on the store at *path*.
    """
    store, lease = Store.open(path), Lease(path)
    platform.leftovers = Leftovers(store, lease, AppwriteRemover(), clock)
    try:
        yield
    finally:
        store.close()


def has_written(outcome: Outcome) -> bool:
    assert outcome.status is Status.PASSED, outcome.message
    return "observed_only" not in outcome.evidence


@pytest.mark.slow
@pytest.mark.parametrize(
    ("bounds", "minutes_apart", "expected"),
    [
        pytest.param({"write_every": "10m"}, 4, [0, 12, 24, 36, 48, 60, 72, 84], id="every so often"),
        pytest.param({"writes_per_hour": 3}, 10, [0, 10, 20, 60, 70, 80], id="so often an hour"),
        pytest.param({"write_every": "15m", "writes_per_hour": 2}, 5, [0, 15, 60, 75], id="both"),
        pytest.param({"write_every": "2h"}, 30, [0, 120], id="less than once an hour"),
    ],
)
async def test_writes_no_oftener_than_it_may_whatever_is_restarted(
    platform: Platform, tmp_path: Path, bounds: dict[str, Any], minutes_apart: int, expected: list[int]
) -> None:
    clock, path, wrote = LaterClock(), tmp_path / "monitor.db", []
    check = journey(**bounds)

    for number in range(1 + max(expected) // minutes_apart + 1):
        clock.later = timedelta(minutes=number * minutes_apart)
        with restarted(platform, path, clock):
            if has_written(await platform.run(check)):
                wrote.append(number * minutes_apart)

    assert wrote == expected


async def test_a_run_between_asks_what_pages_ask_and_writes_nothing(
    platform: Platform, monkeypatch: pytest.MonkeyPatch
) -> None:
    check = journey(write_every="1h")
    first = await platform.run(check)

    with counting(platform.sandbox, monkeypatch) as counts:
        second = await platform.run(check)

    assert (has_written(first), has_written(second)) == (True, False)
    assert counts == {"POST": 2, "socket": 2, "GET": 6}


async def test_without_bounds_every_run_writes(platform: Platform) -> None:
    outcomes = [await platform.run(journey()) for _ in range(3)]

    assert [has_written(each) for each in outcomes] == [True, True, True]


async def test_checks_of_different_names_have_bounds_of_their_own(platform: Platform) -> None:
    outcomes = [await platform.run(journey(name=name, write_every="1h")) for name in ("one", "other", "one")]

    assert [has_written(each) for each in outcomes] == [True, True, False]


async def test_a_run_that_finds_the_flow_switched_off_does_not_use_its_turn(platform: Platform) -> None:
    check = journey(write_every="1h")
    platform.sandbox.faults.switch_on("collection_missing", collection="therapists_collection_id")
    failed = await platform.run(check)
    platform.sandbox.faults.switch_all_off()

    assert failed.status is Status.FAILED
    assert has_written(await platform.run(check))


async def test_whoever_never_writes_leaves_the_turn_to_others(platform: Platform) -> None:
    observed = await platform.run(journey(observe_only=True, write_every="1h"))

    assert not has_written(observed)
    assert has_written(await platform.run(journey(write_every="1h")))


async def test_a_run_that_only_observes_does_not_clear_what_writing_has_found(platform: Platform) -> None:
    check = journey(write_every="10m", event_within="500ms")
    platform.sandbox.faults.switch_on("realtime_pipeline", every=1, collection="chat_messages")

    wrote = await platform.run(check)
    observed = await platform.run(check)

    assert (wrote.status, wrote.reason) == (observed.status, observed.reason) == (Status.FAILED, Reason.NO_EVENT)
    assert [step.name for step in observed.steps][-1] == "observe"
    assert "so it was when the journey wrote last" in observed.message


def hanging(began: asyncio.Event, *, timeout: str) -> Journey:
    """
    Return a journey that waits for something which has no deadline of its own.
    """

    class Hanging(Journey):
        async def play(self, stage: Stage) -> None:
            async with stage.step("wait"):
                began.set()
                await asyncio.sleep(60)

    sides = {"profile": impatient(), "customer": "customer", "therapist": "therapist", "event_within": "500ms"}
    return Hanging.model_validate({**sides, "name": "checked", "write_every": "1h", "timeout": timeout})


async def test_a_run_that_only_observes_does_not_clear_that_writing_took_too_long(platform: Platform) -> None:
    check = hanging(asyncio.Event(), timeout="1s")

    wrote, observed = [await platform.run(check) for _ in range(2)]

    assert (wrote.status, wrote.reason) == (observed.status, observed.reason) == (Status.FAILED, Reason.TIMEOUT)
    assert wrote.message == "still waiting in step 'wait' at the deadline of 1s"
    assert observed.message == f"observe: {wrote.message}: so it was when the journey wrote last"


async def test_a_run_that_only_observes_does_not_clear_that_writing_was_slow(platform: Platform) -> None:
    check = journey(write_every="10m", profile={"like": "march", "accept": {"objective": "1ms"}})

    wrote, observed = [await platform.run(check) for _ in range(2)]

    assert (wrote.status, wrote.reason) == (observed.status, observed.reason) == (Status.DEGRADED, Reason.SLOW)
    assert observed.message == f"{wrote.message}: so it was when the journey wrote last"
    assert "observed_only" in observed.evidence


async def test_a_run_that_was_cut_off_when_the_process_ended_has_found_nothing(platform: Platform) -> None:
    began, runner = asyncio.Event(), platform.runner()
    check = hanging(began, timeout="10s")
    wrote = asyncio.create_task(runner.run_now(check))
    await asyncio.wait_for(began.wait(), 10)
    await runner.stop(patience_seconds=0)

    observed = await platform.run(check)

    assert await wrote is None
    assert not has_written(observed)


async def test_a_journey_that_wrote_and_found_nothing_is_right_when_it_observes(platform: Platform) -> None:
    check = journey(write_every="10m")

    outcomes = [await platform.run(check) for _ in range(2)]

    assert [has_written(outcome) for outcome in outcomes] == [True, False]


async def test_what_only_repeats_what_was_found_by_writing_says_so(platform: Platform) -> None:
    check = journey(write_every="1h", timeout="9s")
    platform.sandbox.faults.switch_on("notification_missing")
    outcomes = [await platform.run(check) for _ in range(2)]
    platform.sandbox.faults.switch_all_off()

    assert [each.status for each in outcomes] == [Status.FAILED] * 2
    assert [each.is_repeat for each in outcomes] == [False, True]


async def test_that_both_pages_answer_proves_nothing_to_a_process_that_has_not_written_yet(
    platform: Platform, tmp_path: Path
) -> None:
    clock, path, check = LaterClock(), tmp_path / "monitor.db", journey(write_every="1h")
    with restarted(platform, path, clock):
        wrote = await platform.run(check)
    clock.later = timedelta(minutes=1)

    with restarted(platform, path, clock):
        observed = await platform.run(check)
    never = await platform.run(journey(observe_only=True))

    assert not has_written(observed)
    assert [each.is_repeat for each in (wrote, observed, never)] == [False, True, False]


async def test_a_failure_is_confirmed_by_writing_though_it_is_not_its_turn(platform: Platform) -> None:
    check = journey(write_every="1h")
    runner = platform.runner()
    first = await runner.run_now(check)
    assert first is not None

    runner.confirm(check, after_seconds=0.01)
    async with asyncio.timeout(20.0):
        while len(platform.outcomes) < 2:  # noqa: ASYNC110 - nobody waits for a confirmation
            await asyncio.sleep(0.02)

    assert [has_written(each) for each in platform.outcomes] == [True, True]


async def test_a_confirmation_counts_among_the_writes_of_an_hour(platform: Platform) -> None:
    check = journey(writes_per_hour=1)
    runner = platform.runner()
    await runner.run_now(check)

    runner.confirm(check, after_seconds=0.01)
    async with asyncio.timeout(20.0):
        while len(platform.outcomes) < 2:  # noqa: ASYNC110 - nobody waits for a confirmation
            await asyncio.sleep(0.02)

    assert [has_written(each) for each in platform.outcomes] == [True, False]
