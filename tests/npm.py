"""
Packages of npm that tests need, installed from a lock file into a folder that git ignores.
"""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.tools import require

_BUILD = Path(__file__).parents[1] / ".build"
# Below the limit of a test, so that a registry that does not answer is named.
_INSTALL_SECONDS = 60.0


def installed(lock_folder: Path, name: str) -> Path:
    """
    Return the folder ``node_modules`` of what ``package-lock.json`` in *lock_folder* names, kept under *name*.

    Without npm, or without a registry, the test is skipped; under ``CI=true`` it fails.
    """
    folder = _BUILD / name
    mark, lock = folder / "node_modules" / ".installed", (lock_folder / "package-lock.json").read_text()
    if not mark.exists() or mark.read_text() != lock:
        _install(require("npm"), lock_folder, folder)
        mark.write_text(lock)
    return mark.parent


def _install(npm: str, lock_folder: Path, folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for name in ("package.json", "package-lock.json"):
        shutil.copy(lock_folder / name, folder)
    command = [npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--fetch-retries=1"]
    try:
        subprocess.run(command, cwd=folder, check=True, capture_output=True, text=True, timeout=_INSTALL_SECONDS)
    except (subprocess.CalledProcessError, subprocess.TimeoutExpired) as error:
        message = f"npm ci failed: {error}: {str(error.stderr)[-500:]}"
        if os.environ.get("CI") == "true":
            pytest.fail(message)
        pytest.skip(message)
