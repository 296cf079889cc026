"""
What the commands say of incidents while a real daemon runs, and after it was killed.
"""

import asyncio
import json
import signal
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from tests.e2e.process import Ended, line_with, monitor, running
from tests.fakes.pagerduty import ROUTING_KEY, FakePagerDuty
from tests.fakes.receiver import Receiver, Reply, always, never

pytestmark = [pytest.mark.asyncio, pytest.mark.slow]


@dataclass
class Here:
    """
    A platform of one address, a pager, and the configuration of a daemon between them.
    """

    config: Path
    target: Receiver
    pagerduty: FakePagerDuty

    def configure(self) -> None:
        self.config.write_text(
            "target: {name: production, endpoint: http://127.0.0.1:1/v1, project: p, database: d}\n"
            "web: {listen: 127.0.0.1:0}\n"
            "engine: {clean_up: 1s}\n"
            "alerts: {open_after: 2, resolve_after: 1, confirm_every: 50ms}\n"
            f"sinks: {{pagerduty: {{routing_key: {ROUTING_KEY}, url: '{self.pagerduty.enqueue_url}'}}}}\n"
            "checks:\n"
            f"  chat-page: {{kind: http_endpoint, url: '{self.target.url}/', every: 1s, timeout: 900ms}}\n"
        )

    def break_target(self) -> None:
        self.target.faults = always(Reply(status=500))

    def mend_target(self) -> None:
        self.target.faults = never

    async def run(self, command: str, *words: str) -> Ended:
        """
        Run the command to its end, which has no traceback.
        """
        end = await monitor(command, "-c", str(self.config), *words)
        assert "Traceback" not in end.out + end.err
        assert ROUTING_KEY not in end.out + end.err
        return end

    async def json(self, command: str, *words: str) -> dict[str, Any]:
        document: dict[str, Any] = json.loads((await self.run(command, *words, "--output", "json")).out)
        return document

    async def incidents(self, condition: Callable[[dict[str, Any]], object]) -> dict[str, Any]:
        """
        Ask for the incidents again and again until *condition* holds for the document.
        """
        async with asyncio.timeout(30.0):
            while True:
                document = await self.json("incidents")
                if condition(document):
                    return document

    @asynccontextmanager
    async def daemon(self) -> AsyncIterator[asyncio.subprocess.Process]:
        async with running("run", "-c", str(self.config)) as process:
            await line_with(process.stderr, "daemon.started")
            # It logs on: a pipe that nobody reads would hold it up.
            reading = asyncio.create_task(_drain(process.stderr))
            yield process
            reading.cancel()


async def _drain(stream: asyncio.StreamReader | None) -> None:
    while stream is not None and await stream.read(1 << 16):
        pass


async def until(condition: Callable[[], object]) -> None:
    """
    Wait until *condition* holds.
    """
    async with asyncio.timeout(30.0):
        while not condition():  # noqa: ASYNC110 - what it waits for is done by another process
            await asyncio.sleep(0.02)


@pytest_asyncio.fixture
async def here(tmp_path: Path) -> AsyncIterator[Here]:
    async with Receiver() as target, FakePagerDuty() as pagerduty:
        here = Here(config=tmp_path / "monitor.yaml", target=target, pagerduty=pagerduty)
        here.configure()
        yield here


