import asyncio
import json
import os
import re
import shlex
import signal
import sys
from pathlib import Path

import aiohttp
import jsonschema
import pytest
import yaml

from monitor import demo
from monitor.core.duration import parse_duration
from tests.e2e.foreign import KINDS, install_foreign_kinds
from tests.e2e.process import ended, line_with, monitor, running

pytestmark = [pytest.mark.asyncio, pytest.mark.slow]


async def test_the_demo_shows_plain_lines_of_real_runs_and_ends_by_itself() -> None:
    end = await monitor("demo", "--duration", "8s", "--port", "0")

    lines = end.out.splitlines()
    runs = [line for line in lines if re.match(r"\d\d:\d\d:\d\d  ✓ ", line)]
    checks = {line.split()[2] for line in runs}
    assert (end.code, end.err) == (0, "")
    configured = yaml.safe_load(demo.CONFIG.read_text())["checks"]
    soon = {name for name, check in configured.items() if parse_duration(check["every"]) <= 5.0}
    assert soon <= checks <= configured.keys()
    assert re.search(rf"\d+ runs of {len(configured)} checks: \d+ passed$", lines[-1])
    assert "\x1b" not in end.out


async def test_the_demo_can_be_broken_and_mended_with_the_command_it_prints() -> None:
    async with running("demo", "--duration", "50s", "--port", "0") as process:
        metrics = (await line_with(process.stdout, "metrics", "http://")).split()[-1]
        command = await line_with(process.stdout, "curl -X PUT")
        token = re.findall(r"X-Sandbox-Token: ([\w-]+)", command)[0]
        headers, url = {"X-Sandbox-Token": token}, command.split()[-1]
        async with aiohttp.ClientSession() as session:
            (await session.put(url, headers=headers)).raise_for_status()
            await line_with(process.stdout, "✗ chat-delivery", "no_event")
            (await session.delete(url, headers=headers)).raise_for_status()
            await line_with(process.stdout, "✓ chat-delivery")
            page = await (await session.get(metrics)).text()
        process.send_signal(signal.SIGINT)
        end = await ended(process)

    assert 'synthetic_check_failures_total{check="chat-delivery",kind="realtime_delivery"' in page
    assert end.code == 130


async def test_the_sandbox_tells_programs_how_to_use_it() -> None:
    async with running("sandbox", "--port", "0", "--json", "--fault", "slow") as process:
        assert process.stdout is not None
        facts = json.loads(await process.stdout.readline())
        root = facts["endpoint"].removesuffix("/v1")
        async with aiohttp.ClientSession(headers={"X-Sandbox-Token": facts["fault_token"]}) as session:
            (await session.delete(f"{root}/sandbox/faults/slow")).raise_for_status()
            version = await (await session.get(f"{facts['endpoint']}/health/version")).json()
        process.send_signal(signal.SIGTERM)
        end = await ended(process)

    assert facts.keys() == {"endpoint", "project", "database", "api_key", "fault_token"}
    assert version == {"version": "1.9.6"}
    assert (end.code, end.err) == (0, "")


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        pytest.param(("sandbox", "--fault", "realtime_silence"), "did you mean 'realtime_silent'?", id="fault"),
        pytest.param(
            ("checks", "http_endpont"), "unknown kind 'http_endpont': did you mean 'http_endpoint'?", id="kind"
        ),
        pytest.param(("demo", "--duration", "20"), "--duration: must be a duration with a unit", id="duration"),
        pytest.param(
            ("demo", "--incident", "chat-outge"),
            "unknown incident 'chat-outge': did you mean 'chat-outage'?",
            id="incident",
        ),
        pytest.param(
            ("demo", "--incident", "chat-outage", "--duration", "20s"), "--duration and --incident exclude", id="both"
        ),
        pytest.param(("run", "-c", "nowhere.yaml"), "nowhere.yaml", id="no such file"),
        pytest.param(("rum",), "No such command 'rum'", id="command"),
        pytest.param(("config", "validate", "-c", "/"), "directory", id="a folder"),
    ],
)
async def test_a_mistake_is_one_clear_sentence(arguments: tuple[str, ...], sentence: str) -> None:
    end = await monitor(*arguments)

    assert end.code == 2
    assert sentence in end.err
    assert "Traceback" not in end.err + end.out


