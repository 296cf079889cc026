"""
Whose socket it is.

A JWT or a session that the server does not take makes no error: the socket opens, as a guest's, and stays silent.
"""

from monitor.appwrite.failures import failed
from monitor.appwrite.realtime import Subscription
from monitor.core.identity import Guest, User
from monitor.core.outcome import Reason
from monitor.core.run import Run


def demand_owner(socket: Subscription, identity_name: str, *, run: Run) -> None:
    """
    Raise ``CheckFailed`` (``unauthorized``) unless *socket* belongs to the declared identity.
    """
    identity = run.identities.get(identity_name, Guest())
    belongs = {
        Guest: socket.user_id is None,
        User: isinstance(identity, User) and socket.user_id == identity.user_id,
    }.get(type(identity), socket.user_id is not None)
    if not belongs:
        owner = socket.user_id or "a guest"
        text = f"the socket of {identity_name!r} belongs to {owner}: check its session, JWT and project"
        raise failed(Reason.UNAUTHORIZED, text, identity=identity_name, socket_user=socket.user_id)
