"""
The switches of the faults.

A fault is on under its name, or under ``NAME@LABEL``: so one fault can be on several times, with different parameters.
"""

from collections.abc import Iterator

from monitor.core.errors import ConfigError
from monitor.sandbox.faults.fault import Fault, Sockets
from monitor.sandbox.faults.named import build, describe
from monitor.sandbox.faults.together import Together

# Each is asked on every request; nobody needs more.
MAX_ACTIVE = 100


class Faults(Together):
    """
    Which faults are on, on a server without sockets until it is given some.
    """

    def __init__(self) -> None:
        self.sockets = Sockets()
        self._active: dict[str, Fault] = {}
        # Switched off, and not yet over.
        self._ending: list[Fault] = []

    def switch_on(self, name: str, **parameters: object) -> None:
        """
        Switch a fault on, or change its parameters; raise ``ConfigError`` for a bad name or parameter.
        """
        fault = build(name, parameters)
        if name not in self._active and len(self._active) >= MAX_ACTIVE:
            raise ConfigError(f"{MAX_ACTIVE} faults are on: switch one off before '{name}'")
        replaced = self._active.get(name)
        if replaced is not None:
            replaced.end(self.sockets)
        self._active[name] = fault
        fault.begin(self.sockets)

    def switch_off(self, name: str) -> None:
        """
        Switch a fault off; harmless when it is off. What does not heal by itself is on then.
        """
        describe(name)
        fault = self._active.pop(name, None)
        if fault is None:
            return
        fault.end(self.sockets)
        self._ending = [each for each in (*self._ending, fault) if each.lingers()]
        for left_name, left in fault.leaves().items():
            if left_name not in self._active:
                self._active[left_name] = left
                left.begin(self.sockets)

    def switch_all_off(self) -> None:
        """
        Switch everything off, with what that leaves behind.
        """
        while self._active:
            self.switch_off(next(iter(self._active)))

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
        return None if fault is None else fault.model_dump(mode="json")

    def in_force(self) -> Iterator[Fault]:
        """
        Return the faults that are on, and those that were and are not yet over.
        """
        yield from self._active.values()
        for fault in self._ending:
            if fault.lingers():
                yield fault
