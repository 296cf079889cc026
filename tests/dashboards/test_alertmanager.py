"""
The configuration of Alertmanager: whom each alert reaches, and what holds it back.
"""

import asyncio
import contextlib
import re
import subprocess
import time
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from monitor.core.cause import Cause
from monitor.sandbox.server import Sandbox
from monitor.sinks.alertmanager import ALERT_NAME
from tests.dashboards.chain import Chain, Tickets, chain_of, groups, held_back, post, router_of, until
from tests.dashboards.exported import exported
from tests.dashboards.files import ALERTMANAGER, alerts, read
from tests.dashboards.troubles import PAGES_ITSELF, Story, Troubles, certificate, flow, incident, named, takes_pages
from tests.e2e.daemon import Daemon, daemon, write_config
from tests.fakes.pagerduty import FakePagerDuty
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


# For every inhibition of the configuration: what holds back, what is held back, and what resembles it and is not.
_PLACE = {"location": "fra", "severity": "ticket"}
_HELD_BACK = {
    "a place without a monitor": (
        {"alertname": "MonitorAbsent", "location": "fra", "severity": "page"},
        [{"alertname": "IncidentWaits", "cause": "dns", **_PLACE}, {"alertname": "LoopLags", **_PLACE}],
        [
            {"alertname": "LoopLags", **_PLACE, "location": "sin"},
            {"alertname": "IncidentPages", **_PLACE, "severity": "page"},
        ],
    ),
    "a monitor of which no run ends": (
        {"alertname": "MonitorStuck", "location": "fra", "severity": "page"},
        [{"alertname": name, **_PLACE} for name in ("CheckNotRun", "RunsMissed", "RunsErrored", "LoopLags")],
        [{"alertname": "CheckNotRun", **_PLACE, "location": "sin"}, {"alertname": "ReloadRefused", **_PLACE}],
    ),
    "a monitor that has no checks": (
        {"alertname": "MonitorNotReady", "location": "fra", "severity": "page"},
        [{"alertname": name, **_PLACE} for name in ("MonitorRestarts", "LeftoversStay")],
        [{"alertname": "ReloadRefused", **_PLACE}],
    ),
    "a pager that takes nothing": (
        {"alertname": "PagerSinkStuck", "location": "fra", "severity": "page", "sink": "pagerduty"},
        [{"alertname": name, **_PLACE, "sink": "pagerduty"} for name in ("SinkFails", "CanaryNotSeen")],
        [{"alertname": "SinkFails", **_PLACE, "sink": "sentry"}],
    ),
    "a sink that takes nothing": (
        {"alertname": "SinkStuck", **_PLACE, "sink": "sentry"},
        [{"alertname": "SinkFails", **_PLACE, "sink": "sentry"}],
        [{"alertname": "CanaryNotSeen", **_PLACE, "sink": "pagerduty"}],
    ),
    "what the monitor says itself": (
        {"alertname": ALERT_NAME, **_PLACE, "cause": "dns", "incident": "1"},
        [{"alertname": name, **_PLACE, "cause": "dns"} for name in ("IncidentAtOneLocation", "IncidentWaits")],
        [
            {"alertname": "IncidentWaits", **_PLACE, "cause": "tls"},
            {"alertname": "IncidentWaits", **_PLACE, "cause": "dns", "location": "sin"},
        ],
    ),
    **{
        f"the graver form: {name}": (
            {"alertname": name, "check": "booking-to-chat", "severity": "page"},
            [{"alertname": lesser, **_PLACE, "check": "booking-to-chat"} for lesser in ("BudgetBurns", "BudgetSpent")],
            [{"alertname": "BudgetBurns", **_PLACE, "check": "site"}],
        )
        for name in ("BookingFlowDown", "BookingFlowBurnsFast", "BookingFlowBurnsSlow")
    },
    "a certificate that ends tomorrow": (
        {"alertname": "CertificateExpiresNow", "check": "site", "severity": "page"},
        [{"alertname": "CertificateExpires", "check": "site", "severity": "ticket"}],
        [{"alertname": "CertificateExpires", "check": "chat", "severity": "ticket"}],
    ),
}


@pytest.mark.asyncio
async def test_what_is_held_back_and_what_is_not(tmp_path: Path) -> None:
    # A target each, or they would hold back one another.
    sources = [{**source, "target": case} for case, (source, _, _) in _HELD_BACK.items()]
    inhibited = [{**labels, "target": case} for case, (_, those, _) in _HELD_BACK.items() for labels in those]
    told = [{**labels, "target": case} for case, (_, _, those) in _HELD_BACK.items() for labels in those]
    async with FakePagerDuty() as pager, Tickets() as tickets, router_of(tmp_path, pager, tickets) as address:
        await post(address, [*sources, *inhibited, *told])

        async def is_as_it_must_be() -> bool:
            found = await held_back(address)
            return len(found) == len([*sources, *inhibited, *told]) and all(
                is_inhibited == (labels in inhibited) for labels, is_inhibited in found
            )

        await until(is_as_it_must_be, seconds=20.0, what=lambda: held_back(address))


