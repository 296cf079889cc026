"""
The monitor's own trouble is never blamed on the platform: nobody is paged, and no cause of the platform is named.
"""

import asyncio
import json
import sys
import time
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml

from monitor.core.cause import Cause
from monitor.core.clock import SystemClock
from monitor.core.errors import OwnFault
from monitor.core.outcome import Outcome, Status
from monitor.core.redaction import Redactor
from monitor.core.run import Run
from monitor.core.severity import Severity
from monitor.diagnosing import sightings_of
from monitor.diagnosis.diagnose import explain
from monitor.diagnosis.diagnosis import Diagnosis
from monitor.watchdog import Stall
from tests.diagnosis.looking import Look, looking, switch_on
from tests.diagnosis.namespace import MIRROR, PLATFORM, run_inside
from tests.engine import Engine, NoStalls, behaving
from tests.incidents.story import Story

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]

# What may be said when it is our own: not a word of the platform.
OWN = {Cause.MONITOR_NETWORK, Cause.KEY_INVALID, Cause.KEY_SCOPE, Cause.UNKNOWN}
# Whatever is sent there comes back to nobody.
_BLACK_HOLE = "ip route add 10.0.0.0/8 dev lo"
_REFERENCES = [f"http://{MIRROR}/", "tcp://10.9.9.9:53"]


def demand_own(diagnoses: Sequence[Diagnosis]) -> None:
    assert diagnoses
    assert {each.cause for each in diagnoses} <= OWN
    assert all(each.most is not Severity.PAGE for each in diagnoses)


# What a machine can lack of its network.


def once(
    folder: Path, *, platform: str = f"http://{PLATFORM}/v1", references: Sequence[str] = _REFERENCES, **inside: str
) -> tuple[Diagnosis, ...]:
    """
    Return what `monitor once` says where the network is as *inside* has it.
    """
    checks = {
        "api-version": {"kind": "http_endpoint", "timeout": "3s", "url": f"{platform}/health/version"},
        "bookings-exist": {"kind": "collection_exists", "timeout": "3s", "collection": "bookings"},
        "realtime-guest": {"kind": "websocket_connect", "timeout": "3s"},
        "uplink": {"kind": "own_network", "timeout": "3s", "references": list(references)},
    }
    target = {"name": "platform", "endpoint": platform, "project": "p", "database": "d", "api_key": "standard_x"}
    path = folder / "monitor.yaml"
    path.write_text(
        yaml.safe_dump(
            {
                "target": target,
                "identities": {"guest": {"kind": "guest"}},
                "store": {"path": ":memory:"},
                "checks": checks,
            }
        )
    )
    ended = run_inside(folder, [sys.executable, "-m", "monitor", "once", "-c", str(path), "--output", "json"], **inside)
    assert ended.stdout, ended.stderr
    document = json.loads(ended.stdout)
    return tuple(Diagnosis.from_json(each) for each in document["diagnoses"])


@pytest.mark.parametrize(
    ("platform", "inside"),
    [
        pytest.param(f"http://{PLATFORM}/v1", {"name_server": "10.9.9.9"}, id="no-way-out"),
        pytest.param("http://10.1.1.1/v1", {"name_server": "10.9.9.9"}, id="no-route"),
        pytest.param(f"http://{PLATFORM}/v1", {}, id="name-server-gone"),
        pytest.param(f"http://{PLATFORM}/v1", {"services": "silent-dns"}, id="name-server-silent"),
        pytest.param("http://10.1.1.1/v1", {"network": _BLACK_HOLE, "services": "silent-dns"}, id="everything-lost"),
    ],
)
def test_a_network_of_our_own_that_is_down_is_ours(tmp_path: Path, platform: str, inside: Mapping[str, str]) -> None:
    diagnoses = once(tmp_path, platform=platform, **inside)

    demand_own(diagnoses)
    assert diagnoses[0].cause is Cause.MONITOR_NETWORK


