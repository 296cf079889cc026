"""
One contender in a process of its own: ``python -m tests.bench.worker ours_fresh URL``.

Reads ``{"runs": 2000}`` from stdin (or ``{"runs": 500, "per_second": 100}``), makes the runs, answers with the CPU
seconds they took, and so on until stdin ends. It stays up between rounds, so that every round finds it warm.
"""

import asyncio
import json
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import aiohttp

from monitor.app import run_loop
from tests.bench.ours import OurLoad
from tests.bench.plain import PlainLoad
from tests.bench.usage import Stopwatch

# What blackbox_exporter's page says of a probe that passed.
_PROBED = b"\nprobe_success 1"

Load = Callable[[int, float], Awaitable[None]]


@asynccontextmanager
async def _load_of(name: str, url: str) -> AsyncIterator[Load]:
    whose, _, connections = name.partition("_")
    if whose == "ours":
        load = OurLoad(url, fresh=connections == "fresh")
        async with load.ready():
            yield lambda runs, _: load.run(runs)
        return
    plain = PlainLoad(url, fresh=connections == "fresh", must_hold=_PROBED if whose == "driver" else b"")
    try:
        yield lambda runs, per_second: plain.run_paced(runs, per_second=per_second) if per_second else plain.run(runs)
    finally:
        await plain.close()


async def _work(name: str, url: str) -> None:
    async with _load_of(name, url) as load:
        print(json.dumps({"ready": True}), flush=True)
        while line := await asyncio.to_thread(sys.stdin.readline):
            question = json.loads(line)
            watch = Stopwatch.start()
            try:
                await load(question["runs"], question.get("per_second", 0.0))
            except (AssertionError, aiohttp.ClientError) as error:
                print(json.dumps({"error": f"{name}: {error!r}"}), flush=True)
                return
            print(json.dumps({"cpu_seconds": watch.cpu_seconds()}), flush=True)


if __name__ == "__main__":
    run_loop(_work(sys.argv[1], sys.argv[2]))
