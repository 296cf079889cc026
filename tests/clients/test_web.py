"""
The official web SDK, in Node, against the sandbox: what was recorded with a real server, and what a page does.
"""

import json
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from monitor.sandbox.server import Sandbox
from tests.clients.processes import failures, run_tour
from tests.clients.web_sdk import install
from tests.tools import require

pytestmark = [pytest.mark.asyncio, pytest.mark.slow]

RECORDED: dict[str, Any] = json.loads((Path(__file__).parent / "recorded.json").read_text())["javascript"]
COLLECTIONS = {
    "any": (['read("any")', 'create("any")'], False),
    "none": ([], False),
    "users": (['read("users")', 'create("users")', 'update("users")', 'delete("users")'], True),
}


async def prepare(sandbox: Sandbox) -> None:
    """
    Make the collections of the tour through the API.
    """
    headers = {"X-Appwrite-Project": sandbox.project, "X-Appwrite-Key": sandbox.api_key}
    url = f"{sandbox.endpoint}/databases/{sandbox.database}/collections"
    async with aiohttp.ClientSession(headers=headers) as session:
        for id_, (permissions, security) in COLLECTIONS.items():
            body = {
                "collectionId": id_,
                "name": id_,
                "permissions": permissions,
                "documentSecurity": security,
                "attributes": [
                    {"key": "title", "type": "string", "size": 100, "required": True},
                    {"key": "status", "type": "string", "size": 20, "required": False},
                ],
            }
            async with session.post(url, json=body) as response:
                assert response.status == 201, await response.text()


async def test_the_tour_goes_as_recorded_and_meets_no_surprise(sandbox: Sandbox) -> None:
    folder = install()
    await prepare(sandbox)
    given = {"endpoint": sandbox.endpoint, "project": sandbox.project, "database": sandbox.database}

    lines = await run_tour(require("node"), "tour.mjs", json.dumps(given), cwd=folder)

    failed = failures([each for each in lines if "recorded" not in each])
    assert not failed, "\n".join(failed)
    told = {each["step"]: each for each in lines if each.pop("recorded", False)}
    assert {step: {"step": step, **line} for step, line in RECORDED.items()} == {
        step: {key: value for key, value in line.items() if key in {"step", *RECORDED[step]}}
        for step, line in told.items()
    }
    assert lines[-1]["step"] == "end"
