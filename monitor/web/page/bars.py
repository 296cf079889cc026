"""
The last runs of a check as bars: one picture, one path for each status, so that hundreds of checks stay light.

What a bar means is told by its shape as well: the height of a right one is the time that it took, a failed one fills
its place, an errored one is hollow, a degraded one has a cap, and a missed one is a dot.
"""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from functools import lru_cache

from monitor.core.outcome import Status
from monitor.web.model import Bar
from monitor.web.page.markup import Html, join, tag
from monitor.web.page.wording import stretch

# As many as a phone shows apart from one another.
MOST_BARS = 60
# Units of the picture, which is stretched to the room there is.
_PITCH, _WIDTH, _HEIGHT = 8, 6, 32
_LOWEST, _HIGHEST = 6, 22
_RIGHT = (Status.PASSED, Status.DEGRADED)
_LEGEND_HEIGHT = 18


def bars_picture(bars: Sequence[Bar], now: datetime) -> Html:
    """
    Return the picture of the last of *bars*, the newest at the right end, and its summary for who cannot see it.
    """
    shown = bars[-MOST_BARS:]
    slowest = max([bar.duration_seconds for bar in shown if bar.status in _RIGHT], default=0.0) or 1.0
    first = MOST_BARS - len(shown)
    paths: dict[Status, list[str]] = {}
    for place, bar in enumerate(shown, first):
        share = min(1.0, max(0.0, bar.duration_seconds / slowest))
        height = int(_LOWEST + (_HIGHEST - _LOWEST) * share)
        paths.setdefault(bar.status, []).append(_bar(bar.status, place * _PITCH + 1, height))
    return _picture(paths, MOST_BARS * _PITCH, class_="bars", label=bars_summary(shown, now))


def bars_summary(bars: Sequence[Bar], now: datetime) -> str:
    """
    Return *bars* in words: ``57 of 60 passed, 2 degraded, last failure 12 min ago``.
    """
    if not bars:
        return "no run yet"
    counts = Counter(bar.status for bar in bars)
    others = [f"{counts[status]} {status}" for status in Status if status is not Status.PASSED and counts[status]]
    failed = [bar.started_at for bar in bars if bar.status is Status.FAILED]
    last = [f"last failure {stretch((now - failed[-1]).total_seconds())} ago"] if failed else []
    return ", ".join([tally(bars), *others, *last])


def tally(bars: Sequence[Bar]) -> str:
    """
    Return ``57 of 60 passed``.
    """
    shown = bars[-MOST_BARS:]
    return f"{sum(bar.status is Status.PASSED for bar in shown)} of {len(shown)} passed" if shown else "no run yet"


def legend() -> Html:
    """
    Return what the bars mean.
    """
    words = {
        Status.PASSED: "passed: the higher, the longer it took",
        Status.DEGRADED: "degraded: right, but slow",
        Status.FAILED: "failed: the target is at fault",
        Status.ERRORED: "errored: the monitor is at fault",
        Status.MISSED: "missed: could not start in time",
    }
    items = [
        tag("li", _picture({status: [_bar(status, 1, _LEGEND_HEIGHT)]}, _PITCH, class_="bar"), words[status])
        for status in Status
    ]
    return tag("ul", *items, class_="legend")


# Hundreds of checks have thousands of bars, and of those that differ there are few.
@lru_cache(maxsize=8_192)
def _bar(status: Status, x: int, height: int) -> str:
    """
    Return one bar as a piece of a path; *height* is that of one that is right.
    """
    if status is Status.FAILED:
        return f"M{x - 1} 0h{_PITCH - 0.5}v{_HEIGHT}h-{_PITCH - 0.5}z"
    if status is Status.ERRORED:
        return f"M{x} 0h{_WIDTH}v{_HEIGHT}h-{_WIDTH}zm1.5 3v{_HEIGHT - 6}h{_WIDTH - 3}v-{_HEIGHT - 6}z"
    if status is Status.MISSED:
        return f"M{x + 1} {_HEIGHT // 2 - 2}h4v4h-4z"
    cap = f"M{x} {_HEIGHT - height - 7}h{_WIDTH}v4h-{_WIDTH}z" if status is Status.DEGRADED else ""
    return f"M{x} {_HEIGHT}v-{height}h{_WIDTH}v{height}z{cap}"


def _picture(paths: dict[Status, list[str]], width: int, *, class_: str, label: str = "") -> Html:
    drawn = join(tag("path", class_=status.value, d="".join(pieces)) for status, pieces in paths.items())
    return tag(
        "svg",
        drawn,
        class_=class_,
        viewBox=f"0 0 {width} {_HEIGHT}",
        preserveAspectRatio="none",
        role="img" if label else None,
        aria_label=label or None,
        aria_hidden=None if label else "true",
    )
