"""
Pages of the site may call the API and realtime from a browser, and pages of strangers may not.

An origin that is not registered is red in every browser and green from anywhere else: only a request with its
``Origin``, judged as a browser judges it, shows that.

Talks to:  Appwrite REST and realtime, as a guest's page of each origin; no key, no user. Asks for the account,
           as the web SDK does first: every version answers that, and to guests that it is for users
Steps:     preflight, request, realtime, denied (only with denied_origins)
Fails as:  unauthorized        the host is not registered as a platform: to REST (403 general_unknown_origin), or only
                               to realtime (error 1008); or the endpoint is another region's
           wrong_answer        the answer lacks what a browser demands, or has it twice or otherwise: a proxy's work
           permission_excess   pages of an origin that must be denied can read answers, or open sockets
           not_found           there is no such project, or path
           disabled            REST or realtime is switched off
           permission_missing  documents that ``path`` names may not be read by guests
Leaves:    nothing; two requests and one connection per origin, one of each per denied origin

Example::

    site-may-call:
      kind: origin_allowed
      every: 5m
      denied_origins: [https://evil.example.net]
"""

from urllib.parse import urlsplit

from pydantic import Field

from monitor.appwrite.errors import error_type_of, not_appwrite, raise_if_refused
from monitor.appwrite.failures import failed
from monitor.appwrite.realtime import QUIET_CHANNEL, subscribe
from monitor.core.check import Check
from monitor.core.cost import Cost, Limited
from monitor.core.errors import CheckFailed, OwnFault
from monitor.core.outcome import Reason
from monitor.core.run import Run
from monitor.core.transport import Response
from monitor.frontend.cross_origin import Origin, Page, origin_of

_UNKNOWN_ORIGIN = "general_unknown_origin"
# What guests are told by calls that are for users, or of a service that is switched off: an answer all the same, after
# the origin was looked at.
_ANSWERS = frozenset({"general_unauthorized_scope", "general_service_disabled"})
_POLICY_VIOLATION = 1008


class OriginAllowed(Check):
    """
    Asks as pages of some origins, which must be let in, and as pages of others, which must not.
    """

    origins: tuple[Origin, ...] = Field(
        default=(), max_length=20, description="origins that must be allowed; without any, that of target.site"
    )
    denied_origins: tuple[Origin, ...] = Field(
        default=(), max_length=20, description="origins that must be refused, such as https://evil.example.net"
    )
    path: str = Field(
        default="/account",
        pattern=r"^(/[\w.-]+)+$",
        description="what is asked for, below the endpoint; that guests may not have it is an answer too",
    )

    def costs(self) -> tuple[Cost, ...]:
        return (Cost(what=Limited.CONNECTS, count=(len(self.origins) or 1) + len(self.denied_origins)),)

    async def run(self, run: Run) -> None:
        origins = self.origins or _origin_of_site(run)
        for origin in origins:
            await self._demand_allowed(Page(run, origin))
        # Last: that somebody is refused proves nothing while nobody is let in.
        if self.denied_origins:
            async with run.step("denied"):
                for origin in self.denied_origins:
                    await self._demand_denied(Page(run, origin))

    async def _demand_allowed(self, page: Page) -> None:
        run = page.run
        async with run.step("preflight"):
            preflight = await page.ask_first(self.path)
            if preflight.status >= 500:
                raise_if_refused(preflight, thing=f"OPTIONS {self.path}", identity=page.identity)
        async with run.step("request"):
            answer = await page.send("GET", self.path)
            # Before the preflight is judged: of an unknown origin only the request says so.
            self._demand_answer(page, answer)
            _demand_shown(page, "the preflight", page.obstacle_at_first(preflight))
            _demand_shown(page, f"GET {self.path}", page.obstacle(answer))
        async with run.step("realtime"):
            if not await _is_let_in(page):
                raise _unknown(
                    page, "realtime refuses it (error 1008) though REST does not: restart realtime, or", by="realtime"
                )

    def _demand_answer(self, page: Page, answer: Response) -> None:
        kind, thing = error_type_of(answer), f"GET {self.path}"
        if kind == _UNKNOWN_ORIGIN:
            raise _unknown(page, f"{answer.status} {kind}, green from anywhere but a browser:", by="rest")
        if kind in _ANSWERS:
            return
        raise_if_refused(answer, thing=thing, identity=page.identity)
        if "html" in answer.headers.get("content-type", ""):
            raise not_appwrite(answer, thing=thing, identity=page.identity)

    async def _demand_denied(self, page: Page) -> None:
        answer = await page.send("GET", self.path)
        if error_type_of(answer) != _UNKNOWN_ORIGIN:
            self._demand_answer(page, answer)
            if page.may_see(answer):
                raise _excess(page, "read answers of the API", by="rest")
        if await _is_let_in(page):
            raise _excess(page, "open realtime sockets", by="realtime")


async def _is_let_in(page: Page) -> bool:
    try:
        async with subscribe(page, [QUIET_CHANNEL], run=page.run):
            return True
    except CheckFailed as error:
        # REST has answered this very page, or refused it, so that it is not the project that is unknown.
        if error.evidence.get("error_code") == _POLICY_VIOLATION:
            return False
        raise


def _origin_of_site(run: Run) -> tuple[str, ...]:
    if run.target.site is None:
        raise OwnFault("no origin to ask as: set target.site, or origins of this check")
    return (origin_of(run.target.site),)


def _demand_shown(page: Page, what: str, obstacle: str) -> None:
    if obstacle:
        text = f"{what} from {page.origin}: {obstacle}"
        raise failed(Reason.WRONG_ANSWER, text, origin=page.origin, asked=what)


def _unknown(page: Page, what: str, *, by: str) -> CheckFailed:
    host = urlsplit(page.origin).hostname or ""
    text = f"pages of {page.origin} are refused: {what} add {host!r} in the console under Overview > Platforms"
    return failed(Reason.UNAUTHORIZED, text, origin=page.origin, host=host, refused_by=by, type=_UNKNOWN_ORIGIN)


def _excess(page: Page, what: str, *, by: str) -> CheckFailed:
    host = urlsplit(page.origin).hostname or ""
    text = f"pages of {page.origin} can {what}, expected a refusal: remove {host!r} in the console under Platforms"
    return failed(Reason.PERMISSION_EXCESS, text, origin=page.origin, host=host, let_in_by=by)
