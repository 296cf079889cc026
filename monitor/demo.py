"""
``monitor demo``: the sandbox and the daemon in one process, and what the daemon sees.
"""

import asyncio
import contextlib
import os
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from monitor.config import load_settings
from monitor.core.check import Check
from monitor.core.duration import show_duration
from monitor.core.outcome import Outcome, Status
from monitor.core.redaction import Redactor, secrets_in
from monitor.daemon import Daemon
from monitor.incidents.book import News
from monitor.logs import configure_logs
from monitor.registry import load_registry
from monitor.report import MARKS, headline
from monitor.sandbox.command import break_command
from monitor.sandbox.server import Sandbox

if TYPE_CHECKING:
    from rich.table import Table

# What is watched, and beside it what the platform is declared to be.
CONFIG = Path(__file__).with_name("demo.yaml")
_WEB_VARIABLES = "MONITOR_WEB__"
_LISTEN_VARIABLE = "MONITOR_WEB__LISTEN"
_LISTEN = "127.0.0.1:9464"
_STYLES = {
    Status.PASSED: "green",
    Status.DEGRADED: "yellow",
    Status.FAILED: "bold red",
    Status.ERRORED: "magenta",
    Status.MISSED: "dim",
}


async def run_demo(*, duration_seconds: float | None, port: int | None) -> int:
    """
    Watch a fresh sandbox, for *duration_seconds* or until stopped; return the exit code. A *port* overrules the
    environment.
    """
    async with Sandbox() as sandbox:
        settings = load_settings(CONFIG, load_registry(), {**environment(sandbox), **web_variables(port)})
        redact = Redactor(secrets_in(settings))
        configure_logs(level="error", redact=redact)
        view = _View(list(settings.checks.values()), redact)
        daemon = Daemon(
            settings,
            on_outcome=view.show,
            on_news=view.tell,
            on_started=lambda started: click.echo(_introduction(started.web.address, sandbox)),
        )
        daemon.heed_signals()
        if duration_seconds is not None:
            asyncio.get_running_loop().call_later(duration_seconds, daemon.stop)
        with view.live():
            code = await daemon.run()
    click.echo(f"\n{view.summary()}")
    return code


def environment(sandbox: Sandbox, *, port: int = 0) -> dict[str, str]:
    """
    Return the variables with which ``CONFIG`` is the configuration that watches *sandbox*.
    """
    return {
        "SANDBOX_ENDPOINT": sandbox.endpoint,
        "SANDBOX_SITE": sandbox.site.rstrip("/"),
        "SANDBOX_PROJECT": sandbox.project,
        "SANDBOX_DATABASE": sandbox.database,
        "SANDBOX_API_KEY": sandbox.api_key,
        "SANDBOX_EMAIL": sandbox.customer.email,
        "SANDBOX_PASSWORD": sandbox.customer.password,
        "DEMO_PORT": str(port),
    }


def web_variables(port: int | None) -> dict[str, str]:
    """
    Return what the environment says of the web server, so that a container's demo is reached from others; on *port*, if
    there is one.
    """
    found = {name: text for name, text in os.environ.items() if name.startswith(_WEB_VARIABLES)}
    listen = found.get(_LISTEN_VARIABLE) or _LISTEN
    found[_LISTEN_VARIABLE] = listen if port is None else f"{listen.rpartition(':')[0]}:{port}"
    return found


def _introduction(address: str, sandbox: Sandbox) -> str:
    return f"""Watching the embedded booking platform at {sandbox.endpoint} (Ctrl-C ends it)
  status   {address}/
  metrics  {address}/metrics
  health   {address}/-/healthy
  break it {break_command(sandbox, "realtime_silent")}
"""


class _View:
    """
    What a person sees: on a terminal one row a check, kept up to date; elsewhere one plain line a run.
    """

    def __init__(self, checks: list[Check], redact: Redactor) -> None:
        self._redact = redact
        self._last: dict[str, Outcome | None] = dict.fromkeys(check.name for check in checks)
        self._runs: Counter[str] = Counter()
        self._statuses: Counter[Status] = Counter()
        self._incidents: dict[str, str] = {}
        self._on_terminal = sys.stdout.isatty()

    def show(self, _check: Check, outcome: Outcome) -> None:
        self._last[outcome.check] = outcome
        self._runs[outcome.check] += 1
        self._statuses[outcome.status] += 1
        if not self._on_terminal:
            message = f"  {self._redact(outcome.message)}" if outcome.message else ""
            click.echo(f"{outcome.started_at:%H:%M:%S}  {headline(outcome)}{message}")

    def tell(self, news: News) -> None:
        """
        Say what became of incidents.
        """
        for incident in (*news.opened, *news.resolved):
            what = "resolved" if incident.resolved_at else "opened"
            line = self._redact(f"incident {what} ({incident.severity}): {incident.summary}")
            self._incidents[incident.id] = line
            if incident.resolved_at:
                del self._incidents[incident.id]
            if not self._on_terminal:
                click.echo(f"{incident.resolved_at or incident.opened_at:%H:%M:%S}  {line}")

    @contextlib.contextmanager
    def live(self) -> Iterator[None]:
        """
        Keep the rows up to date while inside.
        """
        if not self._on_terminal:
            yield
            return
        from rich.live import Live  # noqa: PLC0415 - needed on a terminal only

        with Live(get_renderable=self._table, refresh_per_second=4):
            yield

    def summary(self) -> str:
        """
        Return what was seen in all.
        """
        counts = ", ".join(f"{self._statuses[status]} {status}" for status in Status if self._statuses[status])
        return f"{self._statuses.total()} runs of {len(self._last)} checks: {counts or 'none yet'}"

    def _table(self) -> "Table":
        from rich.table import Table  # noqa: PLC0415 - needed on a terminal only

        table = Table("check", "status", "took", "runs", "what", box=None, padding=(0, 2))
        for name, outcome in self._last.items():
            if outcome is None:
                table.add_row(name, "[dim]waiting[/]", "", "", "")
                continue
            status = f"{MARKS[outcome.status]} {outcome.status}" + (f": {outcome.reason}" if outcome.reason else "")
            took = show_duration(outcome.duration_seconds)
            message = self._redact(outcome.message).replace("[", r"\[")
            table.add_row(name, f"[{_STYLES[outcome.status]}]{status}[/]", took, str(self._runs[name]), message)
        for line in self._incidents.values():
            table.add_row("", "[bold red]![/]", "", "", line.replace("[", r"\["))
        return table
