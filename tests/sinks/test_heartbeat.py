from collections.abc import AsyncIterator
from uuid import UUID, uuid4

import pytest
import pytest_asyncio
from pydantic import SecretStr

from monitor.core.redaction import Redactor
from monitor.sinks.base import DELIVERED, Result
from monitor.sinks.heartbeat import MAX_BODY_BYTES, HeartbeatClient
from monitor.sinks.settings import HeartbeatSettings
from tests.fakes.healthchecks import FakeHealthchecks
from tests.fakes.receiver import Fault, always
from tests.sinks.events import SetClock

pytestmark = pytest.mark.asyncio

RUN = UUID("00000000-0000-4000-8000-000000000001")


@pytest_asyncio.fixture
async def healthchecks() -> AsyncIterator[FakeHealthchecks]:
    async with FakeHealthchecks() as healthchecks:
        yield healthchecks


def client_for(url: str) -> HeartbeatClient:
    settings = HeartbeatSettings(url=SecretStr(url))
    return HeartbeatClient(settings, redact=Redactor(["known-secret"]), clock=SetClock(), attempt_seconds=0.3)


@pytest_asyncio.fixture
async def client(healthchecks: FakeHealthchecks) -> AsyncIterator[HeartbeatClient]:
    client = client_for(healthchecks.ping_url)
    yield client
    await client.close()


async def test_a_beat_says_that_checks_run(healthchecks: FakeHealthchecks, client: HeartbeatClient) -> None:
    assert await client.beat(run_id=RUN) == DELIVERED

    (beat,) = healthchecks.beats
    assert (beat.is_failed, beat.run_id, beat.body) == (False, RUN, "checks run")


async def test_a_failed_one_says_why_without_secrets(healthchecks: FakeHealthchecks, client: HeartbeatClient) -> None:
    assert await client.beat(run_id=str(RUN), failed="no network: known-secret, jane@example.com") == DELIVERED

    (beat,) = healthchecks.beats
    assert (beat.is_failed, beat.run_id) == (True, RUN)
    assert beat.body == "no network: [redacted], [redacted]"


@pytest.mark.parametrize(
    ("given", "beat", "failed"),
    [
        pytest.param("/ping", "/ping?rid=R", "/ping/fail?rid=R", id="plain"),
        pytest.param("/ping/", "/ping/?rid=R", "/ping/fail?rid=R", id="slash"),
        pytest.param("/p/slug?create=1", "/p/slug?create=1&rid=R", "/p/slug/fail?create=1&rid=R", id="query"),
        pytest.param("/a%2Fb?x=%20y", "/a%2Fb?x=%20y&rid=R", "/a%2Fb/fail?x=%20y&rid=R", id="encoded"),
        pytest.param("/ping#part", "/ping?rid=R", "/ping/fail?rid=R", id="fragment"),
        pytest.param("", "/?rid=R", "/fail?rid=R", id="no-path"),
    ],
)
async def test_the_address_is_kept_and_added_to(
    healthchecks: FakeHealthchecks, given: str, beat: str, failed: str
) -> None:
    client, asked = client_for(healthchecks.url + given), []
    for reason in ("", "no verdicts"):
        await client.beat(run_id=RUN, failed=reason)
        asked.append(healthchecks.requests[-1].target.replace(str(RUN), "R"))
    await client.close()

    assert asked == [beat, failed]


async def test_an_answer_of_200_that_counted_nothing_is_no_success(healthchecks: FakeHealthchecks) -> None:
    client = client_for(f"{healthchecks.url}/{uuid4()}")

    answer = await client.beat(run_id=RUN)
    await client.close()

    assert answer.result is Result.REFUSED
    assert "copy its ping URL anew" in answer.why


async def test_too_many_beats_are_told_of(healthchecks: FakeHealthchecks, client: HeartbeatClient) -> None:
    healthchecks.is_limiting = True

    answer = await client.beat(run_id=RUN)

    assert answer.result is Result.RETRY
    assert "'every'" in answer.why


@pytest.mark.parametrize("fault", [Fault.SLOW, Fault.RESET_IN_BODY])
async def test_a_beat_that_was_taken_counts_though_the_answer_never_ends(
    healthchecks: FakeHealthchecks, client: HeartbeatClient, fault: Fault
) -> None:
    healthchecks.faults = always(fault)

    assert await client.beat(run_id=RUN) == DELIVERED


async def test_a_long_reason_is_cut_to_what_is_kept(healthchecks: FakeHealthchecks, client: HeartbeatClient) -> None:
    await client.beat(run_id=RUN, failed="🧪" * 8000)

    assert 9000 < len(healthchecks.requests[0].body) <= MAX_BODY_BYTES
    assert healthchecks.beats[0].body.endswith("…")
