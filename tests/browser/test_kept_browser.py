import asyncio
import os
import signal
import subprocess
import sys
import time
from collections.abc import Sequence

import psutil
import pytest

from monitor.browser import kept_browser
from monitor.browser.kept_browser import browser_for
from monitor.core.outcome import Step
from monitor.core.run import Run
from tests.checks.test_booking_in_browser import booking_in_browser
from tests.conftest import Platform, platform_at
from tests.tools import require

pytestmark = [pytest.mark.asyncio, pytest.mark.slow]

PATIENCE_SECONDS = 10.0
# Opens a page, says so, and sits there until it is killed.
SITTING = """
import asyncio
from monitor.browser.kept_browser import browser_for
from monitor.core.run import Run
from tests.engine import surroundings
from monitor.core.clock import SystemClock
from dataclasses import replace
from monitor.appwrite.transport import AiohttpTransport

async def sit():
    here = replace(surroundings(SystemClock()), transport=AiohttpTransport(user_agent="test", budget=None))
    async with browser_for(Run(here, timeout_seconds=60.0), None) as lease:
        await (await lease.new_context()).new_page()
        print("open", flush=True)
        await asyncio.sleep(60)

asyncio.run(sit())
"""


@pytest.fixture(autouse=True)
def chromium() -> None:
    require("chromium")


def browsers(of: int | None = None) -> set[int]:
    """
    Return the processes of Chromium, and of its driver, below a process: this one, unless another is named.
    """
    found = set()
    for process in psutil.Process(of).children(recursive=True):
        try:
            is_one = process.status() != psutil.STATUS_ZOMBIE and process.name() in {"chromium", "chrome", "node"}
        except psutil.NoSuchProcess:
            continue
        if is_one:
            found.add(process.pid)
    return found


async def none_left(pids: Sequence[int] | None = None) -> bool:
    ends = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < ends:
        left = browsers() if pids is None else {pid for pid in pids if is_alive(pid)}
        if not left:
            return True
        await asyncio.sleep(0.05)
    return False


def is_alive(pid: int) -> bool:
    try:
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def run_of(platform: Platform) -> Run:
    return Run(platform.runner().surroundings, timeout_seconds=30.0)


async def test_serves_one_run_after_the_other_each_without_the_cookies_of_others(platform: Platform) -> None:
    seen = []
    for _ in range(2):
        async with browser_for(run_of(platform), None) as lease:
            context = await lease.new_context()
            seen.append((frozenset(browsers()), len(await context.cookies())))
            await context.add_cookies([{"name": "one", "value": "two", "url": platform.sandbox.endpoint}])

    assert seen[0][0] & seen[1][0]
    assert [cookies for _, cookies in seen] == [0, 0]


async def test_goes_with_the_transport(platform: Platform) -> None:
    async with platform_at(platform.sandbox) as other, browser_for(run_of(other), None):
        assert browsers()

    assert await none_left()


async def test_goes_when_nobody_has_needed_it_for_long(platform: Platform, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept_browser, "_IDLE_SECONDS", 0.05)

    async with browser_for(run_of(platform), None):
        pass

    assert await none_left()


async def test_is_started_again_when_it_has_died(platform: Platform) -> None:
    async with browser_for(run_of(platform), None) as lease:
        await lease.new_context()
        for pid in browsers():
            os.kill(pid, signal.SIGKILL)

    async with browser_for(run_of(platform), None) as lease:
        page = await (await lease.new_context()).new_page()

        assert await page.evaluate("1 + 1") == 2


@pytest.mark.parametrize("step", ["open_site", "fill_details", "accept"])
async def test_a_run_that_is_cancelled_leaves_none(platform: Platform, step: str) -> None:
    runner, reached = platform.runner(), asyncio.Event()
    loop = asyncio.get_running_loop()
    before = "find_therapist" if step == "open_site" else {"fill_details": "choose_duration", "accept": "order"}[step]

    def note(ended: Step) -> None:
        if ended.name == before:
            reached.set()

    running = asyncio.create_task(runner.run_now(booking_in_browser(), on_step=note))
    await asyncio.wait_for(reached.wait(), PATIENCE_SECONDS)
    await asyncio.sleep(0.1)
    began = loop.time()

    await runner.stop(patience_seconds=0.0)

    assert await running is None
    assert loop.time() - began < 7.0
    await platform._transport.close()
    assert await none_left()


async def test_a_process_that_is_killed_leaves_none() -> None:
    process = await asyncio.create_subprocess_exec(sys.executable, "-c", SITTING, stdout=subprocess.PIPE)
    assert process.stdout is not None
    assert (await asyncio.wait_for(process.stdout.readline(), 30.0)).strip() == b"open"
    pids = browsers(process.pid)
    assert len(pids) > 1

    process.kill()
    await process.wait()

    assert await none_left(sorted(pids))
