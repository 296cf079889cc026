"""
JSON Schemas of dashboards, made of the types that Grafana publishes: of no schema that somebody wrote down after them.

They are made once, in a folder that git ignores.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.npm import installed, run
from tests.tools import require

_HERE = Path(__file__).parent / "grafana"
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
    node = require("node")
    folder = installed(_HERE, "grafana-schema")
    made_of = "\n".join((*panel_types, *(path.read_text() for path in sorted(_HERE.iterdir()))))
    made, remembered = folder / "schemas.json", folder / ".made-of"
    if not remembered.exists() or remembered.read_text() != made_of:
        (folder / "tsconfig.json").write_text(json.dumps({"compilerOptions": _TYPESCRIPT}))
        made.write_text(run(folder, node, "schemas.mjs", *panel_types))
        remembered.write_text(made_of)
    return Schemas(**json.loads(made.read_text()))
