"""
The benchmark still works; what it measures is no matter here.
"""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.bench.processes import ROOT
from tests.tools import find


@pytest.mark.slow
def test_measures_every_figure(tmp_path: Path) -> None:
    file = tmp_path / "figures.json"

    ended = subprocess.run(
        [sys.executable, "-m", "tests.bench", "--smoke", "--json", str(file)],
        cwd=ROOT, capture_output=True, text=True, timeout=90, check=False,
    )  # fmt: skip

    assert ended.returncode == 0, ended.stderr
    report = json.loads(file.read_text())
    figures = {figure["what"]: figure for figure in report["figures"]}
    assert report["problems"] == []
    # Beside those that only Linux has, or only the exporter.
    assert len([what for what in figures if not what.endswith("PSS") and "blackbox" not in what]) == 65
    assert find("blackbox_exporter") is None or all(figure["ratio"] for figure in list(figures.values())[:4])
    # Nobody is paged in vain; all else takes something.
    nothing = [what for what, figure in figures.items() if not all(sample > 0 for sample in figure["samples"])]
    assert nothing == ["held socket dropped and open again, 10 drops: ours"]
