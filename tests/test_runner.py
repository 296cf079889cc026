import asyncio
import contextlib
from collections.abc import Awaitable, Callable

import pytest

from monitor.core.errors import CheckFailed, OwnFault
from monitor.core.outcome import Phase, Reason, Status
from monitor.core.run import Run
from monitor.watchdog import Stall
from tests.engine import Engine, behaving, forever

pytestmark = [pytest.mark.asyncio, pytest.mark.looptime(start=0.0)]


async def passes(run: Run) -> None:
    async with run.step("look"):
        await asyncio.sleep(0.25)


async def fails(_run: Run) -> None:
    raise CheckFailed(Reason.NOT_FOUND, "collection 'bookings' answered 404", status=404)


async def errs(_run: Run) -> None:
    raise OwnFault("no file descriptor is left")


async def crashes(_run: Run) -> None:
    raise ZeroDivisionError("division by zero")


async def cancels_itself(_run: Run) -> None:
    raise asyncio.CancelledError


async def is_slow(run: Run) -> None:
    await asyncio.sleep(2)
    run.hold_to(0.5, took_seconds=run.elapsed_seconds(), what="the answer")


async def swallows_and_returns(_run: Run) -> None:
    try:
        await asyncio.sleep(100)
    except asyncio.CancelledError:
        return


async def swallows_and_complains(_run: Run) -> None:
    try:
        await asyncio.sleep(100)
    except asyncio.CancelledError:
        raise CheckFailed(Reason.NO_EVENT, "no event") from None


def deaf_until(release: asyncio.Event) -> Callable[[Run], Awaitable[None]]:
    """
    Return a check's act that ignores every cancellation until *release*.
    """

    async def ignores_cancellation(_run: Run) -> None:
        while not release.is_set():
            with contextlib.suppress(asyncio.CancelledError):
                await release.wait()

    return ignores_cancellation


@pytest.mark.parametrize(
    ("act", "status", "reason"),
    [
        pytest.param(passes, Status.PASSED, None, id="returns"),
        pytest.param(is_slow, Status.DEGRADED, Reason.SLOW, id="slower than its objective"),
        pytest.param(fails, Status.FAILED, Reason.NOT_FOUND, id="says no"),
        pytest.param(forever, Status.FAILED, Reason.TIMEOUT, id="never ends"),
        pytest.param(errs, Status.ERRORED, Reason.INTERNAL, id="cannot judge"),
        pytest.param(crashes, Status.ERRORED, Reason.INTERNAL, id="has a bug"),
        pytest.param(cancels_itself, Status.ERRORED, Reason.INTERNAL, id="cancels itself"),
        pytest.param(swallows_and_returns, Status.ERRORED, Reason.INTERNAL, id="swallows its cancellation"),
        pytest.param(swallows_and_complains, Status.ERRORED, Reason.INTERNAL, id="turns its cancellation into a no"),
    ],
)
async def test_an_outcome_says_how_the_run_ended(act, status, reason):  # type: ignore[no-untyped-def]
    engine = Engine()

    outcome = await engine.run(behaving(act))

    assert (outcome.status, outcome.reason) == (status, reason)
    assert engine.outcomes == [outcome]


async def test_an_outcome_holds_what_the_check_measured() -> None:
    async def measures(run: Run) -> None:
        async with run.step("first"):
            await asyncio.sleep(1)
            run.observe_phases({Phase.CONNECT: 0.2})
        async with run.step("second"):
            run.observe_phases({Phase.CONNECT: 0.3})
            raise CheckFailed(Reason.WRONG_ANSWER, "no", got=7)

    outcome = await Engine().run(behaving(measures))

    assert [(step.name, step.passed) for step in outcome.steps] == [("first", True), ("second", False)]
    assert outcome.steps[0].duration_seconds == pytest.approx(1.0)
    assert outcome.phases == {Phase.CONNECT: pytest.approx(0.5)}
    assert outcome.evidence == {"got": 7}


async def test_a_run_that_never_ends_is_over_within_a_second_of_its_deadline() -> None:
    async def hangs(run: Run) -> None:
        async with run.step("wait_for_the_event"):
            await forever(run)

    outcome = await Engine().run(behaving(hangs, timeout="3s"))

    assert 3.0 <= outcome.duration_seconds <= 4.0
    assert "'wait_for_the_event'" in outcome.message


async def test_a_stray_is_reported_and_its_check_quarantined_until_it_ends() -> None:
    release = asyncio.Event()
    engine = Engine()
    check = behaving(deaf_until(release), timeout="3s")
    stray = await engine.run(check)
    engine.runner.start(check, tick=1)
    release.set()
    await asyncio.sleep(1)
    engine.runner.start(check, tick=2)
    await asyncio.sleep(1)

    assert (stray.status, stray.duration_seconds <= 4.0) == (Status.ERRORED, True)
    assert [(outcome.tick, outcome.status) for outcome in engine.outcomes[1:]] == [
        (1, Status.MISSED),
        (2, Status.PASSED),
    ]
    assert "quarantined" in engine.outcomes[1].message


