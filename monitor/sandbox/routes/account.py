"""
Routes on the caller's own account, but for its sessions.

Not served: second factors, recovery and verification by mail, and OAuth, since no mail leaves the sandbox.
"""

from monitor.sandbox.errors import AppwriteError
from monitor.sandbox.protocol.account_events import tell_user
from monitor.sandbox.protocol.answers import Answer
from monitor.sandbox.protocol.caller import CONSOLE
from monitor.sandbox.protocol.people import read_email, read_name, read_new_user, read_password, read_prefs
from monitor.sandbox.protocol.routing import Call, Route
from monitor.sandbox.protocol.sessions import show_account, signed_out
from monitor.sandbox.state.accounts import User, invalid_credentials, proves
from monitor.sandbox.state.limits import Limit


def me(call: Call) -> User:
    """
    Return the caller, whom the scope ``account`` proves to be signed in.
    """
    if call.caller.user is None:
        raise invalid_credentials()
    return call.caller.user


def _create(call: Call) -> Answer:
    if call.caller.project == CONSOLE:
        message = (
            "Console registration is restricted to specific emails. Contact your administrator for more information."
        )
        raise AppwriteError(401, "user_email_not_whitelisted", message)
    user = read_new_user(call, password_needed=True)
    user.accessed_at = user.created_at
    tell_user(call, user, "create")
    return Answer(status=201, body=show_account(user))


def _get(call: Call) -> Answer:
    return Answer(body=show_account(me(call)))


def _delete(call: Call) -> Answer:
    user = me(call)
    call.world.accounts.delete(user)
    tell_user(call, user, "delete")
    return signed_out(call)


def _get_prefs(call: Call) -> Answer:
    return Answer(body=me(call).prefs)


def _set_prefs(call: Call) -> Answer:
    me(call).prefs = read_prefs(call)
    return _updated(call, "update.prefs")


def _set_name(call: Call) -> Answer:
    me(call).name = read_name(call)
    return _updated(call, "update.name")


def _set_email(call: Call) -> Answer:
    user, email, password = me(call), read_email(call), read_password(call)
    if user.password is not None and not proves(user, password):
        raise invalid_credentials()
    call.world.accounts.set_email(user, email)
    if user.password is None:
        # So an anonymous account becomes one that can sign in.
        call.world.accounts.set_password(user, password)
    return _updated(call, "update.email")


def _set_password(call: Call) -> Answer:
    user, password = me(call), read_password(call)
    if user.password is not None and not proves(user, call.text("oldPassword", default="")):
        raise invalid_credentials()
    call.world.accounts.set_password(user, password)
    return _updated(call, "update.password")


def _updated(call: Call, action: str) -> Answer:
    user = me(call)
    user.updated_at = call.world.now()
    tell_user(call, user, action)
    return Answer(body=show_account(user))


_OWN = ("account",)

ROUTES = (
    Route(
        method="POST",
        path="/account",
        handler=_create,
        scopes=("sessions.write",),
        clients_too=True,
        auth_method="email-password",
        limits=(Limit(count=10, seconds=3600, key="url:{url},ip:{ip}"),),
    ),
    Route(method="GET", path="/account", handler=_get, scopes=_OWN),
    Route(method="DELETE", path="/account", handler=_delete, scopes=_OWN),
    Route(method="GET", path="/account/prefs", handler=_get_prefs, scopes=_OWN),
    Route(method="PATCH", path="/account/prefs", handler=_set_prefs, scopes=_OWN),
    Route(method="PATCH", path="/account/name", handler=_set_name, scopes=_OWN),
    Route(method="PATCH", path="/account/email", handler=_set_email, scopes=_OWN),
    Route(method="PATCH", path="/account/password", handler=_set_password, scopes=_OWN),
)
