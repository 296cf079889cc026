"""
Who may ask what.

Reading is open unless ``web.readers`` says otherwise. What starts work or changes something needs the token, or user
and password; where none is configured, it is for this machine only. A page in a browser is somebody else's hand on it:
so the name by which we were asked must be one of ours (a foreign one may point here since a minute ago), and a page of
another origin starts nothing, whoever sits before it.
"""

import binascii
import hmac
import re
from base64 import b64decode
from collections.abc import Callable
from ipaddress import ip_address

import structlog
from aiohttp import hdrs, web

from monitor.config.web import Readers, Web, is_loopback
from monitor.web.answers import refusal
from monitor.web.route import Right

log = structlog.get_logger()

_HOST = re.compile(r"(?P<name>\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9._-]+?)\.?(?::(?P<port>[0-9]{1,5}))?")
# What a proxy adds that hands on what others ask: then whoever asks is not on this machine, though the proxy is.
_FORWARDED = ("Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "X-Real-IP", "Via")
# The last is of what is no browser.
_OWN_SITES = frozenset({"same-origin", "none", ""})
_BROWSER = "Mozilla/"
_PORTS = {"http": "80", "https": "443"}
# Whoever guesses writes one line so often.
_TELL_EVERY_SECONDS = 10.0
_MOST_SHOWN = 100


class Gate:
    """
    Lets in whom the section *web* lets in. *monotonic* is the time by which it is told who was refused.
    """

    def __init__(self, web: Web, monotonic: Callable[[], float]) -> None:
        self._web = web
        self._monotonic = monotonic
        self._names = {"localhost", web.host.lower(), *web.hosts}
        self._bearer = web.token.get_secret_value().encode() if web.token else None
        self._basic = f"{web.user}:{web.password.get_secret_value()}".encode() if web.user and web.password else None
        self._refused = 0
        self._told_at: float | None = None

    def demand_own_name(self, request: web.Request) -> None:
        """
        Refuse what was asked under a name that is not ours. Without a name it is no browser that asks.
        """
        for host in request.headers.getall(hdrs.HOST, []):
            found = _HOST.fullmatch(host)
            name = found["name"].lower() if found else ""
            if name not in self._names and not _is_address(name):
                shown = host if found and len(host) <= _MOST_SHOWN else "of this request"
                raise refusal(421, f"the host name {shown} is not one of this server's: add it to web.hosts")

    def demand(self, request: web.Request, right: Right) -> None:
        """
        Refuse whoever has not the *right* to ask this.
        """
        if right is Right.ACT:
            self._demand_own_page(request)
        if right is Right.NONE or (right is Right.READ and self._web.readers is Readers.ANYBODY):
            return
        if self._web.has_credentials:
            self._demand_credentials(request)
        elif not self._is_from_here(request):
            raise self._unauthorized("nobody is let in from elsewhere: set web.token, or web.user and web.password")

    def may_act(self, request: web.Request) -> bool:
        """
        Return whether it makes sense to offer to whoever asks that he starts something: a browser asks for a password
        when it is needed, for a token never.
        """
        if self._web.has_credentials:
            return self._basic is not None or self._has_credentials(request)
        return self._is_from_here(request)

    def _demand_credentials(self, request: web.Request) -> None:
        if self._has_credentials(request):
            return
        if hdrs.AUTHORIZATION not in request.headers:
            ways = [name for name, each in (("web.token", self._bearer), ("web.user", self._basic)) if each is not None]
            raise self._unauthorized(f"this needs credentials: send those of {' or '.join(ways)}")
        self._tell(request)
        raise self._unauthorized("these credentials are wrong: compare them with those of the section web")

    def _has_credentials(self, request: web.Request) -> bool:
        given = request.headers.getall(hdrs.AUTHORIZATION, [])
        if len(given) != 1:
            return False
        scheme, _, value = given[0].partition(" ")
        match scheme.lower():
            case "bearer":
                return self._bearer is not None and _are_equal(
                    value.strip().encode(errors="surrogateescape"), self._bearer
                )
            case "basic":
                return self._basic is not None and _are_equal(_decoded(value.strip()), self._basic)
        return False

    def _unauthorized(self, sentence: str) -> web.HTTPException:
        ways = [
            *(['Basic realm="monitor", charset="UTF-8"'] if self._basic is not None else []),
            *(['Bearer realm="monitor"'] if self._bearer is not None or self._basic is None else []),
        ]
        return refusal(401, sentence, headers={hdrs.WWW_AUTHENTICATE: ", ".join(ways)})

    def _is_from_here(self, request: web.Request) -> bool:
        if not self._web.is_loopback or any(name in request.headers for name in _FORWARDED):
            return False
        peer = (request.transport.get_extra_info("peername") if request.transport else None) or ("",)
        return is_loopback(str(peer[0]))

    def _demand_own_page(self, request: web.Request) -> None:
        site = request.headers.get("Sec-Fetch-Site", "")
        origins = request.headers.getall(hdrs.ORIGIN, [])
        if not site and not origins and _BROWSER in request.headers.get(hdrs.USER_AGENT, ""):
            # Without TLS it follows a link of another site with the password that it keeps for us, and says nothing.
            raise refusal(403, "a browser does not say which page asks for this: do it from the status page")
        if site not in _OWN_SITES or not all(self._is_own(origin, request) for origin in origins):
            raise refusal(403, "a page of another site asks for this: do it from the status page, or without a browser")

    def _is_own(self, origin: str, request: web.Request) -> bool:
        scheme, _, place = origin.lower().partition("://")
        # A proxy before us may speak TLS to the browser; when we do so ourselves, a page without it is another's.
        schemes = {"https"} if self._web.tls else {"http", "https"}
        host = request.headers.get(hdrs.HOST, "").lower()
        return scheme in schemes and bool(host) and _with_port(place, scheme) == _with_port(host, scheme)

    def _tell(self, request: web.Request) -> None:
        self._refused += 1
        now = self._monotonic()
        if self._told_at is not None and now - self._told_at < _TELL_EVERY_SECONDS:
            return
        self._told_at = now
        log.warning("credentials.refused", address=request.remote, path=request.path[:_MOST_SHOWN], times=self._refused)
        self._refused = 0


def _is_address(name: str) -> bool:
    # No name points anywhere else than its owner wants, and an address is no name.
    try:
        ip_address(name.strip("[]"))
    except ValueError:
        return False
    return True


def _with_port(place: str, scheme: str) -> str:
    found = _HOST.fullmatch(place)
    return f"{found['name']}:{found['port'] or _PORTS[scheme]}" if found else ""


def _are_equal(given: bytes, secret: bytes) -> bool:
    return hmac.compare_digest(given, secret)


def _decoded(text: str) -> bytes:
    try:
        return b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return b""
