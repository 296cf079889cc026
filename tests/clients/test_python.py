"""
The official Python SDK against the sandbox: a tour of everything, and the errors that it was recorded with.
"""

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from monitor.sandbox.server import Sandbox
from tests.clients.processes import failures, run_python, sandbox_process
from tests.sandbox.states import EVERYTHING, add_collection, add_document

pytestmark = [pytest.mark.asyncio, pytest.mark.slow]

RECORDED: dict[str, Any] = json.loads((Path(__file__).parent / "recorded.json").read_text())["python"]
# Where the text of an error names the address, or is a page, only its start is compared.
OPEN_ENDED = ("nothing listens", "endpoint without /v1")
READ_ONLY = frozenset(
    {"databases.read", "collections.read", "tables.read", "documents.read", "rows.read", "health.read"}
)
NARROW = frozenset({"users.read", "locale.read"})


async def test_the_tour_of_a_sandbox_process_meets_no_surprise() -> None:
    async with sandbox_process() as told:
        steps = await run_python("tests.clients.python_tour", told)

    failed = failures(steps)
    assert not failed, "\n".join(failed)
    assert steps[-1]["step"] == "end"


async def test_errors_are_those_of_a_real_server(sandbox: Sandbox) -> None:
    world = sandbox.world
    world.add_key("standard_reads", scopes=READ_ONLY)
    world.add_key("standard_narrow", scopes=NARROW)
    world.add_key("standard_late", expires_at=world.clock.now() - timedelta(seconds=1))
    state = add_collection(world, sandbox.database, permissions=EVERYTHING)
    add_document(state, "dup")
    keys = {
        "key_full": sandbox.api_key,
        "key_read_only": "standard_reads",
        "key_without_scope": "standard_narrow",
        "key_bad": "standard_unknown",
        "key_expired": "standard_late",
    }
    given = {"endpoint": sandbox.endpoint, "project": sandbox.project, "database": sandbox.database, "keys": keys}

    lines = {each.pop("step"): shortened(each) for each in await run_python("tests.clients.python_errors", given)}

    assert lines == RECORDED


async def test_documents_of_version_1_8_break_the_sdk_as_they_do_with_a_real_server() -> None:
    async with Sandbox(profile="1.8") as sandbox:
        world = sandbox.world
        add_document(add_collection(world, sandbox.database, permissions=EVERYTHING), "dup")
        bookings = world.databases[sandbox.database].collections["bookings"]
        add_document(bookings, "one").data = dict.fromkeys(bookings.attributes)
        keys = {"key_full": sandbox.api_key}
        given = {"endpoint": sandbox.endpoint, "project": sandbox.project, "database": sandbox.database, "keys": keys}

        lines = {each["step"]: each for each in await run_python("tests.clients.python_errors", given)}

    # Its $sequence is a number, and the SDK wants text.
    assert lines["key_full: list_rows bookings"]["class"] == "ValidationError"
    assert lines["key_full: get_collection bookings"]["class"] == "Collection"
    assert lines["key_full: create_document duplicate"]["type"] == "document_already_exists"


def shortened(line: dict[str, Any]) -> dict[str, Any]:
    if str(line.get("message")).startswith(("<!DOCTYPE", "HTTPConnectionPool")):
        line["message"] = line["message"].split(" ")[0].split("(")[0]
    return line
