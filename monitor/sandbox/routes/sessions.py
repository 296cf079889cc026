"""
Routes on the caller's own sessions: signing in, staying in, and out; and tokens that stand for a session.

Who names no project signs in to the console, where nobody is known.
"""

from monitor.sandbox.errors import AppwriteError
from monitor.sandbox.protocol.account_events import tell_session
from monitor.sandbox.protocol.admission import require_enabled
from monitor.sandbox.protocol.answers import Answer
from monitor.sandbox.protocol.caller import CONSOLE
from monitor.sandbox.protocol.people import read_email, read_password
from monitor.sandbox.protocol.routing import Call, Handler, Route
from monitor.sandbox.protocol.sessions import show_session, signed_in, signed_out
from monitor.sandbox.routes.account import me
from monitor.sandbox.state import jwt
from monitor.sandbox.state.accounts import Session, User, invalid_credentials
from monitor.sandbox.state.identifiers import unique_id
from monitor.sandbox.state.limits import Limit
from monitor.sandbox.state.tokens import invalid_token

MAX_JWT_SECONDS = 3600
DEFAULT_JWT_SECONDS = 900


def session_not_found() -> AppwriteError:
    """
    Say that the user has no such session.
    """
    return AppwriteError(404, "user_session_not_found", "The current user session could not be found.")


def read_jwt_seconds(call: Call) -> int:
    """
    Return how long a token is to last.
    """
    return call.whole_number("duration", default=DEFAULT_JWT_SECONDS, lowest=0, highest=MAX_JWT_SECONDS)


def new_jwt(call: Call, user: User, *, session_id: str, seconds: int) -> Answer:
    """
    Answer with a token for *user*, bound to a session unless *session_id* is empty.
    """
    expires = call.world.clock.now().timestamp() + seconds
    claims = {"userId": user.id, "sessionId": session_id, "exp": expires}
    return Answer(status=201, body={"jwt": jwt.sign(claims)})


def _sign_in_by_email(call: Call) -> Answer:
    email, password = read_email(call), read_password(call)
    if call.caller.project == CONSOLE:
        raise invalid_credentials()
    return _open(call, require_enabled(call.world.accounts.check_password(email, password)), "email")


def _sign_in_anonymously(call: Call) -> Answer:
    if call.caller.project == CONSOLE:
        raise AppwriteError(401, "user_anonymous_console_prohibited", "Failed to create anonymous user.")
    user = call.world.accounts.create(id_=unique_id())
    user.accessed_at = user.created_at
    return _open(call, user, "anonymous")


def _sign_in_by_token(call: Call) -> Answer:
    user_id, secret = call.text("userId"), call.text("secret")
    accounts = call.world.accounts
    if call.caller.project == CONSOLE:
        raise invalid_token()
    accounts.tokens.redeem(user_id, secret)
    return _open(call, require_enabled(accounts.users[user_id]), "token")


def _open(call: Call, user: User, provider: str) -> Answer:
    session = call.world.accounts.open_session(user, provider=provider, ip=call.peer, agent=call.agent)
    tell_session(call, session, "create")
    return signed_in(call, session)


def _list(call: Call) -> Answer:
    sessions = [_show(call, each) for each in me(call).sessions.values()]
    return Answer(body={"total": len(sessions), "sessions": sessions})


def _get(call: Call) -> Answer:
    return Answer(body=_show(call, _find(call)))


def _extend(call: Call) -> Answer:
    session = _find(call)
    call.world.accounts.extend(session)
    tell_session(call, session, "update")
    return Answer(body=_show(call, session))


def _delete(call: Call) -> Answer:
    session = _find(call)
    del me(call).sessions[session.id]
    tell_session(call, session, "delete")
    return signed_out(call) if session is call.caller.session else Answer(status=204)


def _delete_all(call: Call) -> Answer:
    sessions = me(call).sessions
    ended = list(sessions.values())
    sessions.clear()
    for each in ended:
        tell_session(call, each, "delete")
    return signed_out(call)


def _create_jwt(call: Call) -> Answer:
    seconds = read_jwt_seconds(call) if call.world.profile.jwt_durations else DEFAULT_JWT_SECONDS
    if call.caller.by_jwt:
        message = "A JWT cannot be created by a caller that signed in with a JWT."
        raise AppwriteError(403, "user_jwt_creation_denied", message)
    session = call.caller.session
    return new_jwt(call, me(call), session_id=session.id if session else "", seconds=seconds)


def _find(call: Call) -> Session:
    id_, current = call.path["session"], call.caller.session
    session = me(call).sessions.get(current.id if id_ == "current" and current else id_)
    if session is None:
        raise session_not_found()
    return session


def _show(call: Call, session: Session) -> dict[str, object]:
    return show_session(session, current=session is call.caller.session, with_secret=False)


def _login(path: str, handler: Handler, *, method: str | None, limit: Limit) -> Route:
    return Route(
        method="POST",
        path=path,
        handler=handler,
        scopes=("sessions.write",),
        clients_too=True,
        signs_in=True,
        auth_method=method,
        limits=(limit,),
    )


_OWN = ("account",)
# Under one key for both paths of a login, as with a real server.
_BY_EMAIL = Limit(count=10, seconds=3600, key="url:/account/sessions/email,email:{email}", resets=True)
_BY_TOKEN = Limit(count=10, seconds=3600, key="ip:{ip},userId:{userId}", resets=True)
_ANONYMOUS = Limit(count=50, seconds=3600, key="ip:{ip}")
_ENDS = (Limit(count=100, seconds=3600, key="url:{url},ip:{ip}"),)
_TOKENS = (Limit(count=120, seconds=60, key="url:/account/jwts,userId:{user}"),)

ROUTES = (
    *(
        _login(path, _sign_in_by_email, method="email-password", limit=_BY_EMAIL)
        for path in ("/account/sessions", "/account/sessions/email")
    ),
    _login("/account/sessions/anonymous", _sign_in_anonymously, method="anonymous", limit=_ANONYMOUS),
    _login("/account/sessions/token", _sign_in_by_token, method=None, limit=_BY_TOKEN),
    Route(method="GET", path="/account/sessions", handler=_list, scopes=_OWN),
    Route(method="DELETE", path="/account/sessions", handler=_delete_all, scopes=_OWN, limits=_ENDS),
    Route(method="GET", path="/account/sessions/{session}", handler=_get, scopes=_OWN),
    Route(method="PATCH", path="/account/sessions/{session}", handler=_extend, scopes=_OWN),
    Route(method="DELETE", path="/account/sessions/{session}", handler=_delete, scopes=_OWN, limits=_ENDS),
    *(
        Route(method="POST", path=path, handler=_create_jwt, scopes=_OWN, auth_method="jwt", limits=_TOKENS)
        for path in ("/account/jwts", "/account/jwt")
    ),
)
