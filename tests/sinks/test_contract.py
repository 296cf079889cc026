"""
What every sink owes to delivery, asked of each of them, over real sockets, on both loops.
"""

import asyncio
import json
import socket
import ssl
import time
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
import trustme

from monitor.incidents.incident import Event, Transition
from monitor.sinks.base import Result, Sink, Standing
from monitor.sinks.judging import MAX_WAIT_SECONDS
from tests.fakes.hostile import Behaviour, answering_anything, closing, endless_headers, serving, silent
from tests.fakes.receiver import Fault, Received, Receiver, Reply, always
from tests.sinks.contract import SUBJECTS, Subject, forms_of, sink_of
from tests.sinks.events import event, finding

pytestmark = pytest.mark.asyncio
# What is sent is the same on any loop.
on_one_loop = pytest.mark.asyncio(loop_factories=["asyncio"])

# Enough for any answer on loopback, and short enough to wait for.
_SHORT_SECONDS = 0.15
# In which an answer that is meant to come does come, also on a machine that has other work.
_ANSWERED_SECONDS = 0.6
# What a busy machine may add to a deadline.
_GRACE_SECONDS = 1.0

MakeSink = Callable[..., Sink]


@pytest.fixture(params=[pytest.param(subject, id=name) for name, subject in SUBJECTS.items()])
def subject(request: pytest.FixtureRequest) -> Subject:
    assert isinstance(request.param, Subject)
    return request.param


@pytest_asyncio.fixture
async def make(subject: Subject) -> AsyncIterator[MakeSink]:
    """
    Make sinks that are closed in the end.
    """
    sinks = []

    def make(url: str, **settings: Any) -> Sink:
        sinks.append(sink_of(subject, url, **settings))
        return sinks[-1]

    yield make
    for sink in sinks:
        await sink.close()


@pytest_asyncio.fixture
async def receiver(subject: Subject) -> AsyncIterator[Receiver]:
    async with subject.receiver() as receiver:
        yield receiver


def assert_says_why(why: str, sink: Sink) -> None:
    """
    Check the form of *why*: the sink, what happened and what to do, in one short line.
    """
    assert why.startswith(sink.name)
    assert ": " in why
    assert len(why) <= 200
    assert why.isprintable()
    assert not why.endswith(".")


@on_one_loop
@pytest.mark.parametrize("transition", Transition)
async def test_every_transition_is_taken_by_its_receiver(
    make: MakeSink, receiver: Receiver, transition: Transition
) -> None:
    answer = await make(receiver.url).deliver(event(transition))

    assert (answer.result, answer.why, answer.after_seconds) == (Result.DELIVERED, "", None)
    assert len(receiver.processed) == 1


@on_one_loop
@pytest.mark.parametrize(
    ("statuses", "result"),
    [
        pytest.param((200, 201, 202, 204), Result.DELIVERED, id="2xx"),
        pytest.param((301, 302, 307), Result.REFUSED, id="3xx"),
        pytest.param((400, 401, 403, 404, 405, 409, 410, 413, 415, 422), Result.REFUSED, id="4xx"),
        pytest.param((408, 425, 429), Result.RETRY, id="later"),
        pytest.param((500, 501, 502, 503, 504, 599), Result.RETRY, id="5xx"),
    ],
)
async def test_an_answer_means_what_its_status_says(
    make: MakeSink, receiver: Receiver, statuses: tuple[int, ...], result: Result
) -> None:
    sink, answers = make(receiver.url), {}

    for status in statuses:
        receiver.faults = always(Reply(status=status, body=b"", headers={"Location": f"{receiver.url}/elsewhere"}))
        answers[status] = await sink.deliver(event())

    assert {status: answer.result for status, answer in answers.items()} == dict.fromkeys(statuses, result)
    if result is not Result.DELIVERED:
        for status, answer in answers.items():
            assert_says_why(answer.why, sink)
            assert str(status) in answer.why
    assert len({received.path for received in receiver.requests}) == 1


