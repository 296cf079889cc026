"""
Rounds of every kind against a healthy sandbox, one right after the other; then kills of the monitor at random moments,
and lives in which people must be told: ``python -m tests.soak [--rounds N] [--seeds N]``. ``python -m tests.kill --seed
N`` repeats one kill, ``python -m tests.delivery --seed N`` one life.

Exit 1 when a run did not pass, when something was left in the target, or when somebody was not told as he must be.
"""

import argparse
import asyncio
import sys
import time
from collections import Counter
from collections.abc import Mapping

from monitor.logs import configure_logs
from monitor.sandbox.server import Sandbox
from tests.delivery import command as delivery
from tests.kill import command as kill
from tests.matrix.round import VARIANTS, Variant, rounds, verdict

_ROUNDS = 200
_SHORT_ROUNDS = 20


def main() -> int:
    """
    Run the rounds, say what was seen, and return the exit code.
    """
    parser = argparse.ArgumentParser(prog="make soak", description=__doc__)
    parser.add_argument("--rounds", type=int, default=_ROUNDS, help=f"rounds of the first variant (default {_ROUNDS})")
    parser.add_argument("--seeds", type=int, help=f"kills (default {kill.SEEDS}), and lives ({delivery.SEEDS})")
    short = f"{_SHORT_ROUNDS} rounds, {kill.SHORT_SEEDS} kills, {delivery.SHORT_SEEDS} lives"
    parser.add_argument("--short", action="store_true", help=short)
    wishes = parser.parse_args()
    configure_logs(level="warning")
    count = _SHORT_ROUNDS if wishes.short else wishes.rounds
    # The others a quarter each: what differs there is what is asked, not for how long.
    turns = {VARIANTS[0]: count} | dict.fromkeys(VARIANTS[1:], count // 4)
    wrong = sum(asyncio.run(_soak(variant, number)) for variant, number in turns.items() if number)
    sys.stdout.write(f"{sum(turns.values())} rounds, {wrong} wrong\n")
    seeds = [f"--seeds={wishes.seeds}"] if wishes.seeds is not None else ["--short"] if wishes.short else []
    codes = [command.main(seeds) for command in (kill, delivery)]
    return 1 if wrong else max(codes)


async def _soak(variant: Variant, count: int) -> int:
    """
    Run *count* rounds on one variant; return how many outcomes were wrong, and things were left.
    """
    began, statuses, mistakes = time.monotonic(), Counter[str](), 0
    async with rounds(variant) as (here, runner):
        before = _held(here.sandbox)
        for number in range(1, count + 1):
            ran = await here.run(runner)
            # What a watch said while they ran is among it.
            outcomes = {**here.latest, **ran}
            statuses.update(verdict(outcome) for outcome in outcomes.values())
            for name, outcome in outcomes.items():
                if verdict(outcome) != "passed":
                    mistakes += 1
                    sys.stdout.write(f"{variant} round {number}: {name} {verdict(outcome)}: {outcome.message}\n")
        left = {thing: ids - before[thing] for thing, ids in _held(here.sandbox).items() if ids != before[thing]}
    for thing, ids in left.items():
        sys.stdout.write(f"{variant}: {thing} left or lost: {', '.join(sorted(ids)) or 'lost'}\n")
    took = time.monotonic() - began
    sys.stdout.write(f"{variant}: {count} rounds, {dict(statuses)}, {len(left)} leftovers, {took:.0f} s\n")
    return mistakes + len(left)


def _held(sandbox: Sandbox) -> Mapping[str, frozenset[str]]:
    """
    Return all that the sandbox holds, by kind of thing: what a check creates or changes is among it.
    """
    world = sandbox.world
    documents = {
        f"{collection.id}/{document.id} {document.updated_at} {document.permissions}"
        for collection in world.collections.values()
        for document in collection.documents.values()
    }
    users = world.accounts.users.values()
    return {
        "collections": frozenset(f"{each.id} {each.permissions} {each.enabled}" for each in world.collections.values()),
        "documents": frozenset(documents),
        "users": frozenset(user.id for user in users),
        "sessions": frozenset(session for user in users for session in user.sessions),
    }
