"""
The socket that browsers hold all day stays alive: a drop is told within a second, a silent death within a ping.

One socket is held, and pinged as Appwrite's web SDK does. Lost, it is opened again after that SDK's pauses with up to a
fifth more, signing in anew; every attempt that fails is told, so that it pages only if reconnecting fails too. A user's
JWT lives 15 minutes: before that a new socket takes the place of the old one, which is neither a drop nor a reconnect,
but shows that the user still gets one. That events arrive is not proved; for that there is ``realtime_delivery``.

Talks to:  Appwrite realtime; REST to mint a JWT when the identity is a user
Steps:     sign_in, connect, ping
Fails as:  connection    the socket ended: close_code, and the error frame before it, are in the evidence
           timeout       no pong within 1.5 s: the socket is open but dead; or no new socket within the timeout
           unauthorized  a new socket counts as a guest's or as somebody else's, though REST knows who it is; or
                         the project lives in another region
           wrong_answer  error 1008: unknown project or origin not registered
           not_found     the project does not exist
Leaves:    nothing; at most 17 connections a minute while realtime is down (Appwrite allows 128 from one address)

Example::

    chat-socket:
      kind: realtime_watch
      every: 60s
      timeout: 10s
      identity: therapist
      collections: [chat_messages, notifications]
"""

from contextlib import AsyncExitStack
from typing import NoReturn, Self

from pydantic import Field, model_validator

from monitor.appwrite.family import FAMILIES
from monitor.appwrite.identities import sign_in
from monitor.appwrite.owner import demand_owner
from monitor.appwrite.realtime import QUIET_CHANNEL, Subscription, subscribe
from monitor.core.check import IdentityName, Observer, Watch
from monitor.core.cost import Cost, Limited
from monitor.core.duration import Duration, show_duration
from monitor.core.run import Run
from monitor.core.target import AppwriteId
from monitor.listening.reconnect import most_attempts
from monitor.listening.vigil import PONG_SECONDS, STEADY_SECONDS, Vigil


class RealtimeWatch(Watch):
    """
    Holds one socket, and opens it again.
    """

    every_seconds: Duration = Field(default=60.0, ge=5.0, description="how often it is recorded that all is well")
    timeout_seconds: Duration = Field(default=10.0, ge=0.1, description="deadline to sign in, connect and be answered")
    # Not an anonymous one: that signs in for every socket, and the configuration refuses it for the 50 an hour.
    identity: IdentityName = Field(default="guest", description="who holds the socket; never the server key")
    collections: tuple[AppwriteId, ...] = Field(
        default=(), description="collections whose channels it listens to as well, as the site does"
    )
    # 20 a minute, of Appwrite's 32 messages.
    ping_every_seconds: Duration = Field(default=20.0, ge=3.0, description="from one ping to the next")
    # Above a minute, or renewing itself would be a storm.
    renew_seconds: Duration = Field(
        default=840.0, ge=75.0, description="most age of a user's socket; a JWT lives 15 minutes"
    )

    @model_validator(mode="after")
    def _demand_something_to_record(self) -> Self:
        if self.ping_every_seconds > self.every_seconds:
            raise ValueError(
                f"ping_every ({show_duration(self.ping_every_seconds)}) must be at most every"
                f" ({show_duration(self.every_seconds)}): what is recorded is the last ping"
            )
        return self

    def costs(self) -> tuple[Cost, ...]:
        # One more is that of a renewal, and one the socket that was lost right after it was opened.
        return (Cost(what=Limited.CONNECTS, count=most_attempts(STEADY_SECONDS) + 2),)

    async def run(self, run: Run) -> None:
        async with AsyncExitStack() as stack:
            await self.open(run, stack)

    async def watch(self, observer: Observer) -> NoReturn:
        await Vigil(
            observer, opens=self.open, ping_every_seconds=self.ping_every_seconds, renew_seconds=self.renew_seconds
        ).keep()

    async def open(self, run: Run, stack: AsyncExitStack) -> Subscription:
        """
        Return a socket that lives, which *stack* closes.
        """
        async with run.step("sign_in"):
            client = await sign_in(run, self.identity)
        async with run.step("connect"):
            database, family = run.target.database, FAMILIES[run.target.api]
            channels = [QUIET_CHANNEL, *(family.channel(database, collection) for collection in self.collections)]
            # Nobody reads the events; on a busy collection a day of them would not fit anywhere.
            opening = subscribe(client, channels, run=run, keeps=lambda _: False, naming=frozenset())
            socket = await stack.enter_async_context(opening)
            demand_owner(socket, self.identity, run=run)
        async with run.step("ping"):
            await socket.ping(min(PONG_SECONDS, run.remaining_seconds()))
        return socket
