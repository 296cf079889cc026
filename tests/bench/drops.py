"""
How soon it is said that a held socket was dropped, and how soon somebody is paged when it cannot be opened again.

No peer holds a socket, so there is none to compare with. A daemon holds no more than five, since each of them may have
to be opened again and again within the connects that Appwrite allows; so there are several daemons.
"""

import asyncio
import json
import random
import sys
import time
from collections import defaultdict
from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any

from monitor.sandbox.realtime.connection import Connection
from monitor.sandbox.server import Sandbox
from tests.bench.bench import Bench
from tests.bench.delays import bounded_figures
from tests.bench.figure import Figure, MeasurementError
from tests.bench.pages import Pages
from tests.bench.patience import until
from tests.bench.processes import child, python
from tests.fakes.pagerduty import ROUTING_KEY, FakePagerDuty

_SOCKETS_EACH = 5
_REPORTED_AIM_SECONDS = 1.0
_PAGED_AIM_SECONDS = 4.0
# Far above what anything here takes on a busy machine.
_PATIENCE_SECONDS = 30.0
_SPREAD_SECONDS = 1.0
_SEED = 1


async def measure_drops(bench: Bench) -> list[Figure]:
    """
    Return the times until a drop is reported and paged, and how often was paged for sockets that were open again.
    """
    names = [f"socket-{number:03}" for number in range(bench.plan.drop_daemons * _SOCKETS_EACH)]
    log, pages = _Log(), Pages(pager := FakePagerDuty())
    async with pager, Sandbox() as sandbox, _holding(bench, names, sandbox=sandbox, pager=pager, log=log):
        await log.said("passed", dict.fromkeys(names, 0.0))
        healing_at = await _drop(sandbox, names)
        reported = await log.said("failed", healing_at)
        await log.said("passed", healing_at)
        # Whoever is paged for it has been by then.
        await asyncio.sleep(_PAGED_AIM_SECONDS)
        in_vain = pages.told_at(ROUTING_KEY, names)
        sandbox.faults.switch_on("realtime_refused")
        dropped_at = await _drop(sandbox, [name for name in names if name not in in_vain])
        reported += await log.said("failed", dropped_at)
        paged = [await _paged(pages, dropped_at, share) for share in _shares(dropped_at, bench) if share]
    told = f"held socket dropped, {len(reported)} drops, until reported: ours"
    woke = f"held socket dropped and refused, {len(paged)} daemons, until the page: ours"
    wrong = f"held socket dropped and open again, {len(names)} drops: ours"
    return [
        *bounded_figures(told, reported, aim_seconds=_REPORTED_AIM_SECONDS),
        *bounded_figures(woke, paged, aim_seconds=_PAGED_AIM_SECONDS),
        Figure(what=wrong, unit="pages", samples=(len(in_vain),), aim=0),
    ]


async def _paged(pages: Pages, dropped_at: Mapping[str, float], share: Collection[str]) -> float:
    """
    Return after how many seconds a daemon paged for what it holds: of one cause is told once, whoever joins it later.
    """
    await until(
        lambda: bool(pages.told_at(ROUTING_KEY, share)),
        within_seconds=_PATIENCE_SECONDS,
        what=lambda: f"no page for {', '.join(share)}",
    )
    told_at = min(pages.told_at(ROUTING_KEY, share).values())
    return told_at - min(dropped_at[name] for name in share)


class _Log:
    """
    When each check was said to have passed or failed, in the logs of several daemons.
    """

    def __init__(self) -> None:
        self._at: dict[tuple[str, str], list[float]] = defaultdict(list)

    async def read(self, log: asyncio.StreamReader) -> None:
        """
        Read the log of one daemon to its end.
        """
        while line := await log.readline():
            at = time.monotonic()
            try:
                event = json.loads(line)
            except ValueError:
                # It does not run, and says so to people.
                print(line.decode().rstrip(), file=sys.stderr)
                continue
            if event["event"] == "run.finished":
                self._at[event["check"], event["status"]].append(at)

    async def said(self, status: str, since: Mapping[str, float]) -> list[float]:
        """
        Wait until every check has been said to be so, each *since* its moment; return how long that took, in seconds.
        """

        def first(check: str) -> float | None:
            return next((at for at in self._at[check, status] if at > since[check]), None)

        def missing() -> str:
            late = [check for check in since if first(check) is None]
            return f"{len(late)} of {len(since)} held sockets are not said to have {status} ({', '.join(late[:3])} …)"

        await until(lambda: all(map(first, since)), within_seconds=_PATIENCE_SECONDS, what=missing)
        return [(first(check) or 0.0) - since[check] for check in since]


@asynccontextmanager
async def _holding(
    bench: Bench, names: Sequence[str], *, sandbox: Sandbox, pager: FakePagerDuty, log: _Log
) -> AsyncIterator[None]:
    """
    Run the daemons that hold a socket for each of *names*, for the length of the block.
    """
    async with AsyncExitStack() as stack:
        for number, share in enumerate(_shares(names, bench)):
            folder = bench.folder / f"holding-{number}"
            folder.mkdir()
            config = folder / "monitor.yaml"
            settings = _settings(share, sandbox=sandbox, pager=pager)
            # JSON is YAML.
            config.write_text(json.dumps({"location": folder.name, **settings}, indent=1))
            command = python("monitor", "run", "-c", str(config))
            daemon = await stack.enter_async_context(child(*command, stderr=asyncio.subprocess.PIPE))
            assert daemon.stderr is not None
            stack.callback(asyncio.create_task(log.read(daemon.stderr)).cancel)
        yield


def _shares(names: Collection[str], bench: Bench) -> list[list[str]]:
    # By the number in the name, so that what is left of the names belongs to the same daemons.
    daemons = range(bench.plan.drop_daemons)
    return [[name for name in names if int(name[-3:]) % len(daemons) == daemon] for daemon in daemons]


def _settings(names: Sequence[str], *, sandbox: Sandbox, pager: FakePagerDuty) -> dict[str, Any]:
    watch = {"kind": "realtime_watch", "identity": "guest", "every": "60s", "timeout": "10s"}
    return {
        "target": {
            "name": "sandbox",
            "endpoint": sandbox.endpoint,
            "project": sandbox.project,
            "database": sandbox.database,
            "api_key": sandbox.api_key,
        },
        "identities": {"guest": {"kind": "guest"}},
        "web": {"listen": "127.0.0.1:0"},
        "sinks": {"pagerduty": {"url": pager.enqueue_url, "routing_key": ROUTING_KEY}},
        # Appwrite accepts channels of collections that do not exist: by them each socket can be told.
        "checks": {name: {**watch, "collections": [name]} for name in names},
    }


async def _drop(sandbox: Sandbox, names: Sequence[str]) -> dict[str, float]:
    """
    Drop the socket of each of *names*, each at its own moment; return the moments.
    """
    chance = random.Random(_SEED)

    async def drop(name: str) -> float:
        await asyncio.sleep(chance.uniform(0.0, _SPREAD_SECONDS))
        _connection(sandbox, name).abort()
        return time.monotonic()

    return dict(zip(names, await asyncio.gather(*map(drop, names)), strict=True))


def _connection(sandbox: Sandbox, name: str) -> Connection:
    for connection in sandbox.hub.connections:
        if any(name in channel for channels in connection.subscriptions.values() for channel in channels):
            return connection
    raise MeasurementError(f"nobody holds the socket of {name}")
