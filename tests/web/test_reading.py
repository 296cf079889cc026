import asyncio
from datetime import timedelta

import pytest
from pydantic import SecretStr

from monitor.alerting.records import Batch, Ran, Records
from monitor.core.clock import SystemClock
from monitor.core.outcome import Reason, Status
from monitor.store import Store
from monitor.web.model import CheckDetail, StatusView
from tests.outcomes import outcome_of
from tests.web.serving import NAMES, SECRET, Script, Served, serving, settings_of

pytestmark = pytest.mark.asyncio


async def test_the_status_has_every_check_in_its_order_and_what_is_wrong() -> None:
    async with serving(script=Script(trouble="the disk is full")) as served:
        served.end("chat-access", Status.PASSED)
        for _ in range(2):
            served.end("chat-delivery", Status.FAILED, Reason.NO_EVENT)
        status, body = await served.ask("GET", "/api/v1/status")
    view = StatusView.model_validate(body)

    assert status == 200
    assert [check.name for check in view.checks] == list(NAMES)
    assert (view.health, view.trouble) == ("wrong", "the disk is full")
    [incident] = view.incidents
    assert [finding.check for finding in incident.findings] == ["chat-delivery"]
    failing, right, unknown = view.checks
    assert (failing.status, failing.reason, failing.is_failing) == ("failed", "no_event", True)
    assert (failing.incident, len(failing.bars)) == (incident.id, 2)
    assert (right.status, right.is_failing, right.incident) == ("passed", False, None)
    assert (unknown.status, unknown.bars, unknown.last_run) == (None, (), None)


async def test_a_check_has_its_last_runs_with_steps_and_evidence_the_newest_first() -> None:
    async with serving() as served:
        for number in range(25):
            served.tell(
                outcome_of(
                    check="chat-delivery",
                    run_id=f"{number:016}",
                    started_at=SystemClock().now() - timedelta(seconds=100 - number),
                    evidence={"status": 200, "names": ("a", "b")},
                )
            )
        await served.alerting.keeper.write()
        status, body = await served.ask("GET", "/api/v1/checks/chat-delivery")
    detail = CheckDetail.model_validate(body)

    assert status == 200
    assert [run.run_id for run in detail.runs] == [f"{number:016}" for number in range(24, 4, -1)]
    assert [bar.run_id for bar in detail.bars] == [f"{number:016}" for number in range(25)]
    assert detail.runs[0].evidence == {"status": 200, "names": ("a", "b")}
    assert [step.name for step in detail.runs[0].steps] == ["write"]


async def test_a_run_is_found_by_its_id_when_it_has_just_ended_and_when_it_is_kept_with_all_its_evidence() -> None:
    async with serving() as served:
        ids = [f"{number:016}" for number in range(3)]
        for id_ in ids:
            evidence = {"said": "x" * 6_000, "key": SECRET}
            served.tell(
                outcome_of(Status.FAILED, Reason.NO_EVENT, check="chat-delivery", run_id=id_, evidence=evidence)
            )
        _, at_once = await served.ask("GET", f"/api/v1/runs/{ids[-1]}")
        await served.alerting.keeper.write()
        kept = [await served.ask("GET", f"/api/v1/runs/{id_}") for id_ in ids]
        page = await served.ask("GET", f"/runs/{ids[0]}")

    assert (at_once["run_id"], at_once["check"]) == (ids[-1], "chat-delivery")
    assert [(status, body["run_id"], body["kind"]) for status, body in kept] == [
        (200, id_, "realtime_delivery") for id_ in ids
    ]
    assert all(len(body["evidence"]["said"]) == 6_000 for _, body in kept)
    assert SECRET not in f"{at_once}{kept}{page}"
    assert (page[0], "A run of chat-delivery" in page[1], ids[0] in page[1]) == (200, True, True)


