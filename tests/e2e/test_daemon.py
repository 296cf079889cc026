import asyncio
import signal
from collections import defaultdict
from pathlib import Path
from typing import Any

import pytest

from monitor import demo
from monitor.sandbox.server import Sandbox
from tests import tools
from tests.e2e.daemon import Daemon, daemon, get, write_config
from tests.e2e.foreign import install_foreign_kinds
from tests.e2e.process import ended

pytestmark = [pytest.mark.asyncio, pytest.mark.slow]


def good_checks(sandbox: Sandbox, count: int = 3, every: str = "1s") -> dict[str, str]:
    url = f"{sandbox.endpoint}/health/version"
    return {
        f"good-{number}": f"{{kind: http_endpoint, every: {every}, timeout: 900ms, url: {url}}}"
        for number in range(count)
    }


async def lint(promtool: str, page: str) -> tuple[int | None, str]:
    process = await asyncio.create_subprocess_exec(
        promtool, "check", "metrics", stdin=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE
    )
    _, err = await process.communicate(page.encode())
    return process.returncode, err.decode()


async def test_serves_metrics_health_and_readiness_of_real_runs(sandbox: Sandbox) -> None:
    promtool = tools.require("promtool")
    sandbox.faults.switch_on("realtime_silent")

    async with daemon(demo.CONFIG, demo.environment(sandbox)) as monitor:
        web = (await monitor.until("daemon.started"))["web"]
        await monitor.until_true(lambda runs: {"bookings-exist", "chat-delivery", "access", "schema"} <= runs.keys())
        healthy, ready = await get(f"{web}/-/healthy"), await get(f"{web}/-/ready")
        _, page = await get(f"{web}/metrics")
        _, openmetrics = await get(f"{web}/metrics", accept="application/openmetrics-text; version=1.0.0")

    assert healthy == (200, "healthy: the loop turns\n")
    assert ready == (200, "ready\n")
    place = 'location="demo",target="sandbox"'
    assert f'synthetic_check_up{{check="bookings-exist",kind="collection_exists",{place}}} 1.0' in page
    assert f'synthetic_check_up{{check="chat-delivery",kind="realtime_delivery",{place}}} 0.0' in page
    assert '# {run_id="' in openmetrics
    assert await lint(promtool, page) == (0, "")


async def test_sigterm_ends_in_order_lets_runs_end_and_loses_no_line(sandbox: Sandbox, tmp_path: Path) -> None:
    env = install_foreign_kinds(tmp_path)
    checks = {"long": "{kind: takes_long, every: 3s, timeout: 2900ms}"}
    path = write_config(tmp_path, sandbox, {**good_checks(sandbox), **checks})

    async with daemon(path, env) as monitor:
        await monitor.until("daemon.started")
        # Right after its end the next one is about a second away, and it takes two.
        first = await monitor.until("run.finished", check="long")
        await monitor.until_true(lambda runs: len(runs["good-0"]) == 2)
        monitor.process.send_signal(signal.SIGTERM)
        await monitor.until("daemon.stopping", signal="SIGTERM")
        last = await monitor.until("daemon.stopped")
        end = await ended(monitor.process)

    stopping = next(index for index, line in enumerate(monitor.lines) if line["event"] == "daemon.stopping")
    after = [(line["check"], line["status"]) for line in monitor.lines[stopping:] if line["event"] == "run.finished"]
    assert (end.code, end.err, last["signal"]) == (0, "", "SIGTERM")
    assert first["status"] == "passed"
    assert after == [("long", "passed")]


async def test_sigterm_cancels_what_does_not_end_within_the_budget(sandbox: Sandbox, tmp_path: Path) -> None:
    env = install_foreign_kinds(tmp_path)
    # Both never end: the one lets go at once, the other not at all.
    checks = {
        "hanging": "{kind: never_ends, every: 30s, timeout: 29s}",
        "ignoring": "{kind: ignores, every: 2s, timeout: 1s}",
    }
    path = write_config(tmp_path, sandbox, checks)

    async with daemon(path, {**env, "MONITOR_LOG__LEVEL": "debug"}) as monitor:
        await monitor.until("check.quarantined", check="ignoring")
        await monitor.until("run.started", check="hanging")
        monitor.process.send_signal(signal.SIGTERM)
        await monitor.until("run.interrupted", check="hanging")
        await monitor.until("daemon.stopped")
        end = await ended(monitor.process)

    assert end.code == 0
    assert "Traceback" not in end.err


