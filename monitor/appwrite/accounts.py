"""
Accounts, sessions and JWTs, as the identity itself and as the key see them.
"""

from collections.abc import Mapping, Sequence
from urllib.parse import unquote

from monitor.appwrite.answers import Account, Jwt, Membership, MembershipPage, Session, User, shape
from monitor.appwrite.caller import Caller, checked
from monitor.appwrite.cookies import session_cookie
from monitor.appwrite.credentials import blame
from monitor.appwrite.errors import AppwriteError, read_json
from monitor.appwrite.failures import failed
from monitor.appwrite.json_text import parse_json
from monitor.appwrite.paging import all_pages
from monitor.core.cost import Limited
from monitor.core.errors import OwnFault
from monitor.core.outcome import Reason
from monitor.core.transport import Response

_MEMBERSHIPS_PER_PAGE = 100


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
        Leave no user of this id, which this run has made; raise ``OwnFault`` for any other. For the key.
        """
        await self._remove(f"/users/{self._made(user_id)}", thing=f"deleting user {user_id!r}")

    async def delete_user_session(self, user_id: str, session_id: str) -> None:
        """
        Leave *user_id* no session of this id, which this run has made; raise ``OwnFault`` for any other. For the key.
        """
        path = f"/users/{checked(user_id)}/sessions/{self._made(session_id)}"
        await self._remove(path, thing=f"ending a session of {user_id!r}")

    async def create_email_session(self, email: str, password: str) -> Session:
        """
        Sign in; Appwrite counts ten failures an hour for each e-mail. The secret is empty when something stripped it.
        """
        body = {"email": email, "password": password}
        return await self._create_session("/account/sessions/email", thing="sign-in by password", body=body)

    async def create_anonymous_session(self) -> Session:
        """
        Make a new anonymous account; Appwrite allows fifty an hour for each address.
        """
        session = await self._create_session(
            "/account/sessions/anonymous", thing="anonymous sign-in", body={}, counts_as=Limited.ANONYMOUS_SIGN_INS
        )
        self.run.made.add(session.user_id)
        return session

    async def delete_session(self, session_id: str = "current") -> None:
        """
        Sign out.
        """
        await self.tell(
            "DELETE", f"/account/sessions/{checked(session_id)}", thing="sign-out", counts_as=Limited.SIGN_OUTS
        )

    def _made(self, id_: str) -> str:
        if id_ not in self.run.made:
            raise OwnFault(f"refused to remove {id_!r}: this run has not made it")
        return checked(id_)

    async def _remove(self, path: str, *, thing: str) -> None:
        try:
            await self.tell("DELETE", path, thing=thing)
        except AppwriteError as error:
            # Gone already, as wanted.
            if error.status != 404:
                raise

    async def _create_session(
        self, path: str, *, thing: str, body: Mapping[str, object], counts_as: Limited | None = None
    ) -> Session:
        response = await self.send("POST", path, body=body, counts_as=counts_as)
        try:
            session = shape(Session, read_json(response, thing=thing, identity=self.identity), thing=thing)
        except AppwriteError as error:
            raise await blame(self, error) from None
        self.run.made.add(session.id)
        cookie = session_cookie(response, self.run.target.project)
        secret = _fallback_secret(response, self.run.target.project) or (cookie and unquote(cookie.value))
        return session.model_copy(update={"secret": secret or session.secret, "cookie": cookie})


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
