"""
``monitor demo --incident NAME``: a script on the sandbox, watched by the daemon, in one process.
"""

import asyncio
import contextlib
import time
from collections.abc import Mapping

import click

from monitor.config import Settings, load_settings
from monitor.core.check import Check, Watch
from monitor.core.outcome import Outcome, Status
from monitor.core.redaction import Redactor, secrets_in
from monitor.daemon import Daemon
from monitor.demo import CONFIG, environment, web_variables
from monitor.incidents.book import News
from monitor.logs import configure_logs
from monitor.registry import load_registry
from monitor.replay import telling
from monitor.replay.trial import Trial
from monitor.sandbox.incidents.script import Act, Script
from monitor.sandbox.incidents.staging import stage
from monitor.sandbox.server import Sandbox

_RIGHT = {Status.PASSED, Status.DEGRADED}
# All checks once, at the same time, on a machine that is busy; the loop may stand still while modules are loaded.
_READY_SECONDS = 30.0
_ASK_AGAIN_SECONDS = 1.0
# For a person to read what was said, and for second looks that are under way: nobody mends anything within a second.
_PAUSE_SECONDS = 4.0
# Two minutes are short: those that see collections, permissions and events look more often than in the demo, and those
# that see sockets only look less often, so that all together stay below what a configuration may ask of Appwrite.
_EVERY = {
    "schema": "4s",
    "access": "12s",
    "notification-delivery": "15s",
    "booking-of-january": "15s",
    "booking-declined": "24s",
    "realtime-guest": "30s",
    "realtime-therapist": "60s",
    "site-origin": "60s",
}


async def run_replay(script: Script, *, port: int | None) -> int:
    """
    Play *script* to its end and tell it; return 0 when all went as expected, 1 when not, 130 after Ctrl-C.
    """
    async with Sandbox() as sandbox:
        settings = replay_settings(sandbox, port=port)
        redact = Redactor(secrets_in(settings))
        # A run that erred is part of the story, and told as an incident.
        configure_logs(level="critical", redact=redact)
        replay = _Replay(script, sandbox, settings, redact)
        return await replay.run()


def replay_settings(sandbox: Sandbox, *, port: int | None) -> Settings:
    """
    Return the configuration of the demo, at the pace of a replay.
    """
    pace = {f"MONITOR_CHECKS__{name.upper().replace('-', '_')}__EVERY": every for name, every in _EVERY.items()}
    return load_settings(CONFIG, load_registry(), environment(sandbox) | web_variables(port) | pace)


class _Replay:
    """
    One replay: the daemon, and the acts that are played before it.
    """

    def __init__(self, script: Script, sandbox: Sandbox, settings: Settings, redact: Redactor) -> None:
        self._script = script
        self._sandbox = sandbox
        self._checks: Mapping[str, Check] = settings.checks
        self._redact = redact
        self._trial = Trial()
        # The last word on each check that is not right; what has not been asked yet is not.
        self._not_right = dict.fromkeys(settings.checks, "has not been asked")
        self._heard = asyncio.Event()
        self._started = asyncio.Event()
        self._daemon = Daemon(
            settings, on_outcome=self._note, on_news=self._hear, on_started=lambda _: self._started.set()
        )

    async def run(self) -> int:
        self._daemon.heed_signals()
        playing = asyncio.create_task(self._play(), name="replay")
        try:
            code = await self._daemon.run()
        finally:
            playing.cancel()
            await asyncio.wait({playing})
        if playing.cancelled():
            self._say(f"\nstopped after {len(self._trial.courses)} of {len(self._script.acts)} acts had begun")
            return code or 1
        return playing.result()

    async def _play(self) -> int:
        began_at = time.monotonic()
        await self._started.wait()
        try:
            self._say(f"{self._script.name}: {self._script.summary}\n  metrics  {self._daemon.web.address}/metrics")
            if not await self._is_ready():
                return 1
            for act in self._script.acts:
                await self._perform(act)
            self._say(telling.ending_of(self._script, self._trial, took_seconds=time.monotonic() - began_at))
            return self._trial.exit_code
        finally:
            # Or whoever hangs in a fault would hang there until he is cut off.
            self._sandbox.faults.switch_all_off()
            self._daemon.stop()

    async def _is_ready(self) -> bool:
        """
        Return whether every check finds all well and nothing is open; who has not looked is not waited for, but asked.
        """
        checks = [check for check in self._checks.values() if not isinstance(check, Watch)]
        asking = [asyncio.create_task(self._ask(check), name=f"ask:{check.name}") for check in checks]
        try:
            async with asyncio.timeout(_READY_SECONDS):
                while self._not_right or not self._trial.is_quiet:
                    await self._next()
        except TimeoutError:
            pass
        finally:
            for each in asking:
                each.cancel()
        if self._not_right or not self._trial.is_quiet:
            name, message = next(iter(self._not_right.items()), ("an incident", "is open"))
            self._say(f"FAILED  before anything was broken: {name}: {message}")
            return False
        self._say(f"  all is well: {len(self._checks)} checks passed")
        return True

    async def _ask(self, check: Check) -> None:
        while check.name in self._not_right:
            await self._daemon.run_now(check)
            await asyncio.sleep(_ASK_AGAIN_SECONDS)

    async def _perform(self, act: Act) -> None:
        self._say(telling.beginning_of(len(self._trial.courses) + 1, act, of=len(self._script.acts)))
        course = self._trial.begin(act, at_seconds=time.monotonic())
        stage(act, self._sandbox.faults)
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(act.expectation.within_seconds):
                while not course.is_complete:
                    await self._next()
        self._say(*telling.end_of(course))
        await asyncio.sleep(_PAUSE_SECONDS)

    async def _next(self) -> None:
        self._heard.clear()
        await self._heard.wait()

    def _note(self, check: Check, outcome: Outcome) -> None:
        if outcome.status in _RIGHT:
            self._not_right.pop(check.name, None)
        elif check.name in self._not_right:
            self._not_right[check.name] = outcome.message
        self._heard.set()

    def _hear(self, news: News) -> None:
        heard = self._trial.hear(news, at_seconds=time.monotonic())
        if self._trial.courses:
            self._say(*telling.lines_of(news, self._trial.courses[-1], heard))
        self._heard.set()

    def _say(self, *lines: str) -> None:
        for line in lines:
            click.echo(self._redact(line))
