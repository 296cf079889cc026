"""
All recordings, replayed in the order of recording in one sandbox: what one topic writes, later ones count.
"""

import time
from datetime import UTC, datetime, timedelta

from monitor.core.clock import SystemClock
from monitor.sandbox.server import Sandbox
from tests.conformance.actors import Caller
from tests.conformance.compare import Bindings, Difference
from tests.conformance.http_replay import HttpReplay
from tests.conformance.journey_replay import JourneyReplay
from tests.conformance.realtime_replay import RealtimeReplay
from tests.conformance.recording import Renaming, load
from tests.conformance.set_up import set_up

HTTP_TOPICS = ("http-documents", "http-collections", "http-account", "http-health")
TOPICS = (*HTTP_TOPICS, "realtime", "journey")


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


async def replay(renaming: Renaming) -> Found:
    """
    Replay everything; return the differences of each exchange of each topic.
    """
    found: Found = {topic: {} for topic in TOPICS}
    project, bindings = renaming.apply("monitored-app"), Bindings()
    async with Sandbox(empty=True, project=project, clock=SlowClock(), rate_limits=True) as sandbox:
        caller = Caller(sandbox)
        try:
            await set_up(caller, renaming)
            http = HttpReplay(caller, renaming, bindings)
            late = []
            for topic in HTTP_TOPICS:
                records = load(topic, renaming)
                late += [each for each in records if "/rate_limit/" in each["id"]]
                early = [each for each in records if "/rate_limit/" not in each["id"]]
                async for id_, differences in http.run(topic, early):
                    found[topic][id_] = differences
            async for id_, differences in RealtimeReplay(caller, renaming, bindings).run():
                found["realtime"][id_] = differences
            async for id_, differences in JourneyReplay(caller, renaming, bindings).run():
                found["journey"][id_] = differences
            async for id_, differences in http.run("http-documents", late):
                found["http-documents"][id_] = differences
        finally:
            await caller.close()
    return found
