"""
Finds stalls of the event loop, and whose they are.

The loop beats; a thread listens. Silence above the threshold is a stall. While it lasts the thread looks, again and
again, which task holds the loop and where, since the loop itself cannot. One look proves nothing: many short steps add
up to a stall too, and any of them may be under way. A task is named only when every look over at least the threshold
found it; else nobody is. Above the limit the process must be restarted, deliberately, by the callback given.
What overlapped a stall proves nothing about the target (``runner.py`` asks).

C code that keeps the GIL stops the thread as well: such a stall is seen once it is over, and is nobody's.
"""

import asyncio
import sys
import threading
import time
from collections import deque
from collections.abc import Callable, Coroutine, Generator
from dataclasses import dataclass
from typing import Any, TypeVar

import structlog

log = structlog.get_logger()

T = TypeVar("T")

# 0.25 s costs 0.07 % of a core (measured), and a stall is seen at most so much too early.
BEAT_SECONDS = 0.25
# How often the thread looks while a beat is overdue.
LOOK_SECONDS = 0.1
# A beat so late is overdue; a run that starts right after a stall may do so before the beat that ends it.
_TOLERANCE_SECONDS = 0.05


@dataclass(frozen=True, slots=True, kw_only=True)
class Stall:
    """
    A stretch in which the loop did not turn; times are monotonic seconds.

    *culprit* is the name of the task that held the loop, *place* the line it stood in, *held_seconds* how long it was
    seen to; all empty when nobody can be blamed.
    """

    started: float
    ended: float
    culprit: str = ""
    place: str = ""
    held_seconds: float | None = None

    @property
    def seconds(self) -> float:
        """
        How long the culprit held the loop; without one, how long the loop did not turn.
        """
        return self.silent_seconds if self.held_seconds is None else self.held_seconds

    @property
    def silent_seconds(self) -> float:
        """
        How long the loop did not turn, whoever held it.
        """
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
        self._silence = _Silence(since=0.0)
        self._stopped = threading.Event()

    def start(self) -> None:
        """
        Begin to watch the running loop; call from within it.

        From here on the tasks that a check creates are known as its own.
        """
        self._loop = asyncio.get_running_loop()
        self._loop_thread = threading.get_ident()
        if self._loop.get_task_factory() is None:
            self._loop.set_task_factory(_create_task)
        self._beaten_at = time.monotonic()
        self._timer = self._loop.call_later(BEAT_SECONDS, self._beat)
        threading.Thread(target=self._watch, name="watchdog", daemon=True).start()

    def stop(self) -> None:
        """
        Watch no longer.
        """
        self._stopped.set()
        self._timer.cancel()
        if self._loop.get_task_factory() is _create_task:
            self._loop.set_task_factory(None)

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
        started, ended = self._beaten_at, time.monotonic()
        holder = self._silence.longest
        # What was seen belongs to this silence only if no beat came in between.
        seen = self._silence.since == started and holder.seen_seconds >= self._threshold_seconds
        if not seen or holder.task is None:
            return Stall(started=started, ended=ended)
        return Stall(
            started=started,
            ended=ended,
            culprit=_full_name(holder.task),
            place=holder.place,
            held_seconds=min(ended - started, holder.seen_seconds + LOOK_SECONDS),
        )

    def _beat(self) -> None:
        lag = self._lag()
        if lag > self._threshold_seconds:
            stall = self._stall()
            self._stalls.append(stall)
            log.error("loop.stalled", seconds=round(stall.seconds, 3), culprit=stall.culprit, place=stall.place)
        self._on_lag(max(0.0, lag))
        self._beaten_at = time.monotonic()
        self._timer = self._loop.call_later(BEAT_SECONDS, self._beat)

    def _watch(self) -> None:
        turned_seconds = 0.0
        # The first look at a silence comes as soon as its beat is overdue, and none while the loop beats.
        while not self._stopped.wait(max(LOOK_SECONDS, _TOLERANCE_SECONDS - self._lag())):
            since = self._beaten_at
            if self._lag() < _TOLERANCE_SECONDS:
                continue
            if since != self._silence.since:
                self._silence = _Silence(since=since)
                turned_seconds = 0.0
            self._look(self._silence)
            turned_seconds += LOOK_SECONDS
            if turned_seconds >= self._limit_seconds:
                turned_seconds = 0.0
                self._on_limit(self._stall())

    def _look(self, silence: "_Silence") -> None:
        task = asyncio.current_task(self._loop)
        frame = sys._current_frames().get(self._loop_thread)  # noqa: SLF001 - the documented way to see another thread
        code = frame and frame.f_code
        place = f"{code.co_filename}:{frame.f_lineno} in {code.co_name}" if frame and code else ""
        silence.add(task, place)


def check_of(task_name: str) -> str:
    """
    Return the name of the check on whose behalf a task runs; nothing when it is nobody's.
    """
    kind, _, rest = task_name.partition(":")
    return rest.split(":")[0].split("/")[0] if kind in {"run", "clean_up", "tick", "once"} else ""


@dataclass(slots=True)
class _Holder:
    """
    Who held the loop in a row of looks, or None when no task did.
    """

    task: asyncio.Task[Any] | None = None
    place: str = ""
    seen_seconds: float = 0.0


class _Silence:
    """
    What the thread saw since the beat at *since*; the thread alone writes to it.
    """

    def __init__(self, *, since: float) -> None:
        self.since = since
        self.longest = self._holder = _Holder()
        self._looked_at: float | None = None

    def add(self, task: asyncio.Task[Any] | None, place: str) -> None:
        """
        Keep what one look found.
        """
        now = time.monotonic()
        if self._looked_at is None or task is not self._holder.task:
            self._holder = _Holder(task, place)
        else:
            # A look that is late says that this thread stood as well, or the whole machine: nobody was seen meanwhile.
            self._holder.seen_seconds += min(now - self._looked_at, 2 * LOOK_SECONDS)
        self._looked_at = now
        if self._holder.seen_seconds >= self.longest.seen_seconds:
            self.longest = self._holder


class _Child(asyncio.Task[T]):
    """
    A task that a check created; *owner* is the name of the check's own task.

    The name cannot tell: the code that creates the task may give one, and Python 3.13.0 sets it after the factory.
    """

    owner = ""


def _create_task(
    loop: asyncio.AbstractEventLoop, coro: Coroutine[Any, Any, T] | Generator[Any, None, T], **options: Any
) -> asyncio.Task[T]:
    parent = asyncio.current_task(loop)
    owner = _owner(parent) if parent is not None else ""
    if not owner:
        return asyncio.Task(coro, loop=loop, **options)
    child = _Child(coro, loop=loop, **options)
    child.owner = owner
    return child


def _owner(task: asyncio.Task[Any]) -> str:
    name = task.get_name()
    return name if check_of(name) else getattr(task, "owner", "")


def _full_name(task: asyncio.Task[Any]) -> str:
    name, owner = task.get_name(), _owner(task)
    return name if owner in {"", name} else f"{owner}/{name}"