async def test_no_check_runs_twice_at_once() -> None:
    engine = Engine()
    check = behaving(forever, timeout="8s")

    engine.runner.start(check, tick=1)
    await asyncio.sleep(1)
    engine.runner.start(check, tick=2)
    await asyncio.sleep(20)

    assert [(outcome.tick, outcome.status) for outcome in engine.outcomes] == [(2, Status.MISSED), (1, Status.FAILED)]


async def test_at_most_the_configured_number_runs_at_once() -> None:
    now, most = 0, 0

    async def counts(_run: Run) -> None:
        nonlocal now, most
        now, most = now + 1, max(most, now + 1)
        await asyncio.sleep(1)
        now -= 1

    engine = Engine(concurrency=3)
    for number in range(9):
        engine.runner.start(behaving(counts, name=f"check-{number}"), tick=1)
    await asyncio.sleep(4)

    assert most == 3
    assert [outcome.status for outcome in engine.outcomes] == [Status.PASSED] * 9


async def test_a_tick_that_gets_no_slot_until_the_next_one_is_missed_and_its_check_keeps_its_place() -> None:
    engine = Engine(concurrency=1)
    waiting = behaving(passes, name="waiting")
    engine.runner.start(behaving(forever, name="hog", timeout="25s", every="30s"), tick=1)
    for tick in (1, 2, 3):
        engine.runner.start(waiting, tick=tick)
        await asyncio.sleep(10)

    assert [(outcome.tick, outcome.status) for outcome in engine.outcomes if outcome.check == "waiting"] == [
        (1, Status.MISSED),
        (2, Status.MISSED),
        (3, Status.PASSED),
    ]
    assert "every slot was taken" in engine.outcomes[0].message


async def test_a_check_in_quarantine_is_missed_also_when_a_person_asks() -> None:
    release = asyncio.Event()
    engine = Engine()
    check = behaving(deaf_until(release), timeout="1s")
    await engine.run(check)

    outcome = await engine.run(check)
    release.set()

    assert (outcome.status, outcome.tick) == (Status.MISSED, None)
    assert "quarantined" in outcome.message


async def test_a_broken_receiver_of_outcomes_keeps_no_run_from_its_clean_up() -> None:
    removed: list[str] = []

    async def remove(name: str) -> None:
        removed.append(name)

    async def creates(run: Run) -> None:
        run.clean_up(remove, "booking")

    def breaks(_check: object, _outcome: object) -> None:
        raise OSError("no space left on device")

    engine = Engine()
    engine.runner._recorder._on_outcome = breaks
    await engine.run(behaving(creates))

    assert removed == ["booking"]


async def test_a_check_cannot_end_the_process() -> None:
    async def leaves(_run: Run) -> None:
        raise SystemExit(3)

    outcome = await Engine().run(behaving(leaves))

    assert (outcome.status, outcome.reason) == (Status.ERRORED, Reason.INTERNAL)


async def test_a_message_is_one_line_of_at_most_200_characters() -> None:
    async def rambles(_run: Run) -> None:
        raise CheckFailed(Reason.WRONG_ANSWER, "no,\nno " * 100)

    outcome = await Engine().run(behaving(rambles))

    assert len(outcome.message) == 200
    assert "\n" not in outcome.message


async def test_a_check_that_blocked_the_loop_too_often_may_run_again_after_an_hour() -> None:
    stalls = Stalled("run:checked:0")
    engine = Engine(stalls=stalls)
    for _ in range(3):
        await engine.run(behaving(passes))
    quarantined = await engine.run(behaving(passes))
    await asyncio.sleep(3600)
    stalls.culprit = "run:another:0"
    free = await engine.run(behaving(passes))

    assert (quarantined.status, free.status) == (Status.MISSED, Status.ERRORED)


async def test_clean_up_runs_after_every_end_in_reverse_order_with_time_of_its_own() -> None:
    removed: list[tuple[str, float]] = []

    async def creates(run: Run) -> None:
        async def remove(name: str) -> None:
            removed.append((name, run.remaining_seconds()))

        async def refuses() -> None:
            raise CheckFailed(Reason.HTTP_STATUS, "500")

        run.clean_up(remove, "booking")
        run.clean_up(refuses)
        run.clean_up(remove, "message")
        await forever(run)

    outcome = await Engine().run(behaving(creates, timeout="3s"))

    assert outcome.reason is Reason.TIMEOUT
    assert [name for name, _ in removed] == ["message", "booking"]
    # Of five seconds for three: a third, and half of what the second left.
    assert [left for _, left in removed] == pytest.approx([5 / 3, 5.0])


async def test_clean_up_that_hangs_is_cut_off_after_its_budget() -> None:
    async def creates(run: Run) -> None:
        run.clean_up(forever, run)

    engine = Engine()
    started = engine.clock.monotonic()
    await engine.run(behaving(creates))

    assert engine.clock.monotonic() - started < 6.5


