"""
The configuration of Alertmanager: whom each alert reaches, and what holds it back.
"""

import asyncio
import contextlib
import re
import subprocess
from pathlib import Path

import pytest

from monitor.core.cause import Cause
from monitor.sandbox.server import Sandbox
from monitor.sinks.alertmanager import ALERT_NAME
from tests.dashboards.chain import Chain, chain_of, until
from tests.dashboards.files import ALERTMANAGER, alerts, read
from tests.dashboards.test_rules import exported
from tests.dashboards.troubles import Troubles, named
from tests.e2e.daemon import Daemon, daemon, write_config
from tests.tools import require


def _amtool(*arguments: str) -> str:
    told = subprocess.run([require("amtool"), *arguments], capture_output=True, text=True, check=False)
    assert told.returncode == 0, told.stdout + told.stderr
    return told.stdout


def test_alertmanager_takes_it() -> None:
    assert "SUCCESS" in _amtool("check-config", str(ALERTMANAGER))


@pytest.mark.parametrize(
    ("labels", "receiver"),
    [
        pytest.param({"severity": "page", "about": "platform"}, "pager", id="the-platform"),
        pytest.param({"severity": "page", "about": "monitor"}, "pager", id="the-monitor"),
        pytest.param({"severity": "ticket", "about": "platform"}, "tickets", id="a-ticket"),
        pytest.param({"severity": "info", "about": "platform"}, "nobody", id="for-information"),
        pytest.param({"severity": "info", "about": "routing"}, "nobody", id="only-inhibits"),
        pytest.param({"severity": "page", "alertname": ALERT_NAME, "incident": "1"}, "pager", id="the-daemon-itself"),
        pytest.param({"severity": "ticket", "alertname": ALERT_NAME}, "tickets", id="its-tickets"),
        pytest.param({"alertname": "Whatever"}, "tickets", id="of-nobody-knows-whom"),
    ],
)
def test_a_route_leads_to_whom_it_must(labels: dict[str, str], receiver: str) -> None:
    shown = [f"{name}={value}" for name, value in labels.items()]

    routed = _amtool("config", "routes", "test", f"--config.file={ALERTMANAGER}", *shown)

    assert routed.strip() == receiver


@pytest.mark.parametrize("name", alerts())
def test_every_alert_reaches_whom_its_severity_says(name: str) -> None:
    labels = alerts()[name]["labels"]
    for severity in ("ticket", "info") if "$" in labels["severity"] else (labels["severity"],):
        shown = [f"alertname={name}", f"about={labels['about']}", f"severity={severity}"]

        routed = _amtool("config", "routes", "test", f"--config.file={ALERTMANAGER}", *shown)

        assert routed.strip() == {"page": "pager", "ticket": "tickets", "info": "nobody"}[severity]


def test_inhibition_names_alerts_and_causes_that_exist() -> None:
    text = "\n".join(
        matcher
        for rule in read(ALERTMANAGER)["inhibit_rules"]
        for side in ("source_matchers", "target_matchers")
        for matcher in rule[side]
    )
    named = {name for found in re.findall(r'alertname!?=~?"([^"]*)"', text) for name in found.split("|")}
    causes = {cause for found in re.findall(r'cause!?=~?"([^"]*)"', text) for cause in found.split("|")}

    assert named <= {*alerts(), ALERT_NAME}
    assert all(any(re.fullmatch(cause, known) for known in Cause) for cause in causes)


@pytest.mark.slow
@pytest.mark.asyncio
async def test_every_alert_fires_and_reaches_whom_it_must(tmp_path: Path) -> None:
    async with Troubles() as troubles, chain_of(tmp_path, [troubles.url.removeprefix("http://")]) as chain:
        # While there is no monitor at all.
        await until(lambda: _has_paged(chain, ""), seconds=20.0, what=chain.alerts)
        assert chain.paged("") == ["MonitorNeverSeen"]
        troubles.switch_on()
        pages = {name for name, alert in alerts().items() if alert["labels"]["severity"] == "page"}
        tickets = {name for name, alert in alerts().items() if "info" not in alert["labels"]["severity"]} - pages

        async def everybody_has_heard() -> bool:
            paged = {name for name in pages if name in chain.paged(name)} | {"MonitorNeverSeen"}
            told = {alert["alertname"] for alert in chain.tickets.alerts if alert["alertname"] == alert["target"]}
            return paged >= pages and told >= tickets

        await until(everybody_has_heard, seconds=60.0, what=chain.alerts)
        # Which goes to nobody, and holds back what the daemon pages itself.
        await until(lambda: _is_held_back(chain), seconds=20.0, what=chain.alerts)
        assert chain.paged("MonitorPagesItself") == []
        # What pages anybody is what must, and no ticket woke anybody.
        assert {name for page in chain.pager.pages for name in [page.events[0]["payload"]["class"]]} == pages
        await until(lambda: _is_over(chain, "MonitorNeverSeen"), seconds=20.0, what=chain.alerts)


