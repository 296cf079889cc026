"""
The daemon's HTTP server: ``/metrics``, ``/-/healthy`` and ``/-/ready``. Loopback by default.
"""

import os
from collections.abc import Callable
from typing import Protocol

from aiohttp import web

from monitor.core.errors import ConfigError


class Page(Protocol):
    """
    Renders the metrics: the page and its content type.
    """

    async def __call__(self, accept: str, *, gzip: bool = False) -> tuple[bytes, str]:
        """
        Return what *accept* asks for, compressed if *gzip*.
        """


class WebServer:
    """
    Serves on *listen* (``host:port``; port 0 takes a free one).

    *page* renders the metrics for an ``Accept`` header. *unready* says why the daemon is not ready, or nothing;
    *trouble* what is wrong although it is.
    """

    def __init__(
        self, listen: str, *, page: Page, unready: Callable[[], str], trouble: Callable[[], str] = lambda: ""
    ) -> None:
        self._host, _, port = listen.rpartition(":")
        self._port = int(port)
        self._page = page
        self._unready = unready
        self._trouble = trouble
        self._runner: web.AppRunner | None = None

    async def start(self) -> None:
        """
        Begin to answer; raise ``ConfigError`` when the address cannot be had.
        """
        app = web.Application()
        app.router.add_get("/metrics", self._metrics)
        app.router.add_get("/-/healthy", self._healthy)
        app.router.add_get("/-/ready", self._ready)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=1.0)
        await self._runner.setup()
        host = self._host.strip("[]")
        try:
            await web.TCPSite(self._runner, host, self._port).start()
        except OSError as error:
            await self._runner.cleanup()
            reason = os.strerror(error.errno) if error.errno else str(error)
            raise ConfigError(
                f"web.listen: cannot serve on {self._host}:{self._port} ({reason}): stop what uses it or choose another"
            ) from error
        self._port = self._runner.addresses[0][1]

    async def stop(self) -> None:
        """
        Answer no more.
        """
        if self._runner:
            await self._runner.cleanup()

    @property
    def address(self) -> str:
        """
        Where it answers: ``http://host:port``.
        """
        return f"http://{self._host}:{self._port}"

    async def _metrics(self, request: web.Request) -> web.Response:
        gzip = "gzip" in request.headers.get("Accept-Encoding", "")
        body, content_type = await self._page(request.headers.get("Accept", ""), gzip=gzip)
        headers = {"Content-Type": content_type, **({"Content-Encoding": "gzip"} if gzip else {})}
        return web.Response(body=body, headers=headers)

    async def _healthy(self, _request: web.Request) -> web.Response:
        return web.Response(text="healthy: the loop turns\n")

    async def _ready(self, _request: web.Request) -> web.Response:
        if obstacle := self._unready():
            return web.Response(status=503, text=f"not ready: {obstacle}\n")
        trouble = self._trouble()
        return web.Response(text=f"ready, but {trouble}\n" if trouble else "ready\n")
