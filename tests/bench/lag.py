"""
How late runs start on their schedule, and what a daemon costs that is not saturated: the ordinary case.
"""

import asyncio
from collections.abc import Mapping
from typing import Any

from tests.bench.bench import Bench
from tests.bench.blackbox import blackbox_of
from tests.bench.cost import BLACKBOX, MICROSECONDS
from tests.bench.figure import Figure, Ratio
from tests.bench.processes import ask, child, python

_KINDS = {"idle": "checks that ask nobody", "http": "http_endpoint checks"}
# Of runs at the largest number of checks.
_P99_AIM_MILLISECONDS = 20.0


async def measure_lag(bench: Bench) -> list[Figure]:
    """
    Return lag and CPU of every kind and number of checks, and the paced cost beside blackbox_exporter's.
    """
    cases = [(kind, count) for count in bench.plan.check_counts for kind in _KINDS]
    if bench.plan.side_by_side:
        # The smaller daemons on the servers' core, beside the larger ones.
        answers = await asyncio.gather(*(_run(bench, kind, count) for kind, count in cases))
    else:
        answers = [await _run(bench, kind, count) for kind, count in cases]
    figures = [
        figure for case, answer in zip(cases, answers, strict=True) for figure in _figures(bench, *case, answer=answer)
    ]
    return [*figures, await _paced(bench, answers[-1])]


async def _run(bench: Bench, kind: str, count: int) -> dict[str, Any]:
    plan = bench.plan
    is_largest = count == plan.check_counts[-1]
    cores = bench.cores.clients if is_largest or not plan.side_by_side else bench.cores.servers
    async with child(*python("tests.bench.scheduled", kind, str(count), bench.url), cores=cores) as daemon:
        return await ask(
            daemon, every_seconds=plan.every_seconds, warm_up_seconds=plan.warm_up_seconds, seconds=plan.lag_seconds
        )


def _figures(bench: Bench, kind: str, count: int, *, answer: Mapping[str, Any]) -> list[Figure]:
    what = f"{count} {_KINDS[kind]} every {bench.plan.every_seconds:g}s"
    aim = _P99_AIM_MILLISECONDS if count == bench.plan.check_counts[-1] else None
    lags = [
        Figure(
            what=f"{what}: lag {part}",
            unit="ms",
            samples=(answer[f"{part}_seconds"] * 1000,),
            aim=aim if part == "p99" else None,
        )
        for part in ("p50", "p99", "max")
    ]
    share = answer["cpu_seconds"] / answer["wall_seconds"] * 100
    return [*lags, Figure(what=f"{what}: CPU", unit="% of a core", samples=(share,))]


async def _paced(bench: Bench, ours: Mapping[str, Any]) -> Figure:
    """
    Compare the daemon with most checks, whose schedule is part of it, with the exporter at the same pace.
    """
    microseconds = ours["cpu_seconds"] / ours["runs"] * 1e6
    per_second = bench.plan.check_counts[-1] / bench.plan.every_seconds
    ratio = None
    async with blackbox_of(bench) as blackbox:
        if blackbox is not None:
            runs = bench.plan.paced_runs
            await blackbox.cpu_seconds(runs // 4, per_second=per_second)
            peer = await blackbox.cpu_seconds(runs, per_second=per_second) / runs * 1e6
            ratio = Ratio(peer=f"{BLACKBOX} at {peer:.0f} µs", samples=(microseconds / peer,))
    return Figure(
        what=f"CPU per check: ours on its schedule, fresh connection, {per_second:g}/s",
        unit=MICROSECONDS,
        samples=(microseconds,),
        ratio=ratio,
    )
