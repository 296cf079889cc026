"""
What is answered beside the API: the pages, the metrics, and whether the daemon is well.
"""

import re
from collections.abc import Callable
from functools import partial
from typing import Protocol

from aiohttp import hdrs, web

from monitor.web.access import Gate
from monitor.web.model import StatusView
from monitor.web.page import check_page, run_page, status_page
from monitor.web.reading import NAME, RUN, Reading
from monitor.web.route import Answer, Handler, Parameter, Right, Route
from monitor.web.state import State

# Also ``gzip;q=0.5``, but not ``gzip;q=0``, which is a refusal.
_GZIP = re.compile(r"(?i)(?:^|,)\s*gzip\s*(?:,|$|;\s*q=(?!0(?:\.0*)?\s*(?:,|$)))")


class Page(Protocol):
    """
    Renders the metrics: the page and its content type.
    """

    async def __call__(self, accept: str, *, gzip: bool = False) -> tuple[bytes, str]:
        """
        Return what *accept* asks for, compressed if *gzip*.
        """


class PageOf(Protocol):
    """
    Renders a page of the status page.
    """

    def __call__(self, view: StatusView, *, may_act: bool) -> str:
        """
        Return the page at the moment of *view*; *may_act* when nobody needs a token to act.
        """


class Showing:
    """
    Shows *state* as pages, and the metrics that *page* renders. *unready* says why the daemon is not ready, or nothing;
    *trouble* what is wrong although it is.
    """

    def __init__(
        self,
        state: State,
        reading: Reading,
        gate: Gate,
        *,
        page: Page,
        unready: Callable[[], str],
        trouble: Callable[[], str],
    ) -> None:
        self._state = state
        self._reading = reading
        self._gate = gate
        self._page = page
        self._unready = unready
        self._trouble = trouble

    def routes(self) -> tuple[Route, ...]:
        """
        Return what can be asked.
        """
        html = Answer(about="a page", type="text/html")
        text = Answer(about="yes", type="text/plain")
        return (
            _route("/", self.status_page, Right.READ, "The status page", html),
            _route("/checks/{name}", self.check_page, Right.READ, "The page of one check", html, NAME),
            _route("/runs/{id}", self.run_page, Right.READ, "The page of one run", html, RUN),
            _route("/metrics", self.metrics, Right.READ, "The metrics", Answer(about="metrics", type="text/plain")),
            _route("/-/healthy", self.healthy, Right.NONE, "Whether the event loop turns", text),
            _route("/-/ready", self.ready, Right.NONE, "Whether the checks are running", text),
        )

    async def status_page(self, request: web.Request) -> web.Response:
        """
        Show everything.
        """
        return await self._drawn(request, status_page)

    async def check_page(self, request: web.Request) -> web.Response:
        """
        Show one check.
        """
        detail = await self._reading.detail(request.match_info["name"])
        return await self._drawn(request, partial(check_page, detail))

    async def run_page(self, request: web.Request) -> web.Response:
        """
        Show one run.
        """
        detail = await self._reading.run_detail(request.match_info["id"])
        return await self._drawn(request, partial(run_page, detail))

    async def metrics(self, request: web.Request) -> web.Response:
        """
        Show the metrics.
        """
        gzip = _GZIP.search(request.headers.get(hdrs.ACCEPT_ENCODING, "")) is not None
        body, content_type = await self._page(request.headers.get(hdrs.ACCEPT, ""), gzip=gzip)
        headers = {hdrs.CONTENT_TYPE: content_type, **({hdrs.CONTENT_ENCODING: "gzip"} if gzip else {})}
        return web.Response(body=body, headers=headers)

    async def healthy(self, _request: web.Request) -> web.Response:
        """
        Say that the loop turns.
        """
        return web.Response(text="healthy: the loop turns\n")

    async def ready(self, _request: web.Request) -> web.Response:
        """
        Say whether checks are run, and what is wrong.
        """
        if obstacle := self._unready():
            return web.Response(status=503, text=f"not ready: {obstacle}\n")
        trouble = self._state.redact(self._trouble())
        return web.Response(text=f"ready, but {trouble}\n" if trouble else "ready\n")

    async def _drawn(self, request: web.Request, page_of: PageOf) -> web.Response:
        may_act = self._gate.may_act(request)
        page = await self._state.draw(lambda moment: page_of(moment.status(), may_act=may_act))
        return web.Response(text=page, content_type="text/html")


def _route(path: str, handler: Handler, right: Right, about: str, answer: Answer, *parameters: Parameter) -> Route:
    return Route(
        method="GET",
        path=path,
        handler=handler,
        right=right,
        about=about,
        answer=answer,
        parameters=parameters,
        refusals=(404,) if parameters else (),
    )
