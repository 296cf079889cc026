"""
What a scrape takes from the daemon, and whether it delays a run.
"""

import asyncio
from typing import Any

import aiohttp

from tests.bench.bench import Bench
from tests.bench.figure import Figure, MeasurementError
from tests.bench.memory import SCRAPE_HEADERS
from tests.bench.processes import ask, child, python, read_json

_CPU_AIM_MILLISECONDS = 150.0
_DELAY_AIM_MILLISECONDS = 50.0


async def measure_scrape(bench: Bench) -> list[Figure]:
    """
    Return the CPU time of one scrape, and the longest delay of a run without scrapes and while one follows the other.
    """
    plan, count = bench.plan, bench.plan.check_counts[-1]
    async with child(*python("tests.bench.scraped", str(count), bench.url), cores=bench.cores.clients) as daemon:
        web = (
            await ask(
                daemon,
                every_seconds=plan.every_seconds,
                warm_up_seconds=plan.warm_up_seconds,
                seconds=plan.lag_seconds,
            )
        )["web"]
        calm = await read_json(daemon)
        scraping = asyncio.create_task(_scrape_on(f"{web}/metrics"))
        scraped = await read_json(daemon)
        scraping.cancel()
        times = (await asyncio.gather(scraping, return_exceptions=True))[0]
    if not isinstance(times, int) or times == 0:
        raise MeasurementError(f"/metrics was not scraped: {times!r}")
    what = f"{count} http_endpoint checks every {plan.every_seconds:g}s"
    return [
        Figure(
            what=f"{what}: CPU of a scrape",
            unit="ms",
            samples=(_cpu_seconds_of_scrapes(calm, scraped) / times * 1000,),
            aim=_CPU_AIM_MILLISECONDS,
        ),
        Figure(what=f"{what}: longest delay of a run, no scrape", unit="ms", samples=(calm["longest"] * 1000,)),
        Figure(
            what=f"{what}: longest delay of a run, one scrape after the other",
            unit="ms",
            samples=(scraped["longest"] * 1000,),
            aim=_DELAY_AIM_MILLISECONDS,
        ),
    ]


def _cpu_seconds_of_scrapes(calm: dict[str, Any], scraped: dict[str, Any]) -> float:
    """
    Return what was used beyond what the runs alone had used before, in the same time.
    """
    runs: float = calm["cpu_seconds"] * scraped["wall_seconds"] / calm["wall_seconds"]
    return max(0.0, float(scraped["cpu_seconds"]) - runs)


async def _scrape_on(url: str) -> int:
    """
    Scrape again and again until cancelled; return how often that was.
    """
    times = 0
    async with aiohttp.ClientSession(auto_decompress=False) as session:
        try:
            while True:
                async with session.get(url, headers=SCRAPE_HEADERS) as response:
                    await response.read()
                if response.status != 200:
                    raise MeasurementError(f"/metrics answered {response.status}")
                times += 1
        except asyncio.CancelledError:
            return times
