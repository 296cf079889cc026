"""
From a target that breaks to every receiver that there is, through the real daemon.
"""

import asyncio
import signal
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from itertools import pairwise
from pathlib import Path

import aiohttp
import pytest

from monitor.core.outcome import Reason
from tests.e2e.daemon import Daemon, daemon
from tests.fakes.healthchecks import FakeHealthchecks
from tests.fakes.pagerduty import API_TOKEN, ROUTING_KEY, FakePagerDuty
from tests.fakes.receiver import Fault, Received, Receiver, Reply, always
from tests.fakes.webhook import SECRET, FakeWebhook
from tests.kill.processes import shifted_clock
from tests.sinks.alertmanager import alertmanager
from tests.sinks.bugsink import bugsink_in

pytestmark = [pytest.mark.asyncio, pytest.mark.slow]


class Site(Receiver):
    """
    A target of one page, which answers *status*.
    """

    status = 200

    def process(self, received: Received) -> Reply:
        return Reply(status=self.status, body=b"hello")


@asynccontextmanager
async def site() -> AsyncIterator[Site]:
    async with Site() as target:
        yield target


def config(folder: Path, target: Site, *, sinks: str, alerts: str = "", checks: str = "") -> Path:
    path = folder / "monitor.yaml"
    path.write_text(
        f"target: {{name: shop, endpoint: {target.url}/v1, project: p, database: d}}\n"
        "location: fra1\n"
        "web: {listen: 127.0.0.1:0}\n"
        "engine: {clean_up: 2s}\n"
        f"alerts: {{confirm_every: 100ms{alerts}}}\n"
        f"checks:\n  page: {{kind: http_endpoint, every: 1s, timeout: 500ms, url: {target.url}/}}\n{checks}"
        f"sinks:\n{sinks}"
    )
    return path


async def until(condition: Callable[[], bool], *, seconds: float = 20.0) -> None:
    async with asyncio.timeout(seconds):
        while not condition():  # noqa: ASYNC110 - what is asked is in another process
            await asyncio.sleep(0.02)


async def metrics(monitor: Daemon) -> str:
    started = next(line for line in monitor.lines if line["event"] == "daemon.started")
    async with aiohttp.ClientSession() as session, session.get(f"{started['web']}/metrics") as answer:
        return await answer.text()


async def test_metrics_say_which_sinks_are_told_of_what_pages_and_so_after_a_reload(tmp_path: Path) -> None:
    async with site() as target, FakePagerDuty() as pagerduty, FakeWebhook() as webhook:
        hook = f"  webhook: {{url: '{webhook.url}/hook', severities: [%s]}}\n"
        pager = f"  pagerduty: {{routing_key: {ROUTING_KEY}, url: '{pagerduty.enqueue_url}'}}\n"
        path = config(tmp_path, target, sinks=pager + hook % "ticket, info")
        async with daemon(path, {}) as monitor:
            await monitor.until("daemon.started")
            before = await metrics(monitor)

            config(tmp_path, target, sinks=hook % "page")
            monitor.process.send_signal(signal.SIGHUP)
            await monitor.until("config.reloaded")
            after = await metrics(monitor)

        takes = 'synthetic_sink_takes_pages{location="fra1",sink="%s",target="shop"} %s'
        assert takes % ("pagerduty", "1.0") in before
        assert takes % ("webhook", "0.0") in before
        assert takes % ("webhook", "1.0") in after
        assert 'synthetic_sink_takes_pages{location="fra1",sink="pagerduty"' not in after


async def test_every_real_receiver_hears_of_it_once_and_of_its_end(tmp_path: Path) -> None:
    async with (
        site() as target,
        FakePagerDuty() as pagerduty,
        FakePagerDuty() as behind_alertmanager,
        FakeWebhook() as webhook,
        FakeHealthchecks() as healthchecks,
    ):
        with (
            bugsink_in(tmp_path / "bugsink") as bugsink,
            alertmanager(tmp_path, behind_alertmanager) as alertmanager_url,
        ):
            sinks = (
                f"  pagerduty: {{routing_key: {ROUTING_KEY}, url: '{pagerduty.enqueue_url}'}}\n"
                f"  alertmanager: {{url: '{alertmanager_url}', repeat: 1s}}\n"
                f"  webhook: {{url: '{webhook.url}/hook', secret: {SECRET}}}\n"
                f"  sentry: {{dsn: '{bugsink.dsn}', check_in: null}}\n"
                f"  heartbeat: {{url: '{healthchecks.ping_url}', every: 1s}}\n"
            )
            async with daemon(config(tmp_path, target, sinks=sinks), {}) as monitor:
                await monitor.until("run.finished", status="passed")
                await until(lambda: bool(healthchecks.beats))
                target.status = 500
                await monitor.until("incident.opened")
                await until(lambda: len(behind_alertmanager.pages) == 1 and len(pagerduty.pages) == 1)
                # Long enough to be forgotten, were it not said again.
                await asyncio.sleep(6.0)
                assert len(behind_alertmanager.open_pages) == len(pagerduty.open_pages) == 1
                assert (
                    'synthetic_finding_open{check="page",kind="http_endpoint",location="fra1",target="shop"} 1.0'
                    in (await metrics(monitor))
                )

                target.status = 200
                await monitor.until("incident.resolved")
                await until(lambda: not behind_alertmanager.open_pages and not pagerduty.open_pages)
                await until(lambda: len(webhook.events) == 2)
                await until(lambda: len(bugsink.events("shop")) == 2)

                assert len(behind_alertmanager.pages) == len(pagerduty.pages) == 1
                assert [each["event"] for each in webhook.events] == ["opened", "resolved"]
                opened, resolved = bugsink.events("shop")
                assert opened.issue == resolved.issue
                assert "answered 500" in pagerduty.pages[0].summary
                assert not any(beat.is_failed for beat in healthchecks.beats)
                await asyncio.sleep(0.2)
                page = await metrics(monitor)
                for sink in ("pagerduty", "alertmanager", "webhook", "sentry"):
                    assert f'synthetic_outbox_events{{location="fra1",sink="{sink}",target="shop"}} 0.0' in page


