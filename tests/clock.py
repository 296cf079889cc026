"""
A clock that tests move.
"""

import asyncio
from datetime import UTC, datetime, timedelta


class FakeClock:
    """
    Follows the time of the running loop, which looptime makes pass at once; ``jump`` sets the wall clock.

    The start is no multiple of any interval in use.
    """

    def __init__(self) -> None:
        self._wall = datetime(2026, 1, 23, 9, 33, 7, 250_000, tzinfo=UTC)
        self._stalled_seconds = 0.0

    def now(self) -> datetime:
        return self._wall + timedelta(seconds=self.monotonic())

    def monotonic(self) -> float:
        return asyncio.get_running_loop().time() + self._stalled_seconds

    def jump(self, seconds: float) -> None:
        """
        Set the wall clock forward (or back) by *seconds*; the monotonic clock does not move.
        """
        self._wall += timedelta(seconds=seconds)

    def stall(self, seconds: float) -> None:
        """
        Let both clocks move by *seconds* at once, as they have when a blocked loop gets to look again.
        """
        self._stalled_seconds += seconds
