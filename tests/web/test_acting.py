import asyncio
from datetime import datetime, timedelta

import pytest

from monitor.core.clock import SystemClock
from monitor.core.outcome import Reason, Status
from monitor.web import acting, asking
from monitor.web.model import RunView
from tests.outcomes import outcome_of
from tests.web.serving import SECRET, Script, Served, serving

pytestmark = pytest.mark.asyncio

RUN = "/api/v1/checks/chat-delivery/runs"
PROBE = "/probe?check=chat-delivery"
SILENCES = "/api/v1/silences"


async def until_asked(served: Served, times: int = 1) -> None:
    async with asyncio.timeout(5):
        while len(served.script.asked) < times:  # noqa: ASYNC110
            await asyncio.sleep(0.01)


async def test_run_now_answers_with_what_the_run_found() -> None:
    end = outcome_of(Status.FAILED, Reason.NO_EVENT, tick=None, message=f"no event, though the key is {SECRET}")

    async with serving(script=Script(ends=[end])) as served:
        status, body = await served.ask("POST", RUN)
    run = RunView.model_validate(body)

    assert (status, served.script.asked) == (200, ["chat-delivery"])
    assert (run.run_id, run.status, run.reason) == (end.run_id, "failed", "no_event")
    assert SECRET not in run.message


async def test_one_run_of_a_check_is_asked_for_at_a_time() -> None:
    script = Script()
    script.may_end.clear()

    async with serving(script=script) as served:
        first = asyncio.create_task(served.ask("POST", RUN))
        await until_asked(served)
        second = await served.ask("POST", RUN)
        other = asyncio.create_task(served.ask("POST", "/api/v1/checks/chat-access/runs"))
        await until_asked(served, 2)
        script.may_end.set()
        statuses = [(await first)[0], (await other)[0]]

    assert second[0] == 409
    assert "under way" in second[1]["error"]
    assert (statuses, script.asked) == ([200, 200], ["chat-delivery", "chat-access"])


async def test_who_asks_too_often_is_told_when_he_may() -> None:
    async with serving() as served:
        await served.ask("POST", RUN)
        answer = await served.answer("POST", RUN)

    assert (answer.status, answer.headers["Retry-After"]) == (429, "1")
    assert len(served.script.asked) == 1


