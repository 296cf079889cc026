import asyncio
import json
import signal
from io import StringIO
from pathlib import Path

import junitparser
import pytest
import yaml

from monitor import demo
from monitor.sandbox.server import Sandbox
from tests.e2e.foreign import install_foreign_kinds
from tests.e2e.process import ended, line_with, monitor, running
from tests.matrix.expectation import load_expectations

pytestmark = [pytest.mark.asyncio, pytest.mark.slow]

CHECKS = yaml.safe_load(demo.CONFIG.read_text())["checks"]
EXPECTED = load_expectations(list(CHECKS))


async def once(sandbox: Sandbox, *arguments: str) -> tuple[int, dict[str, tuple[str, str | None]]]:
    """
    Return the exit code, and status and reason of every check.
    """
    end = await monitor("once", "-c", str(demo.CONFIG), "--output", "json", *arguments, env=demo.environment(sandbox))
    document = json.loads(end.out)
    assert document["exit_code"] == end.code
    return end.code, {one["check"]: (one["status"], one["reason"]) for one in document["outcomes"]}


async def test_a_healthy_platform_passes_every_check(sandbox: Sandbox) -> None:
    code, outcomes = await once(sandbox)

    assert outcomes == dict.fromkeys(CHECKS, ("passed", None))
    assert code == 0


@pytest.mark.parametrize("fault", ["collection_missing", "permission_excess", "realtime_silent", "key_invalid"])
async def test_a_fault_is_told_as_the_matrix_has_it(sandbox: Sandbox, fault: str) -> None:
    sandbox.faults.switch_on(fault)

    code, outcomes = await once(sandbox)

    told = {
        name: status if status == "errored" else f"{status}: {reason}" for name, (status, reason) in outcomes.items()
    }
    # A single look opens a socket of its own, for which a new JWT is needed.
    expected = EXPECTED[fault] | ({"realtime-held": "errored"} if fault == "key_invalid" else {})
    found = {name: verdict.replace("passed: None", "passed") for name, verdict in told.items()}
    assert found == {name: verdict.partition(" in ")[0] for name, verdict in expected.items()}
    assert code == (3 if fault == "key_invalid" else 1)


async def test_text_tells_each_step_with_its_time_and_the_failure(sandbox: Sandbox) -> None:
    sandbox.faults.switch_on("realtime_silent")

    end = await monitor("once", "chat-delivery", "-c", str(demo.CONFIG), env=demo.environment(sandbox))

    assert end.code == 1
    assert "✗ chat-delivery" in end.out
    assert "failed: no_event" in end.out
    assert all(step in end.out for step in ("prepare", "subscribe", "write", "event", "read_back"))
    assert "→ no event of 'chat_messages' at 'therapist'" in end.out
    assert sandbox.api_key not in end.out + end.err


async def test_it_ends_with_the_diagnosis_and_asks_who_can_tell(sandbox: Sandbox, tmp_path: Path) -> None:
    sandbox.faults.switch_on("collection_missing")
    page = tmp_path / "evidence.html"

    # Alone it sees a function that fails, and no more.
    end = await monitor(
        "once",
        "booking-of-january",
        *("-c", str(demo.CONFIG), "--bundle", str(page)),
        env=demo.environment(sandbox),
    )

    assert end.code == 1
    assert "to tell causes apart: " in end.err
    assert "\ndiagnosis: collection_missing\n" in end.out
    assert f"--database-id {sandbox.database} --collection-id chat_messages" in end.out
    assert json.loads(page.with_suffix(".json").read_text())["diagnoses"][0]["cause"] == "collection_missing"
    assert sandbox.api_key not in page.read_text()


async def test_of_a_healthy_platform_it_says_nothing_more(sandbox: Sandbox) -> None:
    end = await monitor("once", "api-version", "-c", str(demo.CONFIG), env=demo.environment(sandbox))

    assert end.code == 0
    assert "diagnosis" not in end.out + end.err


