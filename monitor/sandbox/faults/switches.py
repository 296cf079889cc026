"""
The switches of the faults, and the seams as all faults that are on together make them.
"""

from collections.abc import Mapping, Sequence
from itertools import product

from aiohttp import web
from pydantic import ValidationError

from monitor.core.errors import ConfigError
from monitor.sandbox.faults.catalogue import FAULTS, Description
from monitor.sandbox.faults.fault import Fault
from monitor.sandbox.state.world import Collection


class UnknownFault(ConfigError):
    """
    There is no fault of this name.
    """


class Faults:
    """
    Which faults are on.
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

    def relay(self, channels: Sequence[str]) -> list[float]:
        """
        Return the delay of every delivery of an event: lost by one fault is lost, doubled by two is sent four times.
        """
        delays = [0.0]
        for fault in tuple(self._active.values()):
            delays = [sum(pair) for pair in product(delays, fault.relay(channels))]
        return delays

    def works(self) -> bool:
        """
        Return whether the background workers do their jobs.
        """
        return all(fault.works() for fault in self._active.values())


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
