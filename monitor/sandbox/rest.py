"""
The REST side: every request passes the same checks, in Appwrite's order, before its handler sees it.
"""

import logging
from collections.abc import Mapping
from dataclasses import dataclass, replace

from aiohttp import web

from monitor.sandbox.errors import AppwriteError, route_not_found, server_error
from monitor.sandbox.protocol.admission import (
    identify,
    require_enabled,
    require_project,
    require_scope,
    require_signing_in,
    require_switched_on,
)
from monitor.sandbox.protocol.allowance import Allowance
from monitor.sandbox.protocol.answers import Answer, Audience, error_page, from_proxy, preflight, respond
from monitor.sandbox.protocol.caller import CONSOLE, Caller, find_key, sent_session
from monitor.sandbox.protocol.family import FAMILIES
from monitor.sandbox.protocol.formats import Format
from monitor.sandbox.protocol.gate import Gate
from monitor.sandbox.protocol.origins import origin_problem, same_site
from monitor.sandbox.protocol.reading import read_fields, segments_of
from monitor.sandbox.protocol.routing import Call, Publisher, Route, Router
from monitor.sandbox.routes import account as account_routes
from monitor.sandbox.routes import functions, health, locale, memberships, messaging, targets, teams
from monitor.sandbox.routes import sessions as session_routes
from monitor.sandbox.routes import users as user_routes
from monitor.sandbox.routes.attributes import AttributeRoutes
from monitor.sandbox.routes.collections import CollectionRoutes
from monitor.sandbox.routes.counters import CounterRoutes
from monitor.sandbox.routes.databases import DatabaseRoutes
from monitor.sandbox.routes.documents import DocumentRoutes
from monitor.sandbox.routes.indexes import IndexRoutes
from monitor.sandbox.routes.transactions import TransactionRoutes
from monitor.sandbox.state.world import World

log = logging.getLogger(__name__)

