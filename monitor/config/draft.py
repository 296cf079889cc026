"""
A configuration on its way to become ``Settings``: what was given, where each value came from, and what is wrong.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from pydantic import BaseModel

from monitor.config.document import Document
from monitor.config.problem import Problem, in_order, sentence
from monitor.config.route import Route, leaves, value_at
from monitor.config.secrecy import sounds_secret
from monitor.config.settings import Settings
from monitor.config.shape import Shape
from monitor.config.wording import show
from monitor.core.check import Check
from monitor.core.duration import parse_duration
from monitor.registry import Registry


class Draft:
    """
    One attempt to load a configuration.

    *data* is what the file gives and, once the sources are merged, what they all give. *sources* says where a value
    came from that is not the file's own: ``environment variable MONITOR_…``. *root* is the model of the whole.
    """

    def __init__(
        self,
        document: Document,
        registry: Registry,
        environ: Mapping[str, str],
        *,
        root: type[BaseModel] = Settings,
    ) -> None:
        self.document = document
        self.registry = registry
        self.environ = environ
        self._root = root
        self.data: dict[str, Any] = document.data
        self.sources: dict[Route, str] = {}
        self.problems: list[Problem] = list(document.problems)
        self._places = {problem.place for problem in document.problems}

    def refuse(self, route: Route, message: str, *, of_key: bool = False) -> None:
        """
        Note what is wrong with the value (or the key) at *route*, unless something is already.
        """
        beginnings = (route[:end] for end in range(len(route), 0, -1))
        source = next((self.sources[each] for each in beginnings if each in self.sources), "")
        position = None if source else self.document.position(route, of_key=of_key)
        self.note(Problem(message=message, route=route, source=source, position=position))

    def note(self, problem: Problem) -> None:
        """
        Add *problem*; what is wrong first at one place is told, what follows from it is not.
        """
        if problem.place not in self._places:
            self._places.add(problem.place)
            self.problems.append(problem)

    def sentences(self) -> list[str]:
        """
        Return the problems as complete sentences, in order of place, without any secret.
        """
        secrets = {text for route, text in leaves(self.data) if isinstance(text, str) and self.is_sensitive(route)}
        return [sentence(problem, self.document.path, secrets) for problem in sorted(self.problems, key=in_order)]

    def at(self, route: Route) -> Any:
        """
        Return the value at *route*; ``NOTHING`` when there is none.
        """
        return value_at(self.data, route)

    def checks(self) -> Iterator[tuple[str, dict[str, Any]]]:
        """
        Yield name and keys of every check that is a mapping.
        """
        checks = self.data.get("checks")
        for name, raw in checks.items() if isinstance(checks, dict) else ():
            if isinstance(raw, dict):
                yield name, raw

    def identities(self) -> dict[str, Any]:
        """
        Return the declared identities, as they are written.
        """
        identities = self.data.get("identities")
        return identities if isinstance(identities, dict) else {}

    def kind(self, name: object) -> type[Check] | None:
        """
        Return the class of a kind; None when there is none of this name.
        """
        return self.registry.kinds.get(name) if isinstance(name, str) else None

    def seconds(self, check: Mapping[str, object], key: str) -> float | None:
        """
        Return the duration that *check* gives under *key*, or its kind's default; None when it is refused anyway.
        """
        kind = self.kind(check.get("kind"))
        if key not in check:
            return float(kind.model_fields[f"{key}_seconds"].default) if kind else None
        try:
            return parse_duration(check[key])
        except ValueError:
            return None

    def shape(self, route: Route) -> Shape:
        """
        Return what may stand at *route*.
        """
        shape = Shape(types=(self._root,))
        for end, key in enumerate(route, start=1):
            value = self.at(route[:end])
            if end == 2 and route[0] == "checks" and self._root is Settings:
                kind = value.get("kind") if isinstance(value, Mapping) else None
                shape = Shape(types=(self.kind(kind) or Check,))
            else:
                shape = shape.at(key).narrowed(value)
        return shape

    def keys(self, route: Route) -> list[str]:
        """
        Return the keys that may stand in the mapping at *route*; in one whose keys are free, those that do.
        """
        keys = self.shape(route).keys()
        if route[:1] == ("checks",) and len(route) == 2:
            return ["kind", *keys]
        value = self.at(route)
        return keys or (list(value) if isinstance(value, Mapping) else [])

    def is_sensitive(self, route: Route) -> bool:
        """
        Whether the value at *route* must not be shown: by its type, or because its key sounds like it.
        """
        # The names of checks and identities say nothing on what they hold.
        keys = [key for depth, key in enumerate(route) if depth != 1 or route[0] not in {"checks", "identities"}]
        return any(isinstance(key, str) and sounds_secret(key) for key in keys) or self.shape(route).is_secret

    def show(self, route: Route, value: object) -> str | None:
        """
        Return a short form of *value* that may be shown to a person; None when it may be a secret.
        """
        return None if self.is_sensitive(route) or sounds_secret(str(value)) else show(value)