async def test_a_variable_names_the_file_of_commands_without_one() -> None:
    env = {**os.environ, "MONITOR_CONFIG": "from-the-variable.yaml"}

    ends = await asyncio.gather(
        monitor("config", "validate", env=env), monitor("config", "validate", "-c", "given.yaml", env=env)
    )

    assert [end.code for end in ends] == [2, 2]
    assert "from-the-variable.yaml" in ends[0].err
    assert "given.yaml" in ends[1].err


async def test_checks_lists_the_kinds_and_prints_a_manual() -> None:
    kinds, manual = await asyncio.gather(monitor("checks"), monitor("checks", "realtime_delivery"))

    assert {line.split()[0] for line in kinds.out.splitlines()} >= {"http_endpoint", "realtime_delivery"}
    assert all(
        heading in manual.out for heading in ("Talks to:", "Steps:", "Fails as:", "Leaves:", "Example::", "Settings:")
    )
    assert "event_within" in manual.out


async def test_the_schema_accepts_the_configuration_of_the_demo_and_refuses_a_misspelt_one() -> None:
    schema = json.loads((await monitor("config", "schema")).out)
    config = yaml.safe_load(demo.CONFIG.read_text())

    # Values that are variables there are filled in later.
    config["target"] |= {"endpoint": "http://127.0.0.1/v1", "project": "p", "database": "d"}
    config["checks"]["api-version"]["url"] = "http://127.0.0.1/v1"
    config["web"]["listen"] = "127.0.0.1:9464"
    jsonschema.validate(config, schema)
    config["checks"]["chat-delivery"]["writter"] = "customer"
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(config, schema)


async def test_the_schema_holds_the_kinds_of_other_packages_though_their_classes_bear_one_name(tmp_path: Path) -> None:
    end = await monitor("config", "schema", env=install_foreign_kinds(tmp_path))

    assert end.code == 0
    assert set(KINDS) <= set(json.loads(end.out)["$defs"])


@pytest.mark.parametrize(
    "command", [("checks",), ("config", "schema"), ("once", "-c", "CONFIG")], ids=lambda words: words[0]
)
async def test_a_full_disk_under_the_output_is_one_sentence(tmp_path: Path, command: tuple[str, ...]) -> None:
    path = tmp_path / "monitor.yaml"
    path.write_text(
        "target: {name: t, endpoint: http://127.0.0.1:1/v1, project: p, database: d, api_key: standard_0123}\n"
        "checks:\n  there: {kind: collection_exists, collection: bookings}\n"
    )
    arguments = [str(path) if word == "CONFIG" else word for word in command]

    process = await asyncio.create_subprocess_shell(
        f"{shlex.quote(sys.executable)} -m monitor {shlex.join(arguments)} >/dev/full", stderr=asyncio.subprocess.PIPE
    )
    _, err = await process.communicate()

    assert process.returncode == 1
    assert err.decode() == "cannot write: No space left on device\n"


async def test_closed_streams_are_no_reason_to_crash() -> None:
    process = await asyncio.create_subprocess_shell(f"{shlex.quote(sys.executable)} -m monitor checks <&- >&- 2>&-")

    assert await process.wait() == 0


async def test_validate_says_what_is_valid(tmp_path: Path) -> None:
    path = tmp_path / "monitor.yaml"
    path.write_text(
        "target: {name: t, endpoint: https://host/v1, project: p, database: d, api_key: standard_0123}\n"
        "checks:\n  there: {kind: collection_exists, collection: bookings}\n"
    )

    end = await monitor("config", "validate", "-c", str(path))

    assert (end.code, end.out) == (0, f"{path}: valid, 1 check of target t\n")


@pytest.mark.parametrize(
    "command",
    [
        (),
        ("run",),
        ("once",),
        ("checks",),
        ("demo",),
        ("sandbox",),
        ("incidents",),
        ("history",),
        ("silence",),
        ("page",),
        ("config", "validate"),
        ("config", "schema"),
    ],
)
async def test_every_command_has_help_with_an_example(command: tuple[str, ...]) -> None:
    end = await monitor(*command, "--help")

    assert end.code == 0
    assert not command or f"Example:  monitor {' '.join(command)}" in " ".join(end.out.split("\n"))
