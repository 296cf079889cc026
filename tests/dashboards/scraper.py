"""
A real Prometheus, and its HTTP API as Grafana uses it.
"""

import asyncio
import json
import math
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiohttp
import yaml

from tests.bench.blackbox import free_port, listening
from tests.bench.processes import child
from tests.dashboards.files import RULES
from tests.tools import require

SCRAPE_SECONDS = 1.0
_ANSWER = aiohttp.ClientTimeout(total=20.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Series:
    """
    One series of an answer: its labels, and its values with their times.
    """

    labels: Mapping[str, str]
    points: Sequence[tuple[float, float]]

    @property
    def last(self) -> float:
        return self.points[-1][1]

    @property
    def is_number(self) -> bool:
        """
        Whether any value is one: what is not is drawn as nothing.
        """
        return bool(self.numbers)

    @property
    def numbers(self) -> Sequence[tuple[float, float]]:
        """
        The points that are drawn.
        """
        return [(at, value) for at, value in self.points if math.isfinite(value)]


class Prometheus:
    """
    Answers as Grafana's data source asks.
    """

    def __init__(self, address: str, session: aiohttp.ClientSession) -> None:
        self.address = f"http://{address}"
        self._root = f"{self.address}/api/v1"
        self._session = session

    async def instant(self, expr: str, *, at: float | None = None) -> list[Series]:
        """
        Return what *expr* is at one moment, now unless said.
        """
        found = await self._ask("query", {"query": expr, **({"time": str(at)} if at else {})})
        if found["resultType"] == "scalar":
            return [_series({}, [found["result"]])]
        return [_series(each["metric"], [each["value"]]) for each in found["result"]]

    async def range(self, expr: str, *, start: float, end: float, step: float) -> list[Series]:
        """
        Return what *expr* is from *start* to *end*, as Unix times, every *step* seconds.
        """
        asked = {"query": expr, "start": f"{start:.3f}", "end": f"{end:.3f}", "step": f"{step:g}"}
        found = await self._ask("query_range", asked)
        return [_series(each["metric"], each["values"]) for each in found["result"]]

    async def label_values(self, label: str, selector: str) -> list[str]:
        """
        Return the values of *label* among the series that *selector* selects.
        """
        return list(await self._ask(f"label/{label}/values", {"match[]": selector}))

    async def exemplars(self, expr: str, *, start: float, end: float) -> list[dict[str, Any]]:
        """
        Return the exemplars of what *expr* selects, by series.
        """
        asked = {"query": expr, "start": f"{start:.3f}", "end": f"{end:.3f}"}
        return list(await self._ask("query_exemplars", asked))

    async def _ask(self, path: str, parameters: Mapping[str, str]) -> Any:
        # By form: with every label written out an expression can be too long for an address.
        verb = self._session.get if path.startswith("label/") else self._session.post
        given = {"params": parameters} if path.startswith("label/") else {"data": parameters}
        async with verb(f"{self._root}/{path}", **given) as answer:  # type: ignore[arg-type]
            body = json.loads(await answer.read())
        assert body["status"] == "success", f"{body.get('error')}\nin: {parameters}"
        return body["data"]


@asynccontextmanager
async def prometheus(folder: Path, *, scrape: Sequence[str] = (), rules: Path = RULES) -> AsyncIterator[Prometheus]:
    """
    Run the server on the data in *folder* (none is right, too); it scrapes the addresses *scrape*, ``HOST:PORT``.
    """
    program, address, every = require("prometheus"), f"127.0.0.1:{free_port()}", f"{SCRAPE_SECONDS:g}s"
    settings = {
        "global": {"scrape_interval": every, "scrape_timeout": every, "evaluation_interval": every},
        "rule_files": [str(quickened(rules, folder, every=every))],
        "scrape_configs": [{"job_name": "monitor", "static_configs": [{"targets": list(scrape)}]}],
    }
    config = folder / "prometheus.yml"
    # JSON is YAML.
    config.write_text(json.dumps(settings))
    command = (
        program,
        f"--config.file={config}",
        f"--storage.tsdb.path={folder / 'data'}",
        "--storage.tsdb.retention.time=60d",
        "--enable-feature=exemplar-storage",
        f"--web.listen-address={address}",
        "--log.level=error",
    )
    async with child(*command), aiohttp.ClientSession(timeout=_ANSWER) as session:
        await listening(address)
        async with asyncio.timeout(20.0):
            while True:
                async with session.get(f"http://{address}/-/ready") as answer:
                    if answer.ok:
                        break
                await asyncio.sleep(0.1)
        yield Prometheus(address, session)


def quickened(rules: Path, folder: Path, *, every: str) -> Path:
    """
    Return a copy of *rules* in *folder* all of whose groups are evaluated *every* so often: some wait for minutes.
    """
    document = yaml.safe_load(rules.read_text())
    for group in document["groups"]:
        group["interval"] = every
    path = folder / "quick-rules.json"
    path.write_text(json.dumps(document))
    return path


def _series(labels: Mapping[str, str], points: Sequence[Sequence[Any]]) -> Series:
    return Series(labels=labels, points=[(float(at), float(value)) for at, value in points])