async def test_an_incident_is_seen_while_the_daemon_runs_after_it_was_killed_and_when_it_is_over(here: Here) -> None:
    here.break_target()
    async with here.daemon() as process:
        await until(lambda: here.pagerduty.pages)
        # What the sink has acknowledged is written right after.
        up = await here.incidents(lambda document: document["open"] and not document["outbox"])
        process.kill()
        await process.wait()
    down, text = await here.json("incidents"), await here.run("incidents")
    here.mend_target()
    async with here.daemon() as process:
        await until(lambda: not here.pagerduty.open_pages)
        process.send_signal(signal.SIGTERM)
        await process.wait()
    over, all_ = await here.run("incidents"), await here.json("incidents", "--all")

    [incident], [still], [ended_] = up["incidents"], down["incidents"], all_["incidents"]
    assert [finding["check"] for finding in incident["findings"]] == ["chat-page"]
    assert (list(incident["told"]), incident["waiting"]) == (["pagerduty"], [])
    assert here.pagerduty.pages[0].dedup_key == incident["dedup_key"]
    assert still["id"] == incident["id"] == ended_["id"]
    assert (text.code, over.code, all_["open"]) == (1, 0, 0)
    assert "  told      pagerduty " in text.out
    assert "production from local: no incident is open\n" in over.out
    assert ended_["resolved_at"] is not None
    assert here.pagerduty.second_pages == []


async def test_history_is_read_while_the_daemon_writes_it_and_after_it_was_killed(here: Here) -> None:
    async with here.daemon() as process:
        await until(lambda: len(here.target.requests) >= 2)
        here.break_target()
        # Runs are written before what they found is told.
        await until(lambda: here.pagerduty.pages)
        up = await here.json("history", "chat-page", "--limit", "1000")
        process.kill()
        await process.wait()
    down = await here.run("history", "chat-page", "--failed", "--limit", "1")

    statuses = [run["status"] for run in up["outcomes"]]
    assert statuses == sorted(statuses, key=["passed", "failed"].index)
    assert up["counts"]["passed"] >= 2
    assert (up["last_change"]["from"], up["last_change"]["to"]) == ("passed", "failed")
    [failed, runs, share] = down.out.splitlines()
    assert " ✗ failed: http_status " in failed
    assert " runs of chat-page since " in runs
    assert share.endswith(": passed → failed")


async def test_a_silence_given_while_it_runs_is_heeded_and_lifted_the_page_comes(here: Here) -> None:
    async with here.daemon() as process:
        given = await here.run("silence", "chat-*", "--for", "1h", "--reason", "new permissions")
        # It looks every two seconds.
        await asyncio.sleep(3.5)
        here.break_target()
        silent = await here.incidents(lambda document: document["open"])
        # Long enough for a page that must not come.
        shown = await here.run("incidents")
        pages = len(here.pagerduty.pages)
        lifted = await here.run("silence", "--lift", "chat-*")
        await until(lambda: here.pagerduty.pages)
        process.send_signal(signal.SIGTERM)
        await process.wait()

    [incident] = silent["incidents"]
    assert (given.code, lifted.code, pages) == (0, 0, 0)
    assert incident["silenced_until"] is not None
    assert incident["told"] == {}
    assert "  told      nobody: it is silenced\n" in shown.out
    assert [page.dedup_key for page in here.pagerduty.pages] == [incident["dedup_key"]]


async def test_a_silence_given_before_any_daemon_ran_is_heeded_by_the_first(here: Here) -> None:
    given = await here.run("silence", "chat-page", "--for", "1h", "--reason", "not ready yet")
    here.break_target()
    async with here.daemon() as process:
        await here.incidents(lambda document: document["open"])
        # Long enough for a page that must not come.
        document = await here.json("incidents")
        process.send_signal(signal.SIGTERM)
        await process.wait()

    assert given.code == 0
    assert document["open"] == 1
    assert here.pagerduty.requests == []


async def test_what_the_pager_did_not_take_is_told_while_it_waits(here: Here) -> None:
    here.pagerduty.faults = always(Reply(status=503))
    here.break_target()
    async with here.daemon() as process:
        await until(lambda: here.pagerduty.requests)
        up = await here.run("incidents")
        process.kill()
        await process.wait()
    down = await here.run("incidents")

    for end in (up, down):
        out = " ".join(end.out.split())
        assert "told nobody yet waiting pagerduty: opened for " in out
        assert "1 event waits for pagerduty, the oldest for " in out
