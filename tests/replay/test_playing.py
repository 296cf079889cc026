"""
Real replays: the command as a process, and scripts that must fail.
"""

import asyncio
import re
import signal
from collections.abc import Mapping

import pytest
import pytest_asyncio

from monitor.core.cause import Cause
from monitor.core.severity import Severity
from monitor.replay.playing import run_replay
from monitor.sandbox.incidents.catalogue import INCIDENTS
from monitor.sandbox.incidents.script import Act, AllRight, Diagnosed, Script
from tests.e2e.process import Ended, ended, line_with, monitor, running

pytestmark = [pytest.mark.slow, pytest.mark.timeout(180)]
in_one_loop = pytest.mark.asyncio(loop_scope="module")

# What was promised, on a machine that may be busy.
MOST_SECONDS = 120.0


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def ends() -> Mapping[str, Ended]:
    """
    What each incident says, as a process; all at once, since they wait for most of the time.
    """
    playing = [monitor("demo", "--incident", name, "--port", "0", within_seconds=MOST_SECONDS) for name in INCIDENTS]
    return dict(zip(INCIDENTS, await asyncio.gather(*playing), strict=True))


@in_one_loop
@pytest.mark.parametrize("name", INCIDENTS)
async def test_every_incident_is_diagnosed_as_it_must_be_in_less_than_two_minutes(
    ends: Mapping[str, Ended], name: str
) -> None:
    end, acts = ends[name], INCIDENTS[name].acts

    assert (end.code, end.err) == (0, ""), end.out
    assert len(re.findall(r"^     detected after \d+\.\ds: ", end.out, re.MULTILINE)) >= len(acts) - 1
    assert len(re.findall(r"^     all right again after \d+\.\ds$", end.out, re.MULTILINE)) == 1
    assert f"{name}: {len(acts)} of {len(acts)} acts as expected, in " in end.out.splitlines()[-1]


@pytest.mark.asyncio
async def test_a_wrong_expectation_ends_with_one_and_says_which(capsys: pytest.CaptureFixture[str]) -> None:
    script = Script(
        name="wrong",
        summary="a collection is missing, and another cause is expected",
        acts=(
            Act(
                title="It is taken for a silent realtime.",
                faults={"collection_missing": {}},
                expectation=Diagnosed(cause=Cause.REALTIME_SILENT, severity=Severity.PAGE, within_seconds=12.0),
            ),
            Act(title="Nobody has time to see that it is mended.", expectation=AllRight(within_seconds=0.2)),
        ),
    )

    code = await run_replay(script, port=0)

    failures = re.findall(r"^FAILED  (.*)$", capsys.readouterr().out, re.MULTILINE)
    assert code == 1
    assert failures[0] == (
        "act 1: realtime_silent was not diagnosed within 12s: nothing but collection_missing is open"
    )
    assert "act 2: not all right within 0.2s: collection_missing is still open" in failures[-1]


@pytest.mark.asyncio
async def test_ctrl_c_ends_it_with_130() -> None:
    async with running("demo", "--incident", "chat-outage", "--port", "0") as process:
        await line_with(process.stdout, "1/4")
        process.send_signal(signal.SIGINT)
        end = await ended(process)

    assert end.code == 130
    assert "stopped after 1 of 4 acts had begun" in end.out
    assert end.err == ""
