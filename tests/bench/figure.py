"""
What was measured, and the aims.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median
from typing import Any


class MeasurementError(Exception):
    """
    Something could not be measured; the message says what and why.
    """


@dataclass(frozen=True, slots=True, kw_only=True)
class Ratio:
    """
    Quotients of paired rounds; *aim* is the largest that is welcome.
    """

    peer: str
    samples: tuple[float, ...]
    aim: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """
    One line of the report: the samples of one quantity, perhaps as a ratio to a peer too.

    *aim* is the largest median that is welcome.
    """

    what: str
    unit: str
    samples: tuple[float, ...]
    ratio: Ratio | None = None
    aim: float | None = None

    @property
    def is_met(self) -> bool | None:
        """
        Whether the median keeps to the aim; None without an aim.
        """
        if self.ratio is not None and self.ratio.aim is not None:
            return median(self.ratio.samples) <= self.ratio.aim
        return None if self.aim is None else median(self.samples) <= self.aim

    def as_json(self) -> dict[str, Any]:
        """
        Return plain JSON values.
        """
        ratio = self.ratio and {"peer": self.ratio.peer, **_spread(self.ratio.samples), "aim": self.ratio.aim}
        return {
            "what": self.what,
            "unit": self.unit,
            **_spread(self.samples),
            "ratio": ratio,
            "aim": self.aim,
            "met": self.is_met,
        }


def paired(ours: Sequence[float], peers: Sequence[float]) -> tuple[float, ...]:
    """
    Return the quotient of each round.
    """
    return tuple(our / peer for our, peer in zip(ours, peers, strict=True))


def _spread(samples: Sequence[float]) -> dict[str, Any]:
    return {"median": median(samples), "samples": list(samples)}
