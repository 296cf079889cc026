"""
The web SDK and what it needs, installed from the lock file into a folder that git ignores.
"""

import filecmp
import os
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.one_at_a_time import one_at_a_time
from tests.tools import require

HERE = Path(__file__).parent / "web"
FOLDER = Path(__file__).parents[2] / ".build" / "web-sdk"
# Below the limit of a test, so that a registry that does not answer is named.
_INSTALL_SECONDS = 60.0
_OLDEST_NODE = 18


def install() -> Path:
    """
    Return the folder with ``node_modules`` and the tour; install what the lock file names unless it is there already.

    Without Node, or without a registry, the test is skipped; under ``CI=true`` it fails.
    """
    node, npm = require("node"), require("npm")
    told = subprocess.run([node, "--version"], check=True, capture_output=True, text=True, timeout=30)
    if int(told.stdout.strip().removeprefix("v").split(".")[0]) < _OLDEST_NODE:
        _give_up(f"node is {told.stdout.strip()}, the web SDK needs {_OLDEST_NODE}")
    with one_at_a_time(FOLDER):
        installed, lock = FOLDER / "node_modules" / ".installed", (HERE / "package-lock.json").read_text()
        if not installed.exists() or installed.read_text() != lock:
            _install(npm)
            installed.write_text(lock)
        # Not again while another process runs it.
        if not (FOLDER / "tour.mjs").exists() or not filecmp.cmp(HERE / "tour.mjs", FOLDER / "tour.mjs", shallow=False):
            shutil.copy(HERE / "tour.mjs", FOLDER)
    return FOLDER


def _install(npm: str) -> None:
    for name in ("package.json", "package-lock.json"):
        shutil.copy(HERE / name, FOLDER)
    command = [npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--fetch-retries=1"]
    try:
        subprocess.run(command, cwd=FOLDER, check=True, capture_output=True, text=True, timeout=_INSTALL_SECONDS)
    except (subprocess.CalledProcessError, subprocess.TimeoutExpired) as error:
        _give_up(f"npm ci failed: {error}: {str(error.stderr)[-500:]}")


def _give_up(message: str) -> None:
    if os.environ.get("CI") == "true":
        pytest.fail(message)
    pytest.skip(message)