async def test_an_incident_is_found_while_it_is_open_and_when_it_is_over() -> None:
    async with serving() as served:
        for status in (Status.FAILED, Status.FAILED):
            served.end("chat-delivery", status, Reason.NO_EVENT)
        [open_] = (await served.ask("GET", "/api/v1/incidents"))[1]["open"]
        _, while_open = await served.ask("GET", f"/api/v1/incidents/{open_['id']}")
        for status in (Status.PASSED, Status.PASSED):
            served.end("chat-delivery", status)
        _, at_once = await served.ask("GET", "/api/v1/incidents")
        await served.alerting.keeper.write()
        _, lists = await served.ask("GET", "/api/v1/incidents")
        _, none = await served.ask("GET", "/api/v1/incidents?limit=0")
        _, after = await served.ask("GET", f"/api/v1/incidents/{open_['id']}")
        _, status_view = await served.ask("GET", "/api/v1/status")

    assert (while_open, while_open["resolved_at"]) == (open_, None)
    assert (lists["open"], [each["id"] for each in lists["resolved"]]) == ([], [open_["id"]])
    assert none["resolved"] == []
    assert after["resolved_at"] is not None
    assert at_once == lists
    assert status_view["resolved"] == lists["resolved"]


async def test_what_somebody_is_at_stands_behind_what_nobody_has_seen() -> None:
    silence = {"checks": ["help-page"], "for_seconds": 3600, "reason": "I am at it"}
    async with serving() as served:
        for check, reason in (("chat-delivery", Reason.NO_EVENT), ("help-page", Reason.HTTP_STATUS)):
            for _ in range(2):
                served.end(check, Status.FAILED, reason)
        before = await _names_of_incidents(served)
        assert (await served.ask("POST", "/api/v1/silences", json=silence))[0] == 201
        after = await _names_of_incidents(served)

    assert before == ["help-page", "chat-delivery"]
    assert after == ["chat-delivery", "help-page"]


async def _names_of_incidents(served: Served) -> list[str]:
    _, status = await served.ask("GET", "/api/v1/status")
    return [incident["findings"][0]["check"] for incident in status["incidents"]]


@pytest.mark.parametrize(
    ("path", "status", "words"),
    [
        pytest.param("/api/v1/checks/chat-deliver", 404, "did you mean 'chat-delivery'?", id="check"),
        pytest.param("/checks/chat-deliver", 404, "did you mean 'chat-delivery'?", id="page-of-check"),
        pytest.param("/api/v1/runs/nothing", 404, "store.keep_days", id="run"),
        pytest.param("/runs/nothing", 404, "store.keep_days", id="page-of-run"),
        pytest.param("/api/v1/incidents/nothing", 404, "/api/v1/incidents lists", id="incident"),
        pytest.param("/api/v1/nothing", 404, "openapi.json", id="path"),
        pytest.param("/api/v1/incidents?limit=101", 400, "from 0 to 100", id="limit-too-large"),
        pytest.param("/api/v1/incidents?limit=-1", 400, "from 0 to 100", id="limit-negative"),
        pytest.param("/api/v1/incidents?limit=", 400, "from 0 to 100", id="limit-empty"),
        pytest.param("/api/v1/incidents?limit=1&limit=2", 400, "from 0 to 100", id="limit-twice"),
        pytest.param("/probe", 400, "/probe?check=NAME", id="probe-of-nothing"),
        pytest.param("/probe?check=nobody", 404, "unknown check 'nobody'", id="probe-of-nobody"),
    ],
)
async def test_what_is_not_there_is_told_with_what_to_do(path: str, status: int, words: str) -> None:
    async with serving() as served:
        answered, body = await served.ask("GET", path)

    assert answered == status
    assert words in (body["error"] if path.startswith("/api/") else body)


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("HEAD", "/api/v1/status", 200),
        ("HEAD", "/", 200),
        ("HEAD", "/probe?check=chat-delivery", 405),
        ("HEAD", "/api/v1/events", 405),
        ("PUT", "/api/v1/status", 405),
        ("DELETE", "/api/v1/checks/chat-delivery", 405),
        ("OPTIONS", "/api/v1/silences", 405),
    ],
)
async def test_head_answers_where_nothing_is_started_and_other_methods_are_named(
    method: str, path: str, status: int
) -> None:
    async with serving() as served:
        answer = await served.answer(method, path)

    assert answer.status == status
    assert ("Allow" in answer.headers) is (status == 405)
    assert served.script.asked == []


