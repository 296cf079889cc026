"""
The peer that is told of faults: blackbox_exporter → Prometheus → Alertmanager → PagerDuty, set up to be quick.

Rules are evaluated every second and Alertmanager waits for no group, where the usual settings are 15 s and 30 s. Two
rules judge the same probes: one (``for: 0s``) pages after the first that failed, were it but a lost packet; the other
(``for``: one interval) only if the next one failed as well, which is what the monitor demands before it wakes anybody.
"""

import json
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.bench.blackbox import free_port, listening
from tests.bench.processes import child
from tests.bench.switchable import Targets
from tests.tools import find

# The first word of the exporter's User-Agent.
ASKS_AS = "Blackbox Exporter"
# The keys by which the pager knows who pages.
FAILED_ONCE, FAILED_TWICE = "1" * 32, "2" * 32
_KEYS = {"FailedOnce": FAILED_ONCE, "FailedTwice": FAILED_TWICE}


@dataclass(frozen=True, slots=True, kw_only=True)
class Tools:
    """
    The paths of the programs of the chain.
    """

    blackbox: str
    prometheus: str
    alertmanager: str

    @classmethod
    def found(cls) -> "Tools | None":
        """
        Return them; None when any is not installed.
        """
        paths = {"blackbox": find("blackbox_exporter"), **{name: find(name) for name in ("prometheus", "alertmanager")}}
        found = {name: path for name, path in paths.items() if path is not None}
        return cls(**found) if len(found) == len(paths) else None


@asynccontextmanager
async def chain_of(
    tools: Tools, targets: Targets, *, folder: Path, pager: str, every_seconds: float, timeout_seconds: float
) -> AsyncIterator[None]:
    """
    Watch *targets* for the length of the block, and page at the address *pager*.
    """
    blackbox, prometheus, alertmanager = (f"127.0.0.1:{free_port()}" for _ in range(3))
    rules = _write(folder, "rules.yml", _rules(every_seconds))
    scraping = _scraping(targets, blackbox=blackbox, alertmanager=alertmanager, rules=rules, every=every_seconds)
    files = {
        "blackbox": _write(folder, "blackbox.yml", _modules(timeout_seconds)),
        "prometheus": _write(folder, "prometheus.yml", scraping),
        "alertmanager": _write(folder, "alertmanager.yml", _routing(pager)),
    }
    commands = {
        # The receiver first: what is told nobody is told late.
        alertmanager: (
            tools.alertmanager,
            f"--config.file={files['alertmanager']}",
            f"--storage.path={folder / 'alertmanager'}",
            "--cluster.listen-address=",
        ),
        blackbox: (tools.blackbox, f"--config.file={files['blackbox']}"),
        prometheus: (
            tools.prometheus,
            f"--config.file={files['prometheus']}",
            f"--storage.tsdb.path={folder / 'prometheus'}",
        ),
    }
    async with AsyncExitStack() as stack:
        for address, command in commands.items():
            await stack.enter_async_context(child(*command, f"--web.listen-address={address}", "--log.level=error"))
            await listening(address)
        yield


def _write(folder: Path, name: str, content: Mapping[str, Any]) -> Path:
    path = folder / name
    # JSON is YAML.
    path.write_text(json.dumps(content, indent=1))
    return path


def _modules(timeout_seconds: float) -> dict[str, Any]:
    http = {"preferred_ip_protocol": "ip4"}
    return {"modules": {"http_2xx": {"prober": "http", "timeout": f"{timeout_seconds * 1000:.0f}ms", "http": http}}}


def _scraping(targets: Targets, *, blackbox: str, alertmanager: str, rules: Path, every: float) -> dict[str, Any]:
    job = {
        "job_name": "targets",
        "metrics_path": "/probe",
        "params": {"module": ["http_2xx"]},
        "static_configs": [{"targets": [targets.url(name) for name in targets.names]}],
        "relabel_configs": [
            {"source_labels": ["__address__"], "target_label": "__param_target"},
            {"source_labels": ["__param_target"], "target_label": "instance"},
            {"target_label": "__address__", "replacement": blackbox},
        ],
    }
    return {
        "global": {
            "scrape_interval": f"{every * 1000:.0f}ms",
            # The exporter gives up half a second sooner, or at its own timeout.
            "scrape_timeout": f"{every * 900:.0f}ms",
            "evaluation_interval": "1s",
        },
        "rule_files": [str(rules)],
        "alerting": {"alertmanagers": [{"static_configs": [{"targets": [alertmanager]}]}]},
        "scrape_configs": [job],
    }


def _rules(every_seconds: float) -> dict[str, Any]:
    # The second probe is judged an interval after the first one was.
    holds = {"FailedOnce": 0.0, "FailedTwice": every_seconds}
    rules = [
        {"alert": name, "expr": "probe_success == 0", "for": f"{seconds * 1000:.0f}ms"}
        for name, seconds in holds.items()
    ]
    return {"groups": [{"name": "targets", "rules": rules}]}


def _routing(pager: str) -> dict[str, Any]:
    grouping = {
        "group_by": ["alertname", "instance"],
        "group_wait": "0s",
        "group_interval": "1s",
        "repeat_interval": "1h",
    }
    routes = [{"matchers": [f'alertname="{name}"'], "receiver": name} for name in _KEYS]
    receivers = [
        {
            "name": name,
            "pagerduty_configs": [{"routing_key": key, "description": "{{ .CommonLabels.instance }}"}],
        }
        for name, key in _KEYS.items()
    ]
    return {
        "global": {"pagerduty_url": pager},
        "route": {"receiver": "FailedOnce", **grouping, "routes": routes},
        "receivers": receivers,
    }
