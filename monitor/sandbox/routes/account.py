"""
Routes on the caller's own account: signing up, in and out.
"""

import re

from monitor.sandbox.errors import AppwriteError, argument_invalid, argument_missing
from monitor.sandbox.protocol.answers import Answer
from monitor.sandbox.protocol.routing import Call, Route
from monitor.sandbox.protocol.sessions import show_account, show_session, signed_in, signed_out
from monitor.sandbox.state import jwt
from monitor.sandbox.state.accounts import User
from monitor.sandbox.state.identifiers import chosen_id, unique_id

MAX_JWT_SECONDS = 3600
DEFAULT_JWT_SECONDS = 900

_EMAIL = re.compile(r"[^@\s]+@[^@\s.]+(\.[^@\s.]+)+")


def read_new_user(call: Call, *, password_needed: bool) -> User:
    """
    Create the user that a body describes.
    """
    id_ = call.fields.get("userId")
    if id_ is None:
        raise argument_missing("userId")
    user_id = chosen_id(id_, "userId")
    email = read_email(call) if password_needed or call.fields.get("email") else None
    password = read_password(call) if password_needed or call.fields.get("password") else None
    name = call.text("name", default="")
    return call.world.accounts.create(id_=user_id, name=name, email=email, password=password)


def read_email(call: Call) -> str:
    """
    Return the e-mail of a body, in lower case.
    """
    email = call.text("email")
    if not _EMAIL.fullmatch(email):
        raise argument_invalid("email", "Value must be a valid email address")
    return email.lower()


def read_password(call: Call) -> str:
    """
    Return the password of a body.
    """
    password = call.text("password")
    if not 8 <= len(password) <= 256:
        raise argument_invalid("password", "Password must be between 8 and 256 characters long.")
    return password


def require_enabled(user: User) -> User:
    """
    Refuse a blocked user.
    """
    if not user.enabled:
        raise AppwriteError(403, "user_blocked", "The current user has been blocked.")
    return user


def session_not_found() -> AppwriteError:
    """
    Say that the user has no such session.
    """
    return AppwriteError(404, "user_session_not_found", "The current user session could not be found.")


def new_jwt(call: Call, user: User, *, session_id: str) -> Answer:
    """
    Answer with a token for *user*, bound to a session unless *session_id* is empty.
    """
    seconds = call.whole_number("duration", default=DEFAULT_JWT_SECONDS, lowest=0, highest=MAX_JWT_SECONDS)
    expires = call.world.clock.now().timestamp() + seconds
    claims = {"userId": user.id, "sessionId": session_id, "exp": expires}
    return Answer(status=201, body={"jwt": jwt.sign(claims)})


def _create(call: Call) -> Answer:
    return Answer(status=201, body=show_account(read_new_user(call, password_needed=True)))


def _get(call: Call) -> Answer:
    return Answer(body=show_account(_me(call)))


def _delete(call: Call) -> Answer:
    call.world.accounts.delete(_me(call))
    return Answer(status=204)


def _sign_in_by_email(call: Call) -> Answer:
    email, password = read_email(call), read_password(call)
    user = require_enabled(call.world.accounts.check_password(email, password))
    return signed_in(call, call.world.accounts.open_session(user, provider="email", ip=call.peer))


def _sign_in_anonymously(call: Call) -> Answer:
    user = call.world.accounts.create(id_=unique_id())
    return signed_in(call, call.world.accounts.open_session(user, provider="anonymous", ip=call.peer))


def _sign_in_by_token(call: Call) -> Answer:
    user_id, secret = call.text("userId"), call.text("secret")
    user = require_enabled(call.world.accounts.redeem_token(user_id, secret))
    return signed_in(call, call.world.accounts.open_session(user, provider="token", ip=call.peer))


def _list_sessions(call: Call) -> Answer:
    sessions = [
        show_session(each, current=each is call.caller.session, with_secret=False)
        for each in _me(call).sessions.values()
    ]
    return Answer(body={"total": len(sessions), "sessions": sessions})


def _get_session(call: Call) -> Answer:
    session = _me(call).sessions.get(_session_id(call))
    if session is None:
        raise session_not_found()
    return Answer(body=show_session(session, current=session is call.caller.session, with_secret=False))


def _delete_session(call: Call) -> Answer:
    session = _me(call).sessions.pop(_session_id(call), None)
    if session is None:
        raise session_not_found()
    return signed_out(call) if session is call.caller.session else Answer(status=204)


def _create_jwt(call: Call) -> Answer:
    if call.caller.by_jwt:
        message = "A JWT cannot be created by a caller that signed in with a JWT."
        raise AppwriteError(403, "user_jwt_creation_denied", message)
    session = call.caller.session
    return new_jwt(call, _me(call), session_id=session.id if session else "")


def _session_id(call: Call) -> str:
    id_ = call.path["session"]
    current = call.caller.session
    return current.id if id_ == "current" and current else id_


def _me(call: Call) -> User:
    # The scope "account" is held by signed-in users only.
    if call.caller.user is None:
        raise session_not_found()
    return call.caller.user


_OWN = ("account",)
_SIGN_UP = ("sessions.write",)

ROUTES = (
    Route(method="POST", path="/account", handler=_create, scopes=_SIGN_UP, clients_too=True),
    Route(method="GET", path="/account", handler=_get, scopes=_OWN),
    Route(method="DELETE", path="/account", handler=_delete, scopes=_OWN),
    *(
        Route(method="POST", path=path, handler=handler, scopes=_SIGN_UP, clients_too=True, signs_in=True)
        for path, handler in (
            ("/account/sessions", _sign_in_by_email),
            ("/account/sessions/email", _sign_in_by_email),
            ("/account/sessions/anonymous", _sign_in_anonymously),
            ("/account/sessions/token", _sign_in_by_token),
        )
    ),
    Route(method="GET", path="/account/sessions", handler=_list_sessions, scopes=_OWN),
    Route(method="GET", path="/account/sessions/{session}", handler=_get_session, scopes=_OWN),
    Route(method="DELETE", path="/account/sessions/{session}", handler=_delete_session, scopes=_OWN),
    Route(method="POST", path="/account/jwts", handler=_create_jwt, scopes=_OWN),
    Route(method="POST", path="/account/jwt", handler=_create_jwt, scopes=_OWN),
)
