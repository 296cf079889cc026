"""
A held socket in the real daemon: told at once, kept through a reload, let go in time.
"""

import signal
import time
from pathlib import Path

import pytest

from monitor.sandbox.server import Sandbox
from tests.e2e.daemon import daemon, get, write_config
from tests.e2e.process import ended

pytestmark = [pytest.mark.asyncio, pytest.mark.slow]

WATCH = "{kind: realtime_watch, identity: guest, every: 5s, timeout: 2s, ping_every: 3s}"
LABELS = 'check="socket",kind="realtime_watch",location="local",target="sandbox"'


def configure(folder: Path, sandbox: Sandbox, **checks: str) -> Path:
    path = write_config(folder, sandbox, checks)
    path.write_text(path.read_text() + "identities: {guest: {kind: guest}}\n")
    return path


async def test_a_drop_is_one_line_within_a_second_and_moves_the_metrics(sandbox: Sandbox, tmp_path: Path) -> None:
    async with daemon(configure(tmp_path, sandbox, socket=WATCH), {}) as monitor:
        web = (await monitor.until("daemon.started"))["web"]
        _, born = await get(f"{web}/metrics")
        await monitor.until("run.finished", check="socket", status="passed")
        _, held = await get(f"{web}/metrics")
        dropped_at = time.monotonic()
        sandbox.faults.switch_on("realtime_gone", recovery_seconds=0.0)
        dropped = await monitor.until("run.finished", status="failed")
        told_after_seconds = time.monotonic() - dropped_at
        refused = await monitor.until("run.finished", status="failed")
        confirmed_after_seconds = time.monotonic() - dropped_at
        _, lost = await get(f"{web}/metrics")
        sandbox.faults.switch_off("realtime_gone")
        await monitor.until("run.finished", status="passed")
        _, back = await get(f"{web}/metrics")

    assert told_after_seconds < 1.0
    assert confirmed_after_seconds < 4.0
    assert (dropped["reason"], refused["reason"]) == ("connection", "http_status")
    assert "ended with 1006" in dropped["message"]
    connected = f"synthetic_realtime_connected{{{LABELS}}}"
    reconnects = f"synthetic_realtime_reconnects_total{{{LABELS}}}"
    assert f"{reconnects} 0.0" in born
    assert [f"{connected} {value}" in page for value, page in (("1.0", held), ("0.0", lost), ("1.0", back))] == [
        True
    ] * 3
    assert f"{reconnects} 0.0" in lost
    assert f"{reconnects} 1.0" in back


async def test_what_stays_well_is_one_line_a_tick(sandbox: Sandbox, tmp_path: Path) -> None:
    async with daemon(configure(tmp_path, sandbox, socket=WATCH), {}) as monitor:
        lines = [await monitor.until("run.finished") for _ in range(3)]

    assert [line["status"] for line in lines] == ["passed"] * 3
    ticks = [line["tick"] for line in lines if line["tick"] is not None]
    assert len(ticks) >= 2
    assert ticks == list(range(ticks[0], ticks[0] + len(ticks)))


async def test_a_reload_keeps_the_socket_and_a_change_opens_another(sandbox: Sandbox, tmp_path: Path) -> None:
    other = f"{{kind: http_endpoint, every: 30s, url: {sandbox.endpoint}/health/version}}"
    path = configure(tmp_path, sandbox, socket=WATCH)

    async with daemon(path, {}) as monitor:
        await monitor.until("run.finished", check="socket")
        [before] = sandbox.hub.connections
        configure(tmp_path, sandbox, socket=WATCH, other=other)
        monitor.process.send_signal(signal.SIGHUP)
        await monitor.until("config.reloaded", checks=2)
        await monitor.until("run.finished", check="socket")
        kept = set(sandbox.hub.connections)
        configure(tmp_path, sandbox, socket=WATCH.replace("ping_every: 3s", "ping_every: 4s"))
        monitor.process.send_signal(signal.SIGHUP)
        await monitor.until("config.reloaded", checks=1)
        await monitor.until("run.finished", check="socket")
        changed = set(sandbox.hub.connections)
        configure(tmp_path, sandbox, other=other)
        monitor.process.send_signal(signal.SIGHUP)
        await monitor.until("config.reloaded", checks=1)
        await before.ended.wait()
        [of_changed] = changed
        await of_changed.ended.wait()

    assert kept == {before}
    assert before not in changed
    assert not sandbox.hub.connections


async def test_sigterm_ends_it_in_time_and_leaves_no_socket(sandbox: Sandbox, tmp_path: Path) -> None:
    async with daemon(configure(tmp_path, sandbox, socket=WATCH), {}) as monitor:
        await monitor.until("run.finished", check="socket")
        asked_at = time.monotonic()
        monitor.process.send_signal(signal.SIGTERM)
        await monitor.until("daemon.stopped")
        took_seconds = time.monotonic() - asked_at
        end = await ended(monitor.process)

    after = [line["event"] for line in monitor.lines[-2:]]
    assert (end.code, end.err) == (0, "")
    assert took_seconds < 2.0
    assert after == ["daemon.stopping", "daemon.stopped"]
    assert not sandbox.hub.connections
