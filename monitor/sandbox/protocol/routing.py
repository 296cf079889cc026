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
from monitor.sandbox.state.accounts import User
from monitor.sandbox.state.limits import Limit
from monitor.sandbox.state.world import Collection, Document, World

# What a console can switch off for guests and users.
SERVICES = frozenset(
    [
        "account",
        "advisor",
        "avatars",
        "databases",
        "functions",
        "graphql",
        "health",
        "locale",
        "messaging",
        "migrations",
        "project",
        "proxy",
        "sites",
        "storage",
        "tablesdb",
        "teams",
        "users",
        "vcs",
    ]
)
# The switch is there, and as recorded has no effect.
_ALWAYS_ON = frozenset({"health"})


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

    def refresh_roles(self, user: User) -> None:
        """
        Give the open sockets of *user* the roles that he has now.
        """


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """
    One request, past all common checks. *fields* holds the query of a GET and the JSON body of any other method.

    *peer* is the caller's address, *agent* what it calls itself. *same_site* tells that a page of this very site calls.
    """

    world: World
    publisher: Publisher
    caller: Caller
    path: Mapping[str, str]
    fields: Mapping[str, object]
    peer: str
    agent: str = ""
    same_site: bool = False

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

    A caller needs one of *scopes*. *project_only* routes refuse calls without a project; *clients_too* lets guests and
    users pass without a scope; *signs_in* refuses who is signed in already. *limits* are what is counted of the calls;
    *auth_method* is what must not be switched off for anybody but server keys.
    """

    method: str
    path: str
    handler: Handler
    scopes: tuple[str, ...]
    project_only: bool = False
    clients_too: bool = False
    signs_in: bool = False
    limits: tuple[Limit, ...] = ()
    auth_method: str | None = None

    @property
    def service(self) -> str | None:
        """
        The service that the route belongs to, after which its path is named; None if that cannot be switched off.
        """
        first = self.path.split("/")[1]
        return first if first in SERVICES - _ALWAYS_ON else None


class Router:
    """
    Finds the route of a request by method and number of segments.
    """

    def __init__(self, routes: Iterable[Route]) -> None:
        self._routes: defaultdict[tuple[str, int], list[tuple[tuple[str, ...], Route]]] = defaultdict(list)
        for route in routes:
            template = tuple(route.path.strip("/").split("/"))
            self._routes[route.method, len(template)].append((template, route))
        for candidates in self._routes.values():
            # A name in the path goes before a placeholder: ``/databases/transactions`` is no database.
            candidates.sort(key=lambda candidate: [part.startswith("{") for part in candidate[0]])

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
