"""
What each check must find under each fault, as ``expected.yaml`` says.
"""

from collections.abc import Mapping
from pathlib import Path

import yaml

_FILE = Path(__file__).with_name("expected.yaml")
_PASSED = "passed"


def load_expectations(checks: list[str]) -> dict[str, dict[str, str]]:
    """
    Return the verdict of each of *checks*, by the phrase of a fault; raise ``ValueError`` for a check there is not.
    """
    document = yaml.safe_load(_FILE.read_text())
    groups = document["groups"]
    return {phrase: _expected(named or {}, groups, checks) for phrase, named in document["faults"].items()}


def _expected(named: Mapping[str, str], groups: Mapping[str, list[str]], checks: list[str]) -> dict[str, str]:
    expected = dict.fromkeys(checks, _PASSED)
    # Groups first: what is said of a single check holds.
    for name, verdict in sorted(named.items(), key=lambda item: item[0] not in groups):
        for check in groups.get(name, [name]):
            if check not in expected:
                raise ValueError(f"there is no check {check!r}: there are {', '.join(checks)}")
            expected[check] = verdict
    return expected
