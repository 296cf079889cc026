"""
A user can sign in with e-mail and password, use the session as browsers and servers do, and sign out for good.

A sign-in that answers 201 proves little: where the cookie gets lost on the way, or is for another domain, users look
signed out all the same. So the cookie is judged as a browser judges it (domain, path, expiry, on https also that
``SameSite=None`` comes with ``Secure``), and the account is asked for with it alone, then with the
``X-Appwrite-Session`` header.

The identity is of kind ``password``: a test user of its own, since each sign-in may push out the oldest of his ten
sessions. Any number of good sign-ins may be made, as Appwrite counts only those since the last good one. Of bad ones it
allows ten an hour for each e-mail, so that while the password is wrong the runs are ``errored``, and then
``rate_limited`` until the full hour; nobody else is held up by that. Of sign-outs it allows 100 an hour for each
address: `every` must be 40s or more.

Talks to:  Appwrite REST as the user himself; with the server key, if there is one, only to end a session that is left
Steps:     sign_in, account_by_cookie, account_by_header, sign_out, after
Fails as:  wrong_answer  browsers get no cookie that they would send, or it is not accepted though the header is; the
                         account is somebody else's; or the session outlives the sign-out
           unauthorized  sign-in answered 201, but its session is not accepted; or another region
           not_found     the project does not exist at this endpoint
           disabled      sign-in by password, or the account service, is switched off
           rate_limited  too many bad sign-ins of this e-mail within the hour, or sign-outs from this address
Leaves:    nothing; one session per run, ended in it. With the server key also one whose sign-in was never answered:
           it is found by the version of aiohttp that the sign-in calls itself

Example::

    sign-in:
      kind: login
      every: 5m
      timeout: 10s
      identity: login
      objective: 2s
"""

from pydantic import Field

from monitor.appwrite.accounts import demand_secret
from monitor.appwrite.answers import Session
from monitor.appwrite.failures import failed
from monitor.appwrite.rest import Client
from monitor.core.check import Check, IdentityWithPassword
from monitor.core.cost import Cost, Limited
from monitor.core.duration import Duration
from monitor.core.errors import CheckFailed, OwnFault, fit
from monitor.core.identity import Password
from monitor.core.leftover import Fate, Leftover
from monitor.core.outcome import Reason
from monitor.core.run import Run
from monitor.core.topic import Topic


class Login(Check):
    """
    Signs in and out once.
    """

    topics = frozenset({Topic.SESSION})

    identity: IdentityWithPassword = Field(description="who signs in; an identity of kind password")
    objective_seconds: Duration | None = Field(default=None, description="a sign-in slower than this is degraded")

    def costs(self) -> tuple[Cost, ...]:
        return (Cost(what=Limited.SIGN_OUTS),)

    async def run(self, run: Run) -> None:
        person = self._person(run)
        async with run.step("sign_in"):
            asked = run.elapsed_seconds()
            guest = self._bearing(run, {})
            session = await guest.create_email_session(person.email, person.password.get_secret_value())
            by_header = self._bearing(run, {"X-Appwrite-Session": session.secret})
            if run.target.api_key is None:
                run.clean_up(_sign_out, by_header, session)
            demand_secret(session, self.identity)
        run.hold_to(self.objective_seconds, took_seconds=run.elapsed_seconds() - asked, what="signing in")
        async with run.step("account_by_cookie"):
            await self._use_cookie(run, session, by_header)
        async with run.step("account_by_header"):
            if not await self._is_accepted(by_header, session):
                raise self._wrong("is accepted as a cookie, not as X-Appwrite-Session: check what strips headers")
        async with run.step("sign_out"):
            await by_header.delete_session(session.id)
        async with run.step("after"):
            if await by_header.find_account() is not None:
                raise self._wrong("still opens the account after its sign-out: check Appwrite's cache and database")
        run.settle(Leftover.session(session.user_id, session.id), Fate.NOTHING)

    def _person(self, run: Run) -> Password:
        identity = run.identities.get(self.identity)
        if isinstance(identity, Password):
            return identity
        got = "none of this name is declared" if identity is None else f"this one is of kind {identity.kind}"
        raise OwnFault(fit(f"identity {self.identity!r} must be of kind password, to sign in with, but {got}"))

    def _bearing(self, run: Run, headers: dict[str, str]) -> Client:
        return Client(run, identity=self.identity, session=run.transport.session(self.identity), headers=headers)

    async def _use_cookie(self, run: Run, session: Session, by_header: Client) -> None:
        cookie = session.cookie
        if cookie is None:
            flaw = "the answer set none"
        else:
            flaw = cookie.flaw(run.target.endpoint, now=run.started_at)
            by_cookie = self._bearing(run, {"Cookie": f"{cookie.name}={cookie.value}"})
            if not await self._is_accepted(by_cookie, session):
                flaw = "it is not accepted"
        if not flaw:
            return
        if await self._is_accepted(by_header, session):
            raise self._wrong(f"is of no use to browsers, whose cookie fails ({flaw}): check domain and proxy")
        text = f"the session of {self.identity!r} is not accepted right after its sign-in answered 201"
        raise failed(Reason.UNAUTHORIZED, f"{text}: check Appwrite's database and clock", identity=self.identity)

    async def _is_accepted(self, client: Client, session: Session) -> bool:
        account = await client.find_account()
        if account is not None and account.id != session.user_id:
            raise self._wrong("opens the account of somebody else: check what caches answers before Appwrite")
        return account is not None

    def _wrong(self, text: str) -> CheckFailed:
        return failed(Reason.WRONG_ANSWER, f"the session of {self.identity!r} {text}", identity=self.identity)


async def _sign_out(client: Client, session: Session) -> None:
    # Only once: Appwrite counts sign-outs, and refuses again what it refused.
    if all(step.name != "sign_out" for step in client.run.steps):
        await client.delete_session(session.id)
