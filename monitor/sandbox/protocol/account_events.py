"""
What the sockets of a user are told of his account.
"""

from monitor.sandbox.protocol.announcing import channels_of, names_of
from monitor.sandbox.protocol.routing import Call
from monitor.sandbox.protocol.sessions import show_account, show_session
from monitor.sandbox.state.accounts import Session, User


def tell_user(call: Call, user: User, action: str) -> None:
    """
    Announce what was done to *user*; *action* may name what was changed: ``update.email``.
    """
    verb, _, changed = action.partition(".")
    names = names_of({"users": user.id}, verb)
    if changed:
        names = [f"{name}.{changed}" for name in names if name.endswith(f".{verb}")] + names
    _announce(call, user.id, names, verb, show_account(user))


def tell_session(call: Call, session: Session, action: str) -> None:
    """
    Announce what was done to a session.
    """
    names = names_of({"users": session.user_id, "sessions": session.id}, action)
    _announce(call, session.user_id, names, action, show_session(session, current=False, with_secret=False))


def _announce(call: Call, user_id: str, names: list[str], action: str, payload: dict[str, object]) -> None:
    call.publisher.announce(
        names=names,
        channels=channels_of(["account", f"account.{user_id}"], action, call.world.profile),
        roles=[f"user:{user_id}"],
        payload=payload,
    )
