"""
The official Python SDK sets a schema up, from a process of its own.
"""

import asyncio
import json
import sys
from pathlib import Path

import pytest

from monitor.sandbox.server import Sandbox

pytestmark = [pytest.mark.asyncio, pytest.mark.slow]

SCRIPT = Path(__file__).parent / "sdk_schema.py"
TIMEOUT_SECONDS = 30.0


async def test_lets_the_official_python_sdk_set_a_schema_up(sandbox: Sandbox) -> None:
    given = {"endpoint": sandbox.endpoint, "project": sandbox.project, "key": sandbox.api_key}

    # The SDK warns that the collection family is deprecated; that is its business.
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-W",
        "ignore",
        str(SCRIPT),
        json.dumps(given),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    out, err = await asyncio.wait_for(process.communicate(), TIMEOUT_SECONDS)

    assert process.returncode == 0, err.decode()
    assert json.loads(out) == {
        "collections": {
            "keys": ["title", "status", "minutes", "price", "paid", "at", "email"],
            "again": [409, "attribute_already_exists"],
            "changed": [False, "untitled", 200],
            "listed": 1,
            "gone": [404, "collection_not_found"],
        },
        "tables": {
            "type": "tablesdb",
            "status": ["available", "available"],
            "row": "a",
            "renamed": "content",
            "unknown": [400, "column_unknown"],
            "gone": [404, "database_not_found"],
        },
    }
