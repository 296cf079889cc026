import asyncio
import json
import subprocess
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any

import pytest

from monitor import __version__
from monitor.core.cause import Cause
from monitor.core.redaction import Redactor
from monitor.core.severity import Severity
from monitor.incidents.incident import Event, Fault, Purpose, Transition
from monitor.sinks.base import DELIVERED, Result, Standing
from monitor.sinks.payload import MAX_TEXT_CHARACTERS
from monitor.sinks.sentry import Sentry
from monitor.sinks.settings import SentrySettings
from tests.clock import FakeClock
from tests.fakes import receiver as http
from tests.fakes.receiver import Reply, Script, always
from tests.fakes.sentry import FakeSentry
from tests.sinks.events import event, finding

pytestmark = pytest.mark.asyncio

SECRET = "correct-horse-battery"
TEN_SECONDS = 10.0


def sentry_at(dsn: str, *, attempt_seconds: float = TEN_SECONDS, **settings: Any) -> Sentry:
    return Sentry(
        SentrySettings.model_validate({"dsn": dsn, **settings}),
        redact=Redactor([SECRET, dsn]),
        clock=FakeClock(),
        attempt_seconds=attempt_seconds,
    )


@asynccontextmanager
async def sending(*, attempt_seconds: float = TEN_SECONDS, **settings: Any) -> AsyncIterator[tuple[FakeSentry, Sentry]]:
    """
    Give a receiver, and a sink that posts to it.
    """
    async with FakeSentry() as receiver:
        sink = sentry_at(receiver.dsn, attempt_seconds=attempt_seconds, **settings)
        try:
            yield receiver, sink
        finally:
            await sink.close()


async def sent(told: Event) -> dict[str, Any]:
    """
    Return *told* as Sentry gets it.
    """
    async with sending() as (receiver, sink):
        assert await sink.deliver(told) == DELIVERED
        return receiver.events()[0]


class TestAnEvent:
    async def test_says_what_is_wrong_and_what_to_do_below_a_title_that_stays(self) -> None:
        opened, better = await sent(event()), await sent(event(Transition.CHANGED, summary="nobody hears anything"))

        assert opened["logentry"]["formatted"].splitlines() == [
            "production: realtime pipeline",
            "",
            "opened: chat messages are stored, but no event reaches anybody",
            "remedy: restart the realtime container: docker compose restart appwrite-realtime",
        ]
        assert better["logentry"]["formatted"].splitlines()[0] == "production: realtime pipeline"
        assert better["fingerprint"] == opened["fingerprint"] == ["production", "realtime_pipeline"]

    async def test_can_be_found_by_its_tags(self) -> None:
        tags = (await sent(event(findings=(finding(is_flapping=True), finding(check="booking")))))["tags"]

        assert tags == {
            "target": "production",
            "location": "fra1",
            "cause": "realtime_pipeline",
            "severity": "page",
            "incident": "20260123T093304-chat-delivery-1f2e",
            "transition": "opened",
            "purpose": "incident",
            "flapping": "true",
            "check": "chat-delivery",
            "kind": "realtime_delivery",
            "reason": "no_event",
            "fault": "target",
            "checks": "chat-delivery,booking",
        }

    async def test_says_where_it_comes_from_and_when_it_came_to_be(self) -> None:
        seen = await sent(event())

        assert (seen["release"], seen["environment"]) == (f"monitor@{__version__}", "production")
        assert (seen["server_name"], seen["timestamp"]) == ("fra1", "2026-01-23T09:33:04+00:00")
        assert seen["contexts"]["incident"]["dedup_key"] == event().incident.dedup_key
        assert seen["contexts"]["incident"]["failing_since"] == "2026-01-23T09:33:00.000+00:00"

    @pytest.mark.parametrize(
        ("told", "level"),
        [
            pytest.param(event(), "fatal", id="page"),
            pytest.param(event(severity=Severity.TICKET), "warning", id="ticket"),
            pytest.param(event(severity=Severity.INFO), "info", id="info"),
            pytest.param(event(Transition.RESOLVED), "info", id="resolved"),
            pytest.param(event(findings=(finding(fault=Fault.OWN),)), "warning", id="own-fault"),
        ],
    )
    async def test_has_the_level_of_its_severity(self, told: Event, level: str) -> None:
        assert (await sent(told))["level"] == level

    @pytest.mark.parametrize(
        "other",
        [
            pytest.param(event(cause=Cause.DNS), id="cause"),
            pytest.param(event(target="staging"), id="target"),
            pytest.param(event(findings=(finding(fault=Fault.OWN),)), id="own-fault"),
            pytest.param(event(purpose=Purpose.TEST), id="test"),
            pytest.param(event(purpose=Purpose.CANARY), id="canary"),
        ],
    )
    async def test_is_grouped_with_no_other(self, other: Event) -> None:
        assert (await sent(other))["fingerprint"] != (await sent(event()))["fingerprint"]

    async def test_of_an_unknown_cause_is_grouped_by_who_saw_it(self) -> None:
        seen = await sent(event(cause=Cause.UNKNOWN, findings=(finding(check="b"), finding(check="a"))))

        assert seen["fingerprint"] == ["production", "unknown", "a", "b"]
        assert seen["logentry"]["formatted"].startswith("production: unknown (a, b)\n")

    @pytest.mark.parametrize("purpose", [Purpose.TEST, Purpose.CANARY])
    async def test_of_a_test_says_so_first(self, purpose: Purpose) -> None:
        title = (await sent(event(purpose=purpose)))["logentry"]["formatted"].splitlines()[0]

        assert purpose.value.upper() in title
        assert "nothing is wrong" in title

    async def test_has_the_same_id_whenever_it_is_sent_and_no_others(self) -> None:
        async with sending() as (receiver, sink):
            for told in (event(), event(), event(Transition.RESOLVED), event(location="syd1"), event(event_id="x")):
                await sink.deliver(told)
            ids = [each["event_id"] for each in receiver.events()]

        assert ids[0] == ids[1]
        assert len({*ids}) == 4
        assert all(len(each) == 32 for each in ids)

    async def test_names_neither_this_host_nor_what_runs_on_it(self) -> None:
        assert {*await sent(event())} == {
            "event_id", "timestamp", "platform", "logger", "level", "fingerprint", "logentry", "server_name", "tags",
            "contexts", "release", "environment", "sdk",
        }  # fmt: skip


