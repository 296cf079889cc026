"""
Accounts, sessions and JWTs, as the identity itself and as the key see them.
"""

from collections.abc import Mapping, Sequence
from urllib.parse import unquote

from monitor.appwrite import query
from monitor.appwrite.answers import (
    Account,
    Jwt,
    Membership,
    MembershipPage,
    Session,
    SessionPage,
    User,
    UserPage,
    shape,
)
from monitor.appwrite.caller import Caller, checked
from monitor.appwrite.cookies import session_cookie
from monitor.appwrite.credentials import blame
from monitor.appwrite.errors import AppwriteError, read_json
from monitor.appwrite.failures import failed
from monitor.appwrite.json_text import parse_json
from monitor.appwrite.paging import all_pages, query_string
from monitor.appwrite.sign_in_mark import agent_of, bears, new_mark
from monitor.core.cost import Limited
from monitor.core.errors import OwnFault
from monitor.core.leftover import Fate, Leftover
from monitor.core.outcome import Reason
from monitor.core.transport import Response

_MEMBERSHIPS_PER_PAGE = 100
_GONE = frozenset({"user_not_found", "user_session_not_found"})
_LONG_AGO = "2000-01-01T00:00:00.000+00:00"
# What Appwrite gives at once.
USERS_PER_PAGE = 100
# What refuses a sign-in for good; after anything else there may be a session.
_REFUSALS = frozenset({400, 401, 403, 404, 429, 501})


