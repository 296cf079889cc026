"""
Journeys on our own path, whole: the daemon as ``monitor run`` builds it, with its store in a file.
"""

import asyncio
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from checks.booking_to_chat import BookingToChat
from monitor.config import Settings
from monitor.core.check import Check
from monitor.core.cost import LIMITS
from monitor.core.outcome import Status
from monitor.daemon import Daemon
from tests.bench.bare import CUSTOMER, TEAM, THERAPIST
from tests.bench.ours import HARDLY_EVER_SECONDS, daemon_of

# Far more journeys are played here than a real target would let in within its minute. So a minute of its limits is as
# long here as ten journeys take: the request budget is as full as if each of them came once a minute, and none waits.
_FASTER = 100.0
PROFILES: Mapping[str, Mapping[str, Any]] = {
    "january": {"profile": "january", "customer": "guest"},
    "march": {"profile": {"like": "march", "share": [f"team:{TEAM}"]}, "customer": "customer"},
}
_IDENTITIES = {
    "guest": {"kind": "guest"},
    "customer": {"kind": "user", "user_id": CUSTOMER},
    "therapist": {"kind": "user", "user_id": THERAPIST},
}


def journey_checks(count: int, *, profile: str) -> list[Check]:
    """
    Return *count* checks that play the journey of *profile*.
    """
    settings = {**PROFILES[profile], "therapist": "therapist", "every": f"{HARDLY_EVER_SECONDS}s", "timeout": "30s"}
    return [BookingToChat.model_validate({"name": f"{profile}-{number}", **settings}) for number in range(count)]


class OurJourneys:
    """
    Plays journeys through the daemon's runner, at *place*, which is what ``monitor sandbox --json`` says.
    """

    def __init__(self, daemon: Daemon, checks: Mapping[str, list[Check]]) -> None:
        self._daemon = daemon
        self._checks = checks

    async def run(self, profile: str, journeys: int, *, at_once: int) -> None:
        """
        Play *journeys* as *profile* says, so many at once: whatever ends, clean-up included, is followed by the next.
        """
        turns = iter(range(journeys))
        await asyncio.gather(*(self._work(check, turns) for check in self._checks[profile][:at_once]))

    async def _work(self, check: Check, turns: Iterator[int]) -> None:
        for _ in turns:
            outcome = await self._daemon._runner.run_now(check)
            if outcome is None or outcome.status is not Status.PASSED:
                raise AssertionError(f"{check.name}: {outcome and (outcome.status, outcome.message)}")


@asynccontextmanager
async def our_journeys(place: Mapping[str, str], folder: Path, *, most: int) -> AsyncIterator[OurJourneys]:
    """
    Run a daemon at *place*, which is what ``monitor sandbox --json`` says, that can play *most* journeys at once.

    Its store is in *folder*.
    """
    LIMITS.update({what: replace(limit, seconds=limit.seconds / _FASTER) for what, limit in LIMITS.items()})
    checks = {profile: journey_checks(most, profile=profile) for profile in PROFILES}
    settings = Settings.model_validate(
        {
            "target": {"name": "bench", **{key: place[key] for key in ("endpoint", "project", "database", "api_key")}},
            "identities": _IDENTITIES,
            "checks": {check.name: check for each in checks.values() for check in each},
            "web": {"listen": "127.0.0.1:0"},
        }
    )
    # Where its configuration file would be, and so its store.
    settings.note_folder(folder)
    async with daemon_of(settings, on_outcome=lambda *_: None) as daemon:
        yield OurJourneys(daemon, checks)
