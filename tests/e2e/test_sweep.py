"""
``monitor sweep`` as a user runs it, and the journal of real processes that are killed.
"""

import asyncio
import json
import re
import signal
import sqlite3
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass
from pathlib import Path

import aiohttp
import pytest
import pytest_asyncio

from monitor.sandbox.server import Sandbox
from monitor.sandbox.state.world import Documents
from tests.e2e.process import Ended, line_with, monitor, running

pytestmark = [pytest.mark.asyncio, pytest.mark.slow]


@dataclass
class Here:
    """
    A folder with a configuration, and the platform that it watches.
    """

    folder: Path
    sandbox: Sandbox

    @property
    def documents(self) -> Documents:
        return self.sandbox.world.collections["chat_messages"].documents

    @property
    def store(self) -> Path:
        return self.folder / "monitor.db"

    def configure(self, *, name: str = "monitor.yaml", **settings: object) -> str:
        """
        Write a configuration, whose one check waits for long with its document made; return its path.
        """
        target = {
            "name": "t",
            "endpoint": self.sandbox.endpoint,
            "project": self.sandbox.project,
            "database": self.sandbox.database,
            "api_key": self.sandbox.api_key,
        }
        target |= {key: str(value or "") for key, value in settings.items() if key in target}
        given = ", ".join(f'{key}: "{value}"' for key, value in target.items() if value)
        path = self.folder / name
        path.write_text(
            f"target: {{{given}}}\n"
            f'store: {{path: "{settings.get("store", "monitor.db")}"}}\n'
            "web: {listen: 127.0.0.1:0}\n"
            "engine: {clean_up: 2s}\n"
            "identities:\n"
            f"  customer: {{kind: user, user_id: {self.sandbox.customer.id}}}\n"
            f"  therapist: {{kind: user, user_id: {self.sandbox.therapist.id}}}\n"
            "checks:\n"
            "  chat: {kind: realtime_delivery, every: 16s, timeout: 15s, event_within: 14s, collection: chat_messages,"
            " writer: customer, reader: therapist, readable_by: ['team:synthetic-pair']}\n"
        )
        return str(path)

    async def sweep(self, *arguments: str, config: str = "") -> Ended:
        """
        Run ``monitor sweep`` to its end, which has no traceback.
        """
        end = await monitor("sweep", "-c", config or self.configure(), *arguments)
        assert "Traceback" not in end.out + end.err
        assert self.sandbox.api_key not in end.out + end.err
        return end

    @asynccontextmanager
    async def running(self, *arguments: str) -> AsyncIterator[asyncio.subprocess.Process]:
        """
        Run the monitor, and have it in the middle of a run with its document made.
        """
        async with running(*arguments, "-c", self.configure()) as process:
            while not self.documents:  # noqa: ASYNC110 - the document is made by another process
                await asyncio.sleep(0.01)
            yield process

    async def leave(self) -> str:
        """
        Have a process killed in the middle of a run; return the id of the document it leaves.
        """
        async with self.running("once") as process:
            process.kill()
            await process.wait()
        [id_] = self.documents
        return id_

    def rows(self) -> list[tuple[str]]:
        with closing(sqlite3.connect(self.store)) as database:
            return database.execute("SELECT id FROM leftover").fetchall()

    async def until_gone(self) -> None:
        async with asyncio.timeout(30.0):
            while self.documents:  # noqa: ASYNC110 - the document is removed by another process
                await asyncio.sleep(0.01)


@pytest_asyncio.fixture
async def here(tmp_path: Path, sandbox: Sandbox) -> AsyncIterator[Here]:
    # Every run waits for an event that does not come.
    sandbox.faults.switch_on("realtime_silent")
    yield Here(tmp_path, sandbox)


