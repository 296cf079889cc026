"""
Where one life after the other takes place: a target, two receivers, and a store for each.
"""

import asyncio
import json
import shutil
import sqlite3
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from socket import socket

from monitor.incidents.book import Case
from monitor.incidents.incident import Incident
from tests.delivery.ambush import Ambush
from tests.delivery.plan import RECEIVERS, Plan
from tests.delivery.receivers import ExposedPagerDuty, ExposedWebhook, reserved_port
from tests.delivery.target import DAEMON, TIMEOUT_SECONDS, Target
from tests.fakes.pagerduty import ROUTING_KEY
from tests.fakes.webhook import SECRET
from tests.kill.processes import Nursery, Process

_STORE = "monitor.db"
_CONFIG = "monitor.yaml"


@dataclass(frozen=True, slots=True, kw_only=True)
class Stored:
    """
    What the store holds: all *incidents*, oldest first, and how many events are *waiting*.
    """

    incidents: Sequence[Incident] = ()
    waiting: int = 0

    @property
    def open(self) -> list[str]:
        """
        The incidents that are not over, by id.
        """
        return [each.id for each in self.incidents if each.resolved_at is None]


class Place:
    """
    ``place_in`` makes it, ``begin`` gives it over to the next life.
    """

    def __init__(self, folder: Path, target: Target, ports: Mapping[str, int]) -> None:
        self.ambush = Ambush()
        self.target = target
        self._ports = ports
        self._root = folder
        self._folder = folder
        self._numbers = count(1)

    @asynccontextmanager
    async def begin(self, plan: Plan, elapsed: Callable[[], float]) -> AsyncIterator[None]:
        """
        Serve the life of *plan*, where *elapsed* says how far it is; what it wrote is gone afterwards.
        """
        self._folder = self._root / f"life-{next(self._numbers)}"
        self._folder.mkdir()
        self.target.begin(plan, elapsed)
        self.ambush = Ambush()
        self.pagerduty = ExposedPagerDuty(port=self._ports["pagerduty"])
        self.webhook = ExposedWebhook(port=self._ports["webhook"], drops_repeats=False)
        for receiver in self.receivers:
            receiver.expose(plan, elapsed, self.ambush)
        self._configure(plan)
        async with self.pagerduty, self.webhook:
            yield
        shutil.rmtree(self._folder)

    @property
    def receivers(self) -> tuple[ExposedPagerDuty, ExposedWebhook]:
        """
        Both of them.
        """
        return self.pagerduty, self.webhook

    async def start(self, nursery: Nursery, name: str, **hindrances: object) -> Process:
        """
        Start a daemon that calls itself *name*.
        """
        environment = {"MONITOR_STORE__PATH": str(self._folder / _STORE), "DAEMON": name}
        return await nursery.start("run", "-c", str(self._folder / _CONFIG), environment=environment, **hindrances)

    def stored(self) -> Stored:
        """
        Return what the store holds now; nothing as long as there is none.
        """
        try:
            with closing(sqlite3.connect(f"file:{self._folder / _STORE}?mode=ro", uri=True)) as database:
                rows = database.execute("SELECT document FROM incident ORDER BY opened_at").fetchall()
                [(waiting,)] = database.execute("SELECT COUNT(*) FROM outbox")
        except sqlite3.OperationalError:
            return Stored()
        return Stored(incidents=[Case.from_json(json.loads(text)).incident for (text,) in rows], waiting=waiting)

    def _configure(self, plan: Plan) -> None:
        checks = "".join(
            f"  {check.name}: {{kind: http_endpoint, every: 1s, timeout: {TIMEOUT_SECONDS * 1000:.0f}ms,"
            f" severity: {check.severity}, url: '{self.target.url}/{check.name}',"
            f" headers: {{{DAEMON}: '${{DAEMON}}'}}}}\n"
            for check in plan.checks
        )
        (self._folder / _CONFIG).write_text(
            f"target: {{name: scripted, endpoint: '{self.target.url}/v1', project: none, database: none}}\n"
            f"web: {{listen: 127.0.0.1:0}}\nengine: {{clean_up: {plan.clean_up_ms}ms}}\n"
            f"alerts: {{open_after: {plan.open_after}, resolve_after: {plan.resolve_after},"
            f" confirm_every: {plan.confirm_ms}ms}}\n"
            f"sinks:\n  pagerduty: {{routing_key: {ROUTING_KEY}, url: '{self.pagerduty.enqueue_url}'}}\n"
            f"  webhook: {{url: '{self.webhook.url}/events', secret: {SECRET}}}\nchecks:\n{checks}"
        )


@asynccontextmanager
async def place_in(folder: Path) -> AsyncIterator[Place]:
    """
    Serve a target, and keep two ports for receivers.
    """
    await asyncio.to_thread(folder.mkdir, parents=True)
    keepers: dict[str, socket] = {receiver: reserved_port() for receiver in RECEIVERS}
    ports = {receiver: keeper.getsockname()[1] for receiver, keeper in keepers.items()}
    try:
        async with Target() as target:
            yield Place(folder, target, ports)
    finally:
        for keeper in keepers.values():
            keeper.close()
