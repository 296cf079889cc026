"""
How users and sessions are shown, and what cookies a login sets.
"""

from datetime import datetime

from monitor.sandbox.protocol.agents import describe
from monitor.sandbox.protocol.answers import Answer, dump
from monitor.sandbox.protocol.routing import Call
from monitor.sandbox.state.accounts import SESSION_SECONDS, Session, User
from monitor.sandbox.state.identifiers import stamp

# Of what a real server knows of domains: the best known ones, and the one that stands in examples.
_FREE_DOMAINS = frozenset({"gmail.com", "hotmail.com", "outlook.com", "yahoo.com"})
_DISPOSABLE_DOMAINS = frozenset({"example.com"})
# As long as real ones.
_NO_SALT, _NO_HASH = "c2FuZGJveHNhbmRib3hzYW", "c2FuZGJveHNhbmRib3hzYW5kYm94c2FuZGJveHNhbmR"
_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
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
        "passwordUpdate": user.password_at,
        "email": user.email or "",
        "phone": user.phone,
        "emailVerification": user.email_verified,
        "emailCanonical": user.email,
        **_email_kind(user.email),
        "phoneVerification": user.phone_verified,
        "mfa": False,
        "prefs": user.prefs,
        "targets": show_targets(user),
        "accessedAt": user.accessed_at,
        "impersonator": False,
        "impersonatorUserId": None,
    }


def show_user(user: User) -> dict[str, object]:
    """
    Return a user as server keys see it: with the hash of the password, here of nothing.
    """
    shown = list(show_account(user).items())
    hashed = {
        "password": f"$argon2id$v=19$m=65536,t=4,p=3${_NO_SALT}${_NO_HASH}" if user.password else "",
        "hash": "argon2",
        "hashOptions": {"type": "argon2", "memory_cost": 65536, "time_cost": 4, "threads": 3},
    }
    after_name = [key for key, _ in shown].index("name") + 1
    return dict([*shown[:after_name], *hashed.items(), *shown[after_name:]])


def show_targets(user: User) -> list[dict[str, object]]:
    """
    Return where messages can reach a user: at his e-mail, if he has one.
    """
    return [each.shown() for each in user.targets]


def show_session(session: Session, *, current: bool, with_secret: bool) -> dict[str, object]:
    """
    Return a session; only server keys see its secret.
    """
    return {
        "$id": session.id,
        "$createdAt": session.created_at,
        "$updatedAt": session.updated_at,
        "userId": session.user_id,
        "expire": stamp(session.expires_at),
        "provider": session.provider,
        "providerUid": session.provider_uid,
        "providerAccessToken": "",
        "providerAccessTokenExpiry": "",
        "providerRefreshToken": "",
        "ip": session.ip,
        **describe(session.agent),
        "countryCode": "--",
        "countryName": "Unknown",
        "current": current,
        "factors": [_FACTORS.get(session.provider, session.provider)],
        "secret": session.encoded if with_secret else "",
        "mfaUpdatedAt": "",
    }


def signed_in(call: Call, session: Session) -> Answer:
    """
    Answer a login: two cookies, and their content once more in a header for callers whom no cookie reaches.
    """
    name, until = f"a_session_{call.caller.project}", _cookie_time(session.expires_at)
    cookie = f"{session.encoded}; expires={until}; Max-Age={SESSION_SECONDS}; path=/; HttpOnly"
    headers = {} if call.same_site else {"X-Fallback-Cookies": dump({name: session.encoded})}
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


def _email_kind(email: str | None) -> dict[str, object]:
    if not email:
        return dict.fromkeys(("emailIsFree", "emailIsDisposable", "emailIsCorporate", "emailIsCanonical"))
    domain = email.rpartition("@")[2]
    free, disposable = domain in _FREE_DOMAINS, domain in _DISPOSABLE_DOMAINS
    return {
        "emailIsFree": free,
        "emailIsDisposable": disposable,
        "emailIsCorporate": not free and not disposable,
        "emailIsCanonical": True,
    }


def _cookie_time(moment: datetime) -> str:
    # Written out, since the names of days and months must not depend on the language of this machine.
    day, month = _DAYS[moment.weekday()], _MONTHS[moment.month - 1]
    return f"{day}, {moment.day:02}-{month}-{moment.year} {moment:%H:%M:%S} GMT"
