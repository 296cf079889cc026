"""
What looks at a sandbox here: the demo's checks, and what production would have beside them.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from monitor import demo
from monitor.config import Settings, load_settings
from monitor.registry import load_registry
from monitor.sandbox.server import Sandbox

# Beside the demo's: a visitor without an account, queues of which a single job is too many, a schema that must be done
# at once (an attribute takes half a second where all is well), and an objective that a busy machine keeps.
_CHANGES: Mapping[str, Mapping[str, Any]] = {
    "identities": {"visitor": {"kind": "anonymous"}},
    "checks": {
        "api-version": {
            "kind": "http_endpoint",
            "every": "3s",
            "timeout": "2500ms",
            "url": "${SANDBOX_ENDPOINT}/health/version",
            "content_type": "application/json",
            "objective": "1500ms",
        },
        "visitor-connects": {"kind": "websocket_connect", "every": "90s", "timeout": "3s", "identity": "visitor"},
        "service-health": {
            "kind": "appwrite_health",
            "every": "6s",
            "timeout": "5s",
            "queues": {"databases": 0, "functions": 50, "messaging": 0},
        },
    },
}
BROWSER: Mapping[str, Any] = {
    "kind": "booking_in_browser",
    "every": "5m",
    "timeout": "45s",
    "profile": {"like": "january", "chat": {"collection": "chat_sessions"}},
    "customer": "customer",
    "therapist": "therapist",
}


def settings_for(sandbox: Sandbox, folder: Path, *, checks: Mapping[str, Any] | None = None, port: int = 0) -> Settings:
    """
    Return the configuration that watches *sandbox*, written to *folder*; *checks* come beside the usual ones.
    """
    document = yaml.safe_load(demo.CONFIG.read_text())
    for section, entries in _CHANGES.items():
        document[section] |= entries
    document["checks"] |= checks or {}
    (folder / document["manifest"]).write_text((demo.CONFIG.parent / document["manifest"]).read_text())
    path = folder / "monitor.yaml"
    path.write_text(yaml.safe_dump(document, sort_keys=False))
    return load_settings(path, load_registry(), demo.environment(sandbox, port=port))
