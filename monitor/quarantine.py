"""
Keeps a check from running while it would harm the others.

A check is in quarantine while a run of it ignores its cancellation and has not ended, and for an hour after it blocked
the event loop for the third time within one.
"""

import asyncio
from collections import deque
from collections.abc import Mapping

import structlog

from monitor.core.clock import Clock

log = structlog.get_logger()

_BLOCKS = 3
_MEMORY_SECONDS = 3600.0


class Quarantine:
    """
    Who may not run, and why. *blockers* made a process before this one restart itself, at these monotonic seconds.
    """

    def __init__(self, clock: Clock, blockers: Mapping[str, float]) -> None:
        self._clock = clock
        self._strays: dict[str, asyncio.Task[None]] = {}
        self._blocks: dict[str, deque[float]] = {
            name: deque([at] * _BLOCKS, maxlen=_BLOCKS) for name, at in blockers.items()
        }

    @property
    def has_strays(self) -> bool:
        """
        Whether some task has outlived its cancellation.
        """
        return bool(self._strays)

    def obstacle(self, name: str) -> str:
        """
        Return why the check called *name* may not run; nothing if it may.
        """
        if name in self._strays:
            return "quarantined, since an earlier run ignores its cancellation and has not ended"
        if self._blocks_too_often(name):
            return f"quarantined, since it blocked the event loop {_BLOCKS} times within an hour: mend the check"
        return ""

    def hold_stray(self, name: str, body: asyncio.Task[None]) -> None:
        """
        Keep the check called *name* from running until *body* has ended.
        """
        self._strays[name] = body
        log.error("check.quarantined", check=name, error="a run ignores its cancellation")
        body.add_done_callback(lambda stray: self._release_stray(name, stray))

    def note_block(self, name: str) -> None:
        """
        Remember that the check called *name* has just blocked the loop.
        """
        self._blocks.setdefault(name, deque(maxlen=_BLOCKS)).append(self._clock.monotonic())
        if self._blocks_too_often(name):
            log.error("check.quarantined", check=name, error=f"it blocked the event loop {_BLOCKS} times")

    def forgive(self, name: str) -> None:
        """
        Forget that the check called *name* blocked the loop, since it was changed.
        """
        self._blocks.pop(name, None)

    def _blocks_too_often(self, name: str) -> bool:
        blocks = self._blocks.get(name)
        if blocks is None or len(blocks) < _BLOCKS:
            return False
        return self._clock.monotonic() - blocks[0] < _MEMORY_SECONDS

    def _release_stray(self, name: str, stray: asyncio.Task[None]) -> None:
        if self._strays.get(name) is stray:
            del self._strays[name]
            log.info("check.released", check=name)
        if not stray.cancelled():
            stray.exception()  # asked for, so that asyncio does not report it as lost
