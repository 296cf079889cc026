"""
A daemon on its schedule that is scraped for a while: ``python -m tests.bench.scraped 1000 URL``.

Reads ``{"every_seconds", "warm_up_seconds", "seconds"}`` from stdin. Answers with the address of its web server; when
every check has run, and so many seconds more have passed without a scrape, with what it took and how late the longest
delayed run was, in seconds; and with the same again of the seconds that follow, in which it is to be scraped.
"""

import asyncio
import json
import sys
from typing import Any

from monitor.app import run_loop
from tests.bench.ours import daemon_of, http_checks, settings_of
from tests.bench.scheduled import Lags
from tests.bench.usage import Stopwatch


async def _measure(count: int, url: str) -> None:
    question = json.loads(await asyncio.to_thread(sys.stdin.readline))
    every_seconds = question["every_seconds"]
    checks = http_checks(count, url=url, every_seconds=every_seconds)
    lags = Lags()
    async with daemon_of(settings_of(checks, url=url), on_outcome=lags.finished) as daemon:
        _say({"web": daemon.web.address})
        await asyncio.sleep(every_seconds + question["warm_up_seconds"])
        for _ in ("without a scrape", "scraped"):
            lags.begin()
            watch = Stopwatch.start()
            await asyncio.sleep(question["seconds"])
            _say(_answer(lags, watch))


def _answer(lags: Lags, watch: Stopwatch) -> dict[str, Any]:
    if lags.bad or not lags.seconds:
        return {"error": f"{len(lags.seconds)} runs, {len(lags.bad)} bad: {lags.bad[:1]}"}
    return {"cpu_seconds": watch.cpu_seconds(), "wall_seconds": watch.wall_seconds(), "longest": max(lags.seconds)}


def _say(answer: dict[str, Any]) -> None:
    print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    run_loop(_measure(int(sys.argv[1]), sys.argv[2]))
