"""
The fault matrix as a report: ``python -m tests.matrix [--short] [--report FILE]``; exit 1 when a cell is wrong.
"""

import argparse
import asyncio
import sys
import time
from pathlib import Path

import yaml

from monitor import demo
from monitor.logs import configure_logs
from tests.matrix.expectation import load_expectations
from tests.matrix.report import as_markdown, wrong_cells
from tests.matrix.round import VARIANTS, found_all

# One fault of each layer.
_SHORT = (
    "proxy",
    "key_invalid",
    "collection_missing",
    "permission_excess",
    "realtime_silent",
    "realtime_worker_killed",
    "notification_missing",
    "booking_unassigned",
)


def main() -> int:
    """
    Run the matrix of every variant, print it, and return the exit code.
    """
    parser = argparse.ArgumentParser(prog="make matrix", description=__doc__)
    parser.add_argument("--short", action="store_true", help="a few faults on one variant")
    parser.add_argument("--report", type=Path, help="write the tables to this file instead of the terminal")
    wishes = parser.parse_args()
    configure_logs(level="error")
    expected = load_expectations(list(yaml.safe_load(demo.CONFIG.read_text())["checks"]))
    if wishes.short:
        expected = {phrase: expected[phrase] for phrase in _SHORT}
    wrong, tables = 0, []
    for variant in VARIANTS[:1] if wishes.short else VARIANTS:
        began = time.monotonic()
        seen = asyncio.run(found_all(expected, variant))
        tables.append(as_markdown(expected, seen, title=f"Appwrite {variant.profile}, {variant.api}"))
        mistakes = wrong_cells(expected, seen)
        wrong += len(mistakes)
        cells = sum(len(row) for row in expected.values())
        sys.stdout.write(f"{variant}: {cells} cells, {len(mistakes)} wrong, {time.monotonic() - began:.0f} s\n")
    text = "\n\n".join(tables) + "\n"
    if wishes.report:
        wishes.report.write_text(text)
    else:
        sys.stdout.write(text)
    return 1 if wrong else 0
