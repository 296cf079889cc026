"""
Fixtures that more than one folder of tests uses.
"""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any

import pytest_asyncio

from monitor.appwrite.removal import AppwriteRemover
from monitor.appwrite.transport import AiohttpTransport
from monitor.core.check import Check
from monitor.core.clock import SystemClock
from monitor.core.identity import Anonymous, Guest, Identity, Password, User
from monitor.core.manifest import Manifest
from monitor.core.outcome import Outcome
from monitor.core.run import Surroundings
from monitor.core.target import Target
from monitor.lease import Lease
from monitor.leftovers import Leftovers
from monitor.registry import load_registry
from monitor.runner import Runner
from monitor.sandbox.server import Sandbox
from monitor.store import Store
from tests.engine import NoStalls

# Or asking for the current loop makes one in the main thread that nobody closes, and warnings are errors here.
asyncio.set_event_loop(None)


class Platform:
    """
    The sandbox as a target, and a runner to run checks against it, through real sockets.

    *manifest* is what it is declared to be, for the runs from here on; None until a test declares something.
    """

    def __init__(self, sandbox: Sandbox, transport: AiohttpTransport, leftovers: Leftovers) -> None:
        self.sandbox = sandbox
        self.leftovers = leftovers
        self.outcomes: list[Outcome] = []
        self.manifest: Manifest | None = None
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

    async def run(
        self, check: Check, *, api_key: str | None = None, endpoint: str | None = None, api: str = "collections"
    ) -> Outcome:
        """
        Run *check* once; *api_key* and *endpoint* replace the right ones, *api* is the family of calls.
        """
        outcome = await self.runner(api_key=api_key, endpoint=endpoint, api=api).run_now(check)
        assert outcome is not None
        return outcome

    def runner(self, *, api_key: str | None = None, endpoint: str | None = None, api: str = "collections") -> Runner:
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
                    "api": api,
                    # The sandbox serves the booking site beside the API.
                    "site": (endpoint or self.sandbox.endpoint).removesuffix("/v1"),
                }
            ),
            location="here",
            identities=self._identities,
            transport=self._transport,
            clock=SystemClock(),
            manifest=self.manifest,
            journal=self.leftovers,
        )
        return Runner(here, stalls=NoStalls(), on_outcome=lambda _, outcome: self.outcomes.append(outcome))


@pytest_asyncio.fixture
async def sandbox() -> AsyncIterator[Sandbox]:
    async with Sandbox() as sandbox:
        yield sandbox


@asynccontextmanager
async def platform_at(sandbox: Sandbox) -> AsyncIterator[Platform]:
    """
    Give *sandbox* as a platform; what runs leave is journaled in memory.
    """
    transport, store = AiohttpTransport(user_agent="monitor/test", budget=None), Store.open(None)
    try:
        yield Platform(sandbox, transport, Leftovers(store, Lease(None), AppwriteRemover(), SystemClock()))
    finally:
        await transport.close()
        store.close()


@pytest_asyncio.fixture
async def platform(sandbox: Sandbox) -> AsyncIterator[Platform]:
    async with platform_at(sandbox) as platform:
        yield platform


def check_of(kind: str, **settings: Any) -> Check:
    """
    Return a check of *kind* as the configuration would make it.
    """
    return load_registry().kinds[kind].model_validate({"name": "checked", "timeout": "3s", **settings})


def failed_steps(outcome: Outcome) -> list[str]:
    """
    Return the names of the steps that failed.
    """
    return [step.name for step in outcome.steps if not step.passed]
