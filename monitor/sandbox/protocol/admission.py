"""
Who may pass: the checks that every call goes through before its handler, each ending it with Appwrite's error.

In their order: origin → identity → project exists → key → service and API switched on → scope → blocked → rate limit →
project needed → way to sign in switched on → already signed in. A real server looks whether a project is needed only
after the rate limit, as the recordings show by their headers.
"""

from dataclasses import replace

from aiohttp import web

from monitor.sandbox.errors import AppwriteError, project_not_found, scope_missing
from monitor.sandbox.protocol.caller import CONSOLE, Caller, find_key, find_user
from monitor.sandbox.protocol.gate import Gate
from monitor.sandbox.protocol.origins import origin_problem
from monitor.sandbox.protocol.routing import Route
from monitor.sandbox.state.accounts import User
from monitor.sandbox.state.world import World

# How Appwrite calls the ways to sign in when it refuses them.
_AUTH_METHODS = {
    "email-password": "Email / Password",
    "anonymous": "Anonymous",
    "jwt": "JWT",
}


def identify(world: World, request: web.BaseRequest, project: str, gate: Gate) -> Caller:
    """
    Return who calls: the checks from the origin to the key.
    """
    headers, secret = request.headers, request.headers.get("X-Appwrite-Key", "")
    developer = headers.get("X-Appwrite-Dev-Key", "") in world.developer_keys
    problem = origin_problem(headers.get("Origin"), world.platforms)
    if problem and not secret and not developer:
        raise AppwriteError(403, "general_unknown_origin", problem)
    user = find_user(world, project=project, headers=headers, cookies=request.cookies)
    if project not in {world.project, CONSOLE}:
        raise project_not_found()
    gate.admit(request, project)
    user = replace(user, is_developer=developer)
    if not secret:
        return user
    if not headers.get("X-Appwrite-Project"):
        message = "X-Appwrite-Project header is missing: an API key needs the ID of its project there."
        raise AppwriteError(403, "project_id_missing", message)
    key = find_key(world, secret, caller=user, names_user="X-Appwrite-User" in headers)
    return Caller(project=project, key=key, by_fallback=user.by_fallback) if key else user


def require_switched_on(world: World, route: Route, caller: Caller) -> None:
    """
    Refuse what is switched off in the console; server keys pass, and so does who means no project.
    """
    if caller.is_key or caller.project != world.project:
        return
    if route.service is not None and route.service in world.services_off:
        message = "The requested service is disabled. You can enable the service from the Appwrite console."
        raise AppwriteError(403, "general_service_disabled", message)
    if "rest" in world.protocols_off:
        message = "The requested API is disabled. You can enable the API from the Appwrite console."
        raise AppwriteError(403, "general_api_disabled", message)


def require_scope(route: Route, caller: Caller) -> None:
    """
    Refuse a caller who has none of the scopes of a route.
    """
    if not caller.has_scope(route.scopes) and (caller.is_key or not route.clients_too):
        raise scope_missing(caller.title, route.scopes)


def require_enabled(user: User) -> User:
    """
    Refuse a blocked user.
    """
    if not user.enabled:
        raise AppwriteError(403, "user_blocked", "The current user has been blocked.")
    return user


def require_project(route: Route, request: web.BaseRequest, project: str) -> None:
    """
    Refuse the console where a project is needed.
    """
    if not route.project_only or project != CONSOLE:
        return
    message = "No Appwrite project was specified. Please specify your project ID when initializing your Appwrite SDK."
    if request.headers.get("X-Appwrite-Project") or "project" in request.rel_url.query:
        message = "Access to this API is forbidden for the console project."
    raise AppwriteError(401, "general_access_forbidden", message)


def require_signing_in(world: World, route: Route, caller: Caller) -> None:
    """
    Refuse a way to sign in that is switched off, and who is signed in already.
    """
    method = route.auth_method if caller.project == world.project else None
    if method is not None and method in world.auth_methods_off and not caller.is_key:
        message = f"{_AUTH_METHODS.get(method, method)} authentication is disabled for this project"
        raise AppwriteError(501, "user_auth_method_unsupported", message)
    if route.signs_in and caller.user is not None:
        message = "Creation of a session is prohibited when a session is active."
        raise AppwriteError(401, "user_session_already_exists", message)
