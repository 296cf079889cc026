"""
Routes, and the call that a route's handler answers.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from monitor.sandbox.errors import argument_invalid, argument_missing
from monitor.sandbox.protocol.answers import Answer
from monitor.sandbox.protocol.caller import Caller
from monitor.sandbox.state.world import Collection, Document, World


class Publisher(Protocol):
    """
    Whoever tells realtime subscribers about a write.
    """

    def publish(self, action: str, collection: Collection, document: Document, payload: Mapping[str, object]) -> None:
        """
        Announce *action* (``create``, ``update``, ``upsert``, ``delete``); *payload* is what the writer was answered.
        """

    def announce(
        self, *, names: Sequence[str], channels: Sequence[str], roles: Iterable[str], payload: Mapping[str, object]
    ) -> None:
        """
        Announce anything else to those of *roles* who listen to one of *channels*.
        """


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """
    One request, past all common checks. *fields* holds the query of a GET and the JSON body of any other method.
    """

    world: World
    publisher: Publisher
    caller: Caller
    path: Mapping[str, str]
    fields: Mapping[str, object]
    peer: str
    sends_origin: bool = False

    def text(self, name: str, *, default: str | None = None) -> str:
        """
        Return a text parameter; without a default it must be there.
        """
        value = self.fields.get(name)
        if value is None:
            if default is None:
                raise argument_missing(name)
            return default
        if not isinstance(value, str):
            raise argument_invalid(name, "Value must be a valid string")
        return value

    def flag(self, name: str, *, default: bool) -> bool:
        """
        Return a boolean parameter.
        """
        value = self.fields.get(name, default)
        if value in ("true", "1"):
            return True
        if value in ("false", "0"):
            return False
        if not isinstance(value, bool):
            raise argument_invalid(name, "Value must be a valid boolean")
        return value

    def whole_number(self, name: str, *, default: int, lowest: int, highest: int) -> int:
        """
        Return a numeric parameter between *lowest* and *highest*.
        """
        value = self.fields.get(name)
        if value is None:
            return default
        if isinstance(value, bool) or not isinstance(value, int) or not lowest <= value <= highest:
            raise argument_invalid(name, f"Value must be a valid range between {lowest:,} and {highest:,}")
        return value

    def texts(self, name: str) -> list[str]:
        """
        Return a parameter that is a list of texts, such as ``queries``.
        """
        value = self.fields.get(name) or []
        if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
            raise argument_invalid(name, "Value must a valid array")
        return value


Handler = Callable[[Call], Answer]


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """
    One method on one path; ``{name}`` stands for any segment.

    A caller needs one of *scopes*. *project_only* routes refuse calls without a project before all else;
    *clients_too* lets guests and users pass without a scope; *signs_in* refuses who is signed in already.
    """

    method: str
    path: str
    handler: Handler
    scopes: tuple[str, ...]
    project_only: bool = False
    clients_too: bool = False
    signs_in: bool = False


class Router:
    """
    Finds the route of a request by method and number of segments.
    """

    def __init__(self, routes: Iterable[Route]) -> None:
        self._routes: defaultdict[tuple[str, int], list[tuple[tuple[str, ...], Route]]] = defaultdict(list)
        for route in routes:
            template = tuple(route.path.strip("/").split("/"))
            self._routes[route.method, len(template)].append((template, route))

    def __iter__(self) -> Iterator[Route]:
        """
        Go through all routes.
        """
        return (route for routes in self._routes.values() for _, route in routes)

    def find(self, method: str, segments: Sequence[str]) -> tuple[Route, dict[str, str]] | None:
        """
        Return the route and what its placeholders stand for; HEAD is served as GET.
        """
        wanted = "GET" if method == "HEAD" else method
        for template, route in self._routes.get((wanted, len(segments)), ()):
            values = _match(template, segments)
            if values is not None:
                return route, values
        return None


def _match(template: tuple[str, ...], segments: Sequence[str]) -> dict[str, str] | None:
    values = {}
    for part, segment in zip(template, segments, strict=True):
        if part.startswith("{"):
            values[part[1:-1]] = segment
        elif part != segment:
            return None
    return values
