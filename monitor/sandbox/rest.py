"""
The REST side: every request passes the same checks, in Appwrite's order, before its handler sees it.

route → origin → project given → identity → project exists → key → scope → blocked → already signed in → handler
"""

import json
from collections.abc import Mapping
from urllib.parse import unquote

from aiohttp import web

from monitor.sandbox.errors import AppwriteError, scope_missing
from monitor.sandbox.protocol.answers import Answer, no_such_page, preflight, respond
from monitor.sandbox.protocol.caller import CONSOLE, Caller, find_key, find_user
from monitor.sandbox.protocol.family import FAMILIES
from monitor.sandbox.protocol.lists import read_query
from monitor.sandbox.protocol.origins import origin_problem
from monitor.sandbox.protocol.routing import Call, Publisher, Route, Router
from monitor.sandbox.routes import account as account_routes
from monitor.sandbox.routes import health
from monitor.sandbox.routes import users as user_routes
from monitor.sandbox.routes.collections import CollectionRoutes
from monitor.sandbox.routes.documents import DocumentRoutes
from monitor.sandbox.state.world import World

ROUTER = Router(
    [
        *health.ROUTES,
        *account_routes.ROUTES,
        *user_routes.ROUTES,
        *(route for family in FAMILIES for route in CollectionRoutes(family).routes()),
        *(route for family in FAMILIES for route in DocumentRoutes(family).routes()),
    ]
)


def segments_of(request: web.BaseRequest) -> list[str]:
    """
    Return the path in its parts; empty ones do not exist, as with a real server.
    """
    return [unquote(part) for part in request.rel_url.raw_path.split("/") if part]


class Rest:
    """
    Answers everything under ``/v1`` but realtime.
    """

    def __init__(self, world: World, publisher: Publisher) -> None:
        self._world = world
        self._publisher = publisher

    async def answer(self, request: web.BaseRequest) -> web.Response:
        """
        Answer one request.
        """
        origin = request.headers.get("Origin")
        allowed = origin if origin_problem(origin, self._world.platforms) is None else None
        if request.method == "OPTIONS":
            return preflight(origin=allowed)
        version, *segments = segments_of(request) or [""]
        found = ROUTER.find(request.method, segments) if version == "v1" else None
        if found is None:
            return no_such_page()
        fields = await _read_fields(request)
        caller = Caller(project=_project(request, fields))
        try:
            caller = self._admit(request, found[0], caller.project)
            answer = self._handle(request, found, caller, fields)
        except AppwriteError as error:
            answer = Answer(status=error.status, body=error.envelope(self._world.profile))
        return respond(answer, by_fallback=caller.by_fallback, origin=allowed)

    def _handle(
        self,
        request: web.BaseRequest,
        found: tuple[Route, dict[str, str]],
        caller: Caller,
        fields: Mapping[str, object],
    ) -> Answer:
        route, path = found
        _require_admission(route, caller)
        call = Call(
            world=self._world,
            publisher=self._publisher,
            caller=caller,
            path=path,
            fields=fields,
            peer=request.remote or "",
            sends_origin="Origin" in request.headers,
        )
        return route.handler(call)

    def _admit(self, request: web.BaseRequest, route: Route, project: str) -> Caller:
        headers, secret = request.headers, request.headers.get("X-Appwrite-Key", "")
        problem = origin_problem(headers.get("Origin"), self._world.platforms)
        if problem and not secret:
            raise AppwriteError(403, "general_unknown_origin", problem)
        if route.project_only and project == CONSOLE:
            raise _no_project(named="X-Appwrite-Project" in headers)
        user = find_user(self._world, project=project, headers=headers, cookies=request.cookies)
        if project not in {self._world.project, CONSOLE}:
            raise health.project_not_found()
        if not secret:
            return user
        if not headers.get("X-Appwrite-Project"):
            message = "X-Appwrite-Project header is missing: an API key needs the ID of its project there."
            raise AppwriteError(403, "project_id_missing", message)
        key = find_key(self._world, secret)
        return Caller(project=project, key=key, by_fallback=user.by_fallback) if key else user


def _require_admission(route: Route, caller: Caller) -> None:
    if not caller.has_scope(route.scopes) and (caller.is_key or not route.clients_too):
        raise scope_missing(caller.title, route.scopes)
    if caller.user is not None:
        account_routes.require_enabled(caller.user)
    if route.signs_in and caller.user is not None:
        message = "Creation of a session is prohibited when a session is active."
        raise AppwriteError(401, "user_session_already_exists", message)


def _no_project(*, named: bool) -> AppwriteError:
    if named:
        return AppwriteError(
            401, "general_access_forbidden", "Access to this API is forbidden for the console project."
        )
    return AppwriteError(
        401,
        "general_access_forbidden",
        "No Appwrite project was specified. Please specify your project ID when initializing your Appwrite SDK.",
    )


def _project(request: web.BaseRequest, fields: Mapping[str, object]) -> str:
    """
    A parameter wins over the header; without either the console project is meant.
    """
    return str(fields.get("project") or request.headers.get("X-Appwrite-Project") or CONSOLE)


async def _read_fields(request: web.BaseRequest) -> Mapping[str, object]:
    if request.method in {"GET", "HEAD"}:
        return read_query(request.rel_url.query.items())
    body = await request.read()
    if request.content_type != "application/json":
        return {}
    try:
        fields = json.loads(body)
    except ValueError:
        return {}
    return fields if isinstance(fields, dict) else {}
