"""
The sandbox as a server: one port for REST, realtime and the switches of the faults; on this machine only by default.

::

    async with Sandbox() as sandbox:
        print(sandbox.endpoint)
        sandbox.faults.switch_on("slow", seconds=1.0)
"""

import secrets
from types import TracebackType
from typing import Self

from aiohttp import web

from monitor.core.clock import Clock
from monitor.sandbox import console, seed
from monitor.sandbox.faults.control import Control
from monitor.sandbox.faults.sockets import OpenSockets
from monitor.sandbox.faults.switches import Faults
from monitor.sandbox.faults.wiring import wire
from monitor.sandbox.functions.backend import Backend
from monitor.sandbox.profile import profile_named
from monitor.sandbox.protocol.reading import segments_of
from monitor.sandbox.realtime.endpoint import Realtime
from monitor.sandbox.realtime.hub import Hub
from monitor.sandbox.rest import Rest
from monitor.sandbox.site.pages import Site
from monitor.sandbox.state.world import World

# Handlers get it once to finish and once after being cancelled; together well below a second.
_SHUTDOWN_SECONDS = 0.2

_MAX_READ_LINE_BYTES = 65_536
# More than a hundred documents of the largest size that checks write.
_MAX_BODY_BYTES = 8 << 20


class Sandbox:
    """
    An Appwrite-compatible server with the booking platform's collections; *empty* starts without collections.

    Port 0 takes a free one. *profile* is a version of ``PROFILES``; *rate_limits* makes it refuse what exceeds them,
    which it otherwise only announces; *clock* is for tests. Used with ``async with``, or by ``start`` and ``stop``.
    """

    def __init__(  # noqa: PLR0913 - what can be chosen about a server
        self,
        *,
        host: str = "127.0.0.1",
        port: int = 0,
        empty: bool = False,
        project: str = seed.PROJECT,
        profile: str = "1.9",
        rate_limits: bool = False,
        clock: Clock | None = None,
    ) -> None:
        self.project = project
        self.rate_limits = rate_limits
        self.database = seed.DATABASE
        self.team = seed.TEAM
        self.customer = seed.new_person(seed.CUSTOMER)
        self.therapist = seed.new_person(seed.THERAPIST)
        self.stranger = seed.new_person(seed.STRANGER)
        self.api_key = f"standard_{secrets.token_hex(32)}"
        self.fault_token = secrets.token_urlsafe(24)
        self.faults = Faults()
        self.world = World(project=self.project, profile=profile_named(profile), clock=clock)
        wire(self.faults, self.world)
        self.world.rate_limits = rate_limits
        self.world.add_key(self.api_key)
        seed.seed(self.world, people=(self.customer, self.therapist), stranger=self.stranger, empty=empty)
        self.hub = Hub(self.world, relay=self.faults.relay)
        self.faults.sockets = OpenSockets(self.hub)
        self._host = host
        self._port = port
        backend = Backend(self.world, self.hub, delay=self.faults.backend_delay)
        self._rest = Rest(self.world, backend, self.faults)
        self._realtime = Realtime(self.world, self.hub, self.faults)
        self._site = Site(self.world, self.faults, database=self.database)
        self._control = Control(self.faults, self.fault_token)
        self._console = console.Console(self.world, self.fault_token)
        self._runner: web.AppRunner | None = None

    @property
    def endpoint(self) -> str:
        """
        The address of the API, once started.
        """
        host = f"[{self._host}]" if ":" in self._host else self._host
        return f"http://{host}:{self._port}/v1"

    @property
    def site(self) -> str:
        """
        The address of the booking site, once started.
        """
        return self.endpoint.removesuffix("v1")

    async def start(self) -> None:
        """
        Listen; raise ``OSError`` when the port cannot be had.
        """
        app = web.Application(client_max_size=_MAX_BODY_BYTES)
        app.router.add_route("*", "/{path:.*}", self._serve)
        runner = web.AppRunner(
            app,
            access_log=None,
            shutdown_timeout=_SHUTDOWN_SECONDS,
            max_line_size=_MAX_READ_LINE_BYTES,
            # A real server takes a compressed body for one it cannot read.
            auto_decompress=False,
        )
        await runner.setup()
        self._runner = runner
        try:
            await web.TCPSite(runner, self._host, self._port).start()
        except OSError:
            await self.stop()
            raise
        self._port = runner.addresses[0][1]
        for worker in self.world.workers:
            worker.start()

    async def stop(self) -> None:
        """
        End every connection and stop listening, within a second; harmless when repeated.
        """
        runner, self._runner = self._runner, None
        try:
            for worker in self.world.workers:
                await worker.stop()
        finally:
            if runner is not None:
                self.hub.stop()
                await runner.cleanup()

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.stop()

    async def _serve(self, request: web.Request) -> web.StreamResponse:
        try:
            return await self._answer(request)
        except ConnectionError:
            # Whoever asked is gone; there is nobody to answer, and nothing went wrong here.
            return web.Response(status=400)

    async def _answer(self, request: web.Request) -> web.StreamResponse:
        segments = segments_of(request)
        if segments[:2] == console.PREFIX:
            return await self._console.answer(request, segments)
        if segments[:1] == ["sandbox"]:
            return await self._control.answer(request, segments)
        if segments[:1] != ["v1"] and "X-Appwrite-Project" not in request.headers:
            # In life the site is hosted elsewhere: no trouble of the API touches it, and a client of the API that
            # lacks the /v1 never meets it.
            return self._site.answer(request, segments)
        if segments == ["v1", "realtime"]:
            return await self._realtime.serve(request)
        return await self.faults.answer(request) or await self._rest.answer(request)
