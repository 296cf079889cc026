"""
Realtime takes a socket, says ``connected``, knows whose it is, and answers a ping.

It does not prove that events arrive: Appwrite accepts any channel and may stay silent for ever. For that there is
``realtime_delivery``.

Talks to:  Appwrite realtime; REST to mint a JWT when the identity is a user
Steps:     sign_in, connect, ping
Fails as:  unauthorized  the socket counts as a guest's or as somebody else's, though REST knows who it is
           wrong_answer  error 1008: unknown project or origin not registered
           not_found     the project does not exist
Leaves:    nothing; one connection per run (Appwrite allows 128 a minute from one address)

Example::

    realtime-connect:
      kind: websocket_connect
      every: 30s
      timeout: 10s
      identity: customer
      objective: 2s
"""

from contextlib import AsyncExitStack

from pydantic import Field

from monitor.appwrite.identities import sign_in
from monitor.appwrite.owner import demand_owner
from monitor.appwrite.realtime import QUIET_CHANNEL, subscribe
from monitor.core.check import Check, IdentityName
from monitor.core.cost import Cost, Limited
from monitor.core.duration import Duration
from monitor.core.run import Run
from monitor.core.topic import Topic


class WebsocketConnect(Check):
    """
    Opens one socket and closes it again.
    """

    topics = frozenset({Topic.SOCKET})

    identity: IdentityName = Field(default="guest", description="who connects; never the server key")
    objective_seconds: Duration | None = Field(default=None, description="slower than this to connect is degraded")

    def costs(self) -> tuple[Cost, ...]:
        return (Cost(what=Limited.CONNECTS),)

    async def run(self, run: Run) -> None:
        async with run.step("sign_in"):
            client = await sign_in(run, self.identity)
        async with AsyncExitStack() as stack:
            async with run.step("connect"):
                asked = run.elapsed_seconds()
                socket = await stack.enter_async_context(subscribe(client, [QUIET_CHANNEL], run=run))
                demand_owner(socket, self.identity, run=run)
            run.hold_to(self.objective_seconds, took_seconds=run.elapsed_seconds() - asked, what="connecting")
            async with run.step("ping"):
                await socket.ping(run.remaining_seconds())
