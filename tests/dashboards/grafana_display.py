"""
What Grafana shows of a panel and the answers to its questions: texts, colours and links, by Grafana's own code.

Of Grafana only what its server and its core do is not there, since no package has it: see ``grafana_display``.
"""

import json
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.dashboards.dashboard import Panel, labels_in
from tests.dashboards.scraper import Series
from tests.npm import installed, run
from tests.one_at_a_time import one_at_a_time
from tests.tools import require

_HERE = Path(__file__).parent / "grafana_display"
_SECONDS = 60.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """
    One value on the screen: of a series that is called, or in a column that is called *name*.
    """

    name: str
    text: str
    color: str
    links: Sequence[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """
    A panel, and the answer to each of its questions.
    """

    panel: Panel
    answers: Sequence[Sequence[Series]]


def shown(
    answered: Sequence[Answered], *, variables: Mapping[str, Mapping[str, str]], at: float
) -> dict[str, list[list[Shown]]]:
    """
    Return what each panel shows at the moment *at*, row by row; *variables* are the values in links, by dashboard.
    """
    asked = {"at": at, "variables": variables, "panels": [_asked(each) for each in answered]}
    done = subprocess.run(
        (require("node"), str(_program())),
        input=json.dumps(asked, allow_nan=False),
        capture_output=True,
        text=True,
        check=False,
        timeout=_SECONDS,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    found = json.loads(done.stdout)
    return {panel: [[Shown(**cell) for cell in row] for row in rows] for panel, rows in found.items()}


def _program() -> Path:
    folder = installed(_HERE, "grafana-display")
    made = folder / "bundle.cjs"
    made_of, remembered = "\n".join(path.read_text() for path in sorted(_HERE.iterdir())), folder / ".made-of"
    # Not while another process runs it.
    with one_at_a_time(folder):
        if not remembered.exists() or remembered.read_text() != made_of:
            bundler = str(folder / "node_modules" / ".bin" / "esbuild")
            # Hooks that ask for a browser when they are loaded, and that nothing here needs.
            without = "--alias:react-use=./nothing.cjs"
            run(folder, bundler, "display.mjs", "--bundle", "--platform=node", f"--outfile={made}", without)
            remembered.write_text(made_of)
    return made


def _asked(answered: Answered) -> dict[str, object]:
    panel = answered.panel
    targets = [
        {
            "refId": query.ref,
            "format": target["format"],
            "answer": [
                {"labels": series.labels, "name": _named(query.legend, series), "points": series.numbers}
                for series in answer
            ],
        }
        for query, target, answer in zip(panel.queries(), panel.json["targets"], answered.answers, strict=True)
    ]
    own = ("type", "title", "fieldConfig", "options", "transformations")
    return {"dashboard": panel.dashboard, "targets": targets, **{key: panel.json.get(key) for key in own}}


def _named(legend: str, series: Series) -> str:
    """
    Return what the data source calls *series*.
    """
    for label in labels_in(legend):
        legend = legend.replace(f"{{{{{label}}}}}", series.labels.get(label, ""))
    return legend
