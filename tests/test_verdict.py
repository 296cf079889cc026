import asyncio

import pytest

from monitor.appwrite.failures import failed
from monitor.core.outcome import Reason, Status
from monitor.core.run import Run
from tests.engine import Engine, behaving

pytestmark = [pytest.mark.asyncio, pytest.mark.looptime(start=0.0)]


@pytest.mark.parametrize(
    ("reason", "status"),
    [
        pytest.param(Reason.TIMEOUT, Status.FAILED, id="its-last-exchange-ended-with-the-deadline"),
        pytest.param(Reason.NO_EVENT, Status.ERRORED, id="it-swallowed-its-cancellation"),
    ],
)
async def test_what_a_check_says_when_it_is_interrupted_at_its_deadline_counts_if_it_is_the_deadline(
    reason: Reason, status: Status
) -> None:
    async def ends_late(_run: Run) -> None:
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            raise failed(reason, "GET /v1: no first byte within 5s") from None

    outcome = await Engine().run(behaving(ends_late))

    assert (outcome.status, outcome.message.startswith("GET /v1")) == (status, status is Status.FAILED)
