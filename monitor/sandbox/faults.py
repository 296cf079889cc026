"""
The faults that the sandbox can show, and the switches for them.

Each names the cause that must be diagnosed (design.md section 8). What they hide or change is only seen differently:
switching a fault off restores everything, with whatever was written meanwhile.
"""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Literal

from aiohttp import web
from pydantic import Field, ValidationError

from monitor.core.errors import ConfigError
from monitor.sandbox.answers import from_proxy
from monitor.sandbox.fault import Fault
from monitor.sandbox.socket import MASKED, accept, end_with_error
from monitor.sandbox.world import Collection


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

    def delivers(self) -> bool:
        return False


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


class UnknownFault(ConfigError):
    """
    There is no fault of this name.
    """


class Faults:
    """
    The switches, and the seams as all active faults together make them.
    """

    def __init__(self) -> None:
        self._active: dict[str, Fault] = {}

    def switch_on(self, name: str, **parameters: object) -> None:
        """
        Switch a fault on, or change its parameters; raise ``ConfigError`` for a bad name or parameter.
        """
        self._active[name] = _build(_known(name), parameters)

    def switch_off(self, name: str) -> None:
        """
        Switch a fault off; harmless when it is off.
        """
        _known(name)
        self._active.pop(name, None)

    def active(self) -> list[str]:
        """
        Return the names of the faults that are on, in the order they were switched on.
        """
        return list(self._active)

    def parameters(self, name: str) -> dict[str, object] | None:
        """
        Return the parameters of a fault that is on, None when it is off.
        """
        fault = self._active.get(name)
        return None if fault is None else fault.model_dump()

    async def answer(self, request: web.BaseRequest) -> web.Response | None:
        """
        Return the first answer that a fault gives; the others still have their delays.
        """
        answers = [await fault.answer(request) for fault in tuple(self._active.values())]
        return next((each for each in answers if each is not None), None)

    def see(self, collection: Collection) -> Collection | None:
        """
        Return *collection* as it is seen through all faults.
        """
        seen: Collection | None = collection
        for fault in self._active.values():
            seen = seen and fault.see(seen)
        return seen

    async def open(self, request: web.Request) -> web.StreamResponse | None:
        """
        Return the response of the first fault that takes a realtime handshake over.
        """
        for fault in tuple(self._active.values()):
            taken = await fault.open(request)
            if taken is not None:
                return taken
        return None

    def speak(self) -> bool:
        """
        Return whether the realtime server sends anything.
        """
        return all(fault.speaks() for fault in self._active.values())

    def deliver(self) -> bool:
        """
        Return whether document events reach the realtime server.
        """
        return all(fault.delivers() for fault in self._active.values())


def _known(name: str) -> Description:
    if name not in FAULTS:
        raise UnknownFault(f"there is no fault '{name}': use one of {', '.join(FAULTS)}")
    return FAULTS[name]


def _build(description: Description, parameters: Mapping[str, object]) -> Fault:
    try:
        return description.fault.model_validate(dict(parameters))
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        key = ".".join(str(part) for part in first["loc"])
        if first["type"] == "extra_forbidden":
            taken = ", ".join(description.parameters) or "none"
            message = f"fault '{description.name}' has no parameter '{key}': it takes {taken}"
        else:
            problem = first["msg"][:1].lower() + first["msg"][1:]
            message = f"fault '{description.name}', parameter '{key}': {problem}, got {first['input']!r}"
        raise ConfigError(message) from error
