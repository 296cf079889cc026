"""
What an answer to a sink means, or that there was none, in a line that whoever is on call can act on.

The line names the sink, its host and port, what happened and what to do. It never shows a path, which may let in
whoever knows it, nor any other secret, though receivers like to quote what they were sent.
"""

import errno
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from urllib.parse import quote, quote_plus, unquote, urlsplit

import aiohttp
import yarl

from monitor.core.clock import Clock
from monitor.core.duration import show_duration
from monitor.core.errors import fit
from monitor.core.redaction import Redactor
from monitor.sinks.base import DELIVERED, Answer, Result
from monitor.sinks.payload import Redact

# No receiver may silence us for longer than this, whatever its Retry-After says.
MAX_WAIT_SECONDS = 300.0

_MAX_MESSAGE_BYTES = 4096
_MAX_QUOTED_CHARACTERS = 60
_MAX_HOST_CHARACTERS = 60
# A shorter word of an address gives nothing away, and would be taken out of every sentence.
_MIN_SECRET_CHARACTERS = 5
_SECONDS = re.compile(r"[0-9]+(?:\.[0-9]*)?")
_ASKS_FOR_A_PAUSE = frozenset({408, 425, 429})
_REMEDIES = {
    400: "check the key and whatever else is configured of it",
    401: "check the key or password that is configured",
    403: "check the key or password that is configured, and what it permits",
    404: "check the address that is configured, and that it is still in use",
    405: "check the address that is configured",
    410: "the address is no longer in use: configure a new one",
    413: "raise the limit of what stands before it",
}
_NO_CONNECTION = {
    errno.ECONNREFUSED: "refused the connection: check that it runs and listens on this port",
    errno.ECONNRESET: "reset the connection: check it and what stands before it",
    errno.EHOSTUNREACH: "cannot be reached: check the address, the network and the firewalls on the way",
    errno.ENETUNREACH: "cannot be reached from here: check the network of this machine",
    errno.EMFILE: "was not asked, since no file descriptor is left: raise the limit of open files",
}


class Judge:
    """
    Judges for the sink called *name*, in whose lines none of *secrets* appears.
    """

    def __init__(self, name: str, *, redact: Redact, clock: Clock, secrets: Iterable[str]) -> None:
        self._name = name
        self._redact = redact
        self._clock = clock
        self._secrets = tuple(secrets)

    def answered(self, status: int, headers: Mapping[str, str], body: bytes, url: str) -> Answer:
        """
        Return what an answer means; *body* is as much of it as came.
        """
        if is_success(status):
            return DELIVERED
        what = f"{self._place(url)} answered {status}{self._quote(body, url)}"
        if status in _ASKS_FOR_A_PAUSE or status >= 500:
            why = "it is tried again: see how it is doing if this lasts"
            return Answer(result=Result.RETRY, why=fit(f"{what}: {why}"), after_seconds=self._pause(headers))
        remedy = _REMEDIES.get(status, "check the address and whatever else is configured of it")
        if 300 <= status < 400:
            remedy = "redirects are not followed: configure the address that it points to"
        return Answer(result=Result.REFUSED, why=fit(f"{what}: {remedy}"))

    def unanswered(self, error: Exception, url: str, *, limit_seconds: float) -> Answer:
        """
        Return what it means that no answer came, but *error*.
        """
        limit = show_duration(limit_seconds)
        result = Result.RETRY
        match error:
            case TimeoutError():
                what = f"did not answer within {limit}: check its address, its load and the firewalls on the way"
            case aiohttp.ClientConnectorDNSError():
                what = f"has a name that was not resolved ({error.os_error.strerror}): check it, and the name server"
            case aiohttp.ClientConnectorCertificateError():
                detail = getattr(error.certificate_error, "verify_message", "invalid")
                what = f"has a certificate that is not accepted ({detail}): renew it, or set SSL_CERT_FILE"
            case aiohttp.ClientConnectorSSLError():
                what = "does not speak TLS as it should: check the port, and the TLS versions it offers"
            case aiohttp.ServerDisconnectedError():
                what = "closed the connection without an answer: check it and what stands before it"
            case aiohttp.ClientResponseError():
                what = "answered what is not HTTP: check what listens on this port"
            case ValueError():
                result, what = Result.REFUSED, "cannot be asked like this: check the address that is configured"
            case RuntimeError():
                what = "was not asked, since the program ends: it is tried again after its next start"
            case _:
                number = getattr(error, "errno", None) or 0
                what = _NO_CONNECTION.get(number, "could not be spoken to: check it and the network on the way")
        return Answer(result=result, why=fit(self._redact(f"{self._place(url)} {what}")))

    def _pause(self, headers: Mapping[str, str]) -> float | None:
        """
        Return how long ``Retry-After`` asks us to wait, in either of its forms; None when it says nothing clear.
        """
        text = headers.get("Retry-After", "").strip()
        if _SECONDS.fullmatch(text):
            return min(float(text), MAX_WAIT_SECONDS)
        until = _http_date(text)
        if until is None:
            return None
        # By the receiver's own clock, where it says what time it has.
        now = _http_date(headers.get("Date", "")) or self._clock.now()
        return min(max(0.0, (until - now).total_seconds()), MAX_WAIT_SECONDS)

    def _place(self, url: str) -> str:
        address = yarl.URL(url, encoded=True)
        host = (address.raw_host or "")[:_MAX_HOST_CHARACTERS]
        return f"{self._name} at {f'[{host}]' if ':' in host else host}:{address.port}"

    def _quote(self, body: bytes, url: str) -> str:
        """
        Return what the receiver says of it in its own words, if it has any.
        """
        text = _message_in(body)
        if not text:
            return ""
        # Masked before it is cut: no redactor knows half a secret again.
        text = " ".join(Redactor(self._known_secrets(url))(self._redact(text)).split())
        return f" ({text[:_MAX_QUOTED_CHARACTERS]}{'…' if len(text) > _MAX_QUOTED_CHARACTERS else ''})"

    def _known_secrets(self, url: str) -> Iterator[str]:
        for secret in self._secrets:
            yield from (secret, quote(secret), quote(secret, safe=""), quote_plus(secret))
            yield from (json.dumps(secret, ensure_ascii=is_ascii)[1:-1] for is_ascii in (True, False))
        parts = urlsplit(url)
        words = [url, parts.path, parts.query, *parts.path.split("/"), *re.split("[&=]", parts.query)]
        yield from (form for word in words if len(word) >= _MIN_SECRET_CHARACTERS for form in (word, unquote(word)))


def is_success(status: int) -> bool:
    """
    Return whether *status* says that the receiver has it.
    """
    return 200 <= status < 300


def _message_in(body: bytes) -> str:
    """
    Return the sentence in the body of a refusal: a plain text, or the usual fields of a JSON object; none in a page.
    """
    text = body[:_MAX_MESSAGE_BYTES].decode("utf-8", "replace").strip()
    try:
        data = json.loads(text)
    except (ValueError, RecursionError):
        return "" if text.startswith(("<", "{", "[")) else text
    if isinstance(data, dict):
        data = [data.get(field) for field in ("message", "errors", "error", "detail")]
    said = data if isinstance(data, list) else [data]
    flat = [each for item in said for each in (item if isinstance(item, list) else [item])]
    return ": ".join(each for each in flat if isinstance(each, str))


def _http_date(text: str) -> datetime | None:
    try:
        at = parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    return at if at.tzinfo else at.replace(tzinfo=UTC)
