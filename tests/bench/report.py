"""
The figures as a table for people and as JSON for programs, with the machine they were taken on.
"""

import os
import platform
from collections.abc import Mapping, Sequence
from importlib.metadata import version
from statistics import median
from typing import Any

from monitor import __version__
from tests.bench.blackbox import version_of
from tests.bench.figure import Figure
from tests.bench.processes import Cores

_PACKAGES = ("aiohttp", "uvloop", "APScheduler", "prometheus-client", "pydantic", "structlog")


def machine_of(peers: Mapping[str, str | None]) -> dict[str, str]:
    """
    Return what the figures depend on; the load, since neighbours make every figure larger. *peers*: their paths.
    """
    versions = [f"{name} {version(name)}" for name in _PACKAGES]
    load = f"{os.getloadavg()[0]:.2f}" if hasattr(os, "getloadavg") else "unknown"
    return {
        "monitor": __version__,
        "cores": f"{os.cpu_count()}, {Cores.of_this_machine()}",
        "load before": load,
        "python": f"{platform.python_implementation()} {platform.python_version()}",
        "system": f"{platform.system()} {platform.release()} {platform.machine()}",
        "libraries": ", ".join(versions),
        **{name: version_of(path) if path else "not installed" for name, path in peers.items()},
    }


def as_table(machine: Mapping[str, str], figures: Sequence[Figure]) -> str:
    """
    Return one line a figure: what, median (range), ratio to the peer (range), aim, met or missed.
    """
    rows = [("", "figure (range)", "ratio (range)", "aim", ""), *map(_row, figures)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    lines = [f"{name}: {text}" for name, text in machine.items()]
    table = ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows]
    return "\n".join([*lines, "", *table])


def as_json(machine: Mapping[str, str], figures: Sequence[Figure], problems: Sequence[str]) -> dict[str, Any]:
    """
    Return everything in plain JSON values.
    """
    return {
        "machine": dict(machine),
        "figures": [figure.as_json() for figure in figures],
        "problems": list(problems),
    }


def _row(figure: Figure) -> tuple[str, ...]:
    ratio, aim = "", ""
    if figure.ratio is not None:
        ratio = f"{_spread(figure.ratio.samples, digits=2)} × {figure.ratio.peer}"
        aim = f"≤ {figure.ratio.aim} ×" if figure.ratio.aim is not None else ""
    if figure.aim is not None:
        aim = f"≤ {figure.aim:g} {figure.unit}"
    verdict = {True: "met", False: "MISSED", None: ""}[figure.is_met]
    # Three figures are more than a busy machine can promise.
    digits = 0 if median(figure.samples) >= 100 else 1
    return figure.what, f"{_spread(figure.samples, digits=digits)} {figure.unit}", ratio, aim, verdict


def _spread(samples: Sequence[float], *, digits: int) -> str:
    middle = f"{median(samples):.{digits}f}"
    return middle if len(samples) == 1 else f"{middle} ({min(samples):.{digits}f}–{max(samples):.{digits}f})"
