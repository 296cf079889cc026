"""
The programs that tests need beside Python, and how they get here: ``python -m tests.tools [NAME]…``.

As root on Debian the missing ones are installed; elsewhere the message says what to install. Tests that lack one are
skipped, except under ``CI=true``, where that is a failure.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

_LIBRARY_FOLDERS = ("/usr/lib", "/usr/lib64", "/usr/local/lib")

# Name → (Debian package, how the tool is found).
PACKAGES = {
    "faketime": "faketime",
    "promtool": "prometheus",
    "prometheus": "prometheus",
    "alertmanager": "prometheus-alertmanager",
    "blackbox_exporter": "prometheus-blackbox-exporter",
    "node": "nodejs",
    "npm": "npm",
    "chromium": "chromium",
}
_COMMANDS = {
    "faketime": "faketime",
    "promtool": "promtool",
    "prometheus": "prometheus",
    "alertmanager": "prometheus-alertmanager",
    "blackbox_exporter": "prometheus-blackbox-exporter",
    "node": "node",
    "npm": "npm",
    "chromium": "chromium",
}


def find(name: str) -> str | None:
    """
    Return the path of the tool, None when it is not installed.
    """
    return shutil.which(_COMMANDS[name])


def require(name: str) -> str:
    """
    Return the path of the tool; skip the test when it is missing, or fail it under ``CI=true``.
    """
    path = find(name)
    if path is not None:
        return path
    message = f"{name} is not installed: run `make test` as root, or install the package {PACKAGES[name]}"
    if os.environ.get("CI") == "true":
        pytest.fail(message)
    pytest.skip(message)


def faketime_library() -> Path:
    """
    Return the library that fakes the time of a process which has it preloaded.
    """
    require("faketime")
    found = [path for folder in _LIBRARY_FOLDERS for path in Path(folder).glob("**/faketime/libfaketimeMT.so.1")]
    assert found, "the package faketime is installed, but not its library"
    return found[0]


def install(names: Sequence[str]) -> int:
    """
    Install what of *names* is missing; return the exit code.
    """
    missing = [name for name in names if find(name) is None]
    if not missing:
        return 0
    packages = [PACKAGES[name] for name in missing]
    if os.geteuid() != 0 or shutil.which("apt-get") is None:
        print(f"not installed: {', '.join(missing)}; on Debian: apt-get install {' '.join(packages)}")  # noqa: T201
        print("the tests that need them are skipped")  # noqa: T201
        return 1 if os.environ.get("CI") == "true" else 0
    print(f"installing {' '.join(packages)} …")  # noqa: T201
    quiet = {"stdout": subprocess.DEVNULL, "env": {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}}
    subprocess.run(["apt-get", "update", "-qq"], check=False, timeout=300, **quiet)  # type: ignore[call-overload]
    install = ["apt-get", "install", "-qq", "-y", "--no-install-recommends", *packages]
    return int(subprocess.run(install, check=False, timeout=600, **quiet).returncode)  # type: ignore[call-overload]


if __name__ == "__main__":
    sys.exit(install(sys.argv[1:] or list(PACKAGES)))
