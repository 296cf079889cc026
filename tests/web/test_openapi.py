"""
The OpenAPI document is what the server does: asked of a real daemon that watches the sandbox.
"""

import asyncio
import json
import sys
from collections import defaultdict
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from monitor.sandbox.server import Sandbox
from tests.e2e.daemon import Daemon, daemon, get, write_config
from tests.web.serving import PASSWORD, TOKEN, serving

pytestmark = pytest.mark.asyncio

# It never ends, which no generated case waits for: `test_events` reads it.
_STREAM = "/api/v1/events"
# What is asked for first of all, and not again.
_ITSELF = "/api/v1/openapi.json"
_CASES = 6
# Of ids that are not easily guessed; the tests of what they stand for know some.
_NEVER_FOUND = {"GET /api/v1/runs/{id}", "GET /runs/{id}", "GET /api/v1/incidents/{id}", "DELETE /api/v1/silences/{id}"}


async def schemathesis(url: str, report: Path) -> tuple[int | None, str]:
    """
    Ask what can be asked, in many ways and always the same; return the exit code and what was said.
    """
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "schemathesis.cli", "run", f"{url}/api/v1/openapi.json"),
        *("--header", f"Authorization: Bearer {TOKEN}", "--exclude-path", _STREAM),
        *("--phases", "examples,coverage,fuzzing", "--max-examples", str(_CASES), "--seed", "7"),
        # Whoever is told to wait a second waits.
        *("--checks", "all", "--rate-limit", "auto", "--request-timeout", "20"),
        *("--report-ndjson-path", str(report), "--output-truncate", "true", "--no-color"),
        cwd=report.parent,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    out, _ = await process.communicate()
    return process.returncode, out.decode()


def statuses_of(report: Path) -> Mapping[str, set[int]]:
    """
    Return with which statuses each operation was answered.
    """
    found: dict[str, set[int]] = defaultdict(set)
    for line in report.read_text().splitlines():
        if (ended := json.loads(line).get("ScenarioFinished")) is not None:
            recorder = ended["recorder"]
            for each in (recorder.get("interactions") or {}).values():
                found[recorder["label"]].add(int((each.get("response") or {}).get("status_code", 0)))
    return found


@pytest.mark.slow
async def test_a_real_daemon_keeps_to_its_document_whatever_is_asked(sandbox: Sandbox, tmp_path: Path) -> None:
    checks = {
        "version": f"{{kind: http_endpoint, every: 5s, timeout: 2s, url: {sandbox.endpoint}/health/version}}",
        "bookings": "{kind: collection_exists, every: 5s, timeout: 2s, collection: bookings}",
    }
    report = tmp_path / "report.ndjson"

    async with daemon(write_config(tmp_path, sandbox, checks), {"MONITOR_WEB__TOKEN": TOKEN}) as monitor:
        web = (await monitor.until("daemon.started"))["web"]
        reading = asyncio.create_task(read_on(monitor))
        code, said = await schemathesis(web, report)
        reading.cancel()
        logged = [line for line in monitor.lines if line["level"] == "error"]
        _, document = await get(f"{web}/api/v1/openapi.json")

    described = {
        f"{method.upper()} {path}": operation
        for path, operations in json.loads(document)["paths"].items()
        for method, operation in operations.items()
        if path not in {_STREAM, _ITSELF}
    }
    answered = statuses_of(report)
    successes = {
        name
        for name, operation in described.items()
        if answered.get(name, set()) & {200, 201, 204} & documented(operation)
    }
    assert code == 0, said[-5000:]
    assert answered.keys() == described.keys()
    assert described.keys() - successes <= _NEVER_FOUND
    assert logged == []


def documented(operation: Mapping[str, Any]) -> set[int]:
    return {int(status) for status in operation["responses"]}


async def read_on(monitor: Daemon) -> None:
    # A daemon that nobody reads from would stand still at its log.
    while True:
        await monitor.next_line()


async def test_the_document_has_every_route_of_the_server_and_no_other() -> None:
    async with serving() as served:
        _, document = await served.ask("GET", "/api/v1/openapi.json")
        app = served.server._app()

    served_routes = {(route.method, route.resource.canonical) for route in app.router.routes() if route.resource}
    described = {(method.upper(), path) for path, operations in document["paths"].items() for method in operations}
    assert described == {(method, path) for method, path in served_routes if method != "HEAD"}


@pytest.mark.parametrize(
    ("web", "ways"),
    [
        pytest.param({}, [{}], id="nothing"),
        pytest.param({"token": TOKEN}, [{"token": []}], id="token"),
        pytest.param({"user": "ann", "password": PASSWORD}, [{"password": []}], id="password"),
    ],
)
async def test_the_document_says_how_somebody_is_let_in(web: dict[str, Any], ways: list[dict[str, list[str]]]) -> None:
    async with serving(**web) as served:
        _, document = await served.ask("GET", "/api/v1/openapi.json")

    paths = document["paths"]
    assert paths["/api/v1/checks/{name}/runs"]["post"]["security"] == ways
    assert "security" not in paths["/api/v1/status"]["get"]