async def test_no_secret_is_shown_anywhere() -> None:
    quoting = {"message": f"the key is {SECRET}", "evidence": {"a": SECRET, "b": (SECRET, 1)}}

    async with serving(script=Script(trouble=f"no {SECRET}")) as served:
        for _ in range(2):
            served.tell(
                outcome_of(
                    Status.FAILED, Reason.HTTP_STATUS, check="chat-delivery", started_at=SystemClock().now(), **quoting
                )
            )
        await served.alerting.keeper.write()
        paths = ("status", "checks", "checks/chat-delivery", "incidents")
        answers = [await served.ask("GET", f"/api/v1/{path}") for path in paths]
        pages = [await served.ask("GET", path) for path in ("/", "/checks/chat-delivery", "/-/ready")]

    assert [status for status, _ in (*answers, *pages)] == [200] * 7
    assert SECRET not in str((*answers, *pages))
    assert "[redacted]" in str(answers)


async def test_a_secret_of_before_a_reload_is_not_shown_either() -> None:
    # One that nobody would take for a secret who was not told.
    old = "hunter2-of-old-days"
    after = settings_of()
    target = after.target.model_copy(update={"api_key": SecretStr(old)})

    async with serving(after.model_copy(update={"target": target})) as served:
        served.tell(outcome_of(check="chat-delivery", message=f"the server does not like {old} any more"))
        served.server.use(after)
        _, body = await served.ask("GET", "/api/v1/checks")

    assert "does not like [redacted] any more" in str(body)
    assert old not in str(body)


async def test_a_new_check_is_there_at_once_and_one_that_is_gone_is_not() -> None:
    async with serving(settings_of(["old", "both"])) as served:
        served.end("both", Status.PASSED)
        served.server.use(settings_of(["both", "new"]))
        _, body = await served.ask("GET", "/api/v1/checks")
        gone, _ = await served.ask("GET", "/api/v1/checks/old")

    assert [(check["name"], len(check["bars"])) for check in body["checks"]] == [("both", 1), ("new", 0)]
    assert gone == 404


async def test_what_a_process_before_has_seen_is_there_from_the_start() -> None:
    store = Store.open(None)
    start = SystemClock().now() - timedelta(hours=1)
    outcomes = [
        outcome_of(
            Status.FAILED if number else Status.PASSED,
            Reason.NO_EVENT if number else None,
            run_id=f"{number:016}",
            started_at=start + timedelta(minutes=number),
        )
        for number in range(3)
    ]
    runs = [Ran(check="chat-delivery", ended_at=each.ended_at, document=each.as_json()) for each in outcomes]
    await Records(store, target="production", location="fra1").save(Batch(runs=runs))

    async with serving(store=store) as served:
        _, body = await served.ask("GET", "/api/v1/checks/chat-delivery")
    await asyncio.to_thread(store.close)
    detail = CheckDetail.model_validate(body)

    assert [bar.run_id[-1] for bar in detail.bars] == ["0", "1", "2"]
    assert (detail.status, detail.last_run and detail.last_run.run_id[-1]) == ("failed", "2")
    assert detail.since is not None
    assert abs(detail.since - outcomes[1].started_at) < timedelta(seconds=0.01)


async def test_a_store_that_cannot_be_read_takes_away_only_what_is_in_it() -> None:
    store = Store.open(None)

    async with serving(store=store) as served:
        served.end("chat-delivery", Status.PASSED)
        await asyncio.to_thread(store.close)
        status, _ = await served.ask("GET", "/api/v1/status")
        check, body = await served.ask("GET", "/api/v1/checks/chat-delivery")
        incidents, refusal = await served.ask("GET", "/api/v1/incidents")

    assert (status, check, incidents) == (200, 200, 503)
    assert len(body["runs"]) == 1
    assert "the store cannot be used" in refusal["error"]