async def test_the_outcome_is_reported_before_the_clean_up() -> None:
    async def creates(run: Run) -> None:
        run.clean_up(asyncio.sleep, 3)

    engine = Engine()
    engine.runner.start(behaving(creates), tick=1)
    await asyncio.sleep(0.1)

    assert [outcome.status for outcome in engine.outcomes] == [Status.PASSED]


class Stalled:
    """
    A loop that stood still under the task called *culprit*.
    """

    def __init__(self, culprit: str) -> None:
        self.culprit = culprit

    def stall_since(self, started: float) -> Stall | None:
        return Stall(started=started, ended=started + 4.0, culprit=self.culprit, place="check.py:7 in run")


@pytest.mark.parametrize("act", [pytest.param(passes, id="passed"), pytest.param(fails, id="failed")])
async def test_what_overlapped_a_stall_is_errored_whatever_it_found(act) -> None:  # type: ignore[no-untyped-def]
    outcome = await Engine(stalls=Stalled("run:another:0")).run(behaving(act))

    assert (outcome.status, outcome.reason) == (Status.ERRORED, Reason.INTERNAL)
    assert "another" in outcome.message


async def test_a_check_that_keeps_blocking_the_loop_is_quarantined() -> None:
    engine = Engine(stalls=Stalled("run:checked:0"))
    check = behaving(passes)
    for tick in range(4):
        engine.runner.start(check, tick)
        await asyncio.sleep(1)

    assert [outcome.status for outcome in engine.outcomes] == [Status.ERRORED] * 3 + [Status.MISSED]
    assert "check.py:7" in engine.outcomes[0].message


async def test_stopping_starts_nothing_lets_runs_end_and_cancels_what_does_not() -> None:
    removed: list[str] = []

    async def remove(name: str) -> None:
        removed.append(name)

    async def never_ends(run: Run) -> None:
        run.clean_up(remove, "left by never-ends")
        await forever(run)

    engine = Engine()
    engine.runner.start(behaving(passes, name="short"), tick=1)
    engine.runner.start(behaving(never_ends, name="never-ends", timeout="9s"), tick=1)
    await asyncio.sleep(0.1)
    started = engine.clock.monotonic()
    stopping = asyncio.create_task(engine.runner.stop(patience_seconds=2.0))
    await asyncio.sleep(0.01)
    engine.runner.start(behaving(passes, name="too-late"), tick=1)
    await stopping

    assert engine.clock.monotonic() - started < 3.0
    assert [outcome.check for outcome in engine.outcomes] == ["short"]
    assert removed == ["left by never-ends"]


async def test_a_deadline_that_passes_while_stopping_is_a_verdict_all_the_same() -> None:
    engine = Engine()
    engine.runner.start(behaving(forever, timeout="2s"), tick=1)
    await asyncio.sleep(0.1)

    await engine.runner.stop(patience_seconds=5.0)

    assert [(outcome.status, outcome.reason) for outcome in engine.outcomes] == [(Status.FAILED, Reason.TIMEOUT)]


async def test_stopping_starts_nothing_that_waits_for_a_slot() -> None:
    engine = Engine(concurrency=1)
    engine.runner.start(behaving(passes, name="running"), tick=1)
    engine.runner.start(behaving(passes, name="waiting"), tick=1)
    await asyncio.sleep(0.1)

    await engine.runner.stop(patience_seconds=5.0)

    assert [outcome.check for outcome in engine.outcomes] == ["running"]


async def test_a_confirmation_runs_once_more_soon_and_without_a_tick() -> None:
    engine = Engine()
    check = behaving(fails)

    engine.runner.confirm(check, after_seconds=2.0)
    await asyncio.sleep(1.9)
    assert engine.outcomes == []
    await asyncio.sleep(0.2)

    assert [(each.status, each.tick) for each in engine.outcomes] == [(Status.FAILED, None)]


async def test_one_confirmation_takes_the_place_of_another() -> None:
    engine = Engine()

    for _ in range(5):
        engine.runner.confirm(behaving(passes), after_seconds=1.0)
    await asyncio.sleep(5.0)

    assert len(engine.outcomes) == 1


async def test_a_run_that_is_under_way_will_do_as_confirmation() -> None:
    engine = Engine()
    check = behaving(is_slow)
    engine.runner.confirm(check, after_seconds=1.0)
    await asyncio.sleep(0.5)

    engine.runner.start(check, 7)
    await asyncio.sleep(5.0)

    assert [each.tick for each in engine.outcomes] == [7]


async def test_a_confirmation_that_is_forgotten_or_comes_after_the_end_does_not_run() -> None:
    engine = Engine()
    engine.runner.confirm(behaving(passes), after_seconds=1.0)
    engine.runner.forget_confirmation("checked")
    engine.runner.confirm(behaving(passes, name="other"), after_seconds=1.0)

    await engine.runner.stop(patience_seconds=0.0)
    engine.runner.confirm(behaving(passes), after_seconds=0.1)
    await asyncio.sleep(5.0)

    assert engine.outcomes == []
