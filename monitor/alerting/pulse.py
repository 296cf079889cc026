"""
The pulse of the daemon, for whoever is to notice that it stops: a dead man's switch outside of this machine.

It beats only while the scheduler turns and checks really finish; otherwise nothing is sent, and the silence is the
alarm. When checks finish and none can be judged, or what they found does not reach its sinks, it says so (``/fail``).
"""

import asyncio
import uuid
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Protocol

import structlog

from monitor.core.check import Check
from monitor.core.clock import Clock
from monitor.core.outcome import Outcome, Status
from monitor.sinks.base import ATTEMPT_SECONDS, Answer, Result

log = structlog.get_logger()

# Since every check has its own interval: twice the shortest, and its timeout, is when one should have finished.
_INTERVALS = 2.0
# How long a sink may take nothing before somebody hears of it another way.
STUCK_SECONDS = 300.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Beat:
    """
    One beat; *failed* says what is wrong with the monitor, empty when nothing is.
    """

    run_id: str
    failed: str
    every_seconds: float


class Listener(Protocol):
    """
    Who is sent the beats.
    """

    name: str
    every_seconds: float

    async def hear(self, beat: Beat) -> Answer:
        """
        Send *beat*, once.
        """

    async def close(self) -> None:
        """
        Let go of connections.
        """


class Pulse:
    """
    Notes what proves life, and beats.

    *is_turning* says whether the scheduler does; *stuck* what is wrong with the way of events to their sinks.
    """

    def __init__(
        self,
        clock: Clock,
        *,
        is_turning: Callable[[], bool],
        stuck: Callable[[], str],
        on_beat: Callable[[str, Result], None] = lambda _name, _result: None,
    ) -> None:
        self._clock = clock
        self._is_turning = is_turning
        self._stuck = stuck
        self._on_beat = on_beat
        self._window_seconds = 60.0
        self._finished_at: float | None = None
        self._judged_at: float | None = None
        self._last_error = ""
        # Since the last beat.
        self._finished = self._missed = 0
        self._beating: list[asyncio.Task[None]] = []
        self._listeners: tuple[Listener, ...] = ()

    def expect(self, checks: Iterable[Check]) -> None:
        """
        Go by the intervals of *checks* from here on.
        """
        windows = [_INTERVALS * check.every_seconds + check.timeout_seconds for check in checks]
        self._window_seconds = min(windows, default=60.0)

    def note(self, outcome: Outcome) -> None:
        """
        Note that a run has ended.
        """
        if outcome.status is Status.MISSED:
            self._missed += 1
            return
        self._finished += 1
        self._finished_at = self._clock.monotonic()
        # The first one to end may be one that cannot be judged, among many that can.
        if outcome.status.is_verdict or self._judged_at is None:
            self._judged_at = self._finished_at
        if outcome.status is Status.ERRORED:
            self._last_error = outcome.message

    async def send_to(self, listeners: Iterable[Listener]) -> None:
        """
        Send beats to *listeners* from here on, and to nobody else.
        """
        await self.end()
        self._listeners = tuple(listeners)
        self._beating = [
            asyncio.create_task(self._keep_beating(each), name=f"pulse:{each.name}") for each in self._listeners
        ]

    async def end(self) -> None:
        """
        Beat no more.
        """
        for task in self._beating:
            task.cancel()
        if self._beating:
            await asyncio.wait(self._beating)
        for listener in self._listeners:
            await listener.close()
        self._beating, self._listeners = [], ()

    def beat(self, every_seconds: float) -> Beat | None:
        """
        Return the beat that is due now; None when there is no sign of life.
        """
        now = self._clock.monotonic()
        window_seconds = max(every_seconds, self._window_seconds)
        if not self._is_turning() or self._finished_at is None or now - self._finished_at > window_seconds:
            return None
        is_blind = self._judged_at is None or now - self._judged_at > window_seconds
        failed = f"no check can be judged: {self._last_error}" if is_blind else self._stuck()
        if not failed and self._missed > self._finished:
            failed = (
                f"{self._missed} runs could not start, and {self._finished} have ended: see run.finished in the log"
            )
        return Beat(run_id=str(uuid.uuid4()), failed=failed, every_seconds=every_seconds)

    async def _keep_beating(self, listener: Listener) -> None:
        while True:
            beat = self.beat(listener.every_seconds)
            # Right after the start nothing has finished yet: a quiet second, not a quiet minute.
            seconds = listener.every_seconds if beat or self._finished_at else min(1.0, listener.every_seconds)
            if beat is not None:
                self._finished = self._missed = 0
                answer = await _guarded(listener, beat)
                self._on_beat(listener.name, answer.result)
                if answer.result is not Result.DELIVERED:
                    log.warning("beat.failed", sink=listener.name, error=answer.why)
            elif self._finished_at is not None:
                log.error("beat.withheld", sink=listener.name, error="no check has finished, or the scheduler stands")
            await asyncio.sleep(seconds)


async def _guarded(listener: Listener, beat: Beat) -> Answer:
    try:
        async with asyncio.timeout(ATTEMPT_SECONDS + 1.0):
            return await listener.hear(beat)
    except TimeoutError:
        return Answer(result=Result.RETRY, why="no end of the attempt")
    except Exception:  # a bug in one listener must not end its pulse
        log.exception("sink.crashed", sink=listener.name)
        return Answer(result=Result.RETRY, why="a bug in the sink: see the log")