def test_no_page_is_ever_inhibited_since_it_would_not_be_told_to_have_ended() -> None:
    pages = {name for name, alert in alerts().items() if alert["labels"]["severity"] == "page"}
    for rule in read(ALERTMANAGER)["inhibit_rules"]:
        targets = " ".join(rule["target_matchers"])

        assert 'severity!="page"' in targets or not pages & set(re.findall(r"\w+", targets)), targets
        assert 'severity!="page"' in targets or "alertname" in targets, targets


_PAGES = {
    "the certificate": [{"alertname": "CertificateExpiresNow", "target": "a", "check": "site"}],
    "another": [{"alertname": "CertificateExpiresNow", "target": "a", "check": "chat"}],
    "the flow": [{"alertname": "BookingFlowDown", "target": "a", "check": "booking-to-chat"}],
    "another flow": [{"alertname": "BookingFlowDown", "target": "a", "check": "chat"}],
    "elsewhere": [{"alertname": "BookingFlowDown", "target": "b", "check": "chat"}],
    "burning slowly": [{"alertname": "BookingFlowBurnsSlow", "target": "a", "check": "chat"}],
    "a cause, whoever sees it": [
        {"alertname": "IncidentPages", "target": "a", "cause": "dns", "location": "fra"},
        {"alertname": "IncidentPages", "target": "a", "cause": "dns", "location": "sin"},
    ],
    "another cause": [{"alertname": "IncidentPages", "target": "a", "cause": "tls", "location": "sin"}],
    "exposure": [
        {"alertname": "PrivateDataExposed", "target": "a", "cause": "permission_excess", "check": "access"},
        {"alertname": "IncidentPages", "target": "a", "cause": "permission_excess", "location": "fra"},
    ],
    "no monitor here": [{"alertname": "MonitorAbsent", "target": "a", "location": "fra", "about": "monitor"}],
    "no monitor there": [{"alertname": "MonitorAbsent", "target": "a", "location": "sin", "about": "monitor"}],
    "a pager": [{"alertname": "PagerSinkStuck", "target": "a", "location": "fra", "sink": "pagerduty"}],
    "another pager": [{"alertname": "PagerSinkStuck", "target": "a", "location": "fra", "sink": "alertmanager"}],
    "nowhere": [{"alertname": "MonitorNeverSeen"}],
    "tickets": [{"alertname": "TicketsNotTaken", "integration": "webhook"}],
    "tickets elsewhere": [{"alertname": "TicketsNotTaken", "integration": "email"}],
    "an incident": [{"alertname": ALERT_NAME, "target": "a", "location": "fra", "cause": "dns", "incident": "1"}],
    "a later one": [{"alertname": ALERT_NAME, "target": "a", "location": "fra", "cause": "dns", "incident": "2"}],
}


@pytest.mark.asyncio
async def test_each_trouble_is_a_page_of_its_own(tmp_path: Path) -> None:
    expected = [[{**labels, "severity": "page"} for labels in page] for page in _PAGES.values()]
    async with FakePagerDuty() as pager, Tickets() as tickets, router_of(tmp_path, pager, tickets) as address:
        await post(address, [labels for page in expected for labels in page])

        async def are_apart() -> bool:
            found = [_sorted(page) for receiver, page in await groups(address) if receiver == "pager"]
            return sorted(found) == sorted(map(_sorted, expected))

        await until(are_apart, seconds=20.0, what=lambda: groups(address))


def _sorted(page: Iterable[dict[str, str]]) -> list[list[tuple[str, str]]]:
    return sorted(sorted(labels.items()) for labels in page)


@pytest.mark.slow
@pytest.mark.asyncio
async def test_every_alert_fires_and_reaches_whom_it_must(tmp_path: Path) -> None:
    async with Troubles() as troubles, chain_of(tmp_path, [troubles.url.removeprefix("http://")]) as chain:
        # While there is no monitor at all.
        await until(lambda: _has_paged(chain, ""), seconds=40.0, what=chain.alerts)
        assert chain.paged("") == ["MonitorNeverSeen"]
        troubles.switch_on()
        pages = {name for name, alert in alerts().items() if alert["labels"]["severity"] == "page"}
        tickets = {name for name, alert in alerts().items() if "info" not in alert["labels"]["severity"]} - pages

        async def everybody_has_heard() -> bool:
            # Some are of no target.
            paged = {name for name in pages if name in chain.paged(name)} | set(chain.paged(""))
            told = {alert["alertname"] for alert in chain.tickets.alerts if _is_of_itself(alert)}
            return paged >= pages and told >= tickets

        await until(everybody_has_heard, seconds=90.0, what=chain.alerts)
        # What the monitor pages itself is not paged once more.
        assert await chain.value(f'synthetic:monitor_pages_itself:bool{{target="{PAGES_ITSELF}"}}')
        assert not await chain.active(PAGES_ITSELF)
        assert chain.paged(PAGES_ITSELF) == []
        # What pages anybody is what must, and no ticket woke anybody.
        assert {name for page in chain.pager.pages for name in [page.events[0]["payload"]["class"]]} == pages
        await until(lambda: _is_over(chain, "MonitorNeverSeen"), seconds=40.0, what=chain.alerts)


