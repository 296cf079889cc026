"""
Brings events to sinks: one worker a sink, so that one which hangs holds up nobody else.

At least once, in order per incident, tried again without end. A sink that does not answer is left alone for a while
that grows, with chance in it, or for as long as it asks to be; an event that alone is not taken keeps no other back.
"""

import asyncio
import random
from collections.abc import Callable, Mapping, Sequence

import structlog

from monitor.alerting.outbox import Outbox, Waiting
from monitor.core.clock import Clock
from monitor.incidents.incident import Event
from monitor.sinks.base import ATTEMPT_SECONDS, Answer, Result, Sink

log = structlog.get_logger()

_FIRST_PAUSE_SECONDS = 1.0
_LONGEST_PAUSE_SECONDS = 60.0
# One event, which may be the cause itself; the others go first meanwhile.
_LONGEST_WAIT_SECONDS = 30.0
_MOST_DOUBLINGS = 8
# However long a receiver asks to be left alone: a page that is a quarter of an hour late is late enough.
_LONGEST_ASKED_SECONDS = 900.0
# Refused: a wrong key, say, or a proxy that is being replaced. Whoever mends it reloads or restarts, which tries again
# at once.
_FIRST_REFUSED_SECONDS = 15.0
_REFUSED_SECONDS = 3600.0
_TICK_SECONDS = 0.001
# Beyond what a sink promises.
_LAST_WORD_SECONDS = 1.0

# Sink, and how an attempt ended.
OnAttempt = Callable[[str, Result], None]


class Delivery:
    """
    Delivers what is in *outbox*. *on_attempt* is told how each attempt went, and *on_acknowledged* that the store has
    to learn of something.
    """

    def __init__(
        self,
        outbox: Outbox,
        clock: Clock,
        *,
        on_attempt: OnAttempt = lambda _sink, _result: None,
        on_acknowledged: Callable[[], None] = lambda: None,
    ) -> None:
        self._outbox = outbox
        self._clock = clock
        self._on_attempt = on_attempt
        self._on_acknowledged = on_acknowledged
        self._sinks: dict[str, Sink] = {}
        self._workers: dict[str, asyncio.Task[None]] = {}
        self._news: dict[str, asyncio.Event] = {}
        # Why a sink takes nothing, by sink; gone with the next event that it takes.
        self._troubles: dict[str, str] = {}

    @property
    def sinks(self) -> Mapping[str, Sink]:
        """
        The sinks that are delivered to, by name.
        """
        return self._sinks

    @property
    def trouble(self) -> str:
        """
        Why events do not reach their sinks; empty when they do.
        """
        return "; ".join(self._troubles.values())

    async def use(self, sinks: Sequence[Sink]) -> None:
        """
        Deliver to *sinks* from here on, and to no others; what waits for them is tried at once.
        """
        await self._end_workers()
        before, self._sinks = self._sinks, {sink.name: sink for sink in sinks}
        self._troubles.clear()
        self._outbox.hurry()
        for sink in sinks:
            self._news[sink.name] = asyncio.Event()
            self._workers[sink.name] = asyncio.create_task(self._work(sink), name=f"sink:{sink.name}")
        for sink in before.values():
            if sink not in sinks:
                await sink.close()

    def wake(self) -> None:
        """
        Look whether there is something to deliver.
        """
        for news in self._news.values():
            news.set()

    async def end(self, *, within_seconds: float) -> None:
        """
        Deliver what can be *within_seconds*, then deliver nothing more; what is left waits in the store.
        """
        ends_at = self._clock.monotonic() + within_seconds
        # Nobody says when the last one has gone, or when nothing more can.
        while self._clock.monotonic() < ends_at and self._holds_any(by=ends_at):  # noqa: ASYNC110
            await asyncio.sleep(0.02)
        await self._end_workers()
        for sink in self._sinks.values():
            await sink.close()

    def _holds_any(self, *, by: float) -> bool:
        return any(self._outbox.holds(sink, by=by) for sink in self._sinks)

    async def _end_workers(self) -> None:
        workers = tuple(self._workers.values())
        for worker in workers:
            worker.cancel()
        if workers:
            await asyncio.wait(workers, timeout=_LAST_WORD_SECONDS)
        self._workers.clear()
        self._news.clear()

    async def _work(self, sink: Sink) -> None:
        news = self._news[sink.name]
        failures = 0
        while True:
            news.clear()
            now = self._clock.monotonic()
            # What was never offered goes first: it may be a page, behind events that this receiver does not take.
            waiting = self._outbox.next(sink.name, now=now, untried=True) or self._outbox.next(sink.name, now=now)
            if waiting is None:
                await _wait(news, self._outbox.next_at(sink.name, now=now) - now)
                continue
            answer = await self._attempt(sink, waiting)
            failures = failures + 1 if answer.result is Result.RETRY else 0
            if answer.result is Result.RETRY:
                await self._pause(sink, failures, answer)

    async def _pause(self, sink: Sink, failures: int, answer: Answer) -> None:
        """
        Leave *sink* alone for a while; for a second only when there is an event that it was never offered.
        """
        news = self._news[sink.name]
        pause_seconds = _pause_seconds(failures, answer)
        await asyncio.sleep(pause_seconds if answer.after_seconds else min(pause_seconds, _FIRST_PAUSE_SECONDS))
        ends_at = self._clock.monotonic() + pause_seconds - _FIRST_PAUSE_SECONDS
        while not answer.after_seconds and (now := self._clock.monotonic()) < ends_at:
            news.clear()
            if self._outbox.next(sink.name, now=now, untried=True) is not None:
                return
            await _wait(news, ends_at - now)

    async def _attempt(self, sink: Sink, waiting: Waiting) -> Answer:
        waiting.is_under_way = True
        waiting.attempts += 1
        try:
            answer = await attempt(sink, waiting.posted.event)
        finally:
            waiting.is_under_way = False
        self._on_attempt(sink.name, answer.result)
        self._note(sink.name, waiting, answer)
        return answer

    def _note(self, sink: str, waiting: Waiting, answer: Answer) -> None:
        event = waiting.posted.event
        fields = {"sink": sink, "incident": event.incident.id, "transition": event.transition.value}
        now = self._clock.monotonic()
        match answer.result:
            case Result.DELIVERED:
                self._troubles.pop(sink, None)
                self._outbox.acknowledge(waiting)
                self._on_acknowledged()
                log.info("event.delivered", **fields, attempts=waiting.attempts)
                return
            case Result.RETRY:
                waiting.not_before = now + min(_backoff(waiting.attempts), _LONGEST_WAIT_SECONDS)
                log.warning("event.delayed", **fields, attempts=waiting.attempts, error=answer.why)
            case Result.REFUSED:
                waiting.not_before = now + min(
                    _FIRST_REFUSED_SECONDS * 2.0 ** min(waiting.attempts - 1, _MOST_DOUBLINGS), _REFUSED_SECONDS
                )
                log.error("event.refused", **fields, error=answer.why)
        self._troubles[sink] = f"sink {sink} takes no event: {answer.why}"


