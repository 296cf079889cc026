"""
What a caller may still do within the limits of a route.
"""

import hashlib
from collections.abc import Mapping

from monitor.sandbox.errors import AppwriteError
from monitor.sandbox.protocol.caller import Caller
from monitor.sandbox.protocol.routing import Route
from monitor.sandbox.state.limits import Limit, Standing
from monitor.sandbox.state.world import World

# A longer key of a counter is replaced by its hash, since callers choose what is in it.
_MAX_KEY = 256


class Allowance:
    """
    The limits of one call. Server keys and developer keys see them, but are neither counted nor refused.
    """

    def __init__(self, world: World, route: Route, caller: Caller, *, peer: str, fields: Mapping[str, object]) -> None:
        self._world = world
        self._counts = world.rate_limits and not caller.is_key and not caller.is_developer
        self._limits = route.limits
        user = caller.user.id if caller.user else ""
        values = {"ip": peer, "method": route.method, "url": route.path, "user": user}
        self._values = values | {name: _text(fields.get(name)) for name in ("email", "userId")}
        self._exceeded = False

    def spend(self) -> dict[str, str]:
        """
        Count the call, and return the headers that tell the limit nearest to its end.
        """
        closest: Standing | None = None
        for limit in self._limits:
            standing = self._world.limits.use(
                self._key(limit), limit=limit.count, seconds=limit.seconds, counts=self._counts
            )
            self._exceeded = self._exceeded or (self._counts and standing.exceeded)
            if closest is None or standing.remaining < closest.remaining:
                closest = standing
        if closest is None:
            return {}
        return {
            "X-RateLimit-Limit": str(closest.limit),
            "X-RateLimit-Remaining": str(closest.remaining),
            "X-RateLimit-Reset": str(closest.reset_at),
        }

    def refuse(self) -> None:
        """
        Refuse the call if one of the limits was exceeded.
        """
        if self._exceeded:
            message = "Rate limit for the current endpoint has been exceeded. Please try again after some time."
            raise AppwriteError(429, "general_rate_limit_exceeded", message)

    def settle(self, status: int) -> None:
        """
        Forget what was counted towards an end that a call with *status* has reached, such as a login.
        """
        for limit in self._limits:
            if limit.resets and status == 201:
                self._world.limits.forget(self._key(limit), seconds=limit.seconds)

    def _key(self, limit: Limit) -> str:
        key = limit.key.format_map(self._values)
        return key if len(key) <= _MAX_KEY else hashlib.sha256(key.encode(errors="replace")).hexdigest()


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""
