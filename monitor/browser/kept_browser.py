"""
One Chromium for all runs of this process, each in contexts of its own, and ended for sure.

Starting it takes a second, so it is kept between runs: until it was idle for minutes, has served some hundreds, or the
transport is closed, which is the end of the process. Its driver ends it when this process is killed. The library is an
extra, imported when a run first needs it: without it, all other kinds go on.
"""

import asyncio
import os
import shutil
import signal
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from importlib import import_module
from types import ModuleType
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

import structlog

from monitor.core.errors import OwnFault, fit
from monitor.core.run import Run
from monitor.core.transport import Transport

if TYPE_CHECKING:
    from playwright.async_api import Browser, BrowserContext, Playwright

log = structlog.get_logger()

_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
_FLAGS = (
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-quic",
    "--no-first-run",
    "--mute-audio",
    "--autoplay-policy=no-user-gesture-required",
)
# As the platform's customers are.
_LOCALE, _TIME_ZONE = "id-ID", "Asia/Jakarta"
# A driver and a browser hold some 300 MB.
_IDLE_SECONDS = 300.0
_MOST_USES = 300
# Together within what a cancelled run may take to unwind.
_CONTEXT_CLOSE_SECONDS = 0.3
_BROWSER_CLOSE_SECONDS = 2.0
_START_MILLISECONDS = 30_000


def library() -> ModuleType:
    """
    Return the browser's library; raise ``OwnFault`` when it is not installed.
    """
    try:
        return import_module("playwright.async_api")
    except ImportError:
        text = "the library that drives a browser is not installed: install this program with its extra 'browser'"
        raise OwnFault(text) from None


@asynccontextmanager
async def browser_for(run: Run, executable: str | None) -> AsyncIterator["Lease"]:
    """
    Give the browser to *run*; the contexts that it makes are closed at the end, whatever that is.
    """
    kept = _KEPT.get(run.transport)
    if kept is None:
        kept = _KEPT[run.transport] = KeptBrowser()
        run.transport.at_close(kept.close)
    lease = await kept.lend(run, executable)
    cancelled = False
    try:
        yield lease
    except asyncio.CancelledError:
        cancelled = True
        raise
    finally:
        await kept.take_back(lease, at_once=cancelled)


class Lease:
    """
    The browser, for one run.
    """

    def __init__(self, browser: "Browser") -> None:
        self._browser = browser
        self.contexts: list[BrowserContext] = []

    async def new_context(self) -> "BrowserContext":
        """
        Return a context without cookies, storage or cache, as of a visitor's new machine.
        """
        context = await self._browser.new_context(
            locale=_LOCALE,
            timezone_id=_TIME_ZONE,
            permissions=["notifications"],
            # What it sent would not be seen, nor held back.
            service_workers="block",
            accept_downloads=False,
        )
        self.contexts.append(context)
        return context


@dataclass(slots=True, kw_only=True)
class _Running:
    """
    A driver, and the browser that it has started.
    """

    playwright: "Playwright"
    browser: "Browser | None" = None
    pid: int | None = None

    async def end(self) -> None:
        """
        End both; bounded, never raises.
        """
        errors = (library().Error, TimeoutError, OSError)
        if self.browser is not None:
            try:
                async with asyncio.timeout(_BROWSER_CLOSE_SECONDS):
                    await self.browser.close()
            except errors:
                self.kill()
        with suppress(*errors):
            async with asyncio.timeout(_BROWSER_CLOSE_SECONDS):
                await self.playwright.stop()

    def kill(self) -> None:
        """
        Kill the browser, with all its processes.
        """
        if self.pid is not None:
            with suppress(ProcessLookupError):
                os.kill(self.pid, signal.SIGKILL)
            log.warning("browser.killed", pid=self.pid)
            self.pid = None


