"""
What was matched, topic by topic, once the accepted deviations are taken out.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path

import yaml

from tests.conformance.compare import Difference

ASPECTS = ("status", "type", "text", "shape", "value", "header", "frame", "close")
# Of the exchanges of a topic, in percent; whatever is not named here is aimed at like the shapes.
AIMS = {"status": 100.0, "type": 100.0, "frame": 100.0, "close": 100.0}
OTHER_AIM = 98.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Deviation:
    """
    One accepted deviation; *exchange* (``TOPIC: ID``) and *place* are patterns.
    """

    exchange: str
    aspect: str
    place: str
    reason: str

    def covers(self, topic: str, id_: str, difference: Difference) -> bool:
        """
        Return whether it accepts *difference*.
        """
        return (
            fnmatchcase(f"{topic}: {id_}", self.exchange)
            and fnmatchcase(difference.aspect, self.aspect)
            and fnmatchcase(difference.place, self.place)
        )


def load_deviations() -> list[Deviation]:
    """
    Return all entries of ``deviations.yaml``.
    """
    entries = yaml.safe_load((Path(__file__).parent / "deviations.yaml").read_text())
    return [Deviation(**entry) for entry in entries]


class Report:
    """
    The differences of all topics: ``{topic: {exchange id: differences}}``.
    """

    def __init__(
        self, found: Mapping[str, Mapping[str, Sequence[Difference]]], deviations: Iterable[Deviation]
    ) -> None:
        self._found = found
        self._deviations = list(deviations)

    def unused(self) -> list[Deviation]:
        """
        Return the deviations that cover nothing any more.
        """
        return [
            each
            for each in self._deviations
            if not any(each.covers(topic, id_, difference) for topic, id_, difference in self._all())
        ]

    def open(self, topic: str) -> list[tuple[str, Difference]]:
        """
        Return what differs and is not accepted.
        """
        return [
            (id_, difference)
            for of, id_, difference in self._all()
            if of == topic and not any(each.covers(of, id_, difference) for each in self._deviations)
        ]

    def matched(self, topic: str, aspect: str) -> tuple[int, int]:
        """
        Return how many exchanges of a topic match in *aspect*, and how many there are; deviations count as differing.
        """
        exchanges = self._found[topic]
        return sum(all(each.aspect != aspect for each in found) for found in exchanges.values()), len(exchanges)

    def misses(self) -> list[str]:
        """
        Return a sentence for each topic and aspect below its aim, deviations apart.
        """
        sentences = []
        for topic, exchanges in self._found.items():
            for aspect in ASPECTS:
                wrong = len({id_ for id_, difference in self.open(topic) if difference.aspect == aspect})
                percent, aim = 100 * (1 - wrong / max(1, len(exchanges))), AIMS.get(aspect, OTHER_AIM)
                if percent < aim or not exchanges:
                    sentences.append(f"{topic}: {aspect} of {percent:.2f} % of the exchanges, aimed at {aim:g} %")
        return sentences

    def table(self) -> str:
        """
        Return a line for each topic: matched/total of every aspect.
        """
        lines = [f"{'topic':<18}" + "".join(f"{aspect:>11}" for aspect in ASPECTS)]
        for topic in self._found:
            cells = ("{}/{}".format(*self.matched(topic, aspect)) for aspect in ASPECTS)
            lines.append(f"{topic:<18}" + "".join(f"{cell:>11}" for cell in cells))
        return "\n".join(lines)

    def _all(self) -> list[tuple[str, str, Difference]]:
        return [
            (topic, id_, difference)
            for topic, exchanges in self._found.items()
            for id_, differences in exchanges.items()
            for difference in differences
        ]