async def test_so_many_runs_of_all_checks_are_asked_for_within_a_minute(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(asking, "MOST_A_MINUTE", 2)

    async with serving() as served:
        statuses = [
            (await served.ask("POST", f"/api/v1/checks/{name}/runs"))[0]
            for name in ("chat-delivery", "chat-access", "help-page")
        ]

    assert statuses == [200, 200, 429]


@pytest.mark.parametrize(
    ("script", "words"),
    [
        pytest.param(Script(unready="starting or stopping"), "starting or stopping", id="not-begun"),
        pytest.param(Script(ends=[None]), "the daemon stops", id="stopped-meanwhile"),
    ],
)
async def test_nothing_is_started_while_the_daemon_starts_or_stops(script: Script, words: str) -> None:
    async with serving(script=script) as served:
        status, body = await served.ask("POST", RUN)

    assert status == 503
    assert words in body["error"]


async def test_a_run_that_does_not_end_in_time_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(asking.Asking, "longest_seconds", lambda *_, **__: 0.1)
    script = Script()
    script.may_end.clear()

    async with serving(script=script) as served:
        status, body = await served.ask("POST", RUN)
        again, _ = await served.ask("POST", RUN)
        script.may_end.set()

    assert (status, again) == (503, 409)
    assert "it goes on" in body["error"]


@pytest.mark.parametrize(
    ("end", "success"),
    [
        pytest.param(outcome_of(check="chat-delivery"), "probe_success 1.0", id="passed"),
        pytest.param(outcome_of(Status.DEGRADED, Reason.SLOW), "probe_success 1.0", id="degraded"),
        pytest.param(outcome_of(Status.FAILED, Reason.NO_EVENT), "probe_success 0.0", id="failed"),
        pytest.param(outcome_of(Status.ERRORED, Reason.INTERNAL), None, id="errored"),
        pytest.param(outcome_of(Status.MISSED, Reason.NOT_STARTED), None, id="missed"),
    ],
)
async def test_a_probe_has_the_metrics_of_its_run_and_of_no_other(end: object, success: str | None) -> None:
    async with serving(script=Script(ends=[end])) as served:  # type: ignore[list-item]
        served.end("chat-delivery", Status.PASSED)
        answer = await served.answer("GET", PROBE)
        lines = (await answer.text()).splitlines()

    runs = [line for line in lines if line.startswith("synthetic_check_runs_total{") and not line.endswith(" 0.0")]
    assert answer.headers["Content-Type"] == "text/plain; version=0.0.4; charset=utf-8"
    assert [line for line in lines if line.startswith("probe_success")] == ([success] if success else [])
    assert "probe_duration_seconds 0.25" in lines
    assert [line.rpartition(" ")[2] for line in runs] == ["1.0"]
    assert 'check="chat-access"' not in "".join(lines)


async def test_two_who_probe_at_once_share_one_run() -> None:
    script = Script()
    script.may_end.clear()

    async with serving(script=script) as served:
        both = [asyncio.create_task(served.ask("GET", PROBE)) for _ in range(2)]
        await until_asked(served)
        await asyncio.sleep(0.05)
        script.may_end.set()
        answers = [await each for each in both]

    assert [status for status, _ in answers] == [200, 200]
    assert script.asked == ["chat-delivery"]


async def test_a_probe_answers_before_prometheus_gives_up() -> None:
    script = Script()
    script.may_end.clear()
    loop = asyncio.get_running_loop()

    async with serving(script=script) as served:
        began = loop.time()
        status, text = await served.ask("GET", PROBE, headers={"X-Prometheus-Scrape-Timeout-Seconds": "1"})
        took = loop.time() - began
        script.may_end.set()

    assert (status, took < 1.0) == (503, True)
    assert "has not ended within 0.5 s" in text


@pytest.mark.parametrize("given", ["nan", "inf", "-1", "0", "soon", "1e9"])
async def test_a_time_that_is_none_is_no_reason_to_wait_without_end(given: str) -> None:
    async with serving() as served:
        status, _ = await served.ask("GET", PROBE, headers={"X-Prometheus-Scrape-Timeout-Seconds": given})

    assert status == 200
    assert acting._SCRAPE_TIMEOUT == "X-Prometheus-Scrape-Timeout-Seconds"


async def test_a_silence_is_in_force_at_once_until_it_is_lifted() -> None:
    order = {"checks": ["chat-*"], "for_seconds": 3600, "reason": f" an  upgrade of {SECRET} "}

    async with serving() as served:
        status, silence = await served.ask("POST", SILENCES, json=order)
        _, listed = await served.ask("GET", SILENCES)
        _, checks = await served.ask("GET", "/api/v1/checks")
        [kept] = served.alerting.silences.known
        lifted, _ = await served.ask("DELETE", f"{SILENCES}/{silence['id']}")
        again, _ = await served.ask("DELETE", f"{SILENCES}/{silence['id']}")
        _, after = await served.ask("GET", SILENCES)

    until = datetime.fromisoformat(silence["until"])
    assert (status, lifted, again) == (201, 204, 404)
    assert abs(until - SystemClock().now() - timedelta(hours=1)) < timedelta(seconds=30)
    assert silence["reason"] == kept.reason == "an upgrade of [redacted]"
    assert (listed["silences"], after["silences"]) == ([silence], [])
    assert [check["silenced_until"] for check in checks["checks"]] == [silence["until"], silence["until"], None]


@pytest.mark.parametrize(
    ("order", "words"),
    [
        pytest.param({"for_seconds": 60, "reason": "x"}, "checks: field required", id="no-checks"),
        pytest.param({"checks": [], "for_seconds": 60, "reason": "x"}, "checks: ", id="none"),
        pytest.param({"checks": ["nobody"], "for_seconds": 60, "reason": "x"}, "unknown check 'nobody'", id="unknown"),
        pytest.param({"checks": ["*"], "for_seconds": 0.5, "reason": "x"}, "for_seconds: ", id="too-short"),
        pytest.param({"checks": ["*"], "for_seconds": 1e9, "reason": "x"}, "for_seconds: ", id="too-long"),
        pytest.param({"checks": ["*"], "for_seconds": 60, "reason": "  "}, "reason: must say", id="no-reason"),
        pytest.param({"checks": ["*"], "for_seconds": True, "reason": "x"}, "for_seconds: ", id="no-number"),
        pytest.param({"checks": ["*"], "for_seconds": "60", "reason": "x"}, "for_seconds: ", id="a-number-in-quotes"),
        pytest.param({"checks": ["*"], "for_seconds": 60, "reason": "x" * 201}, "reason: ", id="long-reason"),
        pytest.param({"checks": ["*"], "for_seconds": 60, "reason": "x", "by": "me"}, "by: ", id="unknown-key"),
        pytest.param([], "body: ", id="no-object"),
    ],
)
async def test_a_silence_that_cannot_be_is_refused_with_the_field(order: object, words: str) -> None:
    async with serving() as served:
        status, body = await served.ask("POST", SILENCES, json=order)

    assert status == (404 if words.startswith("unknown") else 400)
    assert body["error"].startswith(words)


@pytest.mark.parametrize(
    ("body", "type_", "status"),
    [
        pytest.param(b"{}", "text/plain", 415, id="a-form-may-send-text"),
        pytest.param(b"{}", "application/x-www-form-urlencoded", 415, id="form"),
        pytest.param(b"{", "application/json", 400, id="half"),
        pytest.param(b'{"checks": "' + b"x" * (65 << 10) + b'"}', "application/json", 413, id="large"),
    ],
)
async def test_a_body_is_json_and_small(body: bytes, type_: str, status: int) -> None:
    async with serving() as served:
        answered, refusal = await served.ask("POST", SILENCES, data=body, headers={"Content-Type": type_})

    assert answered == status
    assert refusal["error"]


async def test_a_body_that_never_ends_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    async with serving() as served:
        routes = served.server._guard._routes
        silence = routes["POST", SILENCES]
        object.__setattr__(silence, "within_seconds", 0.2)
        reader, writer = await asyncio.open_connection("127.0.0.1", int(served.address.rpartition(":")[2]))
        writer.write(
            f"POST {SILENCES} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
            "Content-Length: 100\r\n\r\n{".encode()
        )
        async with asyncio.timeout(5):
            answer = await reader.readline()
        writer.close()

    assert answer == b"HTTP/1.1 503 Service Unavailable\r\n"
