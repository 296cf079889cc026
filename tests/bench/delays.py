"""
Figures of how long something took until it was noticed, one sample a trial.
"""

from collections.abc import Sequence
from statistics import median, quantiles

from tests.bench.figure import Figure, Ratio


def delay_figures(
    what: str, seconds: Sequence[float], *, aim: float | None = None, peer: str = "", peer_seconds: Sequence[float] = ()
) -> list[Figure]:
    """
    Return median and p95 in seconds, both beside those of a *peer* when it has any; *aim* is of the median.
    """
    ratios = [
        Ratio(peer=peer, samples=(of(seconds) / of(peer_seconds),)) if peer_seconds else None for of in (median, p95)
    ]
    return [
        Figure(what=f"{what}: median", unit="s", samples=tuple(seconds), ratio=ratios[0], aim=aim),
        Figure(what=f"{what}: p95", unit="s", samples=(p95(seconds),), ratio=ratios[1]),
    ]


def bounded_figures(what: str, seconds: Sequence[float], *, aim_seconds: float) -> list[Figure]:
    """
    Return median, p95 and the longest in milliseconds, where every single one has to keep to the aim.
    """
    milliseconds = tuple(each * 1000 for each in seconds)
    longest, aim = max(milliseconds), aim_seconds * 1000
    return [
        Figure(what=f"{what}: median", unit="ms", samples=milliseconds),
        Figure(what=f"{what}: p95", unit="ms", samples=(p95(milliseconds),)),
        Figure(what=f"{what}: the longest", unit="ms", samples=(longest,), aim=aim),
    ]


def p95(samples: Sequence[float]) -> float:
    """
    Return what all but a twentieth keep to.
    """
    return quantiles(samples, n=20, method="inclusive")[-1]