class KeptBrowser:
    """
    The browser of one transport; it is started when somebody needs it.
    """

    def __init__(self) -> None:
        self._starting: asyncio.Task[None] | None = None
        self._running: _Running | None = None
        self._executable: str | None = None
        self._uses = 0
        self._lent = 0
        self._idle: asyncio.TimerHandle | None = None
        self._ending: set[asyncio.Task[None]] = set()

    async def lend(self, run: Run, executable: str | None) -> Lease:
        """
        Return the browser, started when it is not there; raise ``OwnFault`` when it cannot be.
        """
        # Its import would hold the loop for a third of a second.
        await asyncio.to_thread(library)
        self._forget_idle()
        is_stale = self._executable != executable or self._uses >= _MOST_USES
        if not self._is_alive() or (is_stale and not self._lent):
            await self._start_within(run, executable)
        if self._running is None or self._running.browser is None:
            raise OwnFault("the browser ended while it was started: see the memory of this machine")
        self._uses += 1
        self._lent += 1
        return Lease(self._running.browser)

    async def take_back(self, lease: Lease, *, at_once: bool) -> None:
        """
        Close what the run opened; a browser that will not, or that a cancelled run was the last to use, is killed.
        """
        self._lent -= 1
        is_closed = await _close_all(lease.contexts)
        if not is_closed or (at_once and not self._lent):
            self._end_in_background(kill=True)
        elif not self._lent:
            loop = asyncio.get_running_loop()
            self._idle = loop.call_later(_IDLE_SECONDS, self._end_in_background)

    async def close(self) -> None:
        """
        End browser and driver; bounded, never raises, harmless when repeated.
        """
        self._forget_idle()
        if self._starting is not None:
            # Whoever waited for it was cancelled, or had no time left.
            await asyncio.wait({self._starting}, timeout=_START_MILLISECONDS / 1000)
        self._end_in_background()
        if self._ending:
            await asyncio.wait(self._ending, timeout=2 * _BROWSER_CLOSE_SECONDS)

    async def _start_within(self, run: Run, executable: str | None) -> None:
        # In a task of its own: cancelled half-way, what it had started by then would be left behind.
        if self._starting is None or self._starting.done():
            self._starting = asyncio.create_task(self._start(executable), name="browser:start")
        done, _ = await asyncio.wait({self._starting}, timeout=run.remaining_seconds())
        if not done:
            raise OwnFault("the browser did not start within the deadline: see the load of this machine")
        self._starting.result()

    async def _start(self, executable: str | None) -> None:
        self._end_in_background()
        api, path = library(), executable or next(filter(None, map(shutil.which, _NAMES)), None)
        try:
            running = self._running = _Running(playwright=await api.async_playwright().start())
            running.browser = await running.playwright.chromium.launch(
                executable_path=path,
                args=_FLAGS,
                # Root has no sandbox to put it into.
                chromium_sandbox=os.name == "posix" and os.geteuid() != 0,
                timeout=_START_MILLISECONDS,
                # Signals are for the daemon, which then closes it.
                handle_sigint=False,
                handle_sigterm=False,
                handle_sighup=False,
            )
            running.pid = await _pid_of(running.browser)
        except (api.Error, OSError) as error:
            self._end_in_background()
            found = f"{path!r} does not start" if path else "there is none on PATH"
            said = str(error).strip().partition("\n")[0]
            text = f"no Chromium: {found}: install the package chromium, or set executable ({said})"
            raise OwnFault(fit(text)) from None
        self._executable, self._uses = executable, 0

    def _is_alive(self) -> bool:
        browser = self._running.browser if self._running is not None else None
        return browser is not None and browser.is_connected()

    def _end_in_background(self, *, kill: bool = False) -> None:
        # Nobody is lent it any more from here on.
        running, self._running = self._running, None
        if running is None:
            return
        if kill:
            running.kill()
        task = asyncio.get_running_loop().create_task(running.end(), name="browser:end")
        self._ending.add(task)
        task.add_done_callback(self._ending.discard)

    def _forget_idle(self) -> None:
        if self._idle is not None:
            self._idle.cancel()
            self._idle = None


_KEPT: WeakKeyDictionary[Transport, KeptBrowser] = WeakKeyDictionary()


async def _close_all(contexts: Iterable["BrowserContext"]) -> bool:
    is_closed = True
    for context in contexts:
        try:
            async with asyncio.timeout(_CONTEXT_CLOSE_SECONDS):
                await context.close()
        except (library().Error, TimeoutError):
            is_closed = False
    return is_closed


async def _pid_of(browser: "Browser") -> int | None:
    session = await browser.new_browser_cdp_session()
    processes = (await session.send("SystemInfo.getProcessInfo"))["processInfo"]
    return next((int(each["id"]) for each in processes if each["type"] == "browser"), None)
