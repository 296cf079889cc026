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

from monitor.sandbox import seed
from monitor.sandbox.faults.control import Control
from monitor.sandbox.faults.switches import Faults
from monitor.sandbox.profile import PROFILES
from monitor.sandbox.protocol.answers import from_proxy
from monitor.sandbox.realtime.endpoint import Realtime
from monitor.sandbox.realtime.hub import Hub
from monitor.sandbox.rest import Rest, segments_of
from monitor.sandbox.state.world import World

# Handlers get it once to finish and once after being cancelled; together well below a second.
_SHUTDOWN_SECONDS = 0.2

# A longer address, such as one with very many channels, is refused by the proxy of a real installation.
_MAX_ADDRESS_BYTES = 8_192
_MAX_READ_LINE_BYTES = 65_536


class Sandbox:
    """
    An Appwrite-compatible server with the booking platform's collections; *empty* starts without collections.

    Port 0 takes a free one. *profile* is a version of ``PROFILES``; *rate_limits* makes it refuse what exceeds them,
    which it otherwise only announces. Used with ``async with``, or by ``start`` and ``stop``.
    """

    def __init__(
        self,
        *,
        host: str = "127.0.0.1",
        port: int = 0,
        empty: bool = False,
        project: str = seed.PROJECT,
        profile: str = "1.9",
        rate_limits: bool = False,
    ) -> None:
        self.project = project
        self.rate_limits = rate_limits
        self.database = seed.DATABASE
        self.team = seed.TEAM
        self.customer = seed.new_person(seed.CUSTOMER)
        self.therapist = seed.new_person(seed.THERAPIST)
        self.api_key = f"standard_{secrets.token_hex(32)}"
        self.fault_token = secrets.token_urlsafe(24)
        self.faults = Faults()
        self.world = World(project=self.project, profile=PROFILES[profile])
        self.world.view = self.faults.see
        self.world.add_key(self.api_key)
        seed.seed(self.world, people=(self.customer, self.therapist), empty=empty)
        self.hub = Hub(self.world, relay=self.faults.relay)
        self._host = host
        self._port = port
        self._rest = Rest(self.world, self.hub)
        self._realtime = Realtime(self.world, self.hub, self.faults)
        self._control = Control(self.faults, self.fault_token)
        self._runner: web.AppRunner | None = None

    @property
    def endpoint(self) -> str:
        """
        The address of the API, once started.
        """
        host = f"[{self._host}]" if ":" in self._host else self._host
        return f"http://{host}:{self._port}/v1"

    async def start(self) -> None:
        """
        Listen; raise ``OSError`` when the port cannot be had.
        """
        app = web.Application()
        app.router.add_route("*", "/{path:.*}", self._serve)
        runner = web.AppRunner(
            app, access_log=None, shutdown_timeout=_SHUTDOWN_SECONDS, max_line_size=_MAX_READ_LINE_BYTES
        )
        await runner.setup()
        self._runner = runner
        try:
            await web.TCPSite(runner, self._host, self._port).start()
        except OSError:
            await self.stop()
            raise
        self._port = runner.addresses[0][1]

    async def stop(self) -> None:
        """
        End every connection and stop listening, within a second; harmless when repeated.
        """
        runner, self._runner = self._runner, None
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
        if len(request.raw_path) > _MAX_ADDRESS_BYTES:
            return from_proxy(414)
        segments = segments_of(request)
        if segments[:1] == ["sandbox"]:
            return await self._control.answer(request, segments)
        if segments == ["v1", "realtime"]:
            return await self._realtime.serve(request)
        return await self.faults.answer(request) or await self._rest.answer(request)