async def test_junit_is_read_by_a_public_parser(sandbox: Sandbox) -> None:
    sandbox.faults.switch_on("collection_missing")

    end = await monitor("once", "-c", str(demo.CONFIG), "--output", "junit", env=demo.environment(sandbox))

    suite = next(iter(junitparser.JUnitXml.fromfile(StringIO(end.out))))
    assert (suite.tests, suite.failures, suite.errors, suite.skipped) == (len(CHECKS), 7, 0, 0)
    failed = {case.name: case.result[0].type for case in suite if case.result}
    wrong = ("chat-messages-exist", "schema", "access", "site-bundle", "chat-delivery", "booking-to-chat")
    assert failed == {**dict.fromkeys(wrong, "not_found"), "booking-of-january": "wrong_answer"}


@pytest.mark.parametrize(
    ("arguments", "checks"),
    [
        pytest.param(("bookings-exist", "api-version"), {"bookings-exist", "api-version"}, id="by name"),
        pytest.param(("--kind", "websocket_connect"), {"realtime-guest", "realtime-therapist"}, id="by kind"),
        pytest.param(
            ("--kind", "websocket_connect", "--as", "customer"),
            {"realtime-guest", "realtime-therapist"},
            id="as another identity",
        ),
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
        pytest.param(("--kind", "ping"), "unknown kind 'ping': there are appwrite_health, booking_ends, ", id="kind"),
        pytest.param(("--as", "custommer"), "unknown identity 'custommer': did you mean 'customer'?", id="identity"),
        pytest.param(("api-version", "--as", "guest"), "no setting 'identity' in api-version", id="as"),
        pytest.param(("--output", "yaml"), "'yaml' is not one of 'text', 'json', 'junit'", id="output"),
    ],
)
async def test_a_wrong_argument_is_one_clear_sentence(
    sandbox: Sandbox, arguments: tuple[str, ...], sentence: str
) -> None:
    end = await monitor("once", "-c", str(demo.CONFIG), *arguments, env=demo.environment(sandbox))

    assert end.code == 2
    assert sentence in end.err
    assert "Traceback" not in end.err


@pytest.mark.parametrize(("number", "code"), [(signal.SIGTERM, 143), (signal.SIGINT, 130)], ids=["SIGTERM", "Ctrl-C"])
async def test_a_signal_ends_it_cleanly_and_leaves_nothing_behind(
    sandbox: Sandbox, number: signal.Signals, code: int
) -> None:
    sandbox.faults.switch_on("realtime_silent")
    messages = sandbox.world.collections["chat_messages"].documents
    env = {**demo.environment(sandbox), "MONITOR_CHECKS__CHAT_DELIVERY__EVERY": "1m"}
    env |= {"MONITOR_CHECKS__CHAT_DELIVERY__TIMEOUT": "50s", "MONITOR_CHECKS__CHAT_DELIVERY__EVENT_WITHIN": "40s"}

    async with running("once", "chat-delivery", "-c", str(demo.CONFIG), env=env) as process:
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


async def test_who_waits_for_room_in_the_budget_is_told_so(sandbox: Sandbox, tmp_path: Path) -> None:
    path = tmp_path / "monitor.yaml"
    delivery = "collection: chat_messages, writer: customer, reader: therapist, events: 20, every: 10m, timeout: 30s"
    path.write_text(
        f"target: {{name: t, endpoint: '{sandbox.endpoint}', project: {sandbox.project},"
        f" database: {sandbox.database}, api_key: {sandbox.api_key}}}\n"
        "identities:\n  customer: {kind: user, user_id: synthetic-customer}\n"
        "  therapist: {kind: user, user_id: synthetic-therapist}\nchecks:\n"
        + "".join(
            f"  d{number}: {{kind: realtime_delivery, {delivery}, readable_by: ['team:synthetic-pair']}}\n"
            for number in range(6)
        )
    )

    async with running("once", "-c", str(path)) as process:
        told = await line_with(process.stderr, "1 of 6 checks wait: request budget spent: 100 document creates")
        process.send_signal(signal.SIGINT)
        end = await ended(process)

    assert "as 'customer' within 1m" in told
    assert (end.code, end.out.count("✓")) == (130, 5)
