"""
The official Python SDK drives the sandbox, from a process of its own.
"""

import asyncio
import json
import sys
from pathlib import Path

import pytest

from monitor.sandbox.server import Sandbox

pytestmark = [pytest.mark.asyncio, pytest.mark.slow]

SCRIPT = Path(__file__).parent / "sdk_session.py"
TIMEOUT_SECONDS = 30.0


async def test_serves_the_official_python_sdk(sandbox: Sandbox) -> None:
    given = {
        "endpoint": sandbox.endpoint,
        "project": sandbox.project,
        "database": sandbox.database,
        "key": sandbox.api_key,
        "customer": sandbox.customer.id,
        "team": sandbox.team,
    }

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
        "account": sandbox.customer.id,
        "document": ["hello", "changed", 1],
        "document_gone": [404, "document_not_found"],
        "row": ["hello", "changed", 1],
        "row_gone": [404, "row_not_found"],
        "guest": [401, "general_unauthorized_scope"],
        "collections": 4,
    }
