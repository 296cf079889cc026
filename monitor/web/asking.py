"""
Runs that somebody asks for: by hand, or by ``/probe``.

A run goes through the runner like any other, and counts like any other: within the limits of requests and of runs at
once, and what it finds is news. One is under way for a check at a time, and not one after the other without a pause.
"""

import asyncio
import math
from collections import deque
from collections.abc import Callable, Coroutine
from typing import Any

from monitor.core.check import Check
from monitor.core.clock import Clock
from monitor.core.outcome import Outcome
from monitor.verdict import GRACE_SECONDS, LAST_WORD_SECONDS

# Between two starts for the same check, and of all checks within a minute.
PAUSE_SECONDS = 1.0
MOST_A_MINUTE = 300
# For a slot, and for room within the limits.
_TURN_SECONDS = 30.0


class UnderWayError(Exception):
    """
    A run that somebody asked for has not ended.
    """


class TooOftenError(Exception):
    """
    It was asked too often; in *seconds* it may be asked again.
    """

    def __init__(self, seconds: float) -> None:
        super().__init__(f"asked too often: again in {math.ceil(seconds)} s")
        self.seconds = max(1, math.ceil(seconds))


class StoppingError(Exception):
    """
    The daemon ends, or has not begun: nothing is started.
    """


class Asking:
    """
    Has *run_now* run what is asked for, unless *unready* says why not.
    """

    def __init__(
        self,
        run_now: Callable[[Check], Coroutine[Any, Any, Outcome | None]],
        clock: Clock,
        *,
        unready: Callable[[], str],
    ) -> None:
        self._run_now = run_now
        self._clock = clock
        self._unready = unready
        self._under_way: dict[str, asyncio.Task[Outcome | None]] = {}
        # Monotonic seconds: of the last minute, and by check.
        self._starts: deque[float] = deque(maxlen=MOST_A_MINUTE)
        self._started_at: dict[str, float] = {}

    def longest_seconds(self, check: Check, *, clean_up_seconds: float) -> float:
        """
        Return how long a run of *check* can take, with the wait for its turn and the cleaning up behind it.
        """
        return _TURN_SECONDS + check.timeout_seconds + LAST_WORD_SECONDS + 2 * GRACE_SECONDS + clean_up_seconds

    async def run(self, check: Check, *, within_seconds: float, joins: bool = False) -> Outcome | None:
        """
        Return the outcome of a run of *check* from now on; None when it does not end *within_seconds*, and goes on.

        One that *joins* takes that of the run that is under way. Otherwise raises ``UnderWayError``; raises
        ``TooOftenError`` when it may not begin yet and ``StoppingError`` when nothing begins any more.
        """
        task = self._under_way.get(check.name)
        if task is not None and not joins:
            raise UnderWayError
        if task is None:
            task = self._start(check)
        done, _ = await asyncio.wait({task}, timeout=within_seconds)
        if not done:
            return None
        outcome = task.result()
        if outcome is None:
            raise StoppingError("the daemon stops")
        return outcome

    def _start(self, check: Check) -> asyncio.Task[Outcome | None]:
        if obstacle := self._unready():
            raise StoppingError(obstacle)
        now = self._clock.monotonic()
        self._demand_pause(check.name, now)
        self._starts.append(now)
        self._started_at = {name: at for name, at in self._started_at.items() if now - at < PAUSE_SECONDS}
        self._started_at[check.name] = now
        task = asyncio.create_task(self._run_now(check), name=f"asked:{check.name}")
        self._under_way[check.name] = task
        task.add_done_callback(lambda _: self._under_way.pop(check.name, None))
        return task

    def _demand_pause(self, name: str, now: float) -> None:
        left = self._started_at.get(name, -math.inf) + PAUSE_SECONDS - now
        if len(self._starts) == MOST_A_MINUTE:
            left = max(left, self._starts[0] + 60.0 - now)
        if left > 0.0:
            raise TooOftenError(left)
