"""
What a fault can reach: seams, each passing everything through unless a fault says otherwise.

A fault is a frozen model whose fields are its parameters, with their defaults. The first paragraph of its docstring is
its summary; the rows of ``booking-platform.md`` 6 that it shows (F01 … F25) stand in it too.
"""

from collections.abc import Mapping, Sequence
from typing import ClassVar, Literal

from aiohttp import web
from pydantic import BaseModel, ConfigDict

from monitor.sandbox.protocol.answers import Answer
from monitor.sandbox.protocol.routing import Call, Route
from monitor.sandbox.state.accounts import Session
from monitor.sandbox.state.functions import Function
from monitor.sandbox.state.world import ApiKey, Collection, Database

# What a console can switch off, and the queues that workers work on.
Switch = Literal["service", "protocol", "login"]
Queue = Literal["databases", "functions", "messaging"]


class Sockets:
    """
    The open sockets of a realtime server; of one that does not run, so that nothing happens.
    """

    def drop(self, *, one_in: int = 1) -> None:
        """
        End all of them, or one in so many, at once and without a close frame.
        """

    def drop_after(self, seconds: float) -> None:
        """
        End all of them after *seconds*.
        """

    def hold(self) -> None:
        """
        Let everything wait that is to be sent, on new sockets too, until as many calls of ``release``.
        """

    def release(self) -> None:
        """
        Send what waited.
        """


class Fault(BaseModel):
    """
    Something that is wrong with the platform; a fault that is on is an instance of one of these.

    *cause*, one of ``Cause``, is what must be diagnosed, *pages* whether somebody is to be woken.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    cause: ClassVar[str]
    pages: ClassVar[bool] = True

    # The life of a fault.

    def begin(self, sockets: Sockets) -> None:
        """
        Take note that the fault was switched on.
        """

    def end(self, sockets: Sockets) -> None:
        """
        Take note that the fault was switched off, or its parameters changed.
        """

    def lingers(self) -> bool:
        """
        Return whether the fault still works after it was switched off.
        """
        return False

    def leaves(self) -> "Mapping[str, Fault]":
        """
        Return the faults that are on once this one was switched off: what does not heal by itself.
        """
        return {}

    # REST, in the order in which a request meets them.

    async def answer(self, request: web.BaseRequest) -> web.Response | None:  # noqa: ARG002 - a seam
        """
        Answer a REST request before Appwrite does, or raise ``AppwriteError``; None passes it on.
        """
        return None

    def admit(self, request: web.BaseRequest, project: str) -> None:
        """
        Raise ``AppwriteError`` for a request to a project that cannot be used.
        """

    def before(self, call: Call, route: Route) -> None:
        """
        Raise ``AppwriteError`` for a call that passed all common checks.
        """

    def after(self, call: Call, route: Route, answer: Answer) -> Answer:  # noqa: ARG002 - a seam
        """
        Return what goes out in the place of *answer*.
        """
        return answer

    # The state, for REST and realtime.

    def locate(self, collection_id: str) -> str:
        """
        Return the id under which a collection is stored that callers find under *collection_id*.
        """
        return collection_id

    def see(self, collection: Collection) -> Collection | None:
        """
        Return *collection* as it seems to be; None for one that seems to be missing.
        """
        return collection

    def see_database(self, database: Database) -> Database | None:
        """
        Return *database* as it seems to be; None for one that seems to be missing.
        """
        return database

    def see_key(self, key: ApiKey) -> ApiKey | None:
        """
        Return *key* as it seems to be; None for one that seems to be revoked.
        """
        return key

    def see_session(self, session: Session) -> Session | None:
        """
        Return *session* as it seems to be; None for one that seems to have ended.
        """
        return session

    def see_function(self, function: Function) -> Function | None:
        """
        Return *function* as it seems to be; None for one that seems to be missing.
        """
        return function

    def token_time(self, now: float) -> float:
        """
        Return the time at which the expiry of a JWT is judged.
        """
        return now

    def hides_platform(self, host: str) -> bool:  # noqa: ARG002 - a seam
        """
        Return whether a registered platform seems not to be one.
        """
        return False

    def switches_off(self, kind: Switch, name: str) -> bool:  # noqa: ARG002 - a seam
        """
        Return whether a service (``databases``), protocol (``rest``) or way to sign in seems to be switched off.
        """
        return False

    def works(self, queue: Queue) -> bool:  # noqa: ARG002 - a seam
        """
        Return whether the worker of a queue does its jobs.
        """
        return True

    def backend_delay(self, collection_id: str) -> float | None:  # noqa: ARG002 - a seam
        """
        Return how many seconds late the platform's backend makes what belongs in a collection; None for never.
        """
        return 0.0

    # Realtime.

    async def open(self, request: web.Request) -> web.StreamResponse | None:  # noqa: ARG002 - a seam
        """
        Take a realtime handshake over, with all that follows, or raise ``AppwriteError``; None passes it on.
        """
        return None

    def speaks(self) -> bool:
        """
        Return whether the realtime server sends anything.
        """
        return True

    def relay(self, channels: Sequence[str]) -> Sequence[float]:  # noqa: ARG002 - a seam
        """
        Return how often an event on *channels* reaches the sockets: a delay in seconds each time, none for a lost one.
        """
        return (0.0,)
