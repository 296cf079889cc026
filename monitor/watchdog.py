"""
Finds stalls of the event loop, and whose they are.

The loop beats; a thread listens. Silence above the threshold is a stall: the thread asks which task holds the loop and
where, since the loop itself cannot. Above the limit the process must be restarted, deliberately, by the callback given.
What overlapped a stall proves nothing about the target (``runner.py`` asks).
"""

import asyncio
import sys
import threading
import time
import traceback
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

import structlog

log = structlog.get_logger()

# 0.25 s costs 0.07 % of a core (measured), and a stall is seen at most so much too early.
BEAT_SECONDS = 0.25
# A run that starts right after a stall may do so before the beat that ends it.
_TOLERANCE_SECONDS = 0.05


@dataclass(frozen=True, slots=True, kw_only=True)
class Stall:
    """
    A stretch in which the loop did not turn; times are monotonic seconds.

    *culprit* is the name of the task that held the loop, *place* the line it stood in; both empty when unknown.
    """

    started: float
    ended: float
    culprit: str = ""
    place: str = ""

    @property
    def seconds(self) -> float:
        return self.ended - self.started


class Watchdog:
    """
    Watches the running loop from a daemon thread.

    *on_lag* gets the lateness of every beat in seconds. *on_limit* is called from the thread when the loop has not
    turned for *limit_seconds* during which this thread did: a process stopped or suspended as a whole is no stall.
    """

    def __init__(
        self,
        *,
        threshold_seconds: float = 0.5,
        limit_seconds: float = 30.0,
        on_lag: Callable[[float], None] = lambda _: None,
        on_limit: Callable[[Stall], None] = lambda _: None,
    ) -> None:
        self._threshold_seconds = threshold_seconds
        self._limit_seconds = limit_seconds
        self._on_lag = on_lag
        self._on_limit = on_limit
        self._stalls: deque[Stall] = deque(maxlen=64)
        self._culprit = ""
        self._place = ""
        self._stopped = threading.Event()

    def start(self) -> None:
        """
        Begin to watch the running loop; call from within it.
        """
        self._loop = asyncio.get_running_loop()
        self._loop_thread = threading.get_ident()
        self._beaten_at = time.monotonic()
        self._timer = self._loop.call_later(BEAT_SECONDS, self._beat)
        threading.Thread(target=self._watch, name="watchdog", daemon=True).start()

    def stop(self) -> None:
        """
        Watch no longer.
        """
        self._stopped.set()
        self._timer.cancel()

    def stall_since(self, started: float) -> Stall | None:
        """
        Return the longest stall that overlapped the time from *started* (monotonic seconds) to now, if any.
        """
        stalls = [stall for stall in self._stalls if stall.ended - started > _TOLERANCE_SECONDS]
        # The run that blocked asks before the beat that is overdue.
        if self._lag() > self._threshold_seconds:
            stalls.append(self._stall())
        return max(stalls, key=lambda stall: stall.seconds, default=None)

    def _lag(self) -> float:
        return time.monotonic() - self._beaten_at - BEAT_SECONDS

    def _stall(self) -> Stall:
        return Stall(started=self._beaten_at, ended=time.monotonic(), culprit=self._culprit, place=self._place)

    def _beat(self) -> None:
        lag = self._lag()
        if lag > self._threshold_seconds:
            stall = self._stall()
            self._stalls.append(stall)
            log.error("loop.stalled", seconds=round(stall.seconds, 3), culprit=stall.culprit, place=stall.place)
        self._culprit = self._place = ""
        self._on_lag(max(0.0, lag))
        self._beaten_at = time.monotonic()
        self._timer = self._loop.call_later(BEAT_SECONDS, self._beat)

    def _watch(self) -> None:
        silent_beats = 0
        while not self._stopped.wait(BEAT_SECONDS):
            if self._lag() <= min(self._threshold_seconds, BEAT_SECONDS):
                silent_beats = 0
                continue
            silent_beats += 1
            if not self._culprit:
                self._find_culprit()
            if silent_beats * BEAT_SECONDS >= self._limit_seconds:
                self._on_limit(self._stall())
                silent_beats = 0

    def _find_culprit(self) -> None:
        task = asyncio.current_task(self._loop)
        frame = sys._current_frames().get(self._loop_thread)  # noqa: SLF001 - the documented way to see another thread
        if task is None or frame is None:
            return
        innermost = traceback.extract_stack(frame)[-1]
        self._place = f"{innermost.filename}:{innermost.lineno} in {innermost.name}"
        self._culprit = task.get_name()
