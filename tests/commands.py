"""
Commands that work on a store, run in the process of the test, in a folder of its own.
"""

import asyncio
import json
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import structlog
from click.testing import CliRunner

from monitor.alerting.records import Batch, Records
from monitor.cli import cli
from monitor.core.errors import ConfigError
from monitor.store import Store
from tests.e2e.process import Ended

# In the configuration, so that nothing that is printed may hold it.
SECRET = "standard_" + "0123456789abcdef" * 4


class Folder:
    """
    A configuration of two checks and its store. *sinks* and *more* are YAML.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.store = path / "monitor.db"
        self.configure()

    def configure(self, *, sinks: str = "{}", more: str = "", location: str = "fra1") -> None:
        (self.path / "monitor.yaml").write_text(
            f"target: {{name: production, endpoint: http://127.0.0.1:1/v1, project: p, database: d, api_key: {SECRET}}}"
            f"\nlocation: {location}\n"
            "checks:\n"
            "  chat-delivery: {kind: http_endpoint, url: http://127.0.0.1:1/}\n"
            "  chat-access: {kind: http_endpoint, url: http://127.0.0.1:1/}\n"
            f"sinks: {sinks}\n{more}\n"
        )

    def keep(self, batch: Batch) -> None:
        """
        Have the store hold *batch*, as a daemon would have written it.
        """

        async def save() -> None:
            store = Store.open(self.store)
            await Records(store, target="production", location="fra1").save(batch)
            store.close()

        asyncio.run(save())

    def run(self, *words: str) -> Ended:
        """
        Run the command to its end; a mistake is told as ``main`` tells it.
        """
        arguments = [words[0], "-c", str(self.path / "monitor.yaml"), *words[1:]]
        with _logs_as_before():
            result = CliRunner().invoke(cli, arguments, standalone_mode=False)
        end = Ended(code=result.return_value or 0, out=result.stdout, err=result.stderr)
        if isinstance(result.exception, ConfigError):
            end = Ended(code=2, out=result.stdout, err=f"{result.exception}\n")
        elif result.exception is not None:
            raise result.exception
        assert SECRET not in end.out + end.err
        return end

    def json(self, *words: str) -> dict[str, Any]:
        """
        Run the command and return the document it prints.
        """
        document: dict[str, Any] = json.loads(self.run(*words, "--output", "json").out)
        return document


@contextmanager
def _logs_as_before() -> Iterator[None]:
    handlers = list(logging.getLogger().handlers)
    try:
        yield
    finally:
        structlog.reset_defaults()
        logging.getLogger().handlers = handlers
