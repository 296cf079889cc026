"""
The web SDK and what it needs, installed from the lock file into a folder that git ignores.
"""

from pathlib import Path

from tests.npm import give_up, installed, run
from tests.tools import require

_HERE = Path(__file__).parent / "web"
_OLDEST_NODE = 18


def install() -> Path:
    """
    Return the folder with ``node_modules`` and the tour.

    Without Node, or without a registry, the test is skipped; under ``CI=true`` it fails.
    """
    told = run(_HERE, require("node"), "--version").strip()
    if int(told.removeprefix("v").split(".")[0]) < _OLDEST_NODE:
        give_up(f"node is {told}, the web SDK needs {_OLDEST_NODE}")
    return installed(_HERE, "web-sdk")
