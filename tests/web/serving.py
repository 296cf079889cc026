"""
The real server on a free port, before a daemon that does what a test tells it to.
"""

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from gzip import compress
from pathlib import Path
from typing import Any

import aiohttp
import trustme

from checks.http_endpoint import HttpEndpoint
from monitor.alerting.history import History
from monitor.alerting.service import Alerting, Ears, Orders
from monitor.config import Settings
from monitor.core.check import Check
from monitor.core.clock import SystemClock
from monitor.core.outcome import Outcome, Reason, Status
from monitor.core.redaction import Redactor
from monitor.incidents.settings import Alerts
from monitor.store import Store
from monitor.web.server import Backstage, WebServer
from tests.outcomes import outcome_of

SECRET = "standard_" + "0123456789abcdef" * 4
TOKEN = "a-token-that-nobody-guesses"
PASSWORD = "a-password-that-nobody-guesses"
WITH_TOKEN = {"Authorization": f"Bearer {TOKEN}"}
NAMES = ("chat-delivery", "chat-access", "help-page")


def settings_of(
    names: Sequence[str] = NAMES, *, alerts: Alerts | None = None, folder: Path | None = None, **web: Any
) -> Settings:
    """
    Return settings with a check of each of *names*, which the section *web* serves on a free port.
    """
    checks = {name: HttpEndpoint.model_validate({"name": name, "url": "http://127.0.0.1:1/"}) for name in names}
    target = {"name": "production", "endpoint": "http://127.0.0.1:1/v1", "project": "p", "database": "d"}
    settings = Settings.model_validate(
        {
            "target": {**target, "api_key": SECRET},
            "location": "fra1",
            "checks": checks,
            "alerts": alerts or Alerts(),
            "web": {"listen": "127.0.0.1:0", **web},
        }
    )
    if folder is not None:
        settings.note_folder(folder)
    return settings


def with_tls(folder: Path) -> Settings:
    """
    Return settings of a server with a certificate of its own, whose files are in *folder*.
    """
    authority = trustme.CA()
    issued = authority.issue_cert("127.0.0.1", "localhost")
    authority.cert_pem.write_to_path(folder / "authority.pem")
    issued.private_key_pem.write_to_path(folder / "key.pem")
    for number, part in enumerate(issued.cert_chain_pems):
        part.write_to_path(folder / "certificate.pem", append=number > 0)
    return settings_of(NAMES, folder=folder, tls={"certificate": "certificate.pem", "key": "key.pem"})


async def metrics_page(accept: str, *, gzip: bool = False) -> tuple[bytes, str]:
    body = f"for {accept}\n".encode() * 100
    return compress(body) if gzip else body, "text/plain; version=0.0.4; charset=utf-8"


@dataclass
class Script:
    """
    What the daemon is to do: *ends* are outcomes of runs, the last of them again and again; None when it stops.

    A run waits for *may_end*. *unready* and *trouble* are what it says of itself.
    """

    ends: list[Outcome | None] = field(default_factory=lambda: [outcome_of(tick=None)])
    may_end: asyncio.Event = field(default_factory=asyncio.Event)
    unready: str = ""
    trouble: str = ""
    asked: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.may_end.set()

    async def run_now(self, check: Check) -> Outcome | None:
        self.asked.append(check.name)
        await self.may_end.wait()
        return self.ends.pop(0) if len(self.ends) > 1 else self.ends[0]


@dataclass(frozen=True)
class Served:
    """
    A server that answers, and its alerting with a store in memory.
    """

    server: WebServer
    alerting: Alerting
    store: Store
    session: aiohttp.ClientSession
    script: Script

    @property
    def address(self) -> str:
        return self.server.address

    async def ask(
        self, method: str, path: str, *, headers: Mapping[str, str] | None = None, **body: Any
    ) -> tuple[int, Any]:
        """
        Return status and body of the answer: JSON if it is, else text.
        """
        response = await self.answer(method, path, headers=headers, **body)
        return response.status, await (response.json() if "json" in response.content_type else response.text())

    async def answer(
        self, method: str, path: str, *, headers: Mapping[str, str] | None = None, **body: Any
    ) -> aiohttp.ClientResponse:
        """
        Return the whole answer, read to its end.
        """
        async with self.session.request(method, f"{self.address}{path}", headers=headers, **body) as response:
            await response.read()
            return response

    def end(self, check: str, status: Status, reason: Reason | None = None, *, ago_seconds: float = 0.0) -> None:
        """
        Let a run of *check* end, as the daemon tells of it.
        """
        started_at = SystemClock().now() - timedelta(seconds=ago_seconds)
        self.tell(
            outcome_of(status, reason, check=check, location="fra1", started_at=started_at, message=f"of {check}")
        )

    def tell(self, outcome: Outcome) -> None:
        self.server.observe(outcome)
        self.alerting.observe(self.server.state.settings.checks[outcome.check], outcome)


@asynccontextmanager
async def serving(
    settings: Settings | None = None, *, script: Script | None = None, store: Store | None = None, **web: Any
) -> AsyncIterator[Served]:
    """
    Serve *settings*, or those of three checks with the section *web*.
    """
    settings, script, clock = settings or settings_of(**web), script or Script(), SystemClock()
    backstage = Backstage(
        page=metrics_page,
        run_now=script.run_now,
        unready=lambda: script.unready,
        trouble=lambda: script.trouble,
    )
    server = WebServer(settings, clock, backstage)
    mine = store or Store.open(None)
    alerting = Alerting(
        mine, None, clock, place=("production", "fra1"), is_turning=lambda: True, ears=Ears(on_news=server.hear)
    )
    await server.start()
    await alerting.start(_orders(settings))
    await server.attend(alerting, History(mine, target="production", location="fra1"))
    try:
        async with aiohttp.ClientSession() as session:
            yield Served(server, alerting, mine, session, script)
    finally:
        await server.stop()
        await alerting.end(within_seconds=1.0)
        if store is None:
            await asyncio.to_thread(mine.close)


def _orders(settings: Settings) -> Orders:
    return Orders(
        alerts=settings.alerts,
        checks=settings.checks,
        redact=Redactor([SECRET]),
        keep=timedelta(days=1),
        target=settings.target,
    )


async def speak(address: str, *lines: str, read_bytes: int = 4096) -> str:
    """
    Send *lines* as they are and return what comes back until the end, or so much of it.
    """
    host, _, port = address.partition("://")[2].rpartition(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    writer.write("\r\n".join((*lines, "", "")).encode())
    try:
        async with asyncio.timeout(5):
            return (await reader.read(read_bytes)).decode()
    finally:
        writer.close()
