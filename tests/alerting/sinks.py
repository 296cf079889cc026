"""
Sinks in memory that do what a test tells them to.
"""

import asyncio
from collections.abc import Callable, Iterable
from itertools import chain, repeat

from monitor.incidents.incident import Event
from monitor.sinks.base import DELIVERED, Answer, Result, Standing

RETRY = Answer(result=Result.RETRY, why="it answered 503")
REFUSED = Answer(result=Result.REFUSED, why="it answered 403: give another key")
HANGS = None


class ScriptedSink:
    """
    Gives *answers* one after the other, ``DELIVERED`` from then on; None hangs for ever. *got* is what it delivered.
    """

    repeats_seconds = None

    def __init__(
        self,
        name: str = "pager",
        answers: Iterable[Answer | None] = (),
        *,
        judge: Callable[[Event], Answer | None] | None = None,
    ) -> None:
        self.name = name
        self.got: list[Event] = []
        self.attempts: list[tuple[float, Event]] = []
        self.standings: dict[str, Standing] = {}
        self.closed = False
        self._answers = chain(answers, repeat(DELIVERED))
        self._judge = judge

    async def deliver(self, event: Event) -> Answer:
        self.attempts.append((asyncio.get_running_loop().time(), event))
        answer = self._judge(event) if self._judge else next(self._answers)
        if answer is HANGS:
            await asyncio.Event().wait()
        assert answer is not None
        if answer is DELIVERED:
            self.got.append(event)
        return answer

    async def standing(self, dedup_key: str) -> Standing:
        return self.standings.get(dedup_key, self.standings.get("*", Standing.UNKNOWN))

    async def close(self) -> None:
        self.closed = True