@pytest.mark.parametrize(
    ("platform", "inside", "cause"),
    [
        pytest.param(f"http://{PLATFORM}/v1", {"services": "dns+http"}, Cause.DNS, id="its-name-is-gone"),
        pytest.param(f"http://{PLATFORM}:81/v1", {"services": "dns-all+http"}, Cause.TCP, id="its-port-is-closed"),
        pytest.param(
            "http://10.1.1.1/v1", {"services": "dns-all+http", "network": _BLACK_HOLE}, Cause.TCP, id="it-is-lost"
        ),
        pytest.param(f"https://{PLATFORM}:80/v1", {"services": "dns-all+http"}, Cause.TLS, id="it-speaks-no-tls"),
        pytest.param(f"http://{PLATFORM}/v1", {"services": "dns-all+http"}, Cause.PROXY, id="something-else-answers"),
    ],
)
def test_while_our_network_is_well_it_is_the_platforms(
    tmp_path: Path, platform: str, inside: Mapping[str, str], cause: Cause
) -> None:
    diagnoses = once(tmp_path, platform=platform, **inside)

    assert [each.cause for each in diagnoses] == [cause]
    assert diagnoses[0].most is Severity.PAGE


# What the process itself can be in.


class Stalled(NoStalls):
    """
    A loop that stood still a moment ago.
    """

    def stall_since(self, started: float) -> Stall | None:
        return Stall(started=started, ended=started + 4.0)


def explained(outcomes: Sequence[Outcome]) -> tuple[Diagnosis, ...]:
    return explain(sightings_of(outcomes, Redactor()))


async def _spin(_run: Run) -> None:
    raise RuntimeError("a bug")


async def _swallow(_run: Run) -> None:
    while True:
        try:
            await asyncio.sleep(60.0)
        except asyncio.CancelledError:
            return


async def _no_descriptor(_run: Run) -> None:
    raise OwnFault("no file descriptor is left: raise the limit of open files", own="machine")


async def _no_budget(_run: Run) -> None:
    raise OwnFault("the request budget is spent: run fewer checks", own="budget")


@pytest.mark.asyncio
@pytest.mark.parametrize(
    ("act", "engine"),
    [
        pytest.param(_spin, Engine, id="a-bug-in-a-check"),
        pytest.param(_swallow, Engine, id="cancellation-swallowed"),
        pytest.param(_no_descriptor, Engine, id="no-descriptor-left"),
        pytest.param(_no_budget, Engine, id="budget-spent"),
        pytest.param(_no_budget, lambda: Engine(stalls=Stalled()), id="loop-stood-still"),
    ],
)
async def test_a_process_in_trouble_is_ours(act: Any, engine: Any) -> None:
    outcome = await engine().run(behaving(act, timeout="200ms"))

    assert outcome.status is Status.ERRORED
    demand_own(explained([outcome]))


def test_what_the_monitor_finds_out_about_itself_wakes_nobody() -> None:
    story = Story()
    story.book.findings.note_trouble("(canary)", "no page arrives", story.now)
    story.settle()

    assert story.told("pager") == []
    [case] = story.book.cases.values()
    assert case.incident.severity is Severity.TICKET


def test_runs_that_could_not_start_say_nothing() -> None:
    story = Story().tell("PPMMMMMMPP")

    assert story.told() == []
    assert not story.findings()


# What its credentials, and its clock, can be.


async def look_at(phrase: str, *, clock: SystemClock | None = None) -> Look:
    async with looking(clock=clock) as looker:
        switch_on(looker.sandbox, (phrase,) if phrase else ())
        return await looker.look()


@pytest.mark.asyncio
@pytest.mark.parametrize(
    "phrase",
    [
        "key_invalid",
        "key_invalid:how=expired",
        "key_scope",
        "key_scope:scopes=users.write",
        "key_scope:scopes=documents.write",
    ],
)
async def test_a_key_that_is_not_what_it_was_is_ours(phrase: str) -> None:
    look = await look_at(phrase)

    demand_own(look.rounds[-1])
    assert look.pages == 0


class JumpingClock(SystemClock):
    """
    A clock that is set anew while nobody looks: by *hours*, from the third second on.
    """

    def __init__(self, hours: float) -> None:
        self._hours = hours
        self._began = time.monotonic()

    def now(self) -> datetime:
        jumped = timedelta(hours=self._hours) if time.monotonic() > self._began + 3.0 else timedelta(0)
        return datetime.now(UTC) + jumped


@pytest.mark.asyncio
@pytest.mark.parametrize("hours", [-26.0, 26.0], ids=["back", "forward"])
async def test_a_clock_that_jumps_finds_nothing(hours: float) -> None:
    look = await look_at("", clock=JumpingClock(hours))

    assert (look.causes, look.opened, look.pages) == ([], [], 0)
