"""
Routes on users, for server keys.
"""

from collections.abc import Callable

from monitor.sandbox.errors import AppwriteError, argument_missing
from monitor.sandbox.protocol.account_events import tell_session, tell_user
from monitor.sandbox.protocol.answers import Answer
from monitor.sandbox.protocol.listing import listed, matching
from monitor.sandbox.protocol.people import (
    read_email,
    read_labels,
    read_name,
    read_new_user,
    read_password,
    read_phone,
    read_prefs,
)
from monitor.sandbox.protocol.routing import Call, Route
from monitor.sandbox.protocol.sessions import show_session, show_user
from monitor.sandbox.routes.sessions import new_jwt, read_jwt_seconds, session_not_found
from monitor.sandbox.state.accounts import User
from monitor.sandbox.state.identifiers import stamp

_ASKABLE = (
    "name",
    "email",
    "phone",
    "status",
    "passwordUpdate",
    "registration",
    "emailVerification",
    "phoneVerification",
    "labels",
    "accessedAt",
)
_SEARCHED = ("$id", "email", "phone", "name")
_MAX_TOKEN_SECONDS = 31_536_000


def _list(call: Call) -> Answer:
    shown = [show_user(each) for each in call.world.accounts.users.values()]
    return listed(call, "users", matching(call, shown, of=_SEARCHED), askable=_ASKABLE)


def _create(call: Call) -> Answer:
    user = read_new_user(call, password_needed=False)
    tell_user(call, user, "create")
    return Answer(status=201, body=show_user(user))


def _get(call: Call) -> Answer:
    return Answer(body=show_user(_find(call)))


def _delete(call: Call) -> Answer:
    user = _find(call)
    call.world.accounts.delete(user)
    tell_user(call, user, "delete")
    return Answer(status=204)


def _get_prefs(call: Call) -> Answer:
    return Answer(body=_find(call).prefs)


def _set_prefs(call: Call) -> Answer:
    prefs, user = read_prefs(call), _find(call)
    user.prefs = prefs
    _updated(call, user, "update.prefs")
    return Answer(body=user.prefs)


def _setter(action: str, read: Callable[[Call], Callable[[User], None]]) -> Callable[[Call], Answer]:
    """
    A handler that reads a body before it looks the user up, as parameters are checked before the endpoint runs.
    """

    def handle(call: Call) -> Answer:
        change = read(call)
        user = _find(call)
        change(user)
        return _updated(call, user, f"update.{action}")

    return handle


def _status(call: Call) -> Callable[[User], None]:
    enabled = _needed_flag(call, "status")
    return lambda user: setattr(user, "enabled", enabled)


def _labels(call: Call) -> Callable[[User], None]:
    labels = read_labels(call)
    return lambda user: setattr(user, "labels", labels)


def _name(call: Call) -> Callable[[User], None]:
    name = read_name(call)
    return lambda user: setattr(user, "name", name)


def _email(call: Call) -> Callable[[User], None]:
    email = read_email(call)
    return lambda user: call.world.accounts.set_email(user, email)


def _phone(call: Call) -> Callable[[User], None]:
    number = read_phone(call, "number")
    return lambda user: setattr(user, "phone", number)


def _password(call: Call) -> Callable[[User], None]:
    password = read_password(call, may_be_empty=True)
    return lambda user: call.world.accounts.set_password(user, password)


def _email_verification(call: Call) -> Callable[[User], None]:
    verified = _needed_flag(call, "emailVerification")
    return lambda user: setattr(user, "email_verified", verified)


def _phone_verification(call: Call) -> Callable[[User], None]:
    verified = _needed_flag(call, "phoneVerification")
    return lambda user: setattr(user, "phone_verified", verified)


def _needed_flag(call: Call, name: str) -> bool:
    if call.fields.get(name) is None:
        raise argument_missing(name)
    return call.flag(name, default=False)


def _updated(call: Call, user: User, action: str) -> Answer:
    user.updated_at = call.world.now()
    tell_user(call, user, action)
    return Answer(body=show_user(user))


def _create_session(call: Call) -> Answer:
    user = _find(call)
    session = call.world.accounts.open_session(user, provider="server", ip=call.peer, agent=call.agent)
    tell_session(call, session, "create")
    return Answer(status=201, body=show_session(session, current=False, with_secret=True))


def _list_sessions(call: Call) -> Answer:
    sessions = [show_session(each, current=False, with_secret=False) for each in _find(call).sessions.values()]
    return Answer(body={"total": len(sessions), "sessions": sessions})


def _delete_sessions(call: Call) -> Answer:
    sessions = _find(call).sessions
    ended = list(sessions.values())
    sessions.clear()
    for each in ended:
        tell_session(call, each, "delete")
    return Answer(status=204)


def _delete_session(call: Call) -> Answer:
    session = _find(call).sessions.pop(call.path["session"], None)
    if session is None:
        raise session_not_found()
    tell_session(call, session, "delete")
    return Answer(status=204)


def _create_token(call: Call) -> Answer:
    length = call.whole_number("length", default=6, lowest=4, highest=128)
    seconds = call.whole_number("expire", default=900, lowest=60, highest=_MAX_TOKEN_SECONDS)
    user = _find(call)
    token = call.world.accounts.tokens.create(user.id, length=length, expire_seconds=seconds)
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
    wanted, seconds = call.text("sessionId", default="recent"), read_jwt_seconds(call)
    user = _find(call)
    recent = next(reversed(user.sessions), "")
    session_id = recent if wanted == "recent" else wanted
    return new_jwt(call, user, session_id=session_id if session_id in user.sessions else "", seconds=seconds)


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
    Route(method="GET", path="/users/{user}/prefs", handler=_get_prefs, scopes=_READ),
    Route(method="PATCH", path="/users/{user}/prefs", handler=_set_prefs, scopes=_WRITE),
    Route(method="PUT", path="/users/{user}/labels", handler=_setter("labels", _labels), scopes=_WRITE),
    *(
        Route(method="PATCH", path=f"/users/{{user}}/{part}", handler=_setter(action, read), scopes=_WRITE)
        for part, action, read in (
            ("status", "status", _status),
            ("name", "name", _name),
            ("email", "email", _email),
            ("phone", "phone", _phone),
            ("password", "password", _password),
            ("verification", "verification", _email_verification),
            ("verification/phone", "verification", _phone_verification),
        )
    ),
    Route(method="GET", path="/users/{user}/sessions", handler=_list_sessions, scopes=_READ),
    Route(method="POST", path="/users/{user}/sessions", handler=_create_session, scopes=_SESSIONS),
    Route(method="DELETE", path="/users/{user}/sessions", handler=_delete_sessions, scopes=_SESSIONS),
    Route(method="DELETE", path="/users/{user}/sessions/{session}", handler=_delete_session, scopes=_SESSIONS),
    Route(method="POST", path="/users/{user}/tokens", handler=_create_token, scopes=_WRITE),
    Route(method="POST", path="/users/{user}/jwts", handler=_create_jwt, scopes=_WRITE),
)
