"""
Starts ``monitor`` in a few milliseconds, and knows at once when one of them has died.
"""

import asyncio
import json
import os
import signal
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from types import MappingProxyType

from tests import tools


class Process:
    """
    One ``monitor``, whose number is *pid*; what it writes is in the file *output*.
    """

    def __init__(self, pid: int, output: Path, nursery: "Nursery") -> None:
        self.pid = pid
        self._output = output
        self._nursery = nursery
        self._died = asyncio.Event()
        self._descriptor = os.pidfd_open(pid)
        asyncio.get_running_loop().add_reader(self._descriptor, self._note_death)

    @property
    def is_alive(self) -> bool:
        """
        Whether it has not ended yet.
        """
        return not self._died.is_set()

    @property
    def output(self) -> str:
        """
        What it has written so far.
        """
        return self._output.read_text(errors="replace") if self._output.exists() else ""

    async def kill(self) -> None:
        """
        Kill it; return when it is dead, and not one instruction of it is carried out any more.
        """
        self.send(signal.SIGKILL)
        await self._died.wait()

    def send(self, number: signal.Signals) -> None:
        """
        Send it a signal; harmless when it has ended.
        """
        if self.is_alive:
            signal.pidfd_send_signal(self._descriptor, number)

    async def code(self) -> int:
        """
        Wait for its end and return the exit code: that of a killed process is -9.
        """
        await self._died.wait()
        return await self._nursery.ask({"wait": self.pid})

    def _note_death(self) -> None:
        asyncio.get_running_loop().remove_reader(self._descriptor)
        os.close(self._descriptor)
        self._died.set()


class Nursery:
    """
    The process that forks; ``nursery_in`` makes it. It takes one order at a time.
    """

    def __init__(self, process: asyncio.subprocess.Process, folder: Path) -> None:
        self._process = process
        self._folder = folder
        self._lock = asyncio.Lock()
        self._count = 0

    async def start(self, *arguments: str, environment: Mapping[str, str], **hindrances: object) -> Process:
        """
        Start ``monitor`` with *arguments*; *hindrances* are those of ``zygote.py``, such as ``slow_seconds``.
        """
        self._count += 1
        output = self._folder / f"output-{self._process.pid}-{self._count}"
        order = {"arguments": arguments, "environment": dict(environment), "output": str(output), **hindrances}
        return Process(await self.ask(order), output, self)

    async def ask(self, order: Mapping[str, object]) -> int:
        """
        Give an order; return the number that answers it.
        """
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        async with self._lock:
            self._process.stdin.write(f"{json.dumps(order)}\n".encode())
            return int(await self._process.stdout.readline())


def shifted_clock(shift: str) -> Mapping[str, str]:
    """
    Return the environment in which the clock is wrong by *shift*, such as ``-40d``; the tool is faketime.
    """
    library = str(tools.faketime_library())
    return {"LD_PRELOAD": library, "FAKETIME": shift, "FAKETIME_DONT_FAKE_MONOTONIC": "1"}


@asynccontextmanager
async def nursery_in(
    folder: Path, *, environment: Mapping[str, str] = MappingProxyType({}), zygote: str = "tests.kill.zygote"
) -> AsyncIterator[Nursery]:
    """
    Give a nursery whose processes have *environment*, and keep what they write in *folder*; *zygote* forks them.
    """
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        zygote,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        env={**os.environ, **environment},
    )
    try:
        yield Nursery(process, folder)
    finally:
        assert process.stdin is not None
        process.stdin.close()
        await process.wait()
