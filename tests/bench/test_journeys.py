"""
The bare script is a fair peer: it asks for the same as the journey that it stands for.
"""

from collections import Counter
from collections.abc import Callable, Sequence

import pytest

from monitor.core.outcome import Status
from tests.bench.bare import BareJourneys
from tests.bench.our_journeys import journey_checks
from tests.bench.recording import Asked, Recording, recording
from tests.conftest import Platform

pytestmark = pytest.mark.asyncio


def _origin(platform: Platform) -> str:
    return platform.sandbox.endpoint.removesuffix("/v1")


async def _ours(platform: Platform, profile: str) -> Recording:
    [check] = journey_checks(1, profile=profile)
    async with recording(_origin(platform)) as (origin, ours):
        outcome = await platform.runner(endpoint=f"{origin}/v1").run_now(check)
    assert outcome is not None
    assert outcome.status is Status.PASSED, outcome.message
    return ours


async def _bare(platform: Platform, profile: str) -> Recording:
    sandbox = platform.sandbox
    async with recording(_origin(platform)) as (origin, bare):
        place = {"project": sandbox.project, "database": sandbox.database, "api_key": sandbox.api_key}
        script = BareJourneys({"endpoint": f"{origin}/v1", **place})
        await script.run(profile, 1, at_once=1)
        await script.close()
    return bare


@pytest.mark.parametrize(
    ("profile", "gather"),
    [
        # Two ways lead to the message that a function wrote, and whoever comes second finds it or not.
        pytest.param("january", set, id="january"),
        pytest.param("march", Counter, id="march"),
    ],
)
async def test_the_bare_script_asks_for_what_the_journey_asks_for(
    platform: Platform, profile: str, gather: Callable[[Sequence[Asked]], object]
) -> None:
    ours = await _ours(platform, profile)

    bare = await _bare(platform, profile)

    assert Counter(bare.played) == Counter(ours.played)
    assert gather(bare.removed) == gather(ours.removed)
    assert len(ours.sockets) == 2


@pytest.mark.parametrize("profile", ["january", "march"])
async def test_the_bare_script_leaves_nothing(platform: Platform, profile: str) -> None:
    collections = platform.sandbox.world.collections.values()
    before = {(each.id, document) for each in collections for document in each.documents}

    await _bare(platform, profile)

    assert {(each.id, document) for each in collections for document in each.documents} == before
