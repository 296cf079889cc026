import asyncio
import contextlib
import gc
import itertools
import weakref
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any, NoReturn

import pytest
from structlog.testing import capture_logs

from monitor.core.check import Observer, Watch
from monitor.core.cost import Bucket
from monitor.core.errors import CheckFailed, OwnFault
from monitor.core.outcome import Phase, Reason, Status
from monitor.core.run import Run
from tests.engine import TARGET, Engine, behaving
from tests.test_runner import Stalled, passes

pytestmark = [pytest.mark.asyncio, pytest.mark.looptime(start=0.0)]

DROPPED = CheckFailed(Reason.CONNECTION, "the socket ended with 1006", close_code=1006)

Act = Callable[[Observer], Awaitable[None]]


class Observing(Watch):
    """
    A watch that does what a test tells it to.
    """

    act: Act

    async def watch(self, observer: Observer) -> NoReturn:
        await self.act(observer)
        raise AssertionError("the act of a test ended")


def observing(act: Act, **settings: Any) -> Observing:
    return Observing.model_validate({"name": "watched", "act": act, "every": "10s", "timeout": "5s", **settings})


async def all_is_well(observer: Observer) -> None:
    while True:
        with observer.begin() as run:
            async with run.step("ping"):
                await asyncio.sleep(0.1)
            run.observe_connection(is_open=True)
            observer.passed(run)
        await observer.pause(2.0)


async def drops(observer: Observer) -> None:
    """
    Be well for three seconds, then try in vain, at 4 s, 9 s, 14 s …
    """
    with observer.begin() as run:
        run.observe_connection(is_open=True)
        run.observe_phases({Phase.CONNECT: 0.2})
        observer.passed(run)
    await observer.pause(3.0)
    with observer.begin() as run:
        run.observe_connection(is_open=False)
        observer.failed(run, DROPPED)
    await observer.pause(1.0)
    while True:
        with observer.begin() as run:
            observer.failed(run, CheckFailed(Reason.HTTP_STATUS, "realtime was refused with 503", status=503))
        await observer.pause(5.0)


async def says_nothing(_observer: Observer) -> None:
    await asyncio.Event().wait()


def told(engine: Engine) -> list[tuple[int | None, Status]]:
    return [(outcome.tick, outcome.status) for outcome in engine.outcomes]


async def test_what_changes_is_recorded_the_moment_it_is_said_and_what_stays_well_is_not() -> None:
    engine = Engine()
    engine.runner.watch([observing(all_is_well)])
    await asyncio.sleep(30)
    well = told(engine)
    engine.runner.watch([observing(drops)])
    await asyncio.sleep(3.1)

    assert well == [(None, Status.PASSED)]
    assert told(engine)[1:] == [(None, Status.PASSED), (None, Status.FAILED)]


async def test_every_failure_is_recorded_so_that_the_second_confirms_the_first() -> None:
    engine = Engine()
    engine.runner.watch([observing(drops)])
    await asyncio.sleep(10)

    assert [(outcome.status, outcome.reason) for outcome in engine.outcomes] == [
        (Status.PASSED, None),
        (Status.FAILED, Reason.CONNECTION),
        (Status.FAILED, Reason.HTTP_STATUS),
        (Status.FAILED, Reason.HTTP_STATUS),
    ]
    assert [outcome.started_at.timestamp() - engine.outcomes[0].started_at.timestamp() for outcome in engine.outcomes][
        1:
    ] == pytest.approx([3.0, 4.0, 9.0])


async def test_an_outcome_of_a_watch_holds_what_its_run_measured() -> None:
    async def measures(observer: Observer) -> None:
        with observer.begin() as run:
            async with run.step("connect"):
                await asyncio.sleep(0.5)
            run.observe_phases({Phase.UPGRADE: 0.25})
            run.observe_connection(is_open=True, reconnects=1)
            run.note(channels=2)
            observer.failed(run, DROPPED)
        await says_nothing(observer)

    engine = Engine()
    engine.runner.watch([observing(measures)])
    await asyncio.sleep(1)

    [outcome] = engine.outcomes
    assert (outcome.check, outcome.kind, outcome.target, outcome.location) == (
        "watched",
        "test_watching",
        TARGET.name,
        "here",
    )
    assert (outcome.reason, outcome.message) == (Reason.CONNECTION, "the socket ended with 1006")
    assert outcome.duration_seconds == pytest.approx(0.5)
    assert [step.name for step in outcome.steps] == ["connect"]
    assert outcome.phases == {Phase.UPGRADE: 0.25}
    assert (outcome.observations.is_connected, outcome.observations.reconnects) == (True, 1)
    assert outcome.evidence == {"channels": 2, "close_code": 1006}


