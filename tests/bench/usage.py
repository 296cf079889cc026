"""
The CPU time that processes have used.
"""

import sys
import time
from dataclasses import dataclass

import psutil


@dataclass(frozen=True, slots=True)
class Stopwatch:
    """
    User and system seconds of this process, all threads, and the seconds that passed, both since ``start``.
    """

    cpu: float
    wall: float

    @classmethod
    def start(cls) -> "Stopwatch":
        """
        Begin now.
        """
        return cls(time.process_time(), time.perf_counter())

    def cpu_seconds(self) -> float:
        """
        Return the CPU seconds used since the start.
        """
        return time.process_time() - self.cpu

    def wall_seconds(self) -> float:
        """
        Return the seconds passed since the start.
        """
        return time.perf_counter() - self.wall


def cpu_seconds_of(pid: int) -> float:
    """
    Return user and system seconds of another process, on Linux to the nanosecond, elsewhere in steps of some 10 ms.
    """
    if sys.platform == "linux":
        # The clock of a process, as clock_getcpuclockid(3) makes its number from that of the process.
        return time.clock_gettime(~pid << 3 | 2)
    times = psutil.Process(pid).cpu_times()
    return times.user + times.system