class Accounts(Caller):
    """
    What an identity can ask about accounts.
    """

    async def get_account(self) -> Account:
        """
        Return who the server thinks the identity is.
        """
        return shape(Account, await self.ask("GET", "/account", thing="account"), thing="account")

    async def find_account(self) -> Account | None:
        """
        Return who the server thinks the identity is; None for a guest, as whom it takes who bears a dead session.
        """
        response = await self.send("GET", "/account")
        try:
            return shape(Account, read_json(response, thing="account", identity=self.identity), thing="account")
        except AppwriteError as error:
            if error.type == "general_unauthorized_scope":
                return None
            raise await blame(self, error) from None

    async def create_jwt(self, user_id: str) -> str:
        """
        Return a JWT of *user_id*, good for 15 minutes; for the key with the scope users.write.
        """
        thing = f"JWT of user {user_id!r}"
        # Bound to no session: one bound to the user's latest would make him a guest when that is signed out.
        body = {"sessionId": "none"}
        answer = await self.ask("POST", f"/users/{checked(user_id)}/jwts", thing=thing, body=body)
        return shape(Jwt, answer, thing=thing).jwt

    async def get_user(self, user_id: str) -> User:
        """
        Return a user; for the key with the scope users.read.
        """
        thing = f"user {user_id!r}"
        return shape(User, await self.ask("GET", f"/users/{checked(user_id)}", thing=thing), thing=thing)

    async def find_users(self, email: str) -> tuple[User, ...]:
        """
        Return whoever has *email*, which is one at most; for the key with the scope users.read.
        """
        return await self._list_users(query.equal("email", email.lower()))

    async def list_users_since(self, at: str, *, skip: int = 0) -> tuple[User, ...]:
        """
        Return the first hundred users made at the time *at* or after it, the oldest first, but for *skip* of them.
        """
        return await self._list_users(query.compare("greaterThanEqual", "$createdAt", at), query.offset(skip))

    async def newest_user_at(self) -> str:
        """
        Return when the newest user was made, as the server tells it; long ago when there is none.
        """
        users = await self._list_users(query.order_desc("$createdAt"), count=1)
        return users[0].created_at if users else _LONG_AGO

    async def list_user_sessions(self, user_id: str) -> tuple[Session, ...]:
        """
        Return the sessions that a user has; for the key with the scope users.read.
        """
        thing = f"sessions of user {user_id!r}"
        answer = await self.ask("GET", f"/users/{checked(user_id)}/sessions", thing=thing)
        return shape(SessionPage, answer, thing=thing).sessions

    async def list_memberships(self, user_id: str) -> tuple[Membership, ...]:
        """
        Return the teams that a user is in, page by page; for the key with the scope users.read.
        """
        thing = f"memberships of user {user_id!r}"
        path = f"/users/{checked(user_id)}/memberships"

        async def page_of(queries: str) -> Sequence[Membership]:
            answer = await self.ask("GET", f"{path}{queries}", thing=thing)
            return shape(MembershipPage, answer, thing=thing).memberships

        return await all_pages(page_of, per_page=_MEMBERSHIPS_PER_PAGE, thing=thing, identity=self.identity)

    async def delete_user(self, user_id: str) -> None:
        """
        Leave no user of this id, which a run has made; raise ``OwnFault`` for any other. For the key.
        """
        self._demand_made(Leftover.account(user_id))
        await self._remove(f"/users/{checked(user_id)}", thing=f"deleting user {user_id!r}")

    async def delete_user_session(self, user_id: str, session_id: str) -> None:
        """
        Leave *user_id* no session of this id, which a run has made; raise ``OwnFault`` for any other. For the key.
        """
        self._demand_made(Leftover.session(user_id, session_id))
        path = f"/users/{checked(user_id)}/sessions/{checked(session_id)}"
        await self._remove(path, thing=f"ending a session of {user_id!r}")

    async def delete_marked_session(self, sign_in: Leftover, session: Session) -> None:
        """
        End *session*; raise ``OwnFault`` unless it was read to be that of *sign_in*. For the key.
        """
        _demand_mark(sign_in, session)
        path = f"/users/{checked(session.user_id)}/sessions/{checked(session.id)}"
        await self._remove(path, thing=f"ending a session of {session.user_id!r}")

    async def delete_marked_user(self, sign_in: Leftover, user: User, session: Session) -> None:
        """
        Delete the anonymous *user*; raise ``OwnFault`` unless *session* is his, and that of *sign_in*. For the key.
        """
        _demand_mark(sign_in, session)
        if user.email or user.phone or session.user_id != user.id:
            raise OwnFault(f"refused to delete user {user.id!r}: he is not the anonymous one of {sign_in}")
        await self._remove(f"/users/{checked(user.id)}", thing=f"deleting user {user.id!r}")

    async def create_email_session(self, email: str, password: str) -> Session:
        """
        Sign in; Appwrite counts ten failures an hour for each e-mail. The secret is empty when something stripped it.

        With a server key the session is ended after the run; without one only whoever holds its secret can do that.
        """
        body = {"email": email, "password": password}
        path, thing, mark = "/account/sessions/email", "sign-in by password", new_mark()
        if self.run.target.api_key is None:
            return await self._create_session(path, mark, thing=thing, body=body)
        sign_in = Leftover.sign_in(mark, email=email)
        session = await self._create_session(path, mark, thing=thing, body=body, sign_in=sign_in)
        # With the key, since the session itself may be what is broken.
        await self._note_made(Leftover.session(session.user_id, session.id), sign_in)
        return session

    async def create_user_session(self, user_id: str) -> Session:
        """
        Open a session of *user_id* without a password, as his browser holds one; ended after the run. For the key, with
        users.write and users.read.

        Servers since 1.5 offer it, and such sessions do not count among the ten that a user may have.
        """
        path, thing, mark = f"/users/{checked(user_id)}/sessions", f"session of user {user_id!r}", new_mark()
        email = (await self.get_user(user_id)).email
        # One who has no e-mail cannot be looked for by it: until the answer has come, nothing is known of the session.
        sign_in = Leftover.sign_in(mark, email=email) if email else None
        session = await self._create_session(path, mark, thing=thing, body={}, sign_in=sign_in)
        await self._note_made(Leftover.session(session.user_id, session.id), sign_in)
        return session

    async def create_anonymous_session(self, *, since: str) -> Session:
        """
        Make a new anonymous account, deleted after the run; Appwrite allows fifty an hour for each address.

        *since* is when the newest account of all was made, by the clock of the server.
        """
        path, thing, mark = "/account/sessions/anonymous", "anonymous sign-in", new_mark()
        sign_in = Leftover.anonymous_sign_in(mark, since=since)
        session = await self._create_session(
            path, mark, thing=thing, body={}, sign_in=sign_in, counts_as=Limited.ANONYMOUS_SIGN_INS
        )
        await self._note_made(Leftover.account(session.user_id), sign_in)
        return session

    async def delete_session(self, session_id: str = "current") -> None:
        """
        Sign out.
        """
        await self.tell(
            "DELETE", f"/account/sessions/{checked(session_id)}", thing="sign-out", counts_as=Limited.SIGN_OUTS
        )

    async def _note_made(self, leftover: Leftover, sign_in: Leftover | None) -> None:
        # Appwrite chooses the id; from here on it is known by that.
        try:
            await self.run.intend(leftover)
        finally:
            self.run.settle(leftover, Fate.MADE)
        if sign_in is not None:
            self.run.settle(sign_in, Fate.NOTHING)

    async def _list_users(self, *queries: str, count: int = USERS_PER_PAGE) -> tuple[User, ...]:
        thing = "list of users"
        path = f"/users{query_string([*queries, query.limit(count)])}"
        return shape(UserPage, await self.ask("GET", path, thing=thing), thing=thing).users

    def _demand_made(self, leftover: Leftover) -> None:
        if leftover not in self.run.leftovers:
            raise OwnFault(f"refused to remove {leftover}: no run has made it")

    async def _remove(self, path: str, *, thing: str) -> None:
        try:
            await self.tell("DELETE", path, thing=thing)
        except AppwriteError as error:
            # Gone already, as wanted; whatever else answers 404 knows nothing of it.
            if error.type not in _GONE:
                raise

    async def _create_session(
        self,
        path: str,
        mark: str,
        *,
        thing: str,
        body: Mapping[str, object],
        sign_in: Leftover | None = None,
        counts_as: Limited | None = None,
    ) -> Session:
        if sign_in is not None:
            await self.run.intend(sign_in)
        headers = {"User-Agent": agent_of(mark)}
        response = await self.send("POST", path, body=body, counts_as=counts_as, headers=headers)
        try:
            session = shape(Session, read_json(response, thing=thing, identity=self.identity), thing=thing)
        except AppwriteError as error:
            if sign_in is not None and error.status in _REFUSALS:
                self.run.settle(sign_in, Fate.NOTHING)
            raise await blame(self, error) from None
        cookie = session_cookie(response, self.run.target.project)
        secret = _fallback_secret(response, self.run.target.project) or (cookie and unquote(cookie.value))
        return session.model_copy(update={"secret": secret or session.secret, "cookie": cookie})


def _demand_mark(sign_in: Leftover, session: Session) -> None:
    if not bears(session, sign_in.id):
        raise OwnFault(f"refused to remove session {session.id!r}: it is not that of {sign_in}")


def demand_secret(session: Session, identity: str) -> str:
    """
    Return the secret of *session*; raise ``CheckFailed`` (``protocol``) when its answer came without one.

    Not where the session is made: whoever made it must first see to its end.
    """
    if not session.secret:
        text = f"sign-in of {identity!r} answered without a session secret: check what strips its cookies and headers"
        raise failed(Reason.PROTOCOL, text, identity=identity)
    return session.secret


def _fallback_secret(response: Response, project: str) -> str:
    try:
        fallback = parse_json(response.headers.get("x-fallback-cookies", "{}"))
    except ValueError:
        return ""
    secret = fallback.get(f"a_session_{project}") if isinstance(fallback, dict) else None
    return secret if isinstance(secret, str) else ""
