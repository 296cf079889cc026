"""
Fixtures that more than one folder of tests uses.
"""

import asyncio
from collections.abc import AsyncIterator, Mapping
from typing import Any

import pytest_asyncio

from monitor.appwrite.transport import AiohttpTransport
from monitor.core.check import Check, Surroundings
from monitor.core.clock import SystemClock
from monitor.core.identity import Anonymous, Guest, Identity, Password, User
from monitor.core.outcome import Outcome
from monitor.core.target import Target
from monitor.registry import load_registry
from monitor.runner import Runner
from monitor.sandbox.server import Sandbox
from tests.engine import NoStalls

# Or asking for the current loop makes one in the main thread that nobody closes, and warnings are errors here.
asyncio.set_event_loop(None)


class Platform:
    """
    The sandbox as a target, and a runner to run checks against it, through real sockets.
    """

    def __init__(self, sandbox: Sandbox, transport: AiohttpTransport) -> None:
        self.sandbox = sandbox
        self.outcomes: list[Outcome] = []
        self._transport = transport
        self._identities: Mapping[str, Identity] = {
            "guest": Guest(),
            "customer": User(user_id=sandbox.customer.id),
            "therapist": User(user_id=sandbox.therapist.id),
            "stranger": User(user_id=sandbox.stranger.id),
            "nobody": User(user_id="synthetic-nobody"),
            "login": Password.model_validate({"email": sandbox.customer.email, "password": sandbox.customer.password}),
            "anonymous": Anonymous(),
        }

    async def run(self, check: Check, *, api_key: str | None = None, endpoint: str | None = None) -> Outcome:
        """
        Run *check* once; *api_key* and *endpoint* replace the right ones.
        """
        outcome = await self.runner(api_key=api_key, endpoint=endpoint).run_now(check)
        assert outcome is not None
        return outcome

    def runner(self, *, api_key: str | None = None, endpoint: str | None = None) -> Runner:
        """
        Return a runner against the sandbox, or against what stands at *endpoint*.
        """
        here = Surroundings(
            target=Target.model_validate(
                {
                    "name": "sandbox",
                    "endpoint": endpoint or self.sandbox.endpoint,
                    "project": self.sandbox.project,
                    "database": self.sandbox.database,
                    "api_key": api_key or self.sandbox.api_key,
                }
            ),
            location="here",
            identities=self._identities,
            transport=self._transport,
            clock=SystemClock(),
        )
        return Runner(here, stalls=NoStalls(), on_outcome=lambda _, outcome: self.outcomes.append(outcome))


@pytest_asyncio.fixture
async def sandbox() -> AsyncIterator[Sandbox]:
    async with Sandbox() as sandbox:
        yield sandbox


@pytest_asyncio.fixture
async def platform(sandbox: Sandbox) -> AsyncIterator[Platform]:
    transport = AiohttpTransport(user_agent="monitor/test", budget=None)
    yield Platform(sandbox, transport)
    await transport.close()


def check_of(kind: str, **settings: Any) -> Check:
    """
    Return a check of *kind* as the configuration would make it.
    """
    return load_registry().kinds[kind].model_validate({"name": "checked", "timeout": "3s", **settings})
