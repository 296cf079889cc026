"""
The daemons of one life, and what each of them says of itself.
"""

import asyncio
import json
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from time import time
from typing import Any

from tests.kill.processes import Process

# What it has to read first, from a disk that may be slow.
_TAKE_OVER_SECONDS = 1.2


@dataclass(kw_only=True)
class Daemon:
    """
    One process, from the second *started_at* to *ended_at* since 1970; *asked_to_stop_at* is when SIGTERM was sent.

    *is_hindered* by its disk; *is_doomed* to be killed by itself, at a commit.
    """

    name: str
    process: Process
    is_hindered: bool
    is_doomed: bool
    started_at: float
    asked_to_stop_at: float | None = None
    ended_at: float | None = None
    code: int | None = None

    def __post_init__(self) -> None:
        self._ending = asyncio.create_task(self._see_end())

    async def kill(self) -> None:
        """
        Kill it; return when it is dead.
        """
        if self.process.is_alive:
            self.ended_at = time()
        await self.process.kill()

    async def end(self) -> None:
        """
        Wait for its end, and for what is known of it then.
        """
        await asyncio.shield(self._ending)

    async def _see_end(self) -> None:
        self.code = await self.process.code()
        self.ended_at = self.ended_at or time()

    @property
    def acts_until(self) -> float:
        """
        When it was killed or asked to stop; until then whatever it found out was its duty to tell.
        """
        return min(at for at in (self.asked_to_stop_at, self.ended_at, float("inf")) if at is not None)

    @cached_property
    def log(self) -> list[Mapping[str, Any]]:
        """
        What it logged, once it has ended.
        """
        return list(self._lines())

    @property
    def keeps_incidents_since(self) -> float:
        """
        From when on it was the one that keeps them, of two.
        """
        return min(
            (_at(line) + _TAKE_OVER_SECONDS for line in self._lines() if line["event"] == "incidents.taken_over"),
            default=float("inf") if self._says("incidents.kept_elsewhere") else self._began_at(),
        )

    @property
    def keeps_incidents(self) -> bool:
        """
        Whether it is alive and is the one that keeps them, or may be.
        """
        return self.process.is_alive and self.keeps_incidents_since < float("inf")

    @property
    def stalled_seconds(self) -> float:
        """
        How long its loop stood still, all in all.
        """
        return float(sum(line["seconds"] for line in self.log if line["event"] == "loop.stalled"))

    def timeouts(self) -> Iterator[tuple[str, float]]:
        """
        Yield every check that was not answered in time, and when, whatever the target says.
        """
        for line in self.log:
            if line["event"] == "run.finished" and line.get("reason") == "timeout":
                yield line["check"], _at(line)

    @property
    def has_begun(self) -> bool:
        """
        Whether it was ready to be stopped in order.
        """
        return self._says("daemon.started")

    @property
    def is_troubled(self) -> bool:
        """
        Whether a run could not be judged, which the machine alone can be the cause of.
        """
        return any(line.get("status") == "errored" for line in self.log)

    @property
    def cries(self) -> list[str]:
        """
        What it says only of its own mistakes.
        """
        bad = (
            "incidents.forgotten",
            "sink.crashed",
            "incidents.not_kept",
            "record.unreadable",
            "event.refused",
            "event.dropped",
        )
        odd = [line for line in self.process.output.splitlines() if not line.startswith("{")]
        return odd + [json.dumps(line) for line in self.log if line["event"] in bad or "exception" in line]

    def _began_at(self) -> float:
        return min((_at(line) for line in self._lines() if line["event"] == "daemon.started"), default=self.started_at)

    def _says(self, event: str) -> bool:
        return any(line["event"] == event for line in self._lines())

    def _lines(self) -> Iterator[Mapping[str, Any]]:
        for line in self.process.output.splitlines():
            # The last one may have been cut off by a kill.
            if line.startswith("{"):
                with suppress(json.JSONDecodeError):
                    yield json.loads(line)


def _at(line: Mapping[str, Any]) -> float:
    return datetime.fromisoformat(line["time"]).timestamp()
