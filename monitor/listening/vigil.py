"""
Holds a socket for as long as it lasts, and opens the next one when it is lost or gets old.

The pauses between attempts are the web client's. Every attempt that fails is said, and a loss the moment it is seen.
"""

import asyncio
import secrets
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack, suppress
from dataclasses import dataclass
from typing import NoReturn

from monitor.appwrite.frames import ErrorFrame
from monitor.appwrite.realtime import Subscription
from monitor.core.check import Observer
from monitor.core.errors import CheckFailed, OwnFault
from monitor.core.outcome import Reason
from monitor.core.run import Run
from monitor.listening.reconnect import pause_seconds, renewal_seconds

# With the interval of the pings this keeps the promise: a silent death is told within an interval and 2 s.
PONG_SECONDS = 1.5
# A socket that lasted so long was no part of the trouble before it: the next loss begins with the shortest pause. The
# web client forgets at once, and opens a socket a second where each ends as it begins.
STEADY_SECONDS = 60.0
_TOO_MANY_MESSAGES = 1013

# Opens a socket that answers, in a run, and has the stack close it.
Open = Callable[[Run, AsyncExitStack], Awaitable[Subscription]]


@dataclass(frozen=True, slots=True)
class _Held:
    """
    An open socket with the run that opened it; *contexts* close it and clean up behind it.
    """

    socket: Subscription
    run: Run
    contexts: AsyncExitStack


class Vigil:
    """
    The socket that is held, and what comes after it.

    Pinged every *ping_every_seconds*. One that belongs to a user, whose credentials expire, is replaced by a new one
    before it is older than *renew_seconds*, which is neither a loss nor a reconnect.
    """

    def __init__(self, observer: Observer, *, opens: Open, ping_every_seconds: float, renew_seconds: float) -> None:
        self._observer = observer
        self._opens = opens
        self._ping_every_seconds = ping_every_seconds
        self._renew_seconds = renew_seconds
        # How many attempts were made in this trouble; the pauses grow with it.
        self._attempts = 0
        self._has_held = False
        # While it does the socket held before is not what counts, however well it answers.
        self._renewal_fails = False

    async def keep(self) -> NoReturn:
        """
        Hold a socket, for ever.
        """
        while True:
            held = await self._attempt()
            if held is not None:
                await self._hold(held)
            await self._observer.pause(self._next_pause())

    async def _attempt(self, *, old: "asyncio.Task[None] | None" = None) -> _Held | None:
        """
        Open a socket and say how that went; None when it failed. *old* is the guard of one that is still held.
        """
        async with AsyncExitStack() as stack:
            run = stack.enter_context(self._observer.begin())
            try:
                socket = await self._opens(run, stack)
            except (CheckFailed, OwnFault) as error:
                run.observe_connection(is_open=old is not None and not old.done())
                self._observer.failed(run, error)
                return None
            is_reconnect = self._has_held if old is None else old.done()
            run.observe_connection(is_open=True, reconnects=int(is_reconnect))
            self._observer.passed(run)
            self._has_held, self._renewal_fails = True, False
            return _Held(socket, run, stack.pop_all())

    async def _hold(self, held: _Held) -> None:
        """
        Hold *held*, and those that take its place, until one is lost.
        """
        guard = asyncio.create_task(self._guard(held), name="guard")
        try:
            while (heir := await self._renewed(held, guard)) is not None:
                # A guard that is cancelled closes its socket.
                old, held, guard = guard, heir, asyncio.create_task(self._guard(heir), name="guard")
                old.cancel()
                await asyncio.wait({old})
        finally:
            guard.cancel()
            await asyncio.wait({guard})
        guard.result()
        if held.run.elapsed_seconds() >= STEADY_SECONDS and not self._renewal_fails:
            self._attempts = 0
        self._renewal_fails = False

    async def _renewed(self, held: _Held, guard: asyncio.Task[None]) -> _Held | None:
        """
        Return the socket that takes the place of *held*, in time; None when that one is lost first.
        """
        is_guest = held.socket.user_id is None
        seconds = None if is_guest else renewal_seconds(self._renew_seconds, chance=_chance())
        await asyncio.wait({guard}, timeout=seconds)
        self._attempts = 0 if not guard.done() else self._attempts
        while not guard.done():
            heir = await self._attempt(old=guard)
            if heir is not None:
                return heir
            self._renewal_fails = True
            await asyncio.wait({guard}, timeout=self._next_pause())
        return None

    async def _guard(self, held: _Held) -> None:
        """
        Watch over one socket until it is lost, which is told at once; close it in any case.
        """
        async with held.contexts:
            while await self._look(held.socket):
                pass

    async def _look(self, socket: Subscription) -> bool:
        """
        Wait for trouble and, without any, ping; return whether the socket lives.
        """
        objection: ErrorFrame | None = None
        try:
            with suppress(TimeoutError):
                objection = await socket.next_error(self._ping_every_seconds)
        except CheckFailed as error:
            with self._observer.begin() as run:
                return self._lost(run, error)
        with self._observer.begin() as run:
            try:
                await _sign_of_life(run, socket, objection)
            except (CheckFailed, OwnFault) as error:
                return self._lost(run, error)
            run.observe_connection(is_open=True)
            if not self._renewal_fails:
                self._observer.passed(run)
        return True

    def _lost(self, run: Run, error: CheckFailed | OwnFault) -> bool:
        run.observe_connection(is_open=False)
        self._observer.failed(run, error)
        return False

    def _next_pause(self) -> float:
        self._attempts += 1
        return pause_seconds(self._attempts - 1, chance=_chance())


async def _sign_of_life(run: Run, socket: Subscription, objection: ErrorFrame | None) -> None:
    if objection is None:
        async with run.step("ping"):
            await socket.ping(PONG_SECONDS)
    else:
        # It is one by itself; a ping after each could be what the server objects to.
        reason = Reason.RATE_LIMITED if objection.code == _TOO_MANY_MESSAGES else Reason.WRONG_ANSWER
        text = f"error {objection.code} on the held socket, which stays open: see the logs of the realtime container"
        run.degrade(reason, text, error_code=objection.code, error_message=objection.message)


def _chance() -> float:
    return secrets.SystemRandom().random()
