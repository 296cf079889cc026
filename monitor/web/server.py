"""
The daemon's HTTP server: status page, API, metrics. Loopback by default.
"""

import asyncio
import errno
import logging
import os
import socket
import ssl
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from typing import Any

import structlog
from aiohttp import web

from monitor.alerting.history import History
from monitor.alerting.service import Alerting
from monitor.config import Settings
from monitor.config.server_tls import server_tls
from monitor.core.check import Check
from monitor.core.clock import Clock
from monitor.core.errors import ConfigError
from monitor.core.outcome import Outcome
from monitor.incidents.book import News
from monitor.store import StoreError
from monitor.web.access import Gate
from monitor.web.acting import Acting
from monitor.web.answers import encoded
from monitor.web.asking import Asking
from monitor.web.connections import Connections
from monitor.web.events import Events
from monitor.web.guard import Guard
from monitor.web.model import Shape
from monitor.web.openapi import document_of
from monitor.web.reading import Reading
from monitor.web.route import Answer, Right, Route
from monitor.web.showing import Page, Showing
from monitor.web.state import State

log = structlog.get_logger()

_MOST_BODY_BYTES = 64 << 10
_IDLE_SECONDS = 60.0
_END_SECONDS = 1.0
# The first run waits for that.
_REMEMBER_SECONDS = 5.0
_REMEDIES = {
    errno.EADDRNOTAVAIL: "choose an address of this machine, or 0.0.0.0 for all of them",
    errno.EACCES: "choose a port above 1023, or let this user bind it",
}
# It would write a traceback for whatever a stranger sends that is no HTTP.
_SILENT = logging.getLogger("monitor.web.wire")
_SILENT.disabled = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Backstage:
    """
    What the daemon has for the server: *page* renders the metrics for an ``Accept`` header, *run_now* runs a check once
    (None when the daemon was stopped meanwhile), *unready* says why the daemon is not ready, or nothing, and *trouble*
    what is wrong although it is.
    """

    page: Page
    run_now: Callable[[Check], Coroutine[Any, Any, Outcome | None]]
    unready: Callable[[], str]
    trouble: Callable[[], str] = lambda: ""


