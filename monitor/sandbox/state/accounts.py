"""
Users, their sessions, one-time tokens and memberships.
"""

import base64
import hmac
import json
import secrets
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from monitor.core.clock import Clock
from monitor.sandbox.errors import AppwriteError
from monitor.sandbox.state.identifiers import stamp, unique_id

SESSION_SECONDS = 31_536_000
# A login beyond it removes the oldest session; sessions made by a server key are not counted.
_MAX_SESSIONS = 10


@dataclass(slots=True, kw_only=True)
class Session:
    """
    One session; *provider* is ``email``, ``anonymous``, ``token`` or ``server``.
    """

    id: str
    user_id: str
    provider: str
    provider_uid: str
    created_at: str
    expires_at: datetime
    ip: str
    secret: str = field(repr=False)

    @property
    def encoded(self) -> str:
        """
        The string for the cookie, ``X-Appwrite-Session`` and the realtime message.
        """
        return encode_session(self.user_id, self.secret)


@dataclass(slots=True, kw_only=True)
class Membership:
    """
    A confirmed membership.
    """

    id: str
    team_id: str
    roles: tuple[str, ...] = ()


@dataclass(slots=True, kw_only=True)
class Token:
    """
    A secret that opens one session.
    """

    id: str
    user_id: str
    secret: str = field(repr=False)
    expires_at: datetime


@dataclass(slots=True, kw_only=True)
class User:
    """
    One account; an anonymous one has neither e-mail nor password.
    """

    id: str
    name: str
    email: str | None
    password: str | None = field(repr=False)
    created_at: str
    updated_at: str
    enabled: bool = True
    email_verified: bool = False
    labels: tuple[str, ...] = ()
    target_id: str = field(default_factory=unique_id)
    memberships: list[Membership] = field(default_factory=list)
    sessions: dict[str, Session] = field(default_factory=dict)

    def roles(self) -> tuple[str, ...]:
        """
        Return the roles of the signed-in user, in Appwrite's order.
        """
        verified = "verified" if self.email_verified else "unverified"
        roles = ["any", "users", f"user:{self.id}", f"user:{self.id}/{verified}", f"users/{verified}"]
        for each in self.memberships:
            roles += [f"team:{each.team_id}", f"member:{each.id}"]
            roles += [f"team:{each.team_id}/{role}" for role in each.roles]
        return (*roles, *(f"label:{each}" for each in self.labels))


class Accounts:
    """
    All users of the project.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self.users: dict[str, User] = {}
        self._tokens: dict[str, Token] = {}

    def create(self, *, id_: str, name: str = "", email: str | None = None, password: str | None = None) -> User:
        """
        Add a user; id and e-mail must be new.
        """
        if id_ in self.users or (email and self.by_email(email)):
            message = "A user with the same id, email, or phone already exists in this project."
            raise AppwriteError(409, "user_already_exists", message)
        now = stamp(self._clock.now())
        user = User(id=id_, name=name, email=email, password=password, created_at=now, updated_at=now)
        self.users[id_] = user
        return user

    def delete(self, user: User) -> None:
        """
        Remove a user with sessions and tokens.
        """
        self.users.pop(user.id, None)
        self._tokens = {secret: each for secret, each in self._tokens.items() if each.user_id != user.id}

    def by_email(self, email: str) -> User | None:
        """
        Return the user with this e-mail, whatever its case.
        """
        return next((each for each in self.users.values() if each.email == email.lower()), None)

    def check_password(self, email: str, password: str) -> User:
        """
        Return the user who signs in so.
        """
        user = self.by_email(email)
        known = user.password if user else None
        if user is None or known is None or not hmac.compare_digest(known.encode(), password.encode()):
            raise AppwriteError(
                401, "user_invalid_credentials", "Invalid credentials. Please check the email and password."
            )
        return user

    def open_session(self, user: User, *, provider: str, ip: str) -> Session:
        """
        Sign *user* in.
        """
        now = self._clock.now()
        session = Session(
            id=unique_id(),
            user_id=user.id,
            provider=provider,
            provider_uid=(user.email or "") if provider == "email" else "",
            created_at=stamp(now),
            expires_at=now + timedelta(seconds=SESSION_SECONDS),
            ip=ip,
            secret=secrets.token_hex(128),
        )
        if provider != "server" and len(user.sessions) >= _MAX_SESSIONS:
            del user.sessions[next(iter(user.sessions))]
        user.sessions[session.id] = session
        return session

    def find_session(self, encoded: str) -> Session | None:
        """
        Return the session that *encoded* proves, unless it ended.
        """
        user_id, secret = decode_session(encoded)
        user = self.users.get(user_id)
        for each in user.sessions.values() if user else ():
            if hmac.compare_digest(each.secret.encode(), secret.encode()) and each.expires_at > self._clock.now():
                return each
        return None

    def create_token(self, user: User, *, length: int, expire_seconds: int) -> Token:
        """
        Make a secret of *length* characters that opens one session within *expire_seconds*.
        """
        expires_at = self._clock.now() + timedelta(seconds=expire_seconds)
        secret = secrets.token_hex(length)[:length]
        token = Token(id=unique_id(), user_id=user.id, secret=secret, expires_at=expires_at)
        self._tokens[secret] = token
        return token

    def redeem_token(self, user_id: str, secret: str) -> User:
        """
        Return the user whom the token was made for, and use it up.
        """
        token = self._tokens.get(secret)
        if token is None or token.user_id != user_id or token.expires_at <= self._clock.now():
            raise AppwriteError(401, "user_invalid_token", "Invalid token passed in the request.")
        del self._tokens[secret]
        return self.users[user_id]


def encode_session(user_id: str, secret: str) -> str:
    """
    Return Appwrite's form of a session: base64 of a JSON object.
    """
    return base64.b64encode(json.dumps({"id": user_id, "secret": secret}).encode()).decode()


def decode_session(encoded: str) -> tuple[str, str]:
    """
    Return user id and secret, both empty when *encoded* is not a session.
    """
    try:
        decoded = json.loads(base64.b64decode(encoded))
        return str(decoded["id"]), str(decoded["secret"])
    except (ValueError, TypeError, KeyError):
        return "", ""
