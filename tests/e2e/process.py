"""
The real program as a real process, against a sandbox in the process of the test.
"""

import asyncio
import os
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

# Generous: the machine may be busy, and what hangs is cut off all the same.
_DEADLINE_SECONDS = 60.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended:
    """
    A process that has ended.
    """

    code: int
    out: str
    err: str


@asynccontextmanager
async def running(
    *arguments: str,
    env: Mapping[str, str] | None = None,
    python: Path = Path(sys.executable),
    within_seconds: float = _DEADLINE_SECONDS,
) -> AsyncIterator[asyncio.subprocess.Process]:
    """
    Run ``monitor`` with *arguments* in the environment of *python*; killed at the end if it is still there.
    """
    process = await asyncio.create_subprocess_exec(
        python,
        "-m",
        "monitor",
        *arguments,
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        env={**os.environ, **(env or {})},
    )
    try:
        async with asyncio.timeout(within_seconds):
            yield process
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()


async def ended(process: asyncio.subprocess.Process) -> Ended:
    """
    Wait for the end of *process*.
    """
    out, err = await process.communicate()
    assert process.returncode is not None
    return Ended(code=process.returncode, out=out.decode(), err=err.decode())


async def monitor(
    *arguments: str,
    env: Mapping[str, str] | None = None,
    python: Path = Path(sys.executable),
    within_seconds: float = _DEADLINE_SECONDS,
) -> Ended:
    """
    Run ``monitor`` with *arguments* to its end, in the environment of *python*.
    """
    async with running(*arguments, env=env, python=python, within_seconds=within_seconds) as process:
        return await ended(process)


async def line_with(stream: asyncio.StreamReader | None, *words: str) -> str:
    """
    Return the next line of *stream* that holds all of *words*.
    """
    assert stream is not None
    seen = []
    while line := (await stream.readline()).decode():
        seen.append(line)
        if all(word in line for word in words):
            return line
    raise AssertionError(f"no line with {words} in:\n{''.join(seen)}")
