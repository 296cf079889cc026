"""
What the transport makes of WebSockets, open ones and those that never come to be.
"""

import asyncio
import ssl
import time
from contextlib import suppress

import aiohttp
import pytest

from monitor.appwrite.budget import Budget
from monitor.appwrite.transport import AiohttpTransport
from monitor.core.clock import SystemClock
from monitor.core.cost import Bucket, Limited
from monitor.core.errors import CheckFailed, OwnFault
from monitor.core.outcome import Phase, Reason
from monitor.core.transport import Socket
from tests.fakes import hostile
from tests.fakes.hostile import Behaviour, answering, http, serving, text_frame, upgrading

pytestmark = pytest.mark.asyncio

# For what must hang, and for what must end by itself long before.
SHORT_SECONDS, LONG_SECONDS = 0.2, 5.0
HTML = http(b"<html>shop</html>", "Content-Type: text/html", "Server: Netlify")
BAD_GATEWAY = http(b"bad gateway", "Content-Type: text/plain", status="502 Bad Gateway")


async def open_socket(transport: AiohttpTransport, port: int, timeout_seconds: float = LONG_SECONDS) -> Socket:
    url = f"ws://127.0.0.1:{port}/v1/realtime?project=demo&channels[]=secret"
    return await transport.session("guest").open_socket(url, headers={}, timeout_seconds=timeout_seconds)


