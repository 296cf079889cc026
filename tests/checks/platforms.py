"""
Platforms other than the one that most tests of kinds use.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import aiohttp

from monitor.core.check import Check
from monitor.core.outcome import Outcome
from monitor.core.target import Target
from monitor.sandbox.server import Sandbox
from tests.conftest import Platform, platform_at


async def by_key(platform: Platform, method: str, path: str, **body: object) -> None:
    """
    Change the platform through its own API, as its operator does.
    """
    headers = {"X-Appwrite-Project": platform.sandbox.project, "X-Appwrite-Key": platform.sandbox.api_key}
    async with aiohttp.request(method, f"{platform.sandbox.endpoint}{path}", headers=headers, json=body) as answer:
        assert answer.status < 300, await answer.text()


@asynccontextmanager
async def platform_of(**settings: Any) -> AsyncIterator[Platform]:
    """
    Run a sandbox made with *settings*, such as ``profile="1.8"`` or ``rate_limits=True``.
    """
    async with Sandbox(**settings) as sandbox, platform_at(sandbox) as platform:
        yield platform


async def run_without_key(platform: Platform, check: Check) -> Outcome:
    """
    Run *check* once against a target whose server key the monitor was not given.
    """
    sandbox = platform.sandbox
    runner = platform.runner()
    target = Target(name="sandbox", endpoint=sandbox.endpoint, project=sandbox.project, database=sandbox.database)
    runner.move_to(target=target, identities=platform._identities, manifest=None)
    outcome = await runner.run_now(check)
    assert outcome is not None
    return outcome
