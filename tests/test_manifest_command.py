import asyncio
import json
import logging
import signal
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
import structlog
import yaml
from click.testing import CliRunner

from monitor.cli import cli
from monitor.config.load import load_manifest
from monitor.core.errors import ConfigError
from monitor.core.manifest import Action
from monitor.sandbox.server import Sandbox
from tests.e2e.process import Ended, ended, line_with, monitor, running
from tests.reference import RICH, add_rich_collection

pytestmark = [pytest.mark.asyncio, pytest.mark.slow]

BY_HAND = """\
    writers:
      form:
        roles: [users]
        writes: {userId: null, therapistId: null, status: pending, durationMinutes: 90, startsAt: null}
    readers:
      dashboard: {filters: [status], values: {status: pending}}
    access: {customer: [create], guest: []}
"""


class Project:
    """
    A configuration for the sandbox, in a folder of its own.
    """

    def __init__(self, sandbox: Sandbox, folder: Path) -> None:
        self.sandbox = sandbox
        self.config = folder / "monitor.yaml"
        self.manifest = folder / "manifest.yaml"
        self.configure()

    def configure(self, *, manifest: str = "manifest: manifest.yaml\n", **target: str) -> None:
        given = {"name": "t", "endpoint": self.sandbox.endpoint, "project": self.sandbox.project}
        given |= {"database": self.sandbox.database, "api_key": self.sandbox.api_key} | target
        said = yaml.safe_dump({"target": {key: value for key, value in given.items() if value}})
        check = "checks: {schema: {kind: collection_schema, every: 1s, timeout: 900ms}}\n"
        self.config.write_text(f"{said}{manifest}web: {{listen: 127.0.0.1:0}}\n{check}")

    async def run(self, command: str, *arguments: str) -> Ended:
        """
        Run the command in a thread of its own, with a loop of its own; a mistake is told as ``main`` tells it.
        """
        result = await asyncio.to_thread(
            CliRunner().invoke, cli, ["manifest", command, "-c", str(self.config), *arguments], standalone_mode=False
        )
        end = Ended(code=result.return_value or 0, out=result.stdout, err=result.stderr)
        if isinstance(result.exception, ConfigError):
            end = Ended(code=2, out=result.stdout, err=f"{result.exception}\n")
        elif result.exception is not None:
            raise result.exception
        assert self.sandbox.api_key not in end.out + end.err
        return end

    def declare_by_hand(self) -> None:
        text = self.manifest.read_text()
        self.manifest.write_text(text.replace("  chat_sessions:\n", BY_HAND + "  chat_sessions:\n"))


@pytest.fixture(autouse=True)
def _logs_as_before() -> Iterator[None]:
    handlers = list(logging.getLogger().handlers)
    yield
    structlog.reset_defaults()
    logging.getLogger().handlers = handlers


@pytest.fixture
def project(sandbox: Sandbox, tmp_path: Path) -> Project:
    return Project(sandbox, tmp_path)


@pytest.mark.parametrize("api", ["collections", "tables"])
@pytest.mark.parametrize("profile", ["1.8", "1.9"])
async def test_what_was_pulled_does_not_differ_on_any_version_through_either_family(
    profile: str, api: str, tmp_path: Path
) -> None:
    async with Sandbox(profile=profile) as sandbox:
        add_rich_collection(sandbox, with_newer=profile != "1.8")
        project = Project(sandbox, tmp_path)
        project.configure(api=api)

        pulled = await project.run("pull")
        diff = await project.run("diff", "--strict")

        assert (pulled.code, diff.code, diff.out) == (0, 0, "no difference\n")
        assert pulled.out == f"{project.manifest}: written, 8 collections\n"
        assert RICH in load_manifest(project.manifest).collections


async def test_a_pull_says_what_changed_and_keeps_what_is_declared_by_hand(project: Project) -> None:
    await project.run("pull")
    project.declare_by_hand()
    by_hand = load_manifest(project.manifest).collections["bookings"]
    project.sandbox.faults.switch_on("schema_drift", collection="bookings", change="missing", attribute="paid")
    project.sandbox.faults.switch_on("permission_excess")

    pulled = await project.run("pull")
    again = await project.run("pull")

    kept = load_manifest(project.manifest).collections["bookings"]
    assert pulled.out.splitlines()[1:] == [
        '  chat_messages: permission read("any"): was absent, is present',
        "  bookings: attribute paid: was boolean, is absent",
    ]
    assert (kept.writers, kept.readers, kept.access) == (by_hand.writers, by_hand.readers, by_hand.access)
    assert kept.access == {"customer": (Action.CREATE,), "guest": ()}
    assert (again.code, again.out) == (0, f"{project.manifest}: nothing to write, 7 collections as before\n")


