import json
import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from monitor.restart import Restarts
from monitor.watchdog import Stall

MINUTE = 60.0
# Each life blocks the loop in the first check that was not handed on to it, and the last one tells.
REPLACED = """
import asyncio, json, os, sys, time
from monitor.core.clock import SystemClock
from monitor.restart import Restarts
from monitor.watchdog import Watchdog

async def block():
    time.sleep(30)

async def main():
    inherited = len(os.environ.get("_SYNTHETIC_BLOCKED_BY", "").split(",")) - 1
    restarts = Restarts()
    free = [name for name in ("first", "second") if name not in restarts.blockers]
    if not free:
        print(json.dumps([os.getpid(), sorted(restarts.blockers), inherited, "_SYNTHETIC_BLOCKED_BY" in os.environ]))
        return
    Watchdog(threshold_seconds=0.2, limit_seconds=0.5, on_limit=restarts.at_limit).start()
    await asyncio.create_task(block(), name=f"run:{free[0]}:1")

asyncio.run(main())
"""


class SetClock:
    """
    A clock without a loop: the tests say what the time is.
    """

    def __init__(self) -> None:
        self.seconds = 10_000.0

    def monotonic(self) -> float:
        return self.seconds

    def now(self) -> datetime:
        return datetime.fromtimestamp(self.seconds, UTC)


@dataclass
class Lives:
    """
    One process after the other: what each hands on is the environment of the next.
    """

    clock: SetClock = field(default_factory=SetClock)
    environment: dict[str, str] = field(default_factory=lambda: {"PATH": "/bin"})
    count: int = 0

    def __post_init__(self) -> None:
        self._live()

    def _live(self) -> None:
        self.restarts = Restarts(environment=self.environment, clock=self.clock, replace=self._replace)

    def _replace(self, environment: Mapping[str, str]) -> None:
        self.count += 1
        self.environment = dict(environment)
        self._live()

    def stall(self, culprit: str, *, held_seconds: float | None = None, after: float = 0.0) -> None:
        self.clock.seconds += after
        ended = self.clock.seconds
        self.restarts.at_limit(
            Stall(
                started=ended - 30, ended=ended, culprit=culprit, place="check.py:7 in run", held_seconds=held_seconds
            )
        )

    def starve(self, *, seconds: float) -> None:
        for _ in range(int(seconds / 30)):
            self.stall("", after=30.0)


def test_every_blocker_is_handed_on_so_that_two_cannot_take_turns() -> None:
    lives = Lives()

    lives.stall("run:first:1", held_seconds=29.0)
    lives.stall("clean_up:second:2/Task-7", held_seconds=29.0, after=MINUTE)

    assert set(lives.restarts.blockers) == {"first", "second"}
    assert lives.environment == {"PATH": "/bin"}, "taken out, so that no child inherits it"


def test_a_blocker_gets_another_chance_after_an_hour() -> None:
    lives = Lives()

    lives.stall("run:first:1", held_seconds=29.0)
    lives.stall("run:second:1", held_seconds=29.0, after=40 * MINUTE)
    lives.clock.seconds += 30 * MINUTE

    assert lives.restarts.blockers == {"second": pytest.approx(lives.clock.seconds - 30 * MINUTE)}


def test_a_blocker_that_was_changed_is_handed_on_no_longer() -> None:
    lives = Lives()

    lives.stall("run:first:1", held_seconds=29.0)
    lives.restarts.forgive("first")
    lives.stall("run:second:1", held_seconds=29.0)

    assert set(lives.restarts.blockers) == {"second"}


@pytest.mark.parametrize(
    ("seconds", "restarts"),
    [
        pytest.param(30, 1, id="the first at once"),
        pytest.param(5 * MINUTE, 1, id="within 5 minutes no other"),
        pytest.param(6 * MINUTE, 2, id="after 5 minutes"),
        pytest.param(14 * MINUTE, 2, id="then not within 10"),
        pytest.param(60 * MINUTE, 4, id="an hour"),
        pytest.param(24 * 60 * MINUTE, 75, id="a day: once in about 20 minutes"),
    ],
)
def test_a_starved_machine_is_not_made_worse_by_restarts(seconds: float, restarts: int) -> None:
    lives = Lives()

    lives.starve(seconds=seconds)

    assert lives.count <= restarts
    assert lives.count == restarts or seconds > 60 * MINUTE


def test_a_stall_without_a_restart_is_logged_once_a_minute() -> None:
    lives = Lives()
    lives.stall("")

    with capture_logs() as lines:
        lives.starve(seconds=3 * MINUTE)

    assert [line["event"] for line in lines] == ["loop.stalled"] * 3


@pytest.mark.parametrize(
    ("culprit", "held_seconds"),
    [
        pytest.param("", None, id="nobody seen"),
        pytest.param("keep_configuration", 29.0, id="no check"),
        pytest.param("run:bystander:1", 1.0, id="a check that held it for a moment"),
        pytest.param("run:first:1", 29.0, id="a check that was handed on already"),
    ],
)
def test_a_restart_that_blames_no_new_check_has_to_wait(culprit: str, held_seconds: float | None) -> None:
    lives = Lives()
    lives.stall("run:first:1", held_seconds=29.0)

    for _ in range(4):
        lives.stall(culprit, held_seconds=held_seconds, after=MINUTE)

    assert lives.count == 2
    assert set(lives.restarts.blockers) == {"first"}


def test_what_is_handed_on_is_bounded() -> None:
    lives = Lives()

    for number in range(500):
        lives.stall(f"run:{number:063d}:1", held_seconds=29.0)

    assert len(lives.restarts.blockers) == 64
    assert f"{499:063d}" in lives.restarts.blockers


@pytest.mark.parametrize("handed_on", ["", ",", "a", "@", "a@b", "a@nan", "a@inf", "a@1@", "a@99999999"])
def test_what_cannot_be_read_or_lies_in_the_future_blames_nobody(handed_on: str) -> None:
    lives = Lives(environment={"_SYNTHETIC_BLOCKED_BY": handed_on})

    assert lives.restarts.blockers == {}


def test_a_restart_that_fails_is_logged_and_the_old_process_goes_on() -> None:
    def fail(_environment: Mapping[str, str]) -> None:
        raise FileNotFoundError("no such interpreter")

    restarts = Restarts(environment={}, clock=SetClock(), replace=fail)
    with capture_logs() as lines:
        restarts.at_limit(Stall(started=0.0, ended=30.0))

    assert [line["event"] for line in lines] == ["process.restarting", "process.restart_failed"]


@pytest.mark.slow
def test_a_process_is_replaced_without_any_of_its_blockers(tmp_path: Path) -> None:
    script = tmp_path / "replaced.py"
    script.write_text(REPLACED)

    process = subprocess.Popen(
        [sys.executable, str(script)],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[1])},
    )
    out, _ = process.communicate(timeout=60)

    assert process.returncode == 0
    assert json.loads(out.splitlines()[-1]) == [process.pid, ["first", "second"], 1, False]
