"""
One round: every check of the demo's configuration once against one sandbox, and what each found.
"""

import asyncio
from collections.abc import AsyncIterator, Iterable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace

from monitor import demo
from monitor.app import leftovers_of, store_of, surroundings_of
from monitor.appwrite.transport import AiohttpTransport
from monitor.config import Settings, load_settings
from monitor.core.budget import UNLIMITED
from monitor.core.check import Check, Watch
from monitor.core.clock import SystemClock
from monitor.core.outcome import Outcome, Status
from monitor.registry import load_registry
from monitor.runner import Runner
from monitor.sandbox.command import read_faults
from monitor.sandbox.server import Sandbox
from tests.engine import NoStalls

# Most of a round is waiting.
_AT_ONCE = 4
_WRONG = {Status.FAILED, Status.ERRORED}
# What a watch takes at most to see what happened to its socket: an interval of pings, and a wait for the pong.
_WATCH_SECONDS = 6.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Variant:
    """
    A version of the server, and the family of calls that it is spoken to in.
    """

    profile: str = "1.9"
    api: str = "collections"

    def __str__(self) -> str:
        return f"{self.profile}-{self.api}"


VARIANTS = tuple(Variant(profile=profile, api=api) for profile in ("1.9", "1.8") for api in ("collections", "tables"))


def verdict(outcome: Outcome) -> str:
    """
    Return ``passed``, ``failed: no_event`` and the like; of a journey that failed also ``in`` which step.
    """
    if outcome.reason is None or outcome.status is Status.ERRORED:
        return outcome.status.value
    step = outcome.evidence.get("step")
    return f"{outcome.status.value}: {outcome.reason.value}" + (f" in {step}" if step else "")


class Rounds:
    """
    A sandbox, and the checks that look at it; *latest* holds the last outcome of each.
    """

    def __init__(self, sandbox: Sandbox, settings: Settings) -> None:
        self.sandbox = sandbox
        self.checks = settings.checks
        self.latest: dict[str, Outcome] = {}
        self._told = asyncio.Event()

    @property
    def watches(self) -> dict[str, Check]:
        """
        The checks that observe without end.
        """
        return {name: check for name, check in self.checks.items() if isinstance(check, Watch)}

    def note(self, check: Check, outcome: Outcome) -> None:
        """
        Keep *outcome* in the place of the one before; of a watch, the first that was not right stays.
        """
        before = self.latest.get(check.name)
        if not (isinstance(check, Watch) and before and before.status in _WRONG):
            self.latest[check.name] = outcome
        self._told.set()

    async def run(self, runner: Runner) -> Mapping[str, Outcome]:
        """
        Run every check that can be run once, all at the same time, and return what each found.
        """
        runs = [runner.run_now(check) for name, check in self.checks.items() if name not in self.watches]
        outcomes = await asyncio.gather(*runs)
        return {outcome.check: outcome for outcome in outcomes if outcome is not None}

    async def until_watches(self, statuses: set[Status], *, within_seconds: float) -> None:
        """
        Wait until every watch has one of *statuses*, but no longer than that.
        """
        try:
            async with asyncio.timeout(within_seconds):
                while not all(name in self.latest and self.latest[name].status in statuses for name in self.watches):
                    self._told.clear()
                    await self._told.wait()
        except TimeoutError:
            return


@asynccontextmanager
async def rounds(variant: Variant) -> AsyncIterator[tuple[Rounds, Runner]]:
    """
    Start a sandbox and the watches on it; without the budget of requests, which rounds without a pause would spend.
    """
    async with Sandbox(profile=variant.profile) as sandbox:
        environ = demo.environment(sandbox) | {"MONITOR_TARGET__API": variant.api}
        settings = load_settings(demo.CONFIG, load_registry(), environ)
        here = Rounds(sandbox, settings)
        clock = SystemClock()
        async with (
            store_of(settings) as store,
            leftovers_of(settings, clock, store) as leftovers,
            surroundings_of(settings, clock, leftovers) as surroundings,
        ):
            transport = AiohttpTransport(user_agent="monitor/matrix", budget=None)
            unlimited = replace(surroundings, transport=transport, budget=UNLIMITED)
            runner = Runner(unlimited, stalls=NoStalls(), on_outcome=here.note)
            runner.watch(settings.checks.values())
            await here.until_watches({Status.PASSED}, within_seconds=_WATCH_SECONDS)
            try:
                yield here, runner
            finally:
                # Or whoever hangs in a fault would hang there for ever.
                here.sandbox.faults.switch_all_off()
                await runner.stop(patience_seconds=0.0)
                await transport.close()


async def found(phrase: str, variant: Variant) -> dict[str, str]:
    """
    Return what each check finds while the fault *phrase* (none, if empty) is on, from the moment when all was well.
    """
    async with rounds(variant) as (here, runner):
        for name, parameters in read_faults((phrase,) if phrase else ()).items():
            here.sandbox.faults.switch_on(name, **parameters)
        waiting = asyncio.create_task(here.until_watches(_WRONG, within_seconds=_WATCH_SECONDS))
        outcomes = await here.run(runner)
        await waiting
        return {name: verdict(outcome) for name, outcome in {**here.latest, **outcomes}.items()}


async def found_all(phrases: Iterable[str], variant: Variant) -> dict[str, dict[str, str]]:
    """
    Return what each check finds under each fault, a few faults at a time, each in a sandbox of its own.
    """
    places = asyncio.Semaphore(_AT_ONCE)

    async def found_in_turn(phrase: str) -> tuple[str, dict[str, str]]:
        async with places:
            return phrase, await found(phrase, variant)

    return dict(await asyncio.gather(*map(found_in_turn, phrases)))
