"""
One side at its page: a browser context of its own, signed in, watched and guarded.
"""

import asyncio
import re
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from monitor.appwrite.failures import SPENT_SECONDS
from monitor.browser.capture import LISTENING_SCRIPT, Capture
from monitor.browser.guard import Guard
from monitor.browser.kept_browser import Lease, library
from monitor.browser.loading import demand_page, not_loaded
from monitor.browser.traffic import Traffic
from monitor.browser.words import Role, Ways, find, find_all, find_beside, find_new, mark_old
from monitor.core.run import Run
from monitor.journey.side import Side

if TYPE_CHECKING:
    from playwright.async_api import BrowserContext, Page

# Between two looks at what has happened: short beside the half second that an event may take.
_PAUSE_SECONDS = 0.03
_LOOK_SECONDS = 2.0
_ENDING_PAUSES = 30
_RESERVE_SECONDS = 0.2
_PICTURE_SECONDS = 1.5
_PICTURE_QUALITY = 60
_HANDED_OFF = re.compile(
    r"^(?:whatsapp:|https?://(?:wa\.me|api\.whatsapp\.com|web\.whatsapp\.com|chat\.whatsapp\.com)\b)"
)

Condition = Callable[[], bool | Awaitable[bool]]


class Visit:
    """
    *side* is who visits, and how he asks the API himself; *identity* is what the configuration calls him.
    """

    def __init__(self, run: Run, side: Side, *, identity: str, traffic: Traffic, guard: Guard) -> None:
        self.run = run
        self.side = side
        self.identity = identity
        self.traffic = traffic
        self.guard = guard
        self._capture = Capture(run, traffic)
        self._page: Page | None = None
        self._address = ""

    @property
    def name(self) -> str:
        """
        ``customer`` or ``therapist``.
        """
        return self.side.name

    @property
    def page(self) -> "Page":
        """
        The page that was opened.
        """
        if self._page is None:
            raise RuntimeError("nobody acts in a page before it is made")
        return self._page

    async def begin(self, lease: Lease, *, session: str) -> None:
        """
        Make the page, not yet opened; *session* is the secret by which it knows the visitor, empty for a guest.
        """
        context = await lease.new_context()
        if session:
            await self._sign_in(context, session)
        await context.add_init_script(LISTENING_SCRIPT)
        self._page = await context.new_page()
        self._capture.listen(self._page)
        await self.guard.stand_at(context, self._page)

    async def open(self, url: str, *, within_seconds: float) -> None:
        """
        Load *url*; raise ``CheckFailed`` when that is no page.
        """
        try:
            response = await self.page.goto(url, wait_until="domcontentloaded", timeout=self._limit(within_seconds))
        except library().Error as error:
            raise not_loaded(url, str(error), within_seconds=within_seconds) from error
        if response is not None:
            demand_page(url, status=response.status, content_type=response.headers.get("content-type", "no type"))
        self._address = _place(self.page.url)

    async def reload(self, *, within_seconds: float) -> bool:
        """
        Load the page again; return whether it did in time.
        """
        return await self._act(self.page.reload(wait_until="domcontentloaded", timeout=self._limit(within_seconds)))

    async def press(self, ways: Ways, *, within_seconds: float) -> bool:
        """
        Press a button; return whether it was there in time.
        """
        return await self._act(find(self.page, ways, "button").click(timeout=self._limit(within_seconds)))

    async def fill(self, ways: Ways, text: str, *, within_seconds: float) -> bool:
        """
        Fill a field; return whether it was there in time.
        """
        return await self._act(find(self.page, ways, "field").fill(text, timeout=self._limit(within_seconds)))

    async def choose(self, ways: Ways, option: str) -> None:
        """
        Choose *option*, where there is such a choice.
        """
        with suppress(library().Error):
            if await find(self.page, ways, "field").count():
                await find(self.page, ways, "field").select_option(option, timeout=500)

    async def enter(self, ways: Ways, text: str, *, beside: str = "", within_seconds: float) -> bool:
        """
        Fill a field, that *beside* a text if one is given, and press Enter in it; return whether it was there in time.
        """
        field = find_beside(self.page, ways, "field", text=beside) if beside else find(self.page, ways, "field")
        if not await self._act(field.fill(text, timeout=self._limit(within_seconds))):
            return False
        return await self._act(field.press("Enter", timeout=self._limit(within_seconds)))

    async def shows(self, ways: Sequence[str], role: Role = "text") -> bool:
        """
        Return whether the page shows one of *ways* now.
        """
        # It may just be going somewhere else, or be stuck in a loop of its own.
        with suppress(library().Error, TimeoutError):
            async with asyncio.timeout(min(_LOOK_SECONDS, self.run.remaining_seconds())):
                return await find(self.page, tuple(ways), role).count() > 0
        return False

    async def mark_old(self, ways: Ways) -> None:
        """
        Have what the page shows of *ways* by now known from what comes.
        """
        with suppress(library().Error, TimeoutError):
            async with asyncio.timeout(min(_LOOK_SECONDS, self.run.remaining_seconds())):
                await mark_old(self.page, ways, "text")

    async def shows_new(self, ways: Ways) -> bool:
        """
        Return whether the page shows one of *ways* that has come since ``mark_old``.
        """
        with suppress(library().Error, TimeoutError):
            async with asyncio.timeout(min(_LOOK_SECONDS, self.run.remaining_seconds())):
                return await find_new(self.page, ways, "text").count() > 0
        return False

    async def press_next(self, ways: Ways, *, number: int, within_seconds: float) -> bool:
        """
        Press the button that is *number* of those there are, the first being 0; return whether it was there in time.
        """
        button = find_all(self.page, ways, "button").nth(number)
        return await self._act(button.click(timeout=self._limit(within_seconds)))

    async def wait(self, *conditions: Condition, within_seconds: float) -> bool:
        """
        Wait until one of *conditions* is met; return whether one was.

        Raises ``CheckFailed`` (``timeout``) when it is the deadline of the run that ends the wait.
        """
        ends = self.run.elapsed_seconds() + within_seconds
        while True:
            for condition in conditions:
                met = condition()
                if met if isinstance(met, bool) else await met:
                    return True
            if self.run.remaining_seconds() <= 0:
                raise self.run.overdue()
            if self.run.elapsed_seconds() >= ends:
                return False
            await asyncio.sleep(_PAUSE_SECONDS)

    @property
    def has_gone(self) -> bool:
        """
        Whether the page is at another address than the one that was opened; its query does not count.
        """
        return _place(self.page.url) != self._address

    @property
    def handed_off(self) -> str:
        """
        The host to which the visitor was handed over; empty while he was not.
        """
        gone = next((each for each in self.traffic.gone_to if _HANDED_OFF.match(each)), "")
        return (urlsplit(gone).netloc or "whatsapp") if gone else ""

    async def picture(self) -> bytes | None:
        """
        Return what the page looks like, as JPEG; None when it cannot be had in a moment.
        """
        if self._page is None:
            return None
        try:
            async with asyncio.timeout(min(_PICTURE_SECONDS, self.run.remaining_seconds() / 2)):
                return await self._page.screenshot(type="jpeg", quality=_PICTURE_QUALITY, animations="disabled")
        except (library().Error, TimeoutError):
            return None

    async def settle(self) -> None:
        """
        Wait a moment until what has come is read.
        """
        await self._capture.settle(min(1.0, self.run.remaining_seconds() / 2))

    async def end(self) -> None:
        """
        Let the page write no more, and wait a moment for the answers to what it has sent.
        """
        self.guard.end()
        for _ in range(_ENDING_PAUSES):
            # What comes after that is looked for again, and removed then.
            is_late = self.run.remaining_seconds() < _RESERVE_SECONDS
            if is_late or not any(call.is_pending_write for call in self.traffic.calls):
                return
            await asyncio.sleep(_PAUSE_SECONDS)

    def stop(self) -> None:
        """
        Let nothing more in or out.
        """
        self.guard.stop()
        self._capture.stop()

    async def _sign_in(self, context: "BrowserContext", session: str) -> None:
        target = self.run.target
        name, is_secure = f"a_session_{target.project}", target.endpoint.startswith("https:")
        await context.add_cookies(
            [
                {
                    "name": name,
                    "value": session,
                    "url": target.endpoint,
                    "httpOnly": True,
                    "secure": is_secure,
                    "sameSite": "None" if is_secure else "Lax",
                }
            ]
        )
        site = urlsplit(target.site or "").hostname
        if site != urlsplit(target.endpoint).hostname:
            # The web SDK's own way where browsers keep cookies of other sites from pages.
            fallback = f"localStorage.setItem('cookieFallback', JSON.stringify({{{name!r}: {session!r}}}))"
            await context.add_init_script(f"if (location.hostname === {site!r}) {fallback}")

    async def _act(self, action: Awaitable[object]) -> bool:
        try:
            await action
        except library().TimeoutError:
            if self.run.remaining_seconds() < SPENT_SECONDS:
                raise self.run.overdue() from None
            return False
        return True

    def _limit(self, within_seconds: float) -> float:
        # In milliseconds, of which none would mean for ever.
        return max(1.0, 1000 * min(within_seconds, self.run.remaining_seconds()))


def _place(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.netloc}{parts.path}#{parts.fragment}"