@pytest.mark.parametrize(
    ("fault", "result"),
    [
        pytest.param(Fault.HANG_BEFORE, Result.RETRY, id="hangs-before"),
        pytest.param(Fault.HANG_AFTER, Result.RETRY, id="hangs-after"),
        pytest.param(Fault.RESET, Result.RETRY, id="reset"),
        pytest.param(Fault.RESET_AFTER, Result.RETRY, id="reset-after"),
        pytest.param(Fault.GARBAGE, Result.RETRY, id="garbage"),
        # Both have the event, and have said so.
        pytest.param(Fault.SLOW, Result.DELIVERED, id="slow-answer"),
        pytest.param(Fault.RESET_IN_BODY, Result.DELIVERED, id="reset-in-the-answer"),
    ],
)
async def test_an_attempt_ends_in_time_whatever_the_receiver_does(
    make: MakeSink, receiver: Receiver, fault: Fault, result: Result
) -> None:
    seconds = _SHORT_SECONDS if result is Result.RETRY else _ANSWERED_SECONDS
    sink = make(receiver.url, attempt_seconds=seconds)
    receiver.faults = always(fault)

    started = time.monotonic()
    answer = await sink.deliver(event())

    assert time.monotonic() - started < seconds + _GRACE_SECONDS
    assert answer.result is result
    if result is Result.RETRY:
        assert_says_why(answer.why, sink)


@pytest.mark.parametrize("status", [400, 503])
@pytest.mark.parametrize("fault", [Fault.SLOW, Fault.RESET_IN_BODY])
async def test_a_refusal_stands_though_its_words_never_come(
    subject: Subject, make: MakeSink, fault: Fault, status: int
) -> None:
    class Refusing(Receiver):
        def process(self, received: Received) -> Reply:
            return Reply(status=status, headers={"Retry-After": "7"})

    async with Refusing() as receiver:
        receiver.faults = always(fault)
        answer = await make(receiver.url, attempt_seconds=_ANSWERED_SECONDS).deliver(event())

    assert answer.result is (Result.REFUSED if status == 400 else Result.RETRY)
    assert answer.after_seconds == (None if status == 400 else 7.0)


@pytest.mark.parametrize("behaviour", [silent, endless_headers, closing, answering_anything])
@pytest.mark.parametrize("scheme", ["http", "https"])
async def test_what_is_no_receiver_is_tried_again(make: MakeSink, behaviour: Behaviour, scheme: str) -> None:
    async with serving(behaviour) as port:
        sink = make(f"{scheme}://127.0.0.1:{port}", attempt_seconds=_SHORT_SECONDS)
        started = time.monotonic()
        answer = await sink.deliver(event())

    assert time.monotonic() - started < _SHORT_SECONDS + _GRACE_SECONDS
    if (behaviour, scheme) != (answering_anything, "http"):
        assert answer.result is Result.RETRY
    assert_says_why(answer.why, sink)


async def test_a_refused_port_and_an_unknown_name_are_told_apart(make: MakeSink) -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        refused = make(f"http://127.0.0.1:{closed.getsockname()[1]}")
        unknown = make("http://no-such-host.invalid")
        answers = [await sink.deliver(event()) for sink in (refused, unknown)]

    assert [answer.result for answer in answers] == [Result.RETRY, Result.RETRY]
    assert "refused the connection" in answers[0].why
    assert "name" in answers[1].why
    assert "no-such-host.invalid:80" in answers[1].why


async def test_nothing_is_sent_to_whoever_cannot_prove_who_he_is(
    subject: Subject, make: MakeSink, tls_server: ssl.SSLContext
) -> None:
    async with subject.receiver(tls=tls_server) as receiver:
        sink = make(receiver.url)
        answer = await sink.deliver(event())

        assert receiver.requests == []
    assert answer.result is Result.RETRY
    assert "certificate" in answer.why
    assert_says_why(answer.why, sink)


async def test_a_private_authority_is_trusted_as_everywhere(
    subject: Subject,
    make: MakeSink,
    tls_server: ssl.SSLContext,
    authority: trustme.CA,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    authority.cert_pem.write_to_path(str(tmp_path / "ca.pem"))
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "ca.pem"))

    async with subject.receiver(tls=tls_server) as receiver:
        answer = await make(receiver.url).deliver(event())

    assert answer.result is Result.DELIVERED