async def test_a_slow_answer_is_degraded_and_that_is_news_once() -> None:
    async def is_slow(observer: Observer) -> None:
        while True:
            with observer.begin() as run:
                run.hold_to(0.5, took_seconds=2.0, what="connecting")
                observer.passed(run)
            await observer.pause(2.0)

    engine = Engine()
    engine.runner.watch([observing(is_slow)])
    await asyncio.sleep(10)

    assert [(outcome.status, outcome.reason) for outcome in engine.outcomes] == [(Status.DEGRADED, Reason.SLOW)]


async def test_the_next_thing_said_bears_the_tick() -> None:
    engine = Engine()
    watch = observing(all_is_well)
    engine.runner.watch([watch])
    await asyncio.sleep(1)
    for tick in (7, 8):
        engine.runner.start(watch, tick)
        await asyncio.sleep(10)

    assert told(engine) == [(None, Status.PASSED), (7, Status.PASSED), (8, Status.PASSED)]
    assert [step.name for step in engine.outcomes[2].steps] == ["ping"]


async def test_a_tick_confirms_no_failure_that_nobody_has_seen_again() -> None:
    engine = Engine()
    watch = observing(drops)
    engine.runner.watch([watch])
    await asyncio.sleep(3.5)
    engine.runner.start(watch, 7)
    before_the_attempt = told(engine)
    await asyncio.sleep(1)

    assert before_the_attempt == [(None, Status.PASSED), (None, Status.FAILED)]
    assert told(engine)[2:] == [(7, Status.FAILED)]
    assert engine.outcomes[2].reason is Reason.HTTP_STATUS


async def test_a_tick_that_finds_nothing_said_since_the_last_has_the_last_word_recorded_again() -> None:
    async def pauses_long(observer: Observer) -> None:
        with observer.begin() as run:
            async with run.step("connect"):
                run.observe_connection(is_open=True, reconnects=1)
            run.observe_phases({Phase.CONNECT: 0.2})
            observer.passed(run)
        await observer.pause(60.0)

    engine = Engine()
    watch = observing(pauses_long)
    engine.runner.watch([watch])
    await asyncio.sleep(1)
    for tick in (7, 8, 9):
        engine.runner.start(watch, tick)
        await asyncio.sleep(10)

    assert told(engine) == [(None, Status.PASSED), (7, Status.PASSED), (8, Status.PASSED)]
    again = engine.outcomes[2]
    assert again.run_id != engine.outcomes[0].run_id
    assert (again.steps, again.phases) == ((), {Phase.CONNECT: 0.2})
    assert (again.observations.is_connected, again.observations.reconnects) == (True, 0)


async def test_a_tick_is_missed_when_the_watch_has_said_nothing_until_the_next() -> None:
    engine = Engine()
    watch = observing(says_nothing, timeout="9s")
    engine.runner.watch([watch])
    for tick in (7, 8):
        engine.runner.start(watch, tick)
        await asyncio.sleep(8)

    assert told(engine) == [(7, Status.MISSED)]


async def test_a_tick_of_a_watch_that_nobody_keeps_is_missed() -> None:
    engine = Engine()
    engine.runner.start(observing(all_is_well), 7)

    assert told(engine) == [(7, Status.MISSED)]


class Full:
    """
    A budget with no room until somebody makes some.
    """

    def __init__(self) -> None:
        self.has_room = asyncio.Event()
        self.holders: list[str] = []

    @asynccontextmanager
    async def room_for(self, who: str, demand: Mapping[Bucket, int]) -> AsyncIterator[None]:
        await self.has_room.wait()
        self.holders.append(who)
        yield
        self.holders.remove(who)

    def shortage(self, who: str) -> str:
        return "" if self.has_room.is_set() else "request budget spent"

    def stop(self) -> None:
        return


async def test_a_watch_begins_when_there_is_room_for_what_it_may_send_and_holds_it() -> None:
    engine, budget = Engine(), Full()
    recorder = engine.runner._recorder
    recorder.surroundings = replace(recorder.surroundings, budget=budget)
    watch = observing(all_is_well)
    engine.runner.watch([watch])
    for tick in (7, 8):
        engine.runner.start(watch, tick)
        await asyncio.sleep(10)
    waiting = told(engine)
    budget.has_room.set()
    await asyncio.sleep(10)

    assert (waiting, engine.outcomes[0].message) == ([(7, Status.MISSED)], "not started: request budget spent")
    assert (told(engine)[1:], budget.holders) == ([(8, Status.PASSED)], ["watched"])


