"""
The configuration of Alertmanager: whom each alert reaches, and what holds it back.
"""

import re
import subprocess

import pytest

from monitor.core.cause import Cause
from monitor.sinks.alertmanager import ALERT_NAME
from tests.dashboards.files import ALERTMANAGER, alerts, read
from tests.tools import require


def _amtool(*arguments: str) -> str:
    told = subprocess.run([require("amtool"), *arguments], capture_output=True, text=True, check=False)
    assert told.returncode == 0, told.stdout + told.stderr
    return told.stdout


def test_alertmanager_takes_it() -> None:
    assert "SUCCESS" in _amtool("check-config", str(ALERTMANAGER))


@pytest.mark.parametrize(
    ("labels", "receiver"),
    [
        pytest.param({"severity": "page", "about": "platform"}, "pager", id="the-platform"),
        pytest.param({"severity": "page", "about": "monitor"}, "pager", id="the-monitor"),
        pytest.param({"severity": "ticket", "about": "platform"}, "tickets", id="a-ticket"),
        pytest.param({"severity": "info", "about": "platform"}, "nobody", id="for-information"),
        pytest.param({"severity": "info", "about": "routing"}, "nobody", id="only-inhibits"),
        pytest.param({"severity": "page", "alertname": ALERT_NAME, "incident": "1"}, "pager", id="the-daemon-itself"),
        pytest.param({"severity": "ticket", "alertname": ALERT_NAME}, "tickets", id="its-tickets"),
        pytest.param({"alertname": "Whatever"}, "tickets", id="of-nobody-knows-whom"),
    ],
)
def test_a_route_leads_to_whom_it_must(labels: dict[str, str], receiver: str) -> None:
    shown = [f"{name}={value}" for name, value in labels.items()]

    routed = _amtool("config", "routes", "test", f"--config.file={ALERTMANAGER}", *shown)

    assert routed.strip() == receiver


@pytest.mark.parametrize("name", alerts())
def test_every_alert_reaches_whom_its_severity_says(name: str) -> None:
    labels = alerts()[name]["labels"]
    for severity in ("ticket", "info") if "$" in labels["severity"] else (labels["severity"],):
        shown = [f"alertname={name}", f"about={labels['about']}", f"severity={severity}"]

        routed = _amtool("config", "routes", "test", f"--config.file={ALERTMANAGER}", *shown)

        assert routed.strip() == {"page": "pager", "ticket": "tickets", "info": "nobody"}[severity]


def test_inhibition_names_alerts_and_causes_that_exist() -> None:
    text = "\n".join(
        matcher
        for rule in read(ALERTMANAGER)["inhibit_rules"]
        for side in ("source_matchers", "target_matchers")
        for matcher in rule[side]
    )
    named = {name for found in re.findall(r'alertname!?=~?"([^"]*)"', text) for name in found.split("|")}
    causes = {cause for found in re.findall(r'cause!?=~?"([^"]*)"', text) for cause in found.split("|")}

    assert named <= {*alerts(), ALERT_NAME}
    assert all(any(re.fullmatch(cause, known) for known in Cause) for cause in causes)