@on_one_loop
@pytest.mark.parametrize(
    ("headers", "after_seconds"),
    [
        pytest.param({}, None, id="none"),
        pytest.param({"Retry-After": "17"}, 17.0, id="seconds"),
        pytest.param({"Retry-After": "0.25"}, 0.25, id="fraction"),
        pytest.param({"Retry-After": "9" * 5000}, MAX_WAIT_SECONDS, id="huge"),
        pytest.param({"Retry-After": "-5"}, None, id="negative"),
        pytest.param({"Retry-After": "soon"}, None, id="garbage"),
        pytest.param({"Retry-After": "Mon, 99 Foo 2026 99:99:99 GMT"}, None, id="garbage-date"),
        pytest.param({"Retry-After": "٣"}, None, id="foreign-digits"),
        pytest.param({"Retry-After": "Thu, 01 Jan 1970 00:00:00 GMT"}, 0.0, id="past"),
        pytest.param({"Retry-After": "Fri, 31 Dec 9999 23:59:59 GMT"}, MAX_WAIT_SECONDS, id="end-of-time"),
        # A receiver whose clock is years off still means thirty seconds.
        pytest.param(
            {"Retry-After": "Sat, 02 Jan 2010 00:00:30 GMT", "Date": "Sat, 02 Jan 2010 00:00:00 GMT"}, 30.0, id="date"
        ),
    ],
)
async def test_a_receiver_says_how_long_to_leave_it_alone(
    make: MakeSink, receiver: Receiver, headers: dict[str, str], after_seconds: float | None
) -> None:
    receiver.faults = always(Reply(status=503, headers=headers))

    answer = await make(receiver.url).deliver(event())

    assert (answer.result, answer.after_seconds) == (Result.RETRY, after_seconds)


async def test_a_date_without_a_clock_beside_it_is_taken_by_ours(make: MakeSink, receiver: Receiver) -> None:
    at = format_datetime(datetime.now(UTC) + timedelta(seconds=60), usegmt=True)
    receiver.faults = always(Reply(status=429, headers={"Retry-After": at, "Date": "yesterday"}))

    answer = await make(receiver.url).deliver(event())

    assert answer.after_seconds is not None
    assert 50.0 < answer.after_seconds <= 60.0


def _echo(received: Received, form: str) -> bytes:
    """
    Return all that a request held, as an answer that quotes it.
    """
    said = f"{received.path} {received.query} {dict(received.headers)} {received.body.decode()}"
    if form == "text":
        return said.encode()
    return json.dumps({"message": said[:200], "errors": [received.path, *received.headers.values(), said]}).encode()


@on_one_loop
@pytest.mark.parametrize("form", ["text", "json"])
@pytest.mark.parametrize("status", [400, 401, 404, 500])
async def test_no_secret_comes_back_in_an_answer_that_quotes_the_request(
    subject: Subject, make: MakeSink, form: str, status: int
) -> None:
    class Echo(Receiver):
        def process(self, received: Received) -> Reply:
            return Reply(status=status, body=_echo(received, form))

    async with Echo() as receiver:
        sink = make(receiver.url)
        answer = await sink.deliver(event())

    told = " ".join((answer.why, repr(answer), repr(sink), str(sink)))
    found = [form for secret in subject.secrets for form in forms_of(secret) if form in told]
    assert found == []
    assert_says_why(answer.why, sink)


@on_one_loop
async def test_no_secret_comes_back_in_the_words_of_a_receiver(
    subject: Subject, make: MakeSink, receiver: Receiver
) -> None:
    sink = make(receiver.url)
    forms = [form for secret in subject.secrets for form in forms_of(secret)]

    for form in forms:
        receiver.faults = always(Reply(status=403, body=f"what is {form}".encode()))
        answer = await sink.deliver(event())
        assert "what is" in answer.why
        assert form not in answer.why


@pytest.mark.parametrize("fault", [Fault.HANG_BEFORE, Fault.RESET, Fault.GARBAGE])
async def test_no_secret_comes_back_when_no_answer_does(
    subject: Subject, make: MakeSink, receiver: Receiver, fault: Fault
) -> None:
    sink = make(receiver.url, attempt_seconds=_SHORT_SECONDS)
    receiver.faults = always(fault)

    answer = await sink.deliver(event())

    told = " ".join((answer.why, repr(answer), repr(sink), str(sink)))
    assert [secret for secret in subject.secrets if secret in told] == []


async def test_cancellation_passes(make: MakeSink, receiver: Receiver) -> None:
    receiver.faults = always(Fault.HANG_BEFORE)
    attempt = asyncio.create_task(make(receiver.url).deliver(event()))
    await asyncio.wait_for(receiver.arrived.wait(), 5.0)

    attempt.cancel()

    with pytest.raises(asyncio.CancelledError):
        await attempt