async def test_a_second_signal_ends_at_once(sandbox: Sandbox, tmp_path: Path) -> None:
    env = {**install_foreign_kinds(tmp_path), "MONITOR_LOG__LEVEL": "debug"}
    path = write_config(tmp_path, sandbox, {"hanging": "{kind: never_ends, every: 20s, timeout: 19s}"})

    async with daemon(path, env) as monitor:
        await monitor.until("run.started", check="hanging")
        monitor.process.send_signal(signal.SIGTERM)
        await monitor.until("daemon.stopping")
        monitor.process.send_signal(signal.SIGTERM)
        end = await ended(monitor.process)

    assert end.code == 143
    assert '"daemon.stopped"' not in end.err


async def test_bad_checks_are_the_monitors_fault_and_starve_no_other(sandbox: Sandbox, tmp_path: Path) -> None:
    env = install_foreign_kinds(tmp_path)
    bad = {
        "blocking": "{kind: blocks_loop, every: 7s, timeout: 6s}",
        "hanging": "{kind: never_ends, every: 2s, timeout: 1s}",
        "swallowing": "{kind: swallows, every: 2s, timeout: 1s}",
        "ignoring": "{kind: ignores, every: 2s, timeout: 500ms}",
    }
    path = write_config(tmp_path, sandbox, {**bad, **good_checks(sandbox)})

    async with daemon(path, env) as monitor:
        await monitor.until_true(lambda runs: any(run["status"] == "errored" for run in runs["blocking"]))
        await monitor.until_true(
            lambda runs: any(run["reason"] == "timeout" for run in runs["hanging"] if "reason" in run)
        )
        # After the stall every good check is back on its grid: four runs in a row, one tick apart.
        await monitor.until_true(lambda runs: all(_in_step(runs[f"good-{number}"]) for number in range(3)))

    found: dict[str, set[tuple[str, str | None]]] = defaultdict(set)
    for line in monitor.lines:
        if line["event"] == "run.finished":
            found[line["check"]].add((line["status"], line.get("reason")))
    # On a busy machine the four in a row outlast its next tick, which may come while the stalled one is at work.
    assert ("errored", "internal") in found["blocking"]
    assert found["blocking"] <= {("errored", "internal"), ("missed", "not_started")}
    for number in range(3):
        ticks = [line["tick"] for line in monitor.lines if line.get("check") == f"good-{number}" and "tick" in line]
        assert sorted(ticks) == list(range(min(ticks), max(ticks) + 1)), "every tick is run or missed, once"
    assert found["hanging"] <= {("failed", "timeout"), ("errored", "internal"), ("missed", "not_started")}
    assert found["swallowing"] <= {("errored", "internal"), ("missed", "not_started")}
    assert found["ignoring"] <= {("errored", "internal"), ("missed", "not_started")}
    for number in range(3):
        assert found[f"good-{number}"] <= {("passed", None), ("errored", "internal"), ("missed", "not_started")}
        assert ("missed", "not_started") in found[f"good-{number}"]


def _in_step(runs: list[dict[str, Any]]) -> bool:
    passed = [run["tick"] for run in runs if run["status"] == "passed"][-4:]
    return len(passed) == 4 and passed == list(range(passed[0], passed[0] + 4))


async def test_a_loop_blocked_for_ever_restarts_the_process_without_the_check(sandbox: Sandbox, tmp_path: Path) -> None:
    env = {**install_foreign_kinds(tmp_path), "MONITOR_ENGINE__STALL_LIMIT": "2s"}
    path = write_config(
        tmp_path, sandbox, {"blocking": "{kind: blocks_for_ever, every: 2s, timeout: 1s}", **good_checks(sandbox)}
    )

    async with daemon(path, env) as monitor:
        restarting = await monitor.until("process.restarting")
        await monitor.until("daemon.started")
        await monitor.until_true(
            lambda runs: _in_step(runs["good-0"]) and any(run["status"] == "missed" for run in runs["blocking"])
        )
        monitor.process.send_signal(signal.SIGTERM)
        end = await ended(monitor.process)

    assert restarting["check"] == "blocking"
    assert "in run" in restarting["place"]
    assert end.code == 0


async def test_two_checks_that_block_for_ever_cost_two_restarts_and_no_more(sandbox: Sandbox, tmp_path: Path) -> None:
    env = {**install_foreign_kinds(tmp_path), "MONITOR_ENGINE__STALL_LIMIT": "2s"}
    blocking = "{kind: blocks_for_ever, every: 2s, timeout: 1s}"
    path = write_config(tmp_path, sandbox, {"one": blocking, "two": blocking, **good_checks(sandbox)})

    async with daemon(path, env) as monitor:
        await monitor.until("process.restarting")
        await monitor.until("process.restarting")
        await monitor.until_true(lambda runs: _in_step(runs["good-0"]))

    restarts = [line["check"] for line in monitor.lines if line["event"] == "process.restarting"]
    assert sorted(restarts) == ["one", "two"]


