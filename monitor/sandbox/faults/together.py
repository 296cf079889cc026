"""
The seams of faults as all that are in force together make them.
"""

from abc import abstractmethod
from collections.abc import Awaitable, Iterable, Sequence
from itertools import product
from typing import TypeVar

from aiohttp import web

from monitor.sandbox.errors import AppwriteError, EarlyError
from monitor.sandbox.faults.fault import Fault, Queue, Switch
from monitor.sandbox.profile import V1_9, Profile
from monitor.sandbox.protocol.answers import Answer, Audience, respond
from monitor.sandbox.protocol.gate import Gate
from monitor.sandbox.protocol.routing import Call, Route
from monitor.sandbox.state.accounts import Session
from monitor.sandbox.state.functions import Function
from monitor.sandbox.state.view import View
from monitor.sandbox.state.world import ApiKey, Collection, Database

R = TypeVar("R", bound=web.StreamResponse)


class Together(View, Gate):
    """
    Passes what it is asked through every fault that is in force, one after the other.
    """

    # The version in whose form faults answer.
    profile: Profile = V1_9

    @abstractmethod
    def in_force(self) -> Iterable[Fault]:
        """
        Return the faults that work now, in the order they were switched on.
        """

    # What all together make of a request.

    async def answer(self, request: web.BaseRequest) -> web.Response | None:
        """
        Return the first answer that a fault gives; the others still have their delays.
        """
        answers = [await self._rendered(fault.answer(request)) for fault in tuple(self.in_force())]
        return next((each for each in answers if each is not None), None)

    def admit(self, request: web.BaseRequest, project: str) -> None:
        """
        Refuse a request on account of its project.
        """
        for fault in self.in_force():
            fault.admit(request, project)

    def before(self, call: Call, route: Route) -> None:
        """
        Refuse a call that passed all common checks.
        """
        for fault in self.in_force():
            fault.before(call, route)

    def after(self, call: Call, route: Route, answer: Answer) -> Answer:
        """
        Return what goes out in the place of *answer*.
        """
        for fault in self.in_force():
            answer = fault.after(call, route, answer)
        return answer

    # What all together make of the state.

    def locate(self, collection_id: str) -> str:
        """
        Return the id under which a collection is stored that callers find under *collection_id*.
        """
        for fault in self.in_force():
            collection_id = fault.locate(collection_id)
        return collection_id

    def collection(self, collection: Collection) -> Collection | None:
        """
        Return *collection* as it is seen through all faults.
        """
        seen: Collection | None = collection
        for fault in self.in_force():
            seen = seen and fault.see(seen)
        return seen

    def database(self, database: Database) -> Database | None:
        """
        Return *database* as it is seen through all faults.
        """
        seen: Database | None = database
        for fault in self.in_force():
            seen = seen and fault.see_database(seen)
        return seen

    def key(self, key: ApiKey) -> ApiKey | None:
        """
        Return *key* as it is seen through all faults.
        """
        seen: ApiKey | None = key
        for fault in self.in_force():
            seen = seen and fault.see_key(seen)
        return seen

    def session(self, session: Session) -> Session | None:
        """
        Return *session* as it is seen through all faults.
        """
        seen: Session | None = session
        for fault in self.in_force():
            seen = seen and fault.see_session(seen)
        return seen

    def function(self, function: Function) -> Function | None:
        """
        Return *function* as it is seen through all faults.
        """
        seen: Function | None = function
        for fault in self.in_force():
            seen = seen and fault.see_function(seen)
        return seen

    def token_time(self, now: float) -> float:
        """
        Return the time at which the expiry of a JWT is judged.
        """
        return max((fault.token_time(now) for fault in self.in_force()), default=now)

    def platform(self, host: str, registered: bool) -> bool:
        """
        Return whether *host* seems to be registered as a platform.
        """
        return registered and not any(fault.hides_platform(host) for fault in self.in_force())

    def is_off(self, kind: Switch, name: str, switched_off: bool) -> bool:
        """
        Return whether a service, protocol or way to sign in seems to be switched off.
        """
        return switched_off or any(fault.switches_off(kind, name) for fault in self.in_force())

    def works(self, queue: Queue) -> bool:
        """
        Return whether the worker of a queue does its jobs.
        """
        return all(fault.works(queue) for fault in self.in_force())

    def backend_delay(self, collection_id: str) -> float | None:
        """
        Return how many seconds late the platform's backend makes what belongs in a collection; None for never.
        """
        delays = [fault.backend_delay(collection_id) for fault in self.in_force()]
        known = [each for each in delays if each is not None]
        return sum(known) if len(known) == len(delays) else None

    # What all together make of realtime.

    async def open(self, request: web.Request) -> web.StreamResponse | None:
        """
        Return the response of the first fault that takes a realtime handshake over.
        """
        for fault in tuple(self.in_force()):
            taken = await self._rendered(fault.open(request))
            if taken is not None:
                return taken
        return None

    def speak(self) -> bool:
        """
        Return whether the realtime server sends anything.
        """
        return all(fault.speaks() for fault in self.in_force())

    def relay(self, channels: Sequence[str]) -> list[float]:
        """
        Return the delay of every delivery of an event: lost by one fault is lost, doubled by two is sent four times.
        """
        delays = [0.0]
        for fault in tuple(self.in_force()):
            delays = [sum(pair) for pair in product(delays, fault.relay(channels))]
        return delays

    async def _rendered(self, answer: Awaitable[R | None]) -> R | web.Response | None:
        try:
            return await answer
        except AppwriteError as error:
            audience = Audience(examined=not isinstance(error, EarlyError))
            return respond(Answer(status=error.status, body=error.envelope(self.profile)), audience)