async def test_it_may_be_closed_at_any_time_and_twice(make: MakeSink, receiver: Receiver) -> None:
    used, unused = make(receiver.url), make(receiver.url)
    await used.deliver(event())

    for sink in (used, unused, used, unused):
        await sink.close()

    answers = [await sink.deliver(event()) for sink in (used, unused)]
    assert [answer.result for answer in answers] == [Result.RETRY, Result.RETRY]
    assert len(receiver.requests) == 1


async def test_an_attempt_under_way_when_it_is_closed_ends_as_one(make: MakeSink, receiver: Receiver) -> None:
    sink = make(receiver.url)
    receiver.faults = always(Fault.HANG_BEFORE)
    attempt = asyncio.create_task(sink.deliver(event()))
    await asyncio.wait_for(receiver.arrived.wait(), 5.0)

    await sink.close()
    answer = await asyncio.wait_for(attempt, 5.0)

    assert answer.result is Result.RETRY


_NASTY = {
    "endless": "x" * 2_000_000,
    "endless-emoji": "👩‍👩‍👧‍👦" * 100_000,
    "lone-surrogates": "before \ud800 between \udfff after",
    "control-characters": "".join(map(chr, range(32))) + "\x7f\x85\u2028\ufeff",
    "right-to-left": "\u202eשלום\u202c مرحبا",
    "markup": '<!channel> & "quotes" \\ </script>',
}


def _nasty(text: str) -> Event:
    facts: Any = {"nan": float("nan"), "inf": float("-inf"), text[:50]: text, "list": (text, None, True)}
    found = finding(message=text, step=text, outcome={"message": text, "evidence": facts})
    return event(summary=text, remedy=text, findings=(found, found))


@on_one_loop
@pytest.mark.parametrize("text", _NASTY.values(), ids=_NASTY)
async def test_no_text_keeps_an_event_from_arriving(
    subject: Subject, make: MakeSink, receiver: Receiver, text: str
) -> None:
    answer = await make(receiver.url).deliver(_nasty(text))

    assert answer.result is Result.DELIVERED
    received = receiver.processed[0]
    subject.read(received)
    assert len(received.body) <= subject.max_bytes


@pytest.mark.slow
@on_one_loop
async def test_no_number_of_checks_keeps_an_event_from_arriving(
    subject: Subject, make: MakeSink, receiver: Receiver
) -> None:
    findings = tuple(finding(check=f"check-{number}") for number in range(1000))

    answer = await make(receiver.url).deliver(event(findings=findings))

    assert answer.result is Result.DELIVERED
    subject.read(receiver.processed[0])
    assert len(receiver.processed[0].body) <= subject.max_bytes


@on_one_loop
async def test_personal_data_and_tokens_stay_here(make: MakeSink, receiver: Receiver) -> None:
    found = finding(message="no answer to jane@example.com, Bearer abcdefgh12345678 was sent", outcome={})

    await make(receiver.url).deliver(event(summary="jane@example.com cannot book", findings=(found,)))

    sent = receiver.requests[0].body.decode()
    assert "jane@example.com" not in sent
    assert "abcdefgh12345678" not in sent


@on_one_loop
async def test_asking_how_an_incident_stands_never_fails(make: MakeSink, receiver: Receiver) -> None:
    sink = make(receiver.url, attempt_seconds=0.05)

    for fault in (*Fault, Reply(status=500), Reply(body=b"{}"), Reply(body=b"[1]"), Reply(body=b"[" * 100_000)):
        receiver.faults = always(fault)
        assert await sink.standing(event().incident.dedup_key) in {Standing.UNKNOWN, Standing.ABSENT}


async def test_an_attempt_holds_no_connection_afterwards(make: MakeSink, receiver: Receiver) -> None:
    sink = make(receiver.url)

    for _ in range(3):
        await sink.deliver(event())

    assert all(received.headers.get("Connection") == "close" for received in receiver.requests)


async def test_an_endless_refusal_is_not_read_to_its_end(make: MakeSink) -> None:
    async def endless(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 400 Bad Request\r\nContent-Length: 99999999999\r\n\r\n")
        while True:
            writer.write(b"x" * 65_536)
            await writer.drain()

    async with serving(endless) as port:
        started = time.monotonic()
        answer = await make(f"http://127.0.0.1:{port}").deliver(event())

    assert time.monotonic() - started < 5.0
    assert answer.result is Result.REFUSED
