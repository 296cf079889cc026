"""
Packages of npm that tests need, installed from a lock file into a folder that git ignores.
"""

import filecmp
import os
import shutil
import subprocess
from pathlib import Path
from typing import NoReturn

import pytest

from tests.one_at_a_time import one_at_a_time
from tests.tools import require

_BUILD = Path(__file__).parents[1] / ".build"
# Below the limit of a test, so that a registry that does not answer is named.
_SECONDS = 90.0
_INSTALL = ("ci", "--ignore-scripts", "--no-audit", "--no-fund", "--fetch-retries=1")


def installed(source: Path, name: str) -> Path:
    """
    Return the folder, kept under *name*, with the files of *source* and the ``node_modules`` that its
    ``package-lock.json`` names.

    Without npm, or without a registry, the test is skipped; under ``CI=true`` it fails.
    """
    npm, folder = require("npm"), _BUILD / name
    with one_at_a_time(folder):
        for path in source.iterdir():
            # Not again while another process runs it.
            if not (folder / path.name).exists() or not filecmp.cmp(path, folder / path.name, shallow=False):
                shutil.copy(path, folder)
        mark, lock = folder / "node_modules" / ".installed", (source / "package-lock.json").read_text()
        if not mark.exists() or mark.read_text() != lock:
            run(folder, npm, *_INSTALL)
            mark.write_text(lock)
    return folder


def run(folder: Path, *command: str) -> str:
    """
    Return what *command* prints in *folder*; where it fails, the test is skipped, and under ``CI=true`` fails.
    """
    try:
        done = subprocess.run(command, cwd=folder, check=True, capture_output=True, text=True, timeout=_SECONDS)
    except (subprocess.CalledProcessError, subprocess.TimeoutExpired) as error:
        give_up(f"{Path(command[0]).name} {command[1]} failed: {error}: {str(error.stderr)[-500:]}")
    return done.stdout


def give_up(message: str) -> NoReturn:
    """
    Skip the test that cannot be made here for the reason in *message*; under ``CI=true`` fail it.
    """
    if os.environ.get("CI") == "true":
        pytest.fail(message)
    pytest.skip(message)