@pytest.mark.parametrize(
    ("behaviour", "reason", "says", "evidence"),
    [
        pytest.param(
            answering(hostile.not_found_by_the_api()),
            Reason.PROTOCOL,
            "answered 404 by Appwrite's HTTP API",
            {"status": 404, "misrouted": True, "server_is_appwrite": True},
            id="404-json-of-the-api",
        ),
        pytest.param(
            answering(HTML),
            Reason.PROTOCOL,
            "answered 200 with a page",
            {"status": 200, "misrouted": True, "server_is_appwrite": False},
            id="200-html",
        ),
        pytest.param(
            answering(BAD_GATEWAY),
            Reason.HTTP_STATUS,
            "was refused with 502",
            {"status": 502, "misrouted": False, "server_is_appwrite": False},
            id="502-of-the-proxy",
        ),
        pytest.param(
            answering(http(b"", status="429 Too Many Requests")),
            Reason.RATE_LIMITED,
            "was refused with 429",
            {"status": 429},
            id="429-of-the-proxy",
        ),
        pytest.param(
            answering(b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n"),
            Reason.PROTOCOL,
            "a broken 101 (Invalid challenge response)",
            {"status": 101},
            id="101-without-proof",
        ),
        pytest.param(
            answering(http(b"[" * 60_000, status="404 Not Found")),
            Reason.HTTP_STATUS,
            "was refused with 404",
            {"status": 404, "type": None},
            id="404-with-json-nested-without-end",
        ),
        pytest.param(hostile.closing, Reason.CONNECTION, "closed the connection without", {}, id="closes"),
    ],
)
async def test_says_why_a_socket_was_refused(
    transport: AiohttpTransport, behaviour: Behaviour, reason: Reason, says: str, evidence: dict[str, object]
) -> None:
    started = time.monotonic()

    async with serving(behaviour) as port:
        with pytest.raises(CheckFailed) as caught:
            await open_socket(transport, port)

    assert time.monotonic() - started < LONG_SECONDS
    assert caught.value.reason is reason
    assert says in caught.value.message
    assert "secret" not in caught.value.message
    assert len(caught.value.message) <= 200
    assert evidence.items() <= caught.value.evidence.items()


async def test_a_server_that_never_upgrades_is_a_timeout(transport: AiohttpTransport) -> None:
    async with serving(hostile.silent) as port:
        started = time.monotonic()
        with pytest.raises(CheckFailed, match=r"no first byte within (200|19\d)ms") as caught:
            await open_socket(transport, port, SHORT_SECONDS)

    assert (caught.value.reason, caught.value.evidence["phase"]) == (Reason.TIMEOUT, "first_byte")
    assert time.monotonic() - started < SHORT_SECONDS + 1


async def test_a_socket_without_time_blames_no_phase_of_the_server(transport: AiohttpTransport) -> None:
    async with serving(hostile.silent) as port:
        with pytest.raises(CheckFailed, match="the deadline was spent before this began") as caught:
            await open_socket(transport, port, 0.01)

    assert (caught.value.reason, caught.value.evidence["phase"]) == (Reason.TIMEOUT, "not_begun")


async def test_a_cancelled_socket_leaves_the_gate_at_once(transport: AiohttpTransport) -> None:
    async with (
        serving(hostile.silent) as dead,
        serving(upgrading(text_frame("connected"), then=hostile.silent)) as port,
    ):
        hanging = asyncio.create_task(open_socket(transport, dead, 3.0))
        await asyncio.sleep(0)
        hanging.cancel()
        await asyncio.gather(hanging, return_exceptions=True)
        started = time.monotonic()
        socket = await open_socket(transport, port, 3.0)
        await socket.close()

    assert time.monotonic() - started < 0.2


async def test_an_open_socket_has_connect_and_upgrade_phases(transport: AiohttpTransport) -> None:
    async with serving(upgrading(then=hostile.silent)) as port:
        socket = await open_socket(transport, port)
        await socket.close()

    assert list(socket.phases) == [Phase.CONNECT, Phase.UPGRADE]


@pytest.mark.usefixtures("trusted")
async def test_a_secure_socket_has_every_phase(transport: AiohttpTransport, tls_server: ssl.SSLContext) -> None:
    async with serving(upgrading(then=hostile.silent), tls=tls_server) as port:
        session = transport.session("guest")
        socket = await session.open_socket(f"wss://localhost:{port}/", headers={}, timeout_seconds=LONG_SECONDS)
        await socket.close()

    assert list(socket.phases) == [Phase.DNS, Phase.CONNECT, Phase.TLS, Phase.UPGRADE]


@pytest.mark.parametrize(
    ("frames", "close_code"),
    [
        pytest.param(b"", 1006, id="tcp-ends"),
        pytest.param(b"\x88\x02\x03\xf0", 1008, id="close-frame"),
        pytest.param(b"\xff\xff garbage, and no frame", 1002, id="garbage-frame"),
        pytest.param(b"\x81\x7f\x00\x00\x00\x00\x7f\xff\xff\xff", 1009, id="frame-of-2-gib"),
    ],
)
async def test_tells_how_a_socket_ended(transport: AiohttpTransport, frames: bytes, close_code: int) -> None:
    async with serving(upgrading(text_frame("last words"), frames)) as port:
        socket = await open_socket(transport, port)
        received = [await socket.receive(1.0), await socket.receive(1.0), await socket.receive(1.0)]
        await socket.close()

    assert received == ["last words", None, None]
    assert socket.close_code == close_code


async def test_waits_for_a_frame_no_longer_than_asked(transport: AiohttpTransport) -> None:
    async with serving(upgrading(then=hostile.silent)) as port:
        socket = await open_socket(transport, port)
        with pytest.raises(TimeoutError):
            await socket.receive(0.05)
        open_code = socket.close_code
        await socket.close()
        await socket.close()

    assert (open_code, socket.close_code) == (None, 1000)


async def test_measures_a_control_ping_while_nobody_receives(transport: AiohttpTransport) -> None:
    async def pong(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readexactly(2)
        mask = await reader.readexactly(4)
        payload = bytes(a ^ b for a, b in zip(await reader.readexactly(head[1] & 0x7F), mask, strict=False))
        writer.write(bytes((0x8A, len(payload))) + payload)
        await asyncio.Event().wait()

    async with serving(upgrading(then=pong)) as port:
        socket = await open_socket(transport, port)
        seconds = await socket.ping(1.0)
        with pytest.raises(TimeoutError):
            await socket.ping(0.05)
        await socket.close()

    assert 0 < seconds < 1


async def test_answers_the_pings_of_the_server(transport: AiohttpTransport) -> None:
    answers: asyncio.Queue[bytes] = asyncio.Queue()

    async def ping(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"\x89\x02hi")
        await answers.put(await reader.readexactly(1))
        await asyncio.Event().wait()

    async with serving(upgrading(then=ping)) as port:
        socket = await open_socket(transport, port)
        first_byte = await asyncio.wait_for(answers.get(), 1.0)
        await socket.close()

    assert first_byte == b"\x8a"


async def test_sending_on_an_ended_socket_fails(transport: AiohttpTransport) -> None:
    async with serving(upgrading()) as port:
        socket = await open_socket(transport, port)
        assert await socket.receive(1.0) is None
        with pytest.raises(CheckFailed) as caught:
            await socket.send("hello")
        await socket.close()

    assert caught.value.reason is Reason.CONNECTION


async def test_whoever_writes_before_the_end_was_read_says_that_it_was_none_in_order(
    transport: AiohttpTransport, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def broken(*_: object) -> None:
        raise ConnectionResetError("Cannot write to closing transport")

    async with serving(upgrading()) as port:
        socket = await open_socket(transport, port)
        monkeypatch.setattr(aiohttp.ClientWebSocketResponse, "send_str", broken)

        with pytest.raises(CheckFailed) as caught:
            await socket.send("{}")

    assert (caught.value.reason, caught.value.evidence["close_code"]) == (Reason.CONNECTION, 1006)


async def test_sockets_open_one_after_another(transport: AiohttpTransport) -> None:
    upgrading_now = 0
    at_most = 0

    async def slow(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal upgrading_now, at_most
        upgrading_now += 1
        at_most = max(at_most, upgrading_now)
        await upgrading()(reader, writer)
        await asyncio.sleep(0.01)
        upgrading_now -= 1
        writer.write(text_frame("connected"))
        await asyncio.Event().wait()

    async with serving(slow) as port:
        sockets = await asyncio.gather(*(open_socket(transport, port, 3.0) for _ in range(10)))
        texts = [await socket.receive(1.0) for socket in sockets]
        for socket in sockets:
            await socket.close()

    assert at_most == 1
    assert texts == ["connected"] * 10


@pytest.mark.slow
async def test_a_server_that_hangs_keeps_others_from_the_gate_for_a_moment_only(transport: AiohttpTransport) -> None:
    async with (
        serving(hostile.silent) as dead,
        serving(upgrading(text_frame("connected"), then=hostile.silent)) as port,
    ):
        hanging = asyncio.create_task(open_socket(transport, dead, 3.0))
        await asyncio.sleep(0)
        started = time.monotonic()
        socket = await open_socket(transport, port, 3.0)
        waited = time.monotonic() - started
        phases = sum(socket.phases.values())
        await socket.close()
        hanging.cancel()
        await asyncio.gather(hanging, return_exceptions=True)

    assert 0.2 < waited < 1.5
    assert phases < 0.2


async def test_no_turn_within_the_deadline_is_the_monitors_own_fault(transport: AiohttpTransport) -> None:
    async with serving(hostile.silent) as port:
        hanging = asyncio.create_task(open_socket(transport, port, 3.0))
        await asyncio.sleep(0)
        with pytest.raises(OwnFault, match="no turn to open a socket within 100ms"):
            await open_socket(transport, port, 0.1)
        with pytest.raises(CheckFailed, match="the deadline was spent before this began"):
            await open_socket(transport, port, 0.01)
        hanging.cancel()
        await asyncio.gather(hanging, return_exceptions=True)


async def test_the_budget_refuses_a_29th_message_before_it_is_sent() -> None:
    transport = AiohttpTransport(user_agent="monitor/test", budget=Budget(SystemClock()))
    heard: list[bytes] = []

    async def listen(reader: asyncio.StreamReader, _writer: asyncio.StreamWriter) -> None:
        while True:
            frame = await reader.readexactly(6 + 2)
            heard.extend([frame] if frame.startswith(b"\x81") else [])

    async with serving(upgrading(then=listen)) as port:
        socket = await open_socket(transport, port)
        for _ in range(28):
            await socket.send("hi")
        with pytest.raises(OwnFault, match="28 messages on one socket within 1m"):
            await socket.send("hi")
        await socket.close()
    await transport.close()

    assert len(heard) == 28


async def test_closing_the_transport_ends_its_sockets() -> None:
    transport = AiohttpTransport(user_agent="monitor/test", budget=None)
    async with serving(upgrading(then=hostile.silent)) as port:
        socket = await open_socket(transport, port)
        await transport.close()
        received = await socket.receive(1.0)
        await socket.close()

    assert (received, socket.close_code) == (None, 1006)


async def test_whoever_is_cancelled_while_he_closes_leaves_nothing_open(transport: AiohttpTransport) -> None:
    ended = asyncio.Event()

    async def until_the_end(reader: asyncio.StreamReader, _writer: asyncio.StreamWriter) -> None:
        await reader.read()
        ended.set()

    for turns in range(4):
        ended.clear()
        async with serving(upgrading(then=until_the_end)) as port:
            socket = await open_socket(transport, port)
            closing = asyncio.create_task(socket.close())
            for _ in range(turns):
                await asyncio.sleep(0)
            closing.cancel()
            with suppress(asyncio.CancelledError):
                await closing
            if turns == 0:
                # It had not begun.
                await socket.close()
            async with asyncio.timeout(LONG_SECONDS):
                await ended.wait()


async def test_the_budget_refuses_a_101st_connect_before_anything_is_sent() -> None:
    budget = Budget(SystemClock())
    transport = AiohttpTransport(user_agent="monitor/test", budget=budget)
    heard: list[object] = []

    async def listen(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        heard.append(writer)

    async with serving(listen) as port:
        for _ in range(100):
            budget.spend(Bucket(what=Limited.CONNECTS))
        with pytest.raises(OwnFault, match="100 socket connects within 1m"):
            await open_socket(transport, port)
    await transport.close()

    assert heard == []


async def test_a_redirect_is_not_followed_with_the_credentials(transport: AiohttpTransport) -> None:
    asked = []

    async def steal(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        asked.append(await reader.readuntil(b"\r\n\r\n"))

    async with serving(steal) as other:
        away = http(b"", f"Location: http://127.0.0.1:{other}/steal", status="302 Found")
        async with serving(answering(away)) as port:
            with pytest.raises(CheckFailed, match=r"was refused with a redirect \(302\), expected 101") as caught:
                await open_socket(transport, port)

    assert caught.value.reason is Reason.HTTP_STATUS
    assert asked == []
