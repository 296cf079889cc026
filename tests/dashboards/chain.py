"""
A real Prometheus with the rules that are shipped, and a real Alertmanager with the configuration that is shipped.

Copies of both, in a hurry: what is minutes and days in the rules is seconds here, and Alertmanager waits for a moment.
What a rule demands, whom an alert reaches and what holds it back are as shipped.
"""

import asyncio
import json
import re
from collections.abc import AsyncIterator, Mapping, Sequence
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
# How long a trouble lasts before it is told: longer than a scrape that fails on a busy machine, and an incident that
# explains a flow that is down is there before that is told, as in earnest.
_FOR = {"2m": "8s", "3m": "9s"}
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

    def open(self, target: str) -> list[str]:
        """
        Return of every page about *target* that is open what it says.
        """
        pages = [page for page in self.pager.open_pages if page.events[0]["payload"].get("group", "") == target]
        return sorted(page.summary for page in pages)

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
async def chain_of(folder: Path, scraped: Sequence[str], *, key: str = ROUTING_KEY) -> AsyncIterator[Chain]:
    """
    Watch the addresses in *scraped* for the length of the block, data in *folder*; *key* is that of the pager, "" for a
    file that is not there.
    """
    # The receiver first: what is told nobody is told late.
    async with (
        FakePagerDuty() as pager,
        Tickets() as tickets,
        router_of(folder, pager, tickets, key=key) as alertmanager,
    ):
        address = f"127.0.0.1:{free_port()}"
        scraping = _write(folder, "prometheus.yml", _scraping(folder, scraped, alertmanager))
        command = (
            require("prometheus"),
            f"--config.file={scraping}",
            f"--storage.tsdb.path={folder / 'prometheus'}",
            "--rules.alert.resend-delay=1s",
        )
        async with _served(address, *command):
            yield Chain(
                prometheus=f"http://{address}", alertmanager=f"http://{alertmanager}", pager=pager, tickets=tickets
            )


@asynccontextmanager
async def router_of(
    folder: Path, pager: FakePagerDuty, tickets: Tickets, *, key: str = ROUTING_KEY
) -> AsyncIterator[str]:
    """
    Run Alertmanager alone for the length of the block; yield its address.
    """
    address = f"127.0.0.1:{free_port()}"
    routing = _write(folder, "alertmanager.yml", _routing(folder, pager, tickets, key=key))
    command = (
        require("alertmanager"),
        f"--config.file={routing}",
        f"--storage.path={folder / 'alertmanager'}",
        "--cluster.listen-address=",
    )
    async with _served(address, *command):
        yield address


async def post(address: str, alerts: Sequence[Mapping[str, str]]) -> None:
    """
    Let *alerts*, each given by its labels, fire at the Alertmanager at *address*.
    """
    body = [{"labels": dict(labels), "annotations": {"summary": labels["alertname"]}} for labels in alerts]
    async with (
        aiohttp.ClientSession() as session,
        session.post(f"http://{address}/api/v2/alerts", json=body) as answer,
    ):
        assert answer.status == 200, await answer.text()


async def held_back(address: str) -> list[tuple[dict[str, str], bool]]:
    """
    Return the labels of every alert that the Alertmanager at *address* has, with whether it is inhibited.
    """
    found = await _json(f"http://{address}/api/v2/alerts")
    return [(each["labels"], bool(each["status"]["inhibitedBy"])) for each in found]


async def groups(address: str) -> list[tuple[str, list[dict[str, str]]]]:
    """
    Return every group that the Alertmanager at *address* makes: who is told of it, and the labels of what is in it.
    """
    found = await _json(f"http://{address}/api/v2/alerts/groups")
    return [(each["receiver"]["name"], [alert["labels"] for alert in each["alerts"]]) for each in found]


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


@asynccontextmanager
async def _served(address: str, *command: str) -> AsyncIterator[None]:
    """
    Run *command* on *address* for the length of the block, which begins when it answers.
    """
    async with child(*command, f"--web.listen-address={address}", "--log.level=error"):
        await listening(address)
        await until(lambda: _is_ready(address), seconds=30.0, what=lambda: _is_ready(address))
        yield


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
                rule["for"] = _FOR.get(rule["for"], "1s")
    return document


def _scraping(folder: Path, scraped: Sequence[str], alertmanager: str) -> dict[str, Any]:
    return {
        "global": {"scrape_interval": "1s", "evaluation_interval": "1s"},
        "rule_files": [str(_write(folder, "rules.yml", hurried_rules()))],
        "alerting": {"alertmanagers": [{"static_configs": [{"targets": [alertmanager]}]}]},
        "scrape_configs": [
            {"job_name": "monitor", "static_configs": [{"targets": list(scraped)}]},
            {"job_name": "alertmanager", "static_configs": [{"targets": [alertmanager]}]},
        ],
    }


def _routing(folder: Path, pager: FakePagerDuty, tickets: Tickets, *, key: str) -> dict[str, Any]:
    document: dict[str, Any] = yaml.safe_load(ALERTMANAGER.read_text(encoding="utf-8"))
    document["global"]["pagerduty_url"] = pager.enqueue_url
    for route in (document["route"], *document["route"]["routes"]):
        # Long enough for what belongs together to arrive together.
        route |= {"group_wait": "2s", "group_interval": "1s"}
    path = folder / "pagerduty.key"
    if key:
        path.write_text(key)
    for receiver in document["receivers"]:
        for each in receiver.get("pagerduty_configs", ()):
            each["routing_key_file"] = str(path)
        for each in receiver.get("webhook_configs", ()):
            each["url"] = f"{tickets.url}/alerts"
    return document


def _write(folder: Path, name: str, content: Any) -> Path:
    path = folder / name
    # JSON is YAML.
    path.write_text(json.dumps(content, indent=1))
    return path
