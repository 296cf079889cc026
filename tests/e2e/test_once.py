import asyncio
import json
import signal
from io import StringIO
from pathlib import Path

import junitparser
import pytest

from monitor.sandbox.server import Sandbox
from tests.e2e.foreign import install_foreign_kinds
from tests.e2e.process import DEMO_CONFIG, demo_environment, ended, monitor, running

pytestmark = [pytest.mark.asyncio, pytest.mark.slow]

SOCKETS = ("realtime-guest", "realtime-therapist")
DELIVERIES = ("chat-delivery", "notification-delivery")
REST = ("api-version", "bookings-exist", "chat-sessions-exist", "chat-messages-exist", "notifications-exist")


async def once(sandbox: Sandbox, *arguments: str) -> tuple[int, dict[str, tuple[str, str | None]]]:
    """
    Return the exit code, and status and reason of every check.
    """
    end = await monitor("once", "-c", str(DEMO_CONFIG), "--output", "json", *arguments, env=demo_environment(sandbox))
    document = json.loads(end.out)
    assert document["exit_code"] == end.code
    return end.code, {one["check"]: (one["status"], one["reason"]) for one in document["outcomes"]}


async def test_a_healthy_platform_passes_every_check(sandbox: Sandbox) -> None:
    code, outcomes = await once(sandbox)

    assert outcomes == dict.fromkeys(REST + SOCKETS + DELIVERIES, ("passed", None))
    assert code == 0


@pytest.mark.parametrize(
    ("fault", "failing"),
    [
        pytest.param(
            "collection_missing",
            {"chat-messages-exist": "not_found", "chat-delivery": "not_found"},
            id="collection_missing",
        ),
        pytest.param("permission_missing", {"chat-delivery": "permission_missing"}, id="permission_missing"),
        pytest.param("realtime_refused", dict.fromkeys(SOCKETS + DELIVERIES, "http_status"), id="realtime_refused"),
        pytest.param("realtime_hang", dict.fromkeys(SOCKETS + DELIVERIES, "timeout"), id="realtime_hang"),
        pytest.param("realtime_silent", dict.fromkeys(DELIVERIES, "no_event"), id="realtime_silent"),
        pytest.param("service_down", dict.fromkeys(REST + SOCKETS + DELIVERIES, "http_status"), id="service_down"),
        pytest.param("slow", dict.fromkeys(REST + DELIVERIES, "timeout"), id="slow"),
    ],
)
async def test_a_fault_fails_the_right_checks_with_the_right_reason_and_no_other(
    sandbox: Sandbox, fault: str, failing: dict[str, str]
) -> None:
    sandbox.faults.switch_on(fault)

    code, outcomes = await once(sandbox)

    assert {name: reason for name, (status, reason) in outcomes.items() if status == "failed"} == failing
    assert {outcomes[name] for name in outcomes.keys() - failing.keys()} <= {("passed", None)}
    assert code == 1


async def test_text_tells_each_step_with_its_time_and_the_failure(sandbox: Sandbox) -> None:
    sandbox.faults.switch_on("realtime_silent")

    end = await monitor("once", "chat-delivery", "-c", str(DEMO_CONFIG), env=demo_environment(sandbox))

    assert end.code == 1
    assert "✗ chat-delivery" in end.out
    assert "failed: no_event" in end.out
    assert all(step in end.out for step in ("prepare", "subscribe", "write", "event", "read_back"))
    assert "→ no event of 'chat_messages' at 'therapist'" in end.out
    assert sandbox.api_key not in end.out + end.err


async def test_junit_is_read_by_a_public_parser(sandbox: Sandbox) -> None:
    sandbox.faults.switch_on("collection_missing")

    end = await monitor("once", "-c", str(DEMO_CONFIG), "--output", "junit", env=demo_environment(sandbox))

    suite = next(iter(junitparser.JUnitXml.fromfile(StringIO(end.out))))
    assert (suite.tests, suite.failures, suite.errors, suite.skipped) == (9, 2, 0, 0)
    failed = {case.name: case.result[0].type for case in suite if case.result}
    assert failed == {"chat-messages-exist": "not_found", "chat-delivery": "not_found"}


