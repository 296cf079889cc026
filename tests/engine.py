"""
A runner on a fake clock, with checks that behave and checks that do not.
"""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

from monitor.core.check import Check
from monitor.core.clock import Clock
from monitor.core.outcome import Outcome
from monitor.core.run import Run, Surroundings
from monitor.core.target import Target
from monitor.core.transport import Session
from monitor.recorder import Stalls
from monitor.runner import Runner
from monitor.watchdog import Stall
from tests.clock import FakeClock

TARGET = Target(name="test", endpoint="http://127.0.0.1:1/v1", project="project", database="main")


class NoTransport:
    """
    For checks that talk to nobody.
    """

    def session(self, identity: str) -> Session:
        raise AssertionError(f"a check without a target asked for the session of {identity!r}")

    def at_close(self, closer: Callable[[], Awaitable[None]]) -> None:
        raise AssertionError("a check without a target keeps nothing")

    async def close(self) -> None:
        return


def surroundings(clock: Clock) -> Surroundings:
    """
    Return what runs that talk to nobody are given.
    """
    return Surroundings(target=TARGET, location="here", identities={}, transport=NoTransport(), clock=clock)


class NoStalls:
    """
    A loop that always turned.
    """

    def stall_since(self, started: float) -> Stall | None:
        return None


class Behaving(Check):
    """
    A check that does what a test tells it to.
    """

    act: Callable[[Run], Awaitable[None]]

    async def run(self, run: Run) -> None:
        await self.act(run)


def behaving(act: Callable[[Run], Awaitable[None]], **settings: Any) -> Behaving:
    return Behaving.model_validate({"name": "checked", "act": act, "every": "10s", "timeout": "5s", **settings})


@dataclass
class Engine:
    """
    A runner and what it reported.
    """

    clock: FakeClock = field(default_factory=FakeClock)
    stalls: Stalls = field(default_factory=NoStalls)
    concurrency: int = 50
    outcomes: list[Outcome] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.runner = Runner(
            surroundings(self.clock),
            stalls=self.stalls,
            on_outcome=lambda _, outcome: self.outcomes.append(outcome),
            concurrency=self.concurrency,
            clean_up_seconds=5.0,
        )

    async def run(self, check: Check) -> Outcome:
        """
        Run *check* once and return its outcome.
        """
        outcome = await self.runner.run_now(check)
        assert outcome is not None
        return outcome


async def forever(_run: Run) -> None:
    await asyncio.Event().wait()
