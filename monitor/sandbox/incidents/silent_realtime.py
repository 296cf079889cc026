"""
Recorded on a real server: Redis away for one second, and nothing but the events is missing afterwards.
"""

from monitor.core.cause import Cause
from monitor.sandbox.incidents.script import Act, AllRight, Diagnosed, Script

SCRIPT = Script(
    name="silent-realtime",
    summary="Redis was away for a second: writes answer 201, health passes, sockets answer, and no event arrives",
    acts=(
        Act(
            title="Redis restarts within a second. Writes, health, handshakes and pings go on as if nothing had been.",
            faults={"redis_back_silent": {"seconds": 1.0}},
            expectation=Diagnosed(cause=Cause.REALTIME_SILENT, within_seconds=30.0),
        ),
        Act(
            title="Somebody restarts realtime: every open socket ends, and the ones opened since get events again.",
            expectation=AllRight(within_seconds=80.0),
            # What a restart is to sockets that are open.
            allowed=frozenset({Cause.REALTIME_REFUSED}),
        ),
    ),
)
