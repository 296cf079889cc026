"""
Journeys of one contender, in a process of its own: ``python -m tests.bench.playing ours``.

Reads ``{"place": {…}, "folder": "/tmp/…"}`` from stdin (*place*: what ``monitor sandbox --json`` says, *folder*: where
a store may be), answers when it is ready; then reads ``{"profile": "march", "journeys": 50, "at_once": 10}``, plays
them, answers with the CPU seconds and the seconds that they took, and so on until stdin ends.
"""

import asyncio
import json
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, Protocol

from monitor.app import run_loop
from tests.bench.bare import BareJourneys
from tests.bench.our_journeys import our_journeys
from tests.bench.usage import Stopwatch

MOST_AT_ONCE = 10


class Journeys(Protocol):
    """
    Whoever plays.
    """

    async def run(self, profile: str, journeys: int, *, at_once: int) -> None:
        """
        Play *journeys* as *profile* says, so many at once.
        """


@asynccontextmanager
async def _journeys_of(name: str, place: Mapping[str, str], folder: Path) -> AsyncIterator[Journeys]:
    if name == "ours":
        async with our_journeys(place, folder, most=MOST_AT_ONCE) as ours:
            yield ours
        return
    bare = BareJourneys(place)
    try:
        yield bare
    finally:
        await bare.close()


async def _question() -> dict[str, Any] | None:
    line = await asyncio.to_thread(sys.stdin.readline)
    return json.loads(line) if line else None


async def _play(name: str) -> None:
    question = await _question()
    assert question is not None
    async with _journeys_of(name, question["place"], Path(question["folder"])) as journeys:
        print(json.dumps({"ready": True}), flush=True)
        while question := await _question():
            watch = Stopwatch.start()
            try:
                await journeys.run(question["profile"], question["journeys"], at_once=question["at_once"])
            except Exception as error:  # noqa: BLE001 - whatever it is, whoever measures must hear of it
                print(json.dumps({"error": f"{name} journeys: {error!r}"}), flush=True)
                return
            answer = {"cpu_seconds": watch.cpu_seconds(), "wall_seconds": watch.wall_seconds()}
            print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    run_loop(_play(sys.argv[1]))