@pytest.mark.parametrize(
    "jump",
    [
        pytest.param("-60", id="60 s back"),
        pytest.param("+3600", id="1 h forward"),
        pytest.param("+2592000", id="30 days forward"),
    ],
)
async def test_every_check_is_back_on_its_grid_when_the_clock_of_the_machine_was_set(
    sandbox: Sandbox, tmp_path: Path, jump: str
) -> None:
    time_file = tmp_path / "time"
    time_file.write_text("+0")
    env = {
        "LD_PRELOAD": str(tools.faketime_library()),
        "FAKETIME_TIMESTAMP_FILE": str(time_file),
        "FAKETIME_NO_CACHE": "1",
        "FAKETIME_DONT_FAKE_MONOTONIC": "1",
    }
    path = write_config(tmp_path, sandbox, good_checks(sandbox, count=10, every="2s"))
    names = [f"good-{number}" for number in range(10)]

    async with daemon(path, env) as monitor:
        await monitor.until_true(lambda runs: all(len(runs[name]) == 2 for name in names))
        time_file.write_text(jump)
        jumped = await monitor.until("clock.jumped")
        after = len(monitor.lines)
        await monitor.until_true(lambda runs: all(_in_step(runs[name]) for name in names))
        monitor.process.send_signal(signal.SIGTERM)
        end = await ended(monitor.process)

    assert jumped["seconds"] == pytest.approx(float(jump), abs=5)
    assert {line["status"] for line in monitor.lines[after:] if line["event"] == "run.finished"} == {"passed"}
    assert end.code == 0


@pytest.mark.parametrize("by_signal", [pytest.param(True, id="SIGHUP"), pytest.param(False, id="changed file")])
async def test_a_reload_changes_what_changed_and_a_bad_file_changes_nothing(
    sandbox: Sandbox, tmp_path: Path, by_signal: bool
) -> None:
    checks = good_checks(sandbox, count=2, every="2s")
    path = write_config(tmp_path, sandbox, checks)

    async def reloaded(monitor: Daemon, event: str) -> dict[str, Any]:
        if by_signal:
            monitor.process.send_signal(signal.SIGHUP)
        return await monitor.until(event)

    async with daemon(path, {}) as monitor:
        web = (await monitor.until("daemon.started"))["web"]
        if by_signal:
            await reloaded(monitor, "config.reloaded")  # without any change of the file
        await monitor.until_true(lambda runs: len(runs["good-0"]) == 1 and len(runs["good-1"]) == 1)
        path.write_text(path.read_text().replace("http_endpoint", "htp_endpoint", 1))
        refused = await reloaded(monitor, "config.refused")
        _, page_while_refused = await get(f"{web}/metrics")
        added = good_checks(sandbox, count=3, every="2s")
        write_config(tmp_path, sandbox, {"good-0": added["good-0"], "good-2": added["good-2"]})
        await reloaded(monitor, "config.reloaded")
        await monitor.until_true(lambda runs: _in_step(runs["good-0"]) and _in_step(runs["good-2"]))
        _, page = await get(f"{web}/metrics")

    assert "did you mean http_endpoint?" in refused["problems"][0]
    assert 'synthetic_config_reload_success{location="local",target="sandbox"} 0.0' in page_while_refused
    assert 'synthetic_config_reload_success{location="local",target="sandbox"} 1.0' in page
    assert 'check="good-1"' in page_while_refused
    assert 'check="good-1"' not in page
    kept = [line["tick"] for line in monitor.lines if line["event"] == "run.finished" and line["check"] == "good-0"]
    assert kept == list(range(kept[0], kept[0] + len(kept)))


async def test_a_taken_port_is_one_clear_sentence(sandbox: Sandbox, tmp_path: Path) -> None:
    path = write_config(tmp_path, sandbox, good_checks(sandbox, count=1))
    taken = sandbox.endpoint.removeprefix("http://").removesuffix("/v1")

    async with daemon(path, {"MONITOR_WEB__LISTEN": taken}) as monitor:
        end = await ended(monitor.process)

    assert end.code == 2
    assert f"web.listen: cannot serve on {taken} (Address already in use)" in end.err
    assert "Traceback" not in end.err
