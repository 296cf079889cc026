"""
Lives of the daemon and of those whom it tells, each a seed: ``python -m tests.delivery [--seeds N] [--seed N]``.

Exit 1 when somebody was not told, or told twice, or in another order. A seed that failed is printed, with what was
wrong, and all that happened is kept in a file; ``--seed`` lives it again, as far as the machine takes the same time.
"""

import argparse
import asyncio
import sys
import tempfile
import time
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.delivery.chronicle import chronicle
from tests.delivery.draw import plan_of
from tests.delivery.life import Evidence, Life
from tests.delivery.place import place_in
from tests.delivery.plan import Moment, Plan, Scene
from tests.delivery.verdict import Verdict
from tests.kill.processes import Nursery, nursery_in

SEEDS = 1_000
SHORT_SEEDS = 30
# A life is nearly all waiting.
_PLACES = 12
_MOST_LINES = 20
_CHRONICLES = Path(__file__).parents[2] / ".build" / "delivery"
# What is wrong in a life that the machine has disturbed must be wrong again.
_MOST_TIMES = 3
_BEAT_SECONDS = 0.05


@dataclass(frozen=True, slots=True, kw_only=True)
class Lived:
    """
    What counts of a life that was judged.
    """

    seed: int
    scene: Scene
    wrong: Sequence[str]
    incidents: int
    sure: int
    told: int
    repeats: int
    killed: Sequence[Moment]
    lag_seconds: float


def main(arguments: Sequence[str] | None = None) -> int:
    """
    Live the seeds, say what was seen, and return the exit code.
    """
    parser = argparse.ArgumentParser(prog="python -m tests.delivery", description=__doc__)
    parser.add_argument("--seeds", type=int, default=SEEDS, help=f"how many (default {SEEDS})")
    parser.add_argument("--seed", type=int, help="only this one")
    parser.add_argument("--first", type=int, default=0, help="the number of the first one (default 0)")
    parser.add_argument("--short", action="store_true", help=f"{SHORT_SEEDS} seeds")
    parser.add_argument("--places", type=int, default=_PLACES, help=f"lives at the same time (default {_PLACES})")
    wishes = parser.parse_args(arguments)
    count = SHORT_SEEDS if wishes.short else wishes.seeds
    seeds = [wishes.seed] if wishes.seed is not None else range(wishes.first, wishes.first + count)
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="delivery-") as folder:
        lives = asyncio.run(live_all(seeds, Path(folder), places=wishes.places))
    _tell(lives, took_seconds=time.monotonic() - began)
    return 1 if any(life.wrong for life in lives) else 0


async def live_all(seeds: Iterable[int], folder: Path, *, places: int = _PLACES) -> list[Lived]:
    """
    Live *seeds*, a few at a time, each in a place of its own.
    """
    left, lived = iter(seeds), list[Lived]()

    async def live_some(number: int, nursery: Nursery, lag: Callable[[float], float]) -> None:
        async with place_in(folder / f"place-{number}") as place:
            for seed in left:
                lived.append(await _live(seed, lambda plan: Life(plan, place, nursery, lag)))

    async with nursery_in(folder, zygote="tests.delivery.zygote") as nursery, _lag() as lag:
        # Or the first lives would wait for its imports, and be over.
        await (await nursery.start("--version", environment={}, seed="", repeats_seconds=None)).code()
        await asyncio.gather(*(live_some(number, nursery, lag) for number in range(places)))
    return lived


async def _live(seed: int, life_of: Callable[[Plan], Life], *, times: int = 1) -> Lived:
    seen = await life_of(plan_of(seed)).live()
    verdict = Verdict(seen)
    if verdict.wrong:
        _tell_wrong(seen, verdict)
    if not verdict.wrong or not verdict.was_disturbed or times == _MOST_TIMES:
        return _lived(seen, verdict)
    _say(f"seed {seed}: this machine was too slow for it (stood still for {seen.lag_seconds:.2f} s): lived again")
    return await _live(seed, life_of, times=times + 1)


@asynccontextmanager
async def _lag() -> AsyncIterator[Callable[[float], float]]:
    """
    Give the function that says how late this loop was at worst since a second of its clock.
    """
    loop, lags = asyncio.get_running_loop(), list[tuple[float, float]]()

    async def beat() -> None:
        while True:
            due = loop.time() + _BEAT_SECONDS
            await asyncio.sleep(_BEAT_SECONDS)
            if loop.time() - due > _BEAT_SECONDS:
                lags.append((loop.time(), loop.time() - due))

    beating = asyncio.create_task(beat())
    try:
        yield lambda since: max((lag for at, lag in lags if at >= since), default=0.0)
    finally:
        beating.cancel()


def _lived(seen: Evidence, verdict: Verdict) -> Lived:
    told = [event for events in seen.told.values() for event in events]
    return Lived(
        seed=seen.plan.seed,
        scene=seen.plan.scene,
        wrong=verdict.wrong,
        incidents=len(seen.stored.incidents),
        sure=len(verdict.sure),
        told=len(told),
        repeats=len(told) - sum(len({each.event_id for each in events}) for events in seen.told.values()),
        killed=tuple(seen.killed),
        lag_seconds=seen.lag_seconds,
    )


def _tell_wrong(seen: Evidence, verdict: Verdict) -> None:
    for line in verdict.wrong[:_MOST_LINES]:
        _say(f"seed {seen.plan.seed} ({seen.plan.scene}): {line}")
    _CHRONICLES.mkdir(parents=True, exist_ok=True)
    file = _CHRONICLES / f"seed-{seen.plan.seed}.txt"
    file.write_text("".join(f"{line}\n" for line in (*verdict.wrong, *chronicle(seen))))
    _say(f"seed {seen.plan.seed}: all that happened is in {file}")


def _tell(lives: Sequence[Lived], *, took_seconds: float) -> None:
    for scene in Scene:
        here = [life for life in lives if life.scene is scene]
        incidents, sure = sum(life.incidents for life in here), sum(life.sure for life in here)
        told, repeats = sum(life.told for life in here), sum(life.repeats for life in here)
        text = f"{incidents} incidents ({sure} that had to be), {told} events told, {repeats} of them again"
        _say(f"{scene}: {len(here)} lives, {text}, {sum(bool(life.wrong) for life in here)} wrong")
    kills = Counter(moment.value for life in lives for moment in life.killed)
    _say(f"kills: {', '.join(f'{count} {moment}' for moment, count in kills.most_common())}")
    wrong = sorted(life.seed for life in lives if life.wrong)
    worst = max((life.lag_seconds for life in lives), default=0.0)
    _say(f"{len(lives)} lives in {took_seconds:.0f} s, the machine stood still for {worst:.2f} s at most")
    _say(f"{len(wrong)} wrong{f': {wrong}' if wrong else ''}")


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()
