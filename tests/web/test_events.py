import asyncio
import json
from typing import Any

import aiohttp
import pytest

from monitor.core.outcome import Reason, Status
from monitor.web import events
from monitor.web.events import HEARTBEAT, MOST_LISTENERS, Events, FullError
from tests.web.serving import Served, serving

pytestmark = pytest.mark.asyncio


async def read_events(stream: aiohttp.StreamReader, until: int) -> list[tuple[str, Any]]:
    """
    Return the first so many events, as pairs of name and data.
    """
    found: list[tuple[str, Any]] = []
    async with asyncio.timeout(10):
        while len(found) < until:
            text = (await stream.readuntil(b"\n\n")).decode()
            if text.startswith("event: "):
                name, _, data = text.strip().partition("\n")
                found.append((name.removeprefix("event: "), json.loads(data.removeprefix("data: "))))
    return found


async def test_a_listener_begins_with_the_status_and_hears_every_change() -> None:
    async with serving() as served, served.session.get(f"{served.address}/api/v1/events") as answer:
        [first] = await read_events(answer.content, 1)
        served.end("chat-delivery", Status.PASSED)
        changes = await read_events(answer.content, 2)

    assert answer.headers["Content-Type"] == "text/event-stream"
    assert (first[0], first[1]["target"], first[1]["checks"]) == ("status", "production", [])
    by_name = dict(changes)
    assert by_name.keys() == {"check", "status"}
    assert (by_name["check"]["name"], by_name["check"]["last_run"]["status"]) == ("chat-delivery", "passed")
    assert by_name["check"]["bars"] == []
    assert by_name["status"]["health"] == "right"


async def test_an_incident_is_told_when_it_opens_and_when_it_is_over() -> None:
    async with serving() as served, served.session.get(f"{served.address}/api/v1/events") as answer:
        await read_events(answer.content, 1)
        for _ in range(2):
            served.end("chat-delivery", Status.FAILED, Reason.NO_EVENT)
        opened = await until_incident(answer.content)
        for _ in range(2):
            served.end("chat-delivery", Status.PASSED)
        resolved = await until_incident(answer.content)

    assert (opened["resolved_at"], opened["id"]) == (None, resolved["id"])
    assert resolved["resolved_at"] is not None


async def until_incident(stream: aiohttp.StreamReader) -> Any:
    while True:
        [(name, data)] = await read_events(stream, 1)
        if name == "incident":
            return data


async def test_a_check_is_told_once_a_second_at_most_and_then_as_it_is() -> None:
    async with serving() as served, served.session.get(f"{served.address}/api/v1/events") as answer:
        await read_events(answer.content, 1)
        began = asyncio.get_running_loop().time()
        served.end("chat-delivery", Status.PASSED)
        await read_events(answer.content, 2)
        for _ in range(20):
            served.end("chat-delivery", Status.PASSED)
        served.end("chat-delivery", Status.ERRORED, Reason.INTERNAL)
        seen: list[Any] = []
        while not seen:
            seen = [data for name, data in await read_events(answer.content, 1) if name == "check"]
        took = asyncio.get_running_loop().time() - began

    assert seen[0]["last_run"]["status"] == "errored"
    assert took >= events.APART_SECONDS - 0.05


async def test_so_many_listen_and_the_next_one_is_sent_away() -> None:
    async with serving() as served:
        url = f"{served.address}/api/v1/events"
        connector = aiohttp.TCPConnector(limit=100)
        async with aiohttp.ClientSession(connector=connector) as session:
            held = [await session.get(url) for _ in range(MOST_LISTENERS)]
            statuses = {answer.status for answer in held}
            refused = await served.answer("GET", "/api/v1/events")
            held.pop().close()
            await until_room(served)
            admitted = await session.get(url)
            for answer in (*held, admitted):
                answer.close()

    assert (statuses, refused.status, admitted.status) == ({200}, 503, 200)
    assert "Retry-After" in refused.headers


async def until_room(served: Served) -> None:
    """
    Wait until the server knows that somebody has left: it learns of it when it has something to say.
    """
    async with asyncio.timeout(10):
        while len(served.server._events._listeners) == MOST_LISTENERS:
            served.end("chat-delivery", Status.PASSED)
            await asyncio.sleep(0.05)


async def test_who_does_not_read_is_dropped_and_holds_nobody_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("monitor.web.streaming._WRITE_SECONDS", 0.3)
    monkeypatch.setattr(events, "APART_SECONDS", 0.0)

    async with serving() as served:
        port = int(served.address.rpartition(":")[2])
        reader, writer = await asyncio.open_connection("127.0.0.1", port, limit=1024)
        writer.write(b"GET /api/v1/events HTTP/1.1\r\nHost: localhost\r\n\r\n")
        await reader.readline()
        async with served.session.get(f"{served.address}/api/v1/events") as answer, asyncio.timeout(30):
            while len(served.server._events._listeners) == 2:
                served.end("chat-delivery", Status.PASSED)
                await read_events(answer.content, 1)
        async with asyncio.timeout(5):
            rest = await reader.read()
        writer.close()

    assert rest
    assert not rest.endswith(b"0\r\n\r\n")


async def test_a_listener_for_whom_too_much_waits_is_dropped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(events, "_MOST_WAITING_BYTES", 100)

    async def render(_event: str, _subject: str) -> bytes:
        return b"x" * 30

    hub = Events(render, monotonic=asyncio.get_running_loop().time)
    with hub.listener() as listener:
        for _ in range(3):
            listener.tell(b"x" * 30)
        is_slow_before, listener_bytes = listener.is_slow, listener._bytes
        listener.tell(b"x" * 30)

    assert (is_slow_before, listener_bytes) == (False, 90)
    assert (listener.is_slow, await listener.next()) == (True, None)


async def test_the_end_of_the_server_ends_every_stream_in_order() -> None:
    async with serving() as served, served.session.get(f"{served.address}/api/v1/events") as answer:
        await read_events(answer.content, 1)
        stopping = asyncio.create_task(served.server.stop())
        async with asyncio.timeout(5):
            rest = await answer.content.read()
            await stopping
        with pytest.raises(FullError), served.server._events.listener():
            pass

    assert b"event: check" not in rest


async def test_silence_is_broken_by_a_sign_of_life(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(events, "_HEARTBEAT_SECONDS", 0.05)

    async with serving() as served, served.session.get(f"{served.address}/api/v1/events") as answer:
        await read_events(answer.content, 1)
        async with asyncio.timeout(5):
            comment = await answer.content.readuntil(b"\n\n")

    assert comment == HEARTBEAT
