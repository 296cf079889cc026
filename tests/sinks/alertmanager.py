"""
A real Alertmanager, with a configuration as an operator would write it, on free ports of loopback.
"""

import json
import socket
import subprocess
import time
import urllib.request
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from tests.fakes.pagerduty import ROUTING_KEY, FakePagerDuty
from tests.tools import require

_READY_SECONDS = 15.0


@contextmanager
def alertmanager(folder: Path, pagerduty: FakePagerDuty) -> Iterator[str]:
    """
    Run one that pages through *pagerduty*, its data in *folder*; yields its address once it answers.
    """
    program = require("alertmanager")
    # JSON is YAML.
    (folder / "alertmanager.yml").write_text(json.dumps(_configuration(pagerduty)))
    with closing(socket.socket()) as free:
        free.bind(("127.0.0.1", 0))
        address = f"127.0.0.1:{free.getsockname()[1]}"
    options = [
        f"--config.file={folder / 'alertmanager.yml'}",
        f"--storage.path={folder / 'data'}",
        f"--web.listen-address={address}",
        # Empty, or it listens for others on every interface.
        "--cluster.listen-address=",
    ]
    log = folder / "log"
    with log.open("wb") as out, subprocess.Popen([program, *options], stdout=out, stderr=out) as process:
        try:
            deadline = time.monotonic() + _READY_SECONDS
            while not _is_ready(f"http://{address}"):
                assert process.poll() is None, log.read_text()
                assert time.monotonic() < deadline, log.read_text()
                time.sleep(0.02)
            yield f"http://{address}"
        finally:
            process.kill()


def _is_ready(url: str) -> bool:
    try:
        with urllib.request.urlopen(f"{url}/-/ready", timeout=1.0) as answer:
            return bool(answer.status == 200)
    except OSError:
        return False


def _configuration(pagerduty: FakePagerDuty) -> dict[str, object]:
    return {
        "global": {"resolve_timeout": "5m", "pagerduty_url": pagerduty.enqueue_url},
        "route": {
            "receiver": "pager",
            "group_by": ["target", "location", "incident"],
            "group_wait": "50ms",
            "group_interval": "200ms",
            "repeat_interval": "1h",
        },
        "receivers": [{"name": "pager", "pagerduty_configs": [{"routing_key": ROUTING_KEY, "send_resolved": True}]}],
        "inhibit_rules": [
            {
                "source_matchers": ['severity="page"', 'cause="service_down"'],
                "target_matchers": ['severity=~"ticket|info"'],
                "equal": ["target", "location"],
            }
        ],
    }
