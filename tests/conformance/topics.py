"""
All recordings, replayed in the order of recording in one sandbox: what one topic writes, later ones count.
"""

import time
from collections.abc import AsyncIterator, Sequence
from datetime import UTC, datetime, timedelta

from monitor.core.clock import SystemClock
from monitor.sandbox.server import Sandbox
from tests.conformance.actors import Caller
from tests.conformance.compare import Bindings, Difference
from tests.conformance.http_replay import HttpReplay
from tests.conformance.journey_replay import JourneyReplay
from tests.conformance.outage_replay import OutageReplay
from tests.conformance.realtime_replay import RealtimeReplay
from tests.conformance.recording import Renaming, load
from tests.conformance.set_up import set_up

HTTP_TOPICS = ("http-documents", "http-collections", "http-account", "http-health")
TOPICS = (*HTTP_TOPICS, "realtime", "journey", "faults")


class SlowClock(SystemClock):
    """
    A clock that starts with an hour of the recorded day and runs at a tenth: "tomorrow" is the recorded day, and no
    replay crosses into another window of a limit.
    """

    def __init__(self) -> None:
        self._began = datetime(2026, 11, 22, 14, tzinfo=UTC)
        self._at = time.monotonic()

    def now(self) -> datetime:
        return self._began + timedelta(seconds=(time.monotonic() - self._at) / 10)


Found = dict[str, dict[str, list[Difference]]]


async def replay(renaming: Renaming, topics: Sequence[str] = TOPICS) -> Found:
    """
    Replay everything, or some *topics*; return the differences of each exchange of each topic.
    """
    async with Sandbox(
        empty=True, project=renaming.apply("monitored-app"), clock=SlowClock(), rate_limits=True
    ) as sandbox:
        caller = Caller(sandbox)
        try:
            await set_up(caller, renaming)
            found: Found = {}
            async for topic, id_, differences in _all(caller, renaming, topics):
                found.setdefault(topic, {})[id_] = differences
        finally:
            await caller.close()
    return found


async def _all(
    caller: Caller, renaming: Renaming, topics: Sequence[str]
) -> AsyncIterator[tuple[str, str, list[Difference]]]:
    bindings, late = Bindings(), []
    http = HttpReplay(caller, renaming, bindings)
    for topic in (each for each in HTTP_TOPICS if each in topics):
        records = load(topic, renaming)
        # These were recorded after all others.
        late += [each for each in records if "/rate_limit/" in each["id"]]
        early = [each for each in records if "/rate_limit/" not in each["id"]]
        async for id_, differences in http.run(topic, early):
            yield topic, id_, differences
    for topic, kind in (("realtime", RealtimeReplay), ("journey", JourneyReplay), ("faults", OutageReplay)):
        if topic in topics:
            async for id_, differences in kind(caller, renaming, bindings).run():
                yield topic, id_, differences
    async for id_, differences in http.run("http-documents", late):
        yield "http-documents", id_, differences
