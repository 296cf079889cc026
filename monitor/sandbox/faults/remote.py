"""
Switching the faults of a sandbox that runs already.
"""

import json
from collections.abc import Iterable, Mapping
from urllib.parse import quote

import aiohttp

from monitor.core.errors import ConfigError
from monitor.sandbox.trust import TOKEN_HEADER

_DEADLINE = aiohttp.ClientTimeout(total=10.0)


async def switch_remote(
    address: str, token: str, *, on: Mapping[str, Mapping[str, object]], off: Iterable[str]
) -> list[str]:
    """
    Switch faults *off*, then *on* with their parameters; return what is on then.

    *address* is that of the sandbox, with or without ``/v1``. Raises ``ConfigError`` with the sandbox's own sentence.
    """
    root = f"{address.rstrip('/').removesuffix('/v1')}/sandbox/faults"
    try:
        async with aiohttp.ClientSession(headers={TOKEN_HEADER: token}, timeout=_DEADLINE) as session:
            for name in off:
                await _call(session, "DELETE", f"{root}/{quote(name, safe='@')}")
            for name, parameters in on.items():
                await _call(session, "PUT", f"{root}/{quote(name, safe='@')}", parameters)
            active = (await _call(session, "GET", root)).get("active")
    except (aiohttp.ClientError, TimeoutError, ValueError) as error:
        raise ConfigError(f"--at {address}: no sandbox answers there ({str(error) or type(error).__name__})") from error
    return list(active) if isinstance(active, list) else []


async def _call(
    session: aiohttp.ClientSession, method: str, url: str, parameters: Mapping[str, object] | None = None
) -> dict[str, object]:
    async with session.request(method, url, json=parameters) as response:
        body = json.loads(await response.read())
        if not isinstance(body, dict):
            raise ValueError("its answer is no object")  # noqa: TRY004 - one class for every answer that is none
        if not response.ok:
            raise ConfigError(str(body.get("message")))
        return body
