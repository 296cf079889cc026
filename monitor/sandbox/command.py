"""
``monitor sandbox``: the stand-in alone, until it is stopped.
"""

import asyncio
import ipaddress
import json
import os
import signal
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import click

from monitor.core.errors import ConfigError
from monitor.sandbox.faults.phrases import parse_fault
from monitor.sandbox.faults.remote import switch_remote
from monitor.sandbox.server import Sandbox


@dataclass(frozen=True, slots=True, kw_only=True)
class Wishes:
    """
    How the stand-in is to be; *faults* are on from the start, with their parameters.
    """

    host: str
    port: int
    profile: str
    empty: bool = False
    rate_limits: bool = False
    faults: Mapping[str, Mapping[str, object]]


async def run_sandbox(wishes: Wishes, *, as_json: bool) -> int:
    """
    Serve until SIGTERM or Ctrl-C; return the exit code. Raises ``ConfigError`` when the address cannot be had.
    """
    stopped = asyncio.Event()
    code = 0

    def stop(number: signal.Signals) -> None:
        nonlocal code
        code = 130 if number is signal.SIGINT else 0
        stopped.set()

    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop, number)
    sandbox = Sandbox(
        host=wishes.host,
        port=wishes.port,
        empty=wishes.empty,
        profile=wishes.profile,
        rate_limits=wishes.rate_limits,
    )
    try:
        await sandbox.start()
    except OSError as error:
        message = f"--host {wishes.host} --port {wishes.port}: cannot be served on ({_reason(error)}): choose another"
        raise ConfigError(message) from error
    try:
        for name, parameters in wishes.faults.items():
            sandbox.faults.switch_on(name, **parameters)
        if not _is_loopback(wishes.host):
            click.echo(_warning(sandbox), err=True)
        click.echo(_as_json(sandbox) if as_json else _as_text(sandbox))
        await stopped.wait()
    finally:
        await sandbox.stop()
    return code


async def switch_faults(address: str, token: str, *, on: Mapping[str, Mapping[str, object]], off: Sequence[str]) -> int:
    """
    Switch faults of a running stand-in, tell what is on then, and return the exit code.
    """
    active = await switch_remote(address, token, on=on, off=off)
    click.echo(f"on: {', '.join(active) or 'nothing'}")
    return 0


def read_faults(phrases: Sequence[str]) -> dict[str, Mapping[str, object]]:
    """
    Return the faults of a command line, by name; raise ``ConfigError`` for a bad one, or for one named twice.
    """
    faults: dict[str, Mapping[str, object]] = {}
    for phrase in phrases:
        name, parameters = parse_fault(phrase)
        if name in faults:
            raise ConfigError(f"--fault {phrase}: '{name}' is named twice: call the second one '{name}@2'")
        faults[name] = parameters
    return faults


def break_command(sandbox: Sandbox, fault: str) -> str:
    """
    Return the shell command that switches *fault* on.
    """
    root = sandbox.endpoint.removesuffix("/v1")
    return f"curl -X PUT -H 'X-Sandbox-Token: {sandbox.fault_token}' {root}/sandbox/faults/{fault}"


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
  booking site {sandbox.site}
  project {sandbox.project} · database {sandbox.database}
  server key {sandbox.api_key}
  users {sandbox.customer.id}, {sandbox.therapist.id} · team {sandbox.team}
Break it (monitor sandbox --faults lists the ways):
  {break_command(sandbox, "realtime_silent")}"""


def _warning(sandbox: Sandbox) -> str:
    return f"""WARNING: {sandbox.endpoint} is not on loopback: whoever reaches this machine reaches the sandbox.
  Strangers can make accounts, write and read what permissions allow, open sockets, and fill this machine's memory;
  nothing is encrypted, so the server key and every session can be read on the way, and with the key everything.
  Put nothing real into it. Faults are still switched from this machine only, with their token."""


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _reason(error: OSError) -> str:
    # A name that is not known has a number of its own kind.
    is_plain = error.errno is not None and error.errno > 0
    return os.strerror(error.errno) if is_plain and error.errno is not None else str(error.strerror or error)