@pytest.mark.parametrize(
    ("error", "status", "reason"),
    [
        pytest.param(DROPPED, Status.FAILED, Reason.CONNECTION, id="says no"),
        pytest.param(OwnFault("the server key is revoked"), Status.ERRORED, Reason.INTERNAL, id="cannot judge"),
        pytest.param(ZeroDivisionError("division"), Status.ERRORED, Reason.INTERNAL, id="has a bug"),
        pytest.param(SystemExit(3), Status.ERRORED, Reason.INTERNAL, id="tries to end the process"),
        pytest.param(asyncio.CancelledError(), Status.ERRORED, Reason.INTERNAL, id="cancels itself"),
        pytest.param(None, Status.ERRORED, Reason.INTERNAL, id="returns"),
    ],
)
async def test_an_outcome_says_how_a_watch_fell_and_that_nothing_is_held(
    error: BaseException | None, status: Status, reason: Reason
) -> None:
    async def falls(observer: Observer) -> None:
        with observer.begin() as run:
            run.observe_connection(is_open=True)
            async with run.step("connect"):
                if error is not None:
                    raise error

    engine = Engine()
    engine.runner.watch([observing(falls)])
    await asyncio.sleep(0.5)

    [outcome] = engine.outcomes
    assert (outcome.status, outcome.reason) == (status, reason)
    assert outcome.observations.is_connected is False
    assert [step.name for step in outcome.steps] == ["connect"]


async def test_a_fall_after_the_last_word_is_no_part_of_what_that_measured() -> None:
    async def falls(observer: Observer) -> None:
        with observer.begin() as run:
            async with run.step("connect"):
                run.observe_phases({Phase.CONNECT: 0.2})
            observer.passed(run)
        raise DROPPED

    engine = Engine()
    engine.runner.watch([observing(falls)])
    await asyncio.sleep(0.5)

    assert [len(outcome.steps) for outcome in engine.outcomes] == [1, 0]
    assert engine.outcomes[1].phases == {}


async def test_a_watch_that_falls_is_started_again_after_pauses_that_double_until_all_is_well() -> None:
    started: list[float] = []

    async def falls(observer: Observer) -> None:
        started.append(engine.clock.monotonic())
        if len(started) == 10:
            with observer.begin() as run:
                observer.passed(run)
        raise OwnFault("no file descriptor is left")

    engine = Engine()
    engine.runner.watch([observing(falls)])
    await asyncio.sleep(400)

    pauses = [after - before for before, after in itertools.pairwise(started)]
    assert pauses[:9] == pytest.approx([1, 2, 4, 8, 16, 32, 60, 60, 60])
    assert pauses[9:12] == pytest.approx([1, 2, 4])


async def test_a_bug_is_logged_once_with_its_traceback() -> None:
    async def has_a_bug(_observer: Observer) -> None:
        raise ZeroDivisionError("division by zero")

    engine = Engine()
    with capture_logs() as logs:
        engine.runner.watch([observing(has_a_bug)])
        await asyncio.sleep(0.5)

    crashes = [line for line in logs if line["log_level"] == "error"]
    assert [(line["event"], type(line["exc_info"])) for line in crashes] == [("check.crashed", ZeroDivisionError)]


async def test_a_watch_that_gives_no_sign_of_life_is_errored_with_the_step_and_started_again() -> None:
    starts = 0

    async def hangs(observer: Observer) -> None:
        nonlocal starts
        starts += 1
        with observer.begin() as run:
            observer.passed(run)
        with observer.begin() as run:
            async with run.step("connect"):
                await says_nothing(observer)

    engine = Engine()
    engine.runner.watch([observing(hangs)])
    await asyncio.sleep(14.9)
    before = told(engine)
    await asyncio.sleep(2)

    assert before == [(None, Status.PASSED)]
    assert told(engine)[1] == (None, Status.ERRORED)
    assert "hangs in step 'connect': no sign of life for 15s" in engine.outcomes[1].message
    assert starts == 2


async def test_a_pause_is_a_sign_of_life_until_its_end() -> None:
    async def pauses(observer: Observer) -> None:
        await observer.pause(60.0)
        await says_nothing(observer)

    engine = Engine()
    engine.runner.watch([observing(pauses)])
    await asyncio.sleep(74)
    before = told(engine)
    await asyncio.sleep(2)

    assert (before, told(engine)) == ([], [(None, Status.ERRORED)])