async def test_what_a_killed_process_left_is_told_dry_and_removed_and_nothing_else(here: Here) -> None:
    id_ = await here.leave()
    others = {key: value for key, value in contents(here.sandbox).items() if key[1] != id_}

    dry = await here.sweep("--dry-run")
    there = list(here.documents)
    swept, again = await here.sweep(), await here.sweep()

    assert dry.out.startswith(f"is there document '{id_}' in 'chat_messages' (check chat, run ")
    assert dry.out.endswith("\n1 leftover to remove\n")
    assert there == [id_]
    assert swept.out.startswith(f"removed  document '{id_}' in 'chat_messages' (check chat, run ")
    assert swept.out.endswith("\n1 leftover removed\n")
    assert again.out.startswith("0 leftovers removed\n1 not found, which a request that was on its way may yet make: ")
    assert [end.code for end in (dry, swept, again)] == [0, 0, 0]
    assert contents(here.sandbox) == others


def contents(sandbox: Sandbox) -> Mapping[tuple[str, str], str]:
    return {
        (collection.id, document.id): repr(document)
        for collection in sandbox.world.collections.values()
        for document in collection.documents.values()
    }


@pytest.mark.parametrize("command", ["run", "once"])
async def test_what_a_run_works_with_is_left_to_the_process_that_lives(here: Here, command: str) -> None:
    async with here.running(command) as process:
        swept = await here.sweep()
        still = list(here.documents)
        process.send_signal(signal.SIGTERM)
        await process.communicate()

    assert (swept.out, swept.code) == ("0 leftovers removed\n", 0)
    assert len(still) == 1
    assert (list(here.documents), here.rows()) == ([], [])
    assert list(here.folder.glob("*.alive-*")) == []


async def test_another_daemon_leaves_it_too_and_takes_it_over_when_that_one_is_killed(here: Here) -> None:
    async with here.running("run") as first:
        async with running("run", "-c", here.configure(name="second.yaml")) as second:
            await line_with(second.stderr, "daemon.started")
            documents = set(here.documents)
            first.kill()
            await first.wait()
            killed = set(here.documents)
            second.send_signal(signal.SIGTERM)
            await second.communicate()
        third = await here.sweep()

    assert documents
    assert documents <= killed
    assert "removed  document" in third.out
    assert not here.documents


async def test_the_next_start_of_the_daemon_sweeps_at_once(here: Here) -> None:
    id_ = await here.leave()

    async with running("run", "-c", here.configure()) as process:
        async with asyncio.timeout(20.0):
            while id_ in here.documents:  # noqa: ASYNC110 - the document is removed by another process
                await asyncio.sleep(0.01)
        process.send_signal(signal.SIGTERM)
        await process.communicate()

    assert not here.documents


async def test_what_stays_is_a_number_on_the_metrics_until_it_goes(here: Here) -> None:
    id_ = await here.leave()
    here.sandbox.faults.switch_on("server_error", identity="key", methods="write")

    async with running("run", "-c", here.configure()) as process, aiohttp.ClientSession() as client:
        address = json.loads(await line_with(process.stderr, "daemon.started"))["web"]
        assert await number_is(client, address, "1.0")
        here.sandbox.faults.switch_off("server_error")
        assert await number_is(client, address, "0.0")
        gone = id_ not in here.documents
        process.send_signal(signal.SIGTERM)
        await process.communicate()

    assert gone


async def number_is(client: aiohttp.ClientSession, address: str, value: str) -> bool:
    """
    Wait until as much is left in the collection as *value* says.
    """
    async with asyncio.timeout(40.0):
        while True:
            async with client.get(f"{address}/metrics") as answer:
                page = await answer.text()
            if re.search(rf'^synthetic_leftovers{{collection="chat_messages",.*}} {value}$', page, re.MULTILINE):
                return True
            await asyncio.sleep(0.05)


async def test_a_create_that_lands_after_a_sweep_is_removed_by_the_next_one(here: Here) -> None:
    id_ = await here.leave()
    late = here.documents.pop(id_)
    first = await here.sweep()
    here.documents[id_] = late

    second = await here.sweep()

    assert first.out.startswith("0 leftovers removed\n1 not found")
    assert second.out.endswith("1 leftover removed\n")
    assert not here.documents


