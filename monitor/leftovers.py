"""
What runs have left in the target because it could not be removed: tried again while this process lives.

An outage of a few seconds must not leave a canary for good. What is left when the process ends is found by its mark.
"""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass, replace

import structlog

from monitor.core.run import Run

log = structlog.get_logger()

CleanUp = Callable[[], Awaitable[object]]

_FIRST_PAUSE_SECONDS = 10.0
_LONGEST_PAUSE_SECONDS = 600.0
# Far more than a night's outage leaves; the oldest are given up beyond it.
_MOST = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class _Leftover:
    """
    What one run of *check* could not undo.
    """

    check: str
    run: Run
    clean_ups: tuple[CleanUp, ...]


class Leftovers:
    """
    Tries to undo what is left, all of it after a pause that doubles while nothing succeeds.

    *clean_up_seconds* is the budget of one run's share, as after the run itself.
    """

    def __init__(self, *, clean_up_seconds: float) -> None:
        self._clean_up_seconds = clean_up_seconds
        self._left: deque[_Leftover] = deque()
        self._under_way: _Leftover | None = None
        self._trying: asyncio.Task[None] | None = None

    def __len__(self) -> int:
        return len(self._left)

    def keep(self, *, check: str, run: Run, clean_ups: Iterable[CleanUp]) -> None:
        """
        Keep what *run* of *check* could not undo, to be tried again.
        """
        if len(self._left) >= _MOST:
            given_up = self._left.popleft()
            log.error("leftover.given_up", check=given_up.check, run_id=given_up.run.id, error="too many are left")
        self._left.append(_Leftover(check=check, run=run, clean_ups=tuple(clean_ups)))
        if self._trying is None or self._trying.done():
            self._trying = asyncio.create_task(self._try_on(), name="leftovers")

    def stop(self) -> None:
        """
        Try no more; say what stays.
        """
        if self._trying is not None:
            self._trying.cancel()
        for leftover in (*([self._under_way] if self._under_way else []), *self._left):
            log.error("leftover.given_up", check=leftover.check, run_id=leftover.run.id, error="the monitor ends")
        self._left.clear()

    async def _try_on(self) -> None:
        pause_seconds = _FIRST_PAUSE_SECONDS
        while self._left:
            await asyncio.sleep(pause_seconds)
            removed = await self._try_all()
            pause_seconds = _FIRST_PAUSE_SECONDS if removed else min(2 * pause_seconds, _LONGEST_PAUSE_SECONDS)

    async def _try_all(self) -> int:
        removed = 0
        for _ in range(len(self._left)):
            self._under_way = leftover = self._left.popleft()
            failed = await call_all(leftover.run, leftover.clean_ups, within_seconds=self._clean_up_seconds)
            self._under_way = None
            if failed:
                self._left.append(replace(leftover, clean_ups=tuple(clean_up for clean_up, _ in failed)))
            else:
                removed += 1
                log.info("leftover.removed", check=leftover.check, run_id=leftover.run.id)
        return removed


async def call_all(run: Run, clean_ups: Sequence[CleanUp], *, within_seconds: float) -> list[tuple[CleanUp, str]]:
    """
    Call *clean_ups* one after another; return those that failed, each with its error.

    Each has an equal share of the time that is left, so that one which hangs takes no other's.
    """
    failed: list[tuple[CleanUp, str]] = []
    loop = asyncio.get_running_loop()
    ends_at = loop.time() + within_seconds
    for number, clean_up in enumerate(clean_ups):
        share_seconds = (ends_at - loop.time()) / (len(clean_ups) - number)
        run.extend(share_seconds)
        try:
            async with asyncio.timeout(share_seconds):
                await clean_up()
        except Exception as error:  # noqa: BLE001 - one thing that cannot be removed must not keep the next
            failed.append((clean_up, str(error) or type(error).__name__))
    return failed
