"""
The files of ``dashboards/`` as data.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

FOLDER = Path(__file__).parents[2] / "dashboards"
RULES = FOLDER / "rules.yaml"
ALERTMANAGER = FOLDER / "alertmanager.yaml"
RULE_TESTS = tuple(FOLDER / f"rules_{name}.yaml" for name in ("test", "6h_test", "30d_test"))


def read(path: Path) -> Any:
    """
    Return what a YAML file holds.
    """
    return yaml.safe_load(path.read_text(encoding="utf-8"))


def rules() -> Iterator[dict[str, Any]]:
    """
    Iterate over all rules, alerts and recordings.
    """
    for group in read(RULES)["groups"]:
        yield from group["rules"]


def alerts() -> dict[str, dict[str, Any]]:
    """
    Return all alerts by name.
    """
    return {rule["alert"]: rule for rule in rules() if "alert" in rule}