@pytest.mark.parametrize(
    ("fault", "parameters", "says"),
    [
        pytest.param("server_error", {"methods": "write"}, "answered 500", id="500"),
        pytest.param("service_down", {}, "answered 503", id="503"),
        pytest.param("key_scope", {"scopes": ["documents.write"]}, "the scope documents.write", id="scope"),
        pytest.param("key_invalid", {}, "the server key is wrong or revoked", id="key"),
    ],
)
async def test_what_stays_is_told_with_its_reason(
    here: Here, fault: str, parameters: Mapping[str, object], says: str
) -> None:
    id_ = await here.leave()
    here.sandbox.faults.switch_on(fault, **parameters)

    end = await here.sweep()

    assert end.code == 1
    assert end.out.startswith(f"stays    document '{id_}' in 'chat_messages' (check chat, run ")
    assert says in end.out
    assert end.out.endswith("\n0 leftovers removed, 1 stays\n")
    assert end.err == ""


async def test_a_server_that_is_away_is_told_at_once(here: Here) -> None:
    await here.leave()
    await here.sandbox.stop()

    end = await here.sweep()

    assert (end.code, end.err) == (1, "")
    assert "nobody listens" in end.out or "refused" in end.out


async def test_without_a_key_it_says_what_to_set(here: Here) -> None:
    path = here.folder / "guest.yaml"
    path.write_text(
        "target: {name: t, endpoint: http://127.0.0.1:1/v1, project: p, database: d}\n"
        "checks:\n  api: {kind: appwrite_health, every: 60s}\n"
    )

    end = await here.sweep(config=str(path))

    assert (end.code, end.out) == (2, "")
    assert end.err == ("target.api_key: only the server key can remove what is left: set it, or target.api_key_file\n")


async def test_what_is_of_another_project_is_named_and_left(here: Here) -> None:
    id_ = await here.leave()
    await here.sweep("--dry-run")

    end = await here.sweep(config=here.configure(project="another"))

    assert end.code == 0
    assert end.out == (
        f"0 leftovers removed\n1 intention of project {here.sandbox.project} at {here.sandbox.endpoint} not looked for:"
        " sweep with its configuration\n"
    )
    assert list(here.documents) == [id_]


async def test_a_database_that_the_configuration_has_left_is_swept_all_the_same(here: Here) -> None:
    await here.leave()

    end = await here.sweep(config=here.configure(database="moved"))

    assert end.out.endswith("\n1 leftover removed\n")
    assert not here.documents


async def test_a_store_that_cannot_be_used_is_no_clean_bill(here: Here) -> None:
    (here.folder / "folder").mkdir()

    end = await here.sweep(config=here.configure(store="folder"))

    assert end.code == 1
    assert "nothing is known of earlier runs: " in end.err
    assert "is no file: give another path" in end.err


async def test_a_store_in_memory_knows_of_no_other_process(here: Here) -> None:
    end = await here.sweep(config=here.configure(store=":memory:"))

    assert end.code == 0
    assert "the store is in memory, so only its own process knows what it left" in end.out


async def test_a_run_without_a_usable_store_goes_on_and_cleans_up(here: Here) -> None:
    (here.folder / "folder").mkdir()
    config = here.configure(store="folder")

    async with running("once", "-c", config) as process:
        while not here.documents:  # noqa: ASYNC110 - the document is made by another process
            await asyncio.sleep(0.01)
        process.send_signal(signal.SIGTERM)
        _, err = await process.communicate()

    assert b"store.unusable" in err
    assert not here.documents


async def test_a_damaged_store_stops_nothing_and_is_told(here: Here) -> None:
    here.store.write_bytes(b"\0no database" * 1000)

    end = await here.sweep()

    assert end.out == "0 leftovers removed\n"
    assert "store.damaged" in end.err