@pytest.mark.slow
@pytest.mark.asyncio
async def test_each_trouble_is_one_page_that_closes_by_itself(tmp_path: Path) -> None:
    async with Story() as story, chain_of(tmp_path, [story.url.removeprefix("http://")]) as chain:

        async def are_open(expected: Mapping[str, Sequence[str]]) -> bool:
            return all(
                len(chain.open(target)) == len(parts)
                and all(part in said for part, said in zip(parts, chain.open(target), strict=True))
                for target, parts in expected.items()
            )

        def what() -> Any:
            return _said({target: chain.open(target) for target in story.said})

        # An outage of which the daemon makes no incident at first; one that is diagnosed better; a flow that fails
        # while a certificate ends; a monitor that pages itself and dies, and one that leaves that to Alertmanager.
        story.say("explained", flow(up=False))
        story.say("refined", incident("page", "unknown"))
        story.say("certificate", certificate(time.time()))
        story.say("pages-itself", incident("page", "dns"), takes_pages("pagerduty"))
        story.say("dies", incident("page", "dns"))
        before = {"explained": ["fails"], "refined": ["unknown"], "certificate": ["ends in"], "dies": ["dns"]}
        await until(lambda: are_open(before), seconds=60.0, what=what)

        story.say("explained", flow(up=False), incident("page", "realtime_silent"))
        story.say("refined", incident("page", "unknown", is_open=False), incident("page", "service_down"))
        story.say("certificate", certificate(time.time()), flow(up=False))
        del story.said["pages-itself"], story.said["dies"]
        after = {"explained": ["realtime_silent"], "refined": ["service_down"], "certificate": ["fails", "ends in"]}
        gone = {"pages-itself": ["is gone"], "dies": ["is gone"]}
        await until(lambda: are_open(after | gone), seconds=60.0, what=what)

        for target in (*after, *gone):
            story.say(target, flow(up=True))
        await until(lambda: are_open(dict.fromkeys((*after, *gone, ""), ())), seconds=60.0, what=what)
        assert chain.paged("explained") == ["BookingFlowDown", "IncidentPages"]
        assert chain.paged("certificate") == ["CertificateExpiresNow", "BookingFlowDown"]
        assert chain.paged("pages-itself") == ["MonitorAbsent"]
        assert chain.paged("dies") == ["IncidentPages", "MonitorAbsent"]


@pytest.mark.slow
@pytest.mark.asyncio
async def test_an_alertmanager_that_cannot_page_tells_it_by_ticket(tmp_path: Path) -> None:
    async with Story() as story, chain_of(tmp_path, [story.url.removeprefix("http://")], key="") as chain:
        story.say("shop", incident("page", "dns"))

        async def is_told() -> bool:
            return "PagesNotTaken" in {alert["alertname"] for alert in chain.tickets.alerts}

        await until(is_told, seconds=60.0, what=chain.alerts)
        assert chain.pager.pages == []


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
                await until(lambda: chain.value(right), seconds=60.0, what=chain.alerts)

                sandbox.faults.switch_on("realtime_silent")
                # Both checks fail, for longer than it takes a flow to be down, and burn.
                down = "count(count_over_time(synthetic:check_failing:bool[14s]) >= 10) == 2"
                burns = "synthetic:check_errors:ratio_rate1h * synthetic:check_judged:increase1h > 2.5"
                await until(lambda: chain.value(f"{down} and on () count({burns})"), seconds=60.0, what=chain.alerts)
                assert not [name for name in await chain.active("sandbox") if name.startswith("BookingFlow")]
                assert chain.paged("sandbox") == ["IncidentPages"]
                assert ["realtime_silent" in summary for summary in chain.open("sandbox")] == [True]

                sandbox.faults.switch_off("realtime_silent")
                await until(lambda: _all_resolved(chain), seconds=60.0, what=chain.alerts)
                monitor.process.kill()
                await until(lambda: _are_active(chain, {"MonitorAbsent"}), seconds=40.0, what=chain.alerts)
                await until(lambda: _has_paged(chain, "sandbox", times=2), seconds=30.0, what=chain.alerts)
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


async def _said(found: Any) -> Any:
    return found


def _is_of_itself(alert: Mapping[str, str]) -> bool:
    return alert.get("target", alert["alertname"]) == alert["alertname"]


async def _has_paged(chain: Chain, target: str, *, times: int = 1) -> bool:
    return len(chain.paged(target)) >= times


async def _is_over(chain: Chain, name: str) -> bool:
    return all(page.events[0]["payload"]["class"] != name for page in chain.pager.open_pages)


async def _are_active(chain: Chain, names: set[str]) -> bool:
    return names <= (await chain.active("sandbox")).keys()


async def _all_resolved(chain: Chain) -> bool:
    return not chain.pager.open_pages and not await chain.active("sandbox")


def test_the_troubles_are_of_metrics_that_the_daemon_exports() -> None:
    assert set(named()) <= exported()