async def test_a_watch_that_ignores_its_cancellation_is_quarantined_and_its_words_are_not_heard() -> None:
    release = asyncio.Event()
    starts = 0

    async def ignores(observer: Observer) -> None:
        nonlocal starts
        starts += 1
        if starts > 1:
            await all_is_well(observer)
        while not release.is_set():
            with contextlib.suppress(asyncio.CancelledError):
                await release.wait()
        with observer.begin() as run:
            observer.failed(run, DROPPED)

    engine = Engine()
    watch = observing(ignores)
    engine.runner.watch([watch])
    await asyncio.sleep(17)
    for tick in (7, 8):
        engine.runner.start(watch, tick)
    quarantined = told(engine)
    release.set()
    await asyncio.sleep(60)

    assert quarantined == [(None, Status.ERRORED), (7, Status.MISSED)]
    assert "quarantined" in engine.outcomes[1].message
    assert (starts, told(engine)[2:]) == (2, [(8, Status.PASSED)])


async def test_a_drop_that_overlapped_a_stall_of_our_own_loop_is_errored() -> None:
    engine = Engine(stalls=Stalled("run:another:0"))
    engine.runner.watch([observing(drops)])
    await asyncio.sleep(3.5)

    assert [outcome.status for outcome in engine.outcomes] == [Status.ERRORED, Status.ERRORED]
    assert "another" in engine.outcomes[1].message


async def test_a_stall_counts_from_the_sign_of_life_before_what_was_seen() -> None:
    asked: list[float] = []

    class Stalls:
        def stall_since(self, started: float) -> None:
            asked.append(started)

    async def holds(observer: Observer) -> None:
        with observer.begin() as run:
            await asyncio.sleep(1.0)
            observer.passed(run)
        await asyncio.sleep(3.0)
        with observer.begin() as run:
            observer.failed(run, DROPPED)
        await observer.pause(5.0)
        raise DROPPED

    engine = Engine(stalls=Stalls())
    engine.runner.watch([observing(holds)])
    await asyncio.sleep(9.5)

    assert asked == pytest.approx([0.0, 1.0, 9.0])


async def test_the_pause_of_one_task_of_a_watch_hides_no_stall_from_another() -> None:
    asked: list[float] = []

    class Stalls:
        def stall_since(self, started: float) -> None:
            asked.append(started)

    async def holds(observer: Observer) -> None:
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(observer.pause(5.0))
            await asyncio.sleep(2.0)
            with observer.begin() as run:
                observer.failed(run, DROPPED)

    engine = Engine(stalls=Stalls())
    engine.runner.watch([observing(holds)])
    await asyncio.sleep(3.0)

    assert asked == pytest.approx([2.0])


async def test_a_watch_that_keeps_blocking_the_loop_is_quarantined() -> None:
    engine = Engine(stalls=Stalled("run:watched:watch"))
    watch = observing(all_is_well)
    engine.runner.watch([watch])
    await asyncio.sleep(10)
    for tick in (7, 8, 9):
        engine.runner.start(watch, tick)
        await asyncio.sleep(10)

    assert "check.py:7" in engine.outcomes[0].message
    assert told(engine)[-2:] == [(7, Status.ERRORED), (8, Status.MISSED)]
    assert "blocked the event loop" in engine.outcomes[-1].message


async def test_the_watches_are_those_of_the_configuration_and_what_has_not_changed_goes_on() -> None:
    going: list[str] = []

    def named(name: str) -> Act:
        async def goes(_observer: Observer) -> None:
            going.append(name)
            try:
                await asyncio.Event().wait()
            finally:
                going.remove(name)
                going.append(f"{name} ended")

        return goes

    kept, changed, removed = (observing(named(name), name=name) for name in ("kept", "changed", "removed"))
    engine = Engine()
    engine.runner.watch([kept, changed, removed, behaving(passes)])
    await asyncio.sleep(1)
    going.remove("kept")
    engine.runner.watch([kept, changed.model_copy(update={"every_seconds": 11.0})])
    await asyncio.sleep(1)

    assert sorted(going) == ["changed", "changed ended", "removed ended"]
    assert not engine.outcomes


