"""
The processes of these tests: the sandbox as its own program, and a tour that talks to it.
"""

import asyncio
import json
import os
import sys
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
_START_SECONDS = 20.0
# The SDK has no time limit of its own.
TOUR_SECONDS = 60.0


@asynccontextmanager
async def sandbox_process() -> AsyncIterator[Mapping[str, str]]:
    """
    Run ``monitor sandbox --json --port 0``; yield what it says about itself.
    """
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "monitor", "sandbox", "--json", "--port", "0", cwd=ROOT, stdout=asyncio.subprocess.PIPE
    )
    try:
        assert process.stdout is not None
        line = await asyncio.wait_for(process.stdout.readline(), _START_SECONDS)
        yield json.loads(line)
    finally:
        process.terminate()
        await asyncio.wait_for(process.communicate(), _START_SECONDS)


async def run_tour(*command: str, cwd: Path = ROOT, env: Mapping[str, str] | None = None) -> Sequence[Any]:
    """
    Run a program that prints JSON lines; return them parsed. Killed when it takes too long.
    """
    pipe = asyncio.subprocess.PIPE
    process = await asyncio.create_subprocess_exec(
        *command, cwd=cwd, stdout=pipe, stderr=pipe, env={**os.environ, **(env or {})}
    )
    try:
        out, err = await asyncio.wait_for(process.communicate(), TOUR_SECONDS)
    except TimeoutError:
        process.kill()
        await process.communicate()
        raise
    assert process.returncode == 0, err.decode()[-4000:]
    return [json.loads(line) for line in out.decode().splitlines()]


async def run_python(module: str, given: Mapping[str, object]) -> Sequence[Any]:
    """
    Run a module with the official Python SDK, which warns about its own names; that is its business.
    """
    return await run_tour(sys.executable, "-W", "ignore", "-m", module, json.dumps(given))


def failures(steps: Sequence[Any]) -> list[str]:
    """
    Return a line for each step that went wrong.
    """
    return [f"{each['step']}: got {each['got']}, expected {each['expected']}" for each in steps if not each["ok"]]
