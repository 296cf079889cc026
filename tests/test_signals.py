import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
import uvloop

from monitor.signals import Signals

pytestmark = pytest.mark.slow

LOOPS = pytest.mark.parametrize("loops", ["asyncio.new_event_loop", "uvloop.new_event_loop"])
LOOP_FACTORIES = pytest.mark.parametrize(
    "loops", [asyncio.new_event_loop, uvloop.new_event_loop], ids=["asyncio", "uvloop"]
)
HEEDING = """
import asyncio, os, sys, threading, time, structlog, uvloop
from monitor.restart import Restarts
from monitor.signals import Signals
from monitor.watchdog import Watchdog

structlog.configure(logger_factory=structlog.PrintLoggerFactory(sys.stderr))

def say(line):
    os.write(1, f"{line}\\n".encode())

def busy():
    while True:
        pass

def locked():
    lock = threading.Lock()
    lock.acquire()
    lock.acquire()

def tell_what_is_heard(signals):
    while signals.stop_signal is None:
        time.sleep(0.01)
    say(f"heard {signals.stop_signal.name}")

async def main():
    stopped = asyncio.Event()
    signals = Signals(on_stop=lambda _: stopped.set(), on_reload=lambda: say("reload"))
    signals.start()
    threading.Thread(target=tell_what_is_heard, args=(signals,), daemon=True).start()
    restarts = Restarts(stop_signal=lambda: signals.stop_signal, replace=lambda _: (say("restart"), os._exit(70)))
    Watchdog(limit_seconds=LIMIT, on_limit=restarts.at_limit).start()
    asyncio.get_running_loop().call_soon(say, "ready")
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    HOLD
    await stopped.wait()
    signals.close()
    return 130 if signals.stop_signal == 2 else 0

with asyncio.Runner(loop_factory=LOOPS) as runner:
    sys.exit(runner.run(main()))
"""


class Heeding:
    """
    A process that heeds signals, read through its output.
    """

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self.process = process
        assert process.stdout is not None
        self._out = process.stdout

    def send(self, number: signal.Signals) -> None:
        self.process.send_signal(number)

    async def line(self) -> str:
        return (await self._out.readline()).decode().strip()

    async def end(self) -> int:
        return await self.process.wait()


@asynccontextmanager
async def heeding(loops: str, *, hold: str, limit: str = "60") -> AsyncIterator[Heeding]:
    script = HEEDING.replace("LOOPS", loops).replace("HOLD", hold).replace("LIMIT", limit)
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-c",
        script,
        stdout=asyncio.subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[1])},
    )
    try:
        async with asyncio.timeout(30):
            heeding = Heeding(process)
            assert await heeding.line() == "ready"
            yield heeding
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()


HOLDS = pytest.mark.parametrize(
    "hold",
    [
        pytest.param("time.sleep(30)", id="in a system call"),
        pytest.param("busy()", id="in a Python loop"),
        pytest.param("locked()", id="in a lock"),
    ],
)


@LOOPS
@pytest.mark.parametrize(
    ("number", "code"), [pytest.param(signal.SIGTERM, 0, id="SIGTERM"), pytest.param(signal.SIGINT, 130, id="SIGINT")]
)
@pytest.mark.asyncio
async def test_the_first_signal_ends_in_order(loops: str, number: signal.Signals, code: int) -> None:
    async with heeding(loops, hold="pass") as process:
        process.send(number)

        assert await process.end() == code


@LOOPS
@pytest.mark.asyncio
async def test_every_hangup_asks_for_a_reload(loops: str) -> None:
    async with heeding(loops, hold="pass") as process:
        for _ in range(2):
            process.send(signal.SIGHUP)
            assert await process.line() == "reload"


@LOOPS
@HOLDS
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
@pytest.mark.asyncio
async def test_a_second_signal_ends_at_once_also_while_the_loop_is_blocked(
    loops: str, hold: str, number: signal.Signals
) -> None:
    async with heeding(loops, hold=hold) as process:
        process.send(number)
        assert await process.line() == f"heard {number.name}"
        process.send(number)

        assert await process.end() == 128 + number


@LOOPS
@pytest.mark.asyncio
async def test_a_second_signal_ends_at_once_while_the_first_ends_in_order(loops: str) -> None:
    async with heeding(loops, hold="await asyncio.Event().wait()") as process:
        process.send(signal.SIGTERM)
        assert await process.line() == "heard SIGTERM"
        process.send(signal.SIGINT)

        assert await process.end() == 130


@LOOPS
@HOLDS
@pytest.mark.asyncio
async def test_a_signal_during_a_stall_ends_the_process_instead_of_replacing_it(loops: str, hold: str) -> None:
    async with heeding(loops, hold=hold, limit="1") as process:
        process.send(signal.SIGTERM)

        assert await process.line() == "heard SIGTERM"
        assert await process.line() == "", "no restart"
        assert await process.end() == 143


@LOOPS
@pytest.mark.asyncio
async def test_a_stall_without_a_signal_replaces_the_process(loops: str) -> None:
    async with heeding(loops, hold="time.sleep(30)", limit="0.5") as process:
        assert await process.line() == "restart"


def heeded(loops: Callable[[], asyncio.AbstractEventLoop]) -> tuple[str, list[object]]:
    """
    Return the masks of a child that is started meanwhile, and the handlers before and after.
    """

    async def main() -> str:
        signals = Signals(on_stop=lambda _: None, on_reload=lambda: None)
        signals.start()
        process = await asyncio.create_subprocess_exec("cat", "/proc/self/status", stdout=asyncio.subprocess.PIPE)
        out, _ = await process.communicate()
        signals.close()
        return out.decode()

    numbers = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)
    before = [signal.getsignal(number) for number in numbers]
    with asyncio.Runner(loop_factory=loops) as runner:
        status = runner.run(main())
    return status, [before, [signal.getsignal(number) for number in numbers]]


@LOOP_FACTORIES
def test_a_child_inherits_neither_a_mask_nor_an_ignored_signal(loops: Callable[[], asyncio.AbstractEventLoop]) -> None:
    status, _ = heeded(loops)

    masks = {
        line.split()[0]: int(line.split()[1], 16) for line in status.splitlines() if line[:6] in {"SigBlk", "SigIgn"}
    }
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        assert not (masks["SigBlk:"] | masks["SigIgn:"]) & 1 << (number - 1)


@LOOP_FACTORIES
def test_the_signals_are_given_back_at_the_end(loops: Callable[[], asyncio.AbstractEventLoop]) -> None:
    _, (before, after) = heeded(loops)

    assert before == after
    assert signal.set_wakeup_fd(-1) == -1
