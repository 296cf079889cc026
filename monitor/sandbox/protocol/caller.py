"""
Who makes a call: a guest, a signed-in user, or a server key; found out from headers and cookies.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from monitor.sandbox.errors import AppwriteError, unauthorized
from monitor.sandbox.protocol.reading import read_object
from monitor.sandbox.state import jwt
from monitor.sandbox.state.accounts import Accounts, Session, User
from monitor.sandbox.state.encoding import decode_session
from monitor.sandbox.state.world import ApiKey, World

CONSOLE = "console"

_GUEST_SCOPES = frozenset(
    [
        "global",
        "public",
        "home",
        "console",
        "graphql",
        "documents.read",
        "documents.write",
        "rows.read",
        "rows.write",
        "embeddings.write",
        "files.read",
        "files.write",
        "locale.read",
        "avatars.read",
        "executions.write",
    ]
)
_USER_SCOPES = _GUEST_SCOPES | {
    "account",
    "teams.read",
    "teams.write",
    "presences.read",
    "presences.write",
    "projects.read",
    "executions.read",
    "targets.read",
    "targets.write",
    "subscribers.read",
    "subscribers.write",
    "rules.read",
    "assistant.read",
}
# What every key has beside its own scopes, and what no key can have.
_KEY_SCOPES = frozenset({"global", "health.read", "graphql"})
_NEVER_FOR_KEYS = frozenset({"account", "public", "home", "console", "root"})
_GUEST_ROLES = ("any", "guests")


@dataclass(frozen=True, kw_only=True)
class Caller:
    """
    One caller. *by_fallback* tells that no session came in a cookie or ``X-Appwrite-Session``.

    *is_developer* tells that a developer key came along: it lifts the rate limits and the check of the origin.
    """

    project: str
    user: User | None = None
    session: Session | None = None
    key: ApiKey | None = None
    by_jwt: bool = False
    by_fallback: bool = True
    is_developer: bool = False

    @property
    def is_key(self) -> bool:
        """
        Whether a server key calls; it passes all permissions.
        """
        return self.key is not None

    @cached_property
    def ordered_roles(self) -> tuple[str, ...]:
        """
        The roles as Appwrite lists them in messages.
        """
        return self.user.roles() if self.user else _GUEST_ROLES

    @cached_property
    def roles(self) -> frozenset[str]:
        """
        The roles of the caller.
        """
        return frozenset(self.ordered_roles)

    @property
    def title(self) -> str:
        """
        The caller as messages on missing scopes name it.
        """
        if self.key is not None:
            return f"app.{self.project}@service.localhost (role: applications)"
        if self.user is not None:
            return f"{self.user.email or 'User'} (role: users)"
        return "User (role: guests)"

    def has_scope(self, scopes: tuple[str, ...]) -> bool:
        """
        Return whether the caller has one of *scopes*.
        """
        if self.key is None:
            return not (_USER_SCOPES if self.user else _GUEST_SCOPES).isdisjoint(scopes)
        if self.key.scopes is None:
            return not (_NEVER_FOR_KEYS | self.key.lacks).issuperset(scopes)
        return not ((self.key.scopes - self.key.lacks) | _KEY_SCOPES).isdisjoint(scopes)


def find_user(world: World, *, project: str, headers: Mapping[str, str], cookies: Mapping[str, str]) -> Caller:
    """
    Return the guest or user; a stale session makes a guest, a bad JWT is an error.
    """
    encoded, by_fallback = sent_session(project, headers, cookies)
    # Who administers is a user of the console, which has none here; his session of the project does not count.
    administers = headers.get("X-Appwrite-Mode") == "admin"
    session = world.session(encoded) if project == world.project and not administers else None
    user = world.accounts.users[session.user_id] if session else None
    token = headers.get("X-Appwrite-JWT", "")
    if not token:
        return Caller(project=project, user=user, session=session, by_fallback=by_fallback)
    if user is not None:
        raise AppwriteError(
            403,
            "user_jwt_and_cookie_set",
            "JWT and cookie used in the same request. Use either `setJWT` or `setCookie`. Learn about which"
            " authentication method to use in the SSR docs:"
            " https://appwrite.io/docs/products/auth/server-side-rendering",
        )
    user, session = _by_jwt(world.accounts, token, now=world.view.token_time(world.clock.now().timestamp()))
    if project != world.project:
        user = session = None
    return Caller(project=project, user=user, session=session, by_jwt=user is not None, by_fallback=by_fallback)


def find_key(world: World, secret: str, *, caller: Caller, names_user: bool) -> ApiKey | None:
    """
    Return the key; None for a key of a kind that this installation does not know, whose bearer stays who he is.

    *names_user* tells that ``X-Appwrite-User`` came along, as it must with the key of an account.
    """
    kind, underscore, _ = secret.partition("_")
    of_account = kind == "account" and names_user
    if caller.user is not None and (of_account or not world.profile.key_beats_session):
        raise AppwriteError(
            403,
            "user_api_key_and_session_set",
            "API key and session used in the same request. Use either `setSession` or `setKey`. Learn about which"
            " authentication method to use in the SSR docs:"
            " https://appwrite.io/docs/products/auth/server-side-rendering",
        )
    if underscore and kind != "standard":
        return None
    key = world.key(secret)
    if key is None:
        raise unauthorized()
    if key.expires_at is not None and key.expires_at <= world.clock.now():
        raise AppwriteError(
            401,
            "project_key_expired",
            "The project key has expired. Please generate a new key using the Appwrite console.",
        )
    return key


def sent_session(project: str, headers: Mapping[str, str], cookies: Mapping[str, str]) -> tuple[str, bool]:
    """
    Return the session that a request carries, and whether it came in neither a cookie nor ``X-Appwrite-Session``.
    """
    name = f"a_session_{project}"
    for encoded in (cookies.get(name) or cookies.get(f"{name}_legacy", ""), headers.get("X-Appwrite-Session", "")):
        if any(decode_session(encoded)):
            return encoded, False
    return str(read_object(headers.get("X-Fallback-Cookies", "{}")).get(name, "")), True


def _by_jwt(accounts: Accounts, token: str, *, now: float) -> tuple[User | None, Session | None]:
    claims = jwt.verify(token, now=now)
    user = accounts.users.get(str(claims.get("userId")))
    session_id = str(claims.get("sessionId") or "")
    if user is None or (session_id and session_id not in user.sessions):
        return None, None
    return user, user.sessions.get(session_id)
