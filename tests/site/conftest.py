"""
A real Chromium, and a sandbox whose booking site it opens.
"""

from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.sandbox.threaded import ThreadedSandbox
from tests.site.people import Visitor
from tests.tools import require

_FLAGS = (
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--mute-audio",
)


# While it is open its event loop runs in this thread: no asynchronous test may come between.
@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    path = require("chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=_FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def server() -> Iterator[ThreadedSandbox]:
    with ThreadedSandbox() as running:
        yield running


class Visitors:
    """
    Makes visitors, each with cookies and storage of its own, and keeps an eye on what their browsers do.
    """

    def __init__(self, browser: Browser, server: ThreadedSandbox) -> None:
        self._browser = browser
        self._server = server
        self._all: list[Visitor] = []

    def new(self) -> Visitor:
        context = self._browser.new_context(locale="id-ID", timezone_id="Asia/Jakarta")
        visitor = Visitor(context.new_page(), self._server.sandbox)
        self._all.append(visitor)
        return visitor

    def close(self) -> None:
        own = urlsplit(self._server.sandbox.site).netloc
        for visitor in self._all:
            visitor.page.context.close()
            strangers = {url for url in visitor.requested if urlsplit(url).netloc not in {own, ""}}
            assert not strangers, f"the site asked another host: {strangers}"


@pytest.fixture
def visitors(chromium: Browser, server: ThreadedSandbox) -> Iterator[Visitors]:
    made = Visitors(chromium, server)
    yield made
    made.close()
