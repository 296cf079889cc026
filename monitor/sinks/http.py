"""
The one place that speaks HTTP for sinks: one attempt, within its deadline, and what its answer means.

The first line of a 2xx answer is the receiver's word that it has the event; whatever happens to the rest of the answer
does not take it back, and an event is not sent twice because of it. Every attempt has a connection of its own: events
are rare, and a kept one that was closed meanwhile would cost the first page of the night a retry.
"""

import asyncio
import io
import json
import ssl
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from urllib.parse import quote, urlsplit

import aiohttp
import yarl

from monitor import __version__
from monitor.core.clock import Clock
from monitor.sinks.base import ATTEMPT_SECONDS, Answer, Result
from monitor.sinks.judging import Judge, is_success
from monitor.sinks.payload import Redact

_MAX_BODY_BYTES = 256 << 10
_AS_CONFIGURED = "%!$&'()*+,/:;=?@[]~"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """
    What became of one exchange: what it means, and what was answered.

    *status* is 0 when nothing was. The *body* is as much as came, of a 2xx answer only if it was wanted.
    """

    answer: Answer
    status: int = 0
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""

    def json(self) -> object:
        """
        Return what the body says, None when it was not delivered whole or is no JSON.
        """
        if self.answer.result is not Result.DELIVERED:
            return None
        try:
            return json.loads(self.body)
        except (ValueError, RecursionError):
            return None


class HttpClient:
    """
    Speaks for the sink called *name*, in whose answers none of *secrets* appears, nor any path of an address.
    """

    def __init__(
        self,
        name: str,
        *,
        redact: Redact,
        clock: Clock,
        attempt_seconds: float = ATTEMPT_SECONDS,
        secrets: Iterable[str] = (),
    ) -> None:
        self._judge = Judge(name, redact=redact, clock=clock, secrets=secrets)
        self._attempt_seconds = attempt_seconds
        self._session: aiohttp.ClientSession | None = None
        self._resolver: aiohttp.AsyncResolver | None = None
        self._tls: ssl.SSLContext | None = None
        self._is_closed = False

    async def post(self, url: str, body: bytes, headers: Mapping[str, str]) -> Answer:
        """
        Post *body* once, and return what the answer means.
        """
        return (await self.exchange("POST", url, body=body, headers=headers, wants_body=False)).answer

    async def exchange(
        self, method: str, url: str, *, headers: Mapping[str, str], body: bytes = b"", wants_body: bool = True
    ) -> Reply:
        """
        Ask once; the body of a 2xx answer is read only if it is wanted, and as far as it comes.
        """
        response: aiohttp.ClientResponse | None = None
        heard = bytearray()
        try:
            async with asyncio.timeout(self._attempt_seconds):
                response = await self._ask(method, url, body=body, headers=headers)
                if wants_body or not is_success(response.status):
                    await _read(response, heard)
        except (aiohttp.ClientError, OSError, ValueError, RuntimeError) as error:
            if response is None:
                return Reply(answer=self._judge.unanswered(error, url, limit_seconds=self._attempt_seconds))
        finally:
            # Not ``release``: that waits for the rest of what is sent or received.
            if response is not None:
                response.close()
        answer = self._judge.answered(response.status, response.headers, bytes(heard), url)
        return Reply(answer=answer, status=response.status, headers=response.headers, body=bytes(heard))

    async def close(self) -> None:
        """
        End every connection; nothing is sent any more. Harmless when repeated.
        """
        self._is_closed = True
        session, self._session = self._session, None
        resolver, self._resolver = self._resolver, None
        if session is not None:
            await session.close()
        if resolver is not None:
            await resolver.close()

    async def _ask(self, method: str, url: str, *, body: bytes, headers: Mapping[str, str]) -> aiohttp.ClientResponse:
        if self._is_closed:
            raise RuntimeError("closed")
        if self._session is None:
            self._session = self._new_session()
        if url.startswith("https:") and self._tls is None:
            # Costs 20 ms, and reads SSL_CERT_FILE, which adds a private authority.
            self._tls = ssl.create_default_context()
        return await self._session.request(
            method,
            _address(url),
            data=io.BytesIO(body) if body else None,
            headers=headers,
            allow_redirects=False,
            ssl=self._tls or True,
        )

    def _new_session(self) -> aiohttp.ClientSession:
        # aiodns: the thread pool behind the system's resolver fills up with names that hang.
        self._resolver = aiohttp.AsyncResolver()
        connector = aiohttp.TCPConnector(resolver=self._resolver, limit=0, use_dns_cache=False, force_close=True)
        return aiohttp.ClientSession(
            connector=connector,
            cookie_jar=aiohttp.DummyCookieJar(),
            headers={"User-Agent": f"monitor/{__version__} (synthetic)", "Accept-Encoding": "identity"},
            # Our own wait bounds every attempt: aiohttp rounds long ones up to whole seconds.
            timeout=aiohttp.ClientTimeout(),
            # What is packed against our wish is not worth unpacking.
            auto_decompress=False,
        )


def _address(url: str) -> yarl.URL:
    """
    Return *url* as it was configured: a token in it may be encoded. Only what no request can hold is encoded here.
    """
    parts = urlsplit(url)
    path, query = (quote(part, safe=_AS_CONFIGURED) for part in (parts.path, parts.query))
    address = yarl.URL(parts._replace(path=path, query=query, fragment="").geturl(), encoded=True)
    host = address.raw_host or ""
    return address if host.isascii() else address.with_host(host)


async def _read(response: aiohttp.ClientResponse, heard: bytearray) -> None:
    async for chunk in response.content.iter_any():
        heard += chunk[: _MAX_BODY_BYTES - len(heard)]
        if len(heard) >= _MAX_BODY_BYTES:
            return
