"""
``monitor sandbox``: the stand-in alone, until it is stopped.
"""

import asyncio
import json
import os
import signal
from collections.abc import Sequence

import click

from monitor.core.errors import ConfigError
from monitor.sandbox.server import Sandbox


async def run_sandbox(*, port: int, empty: bool, as_json: bool, faults: Sequence[str]) -> int:
    """
    Serve until SIGTERM or Ctrl-C; return the exit code. Raises ``ConfigError`` when the port cannot be had.
    """
    stopped = asyncio.Event()
    code = 0

    def stop(number: signal.Signals) -> None:
        nonlocal code
        code = 130 if number is signal.SIGINT else 0
        stopped.set()

    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop, number)
    sandbox = Sandbox(port=port, empty=empty)
    try:
        await sandbox.start()
    except OSError as error:
        raise ConfigError(
            f"--port {port}: cannot be served on ({os.strerror(error.errno or 0)}): choose another"
        ) from error
    try:
        for name in faults:
            sandbox.faults.switch_on(name)
        click.echo(_as_json(sandbox) if as_json else _as_text(sandbox))
        await stopped.wait()
    finally:
        await sandbox.stop()
    return code


def _as_json(sandbox: Sandbox) -> str:
    return json.dumps(
        {
            "endpoint": sandbox.endpoint,
            "project": sandbox.project,
            "database": sandbox.database,
            "api_key": sandbox.api_key,
            "fault_token": sandbox.fault_token,
        }
    )


def _as_text(sandbox: Sandbox) -> str:
    return f"""Appwrite stand-in at {sandbox.endpoint} (Ctrl-C ends it)
  project {sandbox.project} · database {sandbox.database}
  server key {sandbox.api_key}
  users {sandbox.customer.id}, {sandbox.therapist.id} · team {sandbox.team}
Break it:
  {break_command(sandbox, "realtime_silent")}"""


def break_command(sandbox: Sandbox, fault: str) -> str:
    """
    Return the shell command that switches *fault* on.
    """
    root = sandbox.endpoint.removesuffix("/v1")
    return f"curl -X PUT -H 'X-Sandbox-Token: {sandbox.fault_token}' {root}/sandbox/faults/{fault}"
