"""
What every part of the measurement is given: the extent, the cores, the target server and a folder to write into.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.bench.plan import Plan
from tests.bench.processes import Cores, child, python, read_json


@dataclass(frozen=True, slots=True, kw_only=True)
class Bench:
    """
    *origin*: scheme, host and port of the target server. *blackbox*: the path of blackbox_exporter, None when it is not
    installed.
    """

    plan: Plan
    cores: Cores
    origin: str
    folder: Path
    blackbox: str | None

    @property
    def url(self) -> str:
        """
        What every contender gets.
        """
        return f"{self.origin}/v1/health"

    def write_config(self, name: str, *, checks: int, every_seconds: float) -> str:
        """
        Write a configuration with that many ``http_endpoint`` checks; return its path.
        """
        head = (
            f"target: {{name: bench, endpoint: {self.origin}/v1, project: bench, database: main}}\n"
            "web: {listen: '127.0.0.1:0'}\n"
            "checks:\n"
        )
        settings = f"kind: http_endpoint, every: {every_seconds:g}s, timeout: {every_seconds * 0.9:g}s, url: {self.url}"
        entries = "".join(f"  endpoint-{number}: {{{settings}}}\n" for number in range(checks))
        path = self.folder / f"{name}.yaml"
        path.write_text(head + entries)
        return str(path)


@asynccontextmanager
async def bench_of(plan: Plan, *, blackbox: str | None) -> AsyncIterator[Bench]:
    """
    Run the target server for the length of the block.
    """
    cores = Cores.of_this_machine()
    with TemporaryDirectory(prefix="monitor-bench-") as folder:
        async with child(*python("tests.bench.target"), cores=cores.servers) as target:
            port = (await read_json(target))["port"]
            yield Bench(
                plan=plan,
                cores=cores,
                origin=f"http://127.0.0.1:{port}",
                folder=Path(folder),
                blackbox=blackbox,
            )
