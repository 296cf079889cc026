"""
Who may connect, and to what: the checks of a handshake, in a real server's order.

project → identity → websocket switched on → connections a minute → origin → channels and their queries
"""

from collections.abc import Mapping
from dataclasses import dataclass

from aiohttp import web

from monitor.sandbox.errors import AppwriteError
from monitor.sandbox.protocol.caller import CONSOLE, Caller, find_user
from monitor.sandbox.protocol.lists import read_query
from monitor.sandbox.protocol.origins import origin_problem
from monitor.sandbox.realtime.limits import ConnectionLimit
from monitor.sandbox.realtime.refusal import POLICY, UNEXPECTED, Refusal
from monitor.sandbox.realtime.subscriptions import Asked, Slot, from_url, rewrite
from monitor.sandbox.state.world import World

_FORBIDDEN = 403
# Both names of the switch: the old one is honoured still.
_SWITCHES = ("websocket", "realtime")


@dataclass(frozen=True, slots=True, kw_only=True)
class Admission:
    """
    Who connected, and the subscriptions asked for in the address, by slot.
    """

    caller: Caller
    channels: tuple[str, ...]
    subscriptions: Mapping[Slot, Asked]


class Handshake:
    """
    Admits or refuses.
    """

    def __init__(self, world: World) -> None:
        self._world = world
        self._limit = ConnectionLimit(world.clock)

    def admit(self, request: web.Request) -> Admission:
        """
        Return who connects to what; raise ``Refusal``.
        """
        query = read_query(request.rel_url.query.items())
        caller = self._identify(request, query)
        self._check_switches(request)
        problem = origin_problem(request.headers.get("Origin"), self._world.platforms)
        if problem and caller.project != CONSOLE:
            raise Refusal(POLICY, problem)
        asked = query.get("channels", [])
        if not isinstance(asked, list):
            raise Refusal(UNEXPECTED, "Argument #1 ($channels) must be of type array, string given")
        profile = self._world.profile
        channels = rewrite(asked, caller.user.id if caller.user else None, profile)
        if not channels and not profile.subscribe_messages:
            raise Refusal(POLICY, "Missing channels")
        subscriptions = from_url(list(request.rel_url.query.items()), channels, profile)
        return Admission(caller=caller, channels=channels, subscriptions=subscriptions)

    def _identify(self, request: web.Request, query: Mapping[str, object]) -> Caller:
        project = request.headers.get("X-Appwrite-Project") or str(query.get("project") or CONSOLE)
        if project not in {self._world.project, CONSOLE}:
            raise Refusal(POLICY, "Missing or unknown project ID")
        try:
            return find_user(self._world, project=project, headers=request.headers, cookies=request.cookies)
        except AppwriteError as error:
            raise Refusal(error.status, error.message) from error

    def _check_switches(self, request: web.Request) -> None:
        if any(each in self._world.protocols_off for each in _SWITCHES):
            message = "The requested API is disabled. You can enable the API from the Appwrite console."
            raise Refusal(_FORBIDDEN, message)
        if self._world.rate_limits:
            self._limit.count(request.remote or "")
