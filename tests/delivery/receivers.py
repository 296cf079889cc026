"""
PagerDuty and a webhook, in the weather of a life.
"""

import asyncio
import json
import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from socket import SO_REUSEADDR, SOL_SOCKET, socket
from time import time
from typing import Any

from aiohttp import web

from tests.delivery.ambush import Ambush
from tests.delivery.plan import Blow, Moment, Plan, Sky
from tests.fakes.pagerduty import FakePagerDuty
from tests.fakes.receiver import Fault, Received, Receiver, Reply, never
from tests.fakes.webhook import FakeWebhook

# Half of what a sink waits for at most.
_SLOW_SECONDS = 0.2
_SLOW_SHARE = 0.2
_LOOK_AT_WEATHER_SECONDS = 0.02
_DOWN = (Reply(status=500), Reply(status=503), Fault.RESET, Fault.HANG_BEFORE, Fault.HANG_AFTER)


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """
    An event that a receiver acted on, in the second *at* since 1970; *event_id* as the receiver tells events apart.
    """

    at: float
    incident: str
    event_id: str
    transition: str
    body: bytes
    status: int


class _Exposed(Receiver):
    """
    A receiver in the weather of *plan*, which notes what it was *told*.
    """

    name = ""

    def expose(self, plan: Plan, elapsed: Callable[[], float], ambush: Ambush) -> None:
        """
        Go by *plan*, where *elapsed* says how far it is.
        """
        self.told: list[Told] = []
        self._plan, self._elapsed, self._ambush = plan, elapsed, ambush
        self._chance = random.Random(f"{plan.seed} {self.name}")
        self._strikes = set[asyncio.Task[None]]()
        self._down = self._chance.choice(_DOWN)
        self.faults = self._draw

    async def weather(self) -> None:
        """
        Close while the sky says so, for ever.
        """
        is_closed = False
        while True:
            if (self._sky is Sky.CLOSED) is not is_closed:
                is_closed = not is_closed
                await (self.stop() if is_closed else self.start())
            await asyncio.sleep(_LOOK_AT_WEATHER_SECONDS)

    def attempts(self) -> Iterator[Mapping[str, Any]]:
        """
        Yield what it was asked to take, whether it did or not.
        """
        return (each.json for each in self.requests)

    def process(self, received: Received) -> Reply:
        """
        Act on a request, and note it.
        """
        reply, data = super().process(received), received.json
        self.told.append(
            Told(
                at=time(),
                incident=self.incident_of(data),
                event_id=self.event_id_of(data),
                transition=self.transition_of(data),
                body=received.body,
                status=reply.status,
            )
        )
        return reply

    def incident_of(self, data: Mapping[str, Any]) -> str:
        """
        Return the id of the incident that an event is about.
        """
        raise NotImplementedError

    def event_id_of(self, data: Mapping[str, Any]) -> str:
        """
        Return what repeats of an event have in common.
        """
        raise NotImplementedError

    def transition_of(self, data: Mapping[str, Any]) -> str:
        """
        Return what became of the incident.
        """
        raise NotImplementedError

    @property
    def _sky(self) -> Sky:
        return self._plan.sky_at(self.name, self._elapsed())

    async def _handle(self, request: web.Request) -> web.StreamResponse:
        blow = self._ambush.sees(self.transition_of(json.loads(await request.read())))
        if blow is not None:
            return await self._strike(request, blow)
        if self._sky is Sky.STORM and self._chance.random() < _SLOW_SHARE:
            await asyncio.sleep(self._chance.uniform(0.0, _SLOW_SECONDS))
            if request.transport is None:
                # Who has gone is not served: his request would come after those of the next.
                return web.Response()
        try:
            response = await super()._handle(request)
        except OSError:
            # Who has gone cannot be reset.
            return web.Response()
        if self._sky is Sky.STORM and self._chance.random() < _SLOW_SHARE:
            await asyncio.sleep(self._chance.uniform(0.0, _SLOW_SECONDS))
        return response

    async def _strike(self, request: web.Request, blow: Blow) -> web.StreamResponse:
        if blow.moment is Moment.ARRIVAL:
            await self._ambush.strike()
            if self._chance.random() < 0.5:
                return web.Response()
        # Read before anything is waited for.
        self.faults = never
        try:
            response = await super()._handle(request)
        finally:
            self.faults = self._draw
        if blow.moment is Moment.PROCESSED:
            await self._ambush.strike()
        if blow.moment is Moment.ANSWERED:
            strike = asyncio.create_task(self._ambush.strike(after_seconds=blow.seconds))
            self._strikes.add(strike)
            strike.add_done_callback(self._strikes.discard)
        return response

    def _draw(self) -> Fault | Reply | None:
        match self._sky:
            case Sky.DOWN:
                return self._down
            case Sky.THROTTLED:
                return self._throttled()
            case Sky.STORM:
                faults: Sequence[Fault | Reply | None] = (None, None, None, self._throttled(), *_DOWN, *Fault)
                return faults[self._chance.randrange(len(faults))]
        return None

    def _throttled(self) -> Reply:
        seconds = self._chance.choice((0, 0, 1))
        date = format_datetime(datetime.now(UTC) + timedelta(seconds=seconds), usegmt=True)
        return Reply(status=429, headers={"Retry-After": self._chance.choice((str(seconds), date))})


class ExposedPagerDuty(_Exposed, FakePagerDuty):
    """
    PagerDuty, in the weather.
    """

    name = "pagerduty"

    def incident_of(self, data: Mapping[str, Any]) -> str:
        """
        Return the last part of its key.
        """
        return str(data["dedup_key"]).rpartition("/")[2]

    def event_id_of(self, data: Mapping[str, Any]) -> str:
        """
        Return its incident, what became of it, and when.
        """
        return f"{self.incident_of(data)} {self.transition_of(data)} {data.get('payload', {}).get('timestamp', '')}"

    def transition_of(self, data: Mapping[str, Any]) -> str:
        """
        Return what its details say; one that resolves has none.
        """
        return "resolved" if data["event_action"] == "resolve" else str(data["payload"]["custom_details"]["event"])


class ExposedWebhook(_Exposed, FakeWebhook):
    """
    A webhook, in the weather.
    """

    name = "webhook"

    def incident_of(self, data: Mapping[str, Any]) -> str:
        """
        Return its id.
        """
        return str(data["incident"]["id"])

    def event_id_of(self, data: Mapping[str, Any]) -> str:
        """
        Return its own.
        """
        return str(data["id"])

    def transition_of(self, data: Mapping[str, Any]) -> str:
        """
        Return its own.
        """
        return str(data["event"])


def reserved_port() -> socket:
    """
    Return a socket that keeps a port for a receiver which is closed now and then; it does not listen.
    """
    keeper = socket()
    keeper.setsockopt(SOL_SOCKET, SO_REUSEADDR, 1)
    keeper.bind(("127.0.0.1", 0))
    return keeper
