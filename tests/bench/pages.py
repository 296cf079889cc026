"""
Who was paged for what, and when: the fake PagerDuty, read by the names of what was broken.
"""

import re
from collections.abc import Collection, Mapping

from tests.bench.figure import MeasurementError
from tests.bench.patience import until
from tests.fakes.pagerduty import FakePagerDuty

# Such as silent-007, as a word of whatever a page says.
_NAME = re.compile(r"\b[a-z]+-[0-9]{3}\b")


class Pages:
    """
    What *pager* was told first of each name by each contender, who has a routing key of its own.
    """

    def __init__(self, pager: FakePagerDuty) -> None:
        self._pager = pager
        self._read = 0
        self._first: dict[tuple[str, str], float] = {}

    def told_at(self, key: str, names: Collection[str]) -> dict[str, float]:
        """
        Return when the contender with this routing key first paged for each of *names*, as far as it did.
        """
        for received in self._pager.requests[self._read :]:
            event = received.json
            if event["event_action"] == "trigger":
                for name in _NAME.findall(received.body.decode()):
                    self._first.setdefault((event["routing_key"], name), received.arrived)
        self._read = len(self._pager.requests)
        return {name: self._first[key, name] for name in names if (key, name) in self._first}

    async def delays(
        self, key: str, began_at: Mapping[str, float], *, whose: str, within_seconds: float
    ) -> dict[str, float]:
        """
        Wait until a contender has paged for all that *began_at* names; return how many seconds each took from there.
        """

        def missing() -> str:
            late = sorted(began_at.keys() - self.told_at(key, began_at).keys())
            return f"no page of {whose} for {len(late)} of {len(began_at)} faults ({', '.join(late[:3])} …)"

        await until(
            lambda: len(self.told_at(key, began_at)) == len(began_at), within_seconds=within_seconds, what=missing
        )
        delays = {name: at - began_at[name] for name, at in self.told_at(key, began_at).items()}
        if early := [name for name, seconds in delays.items() if seconds < 0.0]:
            raise MeasurementError(f"{whose} paged for {early[0]} before anything was wrong")
        return delays
