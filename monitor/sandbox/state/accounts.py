"""
Users, their sessions and memberships.
"""

import hmac
import secrets
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from monitor.core.clock import Clock
from monitor.sandbox.errors import AppwriteError
from monitor.sandbox.state.encoding import decode_session, encode_session
from monitor.sandbox.state.identifiers import stamp, unique_id
from monitor.sandbox.state.targets import Target
from monitor.sandbox.state.tokens import Tokens

SESSION_SECONDS = 31_536_000
# A login beyond it removes the oldest sessions; a session made by a server key removes none.
_MAX_SESSIONS = 10
# A real server has no such bound: whoever makes more sessions by key than these loses the oldest.
_MAX_SERVER_SESSIONS = 1_000
_MAX_USERS = 50_000
_MAX_AGENT = 512
# The last access of a user is noted this often.
_ACCESS_EVERY = timedelta(days=1)


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
    updated_at: str
    expires_at: datetime
    ip: str
    agent: str = ""
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
    joined_at: str = ""


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
    accessed_at: str = ""
    password_at: str = ""
    enabled: bool = True
    phone: str = ""
    email_verified: bool = False
    phone_verified: bool = False
    labels: tuple[str, ...] = ()
    prefs: dict[str, object] = field(default_factory=dict)
    target_id: str = field(default_factory=unique_id)
    memberships: list[Membership] = field(default_factory=list)
    extra_targets: list[Target] = field(default_factory=list)
    sessions: dict[str, Session] = field(default_factory=dict)

    @property
    def targets(self) -> list[Target]:
        """
        Where messages reach the user: the e-mail of the account, then whatever was added.
        """
        if not self.email:
            return list(self.extra_targets)
        own = Target(
            id=self.target_id,
            user_id=self.id,
            provider_type="email",
            identifier=self.email,
            created_at=self.created_at,
            updated_at=self.created_at,
        )
        return [own, *self.extra_targets]

    def roles(self) -> tuple[str, ...]:
        """
        Return the roles of the signed-in user, in Appwrite's order.
        """
        verified = "verified" if self.email_verified or self.phone_verified else "unverified"
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
        self.tokens = Tokens(clock)

    def create(self, *, id_: str, name: str = "", email: str | None = None, password: str | None = None) -> User:
        """
        Add a user; id and e-mail must be new.
        """
        if id_ in self.users or (email and self.by_email(email)):
            message = "A user with the same id, email, or phone already exists in this project."
            raise AppwriteError(409, "user_already_exists", message)
        if len(self.users) >= _MAX_USERS:
            message = "The current project has exceeded the maximum number of users. Please check your user limit."
            raise AppwriteError(400, "user_count_exceeded", message)
        now = stamp(self._clock.now())
        user = User(
            id=id_,
            name=name,
            email=email,
            password=password,
            created_at=now,
            updated_at=now,
            password_at=now if password else "",
        )
        self.users[id_] = user
        return user

    def touch(self, user: User) -> None:
        """
        Note that *user* was here, at most once a day.
        """
        now = self._clock.now()
        if not user.accessed_at or now - datetime.fromisoformat(user.accessed_at) > _ACCESS_EVERY:
            user.accessed_at = user.updated_at = stamp(now)

    def set_email(self, user: User, email: str) -> None:
        """
        Give *user* another e-mail, which nobody else may have; it is not verified.
        """
        holder = self.by_email(email)
        if holder is not None and holder is not user:
            message = "A user with the same email already exists in the current project."
            raise AppwriteError(409, "user_email_already_exists", message)
        user.email, user.email_verified = email, False

    def set_password(self, user: User, password: str) -> None:
        """
        Give *user* another password; an empty one takes it away.
        """
        user.password = password or None
        user.password_at = stamp(self._clock.now()) if password else ""

    def delete(self, user: User) -> None:
        """
        Remove a user with sessions and tokens.
        """
        self.users.pop(user.id, None)
        self.tokens.forget(user.id)

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
        if user is None or not proves(user, password):
            raise invalid_credentials()
        return user

    def open_session(self, user: User, *, provider: str, ip: str, agent: str = "") -> Session:
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
            updated_at=stamp(now),
            expires_at=now + timedelta(seconds=SESSION_SECONDS),
            ip=ip,
            agent=agent[:_MAX_AGENT],
            secret=secrets.token_hex(128),
        )
        most = _MAX_SERVER_SESSIONS if provider == "server" else _MAX_SESSIONS
        while len(user.sessions) >= most:
            del user.sessions[next(iter(user.sessions))]
        user.sessions[session.id] = session
        return session

    def extend(self, session: Session) -> None:
        """
        Let a session last as long as a new one.
        """
        now = self._clock.now()
        session.updated_at, session.expires_at = stamp(now), now + timedelta(seconds=SESSION_SECONDS)

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


def proves(user: User, password: str) -> bool:
    """
    Return whether *password* is the user's; an account without one has none that fits.
    """
    if user.password is None:
        return False
    return hmac.compare_digest(user.password.encode(), password.encode())


def invalid_credentials() -> AppwriteError:
    """
    Refuse a wrong e-mail or password, without telling which.
    """
    return AppwriteError(401, "user_invalid_credentials", "Invalid credentials. Please check the email and password.")
