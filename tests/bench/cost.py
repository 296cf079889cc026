"""
CPU time per HTTP check: ours beside plain aiohttp and blackbox_exporter, in a closed loop of ten.

Contenders take turns, round by round, in an order that shifts: a neighbour that makes the machine slow for a while
meets all of them, and the quotient of one round hardly changes.
"""

from asyncio.subprocess import Process
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack

from tests.bench.bench import Bench
from tests.bench.blackbox import blackbox_of
from tests.bench.figure import Figure, Ratio, paired
from tests.bench.plain import CONCURRENCY
from tests.bench.processes import ask, child, python, read_json

BLACKBOX = "blackbox_exporter"
MICROSECONDS = "µs"

_TITLES = {
    "plain_fresh": "plain aiohttp, fresh connection",
    "plain_kept": "plain aiohttp, kept connection",
    "ours_fresh": "ours, fresh connection",
    "ours_kept": "ours, kept connection",
}
# The largest multiple of blackbox_exporter's cost that is welcome.
_AIMS = {"ours_fresh": 1.3, "ours_kept": 0.6}

CpuSeconds = Callable[[int], Awaitable[float]]


async def measure_cost(bench: Bench) -> list[Figure]:
    """
    Return the CPU time per run of every contender, and what ours takes more than plain aiohttp.
    """
    async with AsyncExitStack() as stack:
        contenders = {name: _asking(await _worker(stack, bench, name)) for name in _TITLES}
        blackbox = await stack.enter_async_context(blackbox_of(bench))
        if blackbox is not None:
            contenders[BLACKBOX] = blackbox.cpu_seconds
        samples = await _in_turns(contenders, rounds=bench.plan.rounds, runs=bench.plan.runs)
    figures = [_figure(name, samples) for name in _TITLES]
    if BLACKBOX in samples:
        figures.append(Figure(what=_title(BLACKBOX), unit=MICROSECONDS, samples=tuple(samples[BLACKBOX])))
    return figures + [_overhead(connections, samples) for connections in ("fresh", "kept")]


async def _worker(stack: AsyncExitStack, bench: Bench, name: str) -> Process:
    worker = await stack.enter_async_context(
        child(*python("tests.bench.worker", name, bench.url), cores=bench.cores.clients)
    )
    await read_json(worker)
    return worker


def _asking(worker: Process) -> CpuSeconds:
    async def cpu_seconds(runs: int) -> float:
        return float((await ask(worker, runs=runs))["cpu_seconds"])

    return cpu_seconds


async def _in_turns(contenders: dict[str, CpuSeconds], *, rounds: int, runs: int) -> dict[str, list[float]]:
    names = list(contenders)
    for name in names:
        await contenders[name](runs // 4)
    samples: dict[str, list[float]] = {name: [] for name in names}
    for number in range(rounds):
        shift = number % len(names)
        for name in names[shift:] + names[:shift]:
            samples[name].append(await contenders[name](runs) / runs * 1e6)
    return samples


def _figure(name: str, samples: dict[str, list[float]]) -> Figure:
    ratio = None
    if BLACKBOX in samples:
        ratio = Ratio(peer=BLACKBOX, samples=paired(samples[name], samples[BLACKBOX]), aim=_AIMS.get(name))
    return Figure(what=_title(_TITLES[name]), unit=MICROSECONDS, samples=tuple(samples[name]), ratio=ratio)


def _overhead(connections: str, samples: dict[str, list[float]]) -> Figure:
    ours, plain = samples[f"ours_{connections}"], samples[f"plain_{connections}"]
    return Figure(
        what=f"CPU per check: ours minus plain aiohttp, {connections} connection",
        unit=MICROSECONDS,
        samples=tuple(our - peer for our, peer in zip(ours, plain, strict=True)),
        ratio=Ratio(peer="plain aiohttp", samples=paired(ours, plain)),
    )


def _title(contender: str) -> str:
    return f"CPU per check: {contender}, {CONCURRENCY} at a time"
