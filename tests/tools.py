"""
The programs that tests need beside Python, and how they get here: ``python -m tests.tools [NAME]…``.

As root on Debian the missing ones are installed; elsewhere the message says what to install. Bugsink, which stands in
for Sentry, needs no root: it comes from the package index into an environment of its own. Tests that lack one are
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
    "amtool": "prometheus-alertmanager",
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
    "amtool": "amtool",
    "blackbox_exporter": "prometheus-blackbox-exporter",
    "node": "node",
    "npm": "npm",
    "chromium": "chromium",
}

# A tool of the tests only, by its licence too: never a dependency of what we ship.
BUGSINK = "bugsink==2.6.1"
BUGSINK_FOLDER = Path(__file__).parents[1] / ".build" / "bugsink"
_BUGSINK_INSTALLED = BUGSINK_FOLDER / ".installed"


def find(name: str) -> str | None:
    """
    Return the path of the tool, None when it is not installed; of Bugsink the folder with its programs.
    """
    if name == "bugsink":
        is_there = _BUGSINK_INSTALLED.exists() and _BUGSINK_INSTALLED.read_text() == BUGSINK
        return str(BUGSINK_FOLDER / "bin") if is_there else None
    return shutil.which(_COMMANDS[name])


def require(name: str) -> str:
    """
    Return the path of the tool; skip the test when it is missing, or fail it under ``CI=true``.
    """
    path = find(name)
    if path is not None:
        return path
    package = f"the package {PACKAGES[name]}" if name in PACKAGES else f"it with `python -m tests.tools {name}`"
    message = f"{name} is not installed: run `make test` as root, or install {package}"
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
    codes = [0]
    if "bugsink" in missing:
        missing.remove("bugsink")
        codes.append(_install_bugsink())
    if missing:
        codes.append(_install_packages(missing))
    return next((code for code in codes if code != 0), 0)


def _install_bugsink() -> int:
    print(f"installing {BUGSINK} into {BUGSINK_FOLDER} …")  # noqa: T201
    shutil.rmtree(BUGSINK_FOLDER, ignore_errors=True)
    pip = [str(BUGSINK_FOLDER / "bin" / "pip"), "--disable-pip-version-check", "--quiet", "--retries=1"]
    try:
        for command in ([sys.executable, "-m", "venv", str(BUGSINK_FOLDER)], [*pip, "install", BUGSINK]):
            subprocess.run(command, check=True, capture_output=True, text=True, timeout=300)
    except (subprocess.CalledProcessError, subprocess.TimeoutExpired, OSError) as error:
        said = str(getattr(error, "stderr", None) or error).strip().splitlines()
        print(f"not installed: {BUGSINK}: {said[-1] if said else error}")  # noqa: T201
        print("it needs Python's venv module and a package index; the tests that need it are skipped")  # noqa: T201
        return 1 if os.environ.get("CI") == "true" else 0
    _BUGSINK_INSTALLED.write_text(BUGSINK)
    return 0


def _install_packages(missing: Sequence[str]) -> int:
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
    sys.exit(install(sys.argv[1:] or [*PACKAGES, "bugsink"]))
