"""
What a subscription makes of the frames that come, and of those that do not.
"""

import asyncio
import contextlib
import json

import pytest

from monitor.appwrite.realtime import subscribe
from monitor.appwrite.rest import Client
from monitor.core.errors import CheckFailed
from monitor.core.outcome import Phase, Reason
from tests.appwrite.conftest import MakeRun
from tests.fakes import hostile
from tests.fakes.hostile import Behaviour, answering, serving, text_frame, upgrading

pytestmark = pytest.mark.asyncio

CONNECTED = text_frame('{"type":"connected","data":{"channels":["documents"],"user":{"$id":"u1"}}}')
GUEST = text_frame('{"type":"connected","data":{"channels":[],"subscriptions":[],"user":null}}')
PONG = text_frame('{"type":"pong"}')


def error(code: int) -> bytes:
    return text_frame(json.dumps({"type": "error", "data": {"code": code, "message": "Error: Server Error"}}))


def event(number: int) -> bytes:
    return text_frame(json.dumps({"type": "event", "data": {"events": ["e"], "payload": {"n": number}}}))


def client_of(make_run: MakeRun, port: int, timeout_seconds: float = 5.0) -> Client:
    run = make_run(f"http://127.0.0.1:{port}/v1", timeout_seconds=timeout_seconds)
    headers = {"X-Appwrite-JWT": "jwt", "X-Appwrite-Key": "standard_secret"}
    return Client(run, identity="customer", session=run.transport.session("customer"), headers=headers)


@pytest.mark.parametrize(
    ("behaviour", "reason", "says", "evidence"),
    [
        pytest.param(upgrading(), Reason.CONNECTION, "ended with 1006", {"close_code": 1006}, id="101-then-1006"),
        pytest.param(
            upgrading(text_frame("garbage"), then=hostile.silent),
            Reason.PROTOCOL,
            "the first frame is not Appwrite's",
            {},
            id="101-then-garbage-text",
        ),
        pytest.param(
            upgrading(b"\xff\xffgarbage", then=hostile.silent),
            Reason.CONNECTION,
            "ended with 1002",
            {"close_code": 1002},
            id="101-then-garbage-frame",
        ),
        pytest.param(upgrading(PONG), Reason.PROTOCOL, "the first frame is not Appwrite's", {}, id="pong-first"),
        pytest.param(upgrading(error(1008)), Reason.WRONG_ANSWER, "error 1008", {"error_code": 1008}, id="policy"),
        pytest.param(upgrading(error(1013)), Reason.RATE_LIMITED, "error 1013", {"error_code": 1013}, id="too-many"),
        pytest.param(upgrading(error(403)), Reason.DISABLED, "error 403", {"error_code": 403}, id="switched-off"),
        pytest.param(upgrading(error(401)), Reason.UNAUTHORIZED, "error 401", {"error_code": 401}, id="bad-jwt"),
        pytest.param(upgrading(error(0)), Reason.CONNECTION, "error 0", {"error_code": 0}, id="unexpected"),
        pytest.param(
            answering(hostile.not_found_by_the_api()), Reason.PROTOCOL, "HTTP API", {"misrouted": True}, id="misrouted"
        ),
    ],
)
async def test_says_why_there_is_no_subscription(
    make_run: MakeRun, behaviour: Behaviour, reason: Reason, says: str, evidence: dict[str, object]
) -> None:
    async with serving(behaviour) as port:
        client = client_of(make_run, port)
        with pytest.raises(CheckFailed) as caught:
            async with subscribe(client, ["documents"], run=client.run):
                pytest.fail("was subscribed")

    assert caught.value.reason is reason
    assert says in caught.value.message
    assert len(caught.value.message) <= 200
    assert evidence.items() <= caught.value.evidence.items()


async def test_a_server_that_upgrades_and_then_says_nothing_is_a_timeout(make_run: MakeRun) -> None:
    async with serving(upgrading(then=hostile.silent)) as port:
        client = client_of(make_run, port, timeout_seconds=0.2)
        with pytest.raises(CheckFailed, match="upgraded, but no connected frame within") as caught:
            async with subscribe(client, ["documents"], run=client.run):
                pytest.fail("was subscribed")

    assert (caught.value.reason, caught.value.evidence) == (Reason.TIMEOUT, {"phase": "connected_frame"})
    assert client.run.elapsed_seconds() < 1.2