ROUTER = Router(
    [
        *health.ROUTES,
        *locale.ROUTES,
        *account_routes.ROUTES,
        *session_routes.ROUTES,
        *user_routes.ROUTES,
        *(route for each in (teams, memberships, targets, messaging, functions) for route in each.ROUTES),
        *(route for family in FAMILIES for route in DatabaseRoutes(family).routes()),
        *(route for family in FAMILIES for route in CollectionRoutes(family).routes()),
        *(route for family in FAMILIES for route in AttributeRoutes(family).routes()),
        *(route for family in FAMILIES for route in IndexRoutes(family).routes()),
        *(route for family in FAMILIES for route in DocumentRoutes(family).routes()),
        *(route for family in FAMILIES for route in CounterRoutes(family).routes()),
        *(route for family in FAMILIES for route in TransactionRoutes(family).routes()),
    ]
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """
    A request with the route that serves it.
    """

    request: web.BaseRequest
    route: Route
    path: Mapping[str, str]
    fields: Mapping[str, object]

    @property
    def project(self) -> str:
        """
        The project that is meant: a parameter wins over the header; without either it is the console.
        """
        return _project_of(self.request, self.fields)


class Rest:
    """
    Answers everything under ``/v1`` but realtime.
    """

    def __init__(self, world: World, publisher: Publisher, gate: Gate | None = None) -> None:
        self._world = world
        self._publisher = publisher
        self._gate = gate or Gate()

    async def answer(self, request: web.BaseRequest) -> web.Response:
        """
        Answer one request.
        """
        origin = request.headers.get("Origin")
        allowed = origin if origin_problem(origin, self._world.platforms) is None else None
        if request.method == "OPTIONS":
            return preflight(origin=allowed)
        audience = Audience(origin=allowed, reads_gzip=_reads_gzip(request))
        try:
            return await self._serve(request, audience)
        except web.HTTPRequestEntityTooLarge as error:
            return from_proxy(error.status)
        except (web.RequestPayloadError, ConnectionError):
            # The body is broken off; perhaps nobody is there to read the answer any more.
            return from_proxy(400)
        except TimeoutError:
            return from_proxy(408)
        except Exception:
            # A bug of the sandbox: told in the log, and to the caller no more than a real server tells.
            log.exception("request.failed: %s %s", request.method, request.rel_url.raw_path)
            return respond(Answer(status=500, body=server_error().envelope(self._world.profile)), audience)

    async def _serve(self, request: web.BaseRequest, audience: Audience) -> web.Response:
        version, *segments = segments_of(request) or [""]
        found = ROUTER.find(request.method, segments) if version == "v1" else None
        fields = await read_fields(request)
        if found is None:
            return self._no_route(request, _project_of(request, fields), audience)
        visit = Visit(request=request, route=found[0], path=found[1], fields=fields)
        answer, bad_jwt = self._answer(visit)
        by_fallback = sent_session(visit.project, request.headers, request.cookies)[1]
        return respond(answer, replace(audience, by_fallback=by_fallback, resolved_twice=bad_jwt))

    def _no_route(self, request: web.BaseRequest, project: str, audience: Audience) -> web.Response:
        """
        A page; as recorded, a bad key is told of before the missing route is.
        """
        secret = request.headers.get("X-Appwrite-Key", "")
        error = route_not_found()
        if secret and project == self._world.project:
            try:
                find_key(self._world, secret, caller=Caller(project=project), names_user=False)
            except AppwriteError as bad_key:
                error = bad_key
        by_fallback = sent_session(project, request.headers, request.cookies)[1]
        return error_page(error.envelope(self._world.profile), replace(audience, by_fallback=by_fallback))

    def _answer(self, visit: Visit) -> tuple[Answer, bool]:
        """
        The answer, and whether it is that the caller's JWT is bad.
        """
        wished = Format(visit.request.headers.get("X-Appwrite-Response-Format", ""), self._world.profile)
        headers = wished.headers()
        bad_jwt = False
        try:
            answer = self._handle(visit, headers)
            answer = replace(answer, body=wished.shape(answer.body))
        except AppwriteError as error:
            bad_jwt = error.kind == "user_jwt_invalid"
            answer = Answer(status=error.status, body=error.envelope(self._world.profile))
        return replace(answer, headers=headers | dict(answer.headers)), bad_jwt

    def _handle(self, visit: Visit, headers: dict[str, str]) -> Answer:
        """
        Pass the checks in Appwrite's order, adding to *headers* what is told even when one of them fails.
        """
        world, request, route = self._world, visit.request, visit.route
        caller = identify(world, request, visit.project, self._gate)
        require_switched_on(world, route, caller)
        require_scope(route, caller)
        if caller.user is not None:
            world.accounts.touch(require_enabled(caller.user))
        allowance = Allowance(world, route, caller, peer=request.remote or "", fields=visit.fields)
        headers.update(allowance.spend())
        allowance.refuse()
        require_project(route, request, visit.project)
        require_signing_in(world, route, caller)
        call = self._call(visit, caller)
        self._gate.before(call, route)
        answer = self._gate.after(call, route, route.handler(call))
        allowance.settle(answer.status)
        return answer

    def _call(self, visit: Visit, caller: Caller) -> Call:
        request = visit.request
        return Call(
            world=self._world,
            publisher=self._publisher,
            caller=caller,
            path=visit.path,
            fields=visit.fields,
            peer=request.remote or "",
            agent=request.headers.get("User-Agent", ""),
            same_site=same_site(request.headers.get("Origin"), request.headers.get("Host", "")),
        )


def _project_of(request: web.BaseRequest, fields: Mapping[str, object]) -> str:
    return str(fields.get("project") or request.headers.get("X-Appwrite-Project") or CONSOLE)


def _reads_gzip(request: web.BaseRequest) -> bool:
    return "gzip" in request.headers.get("Accept-Encoding", "")
