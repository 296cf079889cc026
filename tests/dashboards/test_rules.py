"""
The rules of Prometheus: what each says, and when it fires and when not.
"""

import re
import subprocess
from collections import defaultdict
from itertools import pairwise
from pathlib import Path

import pytest

from monitor.core.cause import Cause
from monitor.core.outcome import Reason
from monitor.registry import load_registry
from tests.dashboards.files import FOLDER, RULE_TESTS, RULES, alerts, read, rules
from tests.tools import require


def test_prometheus_takes_them() -> None:
    checked = subprocess.run(
        [require("promtool"), "check", "rules", "--lint-fatal", RULES], capture_output=True, text=True, check=False
    )

    assert checked.returncode == 0, checked.stdout + checked.stderr


@pytest.mark.slow
@pytest.mark.parametrize("path", RULE_TESTS, ids=lambda path: path.stem)
def test_alerts_fire_hold_and_resolve_as_written(path: Path) -> None:
    tested = subprocess.run(
        [require("promtool"), "test", "rules", path.name], cwd=FOLDER, capture_output=True, text=True, check=False
    )

    assert tested.returncode == 0, tested.stdout + tested.stderr


def test_each_alert_is_shown_to_fire_to_be_over_and_not_to_fire_for_what_resembles_it() -> None:
    shown = defaultdict[str, set[str]](set)
    for path in RULE_TESTS:
        for test in read(path)["tests"]:
            told = defaultdict[str, list[int]](list)
            for each in test.get("alert_rule_test", ()):
                told[each["alertname"]].append(len(each["exp_alerts"]))
            for name, numbers in told.items():
                shown[name] |= {"fires"} if any(numbers) else {"holds"}
                shown[name] |= {"is over"} if any(after < before for before, after in pairwise(numbers)) else set()

    assert shown == {name: {"fires", "is over", "holds"} for name in alerts()}


@pytest.mark.parametrize("name", alerts())
def test_each_alert_says_how_urgent_it_is_what_it_is_about_and_what_to_do(name: str) -> None:
    alert = alerts()[name]
    runbook = alert["annotations"]["runbook_url"]

    assert alert["labels"]["severity"] in {"page", "ticket", "info", "{{ $labels.severity }}"}
    assert alert["labels"]["about"] in {"platform", "monitor"}
    assert alert["annotations"].keys() == {"summary", "description", "runbook_url"}
    assert all(alert["annotations"].values())
    for cause in Cause if "$labels.cause" in runbook else ["-"]:
        path = FOLDER.parent / runbook.replace("{{ $labels.cause }}", cause)
        assert path.is_file(), path


def test_what_pages_about_the_platform_names_no_location_but_where_a_cause_does() -> None:
    labels = {name: alert["labels"] for name, alert in alerts().items()}
    pages = [name for name, its in labels.items() if (its["severity"], its["about"]) == ("page", "platform")]

    assert [name for name in pages if "$labels.location" in alerts()[name]["annotations"]["summary"]] == [
        "IncidentPages"
    ]


def test_the_kinds_of_the_flow_and_the_reasons_that_are_named_exist() -> None:
    texts = " ".join(rule["expr"] for rule in rules())
    flow = next(rule["expr"] for rule in rules() if rule.get("record") == "synthetic:check_flow:bool")
    kinds = re.findall(r'kind=~"([^"]*)"', flow)[0].split("|")

    assert set(kinds) <= load_registry().kinds.keys()
    assert set(re.findall(r'reason="(\w+)"', texts)) <= {reason.value for reason in Reason}
    assert set(re.findall(r'cause="(\w+)"', texts)) <= {cause.value for cause in Cause}


def test_no_check_is_named() -> None:
    assert not re.findall(r'check=~?"', RULES.read_text())
