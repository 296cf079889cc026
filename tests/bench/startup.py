"""
The time until ``monitor once`` says something, and until it has ended; beside a Python that does nothing.
"""

import asyncio
import sys
import time
from dataclasses import dataclass

from tests.bench.bench import Bench
from tests.bench.figure import Figure, MeasurementError, Ratio, paired
from tests.bench.processes import ANSWER_SECONDS, child, python

_FIRST_OUTPUT_AIM_MILLISECONDS = 500.0


@dataclass(frozen=True, slots=True)
class _Start:
    first_output_seconds: float
    end_seconds: float


async def measure_startup(bench: Bench) -> list[Figure]:
    """
    Return the times of ``monitor once`` with one check, and of a bare Python, in turns.
    """
    config = bench.write_config("startup", checks=1, every_seconds=60.0)
    once, nothing = python("monitor", "once", "-c", config), (sys.executable, "-c", "pass")
    # Warm: the files are in the system's cache and compiled.
    await _start(*once)
    starts, bare = [], []
    for _ in range(bench.plan.starts):
        starts.append(await _start(*once))
        bare.append(await _start(*nothing))
    first = tuple(start.first_output_seconds * 1000 for start in starts)
    ends = tuple(start.end_seconds * 1000 for start in starts)
    bare_ends = tuple(start.end_seconds * 1000 for start in bare)
    return [
        _figure("monitor once: time to the first output", first, bare_ends, aim=_FIRST_OUTPUT_AIM_MILLISECONDS),
        _figure("monitor once: time to the exit, one check", ends, bare_ends),
        Figure(what="python -c pass: time to the exit", unit="ms", samples=bare_ends),
    ]


async def _start(*command: str) -> _Start:
    started = time.perf_counter()
    async with child(*command) as process:
        assert process.stdout is not None
        try:
            async with asyncio.timeout(ANSWER_SECONDS):
                await process.stdout.read(1)
                first_output_seconds = time.perf_counter() - started
                await process.stdout.read()
                code = await process.wait()
        except TimeoutError:
            raise MeasurementError(f"{' '.join(command[1:])} has not ended after {ANSWER_SECONDS:.0f} s") from None
        end_seconds = time.perf_counter() - started
    if code != 0:
        raise MeasurementError(f"{' '.join(command[1:])} ended with {code}; what it said stands above")
    return _Start(first_output_seconds, end_seconds)


def _figure(what: str, samples: tuple[float, ...], bare: tuple[float, ...], *, aim: float | None = None) -> Figure:
    return Figure(
        what=what,
        unit="ms",
        samples=samples,
        ratio=Ratio(peer="python -c pass", samples=paired(samples, bare)),
        aim=aim,
    )
