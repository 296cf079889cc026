"""
The faults that the sandbox can show.

Each names the cause that must be diagnosed (design.md section 8). What they hide or change is only seen differently:
switching a fault off restores everything, with whatever was written meanwhile.
"""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from aiohttp import web
from pydantic import Field

from monitor.sandbox.faults.fault import Fault
from monitor.sandbox.protocol.answers import from_proxy
from monitor.sandbox.protocol.socket import MASKED, accept, end_with_error
from monitor.sandbox.state.world import Collection


class CollectionMissing(Fault):
    """
    One collection is gone, as if deleted; its id stays taken.
    """

    cause = "collection_missing"
    collection: str = Field(default="chat_messages", description="id of the collection")

    def see(self, collection: Collection) -> Collection | None:
        return None if collection.id == self.collection else collection


class PermissionMissing(Fault):
    """
    One collection has no permissions and no document security, as if just created by a tool that forgot them.
    """

    cause = "permission_missing"
    collection: str = Field(default="chat_messages", description="id of the collection")

    def see(self, collection: Collection) -> Collection | None:
        if collection.id != self.collection:
            return collection
        return replace(collection, permissions=(), document_security=False)


class RealtimeRefused(Fault):
    """
    No realtime connection can be opened: a proxy refuses the handshake, or the server ends it with an error frame.
    """

    cause = "realtime_refused"
    how: Literal["http", "frame"] = Field(default="http", description="'http': status of a proxy, 'frame': error 1008")
    status: int = Field(default=503, ge=400, le=599, description="HTTP status, for 'http'")

    async def open(self, request: web.Request) -> web.StreamResponse | None:
        if self.how == "http":
            return from_proxy(self.status)
        socket = await accept(request)
        await end_with_error(request, socket, code=1008, message=MASKED)
        return socket


class RealtimeHang(Fault):
    """
    The realtime server accepts connections and then says nothing, on old sockets neither; not even a pong.
    """

    cause = "realtime_refused"

    async def open(self, request: web.Request) -> web.StreamResponse | None:
        socket = await accept(request)
        async for _ in socket:
            pass
        return socket

    def speaks(self) -> bool:
        return False


class RealtimeSilent(Fault):
    """
    Sockets connect and answer pings, but no document event arrives; the console's tests channel lives on.
    """

    cause = "realtime_silent"

    def relay(self, channels: Sequence[str]) -> Sequence[float]:  # noqa: ARG002
        return ()


class ServiceDown(Fault):
    """
    Appwrite is gone; a proxy answers in its place, also to new realtime connections.
    """

    cause = "service_down"
    status: int = Field(default=503, ge=500, le=599, description="HTTP status of the proxy")

    async def answer(self, request: web.BaseRequest) -> web.Response | None:  # noqa: ARG002
        return from_proxy(self.status)

    async def open(self, request: web.Request) -> web.StreamResponse | None:  # noqa: ARG002
        return from_proxy(self.status)


class Slow(Fault):
    """
    Every REST answer comes late.
    """

    cause = "service_degraded"
    pages = False
    seconds: float = Field(default=2.0, ge=0.0, le=600.0, description="delay of every answer")

    async def answer(self, request: web.BaseRequest) -> web.Response | None:  # noqa: ARG002
        await asyncio.sleep(self.seconds)
        return None


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameter:
    """
    One parameter of a fault.
    """

    default: object
    description: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Description:
    """
    What a fault is, for lists and tests.
    """

    name: str
    summary: str
    cause: str
    pages: bool
    parameters: Mapping[str, Parameter]
    fault: type[Fault]


def _describe(name: str, fault: type[Fault]) -> Description:
    parameters = {
        key: Parameter(default=field.default, description=field.description or "")
        for key, field in fault.model_fields.items()
    }
    summary = " ".join((fault.__doc__ or "").split())
    return Description(
        name=name, summary=summary, cause=fault.cause, pages=fault.pages, parameters=parameters, fault=fault
    )


_KINDS: dict[str, type[Fault]] = {
    "collection_missing": CollectionMissing,
    "permission_missing": PermissionMissing,
    "realtime_refused": RealtimeRefused,
    "realtime_hang": RealtimeHang,
    "realtime_silent": RealtimeSilent,
    "service_down": ServiceDown,
    "slow": Slow,
}
FAULTS: Mapping[str, Description] = {name: _describe(name, kind) for name, kind in _KINDS.items()}
