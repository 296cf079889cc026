"""
Decides when a check runs; knows nothing of kinds, runs or outcomes. The only module that knows APScheduler.

Every check has a fixed grid on the wall clock: phase + k x interval, the phase being a hash of its name. The number
*k* is the tick: it identifies a run here and on every other machine. Stock APScheduler 3.11 runs nothing after the
clock was set back and freezes for a minute when it was set 30 days forward, since it walks through every missed time;
the grid is O(1) however far the clock moved, and the guard puts every check back on it.
"""

import asyncio
import zlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Any

import structlog
from apscheduler.executors.base import BaseExecutor
from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.base import BaseTrigger

from monitor.core.check import Check
from monitor.core.clock import Clock

log = structlog.get_logger()

_GUARD_SECONDS = 0.5
# Below it a clock is being slewed, not set: ticks stay exact to that anyway.
_JUMP_SECONDS = 0.5
# An hour asleep on a check of 1 s would be 3,600 missed runs; more than these say nothing more.
_MISSED_TICKS_AT_MOST = 60


@dataclass(frozen=True, slots=True)
class Grid:
    """
    The points in time at which one check runs.

    Whole microseconds, as datetimes have them: with floats a point could come out before itself and never be passed.
    """

    interval_us: int
    phase_us: int

    @classmethod
    def of(cls, name: str, interval_seconds: float) -> "Grid":
        """
        Return the grid of the check called *name*: the same on every machine, and splayed without chance.
        """
        interval_us = round(interval_seconds * 1e6)
        return cls(interval_us, zlib.crc32(name.encode()) * interval_us >> 32)

    def tick_at(self, now: datetime) -> int:
        """
        Return the number of the last grid point that is not after *now*.
        """
        return (round(now.timestamp() * 1e6) - self.phase_us) // self.interval_us

    def seconds_of(self, tick: int) -> float:
        """
        Return the time of the grid point *tick*, in seconds of the wall clock.
        """
        return (self.phase_us + tick * self.interval_us) / 1e6


class Scheduler:
    """
    Calls ``on_tick(check, tick, lag_seconds)`` at every grid point of every check, on the running loop.

    Grid points that passed while the loop stood still go to ``on_missed(check, ticks)``; those that a jump of the wall
    clock skipped never were and go nowhere. *on_jump* gets the seconds by which the clock was set.
    """

    def __init__(
        self,
        clock: Clock,
        *,
        on_tick: Callable[[Check, int, float], None],
        on_missed: Callable[[Check, range], None],
        on_jump: Callable[[float], None] = lambda _: None,
    ) -> None:
        self._clock = clock
        self._on_tick = on_tick
        self._on_missed = on_missed
        self._on_jump = on_jump
        self._zone = _ClockZone(clock)
        self._last_ticks: dict[str, int] = {}
        self._offset = self._wall_minus_monotonic()
        self._guard: asyncio.TimerHandle | None = None
        self._scheduler = AsyncIOScheduler(
            timezone=self._zone,
            executors={"default": _DirectExecutor()},
            # Without a grace time nothing is dropped by APScheduler: what is missed, we say.
            job_defaults={"misfire_grace_time": None, "coalesce": True, "max_instances": 1},
        )

    def add(self, checks: Iterable[Check]) -> None:
        """
        Put *checks* on their grids; before or after the start.
        """
        for check in checks:
            grid = Grid.of(check.name, check.every_seconds)
            # The ticks of another interval count on another grid.
            self._last_ticks.pop(check.name, None)
            self._scheduler.add_job(
                self._fire, _GridTrigger(grid, self._zone), args=(check, grid), id=check.name, replace_existing=True
            )

    def remove(self, name: str) -> None:
        """
        Take the check called *name* off its grid.
        """
        self._scheduler.remove_job(name)
        self._last_ticks.pop(name, None)

    def start(self) -> None:
        """
        Begin on the running loop.
        """
        self._scheduler.start()
        self._watch_clock()

    def stop(self) -> None:
        """
        Call nobody any more.
        """
        if self._guard:
            self._guard.cancel()
        if self._scheduler.running:
            self._scheduler.shutdown(wait=False)

    @property
    def running(self) -> bool:
        """
        Whether grid points are being called.
        """
        return bool(self._scheduler.running)

    def _fire(self, check: Check, grid: Grid) -> None:
        if self._jump() != 0.0:
            # This moment is on the grid of a clock that is gone; the guard finds the new grid within half a second.
            return
        now = self._clock.now()
        tick = grid.tick_at(now)
        last = self._last_ticks.get(check.name)
        self._last_ticks[check.name] = tick
        if last is not None and tick - last > 1:
            self._on_missed(check, range(max(last + 1, tick - _MISSED_TICKS_AT_MOST), tick))
        self._on_tick(check, tick, now.timestamp() - grid.seconds_of(tick))

    def _wall_minus_monotonic(self) -> float:
        return self._clock.now().timestamp() - self._clock.monotonic()

    def _jump(self) -> float:
        moved = self._wall_minus_monotonic() - self._offset
        return moved if abs(moved) > _JUMP_SECONDS else 0.0

    def _watch_clock(self) -> None:
        if jump := self._jump():
            log.warning("clock.jumped", seconds=round(jump, 3))
            self._on_jump(jump)
            self._return_to_grid()
        self._offset = self._wall_minus_monotonic()
        self._guard = asyncio.get_running_loop().call_later(_GUARD_SECONDS, self._watch_clock)

    def _return_to_grid(self) -> None:
        self._last_ticks.clear()
        now = datetime.now(self._zone)
        # Paused, or every single change would wake the scheduler up.
        self._scheduler.pause()
        for job in self._scheduler.get_jobs():
            job.modify(next_run_time=job.trigger.get_next_fire_time(None, now))
        self._scheduler.resume()


class _GridTrigger(BaseTrigger):  # type: ignore[misc] # APScheduler is untyped
    """
    The next point of a grid, whatever happened since the last.
    """

    def __init__(self, grid: Grid, zone: tzinfo) -> None:
        self._grid = grid
        self._zone = zone

    def get_next_fire_time(self, previous_fire_time: datetime | None, now: datetime) -> datetime:
        reference = max(now, previous_fire_time) if previous_fire_time else now
        seconds = self._grid.seconds_of(self._grid.tick_at(reference) + 1)
        # Not fromtimestamp(…, zone): that would ask the zone, which answers with the present.
        return datetime.fromtimestamp(seconds, UTC).replace(tzinfo=self._zone)


class _DirectExecutor(BaseExecutor):  # type: ignore[misc] # APScheduler is untyped
    """
    Calls the job on the loop, at once; it only starts something and never raises, waits or blocks.
    """

    def _do_submit_job(self, job: Any, run_times: list[datetime]) -> None:  # noqa: ARG002 - APScheduler's signature
        job.func(*job.args)
        self._run_job_success(job.id, [])


class _ClockZone(tzinfo):
    """
    UTC as our clock has it: the seam through which APScheduler, which asks ``datetime.now(zone)``, gets the time.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock

    def fromutc(self, dt: datetime) -> datetime:  # noqa: ARG002 - tzinfo's signature
        return self._clock.now().replace(tzinfo=self)

    def utcoffset(self, dt: datetime | None) -> timedelta:  # noqa: ARG002 - tzinfo's signature
        return timedelta(0)

    def dst(self, dt: datetime | None) -> timedelta:  # noqa: ARG002 - tzinfo's signature
        return timedelta(0)

    def tzname(self, dt: datetime | None) -> str:  # noqa: ARG002 - tzinfo's signature
        return "UTC"
