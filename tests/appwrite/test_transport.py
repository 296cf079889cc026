"""
What the transport makes of servers that misbehave; each row is one of them.
"""

import asyncio
import errno
import os
import re
import resource
import ssl
import time
import tracemalloc
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import trustme

from monitor.appwrite.failures import translate
from monitor.appwrite.phases import Exchange
from monitor.appwrite.transport import AiohttpTransport
from monitor.core.errors import CheckFailed, OwnFault
from monitor.core.outcome import Phase, Reason
from monitor.core.transport import Request
from tests.fakes import hostile
from tests.fakes.hostile import Behaviour, answering, http, serving

pytestmark = pytest.mark.asyncio

# For what must hang, and for what must end by itself long before.
SHORT_SECONDS, LONG_SECONDS = 0.2, 5.0
OK = http(b"{}", "Content-Type: application/json")


def get(url: str, **fields: object) -> Request:
    return Request(method="GET", url=url, **{"timeout_seconds": LONG_SECONDS, **fields})  # type: ignore[arg-type]


async def failure(transport: AiohttpTransport, request: Request) -> CheckFailed:
    started = time.monotonic()
    with pytest.raises(CheckFailed) as caught:
        await transport.session("guest").request(request)
    assert time.monotonic() - started < request.timeout_seconds + 1
    assert len(caught.value.message) <= 200
    assert "secret" not in caught.value.message + str(caught.value.evidence)
    return caught.value