class WebServer:
    """
    Serves as the section ``web`` of *settings* says (port 0 takes a free one). The daemon tells it what happens.
    """

    def __init__(self, settings: Settings, clock: Clock, backstage: Backstage) -> None:
        self._settings = settings
        self._host = settings.web.host
        self._port = int(settings.web.listen.rpartition(":")[2])
        self.state = State(settings, clock, trouble=backstage.trouble)
        self._events = Events(self._render, monotonic=clock.monotonic)
        self._telling: asyncio.Task[None] | None = None
        gate = Gate(settings.web, clock.monotonic)
        reading = Reading(self.state, self._events)
        asking = Asking(backstage.run_now, clock, unready=backstage.unready)
        acting = Acting(self.state, asking, self._events, clock)
        showing = Showing(
            self.state, reading, gate, page=backstage.page, unready=backstage.unready, trouble=backstage.trouble
        )
        self.routes: tuple[Route, ...] = (
            *showing.routes(),
            *reading.routes(),
            *acting.routes(),
            Route(
                method="GET",
                path="/api/v1/openapi.json",
                handler=self.openapi,
                right=Right.READ,
                about="This document",
                answer=Answer(about="OpenAPI 3.1"),
            ),
        )
        self._guard = Guard(gate, self.routes, on_request=self._note_request)
        self._runner: web.AppRunner | None = None
        self._connections: Connections | None = None
        self._server: asyncio.Server | None = None

    async def start(self) -> None:
        """
        Begin to answer; raise ``ConfigError`` when the address cannot be had.
        """
        self._runner = runner = web.AppRunner(
            self._app(),
            access_log=None,
            logger=_SILENT,
            keepalive_timeout=_IDLE_SECONDS,
            shutdown_timeout=_END_SECONDS,
        )
        await runner.setup()
        if runner.server is None:
            raise ConfigError("web.listen: the server was not set up")
        self._connections = Connections(runner.server)
        try:
            self._server = await asyncio.get_running_loop().create_server(
                self._connections, self._host, self._port, ssl=self._tls(), backlog=128
            )
        except (OSError, ConfigError) as error:
            await runner.cleanup()
            raise self._cannot_serve(error) from error
        self._port = self._server.sockets[0].getsockname()[1]
        self._telling = asyncio.create_task(self._events.run(), name="web:events")

    async def attend(self, alerting: Alerting, history: History) -> None:
        """
        Show the incidents of *alerting*, and begin with what *history* has; called before the first run.
        """
        try:
            async with asyncio.timeout(_REMEMBER_SECONDS):
                await self.state.attend(alerting, history)
        except (StoreError, TimeoutError) as error:
            # Whoever looks sees less of what was; what is, he sees.
            log.warning("history.not_shown", error=str(error) or "the store did not answer in time")

    def use(self, settings: Settings) -> None:
        """
        Show what is configured from here on.
        """
        self.state.use(settings)
        self._events.note("status")

    def observe(self, outcome: Outcome) -> None:
        """
        Show *outcome*.
        """
        if self.state.observe(outcome):
            self._events.note("status")
        self._events.note("check", outcome.check)

    def hear(self, news: News) -> None:
        """
        Show what became of incidents.
        """
        self.state.hear(news)
        for incident in (*news.opened, *news.changed, *news.resolved):
            self._events.note("incident", incident.id)
            for check in incident.checks:
                self._events.note("check", check)
        self._events.note("status")

    async def stop(self) -> None:
        """
        Answer no more.
        """
        if self._server:
            self._server.close()
        if self._connections:
            self._connections.close()
        if self._runner:
            await self._runner.cleanup()
        if self._telling:
            self._telling.cancel()
            await asyncio.wait({self._telling})

    @property
    def address(self) -> str:
        """
        Where it answers: ``http://host:port``.
        """
        host = f"[{self._host}]" if ":" in self._host else self._host
        return f"http{'s' if self._settings.web.tls else ''}://{host}:{self._port}"

    async def openapi(self, _request: web.Request) -> web.Response:
        """
        Answer with the description of all that can be asked.
        """
        return web.json_response(
            document_of(self.routes, self._settings.web, check=next(iter(self.state.settings.checks), ""))
        )

    def _app(self) -> web.Application:
        app = web.Application(client_max_size=_MOST_BODY_BYTES)
        for route in self.routes:
            is_safe = route.method == "GET" and route.right is not Right.ACT and route.within_seconds is not None
            if is_safe:
                app.router.add_get(route.path, route.handler)
            else:
                # HEAD would start the same work, or never end.
                app.router.add_route(route.method, route.path, route.handler)
        self._guard.install(app)
        app.on_shutdown.append(self._let_listeners_go)
        return app

    async def _let_listeners_go(self, _app: web.Application) -> None:
        self._events.close()

    def _tls(self) -> ssl.SSLContext | None:
        tls = self._settings.web.tls
        if tls is None:
            return None
        try:
            return server_tls(self._settings.beside(tls.certificate), self._settings.beside(tls.key))
        except ValueError as error:
            raise ConfigError(f"web.tls: {error}") from error

    def _cannot_serve(self, error: OSError | ConfigError) -> ConfigError:
        if isinstance(error, ConfigError):
            return error
        place = self._settings.web.listen
        if isinstance(error, socket.gaierror):
            return ConfigError(f"web.listen: the name in {place} does not resolve: correct it, or give an address")
        reason = os.strerror(error.errno) if error.errno else str(error)
        remedy = _REMEDIES.get(error.errno or 0, "stop what uses it or choose another")
        return ConfigError(f"web.listen: cannot serve on {place} ({reason}): {remedy}")

    def _note_request(self, request: web.Request) -> None:
        if self._connections is not None:
            self._connections.note(request.protocol)

    async def _render(self, event: str, subject: str) -> bytes | None:
        view: Shape | None = None
        if event == "check":
            view = await self.state.check_view(subject, with_bars=False)
        elif event == "incident":
            view = await self.state.incident(subject)
        else:
            view = await self.state.brief()
        return None if view is None else encoded(view)
