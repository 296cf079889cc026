"""
Kills of the monitor at random moments, each a seed: ``python -m tests.kill [--seeds N] [--seed N] [--short]``.

Exit 1 when something was left, lost or changed. A seed that failed is printed, and ``--seed`` lives it again, as far as
the machine takes the same time.
"""

import argparse
import asyncio
import sys
import tempfile
import time
from collections import Counter
from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

from tests import tools
from tests.kill.place import place_in
from tests.kill.processes import Nursery, nursery_in, shifted_clock
from tests.kill.seeds import Life, Lives, Scene

SEEDS = 1_000
SHORT_SEEDS = 30
# Most of a life is waiting for its end.
_PLACES = 5
_CLOCKS = ("-40d", "-10m", "+10m", "+40d")
_MOST_LINES = 20
# Of all kills; two thirds are usual.
_FEWEST_HITS = 0.2


def main(arguments: Sequence[str] | None = None) -> int:
    """
    Live the seeds, say what was seen, and return the exit code.
    """
    parser = argparse.ArgumentParser(prog="python -m tests.kill", description=__doc__)
    parser.add_argument("--seeds", type=int, default=SEEDS, help=f"how many (default {SEEDS})")
    parser.add_argument("--seed", type=int, help="only this one")
    parser.add_argument("--first", type=int, default=0, help="the number of the first one (default 0)")
    parser.add_argument("--short", action="store_true", help=f"{SHORT_SEEDS} seeds")
    wishes = parser.parse_args(arguments)
    count = SHORT_SEEDS if wishes.short else wishes.seeds
    seeds = [wishes.seed] if wishes.seed is not None else range(wishes.first, wishes.first + count)
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="kills-") as folder:
        lives = asyncio.run(live_all(seeds, Path(folder)))
    _tell(lives, took_seconds=time.monotonic() - began)
    if len(lives) >= SHORT_SEEDS and sum(life.there > 0 for life in lives) < len(lives) * _FEWEST_HITS:
        sys.stdout.write("hardly any kill hit a run that had made something: this proves nothing\n")
        return 1
    return 1 if any(life.wrong for life in lives) else 0


async def live_all(seeds: Iterable[int], folder: Path) -> list[Life]:
    """
    Live *seeds*, a few at a time, each in a place of its own.
    """
    left, lived = iter(seeds), list[Life]()

    async def live_some(number: int, nursery: Nursery, wrong_clocks: Sequence[Nursery]) -> None:
        async with place_in(folder / f"place-{number}") as place:
            lives = Lives(place, nursery, wrong_clocks)
            for seed in left:
                life = await lives.live(seed)
                lived.append(life)
                for line in life.wrong[:_MOST_LINES]:
                    sys.stdout.write(f"seed {seed} ({life.scene}): {line}\n")
                for line in life.remarks[:_MOST_LINES] if life.wrong or life.scene is not Scene.FULL_DISK else ():
                    sys.stdout.write(f"seed {seed} ({life.scene}): {line}\n")

    async with nursery_in(folder) as nursery, _wrong_clocks(folder) as wrong_clocks:
        await asyncio.gather(*(live_some(number, nursery, wrong_clocks) for number in range(_PLACES)))
    return lived


@asynccontextmanager
async def _wrong_clocks(folder: Path) -> AsyncIterator[Sequence[Nursery]]:
    """
    Give nurseries whose clocks are wrong; none where faketime is not installed.
    """
    async with AsyncExitStack() as stack:
        shifts = _CLOCKS if tools.find("faketime") else ()
        nurseries = [nursery_in(folder, environment=shifted_clock(shift)) for shift in shifts]
        yield [await stack.enter_async_context(each) for each in nurseries]


def _tell(lives: Sequence[Life], *, took_seconds: float) -> None:
    scenes = Counter(life.scene for life in lives)
    for scene, count in scenes.items():
        here = [life for life in lives if life.scene is scene]
        left, twice = sum(life.there > 0 for life in here), sum(life.sweeps > 1 for life in here)
        text = f"{left} left something, {sum(life.there for life in here)} things in all, {twice} took two sweeps"
        sys.stdout.write(f"{scene}: {count} kills, {text}, {sum(bool(life.wrong) for life in here)} wrong\n")
    wrong = sorted(life.seed for life in lives if life.wrong)
    sys.stdout.write(f"{len(lives)} kills in {took_seconds:.0f} s, {len(wrong)} wrong{f': {wrong}' if wrong else ''}\n")
