"""
Routes on users, for server keys.
"""

from monitor.sandbox.errors import AppwriteError, argument_missing
from monitor.sandbox.protocol.answers import Answer
from monitor.sandbox.protocol.routing import Call, Route
from monitor.sandbox.protocol.sessions import show_session, show_user
from monitor.sandbox.routes.account import new_jwt, read_new_user, session_not_found
from monitor.sandbox.state.accounts import User
from monitor.sandbox.state.identifiers import stamp
from monitor.sandbox.state.queries import cursor_not_found, cursor_of, parse, select

_ASKABLE = ("name", "email", "phone", "status", "passwordUpdate", "registration", "emailVerification", "labels")
_MAX_TOKEN_SECONDS = 31_536_000


def _list(call: Call) -> Answer:
    users = call.world.accounts.users
    queries = parse(call.texts("queries"), attributes=_ASKABLE)
    cursor = cursor_of(queries)
    if cursor is not None and cursor not in users:
        raise cursor_not_found(cursor, noun="user")
    searched = call.text("search", default="").lower()
    found = [each for each in users.values() if searched in f"{each.id} {each.email or ''} {each.name}".lower()]
    page = select(queries, [show_user(each) for each in found])
    return Answer(body={"total": page.total, "users": list(page.records)})


def _create(call: Call) -> Answer:
    return Answer(status=201, body=show_user(read_new_user(call, password_needed=False)))


def _get(call: Call) -> Answer:
    return Answer(body=show_user(_find(call)))


def _delete(call: Call) -> Answer:
    call.world.accounts.delete(_find(call))
    return Answer(status=204)


def _set_status(call: Call) -> Answer:
    if call.fields.get("status") is None:
        raise argument_missing("status")
    user = _find(call)
    user.enabled = call.flag("status", default=user.enabled)
    user.updated_at = call.world.now()
    return Answer(body=show_user(user))


def _create_session(call: Call) -> Answer:
    session = call.world.accounts.open_session(_find(call), provider="server", ip=call.peer)
    return Answer(status=201, body=show_session(session, current=False, with_secret=True))


def _list_sessions(call: Call) -> Answer:
    sessions = [show_session(each, current=False, with_secret=False) for each in _find(call).sessions.values()]
    return Answer(body={"total": len(sessions), "sessions": sessions})


def _delete_sessions(call: Call) -> Answer:
    _find(call).sessions.clear()
    return Answer(status=204)


def _delete_session(call: Call) -> Answer:
    if _find(call).sessions.pop(call.path["session"], None) is None:
        raise session_not_found()
    return Answer(status=204)


def _create_token(call: Call) -> Answer:
    length = call.whole_number("length", default=6, lowest=4, highest=128)
    seconds = call.whole_number("expire", default=900, lowest=60, highest=_MAX_TOKEN_SECONDS)
    user = _find(call)
    token = call.world.accounts.create_token(user, length=length, expire_seconds=seconds)
    shown = {
        "$id": token.id,
        "$createdAt": call.world.now(),
        "userId": user.id,
        "secret": token.secret,
        "expire": stamp(token.expires_at),
        "phrase": "",
    }
    return Answer(status=201, body=shown)


def _create_jwt(call: Call) -> Answer:
    wanted = call.text("sessionId", default="recent")
    user = _find(call)
    recent = next(reversed(user.sessions), "")
    session_id = recent if wanted == "recent" else wanted
    return new_jwt(call, user, session_id=session_id if session_id in user.sessions else "")


def _find(call: Call) -> User:
    user = call.world.accounts.users.get(call.path["user"])
    if user is None:
        raise AppwriteError(404, "user_not_found", "User with the requested ID could not be found.")
    return user


_READ = ("users.read",)
_WRITE = ("users.write",)
_SESSIONS = ("users.write", "sessions.write")

ROUTES = (
    Route(method="GET", path="/users", handler=_list, scopes=_READ),
    Route(method="POST", path="/users", handler=_create, scopes=_WRITE),
    Route(method="GET", path="/users/{user}", handler=_get, scopes=_READ),
    Route(method="DELETE", path="/users/{user}", handler=_delete, scopes=_WRITE),
    Route(method="PATCH", path="/users/{user}/status", handler=_set_status, scopes=_WRITE),
    Route(method="GET", path="/users/{user}/sessions", handler=_list_sessions, scopes=_READ),
    Route(method="POST", path="/users/{user}/sessions", handler=_create_session, scopes=_SESSIONS),
    Route(method="DELETE", path="/users/{user}/sessions", handler=_delete_sessions, scopes=_SESSIONS),
    Route(method="DELETE", path="/users/{user}/sessions/{session}", handler=_delete_session, scopes=_SESSIONS),
    Route(method="POST", path="/users/{user}/tokens", handler=_create_token, scopes=_WRITE),
    Route(method="POST", path="/users/{user}/jwts", handler=_create_jwt, scopes=_WRITE),
)