@pytest.mark.parametrize("state", ["one is gone", "all are gone"])
async def test_an_outage_becomes_the_baseline_only_for_who_says_so(project: Project, state: str) -> None:
    await project.run("pull")
    project.declare_by_hand()
    text = project.manifest.read_text()
    for name in ("bookings",) if state == "one is gone" else tuple(project.sandbox.world.collections):
        project.sandbox.faults.switch_on(f"collection_missing@{name}", collection=name)

    refused = await project.run("pull")
    before = project.manifest.read_text()
    pruned = await project.run("pull", "--prune")

    assert (refused.code, before) == (2, text)
    assert "drop them" in refused.err
    assert (pruned.code, "bookings" in load_manifest(project.manifest).collections) == (0, False)


async def test_a_pull_without_news_leaves_comments_alone(project: Project) -> None:
    await project.run("pull")
    project.manifest.write_text(text := project.manifest.read_text() + "# ours\n")

    await project.run("pull")

    assert project.manifest.read_text() == text


async def test_a_pull_of_one_collection_leaves_the_others_as_they_were(project: Project) -> None:
    await project.run("pull")
    project.sandbox.faults.switch_on("schema_drift", collection="bookings", change="missing", attribute="paid")
    project.sandbox.faults.switch_on("collection_missing")

    pulled = await project.run("pull", "bookings")

    collections = load_manifest(project.manifest).collections
    assert pulled.out.splitlines()[1:] == ["  bookings: attribute paid: was boolean, is absent"]
    assert "paid" not in collections["bookings"].attributes
    assert "chat_messages" in collections


async def test_a_pull_leaves_out_what_is_not_available_and_says_so(project: Project) -> None:
    project.sandbox.faults.switch_on("schema_stuck")

    pulled = await project.run("pull")

    assert pulled.out.startswith("warning: chat_messages: attribute text is processing, not available: left out\n")
    assert "text" not in load_manifest(project.manifest).collections["chat_messages"].attributes


async def test_a_first_pull_says_where_to_name_its_file(project: Project, tmp_path: Path) -> None:
    project.configure(manifest="")
    other = tmp_path / "other.yaml"

    pulled = await project.run("pull")
    elsewhere = await project.run("pull", "--output", str(other))

    assert pulled.out.splitlines()[-1] == f"name it in {project.config}:  manifest: manifest.yaml"
    assert load_manifest(other) == load_manifest(project.manifest)
    assert elsewhere.out == f"{other}: written, 7 collections\n"


async def test_a_diff_tells_all_by_collection_the_gravest_first(project: Project) -> None:
    await project.run("pull")
    project.declare_by_hand()
    project.sandbox.faults.switch_on("permission_excess", collection="bookings")
    project.sandbox.faults.switch_on("schema_drift", collection="bookings", change="enum", attribute="status")
    project.sandbox.faults.switch_on("schema_drift@2", change="index", attribute="sessionId")

    diff = await project.run("diff")

    assert diff.code == 1
    assert diff.out.splitlines() == [
        "bookings",
        '  ✗ permission read("any") is not declared: Any: read on bookings publishes every document',
        "  ✗ attribute status element 'pending' is gone: breaks form, dashboard",
        "  ~ attribute status element 'pending_accept' is gone",
        "  ~ attribute status element 'confirmed' is gone",
        "  ~ attribute status element 'active' is gone",
        "  ~ attribute status element 'declined' is gone",
        "  ~ attribute status element 'cancelled' is gone",
        "  ~ attribute status element 'expired' is gone",
        "  ~ attribute status element 'completed' is gone",
        "  ~ attribute status element 'Pending' is not declared",
        "  ~ attribute status element 'Confirmed' is not declared",
        "chat_messages",
        "  ~ index idx_sessionId is gone, declared key on sessionId",
        "2 breaking, 10 additive",
    ]


@pytest.mark.parametrize(
    ("arguments", "code"),
    [pytest.param((), 0, id="additive"), pytest.param(("--strict",), 1, id="strict")],
)
async def test_additive_differences_fail_only_when_strict(
    project: Project, arguments: tuple[str, ...], code: int
) -> None:
    await project.run("pull")
    project.sandbox.faults.switch_on("schema_drift", change="index", attribute="sessionId")

    diff = await project.run("diff", "--output", "json", *arguments)

    document = json.loads(diff.out)
    assert (diff.code, document["exit_code"]) == (code, code)
    assert document["differences"] == [
        {
            "collection": "chat_messages",
            "about": "index idx_sessionId",
            "declared": "key on sessionId",
            "live": "absent",
            "reason": "schema",
            "breaks": [],
            "is_unfinished": False,
            "remark": "",
            "remedy": "",
            "severity": "additive",
        }
    ]


@pytest.mark.parametrize(
    ("command", "arguments", "target", "sentence"),
    [
        pytest.param("pull", ("bookngs",), {}, "did you mean 'bookings'?", id="pull-of-none"),
        pytest.param("diff", ("bookngs",), {}, "did you mean 'bookings'?", id="diff-of-none"),
        pytest.param("pull", ("--output", "/nowhere/x.yaml"), {}, "cannot be written", id="no-folder"),
        pytest.param("pull", (), {"api_key": ""}, "target.api_key: is missing", id="no-key"),
    ],
)
async def test_a_users_mistake_is_one_sentence_and_2(
    project: Project, command: str, arguments: tuple[str, ...], target: Mapping[str, str], sentence: str
) -> None:
    await project.run("pull")
    project.configure(**target)

    end = await project.run(command, *arguments)

    assert (end.code, end.out) == (2, "")
    assert sentence in end.err
    assert len(end.err.splitlines()) == 1


