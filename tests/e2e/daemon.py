"""
A daemon as a real process, read through its log.
"""

import asyncio
import json
from collections import defaultdict
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aiohttp

from monitor.sandbox.server import Sandbox
from tests.e2e.process import running


class Daemon:
    """
    A running daemon, read through its log.
    """

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self.process = process
        self.lines: list[dict[str, Any]] = []

    async def next_line(self) -> dict[str, Any]:
        assert self.process.stderr is not None
        raw = await self.process.stderr.readline()
        assert raw, f"the daemon ended, after:\n{self.lines[-5:]}"
        line: dict[str, Any] = json.loads(raw)
        self.lines.append(line)
        return line

    async def until(self, event: str, **fields: object) -> dict[str, Any]:
        """
        Read on to the next line of *event* with these fields.
        """
        while True:
            line = await self.next_line()
            if line["event"] == event and all(line.get(key) == value for key, value in fields.items()):
                return line

    async def until_true(self, condition: Callable[[dict[str, list[dict[str, Any]]]], bool]) -> None:
        """
        Read on until *condition* holds for the runs from here on, by check.
        """
        runs: dict[str, list[dict[str, Any]]] = defaultdict(list)
        while not condition(runs):
            line = await self.next_line()
            if line["event"] == "run.finished":
                runs[line["check"]].append(line)


@asynccontextmanager
async def daemon(path: Path, env: dict[str, str]) -> AsyncIterator[Daemon]:
    async with running("run", "-c", str(path), env=env) as process:
        yield Daemon(process)


def write_config(folder: Path, sandbox: Sandbox, checks: dict[str, str]) -> Path:
    entries = "".join(f"  {name}: {settings}\n" for name, settings in checks.items())
    path = folder / "monitor.yaml"
    path.write_text(
        f"target: {{name: sandbox, endpoint: {sandbox.endpoint}, project: {sandbox.project},"
        f" database: {sandbox.database}, api_key: {sandbox.api_key}}}\n"
        f"web: {{listen: 127.0.0.1:0}}\nengine: {{clean_up: 3s}}\nchecks:\n{entries}"
    )
    return path


async def get(url: str, accept: str = "text/plain") -> tuple[int, str]:
    async with aiohttp.ClientSession() as session, session.get(url, headers={"Accept": accept}) as response:
        return response.status, await response.text()
