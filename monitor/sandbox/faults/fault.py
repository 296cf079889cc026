"""
What a fault can reach: six seams, each passing everything through unless a fault says otherwise.

A fault is a frozen model whose fields are its parameters, with their defaults. Its docstring is its summary.
"""

from collections.abc import Sequence
from typing import ClassVar

from aiohttp import web
from pydantic import BaseModel, ConfigDict

from monitor.sandbox.state.world import Collection


class Fault(BaseModel):
    """
    Something that is wrong with the platform; a fault that is on is an instance of one of these.

    *cause* is what must be diagnosed, *pages* whether somebody is to be woken.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    cause: ClassVar[str]
    pages: ClassVar[bool] = True

    async def answer(self, request: web.BaseRequest) -> web.Response | None:  # noqa: ARG002 - a seam
        """
        Answer a REST request before Appwrite does; None passes it on.
        """
        return None

    def see(self, collection: Collection) -> Collection | None:
        """
        Return *collection* as it seems to be; None for one that seems to be missing.
        """
        return collection

    async def open(self, request: web.Request) -> web.StreamResponse | None:  # noqa: ARG002 - a seam
        """
        Take a realtime handshake over, with all that follows; None passes it on.
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

    def works(self) -> bool:
        """
        Return whether the background workers do their jobs.
        """
        return True
