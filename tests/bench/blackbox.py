"""
prometheus-blackbox-exporter as a peer, in the form that costs it least.

Its page is not compressed and its connection to the driver is kept. The page is part of what a probe costs there, since
it has no other result; ours is rendered once per scrape for all checks, and measured by itself.
"""

import asyncio
import socket
import subprocess
from asyncio.subprocess import Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from urllib.parse import quote

from tests.bench.bench import Bench
from tests.bench.figure import MeasurementError
from tests.bench.processes import ask, child, python, read_json
from tests.bench.usage import cpu_seconds_of

# Without a preference it would look for IPv6 first.
_MODULES = "modules: {http_2xx: {prober: http, timeout: 5s, http: {preferred_ip_protocol: ip4}}}\n"
_START_SECONDS = 10.0


@dataclass(frozen=True, slots=True)
class Blackbox:
    """
    A running exporter, and the process that asks it for probes.
    """

    exporter: Process
    driver: Process

    async def cpu_seconds(self, runs: int, *, per_second: float = 0.0) -> float:
        """
        Make *runs* probes, ten at a time or paced; return the CPU seconds that the exporter took.
        """
        before = cpu_seconds_of(self.exporter.pid)
        await ask(self.driver, runs=runs, per_second=per_second)
        return cpu_seconds_of(self.exporter.pid) - before


@asynccontextmanager
async def blackbox_of(bench: Bench) -> AsyncIterator[Blackbox | None]:
    """
    Run the exporter on the clients' core and its driver on the servers'; None when it is not installed.
    """
    if bench.blackbox is None:
        yield None
        return
    modules = bench.folder / "blackbox.yml"
    modules.write_text(_MODULES)
    address = f"127.0.0.1:{free_port()}"
    exporter_command = (bench.blackbox, f"--config.file={modules}", f"--web.listen-address={address}")
    url = f"http://{address}/probe?module=http_2xx&target={quote(bench.url, safe='')}"
    async with child(*exporter_command, "--log.level=error", cores=bench.cores.clients) as exporter:
        await listening(address)
        async with child(*python("tests.bench.worker", "driver_kept", url), cores=bench.cores.servers) as driver:
            await read_json(driver)
            yield Blackbox(exporter, driver)


def version_of(path: str) -> str:
    """
    Return the version that a program of Prometheus tells of itself.
    """
    told = subprocess.run([path, "--version"], capture_output=True, text=True, timeout=10, check=False)
    words = (told.stdout + told.stderr).split()
    return words[words.index("version") + 1] if "version" in words else "of unknown version"


def free_port() -> int:
    """
    Return a port of loopback that nobody listens on now.
    """
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        return int(held.getsockname()[1])


async def listening(address: str) -> None:
    """
    Wait until somebody listens on *address*, ``HOST:PORT``.
    """
    host, _, port = address.rpartition(":")
    try:
        async with asyncio.timeout(_START_SECONDS):
            while True:
                try:
                    _, writer = await asyncio.open_connection(host, int(port))
                except OSError:
                    await asyncio.sleep(0.05)
                    continue
                writer.close()
                return
    except TimeoutError:
        raise MeasurementError(f"nobody listens on {address} after {_START_SECONDS:.0f} s") from None
