"""
The project and who may call it: region, plan, keys, sessions, origins, and what the console switched off.
"""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Literal

from aiohttp import web
from pydantic import Field, field_validator

from monitor.core.cause import Cause
from monitor.core.errors import unknown
from monitor.sandbox.errors import AppwriteError, project_not_found, unauthorized
from monitor.sandbox.faults.fault import Fault, Switch
from monitor.sandbox.faults.scope import identity_of
from monitor.sandbox.faults.service import refuse_socket
from monitor.sandbox.protocol.caller import CONSOLE
from monitor.sandbox.protocol.routing import SERVICES, Call, Route
from monitor.sandbox.state.accounts import Session
from monitor.sandbox.state.world import ApiKey

_VERSION_PATH = "/v1/health/version"
_ANOTHER_REGION = "Project is not accessible in this region. Please make sure you are using the correct endpoint"
_PAUSED = "Project is paused due to inactivity. Please restore it from the console to resume operations."
_LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)
_CENTURY_SECONDS = 3.2e9


class ProjectMissing(Fault):
    """
    There is no project of this id, as when a client was built with another one. Shows F06.

    Who names no project, as to ask for the version, is not concerned.
    """

    cause = Cause.PROJECT_MISSING

    def admit(self, request: web.BaseRequest, project: str) -> None:  # noqa: ARG002 - a seam
        if project != CONSOLE:
            raise project_not_found()

    async def open(self, request: web.Request) -> web.StreamResponse | None:
        return await refuse_socket(request, code=1008, message="Missing or unknown project ID")


class WrongRegion(Fault):
    """
    The project lives in another region than this endpoint. Shows F06.

    What REST answers is from reports of users of the cloud, not from a recording. Who names no project, as to ask for
    the version, is not concerned.
    """

    cause = Cause.WRONG_REGION

    def admit(self, request: web.BaseRequest, project: str) -> None:
        if project == CONSOLE:
            return
        if identity_of(request) == "key":
            raise unauthorized()
        raise AppwriteError(401, "general_access_forbidden", _ANOTHER_REGION)

    async def open(self, request: web.Request) -> web.StreamResponse | None:
        return await refuse_socket(request, code=401, message=_ANOTHER_REGION)


class ProjectPaused(Fault):
    """
    The cloud paused the project for inactivity: 403 to every call on it, while the version is told on.

    The type of the error and what realtime says are guesses: no recording and no report names them.
    """

    cause = Cause.PROJECT_PAUSED

    def admit(self, request: web.BaseRequest, project: str) -> None:  # noqa: ARG002 - a seam
        if request.path != _VERSION_PATH:
            raise AppwriteError(403, "project_paused", _PAUSED)

    async def open(self, request: web.Request) -> web.StreamResponse | None:
        return await refuse_socket(request, code=403, message=_PAUSED)


class Quota(Fault):
    """
    The plan's quota is used up: 402 to reads of documents, or to everything.
    """

    cause = Cause.QUOTA
    of: Literal["reads", "everything"] = Field(default="reads", description="what is refused")

    def admit(self, request: web.BaseRequest, project: str) -> None:  # noqa: ARG002 - a seam
        if self.of == "everything" and request.path != _VERSION_PATH:
            raise _spent("bandwidth_limit_exceeded", "bandwidth")

    def before(self, call: Call, route: Route) -> None:  # noqa: ARG002 - a seam
        if route.method == "GET" and {"documents.read", "rows.read"}.intersection(route.scopes):
            raise _spent("database_read_cycle_limit_exceeded", "database reads")


class KeyInvalid(Fault):
    """
    The server keys are revoked or have expired: the monitor's own trouble, which is no outage.
    """

    cause = Cause.KEY_INVALID
    pages = False
    how: Literal["revoked", "expired"] = Field(default="revoked", description="what happened to the keys")

    def see_key(self, key: ApiKey) -> ApiKey | None:
        return replace(key, expires_at=_LONG_AGO) if self.how == "expired" else None


class KeyScope(Fault):
    """
    The server keys lack scopes: the monitor's own trouble, which is no outage.
    """

    cause = Cause.KEY_SCOPE
    pages = False
    scopes: tuple[str, ...] = Field(
        default=("databases.read", "collections.read", "tables.read"),
        strict=False,
        max_length=100,
        description="the scopes that are lacking",
    )

    def see_key(self, key: ApiKey) -> ApiKey | None:
        return replace(key, lacks=key.lacks | set(self.scopes))


class SessionInvalid(Fault):
    """
    Sessions have ended, whose bearers are guests then, and JWTs have expired; open sockets go on.
    """

    cause = Cause.SESSION_INVALID
    sessions: bool = Field(default=True, description="sessions have ended")
    jwts: bool = Field(default=True, description="JWTs have expired")

    def see_session(self, session: Session) -> Session | None:
        return None if self.sessions else session

    def token_time(self, now: float) -> float:
        return now + _CENTURY_SECONDS if self.jwts else now


class OriginBlocked(Fault):
    """
    The site is not registered as a platform: red in the browser, green from anywhere else. Shows F25.
    """

    cause = Cause.ORIGIN_BLOCKED
    hosts: tuple[str, ...] = Field(
        default=(), strict=False, max_length=100, description="hosts that are not registered; empty for all"
    )

    def hides_platform(self, host: str) -> bool:
        return not self.hosts or host in self.hosts


class ApiDisabled(Fault):
    """
    Services, or whole protocols, are switched off in the console; server keys pass.
    """

    cause = Cause.API_DISABLED
    services: tuple[str, ...] = Field(
        default=("databases",),
        strict=False,
        max_length=len(SERVICES),
        description=f"of {', '.join(sorted(SERVICES))}",
    )
    protocols: tuple[Literal["rest", "graphql", "websocket"], ...] = Field(
        default=(), strict=False, max_length=3, description="protocols beside them"
    )

    @field_validator("services")
    @classmethod
    def _known(cls, services: tuple[str, ...]) -> tuple[str, ...]:
        for name in services:
            if name not in SERVICES:
                raise ValueError(unknown("service", name, SERVICES))
        return services

    def switches_off(self, kind: Switch, name: str) -> bool:
        return name in {"service": self.services, "protocol": self.protocols}.get(kind, ())


class LoginMethodDisabled(Fault):
    """
    A way to sign in is switched off in the console: 501.
    """

    cause = Cause.FEATURE_DISABLED
    pages = False
    method: Literal["anonymous", "email-password", "jwt"] = Field(
        default="anonymous", description="how nobody can sign in"
    )

    def switches_off(self, kind: Switch, name: str) -> bool:
        return kind == "login" and name == self.method


def _spent(kind: str, of: str) -> AppwriteError:
    return AppwriteError(402, kind, f"The {of} of the current plan have been used up. Please upgrade your plan.")
