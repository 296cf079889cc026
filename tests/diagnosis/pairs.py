"""
Two faults at once: the lower layer is named, and the upper one when the lower is repaired.

The pairs are a corpus with a fixed split: rules may be written and mended by what the pairs of one half show; of the
other half only the figure is looked at, and it is reported by itself.
"""

import asyncio
import hashlib
from dataclasses import dataclass
from enum import StrEnum
from itertools import combinations

from monitor.core.cause import Cause
from tests.diagnosis.deeds import DEEDS
from tests.diagnosis.expectations import ALONE, Expected
from tests.diagnosis.looking import Look, Looker, looking, switch_on

_LAYERS = tuple(Cause)
# It takes a crowd for as long as anybody looks, which the other fault may keep away.
_NOT_IN_PAIRS = frozenset({"realtime_crowded"})
# One fault is the other for a while, or all of it.
_SAME_THING = (
    {"redis_gone", "redis_back_silent"},
    {"redis_back_silent", "realtime_silent"},
    {"worker_stopped", "schema_stuck"},
)
# Who answers in Appwrite's place, or keeps it from answering: only one of them can be met.
_IN_ITS_PLACE = frozenset(
    {"proxy", "service_down", "server_error", "hang", "slow_headers", "api_gone", "database_gone", "redis_gone"}
)
# Longer than any recorded outage goes on once its cause is repaired, and than a watch tries to open its socket.
_RECOVERED_SECONDS = 3.5
# What a repaired fault leaves behind, as on a real server.
_LEFT_BEHIND = {
    "redis_gone": Cause.REALTIME_SILENT,
    # The attribute that was added is there in the end, and nobody has declared it.
    "worker_stopped": Cause.SCHEMA_DRIFT,
}
# Checks of which one more of the kind shows nothing new; a pair costs seconds of a processor.
ONLY = (
    "api-version",
    "service-health",
    "bookings-exist",
    "chat-sessions-exist",
    "chat-messages-exist",
    "notifications-exist",
    "schema",
    "access",
    "customer-login",
    "site-origin",
    "function-runs",
    "function-unattended",
    "contact-filter",
    "visitor-connects",
    "realtime-guest",
    "realtime-therapist",
    "realtime-held",
    "chat-delivery",
    "notification-delivery",
    "booking-to-chat",
    "booking-of-january",
    "booking-declined",
)


class Half(StrEnum):
    """
    The two halves of the corpus.
    """

    WRITTEN = "written"
    HELD_OUT = "held-out"


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """
    Two faults, the one of the lower layer first.
    """

    lower: Expected
    upper: Expected

    @property
    def half(self) -> Half:
        """
        The half that it belongs to, for ever.
        """
        digest = hashlib.sha256(str(self).encode()).digest()
        return Half.WRITTEN if digest[0] % 2 else Half.HELD_OUT

    def __str__(self) -> str:
        return f"{self.lower.name} + {self.upper.name}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """
    What was named of a pair while both faults were on, and once the lower one was repaired.
    """

    pair: Pair
    both: tuple[Cause, ...]
    after: tuple[Cause, ...]
    pages: int
    remarks: tuple[str, ...] = ()

    @property
    def flaws(self) -> tuple[str, ...]:
        """
        What is not as it must be.
        """
        lower, upper = self.pair.lower.cause, self.pair.upper.cause
        left = {_LEFT_BEHIND[name] for name in (self.pair.lower.name,) if name in _LEFT_BEHIND}
        flaws = []
        if self.both[:1] != (lower,):
            flaws.append(f"lower: {lower} expected, {_names(self.both)} named")
        if extra := set(self.both) - {lower, upper}:
            flaws.append(f"beside them: {_names(sorted(extra))}")
        # What is left behind may hide the upper one in its turn.
        lowest = min({upper, *left}, key=_LAYERS.index)
        if upper is not lower and (self.after[:1] != (lowest,) or not set(self.after) <= {upper, *left}):
            flaws.append(f"upper: {lowest} expected, {_names(self.after)} named")
        if self.pages > self.pair.lower.pages + self.pair.upper.pages + len(left):
            flaws.append(f"{self.pages} pages")
        return tuple(flaws)


def pairs(half: Half | None = None) -> tuple[Pair, ...]:
    """
    Return all pairs that can coexist, of one *half* or of both.
    """
    able = [each for each in ALONE if not each.is_of_a_page and each.name not in _NOT_IN_PAIRS]
    # What shows itself once, and only while nobody else breaks the socket, is no upper fault to be named later.
    able = [each for each in able if each.name != "realtime_worker_killed"]
    ordered = sorted(able, key=lambda each: (_LAYERS.index(each.cause), each.name))
    found = [
        Pair(lower=lower, upper=upper)
        for lower, upper in combinations(ordered, 2)
        if {lower.name, upper.name} not in _SAME_THING and not {lower.name, upper.name} <= _IN_ITS_PLACE
    ]
    return tuple(each for each in found if half in {None, each.half})


async def find(pair: Pair) -> Found:
    """
    Return what is named of *pair*.
    """
    async with looking(only=ONLY) as looker:
        # Nobody can do anything once the API is gone.
        for each in sorted((pair.lower, pair.upper), key=lambda each: each.name not in DEEDS):
            switch_on(looker.sandbox, (each.phrase,))
            if deed := DEEDS.get(each.name):
                await deed(looker.sandbox)
        both = await looker.look(rounds=1)
        looker.sandbox.faults.switch_off(pair.lower.name)
        after = await _after(looker, pair)
        return Found(
            pair=pair,
            both=_named(both, pair),
            after=_named(after, pair),
            pages=both.pages + after.pages,
            remarks=tuple(each.summary for look in (both, after) for each in look.rounds[-1]),
        )


async def _after(looker: Looker, pair: Pair) -> Look:
    """
    Look until what the lower fault left has passed: some go on for a second or two.
    """
    # What was under way when it was repaired has seen both.
    await asyncio.sleep(_RECOVERED_SECONDS)
    look = await looker.look(rounds=1)
    if Cause(pair.lower.cause) in look.causes and pair.lower.cause is not pair.upper.cause:
        again = await looker.look(rounds=1)
        again.pages += look.pages
        return again
    return look


def _named(look: Look, pair: Pair) -> tuple[Cause, ...]:
    """
    Return the causes that were named last; of one that is only likely, that of its rivals which is the case, if any.
    """
    real = {pair.lower.cause, pair.upper.cause}
    named = (
        next((rival for rival in each.rivals if rival in real), each.cause) if each.cause not in real else each.cause
        for each in look.rounds[-1]
    )
    return tuple(dict.fromkeys(named))


def _names(causes: tuple[Cause, ...] | list[Cause]) -> str:
    return ", ".join(causes) or "nothing"