async def test_a_diff_without_a_manifest_names_the_command_that_writes_one(project: Project) -> None:
    missing = await project.run("diff")
    project.configure(manifest="")
    unnamed = await project.run("diff")

    assert (missing.code, unnamed.code) == (2, 2)
    assert "no such file: `monitor manifest pull` writes one" in missing.err
    assert "needs a manifest: write one with `monitor manifest pull`" in unnamed.err


@pytest.mark.parametrize(
    ("fault", "code", "sentence"),
    [
        pytest.param("service_down", 1, "answered 503", id="target-down"),
        pytest.param("key_invalid", 3, "the server key is wrong or revoked", id="key-revoked"),
    ],
)
async def test_what_cannot_be_asked_is_one_sentence_and_changes_no_file(
    project: Project, fault: str, code: int, sentence: str
) -> None:
    await project.run("pull")
    before = project.manifest.read_text()
    project.sandbox.faults.switch_on(fault)

    ends = [await project.run("pull"), await project.run("diff")]

    assert [end.code for end in ends] == [code, code]
    assert all(sentence in end.err and len(end.err.splitlines()) == 1 for end in ends)
    assert project.manifest.read_text() == before


async def test_the_process_ends_as_the_command_does(project: Project) -> None:
    pulled = await monitor("manifest", "pull", "-c", str(project.config))
    project.sandbox.faults.switch_on("permission_excess")
    diff = await monitor("manifest", "diff", "-c", str(project.config))
    mistaken = await monitor("manifest", "diff", "-c", str(project.config), "bookngs")

    assert (pulled.code, diff.code, mistaken.code) == (0, 1, 2)
    assert (pulled.err, diff.err) == ("", "")
    assert mistaken.err == "unknown collection of the manifest 'bookngs': did you mean 'bookings'?\n"


async def test_ctrl_c_ends_it_with_130_and_leaves_no_file(project: Project) -> None:
    asked, left = asyncio.Event(), asyncio.Event()

    async def say_nothing(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        asked.set()
        await reader.read()
        writer.close()
        left.set()

    server = await asyncio.start_server(say_nothing, "127.0.0.1", 0)
    project.configure(endpoint=f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/v1")

    async with running("manifest", "pull", "-c", str(project.config)) as process:
        await asked.wait()
        process.send_signal(signal.SIGINT)
        end = await ended(process)
    await left.wait()
    server.close()

    assert (end.code, end.out, end.err.strip()) == (130, "", "")
    assert not project.manifest.exists()


async def test_once_lists_the_differences_below_the_message(project: Project) -> None:
    await project.run("pull")
    project.sandbox.faults.switch_on("permission_missing")

    end = await monitor("once", "-c", str(project.config))

    told = end.out.partition("  → ")[2].splitlines()
    assert end.code == 1
    assert told[1:4] == [
        "    breaking:",
        "      chat_messages: document security: declared on, live off: breaks any writer, any reader",
        '      chat_messages: permission create("users") is gone: breaks any writer',
    ]


async def test_the_daemon_takes_a_changed_manifest_up_and_keeps_the_old_one_when_it_is_bad(project: Project) -> None:
    await project.run("pull")
    text = project.manifest.read_text()

    async with running("run", "-c", str(project.config), env={"MONITOR_LOG__FORMAT": "json"}) as daemon:
        await line_with(daemon.stderr, "run.finished", "passed")
        project.manifest.write_text(text.replace("enum,", "enm:"))
        refused = await line_with(daemon.stderr, "config.refused")
        kept = await line_with(daemon.stderr, "run.finished")
        project.manifest.write_text(text.replace("      paid: {type: boolean}\n", ""))
        await line_with(daemon.stderr, "config.reloaded")
        # A run that was under way still goes by the old one.
        changed = await line_with(daemon.stderr, "run.finished", "degraded")
        daemon.send_signal(signal.SIGTERM)

    assert "manifest.yaml:" in refused
    assert '"passed"' in kept
    assert "paid" in changed


async def test_the_daemon_comes_to_itself_when_the_manifest_that_was_missing_is_there(project: Project) -> None:
    await project.run("pull")
    there = project.manifest.with_name("there.yaml")
    project.manifest.rename(there)
    project.configure(manifest="manifest: there.yaml\n")

    async with running("run", "-c", str(project.config), env={"MONITOR_LOG__FORMAT": "json"}) as daemon:
        await line_with(daemon.stderr, "run.finished", "passed")
        project.configure()
        await line_with(daemon.stderr, "config.refused", "no such file")
        project.manifest.write_text(there.read_text())
        await line_with(daemon.stderr, "config.reloaded")
        daemon.send_signal(signal.SIGTERM)
