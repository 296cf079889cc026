"""
What went wrong on the way, in our words: the only place that knows the errors of aiohttp, aiodns, ssl and the system.
"""

import errno
import ssl
from urllib.parse import urlsplit

import aiohttp
from aiohttp import ClientConnectorDNSError

from monitor.appwrite.phases import Exchange
from monitor.core.duration import show_duration
from monitor.core.errors import CheckFailed, MonitorError, OwnFault, fit
from monitor.core.outcome import EvidenceValue, Phase, Reason

# With less than this left of the deadline no server can be blamed for not answering: what came before took the time.
SPENT_SECONDS = 0.05

_MAX_PLACE_CHARACTERS = 90

# The machine of the monitor has run out of something, or has no way out at all: no verdict on the target.
_OUR_MACHINE = {
    errno.EMFILE: "no file descriptor is left: raise the limit of open files",
    errno.ENFILE: "the system has no file descriptor left",
    errno.ENOBUFS: "the system has no network buffer left",
    errno.EADDRNOTAVAIL: "no local port or address is left to connect from",
    errno.ENETUNREACH: "this machine has no route to that network: check its own network",
    errno.ENETDOWN: "the network of this machine is down",
}
_OUR_NETWORK = frozenset({errno.ENETUNREACH, errno.ENETDOWN, errno.EADDRNOTAVAIL})
_NO_CONNECTION = {
    errno.ECONNREFUSED: "refused the connection: check that the server runs and listens on this port",
    errno.ECONNRESET: "reset the connection: check the server and what stands before it",
    errno.EHOSTUNREACH: "cannot be reached: check the address, and the network and firewalls on the way",
    errno.ETIMEDOUT: "did not take part in connecting: check the address and the firewalls on the way",
    errno.EPIPE: "closed the connection before the request was sent",
    errno.ECONNABORTED: "gave the connection up: check the server and what stands before it",
}
_HANGING = {
    Phase.DNS: "its name was not resolved within {limit}: check the name server",
    Phase.CONNECT: "no TCP connection within {limit}: check the address, the server and the firewalls on the way",
    Phase.TLS: "TCP connected, but no TLS handshake within {limit}: check the TLS settings of the server",
    Phase.REQUEST: "connected, but the request was not taken within {limit}: check the load of the server",
    Phase.FIRST_BYTE: "connected, but no first byte within {limit}: check the load of the server",
}
# c-ares: no name server could be asked at all, which is this machine's affair.
_NO_NAME_SERVER = 11


def place(method: str, url: str) -> str:
    """
    Return ``GET host/path``: how messages call an address. Never its query, which may hold secrets.
    """
    parts = urlsplit(url)
    where = f"{parts.netloc.rpartition('@')[2]}{parts.path}"
    if len(where) > _MAX_PLACE_CHARACTERS:
        where = f"{where[:30]}…{where[-(_MAX_PLACE_CHARACTERS - 31) :]}"
    return f"{method} {where}"


def failed(reason: Reason, message: str, **evidence: EvidenceValue) -> CheckFailed:
    """
    Return a ``CheckFailed`` whose message fits.
    """
    return CheckFailed(reason, fit(message), **evidence)


def timed_out(where: str, exchange: Exchange, timeout_seconds: float) -> CheckFailed:
    """
    Say in which phase the exchange hung.
    """
    limit, phase = show_duration(round(timeout_seconds, 3)), exchange.phase()
    if phase == "body":
        text = (
            f"the body stopped after {exchange.body_bytes} bytes, no end within {limit}: check the load of the server"
        )
    else:
        text = _HANGING[Phase(phase)].format(limit=limit)
    waited_seconds = round(timeout_seconds, 3)
    facts = exchange.measured()
    return hung(where, text, within_seconds=timeout_seconds, phase=phase, waited_seconds=waited_seconds, **facts)


def hung(where: str, text: str, *, within_seconds: float, **evidence: EvidenceValue) -> CheckFailed:
    """
    Say by *text* what did not come *within_seconds*, unless there was hardly any time for it (phase ``not_begun``).
    """
    if within_seconds >= SPENT_SECONDS:
        return failed(Reason.TIMEOUT, f"{where}: {text}", **evidence)
    left = show_duration(round(within_seconds, 3))
    text = f"the deadline was spent before this began ({left} were left): see what took the time before it"
    return failed(Reason.TIMEOUT, f"{where}: {text}", phase="not_begun")


def translate(error: Exception, where: str, exchange: Exchange) -> MonitorError:
    """
    Return what *error*, raised by a library, means: ``CheckFailed``, or ``OwnFault`` for this machine's own troubles.
    """
    meaning = _meaning(error, where, exchange)
    if isinstance(meaning, CheckFailed):
        meaning.evidence |= exchange.measured()
    return meaning


