"""
The memory of a real ``monitor run``, and what a scrape of it takes: time, bytes, and how long it holds the loop.
"""

import asyncio
import gzip
import json
import time
from asyncio.subprocess import Process
from typing import Any

import aiohttp
import psutil

from tests.bench.bench import Bench
from tests.bench.figure import Figure, MeasurementError
from tests.bench.processes import ANSWER_SECONDS, child, python

_AIM_MEBIBYTES = 90.0
# What Prometheus asks with.
SCRAPE_HEADERS = {
    "Accept": "application/openmetrics-text;version=1.0.0;q=0.8,text/plain;version=0.0.4;q=0.5,*/*;q=0.1",
    "Accept-Encoding": "gzip",
}
_MEBIBYTE = float(1 << 20)


async def measure_memory(bench: Bench) -> list[Figure]:
    """
    Return resident memory before and after the first scrape, and the figures of that scrape.
    """
    count, every_seconds = bench.plan.check_counts[-1], bench.plan.every_seconds
    config = bench.write_config("memory", checks=count, every_seconds=every_seconds)
    command = python("monitor", "run", "-c", config)
    async with child(*command, cores=bench.cores.clients, stderr=asyncio.subprocess.PIPE) as daemon:
        address = await _all_have_run(daemon, count)
        reading = asyncio.create_task(_read_on(daemon))
        what = f"{count} http_endpoint checks every {every_seconds:g}s"
        before = _memory_figures(daemon, f"{what}: memory, every check has run", aim=None)
        scrape = await _scrape_figures(address, what)
        after = _memory_figures(daemon, f"{what}: memory after a scrape", aim=_AIM_MEBIBYTES)
        reading.cancel()
    return [*before, *after, *scrape]


async def _all_have_run(daemon: Process, count: int) -> str:
    """
    Read the log until every check has run; return the address of the web server.
    """
    address = ""
    seen: set[str] = set()
    try:
        async with asyncio.timeout(ANSWER_SECONDS):
            while len(seen) < count:
                event = _event(await _log_line(daemon))
                if event["event"] == "daemon.started":
                    address = event["web"]
                if event["event"] == "run.finished":
                    if event["status"] != "passed":
                        raise MeasurementError(f"{event['check']} {event['status']}: {event.get('message')}")
                    seen.add(event["check"])
    except TimeoutError:
        raise MeasurementError(f"{len(seen)} of {count} checks have run after {ANSWER_SECONDS:.0f} s") from None
    return address


def _event(line: bytes) -> dict[str, Any]:
    try:
        return dict(json.loads(line))
    except ValueError:
        raise MeasurementError(f"monitor run does not run: {line.decode().strip() or 'it ended'}") from None


async def _read_on(daemon: Process) -> None:
    # A daemon that nobody reads from would stand still at its log.
    while await _log_line(daemon):
        pass


async def _log_line(daemon: Process) -> bytes:
    assert daemon.stderr is not None
    return await daemon.stderr.readline()


def _memory_figures(daemon: Process, what: str, *, aim: float | None) -> list[Figure]:
    process = psutil.Process(daemon.pid)
    figures = [Figure(what=f"{what}, RSS", unit="MiB", samples=(process.memory_info().rss / _MEBIBYTE,), aim=aim)]
    # Linux only.
    if pss := getattr(process.memory_full_info(), "pss", None):
        figures.append(Figure(what=f"{what}, PSS", unit="MiB", samples=(pss / _MEBIBYTE,)))
    return figures


async def _scrape_figures(address: str, what: str) -> list[Figure]:
    async with aiohttp.ClientSession(auto_decompress=False) as session:
        looking = asyncio.create_task(_longest_wait(session, f"{address}/-/healthy"))
        started = time.perf_counter()
        async with session.get(f"{address}/metrics", headers=SCRAPE_HEADERS) as response:
            packed = await response.read()
        took = time.perf_counter() - started
        looking.cancel()
        longest = (await asyncio.gather(looking, return_exceptions=True))[0]
    if response.status != 200 or not isinstance(longest, float):
        raise MeasurementError(f"/metrics answered {response.status}, and /-/healthy beside it {longest!r}")
    page = gzip.decompress(packed) if response.headers.get("Content-Encoding") == "gzip" else packed
    return [
        Figure(what=f"{what}: time of a scrape", unit="ms", samples=(took * 1000,)),
        Figure(what=f"{what}: longest wait for /-/healthy meanwhile", unit="ms", samples=(longest * 1000,)),
        Figure(what=f"{what}: page", unit="KiB", samples=(len(page) / 1024,)),
        Figure(what=f"{what}: page as sent", unit="KiB", samples=(len(packed) / 1024,)),
    ]


async def _longest_wait(session: aiohttp.ClientSession, url: str) -> float:
    longest = 0.0
    started = time.perf_counter()
    try:
        while True:
            started = time.perf_counter()
            async with session.get(url) as response:
                await response.read()
            longest = max(longest, time.perf_counter() - started)
            await asyncio.sleep(0.002)
    except asyncio.CancelledError:
        # The answer that has not come yet counts as well.
        return max(longest, time.perf_counter() - started)
