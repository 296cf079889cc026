"""
Keeps what the monitor sends to one target below Appwrite's limits, so that a 429 is never of its own making.

A run is let in when there is room for the most that it sends, which is held for it until it has ended. What is sent is
counted at the moment of sending, and what would exceed a limit is not sent: so nothing does, also not when a kind sends
more than it declares.
"""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from contextvars import ContextVar

from monitor.appwrite.window import Reservation, Window
from monitor.core.clock import Clock
from monitor.core.cost import LIMITS, Bucket, Limit

_MESSAGES = Limit(planned=28, ours=28, theirs=32, seconds=60.0)
# What was sent together grows old together; and a timer may come a moment before its time.
_LEAST_WAIT_SECONDS = 0.01

# Whose turn it is: what a run starts, it starts in its own context.
_sender: ContextVar[Reservation | None] = ContextVar("sender", default=None)


class Budget:
    """
    What may still be asked of one target, and who waits for it.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._windows: dict[Bucket, Window] = {}
        self._queue: list[Reservation] = []
        self._timer: asyncio.TimerHandle | None = None
        self._stopped = False

    @asynccontextmanager
    async def room_for(self, who: str, demand: Mapping[Bucket, int]) -> AsyncIterator[None]:
        reservation = Reservation(who, demand)
        self._queue.append(reservation)
        self._let_in()
        try:
            await reservation.let_in
            token = _sender.set(reservation)
            try:
                yield
            finally:
                _sender.reset(token)
        finally:
            self._release(reservation)

    def shortage(self, who: str) -> str:
        ahead = Counter[Bucket]()
        for reservation in self._queue:
            if reservation.who == who:
                demand = reservation.demand
                scarcest = min(demand, key=lambda each: self._window(each).room() - ahead[each] - demand[each])
                return self._window(scarcest).shortage(demand[scarcest], ahead=ahead[scarcest])
            ahead.update(reservation.demand)
        return ""

    def stop(self) -> None:
        self._stopped = True
        self._let_in()

    def spend(self, bucket: Bucket) -> None:
        """
        Count what is about to be sent; raise ``OwnFault`` when it must not be.
        """
        self._window(bucket).spend(_sender.get())

    def messages(self) -> Window:
        """
        Return the window for the messages sent on one new socket.
        """
        return Window("messages on one socket", _MESSAGES, self._clock)

    def _window(self, bucket: Bucket) -> Window:
        if bucket not in self._windows:
            self._windows[bucket] = Window(bucket, LIMITS[bucket.what], self._clock)
        return self._windows[bucket]

    def _let_in(self) -> None:
        """
        Let in, in the order of arrival, everybody for whom there is room.
        """
        claimed = Counter[Bucket]()
        for reservation in tuple(self._queue):
            demand = reservation.demand
            if self._stopped:
                self._admit(reservation)
            elif all(self._window(each).room() - claimed[each] >= count for each, count in demand.items()):
                for bucket, count in demand.items():
                    self._window(bucket).hold(reservation, count)
                self._admit(reservation)
            else:
                claimed.update(demand)
        self._look_again(claimed)

    def _admit(self, reservation: Reservation) -> None:
        self._queue.remove(reservation)
        if not reservation.let_in.done():
            reservation.let_in.set_result(None)

    def _release(self, reservation: Reservation) -> None:
        if reservation in self._queue:
            self._queue.remove(reservation)
        for bucket in reservation.demand:
            self._window(bucket).release(reservation)
        self._let_in()

    def _look_again(self, wanted: Mapping[Bucket, int]) -> None:
        if self._timer:
            self._timer.cancel()
            self._timer = None
        waits = [self._window(bucket).seconds_until_room() for bucket in wanted]
        if seconds := [wait for wait in waits if wait is not None]:
            self._timer = asyncio.get_running_loop().call_later(max(min(seconds), _LEAST_WAIT_SECONDS), self._let_in)
