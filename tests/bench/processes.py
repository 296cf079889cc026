"""
Child processes: each on the cores given, each ended by its id on every way out.
"""

import asyncio
import json
import os
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.bench.figure import MeasurementError

ROOT = Path(__file__).parents[2]
# Far above what any answer takes: a run of a plan, or a daemon's whole lag measurement.
ANSWER_SECONDS = 90.0
_END_SECONDS = 10.0

_living: set[asyncio.subprocess.Process] = set()
# A child inherits the cores of whoever starts it, so that two must not be started at once.
_starting = asyncio.Lock()


@dataclass(frozen=True, slots=True, kw_only=True)
class Cores:
    """
    Where clients and where servers run; None when they cannot be kept apart.
    """

    clients: frozenset[int] | None = None
    servers: frozenset[int] | None = None

    @classmethod
    def of_this_machine(cls) -> "Cores":
        """
        Return one core for each side, where the system can pin and has two.
        """
        usable = sorted(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else []
        if len(usable) < 2:
            return cls()
        return cls(clients=frozenset(usable[:1]), servers=frozenset(usable[1:2]))

    def __str__(self) -> str:
        if self.clients is None or self.servers is None:
            return "not pinned"
        return f"clients on core {min(self.clients)}, servers on core {min(self.servers)}"


@asynccontextmanager
async def child(
    *command: str, cores: frozenset[int] | None = None, stderr: int | None = None
) -> AsyncIterator[asyncio.subprocess.Process]:
    """
    Run *command* for the length of the block. Its stdin is a pipe: ours end by themselves when this process is gone.
    """
    async with _starting:
        with _pinned(cores):
            process = await asyncio.create_subprocess_exec(
                *command,
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE,
                stderr=stderr,
                cwd=ROOT,
                env={name: value for name, value in os.environ.items() if not name.startswith("MONITOR_")},
            )
    _living.add(process)
    try:
        yield process
    finally:
        await _end(process)
        _living.discard(process)


def python(module: str, *arguments: str) -> tuple[str, ...]:
    """
    Return the command that runs *module* in this Python.
    """
    return (sys.executable, "-m", module, *arguments)


async def read_json(process: asyncio.subprocess.Process) -> dict[str, Any]:
    """
    Return the next line of a child's output, as the JSON that it is.
    """
    assert process.stdout is not None
    try:
        async with asyncio.timeout(ANSWER_SECONDS):
            line = await process.stdout.readline()
    except TimeoutError:
        raise MeasurementError(f"process {process.pid} gave no answer within {ANSWER_SECONDS:.0f} s") from None
    if not line:
        raise MeasurementError(f"process {process.pid} ended without an answer; what it said stands above")
    answer = json.loads(line)
    if "error" in answer:
        raise MeasurementError(answer["error"])
    return dict(answer)


async def ask(process: asyncio.subprocess.Process, **question: Any) -> dict[str, Any]:
    """
    Send one line of JSON to a child and return its answer.
    """
    assert process.stdin is not None
    process.stdin.write(json.dumps(question).encode() + b"\n")
    return await read_json(process)


def kill_leftovers() -> None:
    """
    Kill what is still there when the loop has ended in disorder.
    """
    for process in _living:
        with suppress(ProcessLookupError):
            process.kill()


@contextmanager
def _pinned(cores: frozenset[int] | None) -> Iterator[None]:
    if cores is None:
        yield
        return
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, cores)
    try:
        yield
    finally:
        os.sched_setaffinity(0, before)


async def _end(process: asyncio.subprocess.Process) -> None:
    if process.returncode is not None:
        return
    with suppress(ProcessLookupError):
        process.terminate()
    try:
        # Reads what is left, too: a child that cannot write cannot end.
        async with asyncio.timeout(_END_SECONDS):
            await process.communicate()
    except (TimeoutError, BrokenPipeError, ConnectionResetError):
        with suppress(ProcessLookupError):
            process.kill()
        await process.wait()
