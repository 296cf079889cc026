"""
``monitor sandbox`` as a real process.
"""

import json
import signal
from asyncio.subprocess import Process
from typing import Any

import aiohttp
import pytest

from monitor.sandbox.faults.catalogue import FAULTS
from monitor.sandbox.profile import PROFILES
from tests.e2e.process import ended, monitor, running

pytestmark = [pytest.mark.asyncio, pytest.mark.slow]


async def facts_of(process: Process) -> dict[str, str]:
    assert process.stdout is not None
    facts = json.loads(await process.stdout.readline())
    assert isinstance(facts, dict)
    return facts


async def get(facts: dict[str, str], path: str, **headers: str) -> tuple[int, Any]:
    sent = {"X-Appwrite-Project": facts["project"], "X-Appwrite-Key": facts["api_key"]} | headers
    async with aiohttp.ClientSession() as session, session.get(f"{facts['endpoint']}{path}", headers=sent) as response:
        return response.status, await response.json(content_type=None)


async def test_prints_one_line_for_programs_and_nothing_else() -> None:
    async with running("sandbox", "--port", "0", "--json") as process:
        facts = await facts_of(process)
        status, collections = await get(facts, f"/databases/{facts['database']}/collections")
        process.send_signal(signal.SIGTERM)
        end = await ended(process)

    assert facts.keys() == {"endpoint", "project", "database", "api_key", "fault_token"}
    assert (status, collections["total"] > 0) == (200, True)
    assert (end.code, end.out, end.err) == (0, "", "")


async def test_starts_empty_with_the_faults_and_the_version_that_are_asked_for() -> None:
    faults = ("--fault", "server_error:path=/users,status=503", "--fault", "server_error@two:path=/teams")
    async with running("sandbox", "--port", "0", "--json", "--empty", "--profile", "1.8", *faults) as process:
        facts = await facts_of(process)
        collections = await get(facts, f"/databases/{facts['database']}/collections")
        users, teams = await get(facts, "/users"), await get(facts, "/teams")
        process.send_signal(signal.SIGINT)
        end = await ended(process)

    assert (collections[0], collections[1]["total"]) == (200, 0)
    assert (users[0], teams[0]) == (503, 500)
    assert (end.code, end.err) == (130, "")


async def test_refuses_beyond_the_rate_limits_only_if_told_to() -> None:
    async with running("sandbox", "--port", "0", "--json", "--rate-limits") as process:
        facts = await facts_of(process)
        body = {"email": "nobody@example.com", "password": "a-password"}
        headers = {"X-Appwrite-Project": facts["project"]}
        async with aiohttp.ClientSession(headers=headers) as session:
            url = f"{facts['endpoint']}/account/sessions/email"
            statuses = [(await session.post(url, json=body)).status for _ in range(11)]

    assert statuses == [401] * 10 + [429]


async def test_warns_loudly_when_strangers_can_reach_it() -> None:
    async with running("sandbox", "--port", "0", "--json", "--host", "0.0.0.0") as process:
        assert process.stderr is not None
        warning = await process.stderr.readline()
        facts = await facts_of(process)
        process.send_signal(signal.SIGTERM)
        end = await ended(process)

    assert warning.startswith(b"WARNING: http://0.0.0.0:")
    assert "Strangers can" in end.err
    assert (end.code, end.out, facts["endpoint"].startswith("http://0.0.0.0:")) == (0, "", True)


async def test_lists_the_faults() -> None:
    end = await monitor("sandbox", "--faults")

    assert (end.code, end.err) == (0, "")
    assert all(f"\n{name}  [cause {fault.cause} · " in end.out for name, fault in FAULTS.items())


async def test_switches_the_faults_of_a_running_sandbox() -> None:
    async with running("sandbox", "--port", "0", "--json") as process:
        facts = await facts_of(process)
        at, env = ("--at", facts["endpoint"]), {"SANDBOX_FAULT_TOKEN": facts["fault_token"]}
        on = await monitor("sandbox", *at, "--fault", "server_error:status=408", env=env)
        broken = await get(facts, "/users")
        off = await monitor("sandbox", *at, "--off", "server_error", env=env)
        mended = await get(facts, "/users")
        stranger = await monitor("sandbox", *at, "--token", "wrong", "--fault", "proxy")

    assert (on.code, on.out, off.code, off.out) == (0, "on: server_error\n", 0, "on: nothing\n")
    assert (broken[0], mended[0]) == (408, 200)
    assert (stranger.code, "X-Sandbox-Token" in stranger.err) == (2, True)


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        pytest.param(("--fault", "realtime_silence"), "did you mean 'realtime_silent'?", id="unknown"),
        pytest.param(("--fault", "slow:second=1"), "did you mean 'seconds'?", id="parameter"),
        pytest.param(("--fault", "slow:seconds=long"), "fault 'slow', parameter 'seconds':", id="value"),
        pytest.param(("--fault", "slow", "--fault", "slow"), "call the second one 'slow@2'", id="twice"),
        pytest.param(("--off", "slow"), "--at", id="off"),
        pytest.param(("--host", "198.51.100.1"), "--host 198.51.100.1", id="host"),
        pytest.param(("--host", "no.such.host.invalid"), "--host no.such.host.invalid", id="name"),
        pytest.param(("--profile", "2.0"), "'1.8', '1.9'", id="version"),
        pytest.param(("--at", "http://127.0.0.1:1", "--fault", "slow"), "no sandbox answers there", id="nobody"),
    ],
)
async def test_a_mistake_is_one_clear_sentence(arguments: tuple[str, ...], sentence: str) -> None:
    end = await monitor("sandbox", "--port", "0", *arguments)

    assert (end.code, end.out) == (2, "")
    assert sentence in end.err
    assert "Traceback" not in end.err


async def test_the_versions_are_those_that_there_are() -> None:
    end = await monitor("sandbox", "--help")

    assert f"[{'|'.join(PROFILES)}]" in end.out
