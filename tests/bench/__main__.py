"""
``python -m tests.bench [--short] [--only PART] [--json FILE]``: measure, print the table, perhaps write JSON.

Exits with 0 when everything could be measured, whether the aims are met or not; with 1 otherwise. A missing peer, such
as blackbox_exporter, leaves its figures and ratios out and is an error under ``CI=true`` only.
"""

import argparse
import asyncio
import json
import os
import signal
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path

from tests.bench.bench import Bench, bench_of
from tests.bench.cost import measure_cost
from tests.bench.detection import measure_detection
from tests.bench.drops import measure_drops
from tests.bench.fanout import measure_fanout
from tests.bench.figure import Figure, MeasurementError
from tests.bench.journey import measure_journey
from tests.bench.lag import measure_lag
from tests.bench.memory import measure_memory
from tests.bench.plan import FULL, SHORT, SMOKE, Plan
from tests.bench.processes import kill_leftovers
from tests.bench.report import as_json, as_table, machine_of
from tests.bench.scrape import measure_scrape
from tests.bench.startup import measure_startup
from tests.tools import find

Part = Callable[[Bench], Awaitable[list[Figure]]]

PARTS: dict[str, Part] = {
    "cost": measure_cost,
    "lag": measure_lag,
    "memory": measure_memory,
    "scrape": measure_scrape,
    "startup": measure_startup,
    "fanout": measure_fanout,
    "journey": measure_journey,
    "detection": measure_detection,
    "drops": measure_drops,
}
# None is about CPU time, and all mostly wait.
_BESIDE = ("lag", "memory", "detection", "drops")
_PEERS = ("blackbox_exporter", "prometheus", "alertmanager")


def main() -> int:
    """
    Measure what the command line asks for; return the exit code.
    """
    options = _options()
    plan = SMOKE if options.smoke else SHORT if options.short else FULL
    peers = {name: find(name) for name in _PEERS}
    missing = [name for name, path in peers.items() if path is None]
    machine = machine_of(peers)
    parts = options.only or list(PARTS)
    try:
        figures, problems = asyncio.run(_measure(plan, parts, blackbox=peers["blackbox_exporter"]))
    except (KeyboardInterrupt, asyncio.CancelledError):
        return 130
    finally:
        kill_leftovers()
    print(as_table(machine, figures))
    for problem in problems:
        print(f"not measured: {problem}", file=sys.stderr)
    if missing:
        print(f"not installed, so there are no ratios to it: {', '.join(missing)}; `python -m tests.tools"
              f" {' '.join(missing)}` as root, or install the packages", file=sys.stderr)  # fmt: skip
    if options.json:
        text = json.dumps(as_json(machine, figures, problems), indent=2, ensure_ascii=False)
        options.json.write_text(text + "\n")
    return 1 if problems or (missing and os.environ.get("CI") == "true") else 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.bench")
    parser.add_argument("--only", action="append", choices=PARTS, help="this part; may be repeated")
    parser.add_argument("--short", action="store_true", help="under a minute, for CI")
    parser.add_argument("--smoke", action="store_true", help="a few seconds: only whether everything still works")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures there, too")
    return parser.parse_args()


async def _measure(plan: Plan, parts: list[str], *, blackbox: str | None) -> tuple[list[Figure], list[str]]:
    task = asyncio.current_task()
    assert task is not None
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, task.cancel)
    figures: dict[str, list[Figure]] = {}
    problems: list[str] = []

    async def measure(bench: Bench, part: str) -> None:
        print(f"measuring {part} …", file=sys.stderr)
        try:
            figures[part] = await PARTS[part](bench)
        except MeasurementError as error:
            problems.append(f"{part}: {error}")

    try:
        async with asyncio.timeout(plan.deadline_seconds), bench_of(plan, blackbox=blackbox) as bench:
            beside = [part for part in parts if part in _BESIDE and plan.side_by_side]
            for part in parts:
                if part not in beside:
                    await measure(bench, part)
            async with asyncio.TaskGroup() as group:
                for part in beside:
                    group.create_task(measure(bench, part))
    except TimeoutError:
        problems.append(f"what was not done after {plan.deadline_seconds:.0f} s")
    return [figure for part in PARTS for figure in figures.get(part, [])], problems


if __name__ == "__main__":
    sys.exit(main())
