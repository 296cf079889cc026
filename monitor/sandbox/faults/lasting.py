"""
Faults that make callers wait until they are over, which may be a while after they were switched off.
"""

import asyncio
import time

from pydantic import Field, PrivateAttr

from monitor.sandbox.faults.fault import Fault, Sockets


class Lasting(Fault):
    """
    Knows when it is over: *recovery_seconds* after it was switched off, as a process needs to start again.
    """

    recovery_seconds: float = Field(
        default=0.0, ge=0.0, le=60.0, description="how long it goes on after it was switched off"
    )
    _switched_off: asyncio.Event = PrivateAttr(default_factory=asyncio.Event)
    _ends_at: float | None = PrivateAttr(default=None)

    def end(self, sockets: Sockets) -> None:  # noqa: ARG002 - a seam
        self._ends_at = time.monotonic() + self.recovery_seconds
        self._switched_off.set()

    def lingers(self) -> bool:
        return self._ends_at is not None and time.monotonic() < self._ends_at

    async def wait_until_over(self) -> None:
        """
        Return once the fault is over.
        """
        await self._switched_off.wait()
        if self._ends_at is not None:
            await asyncio.sleep(self._ends_at - time.monotonic())
