"""
Measures the phases of one exchange.

aiohttp's tracing sees names, connections and headers, but not the border between TCP and TLS, and nothing of a
WebSocket. asyncio and uvloop both call ``SSLContext.wrap_bio`` exactly when TCP is up and TLS begins, inside the
connecting task, so a context variable finds the exchange there.
"""

import ssl
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import aiohttp

from monitor.core.clock import SystemClock
from monitor.core.outcome import Phase

now = SystemClock().monotonic

current_exchange: ContextVar["Exchange"] = ContextVar("current_exchange")


@dataclass(slots=True, kw_only=True)
class Exchange:
    """
    The time stamps of one exchange as it proceeds; None is what has not happened.
    """

    started: float
    connecting: float | None = None
    dns_started: float | None = None
    dns_ended: float | None = None
    tls_started: float | None = None
    connected: float | None = None
    sent: float | None = None
    answered: float | None = None
    reused: bool = False
    body_bytes: int = 0
    tls: ssl.SSLObject | None = None

    def phase(self) -> str:
        """
        Return the name of the part under way: a phase, or ``body``.
        """
        if self.answered is not None:
            return "body"
        if self.sent is not None or self.reused:
            return Phase.FIRST_BYTE
        if self.connected is not None:
            return Phase.REQUEST
        if self.tls_started is not None:
            return Phase.TLS
        if self.dns_started is not None and self.dns_ended is None:
            return Phase.DNS
        return Phase.CONNECT

    def phases(self, *, upgrade: bool = False) -> dict[Phase, float]:
        """
        Return the seconds of each phase that took place; *upgrade* instead of request and first byte for a socket.
        """
        spans: list[tuple[Phase, float | None, float | None]] = [
            (Phase.DNS, self.dns_started, self.dns_ended),
            (Phase.CONNECT, self.dns_ended or self.connecting, self.tls_started or self.connected),
            (Phase.TLS, self.tls_started, self.connected),
        ]
        if upgrade:
            spans.append((Phase.UPGRADE, self.connected, self.answered))
        else:
            spans += [
                (Phase.REQUEST, self.connected or self.started, self.sent),
                (Phase.FIRST_BYTE, self.sent, self.answered),
            ]
        return {phase: end - begin for phase, begin, end in spans if begin is not None and end is not None}

    def measured(self) -> dict[str, float]:
        """
        Return the seconds of each phase that has ended, named as the evidence of a failure names them.
        """
        return {f"{phase}_seconds": round(seconds, 6) for phase, seconds in self.phases().items()}

    def certificate_expires_at(self) -> datetime | None:
        """
        Return when the verified certificate of the server ends; None without TLS or verification.
        """
        # An unverified connection answers {}: Python parses only what it has verified.
        certificate = self.tls.getpeercert() if self.tls is not None else None
        if not certificate:
            return None
        return datetime.fromtimestamp(ssl.cert_time_to_seconds(str(certificate["notAfter"])), tz=UTC)


class ProbeContext(ssl.SSLContext):
    """
    A TLS policy that tells the exchange when its handshake begins.
    """

    def wrap_bio(self, *args: Any, **kwargs: Any) -> ssl.SSLObject:
        tls = super().wrap_bio(*args, **kwargs)
        exchange = current_exchange.get(None)
        if exchange is not None:
            exchange.tls_started, exchange.tls = now(), tls
        return tls


def tls_policy(*, verify: bool) -> ProbeContext:
    """
    Build a TLS policy; costs 20 ms, so the transport builds each once.

    ``SSL_CERT_FILE`` and ``SSL_CERT_DIR`` add a private authority, as everywhere with OpenSSL.
    """
    context = ProbeContext(ssl.PROTOCOL_TLS_CLIENT)
    context.set_alpn_protocols(["http/1.1"])
    if verify:
        context.load_default_certs()
    else:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    return context


def tracing() -> aiohttp.TraceConfig:
    """
    Return the hooks that stamp the current exchange.
    """
    # The context variable instead of aiohttp's own request context, which ws_connect cannot pass on.
    trace = aiohttp.TraceConfig(trace_config_ctx_factory=_exchange)  # type: ignore[arg-type]
    trace.on_connection_create_start.append(_connection_started)
    trace.on_connection_create_end.append(_connected)
    trace.on_connection_reuseconn.append(_reused)
    trace.on_request_headers_sent.append(_sent)
    trace.on_request_end.append(_answered)
    trace.on_request_redirect.append(_refuse_redirect)
    return trace


def _exchange(trace_request_ctx: object) -> Exchange:  # noqa: ARG001 - aiohttp passes it by this name
    return current_exchange.get()


async def _refuse_redirect(_session: object, _exchange: Any, params: aiohttp.TraceRequestRedirectParams) -> None:
    # ws_connect follows redirects and cannot be told not to: the user's JWT would go wherever the answer points.
    answer = params.response
    raise aiohttp.WSServerHandshakeError(
        answer.request_info, answer.history, status=answer.status, message="redirect", headers=answer.headers
    )


async def _connection_started(_session: object, exchange: Any, _params: object) -> None:
    exchange.reused = False
    exchange.connecting = now()


async def _connected(_session: object, exchange: Any, _params: object) -> None:
    exchange.connected = now()


async def _reused(_session: object, exchange: Any, _params: object) -> None:
    exchange.reused = True


async def _sent(_session: object, exchange: Any, _params: object) -> None:
    exchange.sent = now()


async def _answered(_session: object, exchange: Any, _params: object) -> None:
    exchange.answered = now()
