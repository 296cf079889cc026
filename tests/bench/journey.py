"""
What the monitor adds to a journey from booking to chat: time and CPU time, beside a bare aiohttp script that makes the
same requests and also opens its sockets one after another.

Ten at a time each waits for its turn to open a socket, and for the server, and the monitor's own time disappears in
that; one at a time shows it.
"""

from asyncio.subprocess import Process
from collections.abc import Mapping
from contextlib import AsyncExitStack
from itertools import product
from pathlib import Path
from typing import Any

from tests.bench.bench import Bench
from tests.bench.figure import Figure, Ratio, paired
from tests.bench.playing import MOST_AT_ONCE
from tests.bench.processes import ask, child, python, read_json

_PROFILES = ("march", "january")
_OURS, _BARE = "ours", "bare"
_PEER = "bare aiohttp"
_TIME_AIM = 1.1
_CPU_AIM = 1.5

# Of one contender and profile, so many at once: one a round.
Samples = dict[tuple[str, str, int], list[Mapping[str, float]]]


async def measure_journey(bench: Bench) -> list[Figure]:
    """
    Return time and CPU time per journey of both profiles, ours and bare, ten at a time and one at a time.
    """
    plan = bench.plan
    server = python("monitor", "sandbox", "--port", "0", "--json")
    async with child(*server, cores=bench.cores.servers) as sandbox, AsyncExitStack() as stack:
        place = await read_json(sandbox)
        contenders = {whose: await _contender(stack, bench, whose, place=place) for whose in (_OURS, _BARE)}
        cases = list(product(_PROFILES, ((MOST_AT_ONCE, plan.journeys), (1, max(1, plan.journeys // 5)))))
        samples: Samples = {}
        for number in range(plan.journey_rounds):
            for profile, (at_once, journeys) in cases:
                # Who is first meets what went before, so they take turns in that as well.
                for whose in (_OURS, _BARE)[:: 1 if number % 2 == 0 else -1]:
                    answer = await ask(contenders[whose], profile=profile, journeys=journeys, at_once=at_once)
                    samples.setdefault((whose, profile, at_once), []).append(_per_journey(answer, journeys, at_once))
    return [figure for profile, (at_once, _) in cases for figure in _figures(samples, profile, at_once)]


async def _contender(stack: AsyncExitStack, bench: Bench, whose: str, *, place: Mapping[str, Any]) -> Process:
    folder = Path(bench.folder, whose)
    folder.mkdir()  # noqa: ASYNC240 - nothing is measured yet
    command = python("tests.bench.playing", whose)
    process = await stack.enter_async_context(child(*command, cores=bench.cores.clients))
    await ask(process, place=place, folder=str(folder))
    for profile in _PROFILES:
        # Warm: what is imported, compiled and opened at first is not of each journey.
        await ask(process, profile=profile, journeys=MOST_AT_ONCE, at_once=MOST_AT_ONCE)
    return process


def _per_journey(answer: Mapping[str, float], journeys: int, at_once: int) -> Mapping[str, float]:
    # The time that one takes, from its start to the end of its clean-up, while others go on beside it.
    milliseconds = answer["wall_seconds"] / journeys * at_once * 1000
    return {"time": milliseconds, "CPU": answer["cpu_seconds"] / journeys * 1000}


def _figures(samples: Samples, profile: str, at_once: int) -> list[Figure]:
    figures = []
    for what, aim in (("time", _TIME_AIM), ("CPU", _CPU_AIM)):
        ours, bare = ([each[what] for each in samples[whose, profile, at_once]] for whose in (_OURS, _BARE))
        title = f"{what} per journey, {profile}, {at_once} at a time"
        ratio = Ratio(peer=_PEER, samples=paired(ours, bare), aim=aim if at_once == MOST_AT_ONCE else None)
        figures += [
            Figure(what=f"{title}: ours", unit="ms", samples=tuple(ours), ratio=ratio),
            Figure(what=f"{title}: {_PEER}", unit="ms", samples=tuple(bare)),
        ]
    return figures
