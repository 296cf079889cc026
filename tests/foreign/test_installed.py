"""
A kind from another package, installed as users install it, into an environment of its own.
"""

import json
import subprocess
import sys
import sysconfig
import venv
from pathlib import Path

import pytest

from monitor.sandbox.server import Sandbox
from tests.e2e.process import monitor

pytestmark = [pytest.mark.asyncio, pytest.mark.slow]

PACKAGE = Path(__file__).parent / "package"
ROOT = Path(__file__).parents[2]
CONFIG = """
target: {{name: sandbox, endpoint: "{endpoint}", project: {project}, database: {database}}}
identities: {{guest: {{kind: guest}}}}
checks:
  therapists-listed: {{kind: therapists_listed, collection: therapists_collection_id, at_least: {at_least}}}
"""


@pytest.fixture(scope="module")
def python(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """
    Return the interpreter of an environment that has this program, what it needs, and the package.
    """
    folder = tmp_path_factory.mktemp("environment")
    venv.create(folder, with_pip=True, symlinks=True)
    version = f"python{sys.version_info.major}.{sys.version_info.minor}"
    # What this environment has is seen there too, so that nothing is fetched.
    seen = "\n".join([sysconfig.get_path("purelib"), str(ROOT)])
    (folder / "lib" / version / "site-packages" / "here.pth").write_text(seen)
    python = folder / "bin" / "python"
    pip = [str(python), "-m", "pip", "--disable-pip-version-check", "install", "--quiet"]
    options = ["--no-deps", "--no-index", "--no-build-isolation"]
    done = subprocess.run([*pip, *options, str(PACKAGE)], capture_output=True, text=True, timeout=90, check=False)
    assert done.returncode == 0, done.stderr
    return python


async def test_is_not_there_without_the_package() -> None:
    end = await monitor("checks", "therapists_listed")

    assert (end.code, end.out) == (2, "")
    assert "unknown kind 'therapists_listed'" in end.err


async def test_its_manual_is_shown_as_of_any_kind(python: Path) -> None:
    end = await monitor("checks", "therapists_listed", python=python)

    assert end.code == 0, end.err
    assert end.out.startswith("Customers find therapists: the public list is not empty.")
    assert "fewest therapists that a visitor must find" in end.out


@pytest.mark.parametrize(
    ("at_least", "code", "verdict"),
    [pytest.param(1, 0, ("passed", None), id="passes"), pytest.param(9, 1, ("failed", "wrong_answer"), id="fails")],
)
async def test_it_runs_as_any_kind(
    python: Path, sandbox: Sandbox, tmp_path: Path, at_least: int, code: int, verdict: tuple[str, str | None]
) -> None:
    path = tmp_path / "monitor.yaml"
    place = {"endpoint": sandbox.endpoint, "project": sandbox.project, "database": sandbox.database}
    path.write_text(CONFIG.format(**place, at_least=at_least))

    end = await monitor("once", "-c", str(path), "--output", "json", python=python)

    outcome = json.loads(end.out)["outcomes"][0]
    assert (end.code, outcome["kind"]) == (code, "therapists_listed")
    assert (outcome["status"], outcome["reason"]) == verdict


async def test_its_mistakes_are_told_as_of_any_kind(python: Path, sandbox: Sandbox, tmp_path: Path) -> None:
    path = tmp_path / "monitor.yaml"
    place = {"endpoint": sandbox.endpoint, "project": sandbox.project, "database": sandbox.database}
    path.write_text(CONFIG.format(**place, at_least="none"))

    end = await monitor("config", "validate", "-c", str(path), python=python)

    assert end.code == 2
    assert "checks.therapists-listed.at_least: must be a whole number, got none" in end.err
