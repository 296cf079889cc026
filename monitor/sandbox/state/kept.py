"""
Lists that are answered again as they were, for as long as a caller allows with ``ttl``.
"""

from collections import OrderedDict
from collections.abc import Hashable
from dataclasses import dataclass
from datetime import datetime, timedelta

from monitor.core.clock import Clock

MAX_KEPT = 64


@dataclass(frozen=True, slots=True, kw_only=True)
class _Kept:
    body: object
    at: datetime


class KeptLists:
    """
    At most 64 lists; the oldest go first.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._by_key: OrderedDict[Hashable, _Kept] = OrderedDict()

    def find(self, key: Hashable, *, ttl_seconds: int) -> object | None:
        """
        Return what was kept under *key* within the last *ttl_seconds*, None if nothing was.
        """
        kept = self._by_key.get(key)
        if kept is None or self._clock.now() - kept.at >= timedelta(seconds=ttl_seconds):
            return None
        return kept.body

    def keep(self, key: Hashable, body: object) -> None:
        """
        Keep a list.
        """
        self._by_key[key] = _Kept(body=body, at=self._clock.now())
        self._by_key.move_to_end(key)
        if len(self._by_key) > MAX_KEPT:
            self._by_key.popitem(last=False)
