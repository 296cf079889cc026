"""
The two clocks of the program, behind one seam.

The wall clock says *when* (grid, time stamps, what other machines agree on) and may jump. The monotonic clock says
*how long* and never does. Nothing outside this module asks the operating system for the time.
"""

import time
from datetime import UTC, datetime
from typing import Protocol


class Clock(Protocol):
    """
    What the time is, for whoever schedules, measures or stamps.
    """

    def now(self) -> datetime:
        """
        The wall clock, as an aware UTC datetime.
        """

    def monotonic(self) -> float:
        """
        Seconds since an arbitrary point; only differences mean anything.
        """


class SystemClock:
    """
    The clocks of this machine.
    """

    def now(self) -> datetime:
        return datetime.now(UTC)

    def monotonic(self) -> float:
        return time.monotonic()
