"""
How users and sessions are shown, and what cookies a login sets.
"""

from email.utils import format_datetime

from monitor.sandbox.protocol.answers import Answer, dump
from monitor.sandbox.protocol.routing import Call
from monitor.sandbox.state.accounts import SESSION_SECONDS, Session, User
from monitor.sandbox.state.identifiers import stamp

_CLIENT = [
    "osCode",
    "osName",
    "osVersion",
    "clientType",
    "clientCode",
    "clientName",
    "clientVersion",
    "clientEngine",
    "clientEngineVersion",
    "deviceName",
    "deviceBrand",
    "deviceModel",
]
_FACTORS = {"email": "password"}


def show_account(user: User) -> dict[str, object]:
    """
    Return a user as the user sees it; also what realtime sends as ``user``.
    """
    return {
        "$id": user.id,
        "$createdAt": user.created_at,
        "$updatedAt": user.updated_at,
        "name": user.name,
        "registration": user.created_at,
        "status": user.enabled,
        "labels": list(user.labels),
        "passwordUpdate": user.created_at if user.password else "",
        "email": user.email or "",
        "phone": "",
        "emailVerification": user.email_verified,
        "emailCanonical": user.email,
        # As a real server finds for example.com.
        "emailIsFree": False if user.email else None,
        "emailIsDisposable": True if user.email else None,
        "emailIsCorporate": False if user.email else None,
        "emailIsCanonical": True if user.email else None,
        "phoneVerification": False,
        "mfa": False,
        "prefs": {},
        "targets": _targets(user),
        "accessedAt": user.created_at,
        "impersonator": False,
        "impersonatorUserId": None,
    }


def show_user(user: User) -> dict[str, object]:
    """
    Return a user as server keys see it: with the hash of the password, here of nothing.
    """
    return show_account(user) | {
        "password": "$argon2id$v=19$m=65536,t=4,p=3$c2FuZGJveA$c2FuZGJveA" if user.password else "",
        "hash": "argon2",
        "hashOptions": {"type": "argon2", "memory_cost": 65536, "time_cost": 4, "threads": 3},
    }


def show_session(session: Session, *, current: bool, with_secret: bool) -> dict[str, object]:
    """
    Return a session; only server keys see its secret.
    """
    return {
        "$id": session.id,
        "$createdAt": session.created_at,
        "$updatedAt": session.created_at,
        "userId": session.user_id,
        "expire": stamp(session.expires_at),
        "provider": session.provider,
        "providerUid": session.provider_uid,
        "providerAccessToken": "",
        "providerAccessTokenExpiry": "",
        "providerRefreshToken": "",
        "ip": session.ip,
        **dict.fromkeys(_CLIENT, ""),
        "countryCode": "--",
        "countryName": "Unknown",
        "current": current,
        "factors": [_FACTORS.get(session.provider, session.provider)],
        "secret": session.encoded if with_secret else "",
        "mfaUpdatedAt": "",
    }


def signed_in(call: Call, session: Session) -> Answer:
    """
    Answer a login: two cookies, and their content once more in a header for callers without a known origin.
    """
    name, until = f"a_session_{call.caller.project}", format_datetime(session.expires_at, usegmt=True)
    cookie = f"{session.encoded}; expires={until}; Max-Age={SESSION_SECONDS}; path=/; HttpOnly"
    headers = {} if call.sends_origin else {"X-Fallback-Cookies": dump({name: session.encoded})}
    return Answer(
        status=201,
        body=show_session(session, current=True, with_secret=call.caller.is_key),
        headers=headers,
        cookies=(f"{name}_legacy={cookie}", f"{name}={cookie}; SameSite=None"),
    )


def signed_out(call: Call) -> Answer:
    """
    Answer a logout: both cookies are taken back.
    """
    name = f"a_session_{call.caller.project}"
    cookie = "deleted; expires=Thu, 01-Jan-1970 00:00:01 GMT; Max-Age=0; path=/; HttpOnly"
    return Answer(
        status=204,
        headers={"X-Fallback-Cookies": "[]"},
        cookies=(f"{name}_legacy={cookie}", f"{name}={cookie}; SameSite=None"),
    )


def _targets(user: User) -> list[dict[str, object]]:
    if not user.email:
        return []
    return [
        {
            "$id": user.target_id,
            "$createdAt": user.created_at,
            "$updatedAt": user.created_at,
            "name": "",
            "userId": user.id,
            "providerId": None,
            "providerType": "email",
            "identifier": user.email,
            "expired": False,
        }
    ]