def _meaning(error: Exception, where: str, exchange: Exchange) -> MonitorError:
    match error:
        case ClientConnectorDNSError():
            meaning = _name_not_resolved(error, where)
        case aiohttp.ClientConnectorCertificateError():
            meaning = _bad_certificate(error.certificate_error, where)
        case aiohttp.ClientConnectorSSLError():
            meaning = _bad_handshake(error.os_error, where)
        case aiohttp.InvalidURL():
            meaning = OwnFault(fit(f"{where} is not an address that can be asked"), own="configuration")
        case aiohttp.ClientPayloadError():
            meaning = _broken_body(error, where, exchange)
        case aiohttp.ClientResponseError():
            meaning = _not_http(error, where, exchange)
        case _:
            meaning = _no_connection(error, where, exchange)
    return meaning


def _name_not_resolved(error: ClientConnectorDNSError, where: str) -> MonitorError:
    detail = str(error.os_error.strerror or error.os_error)
    cause = error.os_error.__cause__
    if cause is not None and cause.args and cause.args[0] == _NO_NAME_SERVER:
        text = f"{where}: no name server answers this machine: check its own network ({detail})"
        return OwnFault(fit(text), own="network", phase=Phase.DNS)
    text = f"the name {error.host!r} was not resolved ({detail}): check the name and its DNS records"
    return failed(Reason.DNS, f"{where}: {text}", host=error.host, detail=detail, phase=Phase.DNS)


def _bad_certificate(error: Exception, where: str) -> CheckFailed:
    detail = error.verify_message if isinstance(error, ssl.SSLCertVerificationError) else str(error)
    lower = detail.lower()
    if "expired" in lower:
        text = "has expired: renew it on the server"
    elif "mismatch" in lower:
        text = "is for another host: check the address, and which certificate the server sends"
    elif "self" in lower and "signed" in lower:
        text = "is self-signed: install one from an authority, or set SSL_CERT_FILE to yours"
    else:
        text = f"cannot be verified ({detail}): check the chain that the server sends"
    return failed(Reason.TLS, f"{where}: the certificate {text}", detail=fit(detail), phase=Phase.TLS)


def _bad_handshake(error: OSError, where: str) -> CheckFailed:
    detail = getattr(error, "reason", None) or str(error)
    text = f"the TLS handshake failed ({detail}): check that the port speaks TLS and which versions it offers"
    return failed(Reason.TLS, f"{where}: {text}", detail=fit(str(detail)), phase=Phase.TLS)


def _not_http(error: aiohttp.ClientResponseError, where: str, exchange: Exchange) -> CheckFailed:
    # What follows the colon quotes the answer.
    detail = fit(error.message.partition(":")[0])
    text = f"answered what is not HTTP ({detail}): check what listens on this port, and any proxy before it"
    return failed(Reason.PROTOCOL, f"{where} {text}", detail=detail, phase=exchange.phase())


def _broken_body(error: aiohttp.ClientPayloadError, where: str, exchange: Exchange) -> CheckFailed:
    detail, got = str(error), f"after {exchange.body_bytes} bytes"
    evidence: dict[str, EvidenceValue] = {"phase": "body", "body_bytes": exchange.body_bytes, "detail": fit(detail)}
    if "not completed" in detail:
        text = f"the connection ended in the middle of the body, {got}: check the server and what stands before it"
        return failed(Reason.CONNECTION, f"{where}: {text}", **evidence)
    text = f"the body is not encoded as its headers say, {got}: check what stands before the server"
    return failed(Reason.PROTOCOL, f"{where}: {text}", **evidence)


def _no_connection(error: Exception, where: str, exchange: Exchange) -> MonitorError:
    number = getattr(error, "errno", None)
    if number in _OUR_MACHINE:
        own = "network" if number in _OUR_NETWORK else "machine"
        return OwnFault(fit(f"{where}: {_OUR_MACHINE[number]}"), own=own, phase=exchange.phase())
    phase = exchange.phase()
    evidence: dict[str, EvidenceValue] = {"phase": phase, "detail": fit(str(error) or type(error).__name__)}
    if phase == Phase.TLS:
        text = "the server ended the connection during the TLS handshake: check its TLS settings and server name"
        return failed(Reason.TLS, f"{where}: {text}", **evidence)
    if isinstance(error, aiohttp.ServerDisconnectedError):
        text = "closed the connection without an answer: check the server and what stands before it"
    else:
        text = _NO_CONNECTION.get(number or 0, f"could not be spoken to ({error}): check the server and the network")
    return failed(Reason.CONNECTION, f"{where} {text}", **evidence)
