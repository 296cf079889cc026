import asyncio

import pytest

from monitor.core.clock import SystemClock
from monitor.core.errors import ConfigError
from monitor.web import connections
from monitor.web.guard import HEADERS
from monitor.web.server import Backstage, WebServer
from tests.web.serving import TOKEN, Script, metrics_page, serving, settings_of, speak

pytestmark = pytest.mark.asyncio


@pytest.mark.parametrize(
    ("encoding", "is_packed"),
    [
        ("gzip", True),
        ("deflate, gzip;q=0.5, br", True),
        ("identity", False),
        ("gzip;q=0", False),
        ("br, gzip; q=0.000", False),
        ("x-gzip", False),
    ],
)
async def test_metrics_are_rendered_for_what_the_reader_accepts(encoding: str, is_packed: bool) -> None:
    async with serving() as served:
        answer = await served.answer("GET", "/metrics", headers={"Accept": "a/b", "Accept-Encoding": encoding})
        text = await answer.text()

    assert (answer.status, answer.headers["Content-Type"]) == (200, "text/plain; version=0.0.4; charset=utf-8")
    assert ("Content-Encoding" in answer.headers) is is_packed
    assert text.startswith("for a/b\n")


@pytest.mark.parametrize(
    ("unready", "trouble", "answer"),
    [
        pytest.param("", "", (200, "ready\n"), id="ready"),
        pytest.param("starting", "the disk is full", (503, "not ready: starting\n"), id="not"),
        pytest.param("", "the disk is full", (200, "ready, but the disk is full\n"), id="in-trouble"),
    ],
)
async def test_readiness_says_why_not(unready: str, trouble: str, answer: tuple[int, str]) -> None:
    async with serving(script=Script(unready=unready, trouble=trouble)) as served:
        assert await served.ask("GET", "/-/ready") == answer


async def test_health_says_that_the_loop_turns() -> None:
    async with serving(script=Script(unready="starting")) as served:
        assert await served.ask("GET", "/-/healthy") == (200, "healthy: the loop turns\n")


async def test_an_address_that_cannot_be_had_is_named_with_the_reason() -> None:
    async with serving() as served:
        settings = settings_of(listen=served.address.removeprefix("http://"))
        script = Script()
        backstage = Backstage(page=metrics_page, run_now=script.run_now, unready=lambda: "")
        second = WebServer(settings, SystemClock(), backstage)
        with pytest.raises(ConfigError, match=r"web.listen: cannot serve on 127.0.0.1:\d+ \(.*in use\)"):
            await second.start()


@pytest.mark.parametrize(
    ("listen", "words"),
    [
        ("nowhere.invalid:9464", "the name in nowhere.invalid:9464 does not resolve"),
        ("192.0.2.7:9464", "choose an address of this machine"),
    ],
)
async def test_an_address_that_is_not_ours_is_named_with_what_to_do(listen: str, words: str) -> None:
    settings = settings_of(listen=listen, token=TOKEN)
    backstage = Backstage(page=metrics_page, run_now=Script().run_now, unready=lambda: "")

    with pytest.raises(ConfigError, match=words):
        await WebServer(settings, SystemClock(), backstage).start()


async def test_stopping_waits_for_no_reader_that_hangs() -> None:
    async with serving() as served:
        _, writer = await asyncio.open_connection("127.0.0.1", int(served.address.rpartition(":")[2]))
        writer.write(b"GET /metrics HTTP/1.1\r\n")
        await writer.drain()

        async with asyncio.timeout(5):
            await served.server.stop()

        writer.close()


@pytest.mark.parametrize(
    ("path", "status"),
    [("/", 200), ("/metrics", 200), ("/api/v1/status", 200), ("/nowhere", 404), ("/api/v1/checks/nobody", 404)],
)
async def test_every_answer_bears_the_headers_that_keep_others_out(path: str, status: int) -> None:
    async with serving() as served:
        answer = await served.answer("GET", path)

    assert answer.status == status
    assert HEADERS.items() <= dict(answer.headers).items()


async def test_what_is_no_request_is_told_in_the_log_by_nobody(caplog: pytest.LogCaptureFixture) -> None:
    async with serving() as served:
        answer = await speak(served.address, "GET / HTTP/1.1", "Host: localhost", "no header")

    assert answer.startswith("HTTP/1.0 400")
    assert not caplog.records


async def test_more_than_so_many_connections_are_closed_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connections, "MOST_CONNECTIONS", 3)

    async with serving() as served:
        port = int(served.address.rpartition(":")[2])
        held = [await asyncio.open_connection("127.0.0.1", port) for _ in range(3)]
        for _, writer in held:
            writer.write(b"GET /-/healthy HTTP/1.1\r\nHost: localhost\r\n\r\n")
        answers = [await reader.readline() for reader, _ in held]
        one_more, closing = await asyncio.open_connection("127.0.0.1", port)
        async with asyncio.timeout(5):
            try:
                rest = await one_more.read()
            except ConnectionResetError:
                rest = b""
        for writer in (closing, *(writer for _, writer in held)):
            writer.close()

    assert answers == [b"HTTP/1.1 200 OK\r\n"] * 3
    assert rest == b""


async def test_who_says_nothing_is_let_go_and_who_asked_is_not(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connections, "FIRST_REQUEST_SECONDS", 0.3)

    async with serving() as served:
        port = int(served.address.rpartition(":")[2])
        asker, asking = await asyncio.open_connection("127.0.0.1", port)
        asking.write(b"GET /-/healthy HTTP/1.1\r\nHost: localhost\r\n\r\n")
        await asker.readuntil(b"turns\n")
        silent, keeping_silent = await asyncio.open_connection("127.0.0.1", port)
        keeping_silent.write(b"GET /-/healthy HTTP/1.1\r\nHost: loc")
        async with asyncio.timeout(5):
            rest = await silent.read()
        asking.write(b"GET /-/healthy HTTP/1.1\r\nHost: localhost\r\n\r\n")
        again = await asker.readline()
        asking.close()
        keeping_silent.close()

    assert (rest, again) == (b"", b"HTTP/1.1 200 OK\r\n")
