"""
Serves the pages of a view as the daemon does, from a thread of its own; takes what the page sends, and says so.
"""

import asyncio
import threading
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Self

from aiohttp import web

from monitor.web.model import StatusView
from monitor.web.page import CONTENT_SECURITY_POLICY, check_page, run_page, status_page
from tests.web.views import detail, one_run

_PATIENCE_SECONDS = 10.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """
    One request that was to change something.
    """

    what: str
    token: str
    body: Any


class PageServer:
    """
    *view* is what is shown, and may be replaced at any time; *may_act* as the pages take it. *token* is the only one
    that is let in. *asked* is what was to be done, *reads* how often the page was read,
    and *tokens_of_reads* what was sent then.
    """

    def __init__(self, view: StatusView, *, may_act: bool = True, token: str = "let-me-in") -> None:
        self.view = view
        self.may_act = may_act
        self.token = token
        self.asked: list[Asked] = []
        self.reads = 0
        self.tokens_of_reads: set[str] = set()
        self.is_streaming = True
        # Every stream, and what ends it.
        self._streams: dict[web.StreamResponse, asyncio.Event] = {}
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._runner: web.AppRunner | None = None
        self.address = ""

    def __enter__(self) -> Self:
        self._thread.start()
        asyncio.run_coroutine_threadsafe(self._start(), self._loop).result(_PATIENCE_SECONDS)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.end_streams()
        assert self._runner is not None
        asyncio.run_coroutine_threadsafe(self._runner.cleanup(), self._loop).result(_PATIENCE_SECONDS)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(_PATIENCE_SECONDS)
        self._loop.close()

    def send(self, event: str = "check") -> None:
        """
        Send an event to every page that listens.
        """
        asyncio.run_coroutine_threadsafe(self._send(event), self._loop).result(_PATIENCE_SECONDS)

    def end_streams(self, *, is_streaming: bool = False) -> None:
        """
        End every stream; *is_streaming* whether new ones are let in.
        """
        self.is_streaming = is_streaming
        asyncio.run_coroutine_threadsafe(self._end(), self._loop).result(_PATIENCE_SECONDS)

    @property
    def listeners(self) -> int:
        """
        How many pages listen.
        """
        return len(self._streams)

    async def _start(self) -> None:
        app = web.Application()
        app.router.add_get("/", self._status)
        app.router.add_get("/checks/{name}", self._check)
        app.router.add_get("/runs/{check}", self._run)
        app.router.add_get("/api/v1/events", self._events)
        app.router.add_post("/api/v1/checks/{name}/runs", self._act)
        app.router.add_post("/api/v1/silences", self._act)
        app.router.add_delete("/api/v1/silences/{id}", self._act)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        self.address = f"http://127.0.0.1:{self._runner.addresses[0][1]}"

    async def _status(self, request: web.Request) -> web.Response:
        self.reads += 1
        self.tokens_of_reads.add(request.headers.get("Authorization", ""))
        return self._page(status_page(self.view, may_act=self.may_act))

    async def _check(self, request: web.Request) -> web.Response:
        self.reads += 1
        name = request.match_info["name"]
        check = next((each for each in self.view.checks if each.name == name), None)
        if check is None:
            return web.Response(status=404, text="no such check\n")
        return self._page(check_page(detail(check), self.view, may_act=self.may_act))

    async def _run(self, request: web.Request) -> web.Response:
        """
        Show the last run of a check, whose name stands for the id.
        """
        check = next(each for each in self.view.checks if each.name == request.match_info["check"])
        return self._page(run_page(one_run(check), self.view, may_act=self.may_act))

    def _page(self, page: str) -> web.Response:
        headers = {
            "Content-Security-Policy": CONTENT_SECURITY_POLICY,
            "X-Content-Type-Options": "nosniff",
            "Referrer-Policy": "no-referrer",
            "Cross-Origin-Resource-Policy": "same-origin",
            "Cross-Origin-Opener-Policy": "same-origin",
        }
        return web.Response(text=page, content_type="text/html", headers=headers)

    async def _events(self, request: web.Request) -> web.StreamResponse:
        if not self.is_streaming:
            return web.Response(status=503)
        stream = web.StreamResponse(headers={"Content-Type": "text/event-stream", "Cache-Control": "no-store"})
        await stream.prepare(request)
        await stream.write(b": welcome\n\n")
        self._streams[stream] = asyncio.Event()
        try:
            await self._streams[stream].wait()
        finally:
            del self._streams[stream]
        return stream

    async def _act(self, request: web.Request) -> web.Response:
        token = request.headers.get("Authorization", "")
        body = await request.json() if request.can_read_body else None
        # The daemon lets no other site's page act, and knows its own by these.
        assert request.content_type == "application/json"
        assert request.headers["Origin"] == self.address
        self.asked.append(Asked(what=f"{request.method} {request.raw_path}", token=token, body=body))
        if not self.may_act and token != f"Bearer {self.token}":
            return web.json_response({"error": "this needs a token"}, status=401)
        answer: Mapping[str, object] = {"status": "failed", "reason": "no_event"} if "runs" in request.path else {}
        return web.json_response(answer)

    async def _send(self, event: str) -> None:
        for stream in list(self._streams):
            # Whoever has just left does not hear it.
            with suppress(ConnectionResetError):
                await stream.write(f"event: {event}\ndata: {{}}\n\n".encode())

    async def _end(self) -> None:
        for end in self._streams.values():
            end.set()