@pytest.mark.parametrize(
    ("behaviour", "reason", "says"),
    [
        pytest.param(hostile.closing, Reason.CONNECTION, "closed the connection without an answer", id="closes"),
        pytest.param(hostile.resetting, Reason.CONNECTION, "reset the connection", id="resets"),
        pytest.param(
            hostile.resetting_in_the_body,
            Reason.CONNECTION,
            "in the middle of the body, after 10 bytes",
            id="reset-in-body",
        ),
        pytest.param(
            answering(b"HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\nshort"),
            Reason.CONNECTION,
            "in the middle of the body, after 5 bytes",
            id="wrong-content-length",
        ),
        pytest.param(
            answering(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nno chunk\r\n\r\n"),
            Reason.PROTOCOL,
            "not HTTP (Invalid character in chunk size)",
            id="bad-chunking",
        ),
        pytest.param(
            answering(http(b"this is no gzip at all", "Content-Encoding: gzip")),
            Reason.PROTOCOL,
            "not encoded as its headers say",
            id="bad-content-encoding",
        ),
        pytest.param(
            answering(b"SSH-2.0-OpenSSH_9.2\r\n\r\n"), Reason.PROTOCOL, "not HTTP (Bad status line)", id="not-http"
        ),
        pytest.param(answering(b"\x00\xff\x13garbage" * 50), Reason.PROTOCOL, "not HTTP", id="binary-garbage"),
        pytest.param(
            hostile.endless_headers, Reason.PROTOCOL, "not HTTP (Too many headers received)", id="endless-headers"
        ),
        pytest.param(
            answering(b"HTTP/1.1 200 OK\r\nX-Big: " + b"x" * 100_000 + b"\r\n\r\n"),
            Reason.PROTOCOL,
            "not HTTP (Got more than 8190 bytes",
            id="huge-header",
        ),
        pytest.param(hostile.endless_body, Reason.PROTOCOL, "answered with more than 1 MiB", id="ten-megabytes"),
        pytest.param(
            answering(hostile.gzip_bomb(20)), Reason.PROTOCOL, "answered with more than 1 MiB", id="gzip-bomb"
        ),
    ],
)
async def test_names_what_a_hostile_server_did(
    transport: AiohttpTransport, behaviour: Behaviour, reason: Reason, says: str
) -> None:
    async with serving(behaviour) as port:
        error = await failure(transport, get(f"http://127.0.0.1:{port}/v1/ping?key=secret"))

    assert error.reason is reason
    assert says in error.message
    assert f"GET 127.0.0.1:{port}/v1/ping" in error.message


@pytest.mark.parametrize(
    ("scheme", "behaviour", "says"),
    [
        pytest.param("http", hostile.silent, "connected, but no first byte within 200ms", id="no-answer"),
        pytest.param("http", hostile.dripping, r"the body stopped after \d+ bytes, no end within 200ms", id="drips"),
        pytest.param("https", hostile.silent, "TCP connected, but no TLS handshake within 200ms", id="no-tls"),
    ],
)
async def test_says_where_a_server_hung(
    transport: AiohttpTransport, scheme: str, behaviour: Behaviour, says: str
) -> None:
    async with serving(behaviour) as port:
        error = await failure(transport, get(f"{scheme}://127.0.0.1:{port}/", timeout_seconds=SHORT_SECONDS))

    assert error.reason is Reason.TIMEOUT
    assert re.search(says, error.message)


async def test_a_request_without_time_blames_no_phase_of_the_server(transport: AiohttpTransport) -> None:
    async with serving(hostile.silent) as port:
        error = await failure(transport, get(f"http://127.0.0.1:{port}/", timeout_seconds=0.01))

    assert (error.reason, error.evidence["phase"]) == (Reason.TIMEOUT, "not_begun")
    assert "the deadline was spent before this began (10ms were left)" in error.message


@pytest.mark.parametrize(
    ("behaviour", "measured"),
    [
        pytest.param(hostile.silent, ["dns_seconds", "connect_seconds", "request_seconds"], id="no-answer"),
        pytest.param(
            hostile.dripping,
            ["dns_seconds", "connect_seconds", "request_seconds", "first_byte_seconds"],
            id="drips",
        ),
        pytest.param(hostile.closing, ["dns_seconds", "connect_seconds", "request_seconds"], id="closes"),
        pytest.param(
            hostile.endless_body,
            ["dns_seconds", "connect_seconds", "request_seconds", "first_byte_seconds"],
            id="ten-megabytes",
        ),
    ],
)
async def test_a_failure_tells_the_phases_that_were_measured_before_it(
    transport: AiohttpTransport, behaviour: Behaviour, measured: list[str]
) -> None:
    async with serving(behaviour) as port:
        error = await failure(transport, get(f"http://localhost:{port}/", timeout_seconds=SHORT_SECONDS))

    # How long it was waited is told of what never came; of what came and was wrong, nothing was waited for.
    waited = {"waited_seconds": SHORT_SECONDS} if error.reason is Reason.TIMEOUT else {}
    assert {name: value for name, value in error.evidence.items() if name == "waited_seconds"} == waited
    assert [name for name in error.evidence if name.endswith("_seconds") and name not in waited] == measured


async def test_a_gzip_bomb_does_not_grow_the_memory(transport: AiohttpTransport) -> None:
    async with serving(answering(hostile.gzip_bomb(64))) as port:
        tracemalloc.start()
        try:
            await failure(transport, get(f"http://127.0.0.1:{port}/"))
            _, peak_bytes = tracemalloc.get_traced_memory()
        finally:
            tracemalloc.stop()

    assert peak_bytes < 8 << 20


async def test_a_body_of_exactly_the_limit_is_read(transport: AiohttpTransport) -> None:
    async with serving(answering(http(b"x" * 1000))) as port:
        response = await transport.session("guest").request(get(f"http://127.0.0.1:{port}/", max_body_bytes=1000))

    assert len(response.body) == 1000


async def test_a_port_where_nobody_listens_refuses_the_connection(transport: AiohttpTransport) -> None:
    async with serving(hostile.silent) as port:
        pass

    error = await failure(transport, get(f"http://127.0.0.1:{port}/"))

    assert error.reason is Reason.CONNECTION
    assert "refused the connection" in error.message


async def test_a_name_that_does_not_exist_is_a_dns_failure(transport: AiohttpTransport) -> None:
    error = await failure(transport, get("http://no-such-host.invalid/v1"))

    assert error.reason is Reason.DNS
    assert "'no-such-host.invalid'" in error.message


async def test_a_lost_answer_is_not_asked_for_again(transport: AiohttpTransport) -> None:
    requests = 0

    async def count_and_close(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal requests
        requests += 1
        await hostile.closing(reader, writer)

    async with serving(count_and_close) as port:
        await failure(transport, get(f"http://127.0.0.1:{port}/"))

    assert requests == 1


async def test_a_redirect_is_returned_and_not_followed(transport: AiohttpTransport) -> None:
    redirect = http(b"", "Location: http://127.0.0.1:1/elsewhere", status="301 Moved Permanently")
    async with serving(answering(redirect)) as port:
        response = await transport.session("guest").request(get(f"http://127.0.0.1:{port}/"))

    assert (response.status, response.headers["location"]) == (301, "http://127.0.0.1:1/elsewhere")


@pytest.mark.parametrize(
    ("names", "offset_days", "says"),
    [
        pytest.param(["wrong.example"], 30, "is for another host", id="another-host"),
        pytest.param(["127.0.0.1"], -1, "has expired", id="expired"),
    ],
)
@pytest.mark.usefixtures("trusted")
async def test_says_what_is_wrong_with_a_certificate(
    transport: AiohttpTransport, authority: trustme.CA, names: list[str], offset_days: int, says: str
) -> None:
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    not_after = datetime.now(UTC) + timedelta(days=offset_days)
    authority.issue_cert(*names, not_before=datetime(2020, 1, 1, tzinfo=UTC), not_after=not_after).configure_cert(
        server
    )

    async with serving(answering(OK), tls=server) as port:
        error = await failure(transport, get(f"https://127.0.0.1:{port}/"))

    assert error.reason is Reason.TLS
    assert says in error.message


async def test_an_authority_that_nobody_knows_cannot_be_verified(
    transport: AiohttpTransport, tls_server: ssl.SSLContext
) -> None:
    async with serving(answering(OK), tls=tls_server) as port:
        error = await failure(transport, get(f"https://127.0.0.1:{port}/"))

    assert error.reason is Reason.TLS
    assert "cannot be verified (unable to get local issuer certificate)" in error.message


async def test_a_self_signed_certificate_is_called_so(
    transport: AiohttpTransport, authority: trustme.CA, tmp_path: Path
) -> None:
    authority.private_key_pem.write_to_path(str(tmp_path / "key.pem"))
    authority.cert_pem.write_to_path(str(tmp_path / "certificate.pem"))
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(tmp_path / "certificate.pem", tmp_path / "key.pem")

    async with serving(answering(OK), tls=server) as port:
        error = await failure(transport, get(f"https://127.0.0.1:{port}/"))

    assert error.reason is Reason.TLS
    assert "the certificate is self-signed" in error.message


@pytest.mark.parametrize(
    ("behaviour", "reason", "says"),
    [
        pytest.param(hostile.answering_anything, Reason.TLS, "the TLS handshake failed", id="speaks-plain-http"),
        pytest.param(hostile.closing_at_once, Reason.TLS, "during the TLS handshake", id="closes"),
    ],
)
async def test_says_that_tls_did_not_come_about(
    transport: AiohttpTransport, behaviour: Behaviour, reason: Reason, says: str
) -> None:
    async with serving(behaviour) as port:
        error = await failure(transport, get(f"https://127.0.0.1:{port}/"))

    assert error.reason is reason
    assert says in error.message


@pytest.mark.usefixtures("trusted")
async def test_a_fresh_tls_exchange_has_every_phase_and_the_certificate(
    transport: AiohttpTransport, tls_server: ssl.SSLContext
) -> None:
    async with serving(answering(OK), tls=tls_server) as port:
        started = time.monotonic()
        response = await transport.session("guest").request(get(f"https://localhost:{port}/"))
        total = time.monotonic() - started

    assert list(response.phases) == [Phase.DNS, Phase.CONNECT, Phase.TLS, Phase.REQUEST, Phase.FIRST_BYTE]
    assert all(seconds > 0 for seconds in response.phases.values())
    assert sum(response.phases.values()) < total
    assert response.certificate_expires_at is not None
    assert response.certificate_expires_at > datetime.now(UTC)


@pytest.mark.usefixtures("trusted")
async def test_an_unverified_exchange_accepts_any_certificate_and_reports_none(transport: AiohttpTransport) -> None:
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    trustme.CA().issue_cert("wrong.example").configure_cert(server)

    async with serving(answering(OK), tls=server) as port:
        response = await transport.session("guest").request(get(f"https://127.0.0.1:{port}/", verify_tls=False))

    assert (response.status, response.certificate_expires_at) == (200, None)


async def test_a_kept_connection_serves_twice_and_has_no_connect_phase(transport: AiohttpTransport) -> None:
    ports: list[int] = []

    async def keep(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while True:
            await reader.readuntil(b"\r\n\r\n")
            ports.append(writer.get_extra_info("peername")[1])
            writer.write(OK)

    async with serving(keep) as port:
        url = f"http://127.0.0.1:{port}/"
        first = await transport.session("guest").request(get(url, fresh=False))
        second = await transport.session("guest").request(get(url, fresh=False))
        await transport.session("other").request(get(url, fresh=False))

    assert Phase.CONNECT in first.phases
    assert list(second.phases) == [Phase.REQUEST, Phase.FIRST_BYTE]
    assert ports[0] == ports[1]
    assert ports[2] != ports[0]


async def test_no_cookie_is_kept_by_any_identity(transport: AiohttpTransport) -> None:
    heard: list[bytes] = []

    async def set_cookie(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        heard.append(await reader.readuntil(b"\r\n\r\n"))
        writer.write(http(b"{}", "Set-Cookie: a_session_demo=one; Path=/", "Set-Cookie: other=two; Path=/"))
        await writer.drain()

    async with serving(set_cookie) as port:
        # By name: aiohttp keeps no cookies of bare addresses anyway.
        url = f"http://localhost:{port}/"
        responses = [await transport.session(name).request(get(url)) for name in ("guest", "guest", "customer")]

    assert not any(b"cookie" in request.lower() for request in heard)
    assert responses[0].headers["set-cookie"] == "a_session_demo=one; Path=/, other=two; Path=/"


async def test_the_user_agent_is_the_monitors(transport: AiohttpTransport) -> None:
    heard: list[bytes] = []

    async def note(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        heard.append(await reader.readuntil(b"\r\n\r\n"))
        writer.write(OK)
        await writer.drain()

    async with serving(note) as port:
        await transport.session("guest").request(get(f"http://127.0.0.1:{port}/"))

    assert b"User-Agent: monitor/test\r\n" in heard[0]


async def test_a_cancelled_exchange_passes_the_cancellation_on(transport: AiohttpTransport) -> None:
    async with serving(hostile.silent) as port:
        task = asyncio.create_task(transport.session("guest").request(get(f"http://127.0.0.1:{port}/")))
        await asyncio.wait({task}, timeout=0.1)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task


async def test_no_descriptor_left_is_the_monitors_own_fault(transport: AiohttpTransport) -> None:
    nobody = get("http://127.0.0.1:1/")
    assert (await failure(transport, nobody)).reason is Reason.CONNECTION
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    lowest_free = os.dup(0)
    os.close(lowest_free)

    resource.setrlimit(resource.RLIMIT_NOFILE, (lowest_free, hard))
    try:
        with pytest.raises(OwnFault, match="no file descriptor is left"):
            await transport.session("guest").request(nobody)
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


@pytest.mark.parametrize(
    ("number", "expected"),
    [
        pytest.param(errno.ENFILE, OwnFault, id="system-table-full"),
        pytest.param(errno.EADDRNOTAVAIL, OwnFault, id="no-local-port"),
        pytest.param(errno.ENETUNREACH, OwnFault, id="no-route"),
        pytest.param(errno.ENOBUFS, OwnFault, id="no-buffer"),
        pytest.param(errno.EHOSTUNREACH, CheckFailed, id="host-unreachable"),
        pytest.param(errno.ETIMEDOUT, CheckFailed, id="kernel-gave-up"),
    ],
)
async def test_tells_this_machines_troubles_from_the_targets(number: int, expected: type[Exception]) -> None:
    error = translate(OSError(number, os.strerror(number)), "GET host/", Exchange(started=0.0))

    assert type(error) is expected
