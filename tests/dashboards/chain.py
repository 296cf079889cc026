"""
A real Prometheus with the rules that are shipped, and a real Alertmanager with the configuration that is shipped.

Copies of both, in a hurry: what is minutes and days in the rules is seconds here, and Alertmanager waits for a moment.
What a rule demands, whom an alert reaches and what holds it back are as shipped.
"""

import asyncio
import json
import re
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiohttp
import yaml

from tests.bench.blackbox import free_port, listening
from tests.bench.processes import child
from tests.dashboards.files import ALERTMANAGER, RULES
from tests.fakes.pagerduty import ROUTING_KEY, FakePagerDuty
from tests.fakes.receiver import Received, Receiver, Reply
from tests.tools import require

# A window must hold some samples, a second apart; the order of the windows, by length, stays as it is.
_HURRIED = {"5m": "4s", "10m": "6s", "15m": "8s", "30m": "10s", "1h": "14s", "6h": "18s", "3d": "22s", "7d": "90s"} | {
    "30d": "26s"
}
_WINDOW = re.compile(r"(?<=\[)\w+(?=\])|(?<=offset )\w+")
_LOOK_SECONDS = 0.2


class Tickets(Receiver):
    """
    Takes tickets as Alertmanager's webhook sends them; *alerts* are the labels of all that ever fired.
    """

    def __init__(self, **settings: Any) -> None:
        super().__init__(**settings)
        self.alerts: list[dict[str, str]] = []

    def process(self, received: Received) -> Reply:
        """
        Keep what fires.
        """
        self.alerts += [each["labels"] for each in received.json["alerts"] if each["status"] == "firing"]
        return Reply()


@dataclass(frozen=True, slots=True, kw_only=True)
class Chain:
    """
    Both servers as they run; *pager* and *tickets* are who hears of it.
    """

    prometheus: str
    alertmanager: str
    pager: FakePagerDuty
    tickets: Tickets

    async def alerts(self) -> list[dict[str, Any]]:
        """
        Return what Alertmanager has, with whether each is held back.
        """
        return list(await _json(f"{self.alertmanager}/api/v2/alerts"))

    async def active(self, target: str) -> dict[str, bool]:
        """
        Return for every alert about *target*, by name, whether it is held back.
        """
        found = [each for each in await self.alerts() if each["labels"].get("target") == target]
        return {each["labels"]["alertname"]: bool(each["status"]["inhibitedBy"]) for each in found}

    async def value(self, query: str) -> list[float]:
        """
        Return the values that *query* has now.
        """
        answer = await _json(f"{self.prometheus}/api/v1/query", query=query)
        return [float(each["value"][1]) for each in answer["data"]["result"]]

    def paged(self, target: str) -> list[str]:
        """
        Return of every page about *target*, open or not, the alert that it was sent for first.
        """
        pages = [page.events[0]["payload"] for page in self.pager.pages]
        return [payload["class"] for payload in pages if payload.get("group", "") == target]


async def _json(url: str, **query: str) -> Any:
    async with aiohttp.ClientSession() as session, session.get(url, params=query) as answer:
        return await answer.json()


@asynccontextmanager
async def chain_of(folder: Path, scraped: Sequence[str]) -> AsyncIterator[Chain]:
    """
    Watch the addresses in *scraped* for the length of the block, data in *folder*.
    """
    prometheus, alertmanager = f"127.0.0.1:{free_port()}", f"127.0.0.1:{free_port()}"
    async with FakePagerDuty() as pager, Tickets() as tickets:
        scraping = _write(folder, "prometheus.yml", _scraping(folder, scraped, alertmanager))
        routing = _write(folder, "alertmanager.yml", _routing(folder, pager, tickets))
        commands = {
            # The receiver first: what is told nobody is told late.
            alertmanager: (
                require("alertmanager"),
                f"--config.file={routing}",
                f"--storage.path={folder / 'alertmanager'}",
                "--cluster.listen-address=",
            ),
            prometheus: (
                require("prometheus"),
                f"--config.file={scraping}",
                f"--storage.tsdb.path={folder / 'prometheus'}",
                "--rules.alert.resend-delay=1s",
            ),
        }
        (first, alertmanager_command), (second, prometheus_command) = commands.items()
        async with child(*alertmanager_command, f"--web.listen-address={first}", "--log.level=error"):
            await listening(first)
            async with child(*prometheus_command, f"--web.listen-address={second}", "--log.level=error"):
                await listening(second)
                await until(lambda: _is_ready(second), seconds=15.0, what=lambda: _is_ready(second))
                yield Chain(prometheus=f"http://{second}", alertmanager=f"http://{first}", pager=pager, tickets=tickets)


async def until(condition: Any, *, seconds: float, what: Any) -> None:
    """
    Wait until the coroutine function *condition* returns something true; *what* tells what there is instead.
    """
    try:
        async with asyncio.timeout(seconds):
            while not await condition():  # noqa: ASYNC110 - what is asked is in another process
                await asyncio.sleep(_LOOK_SECONDS)
    except TimeoutError:
        raise AssertionError(f"not within {seconds:.0f} s: {await what()}") from None


async def _is_ready(address: str) -> bool:
    # It listens before it has read what it stores, and answers 503 meanwhile.
    async with aiohttp.ClientSession() as session, session.get(f"http://{address}/-/ready") as answer:
        return answer.status == 200


def hurried_rules() -> dict[str, Any]:
    """
    Return the rules that are shipped, with every duration shortened.
    """
    document: dict[str, Any] = yaml.safe_load(RULES.read_text(encoding="utf-8"))
    for group in document["groups"]:
        group["interval"] = "1s"
        for rule in group["rules"]:
            rule["expr"] = _WINDOW.sub(lambda found: _HURRIED[found.group()], rule["expr"])
            if "for" in rule:
                rule["for"] = "1s"
    return document


def _scraping(folder: Path, scraped: Sequence[str], alertmanager: str) -> dict[str, Any]:
    return {
        "global": {"scrape_interval": "1s", "evaluation_interval": "1s"},
        "rule_files": [str(_write(folder, "rules.yml", hurried_rules()))],
        "alerting": {"alertmanagers": [{"static_configs": [{"targets": [alertmanager]}]}]},
        "scrape_configs": [{"job_name": "monitor", "static_configs": [{"targets": list(scraped)}]}],
    }


def _routing(folder: Path, pager: FakePagerDuty, tickets: Tickets) -> dict[str, Any]:
    document: dict[str, Any] = yaml.safe_load(ALERTMANAGER.read_text(encoding="utf-8"))
    document["global"]["pagerduty_url"] = pager.enqueue_url
    for route in (document["route"], *document["route"]["routes"]):
        # Long enough for what belongs together to arrive together.
        route |= {"group_wait": "2s", "group_interval": "1s"}
    key = folder / "pagerduty.key"
    key.write_text(ROUTING_KEY)
    for receiver in document["receivers"]:
        for each in receiver.get("pagerduty_configs", ()):
            each["routing_key_file"] = str(key)
        for each in receiver.get("webhook_configs", ()):
            each["url"] = f"{tickets.url}/alerts"
    return document


def _write(folder: Path, name: str, content: Any) -> Path:
    path = folder / name
    # JSON is YAML.
    path.write_text(json.dumps(content, indent=1))
    return path