@pytest.mark.parametrize(
    ("arguments", "checks"),
    [
        pytest.param(("bookings-exist", "api-version"), {"bookings-exist", "api-version"}, id="by name"),
        pytest.param(("--kind", "websocket_connect"), set(SOCKETS), id="by kind"),
        pytest.param(("--kind", "websocket_connect", "--as", "customer"), set(SOCKETS), id="as another identity"),
    ],
)
async def test_runs_only_what_was_asked_for(sandbox: Sandbox, arguments: tuple[str, ...], checks: set[str]) -> None:
    code, outcomes = await once(sandbox, *arguments)

    assert outcomes.keys() == checks
    assert code == 0


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        pytest.param(("chat-delivary",), "unknown check 'chat-delivary': did you mean 'chat-delivery'?", id="check"),
        pytest.param(("--kind", "ping"), "unknown kind 'ping': there are collection_exists, http_endpoint", id="kind"),
        pytest.param(("--as", "custommer"), "unknown identity 'custommer': did you mean 'customer'?", id="identity"),
        pytest.param(("api-version", "--as", "guest"), "no setting 'identity' in api-version", id="as"),
        pytest.param(("--output", "yaml"), "'yaml' is not one of 'text', 'json', 'junit'", id="output"),
    ],
)
async def test_a_wrong_argument_is_one_clear_sentence(
    sandbox: Sandbox, arguments: tuple[str, ...], sentence: str
) -> None:
    end = await monitor("once", "-c", str(DEMO_CONFIG), *arguments, env=demo_environment(sandbox))

    assert end.code == 2
    assert sentence in end.err
    assert "Traceback" not in end.err


@pytest.mark.parametrize(("number", "code"), [(signal.SIGTERM, 143), (signal.SIGINT, 130)], ids=["SIGTERM", "Ctrl-C"])
async def test_a_signal_ends_it_cleanly_and_leaves_nothing_behind(
    sandbox: Sandbox, number: signal.Signals, code: int
) -> None:
    sandbox.faults.switch_on("realtime_silent")
    messages = sandbox.world.collections["chat_messages"].documents
    env = {**demo_environment(sandbox), "MONITOR_CHECKS__CHAT_DELIVERY__EVERY": "1m"}
    env |= {"MONITOR_CHECKS__CHAT_DELIVERY__TIMEOUT": "50s", "MONITOR_CHECKS__CHAT_DELIVERY__EVENT_WITHIN": "40s"}

    async with running("once", "chat-delivery", "-c", str(DEMO_CONFIG), env=env) as process:
        while not messages:  # noqa: ASYNC110 - the document is made by another process
            await asyncio.sleep(0.01)
        process.send_signal(number)
        end = await ended(process)

    assert (end.code, end.err.strip()) == (code, "")
    assert not messages


async def test_a_check_that_ignores_its_cancellation_does_not_keep_the_process(tmp_path: Path) -> None:
    env = install_foreign_kinds(tmp_path)
    path = tmp_path / "monitor.yaml"
    path.write_text(
        "target: {name: t, endpoint: http://127.0.0.1:1/v1, project: p, database: d}\n"
        "checks:\n  ignoring: {kind: ignores, timeout: 1s}\n"
    )

    end = await monitor("once", "-c", str(path), env=env)

    assert end.code == 3
    assert "quarantined until it ends" in end.out


async def test_a_bad_configuration_is_told_with_place_and_remedy(tmp_path: Path) -> None:
    path = tmp_path / "monitor.yaml"
    path.write_text("target: {name: t, endpoint: https://host/v1, project: p}\nchecks:\n  a: {kind: htp_endpoint}\n")

    end = await monitor("once", "-c", str(path))

    assert (end.code, end.out) == (2, "")
    assert f"{path}:1:1: target.database" in end.err
    assert f"{path}:3:13: checks.a.kind" in end.err
    assert "did you mean http_endpoint?" in end.err
    assert "Traceback" not in end.err


async def test_an_unreachable_platform_fails_within_the_deadline(tmp_path: Path) -> None:
    path = tmp_path / "monitor.yaml"
    path.write_text(
        "target: {name: t, endpoint: http://127.0.0.1:1/v1, project: p, database: d, api_key: standard_0123}\n"
        "checks:\n  there: {kind: collection_exists, timeout: 2s, collection: bookings}\n"
    )

    end = await monitor("once", "-c", str(path), "--output", "json")

    outcome = json.loads(end.out)["outcomes"][0]
    assert (end.code, outcome["reason"]) == (1, "connection")
    assert outcome["duration_seconds"] < 3.0