@pytest.mark.slow
@pytest.mark.asyncio
async def test_one_page_for_one_cause_whatever_else_it_breaks_and_one_for_the_death_of_the_monitor(
    tmp_path: Path,
) -> None:
    checks = {
        "booking-to-chat": "{kind: booking_to_chat, every: 8s, timeout: 7s, profile: {like: march, share: "
        "['team:synthetic-pair']}, customer: customer, therapist: therapist, event_within: 1s}",
        "chat-delivery": "{kind: realtime_delivery, every: 2s, timeout: 1900ms, collection: chat_messages, "
        "writer: customer, reader: therapist, readable_by: ['team:synthetic-pair'], event_within: 1s}",
    }
    async with Sandbox() as sandbox:
        path = write_config(tmp_path, sandbox, checks)
        path.write_text(f"{path.read_text()}{_IDENTITIES}alerts: {{confirm_every: 100ms}}\n")
        async with daemon(path, {}) as monitor:
            web = (await monitor.until("daemon.started"))["web"].removeprefix("http://")
            reading = asyncio.create_task(_read_on(monitor))
            async with chain_of(tmp_path, [web]) as chain:
                right = 'count(synthetic_check_up{kind=~"booking_to_chat|realtime_delivery"} == 1) == 2'
                await until(lambda: chain.value(right), seconds=30.0, what=chain.alerts)
                assert chain.pager.pages == []

                sandbox.faults.switch_on("realtime_silent")
                symptoms = {"BookingFlowDown", "BookingFlowBurnsFast"}
                await until(lambda: _are_held_back(chain, symptoms), seconds=40.0, what=chain.alerts)
                assert chain.paged("sandbox") == ["IncidentPages"]
                assert "realtime_silent" in chain.pager.pages[0].summary

                sandbox.faults.switch_off("realtime_silent")
                await until(lambda: _all_resolved(chain), seconds=40.0, what=chain.alerts)
                monitor.process.kill()
                await until(lambda: _are_active(chain, {"MonitorAbsent"}), seconds=30.0, what=chain.alerts)
                await until(lambda: _has_paged(chain, "sandbox", times=2), seconds=20.0, what=chain.alerts)
                assert chain.paged("sandbox") == ["IncidentPages", "MonitorAbsent"]
            reading.cancel()


_IDENTITIES = (
    "identities:\n  customer: {kind: user, user_id: synthetic-customer}\n"
    "  therapist: {kind: user, user_id: synthetic-therapist}\n"
)


async def _read_on(monitor: Daemon) -> None:
    # Or its log fills the pipe, and it stands still.
    with contextlib.suppress(AssertionError):
        while True:
            await monitor.next_line()


async def _has_paged(chain: Chain, target: str, *, times: int = 1) -> bool:
    return len(chain.paged(target)) >= times


async def _is_held_back(chain: Chain) -> bool:
    return (await chain.active("MonitorPagesItself")).get("IncidentPages", False)


async def _is_over(chain: Chain, name: str) -> bool:
    return all(page.events[0]["payload"]["class"] != name for page in chain.pager.open_pages)


async def _are_active(chain: Chain, names: set[str]) -> bool:
    return names <= (await chain.active("sandbox")).keys()


async def _are_held_back(chain: Chain, names: set[str]) -> bool:
    active = await chain.active("sandbox")
    return names <= {name for name, is_held_back in active.items() if is_held_back} and "IncidentPages" in active


async def _all_resolved(chain: Chain) -> bool:
    return not chain.pager.open_pages and not await chain.active("sandbox")


def test_the_troubles_are_of_metrics_that_the_daemon_exports() -> None:
    assert set(named()) <= exported()
