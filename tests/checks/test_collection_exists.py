import pytest

from monitor.core.outcome import Reason, Status
from tests.conftest import Platform, check_of

pytestmark = pytest.mark.asyncio


async def test_passes_when_the_collection_is_there(platform: Platform) -> None:
    outcome = await platform.run(check_of("collection_exists", collection="bookings"))

    assert (outcome.status, outcome.message) == (Status.PASSED, "")
    assert [step.name for step in outcome.steps] == ["database", "collection"]


async def test_fails_when_the_collection_was_deleted(platform: Platform) -> None:
    platform.sandbox.faults.switch_on("collection_missing", collection="bookings")

    outcome = await platform.run(check_of("collection_exists", collection="bookings"))

    assert (outcome.status, outcome.reason) == (Status.FAILED, Reason.NOT_FOUND)
    assert outcome.evidence["type"] == "collection_not_found"
    assert "'bookings'" in outcome.message


async def test_fails_when_the_collection_is_disabled_since_users_get_404(platform: Platform) -> None:
    platform.sandbox.world.databases[platform.sandbox.database].collections["bookings"].enabled = False

    outcome = await platform.run(check_of("collection_exists", collection="bookings"))

    assert (outcome.status, outcome.reason) == (Status.FAILED, Reason.NOT_FOUND)
    assert "disabled" in outcome.message


async def test_a_key_that_the_server_refuses_is_no_verdict_on_the_target(platform: Platform) -> None:
    outcome = await platform.run(check_of("collection_exists", collection="bookings"), api_key="standard_wrong")

    assert (outcome.status, outcome.reason) == (Status.ERRORED, Reason.INTERNAL)
    assert "the server key is wrong or revoked" in outcome.message
    assert "standard_wrong" not in outcome.message
