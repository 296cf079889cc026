"""
Replaces the process when its loop does not turn any more, deliberately, and without making things worse.

The check that held the loop is handed on to the new process, with every one before it, and does not run there for an
hour. A restart that blames no new check may not help at all, since the machine may merely be starved: the first comes
at once, the next not before five minutes, then ten, and so on. What is older than an hour is forgotten either way.
"""

import contextlib
import os
import signal
import sys
from collections.abc import Callable, Mapping, MutableMapping
from dataclasses import dataclass

import structlog

from monitor.core.clock import Clock, SystemClock
from monitor.signals import end_at_once
from monitor.watchdog import Stall, check_of

log = structlog.get_logger()

# The restarts so far, `<check>@<monotonic seconds>`, comma separated, oldest first; the check is empty when unknown.
# The monotonic clock is the machine's, not the process's: it goes on through a restart, and nobody can set it.
_RESTARTS = "_SYNTHETIC_BLOCKED_BY"
_MEMORY_SECONDS = 3600.0
_MEMORY_COUNT = 64
_FIRST_PAUSE_SECONDS = 300.0
_SAY_EVERY_SECONDS = 60.0


def _replace_process(environment: Mapping[str, str]) -> None:
    # The very command that started this process.
    os.execve(sys.executable, [sys.executable, *sys.orig_argv[1:]], environment)  # noqa: S606


class Restarts:
    """
    The restarts of the last hour, taken out of *environment* so that no child inherits them, and who makes the next.

    *stop_signal* says whether somebody asked this process to stop: then it ends instead. *replace* does not return.
    """

    def __init__(
        self,
        *,
        stop_signal: Callable[[], signal.Signals | None] = lambda: None,
        environment: MutableMapping[str, str] = os.environ,
        clock: Clock | None = None,
        replace: Callable[[Mapping[str, str]], None] = _replace_process,
    ) -> None:
        self._stop_signal = stop_signal
        self._environment = environment
        self._clock = clock or SystemClock()
        self._replace = replace
        self._past = _read(environment.pop(_RESTARTS, ""))
        self._said_at: float | None = None

    @property
    def blockers(self) -> Mapping[str, float]:
        """
        The checks that made a process restart within the hour, with the monotonic seconds when they did.
        """
        return {restart.check: restart.at for restart in self._recent() if restart.check}

    def forgive(self, name: str) -> None:
        """
        Hand the check called *name* on no longer: it was changed.
        """
        self._past = [restart for restart in self._past if restart.check != name]

    def at_limit(self, stall: Stall) -> None:
        """
        Replace this process by a new one, from the watchdog's thread: the loop does not turn and nothing else can.
        """
        # The new process would know nothing of the signal and run on.
        if number := self._stop_signal():
            end_at_once(number)
        check = self._new_blocker(stall)
        if not check and self._pause_seconds() > 0:
            self._say(stall)
            return
        self._past = [*self._recent(), _Restart(check=check, at=self._clock.monotonic())]
        log.error("process.restarting", check=check, place=stall.place, seconds=round(stall.silent_seconds, 1))
        # The line may have taken its time.
        if number := self._stop_signal():
            end_at_once(number)
        try:
            self._replace({**self._environment, _RESTARTS: ",".join(map(str, self._past[-_MEMORY_COUNT:]))})
        except OSError as error:
            # A program that was replaced on disk, say; the loop may still come back.
            log.error("process.restart_failed", error=str(error))

    def _new_blocker(self, stall: Stall) -> str:
        # Who held the loop for a moment of a long silence did not cause it.
        if stall.seconds < stall.silent_seconds / 2:
            return ""
        check = check_of(stall.culprit)
        # One that was handed on and blocks all the same is not kept from running by another restart.
        return "" if check in self.blockers else check

    def _pause_seconds(self) -> float:
        blind = [restart.at for restart in self._recent() if not restart.check]
        if not blind:
            return 0.0
        return float(blind[-1] + _FIRST_PAUSE_SECONDS * 2 ** (len(blind) - 1) - self._clock.monotonic())

    def _recent(self) -> list["_Restart"]:
        now = self._clock.monotonic()
        return [restart for restart in self._past if 0 <= now - restart.at < _MEMORY_SECONDS]

    def _say(self, stall: Stall) -> None:
        now = self._clock.monotonic()
        if self._said_at is None or now - self._said_at >= _SAY_EVERY_SECONDS:
            self._said_at = now
            seconds = round(stall.silent_seconds, 1)
            log.error("loop.stalled", seconds=seconds, culprit=stall.culprit, place=stall.place)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Restart:
    check: str
    at: float

    def __str__(self) -> str:
        return f"{self.check}@{self.at:.3f}"


def _read(handed_on: str) -> list[_Restart]:
    restarts = []
    for text in handed_on.split(","):
        check, _, at = text.rpartition("@")
        # Only this program writes it; whatever else stands there is no reason not to start.
        with contextlib.suppress(ValueError):
            restarts.append(_Restart(check=check, at=float(at)))
    return restarts[-_MEMORY_COUNT:]