async def test_a_socket_that_opened_at_the_deadline_blames_no_missing_frame(
    make_run: MakeRun, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with serving(upgrading(then=hostile.silent)) as port:
        client = client_of(make_run, port)
        monkeypatch.setattr(client.run, "observe_phases", lambda _: client.run.extend(0.01))
        with pytest.raises(CheckFailed, match="the deadline was spent before this began") as caught:
            async with subscribe(client, ["documents"], run=client.run):
                pytest.fail("was subscribed")

    assert (caught.value.reason, caught.value.evidence) == (Reason.TIMEOUT, {"phase": "not_begun"})


async def test_knows_who_it_is_and_measures_every_phase(make_run: MakeRun) -> None:
    async with serving(upgrading(CONNECTED, then=hostile.silent)) as port:
        client = client_of(make_run, port)
        async with subscribe(client, ["documents"], run=client.run) as subscription:
            assert (subscription.user_id, subscription.channels) == ("u1", ("documents",))

    assert list(client.run.phases) == [Phase.CONNECT, Phase.UPGRADE, Phase.CONNECTED_FRAME]
    assert sum(client.run.phases.values()) < client.run.elapsed_seconds()


async def test_a_guest_is_nobody(make_run: MakeRun) -> None:
    async with serving(upgrading(GUEST, then=hostile.silent)) as port:
        client = client_of(make_run, port)
        async with subscribe(client, [], run=client.run) as subscription:
            assert subscription.user_id is None


async def test_puts_channels_into_the_url_and_never_sends_the_key(make_run: MakeRun) -> None:
    requests: list[str] = []

    async def note(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        requests.append((await reader.readuntil(b"\r\n\r\n")).decode())

    async with serving(note) as port:
        client = client_of(make_run, port)
        with pytest.raises(CheckFailed):
            async with subscribe(client, ["documents", "databases.main.x"], run=client.run):
                pytest.fail("was subscribed")

    first_line = requests[0].splitlines()[0].replace("%5B%5D", "[]")
    assert first_line == "GET /v1/realtime?project=demo&channels[]=documents&channels[]=databases.main.x HTTP/1.1"
    assert "X-Appwrite-JWT: jwt" in requests[0]
    assert "standard_secret" not in requests[0]


async def test_hands_events_over_in_order_stamped_when_they_arrived(make_run: MakeRun) -> None:
    async with serving(upgrading(CONNECTED, event(1), event(2), then=hostile.silent)) as port:
        client = client_of(make_run, port)
        async with subscribe(client, ["documents"], run=client.run) as subscription:
            events = [await subscription.next_event(0.5), await subscription.next_event(0.5)]
            with pytest.raises(TimeoutError):
                await subscription.next_event(0.05)

    assert [event.payload["n"] for event in events] == [1, 2]
    assert 0 < events[0].received_seconds <= events[1].received_seconds < client.run.elapsed_seconds()


async def test_drops_the_oldest_events_beyond_its_bound_and_counts_them(make_run: MakeRun) -> None:
    many = b"".join(event(number) for number in range(1005))
    async with serving(upgrading(CONNECTED, many, PONG, then=hostile.silent)) as port:
        client = client_of(make_run, port)
        async with subscribe(client, ["documents"], run=client.run) as subscription:
            await subscription.ping(4.0)
            first = await subscription.next_event(1.0)

    assert (first.payload["n"], subscription.dropped) == (5, 5)


async def test_a_socket_that_ends_while_waiting_says_how_and_what_came_last(make_run: MakeRun) -> None:
    async with serving(upgrading(CONNECTED, error(1003), b"\x88\x02\x03\xf3")) as port:
        client = client_of(make_run, port)
        async with subscribe(client, ["documents"], run=client.run) as subscription:
            with pytest.raises(CheckFailed) as caught:
                await subscription.next_event(1.0)

    assert caught.value.reason is Reason.CONNECTION
    assert "ended with 1011 after error 1003" in caught.value.message
    assert {"close_code": 1011, "error_code": 1003}.items() <= caught.value.evidence.items()


async def test_an_error_that_leaves_the_socket_open_is_handed_over(make_run: MakeRun) -> None:
    async with serving(upgrading(CONNECTED, error(1003), then=hostile.silent)) as port:
        client = client_of(make_run, port)
        async with subscribe(client, ["documents"], run=client.run) as subscription:
            first = await subscription.next_error(1.0)
            with pytest.raises(TimeoutError):
                await subscription.next_error(0.05)

    assert first.code == 1003


async def test_an_error_that_is_the_last_word_is_why_the_socket_ended(make_run: MakeRun) -> None:
    async def object_and_end(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(error(1008))
        await writer.drain()
        with contextlib.suppress(TimeoutError):
            # The client sends nothing: this lets the end come in a packet of its own.
            async with asyncio.timeout(0.05):
                await reader.read(1)

    async with serving(upgrading(CONNECTED, then=object_and_end)) as port:
        client = client_of(make_run, port)
        async with subscribe(client, ["documents"], run=client.run) as subscription:
            with pytest.raises(CheckFailed, match="ended with 1006 after error 1008"):
                await subscription.next_error(1.0)


async def test_measures_an_application_ping(make_run: MakeRun) -> None:
    async def pong(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readexactly(6 + len('{"type":"ping"}'))
        writer.write(PONG)
        await asyncio.Event().wait()

    async with serving(upgrading(CONNECTED, then=pong)) as port:
        client = client_of(make_run, port)
        async with subscribe(client, ["documents"], run=client.run) as subscription:
            seconds = await subscription.ping(0.5)
            with pytest.raises(CheckFailed, match="no pong within 50ms") as caught:
                await subscription.ping(0.05)

    assert 0 < seconds < 0.5
    assert caught.value.reason is Reason.TIMEOUT


async def test_a_socket_that_ends_during_a_ping_is_lost_and_not_slow(make_run: MakeRun) -> None:
    async def end(reader: asyncio.StreamReader, _writer: asyncio.StreamWriter) -> None:
        await reader.readexactly(6)

    async with serving(upgrading(CONNECTED, then=end)) as port:
        client = client_of(make_run, port)
        async with subscribe(client, ["documents"], run=client.run) as subscription:
            with pytest.raises(CheckFailed, match="ended with 1006"):
                await subscription.ping(4.0)
