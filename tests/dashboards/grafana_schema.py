"""
JSON Schemas of dashboards, made of the types that Grafana publishes: of no schema that somebody wrote down after them.

They are made once, in a folder that git ignores.
"""

import json
import os
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.tools import require

HERE = Path(__file__).parent / "grafana"
FOLDER = Path(__file__).parents[2] / ".build" / "grafana-schema"
_SECONDS = 90.0
_TYPESCRIPT = {
    "module": "esnext",
    "moduleResolution": "bundler",
    "target": "es2022",
    "strict": True,
    "skipLibCheck": True,
    "types": [],
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Schemas:
    """
    The schema of a dashboard, and its *version*; by panel type those of ``Options`` and ``FieldConfig``, where the type
    has them.
    """

    version: int
    dashboard: Mapping[str, Any]
    panels: Mapping[str, Mapping[str, Mapping[str, Any]]]


def schemas_of(panel_types: Sequence[str]) -> Schemas:
    """
    Return the schemas; install and generate what is not there yet.

    Without Node, or without a registry, the test is skipped; under ``CI=true`` it fails.
    """
    node, npm = require("node"), require("npm")
    made_of = "\n".join((*panel_types, *(path.read_text() for path in sorted(HERE.iterdir()))))
    made, remembered = FOLDER / "schemas.json", FOLDER / ".made-of"
    if not remembered.exists() or remembered.read_text() != made_of:
        FOLDER.mkdir(parents=True, exist_ok=True)
        for path in HERE.iterdir():
            shutil.copy(path, FOLDER)
        (FOLDER / "tsconfig.json").write_text(json.dumps({"compilerOptions": _TYPESCRIPT}))
        _run(npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--fetch-retries=1")
        made.write_text(_run(node, "schemas.mjs", *panel_types))
        remembered.write_text(made_of)
    return Schemas(**json.loads(made.read_text()))


def _run(*command: str) -> str:
    try:
        done = subprocess.run(command, cwd=FOLDER, check=True, capture_output=True, text=True, timeout=_SECONDS)
    except (subprocess.CalledProcessError, subprocess.TimeoutExpired) as error:
        message = f"{Path(command[0]).name} {command[1]} failed: {error}: {str(error.stderr)[-500:]}"
        if os.environ.get("CI") == "true":
            pytest.fail(message)
        pytest.skip(message)
    return done.stdout
