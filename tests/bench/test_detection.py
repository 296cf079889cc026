"""
What the times until a page rest on: targets that can be broken, moments without luck, and whose page was first.
"""

import asyncio
import random

import aiohttp
import pytest

from tests.bench.detection import moments_of
from tests.bench.figure import MeasurementError
from tests.bench.pages import Pages
from tests.bench.switchable import Fault, targets_of
from tests.fakes.pagerduty import ROUTING_KEY, FakePagerDuty

_PEERS_KEY = "p" * 32


async def _tell(pager: FakePagerDuty, *, key: str = ROUTING_KEY, action: str = "trigger", name: str) -> None:
    payload = {"summary": f"http://127.0.0.1/{name} is down", "source": "test", "severity": "critical"}
    event = {"routing_key": key, "event_action": action, "dedup_key": name, "payload": payload}
    async with aiohttp.ClientSession() as session, session.post(pager.enqueue_url, json=event) as response:
        assert response.status == 202


@pytest.mark.asyncio
async def test_one_target_is_broken_while_the_others_are_well() -> None:
    async with targets_of(["once-000", "silent-000", "well-000"]) as targets, aiohttp.ClientSession() as session:

        async def ask(name: str) -> int:
            headers = {"User-Agent": "monitor/1.0"}
            async with asyncio.timeout(0.1), session.get(targets.url(name), headers=headers) as response:
                return response.status

        before = [await ask(name) for name in targets.names]
        targets.switch_on("once-000", Fault.AT_ONCE)
        targets.switch_on("silent-000", Fault.SILENT)
        after = [await ask("once-000"), await ask("well-000")]
        with pytest.raises(TimeoutError):
            await ask("silent-000")

    assert (before, after) == ([200, 200, 200], [500, 200])
    assert (targets.times_asked("monitor"), targets.times_asked("Blackbox Exporter")) == (2, 0)


@pytest.mark.parametrize("seed", range(5))
def test_faults_begin_so_that_no_median_is_luck(seed: int) -> None:
    chance = random.Random(seed)
    phases = {f"once-{number:03}": [chance.uniform(0.0, 10.0) for _ in range(2)] for number in range(50)}

    moments = moments_of(phases, every_seconds=10.0)

    waits = [[(phases[name][contender] - moments[name]) % 10.0 for name in phases] for contender in range(2)]
    short = [sum(wait < 5.0 for wait in each) for each in waits]
    # By chance alone it would be 25 give or take 3.5.
    assert short[0] == 25
    assert abs(short[1] - 25) <= 2


@pytest.mark.asyncio
async def test_the_first_page_of_each_contender_counts() -> None:
    pages = Pages(pager := FakePagerDuty())
    async with pager:
        await _tell(pager, name="once-000", action="resolve")
        await _tell(pager, name="once-000")
        first = pages.told_at(ROUTING_KEY, ["once-000"])
        await _tell(pager, name="once-000")
        await _tell(pager, name="once-001", key=_PEERS_KEY)
        ours = pages.told_at(ROUTING_KEY, ["once-000", "once-001"])
        began_at = {"once-000": pager.requests[0].arrived}
        delays = await pages.delays(ROUTING_KEY, began_at, whose="ours", within_seconds=1.0)

    assert first == ours == {"once-000": pager.requests[1].arrived}
    assert delays == {"once-000": pager.requests[1].arrived - pager.requests[0].arrived}


@pytest.mark.asyncio
@pytest.mark.parametrize(
    ("name", "complaint"),
    [
        pytest.param("once-000", "ours paged for once-000 before anything was wrong", id="too early"),
        pytest.param("once-001", r"no page of ours for 1 of 1 faults \(once-001 …\) after 0 s", id="never"),
    ],
)
async def test_what_is_no_page_for_the_fault_is_no_figure(name: str, complaint: str) -> None:
    pages = Pages(pager := FakePagerDuty())
    async with pager:
        await _tell(pager, name="once-000")
        began_at = {name: pager.requests[0].arrived + 1.0}

        with pytest.raises(MeasurementError, match=complaint):
            await pages.delays(ROUTING_KEY, began_at, whose="ours", within_seconds=0.05)