class TestEvidence:
    async def test_is_attached_one_file_a_check(self) -> None:
        async with sending() as (receiver, sink):
            await sink.deliver(event(findings=(finding(), finding(check="booking"))))
            files = receiver.files()

        assert {*files} == {"evidence-chat-delivery.json", "evidence-booking.json"}
        assert json.loads(files["evidence-booking.json"]) == dict(finding().outcome)

    async def test_is_left_out_from_the_largest_down_when_it_is_too_much(self) -> None:
        wide = "\N{SLEEPING FACE}"
        sizes = {"small": 100, "large": 60_000, **{f"medium-{number}": 50_000 for number in range(5)}}
        found = tuple(
            finding(check=check, outcome={"said": [wide * 1000] * (size // 1000) or [wide * size]})
            for check, size in sizes.items()
        )
        async with sending() as (receiver, sink):
            assert await sink.deliver(event(findings=found)) == DELIVERED
            files = receiver.files()

        assert "evidence-small.json" in files
        assert "evidence-large.json" not in files
        assert 800_000 < sum(map(len, files.values())) <= 1_000_000

    async def test_is_left_out_when_the_receiver_will_not_have_it(self) -> None:
        async with sending() as (receiver, sink):
            receiver.max_bytes = 2200
            answer = await sink.deliver(event())
            delivered, files = receiver.events(), receiver.files()

        assert answer == DELIVERED
        assert (len(receiver.requests), len(delivered), files) == (2, 1, {})

    async def test_is_not_what_makes_a_refused_event_too_large(self) -> None:
        async with sending() as (receiver, sink):
            receiver.max_bytes = 100
            answer = await sink.deliver(event())

        assert (answer.result, len(receiver.requests)) == (Result.REFUSED, 2)

    async def test_without_it_the_attempt_still_ends_in_time(self) -> None:
        clock = FakeClock()

        class Late(FakeSentry):
            def process(self, received: http.Received) -> Reply:
                clock.stall(TEN_SECONDS - 0.1)
                return Reply(status=413)

        async with Late() as receiver:
            sink = Sentry(SentrySettings.model_validate({"dsn": receiver.dsn}), redact=Redactor(), clock=clock)
            receiver.faults = Script([None, http.Fault.HANG_BEFORE])
            started = time.monotonic()
            answer = await sink.deliver(event())
            await sink.close()

        assert (answer.result, len(receiver.requests)) == (Result.RETRY, 2)
        assert time.monotonic() - started < 1.0

    async def test_is_kept_back_while_only_it_is_limited(self) -> None:
        async with sending() as (receiver, sink):
            receiver.limits = "60:attachment:key"
            await sink.deliver(event())
            first = receiver.files()
            await sink.deliver(event())

            assert (len(first), len(receiver.files()), len(receiver.events())) == (1, 0, 2)


class TestAnAnswer:
    @pytest.mark.parametrize(
        ("status", "result"),
        [
            pytest.param(200, Result.DELIVERED, id="taken"),
            pytest.param(202, Result.DELIVERED, id="accepted"),
            pytest.param(400, Result.REFUSED, id="not-understood"),
            pytest.param(401, Result.REFUSED, id="no-key"),
            pytest.param(403, Result.REFUSED, id="wrong-key"),
            pytest.param(404, Result.REFUSED, id="wrong-address"),
            pytest.param(429, Result.RETRY, id="too-many"),
            pytest.param(500, Result.RETRY, id="broken"),
            pytest.param(503, Result.RETRY, id="overloaded"),
        ],
    )
    async def test_is_what_its_status_says(self, status: int, result: Result) -> None:
        async with sending() as (receiver, sink):
            receiver.faults = always(Reply(status=status))
            answer = await sink.deliver(event())

        assert answer.result is result
        assert bool(answer.why) is (result is not Result.DELIVERED)

    @pytest.mark.parametrize("fault", [http.Fault.RESET, http.Fault.RESET_AFTER, http.Fault.GARBAGE])
    async def test_is_to_try_again_when_none_came(self, fault: http.Fault) -> None:
        async with sending() as (receiver, sink):
            receiver.faults = always(fault)

            assert (await sink.deliver(event())).result is Result.RETRY

    async def test_is_waited_for_no_longer_than_an_attempt(self) -> None:
        async with sending(attempt_seconds=0.2) as (receiver, sink):
            receiver.faults = always(http.Fault.HANG_BEFORE)
            answer = await sink.deliver(event())

        assert answer.result is Result.RETRY

    async def test_is_to_try_again_where_nobody_listens(self) -> None:
        async with sending() as (receiver, sink):
            await receiver.stop()
            answer = await sink.deliver(event())

        assert answer.result is Result.RETRY
        assert "refused the connection" in answer.why

    async def test_of_a_wrong_key_shows_neither_key_nor_address(self) -> None:
        async with sending() as (receiver, _):
            key = "feedbeeffeedbeeffeedbeeffeedbeef"
            sink = sentry_at(receiver.dsn.replace("0123456789abcdef0123456789abcdef", key))
            receiver.faults = always(Reply(status=403, body=f"no {key} at /api/42/envelope/".encode()))
            answer = await sink.deliver(event())
            await sink.close()

        assert answer.result is Result.REFUSED
        assert key not in answer.why
        assert "envelope" not in answer.why

    async def test_that_comes_to_a_cancelled_attempt_is_not_waited_for(self) -> None:
        async with sending() as (receiver, sink):
            receiver.faults = always(http.Fault.HANG_BEFORE)
            attempt = asyncio.create_task(sink.deliver(event()))
            await receiver.arrived.wait()
            attempt.cancel()

            with pytest.raises(asyncio.CancelledError):
                await attempt


def in_a_minute() -> str:
    return format_datetime(datetime.now(UTC) + timedelta(seconds=60), usegmt=True)


class TestALimit:
    @pytest.mark.parametrize(
        ("headers", "seconds"),
        [
            pytest.param({"Retry-After": "7"}, 7.0, id="seconds"),
            pytest.param({"Retry-After": "in-a-minute"}, 60.0, id="date"),
            pytest.param({}, 60.0, id="unnamed"),
            pytest.param({"X-Sentry-Rate-Limits": "30:error:key"}, 30.0, id="of-errors"),
            pytest.param({"X-Sentry-Rate-Limits": "30::organization:quota"}, 30.0, id="of-everything"),
            pytest.param({"X-Sentry-Rate-Limits": "9:monitor:key, 20:default;error:key:x:y"}, 20.0, id="of-several"),
            pytest.param({"X-Sentry-Rate-Limits": "30:error:key", "Retry-After": "7"}, 30.0, id="before-retry-after"),
            pytest.param({"X-Sentry-Rate-Limits": "86400:error:key"}, 300.0, id="of-a-day"),
        ],
    )
    async def test_is_how_long_nothing_is_posted(self, headers: dict[str, str], seconds: float) -> None:
        headers = {name: value.replace("in-a-minute", in_a_minute()) for name, value in headers.items()}
        async with sending() as (receiver, sink):
            receiver.faults = Script([Reply(status=429, headers=headers)])
            first, second = await sink.deliver(event()), await sink.deliver(event())

        assert (first.result, second.result, len(receiver.requests)) == (Result.RETRY, Result.RETRY, 1)
        assert first.after_seconds == pytest.approx(seconds, abs=1.5)
        assert second.after_seconds == pytest.approx(seconds, abs=1.5)

    async def test_ends_by_itself(self) -> None:
        clock = FakeClock()
        async with FakeSentry() as receiver:
            settings = SentrySettings.model_validate({"dsn": receiver.dsn})
            sink = Sentry(settings, redact=Redactor(), clock=clock)
            receiver.faults = Script([Reply(status=429, headers={"X-Sentry-Rate-Limits": "30:error:key"})])
            await sink.deliver(event())
            clock.stall(30.1)
            answer = await sink.deliver(event())
            await sink.close()

        assert answer == DELIVERED

    async def test_that_comes_with_a_good_answer_holds_for_the_next(self) -> None:
        async with sending() as (receiver, sink):
            receiver.limits = "60:error:key"
            first, second = await sink.deliver(event()), await sink.deliver(event())

        assert (first, second.result, len(receiver.requests)) == (DELIVERED, Result.RETRY, 1)

    @pytest.mark.parametrize(
        "limits",
        [
            pytest.param("86400:transaction;span:organization", id="of-what-we-do-not-send"),
            pytest.param("60:monitor:key", id="of-check-ins"),
            pytest.param("soon:error:key", id="without-a-number"),
            pytest.param("-5:error, 1e99:error, :::, 60", id="nonsense"),
        ],
    )
    async def test_of_something_else_holds_no_event_up(self, limits: str) -> None:
        async with sending() as (receiver, sink):
            receiver.limits = limits

            assert [await sink.deliver(event()) for _ in range(2)] == [DELIVERED, DELIVERED]

    async def test_of_check_ins_holds_them_up_and_no_event(self) -> None:
        async with sending() as (receiver, sink):
            receiver.limits = "60:monitor:key"
            beats = [await sink.check_in(ok=True, duration_seconds=1.0, every_seconds=60.0) for _ in range(2)]

            assert [beat.result for beat in beats] == [Result.DELIVERED, Result.RETRY]
            assert await sink.deliver(event()) == DELIVERED


class TestASecret:
    @pytest.mark.parametrize(
        "told",
        [
            pytest.param(event(summary=f"it said {SECRET}"), id="message"),
            pytest.param(event(remedy=f"use {SECRET}"), id="remedy"),
            pytest.param(event(target=SECRET), id="tag-and-fingerprint"),
            pytest.param(event(findings=(finding(check=f"x{SECRET}"),)), id="file-name"),
            pytest.param(event(findings=(finding(message="y" * 193 + SECRET),)), id="context"),
            pytest.param(event(id="z" * 195 + SECRET), id="across-the-cut-of-a-tag"),
            pytest.param(event(findings=(finding(outcome={"evidence": {"a": [{SECRET: SECRET}]}}),)), id="evidence"),
            pytest.param(event(summary="w" * (MAX_TEXT_CHARACTERS - 9) + SECRET), id="across-the-cut-of-a-text"),
            pytest.param(event(event_id=SECRET), id="id-of-the-event"),
            pytest.param(event(location=SECRET), id="server-name"),
        ],
    )
    async def test_is_in_no_byte_that_leaves(self, told: Event) -> None:
        async with sending() as (receiver, sink):
            assert await sink.deliver(told) == DELIVERED

        assert len(receiver.envelopes) == 1
        assert b"corre" not in receiver.raw

    async def test_that_nobody_told_us_of_is_masked_by_its_looks_and_by_its_name(self) -> None:
        jwt = "eyJhbGciOiJIUzI1NiJ9.eyJpZCI6IjEyMzQ1Njc4OTAifQ.c2lnbmF0dXJlLW9mLWl0"
        evidence = {
            "said": f"Bearer {jwt}",
            "password": "opensesame",
            "who": "jane@example.com",
            "deep": {"pin-token": 1},
        }
        async with sending() as (receiver, sink):
            await sink.deliver(event(findings=(finding(outcome=evidence),), summary=f"jwt {jwt}"))
            file = json.loads(receiver.files()["evidence-chat-delivery.json"])

        assert file["password"] == file["deep"]["pin-token"] == "[redacted]"
        assert not any(leak in receiver.raw for leak in (jwt[-20:].encode(), b"opensesame", b"jane@"))


class TestACheckIn:
    @pytest.mark.parametrize(
        ("ok", "every_seconds", "status", "minutes"),
        [
            pytest.param(True, 60.0, "ok", 1, id="well"),
            pytest.param(False, 10.0, "error", 1, id="not-well"),
            pytest.param(True, 301.0, "ok", 6, id="seldom"),
        ],
    )
    async def test_tells_the_pulse_and_when_the_next_is_due(
        self, ok: bool, every_seconds: float, status: str, minutes: int
    ) -> None:
        async with sending(environment="test", check_in="pulse") as (receiver, sink):
            answer = await sink.check_in(ok=ok, duration_seconds=1.23456, every_seconds=every_seconds)
            [beat] = receiver.check_ins()

        assert answer == DELIVERED
        assert len(beat.pop("check_in_id")) == len(beat.pop("event_id")) == 32
        assert beat == {
            "type": "check_in",
            "monitor_slug": "pulse",
            "status": status,
            "duration": 1.235,
            "environment": "test",
            "release": f"monitor@{__version__}",
            "monitor_config": {
                "schedule": {"type": "interval", "value": minutes, "unit": "minute"},
                "checkin_margin": minutes,
                "max_runtime": minutes,
            },
        }

    async def test_is_not_sent_when_none_is_configured(self) -> None:
        async with sending(check_in=None) as (receiver, sink):
            answer = await sink.check_in(ok=True, duration_seconds=1.0, every_seconds=60.0)

        assert (answer, receiver.requests) == (DELIVERED, [])

    async def test_that_fails_is_an_answer(self) -> None:
        async with sending() as (receiver, sink):
            receiver.faults = Script([Reply(status=500), Reply(status=404)])
            results = [
                (await sink.check_in(ok=True, duration_seconds=1.0, every_seconds=every)).result
                for every in (60.0, 60.0, float("inf"))
            ]

        assert results == [Result.RETRY, Result.REFUSED, Result.REFUSED]


class TestWhateverComes:
    @pytest.mark.parametrize(
        "told",
        [
            pytest.param(event(summary="m" * 2_000_000, remedy="r" * 2_000_000), id="megabytes"),
            pytest.param(event(summary="ü\N{SLEEPING FACE}漢" * 100_000), id="megabytes-of-unicode"),
            pytest.param(event(summary="half \ud83d a character", target="\ud83d"), id="half-a-character"),
            pytest.param(event(summary="\0\x1b[31m\r\n\u202e"), id="control-characters"),
            pytest.param(event(summary="", remedy="", findings=()), id="nothing"),
            pytest.param(
                event(findings=tuple(finding(check=f"c{n}", message="m" * 999) for n in range(500))), id="many"
            ),
        ],
    )
    async def test_it_arrives_within_the_limits_of_sentry_and_of_our_time(self, told: Event) -> None:
        started = time.monotonic()

        seen = await sent(told)

        assert time.monotonic() - started < 2.0
        assert len(json.dumps(seen)) < 1 << 20
        assert all(0 < len(text) <= 200 and "\n" not in text for text in seen["tags"].values())

    async def test_evidence_that_is_no_json_arrives_as_what_can_be_said_of_it(self) -> None:
        cycle: dict[str, Any] = {"nan": float("nan"), "object": object()}
        cycle["self"] = cycle
        async with sending() as (receiver, sink):
            assert await sink.deliver(event(findings=(finding(outcome=cycle),))) == DELIVERED
            file = json.loads(receiver.files()["evidence-chat-delivery.json"])

        assert (file["nan"], file["self"]) == ("nan", "[cycle]")

    @pytest.mark.parametrize("broken", ["serialize", "format_timestamp", "Envelope"])
    async def test_a_fault_of_the_sdk_is_an_answer(self, broken: str, monkeypatch: pytest.MonkeyPatch) -> None:
        def fail(*_: object, **__: object) -> None:
            raise RuntimeError(SECRET)

        async with sending() as (receiver, sink):
            monkeypatch.setattr(f"sentry_sdk.client.{broken}", fail)
            answers = [
                await sink.deliver(event()),
                await sink.check_in(ok=True, duration_seconds=1.0, every_seconds=60.0),
            ]

        assert [answer.result for answer in answers] == [Result.REFUSED, Result.REFUSED]
        assert "bug of monitor" in answers[0].why
        assert SECRET not in answers[0].why
        assert receiver.requests == []

    async def test_an_event_that_the_sdk_drops_is_not_taken_for_the_one_before(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        async with sending() as (receiver, sink):
            await sink.deliver(event())
            monkeypatch.setattr("sentry_sdk.client._Client._prepare_event", lambda *_: None)
            answer = await sink.deliver(event(event_id="second"))

        assert (answer.result, len(receiver.requests)) == (Result.REFUSED, 1)

    async def test_two_at_once_do_not_get_into_each_others_envelopes(self) -> None:
        async with sending() as (receiver, sink):
            told = [event(event_id=str(number), summary=f"number {number}") for number in range(20)]
            answers = await asyncio.gather(*map(sink.deliver, told))

        assert answers == [DELIVERED] * 20
        assert {each["contexts"]["incident"]["event"] for each in receiver.events()} == {str(n) for n in range(20)}


async def test_nobody_can_be_asked_how_an_incident_stands() -> None:
    async with sending() as (receiver, sink):
        assert await sink.standing("production/fra1/x") is Standing.UNKNOWN
        assert receiver.requests == []


_ALONE = """
import asyncio, http.client, logging, os, socket, subprocess, sys, threading
import aiohttp, aiohttp.web

def everything():
    return {
        "hooks": (sys.excepthook, sys.unraisablehook, threading.excepthook, sys.displayhook, sys.gettrace()),
        "logging": (logging.Logger.callHandlers, logging.Logger._log, logging.lastResort, *logging.root.handlers),
        "aiohttp": (aiohttp.ClientSession._request, aiohttp.ClientSession.__init__, aiohttp.web.Application._handle),
        "http": (http.client.HTTPConnection.putrequest, http.client.HTTPConnection.getresponse),
        "sockets": (socket.create_connection, socket.socket.connect),
        "threads": (threading.Thread.start, threading.Thread.run, *threading.enumerate()),
        "processes": (subprocess.Popen.__init__, subprocess.Popen.wait),
        "asyncio": (asyncio.BaseEventLoop.run_forever, asyncio.Task, asyncio.BaseEventLoop.create_task),
    }

async def resolve():
    await aiohttp.AsyncResolver().close()

# Every name that is resolved needs the one thread of c-ares; it is not Sentry's.
asyncio.run(resolve())
before = everything()
os.environ.update(SENTRY_DSN="http://else@127.0.0.1:9/9", SENTRY_SPOTLIGHT="http://127.0.0.1:9", SENTRY_DEBUG="1",
                  SENTRY_ENVIRONMENT="else", SENTRY_RELEASE="else")

from monitor.core.clock import SystemClock
from monitor.core.redaction import Redactor
from monitor.sinks.payload import MAX_TEXT_CHARACTERS
from monitor.sinks.sentry import Sentry
from monitor.sinks.settings import SentrySettings
from tests.fakes.sentry import FakeSentry
from tests.sinks.events import event
import sentry_sdk

async def main():
    async with FakeSentry() as receiver:
        settings = SentrySettings.model_validate({"dsn": receiver.dsn})
        sink = Sentry(settings, redact=Redactor(), clock=SystemClock())
        factory = asyncio.get_running_loop().get_task_factory()
        beat = await sink.check_in(ok=True, duration_seconds=1, every_seconds=60)
        print((await sink.deliver(event())).result, beat.result)
        assert asyncio.get_running_loop().get_task_factory() is factory is None
        logging.getLogger("anything").error("is nobody's business")
        await sink.close()
        assert [each["environment"] for each in receiver.events()] == ["production"]
        assert len(receiver.requests) == 2

asyncio.run(main())
after = everything()
assert not sentry_sdk.get_client().is_active()
assert not sentry_sdk.get_global_scope().client.is_active()
print(*[name for name in before if before[name] != after[name]])
"""


@pytest.mark.slow
async def test_nothing_in_the_process_is_patched_and_no_thread_is_left() -> None:
    done = await asyncio.to_thread(
        subprocess.run,
        [sys.executable, "-W", "error", "-c", _ALONE],
        check=False,
        capture_output=True,
        text=True,
        timeout=60,
    )

    assert done.stdout.split("\n")[:2] == ["delivered delivered", ""], done.stderr
    assert done.stderr == "is nobody's business\n"