async def attempt(sink: Sink, event: Event) -> Answer:
    """
    Hand *event* to *sink* once; whatever the sink does, there is an answer soon after ``ATTEMPT_SECONDS``.
    """
    try:
        async with asyncio.timeout(ATTEMPT_SECONDS + _LAST_WORD_SECONDS):
            return await sink.deliver(event)
    except TimeoutError:
        return Answer(result=Result.RETRY, why=f"no end within {ATTEMPT_SECONDS:.0f} s")
    except Exception:  # a bug in one sink must not end its worker: nobody would be told of anything any more
        log.exception("sink.crashed", sink=sink.name)
        return Answer(result=Result.RETRY, why="a bug in the sink: see the log")


async def _wait(news: asyncio.Event, seconds: float) -> None:
    try:
        # At least a tick of the loop's clock: a wait for less may end before its time has come, again and again.
        async with asyncio.timeout(max(seconds, _TICK_SECONDS) if seconds != float("inf") else None):
            await news.wait()
    except TimeoutError:
        return


def _pause_seconds(failures: int, answer: Answer) -> float:
    return max(_backoff(failures), min(answer.after_seconds or 0.0, _LONGEST_ASKED_SECONDS))


def _backoff(failures: int) -> float:
    doubled = _FIRST_PAUSE_SECONDS * 2.0 ** min(failures - 1, _MOST_DOUBLINGS)
    # Many monitors must not come back to a receiver in the same moment.
    return min(doubled, _LONGEST_PAUSE_SECONDS) * random.uniform(0.5, 1.0)  # noqa: S311 - no secret