async def test_a_changed_watch_begins_when_the_one_before_has_ended() -> None:
    now, most = 0, 0

    async def lets_go_slowly(_observer: Observer) -> None:
        nonlocal now, most
        now, most = now + 1, max(most, now + 1)
        try:
            await asyncio.Event().wait()
        finally:
            await asyncio.sleep(0.5)
            now -= 1

    engine = Engine()
    engine.runner.watch([observing(lets_go_slowly)])
    await asyncio.sleep(1)
    engine.runner.watch([observing(lets_go_slowly, every="11s")])
    await asyncio.sleep(0.1)
    engine.runner.watch([observing(lets_go_slowly, every="12s")])
    await asyncio.sleep(2)

    assert (now, most) == (1, 1)


async def test_another_target_starts_every_watch_anew_there_and_the_same_one_none() -> None:
    endpoints: list[str] = []

    async def looks(observer: Observer) -> None:
        with observer.begin() as run:
            endpoints.append(run.target.endpoint)
        await says_nothing(observer)

    engine = Engine()
    watch = observing(looks)
    moved = TARGET.model_copy(update={"endpoint": "http://127.0.0.1:2/v1"})
    for target in (TARGET, TARGET.model_copy(), moved):
        engine.runner.move_to(target=target, identities={}, manifest=None)
        engine.runner.watch([watch])
        await asyncio.sleep(1)

    assert endpoints == [TARGET.endpoint, moved.endpoint]


async def test_what_an_attempt_registered_is_cleaned_up_when_its_block_ends_while_the_watch_goes_on() -> None:
    done: dict[str, float] = {}

    async def creates(observer: Observer) -> None:
        async def remove() -> None:
            await asyncio.sleep(3)
            done["removed"] = engine.clock.monotonic()

        with observer.begin() as run:
            run.clean_up(remove)
            await asyncio.sleep(1)
        done["went on"] = engine.clock.monotonic()
        await says_nothing(observer)

    engine = Engine()
    engine.runner.watch([observing(creates)])
    await asyncio.sleep(5)

    assert done == pytest.approx({"went on": 1.0, "removed": 4.0})


async def test_a_fall_is_told_before_the_cleaning_up_behind_it() -> None:
    async def falls(observer: Observer) -> None:
        with observer.begin() as run:
            run.clean_up(asyncio.sleep, 3)
            raise DROPPED

    engine = Engine()
    engine.runner.watch([observing(falls)])
    await asyncio.sleep(0.1)

    assert told(engine) == [(None, Status.FAILED)]


async def test_stopping_ends_every_watch_at_once_and_waits_for_the_cleaning_up_behind_it() -> None:
    removed: list[str] = []

    async def remove(name: str) -> None:
        await asyncio.sleep(1)
        removed.append(name)

    async def creates(observer: Observer) -> None:
        with observer.begin() as run:
            run.clean_up(remove, "session")
            observer.passed(run)
            await says_nothing(observer)

    engine = Engine()
    watch = observing(creates)
    engine.runner.watch([watch])
    await asyncio.sleep(2)
    engine.runner.start(watch, 7)
    started = engine.clock.monotonic()
    await engine.runner.stop(patience_seconds=5.0)

    assert engine.clock.monotonic() - started == pytest.approx(1.0)
    assert removed == ["session"]
    assert told(engine) == [(None, Status.PASSED)]


async def test_stopping_waits_for_no_watch_that_ignores_its_cancellation() -> None:
    release = asyncio.Event()

    async def ignores(_observer: Observer) -> None:
        while not release.is_set():
            with contextlib.suppress(asyncio.CancelledError):
                await release.wait()

    engine = Engine()
    engine.runner.watch([observing(ignores)])
    await asyncio.sleep(1)
    started = engine.clock.monotonic()
    await engine.runner.stop(patience_seconds=5.0)
    took = engine.clock.monotonic() - started
    release.set()

    assert took < 1.0


async def test_an_hour_of_looks_leaves_none_of_them_behind() -> None:
    runs: list[weakref.ref[Run]] = []

    async def looks(observer: Observer) -> None:
        with observer.begin():
            while True:
                with observer.begin() as run:
                    runs.append(weakref.ref(run))
                    run.clean_up(asyncio.sleep, 1)
                    observer.passed(run)
                await observer.pause(5.0)

    engine = Engine()
    engine.runner.watch([observing(looks)])
    await asyncio.sleep(3600)
    gc.collect()

    assert len(runs) > 700
    # The last one was said last.
    assert [run for run in runs[:-1] if run() is not None] == []
    assert len(engine.outcomes) == 1
