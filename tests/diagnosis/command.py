"""
``make matrix``, second part: pairs of faults, by half of the corpus; exit 1 when less than 95 % of a half are right.
"""

import argparse
import asyncio
import json
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from monitor.logs import configure_logs
from tests.diagnosis.pairs import Found, Half, Pair, find, pairs

_LEAST_RIGHT = 0.95
_SHORT = 6
# Most of a round is waiting, and some of it a processor's.
_AT_ONCE = 4


def main(arguments: Sequence[str] | None = None) -> int:
    """
    Look at the pairs, print every miss and the share of each half, and return the exit code.
    """
    parser = argparse.ArgumentParser(prog="python -m tests.diagnosis", description=__doc__)
    parser.add_argument("--short", action="store_true", help=f"{_SHORT} pairs of each half")
    parser.add_argument("--half", choices=[each.value for each in Half], help="one half only")
    parser.add_argument("--pair", help="only pairs that hold this text")
    parser.add_argument("--at-once", type=int, default=_AT_ONCE)
    parser.add_argument("--log", type=Path, help="append every pair that was looked at, one JSON object a line")
    wishes = parser.parse_args(arguments)
    configure_logs(level="critical")
    halves = [Half(wishes.half)] if wishes.half else list(Half)
    chosen = {half: [each for each in pairs(half) if (wishes.pair or "") in str(each)] for half in halves}
    if wishes.short:
        # Spread over the layers, and always the same.
        chosen = {half: found[:: max(1, len(found) // _SHORT)][:_SHORT] for half, found in chosen.items()}
    began = time.monotonic()
    wanted = [each for found in chosen.values() for each in found]
    found = asyncio.run(_find_all(wanted, at_once=wishes.at_once, log=wishes.log))
    code = 0
    for half in halves:
        code |= _report(half, [each for each in found if each.pair.half is half])
    sys.stdout.write(f"{len(found)} pairs, {time.monotonic() - began:.0f} s\n")
    return code


async def _find_all(chosen: Sequence[Pair], *, at_once: int, log: Path | None) -> list[Found]:
    places = asyncio.Semaphore(at_once)

    async def in_turn(pair: Pair) -> Found:
        async with places:
            found = await find(pair)
            if log is not None:
                line = {"pair": str(pair), "half": pair.half, "both": found.both, "after": found.after}
                with log.open("a") as file:
                    file.write(
                        json.dumps({**line, "pages": found.pages, "flaws": found.flaws, "remarks": found.remarks})
                        + "\n"
                    )
            return found

    return list(await asyncio.gather(*map(in_turn, chosen)))


def _report(half: Half, found: Sequence[Found]) -> int:
    wrong = [each for each in found if each.flaws]
    for each in wrong:
        sys.stdout.write(f"  {each.pair}: {'; '.join(each.flaws)}\n")
    share = 1.0 - len(wrong) / len(found) if found else 1.0
    sys.stdout.write(f"{half}: {len(found) - len(wrong)} of {len(found)} right, {100 * share:.1f} %\n")
    return int(share < _LEAST_RIGHT)