async def test_a_page_that_nobody_takes_is_told_where_readiness_is_asked(tmp_path: Path) -> None:
    async with site() as target, FakePagerDuty() as pagerduty:
        pagerduty.faults = always(Reply(status=403))
        sinks = f"  pagerduty: {{routing_key: {ROUTING_KEY}, url: '{pagerduty.enqueue_url}'}}\n"
        async with daemon(config(tmp_path, target, sinks=sinks), {}) as monitor:
            started = await monitor.until("daemon.started")
            target.status = 500
            await monitor.until("event.refused")

            async with aiohttp.ClientSession() as session, session.get(f"{started['web']}/-/ready") as answer:
                text = await answer.text()

    assert "sink pagerduty takes no event" in text
    assert ROUTING_KEY not in str(monitor.lines)


async def test_a_killed_daemon_pages_nobody_twice_and_its_successor_resolves(tmp_path: Path) -> None:
    async with site() as target, FakePagerDuty() as pagerduty:
        sinks = f"  pagerduty: {{routing_key: {ROUTING_KEY}, url: '{pagerduty.enqueue_url}'}}\n"
        path = config(tmp_path, target, sinks=sinks)
        target.status = 500
        async with daemon(path, {}) as monitor:
            await until(lambda: len(pagerduty.pages) == 1)
            monitor.process.kill()
        async with daemon(path, {}) as monitor:
            await monitor.until("run.finished", status="failed")
            await monitor.until("run.finished", status="failed")
            assert len(pagerduty.pages) == 1
            target.status = 200
            await until(lambda: not pagerduty.open_pages)

    assert len(pagerduty.pages) == 1


async def test_a_receiver_that_hangs_for_ever_delays_no_run(tmp_path: Path) -> None:
    async with site() as target, Receiver() as hanging, FakeWebhook() as webhook:
        hanging.faults = always(Fault.HANG_BEFORE)
        sinks = (
            f"  pagerduty: {{routing_key: {ROUTING_KEY}, url: '{hanging.url}/v2/enqueue'}}\n"
            f"  webhook: {{url: '{webhook.url}/hook', secret: {SECRET}}}\n"
        )
        async with daemon(config(tmp_path, target, sinks=sinks), {}) as monitor:
            target.status = 500
            await monitor.until("incident.opened")
            runs = [await monitor.until("run.finished") for _ in range(5)]
            await until(lambda: len(webhook.events) == 1)

    assert [each["reason"] for each in runs] == [Reason.HTTP_STATUS] * 5
    assert [second["tick"] - first["tick"] for first, second in pairwise(runs)] == [1] * 4


async def test_a_canary_page_is_read_back_and_resolved(tmp_path: Path) -> None:
    async with site() as target, FakePagerDuty() as pagerduty:
        sinks = (
            f"  pagerduty: {{routing_key: {ROUTING_KEY}, url: '{pagerduty.enqueue_url}',"
            f" api_token: {API_TOKEN}, api_url: '{pagerduty.url}'}}\n"
        )
        path = config(tmp_path, target, sinks=sinks, alerts=", canary: {every: 60s, within: 5s}")
        # Sent a minute after the first start: this process is not kept waiting, its clock is ahead.
        async with daemon(path, {}) as monitor:
            await monitor.until("daemon.started")
            await monitor.until("run.finished")
        async with daemon(path, dict(shifted_clock("+61s"))) as monitor:
            await monitor.until("canary.arrived")
            await until(lambda: bool(pagerduty.pages) and not pagerduty.open_pages)

    [page] = pagerduty.pages
    assert "canary" in page.summary.lower()
