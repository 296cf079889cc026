"""
The rule that all checks together ask no more of the target than Appwrite allows, and no run more than ever can be.
"""

import math
from dataclasses import dataclass

from monitor.config.draft import Draft
from monitor.config.problem import MAX_MESSAGE_CHARACTERS
from monitor.config.settings import Settings
from monitor.config.wording import shortened
from monitor.core.check import Check, Watch
from monitor.core.cost import LIMITS, Bucket
from monitor.core.demand import demand_of

_WATCHED_SECONDS = 60.0
_PERIODS = {60.0: ("a minute", "min"), 3600.0: ("an hour", "h")}
# A name in the arithmetic, so that one alone does not fill the message.
_MOST_CHARACTERS = 32


@dataclass(frozen=True, slots=True, kw_only=True)
class _Share:
    """
    What one check sends: *count* a run, and so many runs within the window of the limit.
    """

    check: str
    count: int
    runs: float
    is_watch: bool

    @property
    def sum(self) -> float:
        return self.count * self.runs


def judge_budget(draft: Draft, settings: Settings) -> None:
    """
    Refuse the checks of *settings* when what they send together, or one run alone, exceeds what the monitor allows.
    """
    shares: dict[Bucket, list[_Share]] = {}
    has_key = settings.target.api_key is not None
    for name, check in settings.checks.items():
        for bucket, count in demand_of(check, settings.identities, has_key=has_key).items():
            shares.setdefault(bucket, []).append(_share(name, check, bucket, count))
    for bucket, each in shares.items():
        _judge(draft, bucket, sorted(each, key=lambda share: -share.sum))


def _share(name: str, check: Check, bucket: Bucket, count: int) -> _Share:
    is_watch = isinstance(check, Watch)
    seconds = _WATCHED_SECONDS if is_watch else check.every_seconds
    return _Share(check=name, count=count, runs=LIMITS[bucket.what].seconds / seconds, is_watch=is_watch)


def _judge(draft: Draft, bucket: Bucket, shares: list[_Share]) -> None:
    limit = LIMITS[bucket.what]
    period, short_period = _PERIODS[limit.seconds]
    allowed = f"expected at most {limit.planned} (Appwrite refuses more than {limit.theirs}"
    for share in shares:
        if share.count > limit.planned:
            message = f"one run sends {share.count} {bucket}, {allowed} {period}): have it send less"
            draft.refuse(("checks", share.check), message, of_key=True)
    total = sum(share.sum for share in shares)
    # A sum of fractions such as 100 x 60/600 may come out a little above itself.
    if total > limit.planned + 1e-6:
        who = f"{len(shares)} checks send" if len(shares) > 1 else "it sends"
        head = f"{who} {_rounded_up(total)} {bucket} {period}, {allowed}): "
        message = _with_terms(head, [_term(share, short_period) for share in shares], ": raise every, or send less")
        draft.refuse(("checks", shares[0].check), message, of_key=True)


def _term(share: _Share, period: str) -> str:
    name = shortened(share.check, _MOST_CHARACTERS)
    if share.is_watch:
        return f"{name} {share.sum:g}/{period}"
    return f"{name} {share.count} x {share.runs:.3g}/{period} = {share.sum:.3g}"


def _with_terms(head: str, terms: list[str], tail: str) -> str:
    """
    Return the message with as many *terms* as it has room for.
    """
    for shown in range(len(terms), 0, -1):
        more = f" and {len(terms) - shown} more" if shown < len(terms) else ""
        message = f"{head}{', '.join(terms[:shown])}{more}{tail}"
        if len(message) <= MAX_MESSAGE_CHARACTERS:
            return message
    return f"{head}{terms[0]}{tail}"


def _rounded_up(number: float) -> str:
    # What is a little too much must not be shown as just right.
    return f"{math.ceil(number * 10 - 1e-5) / 10:.10g}"
